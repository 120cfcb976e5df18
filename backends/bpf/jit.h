#ifndef BACKENDS_BPF_JIT_H
#define BACKENDS_BPF_JIT_H

/*
 * What the kernel's JIT for x86_64 makes of a program, by a model of it: an estimate. Other JITs
 * make more or less of the same program, in much the same proportions.
 */

#include "../../compiler/base/arena.h"
#include "bpf.h"

#include <stdbool.h>

/* Machine instructions executed for one of the program's; taken: a conditional jump is. */
unsigned jit_ops(const struct insn *, bool taken);

/* Bytes of machine code for the whole program, prologue and epilogue included. */
size_t jit_bytes(struct arena *, const struct program *);

#endif
