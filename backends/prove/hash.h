#ifndef BACKENDS_PROVE_HASH_H
#define BACKENDS_PROVE_HASH_H

/*
 * One number for what a filter does: equal for two filters exactly if the kernel treats every call
 * that can exist (settle.h) the same under both, however they are written (doc/blob.md has the serialisation).
 */

#include "../../arch/arch.h"
#include "../../compiler/logic/bdd.h"
#include "../bpf/bpf.h"
#include "../bpf/sha256.h"

/* Of a function of returned values. False: the store is full, or a value is UNDECIDED (bpf.h). */
bool hash_function(struct bdd *, uint32_t function, uint8_t digest[static SHA256_SIZE]);

/*
 * The same of a program that has passed check_program(). Some programs, which test many bits of several
 * arguments, have a proof (flow.h) and no diagram of any use: false within HASH_STEPS and HASH_NODES.
 */
#define HASH_NODES (1u << 17) /* 7 MiB */
#define HASH_STEPS (1u << 22) /* 50 ms */
bool hash_program(struct arena *, const struct program *, enum byte_order,
	uint8_t digest[static SHA256_SIZE]);

#endif
