#ifndef BACKENDS_PROVE_FLOW_H
#define BACKENDS_PROVE_FLOW_H

/*
 * A proof for one number that needs no diagram: what is known at an instruction is what every way to
 * it has found out. Where a program tests the clauses one after the other, as many masks on several
 * arguments make it do, this takes a step an instruction and condition; the diagram of the same
 * function can be exponential.
 *
 * It is sound and not complete: true is a proof, false says nothing.
 */

#include "../../compiler/meaning/policy.h"
#include "../bpf/bpf.h"

#define FLOW_STEPS (UINT64_C(1) << 26) /* conditions looked at, for all ranges of a proof: 0.2 s */

/*
 * The program returns what the range's clauses say for every call of this audit arch and number, which
 * lies in the range. Takes from *steps what it needs; false when they are spent. The program must
 * have passed check_program().
 */
bool flow_shows(struct arena *, const struct program *, enum byte_order, uint32_t audit, uint32_t nr,
	const struct range *, uint64_t *steps);

#endif
