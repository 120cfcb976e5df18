#ifndef COMPILER_SYNTHESIS_RESTATE_H
#define COMPILER_SYNTHESIS_RESTATE_H

/*
 * The rules of a profile that means a given function of the call. JSON's rules hold for all ABIs of a node
 * alike and know names only, so that not every function can be had.
 */

#include "../logic/bdd.h"
#include "../meaning/select_rules.h"

/* What is done about a syscall for which no rules were found. */
enum restate_else {
	RESTATE_LEAVE,    /* the rules that come nearest, laxer or stricter: somebody will refuse them */
	RESTATE_STRICTER, /* rules that answer no call more laxly */
	RESTATE_HINT,     /* those of the only hint; where they do they are taken before others, too */
};

struct restate {
	/* ABIs, default action and what else is true of the result, but its rules */
	struct ruleset node;
	uint32_t meaning; /* of the call, returned values */
	const struct ruleset *const *hint; /* rules that are worth a try */
	size_t hints;
	enum restate_else otherwise;
};

/*
 * Rules for each syscall that are read as the meaning on all ABIs of the node, the fewest that were found,
 * those of classes that libseccomp compiles right (classes.h) before others. lost[syscall] (room for
 * arch_syscall_count()): none were found.
 */
const struct ruleset *restate(struct bdd *, const struct restate *, bool *lost);

#endif
