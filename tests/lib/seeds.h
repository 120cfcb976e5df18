#ifndef TESTS_LIB_SEEDS_H
#define TESTS_LIB_SEEDS_H

/* What programs have in common that try one seed after the other. */

#include "compiler/kernel/call.h"
#include "random.h"

struct seeds {
	uint64_t count, first;
};

/* -n COUNT and -s SEED, neither 0, where they are given. False: something else was, which is told. */
bool seeds_read(int argc, char **argv, struct seeds *);

/* The ABI of a node; in so many of 100 cases x86_64 without further ado. */
const struct abi *seeds_node(struct random *, unsigned often);

/* To standard output: ": audit arch 0xc000003e, number 41, arguments 0x2 ...". */
void seeds_call(const struct call *);

#endif
