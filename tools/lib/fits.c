#include "fits.h"

#include "build.h"

/*
 * Where the number's answer changes stand a test or two of it, with a jump to where tests do not reach. A condition is two
 * words of 32 bits, each loaded, masked and compared at most twice. Layouts that are longer than that are not the
 * shortest, and there is room for as much again.
 */
#define INSNS_CHANGE 4u
#define INSNS_COND   10u
#define INSNS_MOST   (PROGRAM_MAX / 2)

/*
 * A diagram reads arguments bit by bit, and has as many nodes for a bit as there are ways in which conditions may stand
 * so far. Those of one argument under one mask: equal to one of the values or to none; below, equal to or above each of
 * the bounds.
 */
#define NODES_BITS (64u * CALL_ARGS)
#define NODES_MOST (BDD_NODES / 4)
#define WORDS_MAX  16u /* arguments under masks: with more of them each bit has more nodes than all may have */

struct asked_word {
	uint8_t arg;
	uint64_t mask;
	size_t ways;
};

/* False: too many to look at. */
static bool add_cond(struct asked_word word[WORDS_MAX], size_t *words, const struct cond *c)
{
	size_t i = 0;

	while (i < *words && (word[i].arg != c->arg || word[i].mask != c->mask))
		i++;
	if (i == WORDS_MAX)
		return false;
	if (i == *words)
		word[(*words)++] = (struct asked_word){c->arg, c->mask, 1};
	word[i].ways += c->op == COND_EQ || c->op == COND_NE ? 1 : 2;
	return true;
}

/* Nodes at most; SIZE_MAX: not known. */
static size_t nodes_of(const struct range *range)
{
	struct asked_word word[WORDS_MAX];
	size_t words = 0, nodes = NODES_BITS;

	for (size_t i = 0; i < range->clauses; i++) {
		for (size_t k = 0; k < range->clause[i].conds; k++) {
			if (!add_cond(word, &words, &range->clause[i].cond[k]))
				return SIZE_MAX;
		}
	}
	for (size_t i = 0; i < words && nodes <= NODES_MOST; i++)
		nodes *= word[i].ways;
	return nodes;
}

static size_t insns_of(const struct range *range)
{
	size_t insns = INSNS_CHANGE;

	for (size_t i = 0; i < range->clauses; i++)
		insns += 1 + INSNS_COND * range->clause[i].conds;
	return insns;
}

bool fits_plainly(const struct policy *policy)
{
	size_t insns = 0, nodes = 0;

	for (size_t d = 0; d < policy->domains; d++) {
		const struct range *before = NULL, *range = policy->domain[d].range;
		for (size_t i = 0; i < policy->domain[d].ranges; before = range++, i++) {
			bool plain = range->clauses == 1;
			if (plain && before && before->clauses == 1 && before->clause->ret == range->clause->ret)
				continue;
			insns += insns_of(range);
			nodes += plain ? 0 : nodes_of(range);
			if (insns > INSNS_MOST || nodes > NODES_MOST)
				return false;
		}
	}
	return true;
}

static void make(struct arena *arena, const struct policy *policy, struct diags *diags)
{
	struct mistake mistake;
	struct filter filter;

	if (build_policy(arena, policy, NULL, diags, &filter, &mistake) == BUILD_MISTAKEN)
		diag(diags, DIAG_FIT_UNDECIDED, NOWHERE, 1,
			"whether a filter for %s can be made was not decided: winnow makes a mistake there, which compile shows",
			policy->abi[0]->name);
}

void fits_tell(const struct policy *policy, size_t most, struct diags *diags)
{
	struct arena arena;

	if (fits_plainly(policy))
		return;
	arena_init(&arena, most);
	if (!setjmp(arena.out))
		make(&arena, policy, diags);
	else
		diag(diags, DIAG_FIT_UNDECIDED, NOWHERE, 1,
			"whether a filter for %s can be made was not decided: that takes more than %zu MiB",
			policy->abi[0]->name, most >> 20);
	arena_free(&arena);
}
