#ifndef TOOLS_LIB_DIFFERENCE_H
#define TOOLS_LIB_DIFFERENCE_H

/* A difference between two sides (compiler/logic/diff.h), for people and for programs. */

#include "comparand.h"

#include "../../backends/bpf/sha256.h"

/*
 * Each syscall and number that differs, by ABI, as the first side has it and as the second does, with the
 * arguments it differs for and one such call; both sides are asked about that. False: a side answers
 * it otherwise, a mistake of winnow's. Asks nothing else of the sides: policy or program will do.
 */
bool difference_print(struct buf *, struct bdd *, const struct comparand side[2], uint32_t difference);

/* A line of it. */
struct difference_row {
	const struct abi *abi;   /* NULL: `calls` says where */
	const char *calls;       /* "socket", "500..1023" */
	const char *where;       /* "when a0 == 38"; NULL: for every such call */
	bool inexact, hashed;    /* `where` does not say which; there is a digest of which */
	uint8_t region[SHA256_SIZE];
	uint32_t verdict[2];     /* SECCOMP_RET_* of either side */
	struct call call;        /* one of them */
};

struct difference {
	struct difference_row *row;
	size_t rows, room;
	bool complete; /* none was left out for want of room */
};

/* The same as a list, in the arena. */
bool difference_list(
	struct arena *, struct bdd *, const struct comparand side[2], uint32_t difference, struct difference *);

/*
 * The same as a list of JSON: [{"abi", "calls", "where", "verdicts", "call"}, ...]. *complete: none was left
 * out for want of room.
 */
bool difference_json(
	struct buf *, struct bdd *, const struct comparand side[2], uint32_t difference, bool *complete);

#endif
