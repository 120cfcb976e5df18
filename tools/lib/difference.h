#ifndef TOOLS_LIB_DIFFERENCE_H
#define TOOLS_LIB_DIFFERENCE_H

/* A difference between two sides (compiler/logic/diff.h), for people and for programs. */

#include "side.h"

/*
 * Each syscall and number that differs, by ABI, as the first side has it and as the second does, with the
 * arguments it differs for and one such call; both sides are asked about that. False: a side answers
 * it otherwise, a mistake of winnow's. Asks nothing else of the sides: policy or program will do.
 */
bool difference_print(struct buf *, struct bdd *, const struct side side[2], uint32_t difference);

/*
 * The same as a list of JSON: [{"abi", "calls", "where", "verdicts", "call"}, ...]. *complete: none was left
 * out for want of room.
 */
bool difference_json(
	struct buf *, struct bdd *, const struct side side[2], uint32_t difference, bool *complete);

#endif
