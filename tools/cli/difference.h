#ifndef TOOLS_CLI_DIFFERENCE_H
#define TOOLS_CLI_DIFFERENCE_H

/* A difference between two sides (compiler/logic/diff.h), for people. */

#include "side.h"

/*
 * Each syscall and number that differs, by ABI, as the first side has it and as the second does, with the
 * arguments it differs for and one such call; both sides are asked about that. False: a side answers
 * it otherwise, a mistake of winnow's. Asks nothing else of the sides: policy or program will do.
 */
bool difference_print(struct buf *, struct bdd *, const struct side side[2], uint32_t difference);

#endif
