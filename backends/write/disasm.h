#ifndef BACKENDS_WRITE_DISASM_H
#define BACKENDS_WRITE_DISASM_H

/*
 * A program for people: a line an instruction, annotated with what is known at that point (the
 * audit arch on the way there decides which table names a number), with jump targets by line.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/buf.h"
#include "../bpf/bpf.h"

/* `abi` names numbers where the program itself does not say which arch it is on; may be NULL. */
void disasm_print(struct buf *, const struct program *, enum byte_order, const struct abi *abi);

#endif
