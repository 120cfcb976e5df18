#ifndef TESTS_LIB_MUTANTS_H
#define TESTS_LIB_MUTANTS_H

/* Programs that differ from one program in one instruction. */

#include "backends/bpf/bpf.h"
#include "compiler/base/arena.h"

#include <stdbool.h>

enum mutation_kind {
	MUTATION_OPCODE,   /* every other one seccomp takes */
	MUTATION_JUMPS,    /* jt and jf: exchanged, one more, one less, the same */
	MUTATION_CONSTANT, /* each bit of k, one more, one less */
	MUTATION_RETURN,   /* every action */
	MUTATION_OFFSET,   /* every word of the call */
	MUTATION_GONE,     /* jumps go where they went; to the instruction: to the next one */
	MUTATION_TWICE,    /* the same, to the first of the two */
	MUTATIONS
};
extern const char *const mutation_names[MUTATIONS];

struct mutation {
	enum mutation_kind kind;
	size_t pc;
	struct insn was, is; /* is: all 0 where it is gone */
};

/*
 * Opcodes that make functions of a call which may need more room than the prover has: that costs
 * seconds, so that they are put to some instructions only.
 */
bool mutants_costly(unsigned code);

/*
 * Visits each `every`-th mutant, in order of pc, until `visit` says false. A mutant that needs a jump
 * farther than 255 is none. The visited program is valid until `visit` returns.
 */
bool mutants_visit(struct arena *, const struct program *, size_t every,
	bool (*visit)(void *data, const struct program *, const struct mutation *), void *data);

#endif
