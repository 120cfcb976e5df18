#ifndef COMPILER_SYNTHESIS_FIT_H
#define COMPILER_SYNTHESIS_FIT_H

/* Rules read back: do they mean what is wanted of some numbers? */

#include "../logic/bdd.h"
#include "../meaning/select_rules.h"

/* The node the rules are for. `rules` and what depends on them are not looked at. */
struct reader {
	struct bdd *bdd;
	struct ruleset node;
};

/* What a number has to answer, a function of arguments. */
struct wanted {
	const struct abi *abi;
	uint32_t nr;
	uint32_t function;
	/* of a multiplexer's number: only calls with this code count, and rules may leave them at the default */
	bool coded;
	uint32_t code;
};

enum fit {
	FIT_NOT,      /* laxer for some call, or refused by libseccomp */
	FIT_STRICTER, /* answers each call as strictly as is wanted, some more so or otherwise */
	FIT_EXACT,
};

/* *exact (unless NULL): how many of the numbers answer exactly that. */
enum fit fit_rules(struct reader *, const struct rule *, size_t rules, const struct wanted *, size_t count,
	size_t *exact);

/* The rules as a ruleset of the node. */
struct ruleset fit_ruleset(const struct reader *, const struct rule *, size_t rules);

#endif
