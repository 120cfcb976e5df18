#ifndef COMPILER_SYNTHESIS_CANDIDATES_H
#define COMPILER_SYNTHESIS_CANDIDATES_H

/* Rules of one syscall that may answer what is wanted, and the best of them. */

#include "boxes.h"
#include "fit.h"

struct candidate {
	const struct rule *rule;
	size_t rules;
	enum fit fit;
	size_t exact;  /* numbers that answer exactly what is wanted */
	bool in_class; /* of classes.h */
	size_t size;   /* conditions, and a rule counts as one more */
};

/* What rules are looked for: the numbers of one syscall, or of one and others that decide with it. */
struct goal {
	uint16_t syscall;
	const struct wanted *wanted;
	size_t count;
	const struct rule *given; /* rules of others that are there in any case */
	size_t givens;
	bool leads; /* the syscall's rules come before those that are given */
	struct candidate best; /* .rule NULL, .rules 0 and .fit FIT_NOT before any was tried */
	bool tried;
};

/* Is it better than the goal's best? Then it is that. Rules are those of the syscall alone. */
void candidate_try(struct reader *, struct goal *, const struct rule *, size_t rules);

/* Is the best exact, and of a class that libseccomp compiles right? */
bool candidate_is_good(const struct goal *);

/* A rule without conditions, or none where it would be the default action. */
void candidate_constant(struct reader *, struct goal *, uint32_t ret);

/* Rules made of a function of arguments that have 32 or 64 bits. */
void candidate_function(struct reader *, struct goal *, uint32_t function, unsigned bits);

/* Rules for each code of a multiplexer, whose number answers the function. */
void candidate_codes(struct reader *, struct goal *, uint32_t function, unsigned bits);

/* The hint's rules of the syscall, and the same without those that are not needed. */
void candidate_hint(struct reader *, struct goal *, const struct ruleset *hint);

/* The best without what is not needed of it, as candidate_hint() would find with that for a hint. */
void candidate_reduce(struct reader *, struct goal *);

/* The hint's rules alone. Are they exact? */
bool candidate_as_it_is(struct reader *, struct goal *, const struct ruleset *hint);

/* The function's only value; false: it has several. */
bool candidate_is_constant(const struct bdd *, uint32_t function, uint32_t *ret);

/* The strictest value it has. */
uint32_t candidate_strictest(struct bdd *, uint32_t function);

#endif
