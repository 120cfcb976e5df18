#ifndef BACKENDS_BPF_STATS_H
#define BACKENDS_BPF_STATS_H

/*
 * The figures of a program, all counted and none timed: the same on every machine. Paths are those
 * of an ABI's named syscalls with all arguments 0.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/arena.h"
#include "bpf.h"

#include <stdbool.h>

enum stats_class {
	STATS_CACHED,  /* allowed, and nothing but number and audit arch is asked */
	STATS_CHECKED, /* more is asked: the arguments, as a rule */
	STATS_REFUSED, /* not allowed, whatever else the call holds */
	STATS_CLASSES
};

/* Paths of some syscalls, in instructions executed, the RET included. */
struct stats_paths {
	size_t syscalls;
	size_t min, max;
	double mean;     /* every syscall once */
	double share;    /* of all the ABI's calls, by the weights */
	double weighted; /* mean, as often as they are called; 0 where the share is 0 */
	double ops; /* the same in x86 machine instructions, jit.h; by `mean` where the share is 0
		     */
};

struct stats_action {
	uint32_t ret;
	struct stats_paths paths;
};

struct stats_abi {
	const struct abi *abi;
	struct stats_paths all, allowed /* cached or checked */, uncached /* checked or refused */;
	struct stats_paths class[STATS_CLASSES];
	struct stats_action *action; /* by return value */
	size_t actions;
	size_t runs;    /* of numbers that the program treats alike */
	double entropy; /* bits: a call's run, by the weights; thresholds alone need as many tests
			 */
	double tests;   /* conditional jumps on the number, by the weights */
	double missed;  /* jumps that go the way they rarely go, by the weights */
	size_t walks;   /* numbers the kernel's cache looks up when the filter is loaded */
	size_t walked;  /* instructions it looks at for them */
};

struct stats {
	size_t insns, bytes, returns, loads, jumps;
	size_t longest; /* path.h */
	size_t jit_bytes;
	struct stats_abi *abi;
	size_t abis;
	size_t walks, walked; /* on a kernel that has all of these ABIs */
	uint64_t undecided;   /* not 0: a call's path is (bpf.h), and the figures mean nothing */
};

/* weight: calls of each syscall, by id, in any unit; all 0: every syscall once. */
void stats_count(struct stats *, struct arena *, const struct program *, enum byte_order,
	const struct abi *const *, size_t abis, const double *weight);

/* The ABIs of one byte order whose audit arch the program compares with; *abi has room for all. */
size_t stats_abis(const struct program *, enum byte_order, const struct abi **abi);

#endif
