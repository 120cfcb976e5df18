#ifndef COMPILER_LOGIC_DIFF_H
#define COMPILER_LOGIC_DIFF_H

/*
 * Where two functions of a call differ, as a function itself: its leaves are DIFF_SAME and pairs of
 * verdicts. And the ways to take such a function apart: by word, by name, down to one call.
 */

#include "../../arch/arch.h"
#include "../kernel/call.h"
#include "bdd.h"

#include <stddef.h>

#define DIFF_SAME UINT64_MAX /* the leaf where there is no difference */

static inline uint32_t diff_left(uint64_t leaf)
{
	return (uint32_t)(leaf >> 32);
}

static inline uint32_t diff_right(uint64_t leaf)
{
	return (uint32_t)(leaf & UINT32_MAX);
}

/*
 * Both are functions of returned values; the verdicts are compared. Where either is UNDECIDED there
 * is no difference to be shown: who says that there is none at all asks diff_undecided(), too.
 */
uint32_t diff_function(struct bdd *, uint32_t left, uint32_t right);
/* The same, but only where the left one is laxer, or as strict and not the same. */
uint32_t diff_laxer(struct bdd *, uint32_t left, uint32_t right);

/* The function where it is UNDECIDED, DIFF_SAME elsewhere. */
uint32_t diff_undecided(struct bdd *, uint32_t function);
/*
 * The same of a left or right one where it matters to diff_laxer(): no left one is laxer than ALLOW, none that is
 * KILL_PROCESS is laxer than anything.
 */
uint32_t diff_left_undecided(struct bdd *, uint32_t left, uint32_t right);
uint32_t diff_right_undecided(struct bdd *, uint32_t left, uint32_t right);

/* Values of a word for which the same is left of a function that depends on no word before it. */
struct span {
	uint32_t first, last;
	uint32_t rest;
};

/*
 * All spans in order but those where DIFF_SAME is left; neighbours are as large as they can be.
 * Visits until `visit` says false; returns whether it was never said.
 */
bool diff_spans(struct bdd *, uint32_t function, unsigned word,
	bool (*visit)(void *data, const struct span *), void *data);

/* A number with a name. */
struct named {
	uint32_t nr;
	const char *name;
	const struct abi *abi;
};

/* The named numbers of an audit arch, in order. */
size_t diff_names(struct arena *, uint32_t audit, struct named **);

/* The function with that one leaf, DIFF_SAME elsewhere; the function without it. */
uint32_t diff_only(struct bdd *, uint32_t function, uint64_t leaf);
uint32_t diff_without(struct bdd *, uint32_t function, uint64_t leaf);

/*
 * A call where there is a difference, which there must be; fills in what the function still depends
 * on. Values are as small as can be told from the first bit on.
 */
uint64_t diff_call(const struct bdd *, uint32_t function, struct call *);

/* The same of a whole difference: on a named number of one of the tables' ABIs if there is any. */
uint64_t diff_witness(struct bdd *, uint32_t function, struct call *);

#endif
