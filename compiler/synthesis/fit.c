/* The rules go the way of a profile's, to a policy, and what it says of a number is compared with what is
 * wanted as functions. */

#include "fit.h"

#include "../logic/diff.h"
#include "../logic/meaning.h"
#include "../meaning/rules.h"

struct ruleset fit_ruleset(const struct reader *r, const struct rule *rule, size_t rules)
{
	struct ruleset set = r->node;

	set.rule = rule;
	set.rules = rules;
	return set;
}

static const struct policy *read_rules(struct reader *r, const struct rule *rule, size_t rules)
{
	const struct ruleset set = fit_ruleset(r, rule, rules), *one = &set;
	struct diags quiet;

	diags_init(&quiet, r->bdd->arena, NULL);
	return rules_policy(r->bdd->arena, &one, 1, &quiet);
}

static const struct range *find_range(const struct policy *p, const struct wanted *w)
{
	for (size_t d = 0; d < p->domains; d++) {
		if (p->domain[d].audit == w->abi->audit)
			return domain_find(&p->domain[d], w->nr);
	}
	unreachable(); /* the ABI is the node's */
}

/* What is left of a function of arguments for one code. */
static uint32_t given_code(const struct bdd *b, uint32_t function, uint32_t code)
{
	return meaning_given(b, meaning_given(b, function, WORD_HI(0), 0), WORD_LO(0), code);
}

static enum fit fit_one(struct reader *r, const struct policy *p, const struct wanted *w)
{
	struct bdd *b = r->bdd;
	uint32_t found = meaning_range(b, find_range(p, w)), wanted = w->function;

	if (w->coded) {
		found = given_code(b, found, w->code);
		wanted = given_code(b, wanted, w->code);
		if (found == bdd_leaf(b, r->node.default_ret))
			return FIT_EXACT;
	}
	if (found == wanted)
		return FIT_EXACT;
	return diff_laxer(b, found, wanted) == bdd_leaf(b, DIFF_SAME) ? FIT_STRICTER : FIT_NOT;
}

enum fit fit_rules(struct reader *r, const struct rule *rule, size_t rules, const struct wanted *wanted,
	size_t count, size_t *exact)
{
	const struct policy *p = read_rules(r, rule, rules);
	enum fit worst = FIT_EXACT;
	size_t hits = 0;

	if (exact)
		*exact = 0;
	if (!p)
		return FIT_NOT;
	for (size_t i = 0; i < count; i++) {
		enum fit fit = fit_one(r, p, &wanted[i]);
		worst = fit < worst ? fit : worst;
		hits += fit == FIT_EXACT;
	}
	if (exact)
		*exact = hits;
	return r->bdd->full ? FIT_NOT : worst;
}
