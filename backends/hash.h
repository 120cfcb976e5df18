#ifndef BACKENDS_HASH_H
#define BACKENDS_HASH_H

/*
 * One number for what a filter does: equal for two filters exactly if the kernel treats every call
 * that can exist (settle.h) the same under both, however they are written (doc/blob.md has the serialisation).
 */

#include "bdd.h"
#include "sha256.h"

/* Of a function of returned values. False: the store is full, or a value is UNDECIDED (bpf.h). */
bool hash_function(struct bdd *, uint32_t function, uint8_t digest[static SHA256_SIZE]);

#endif
