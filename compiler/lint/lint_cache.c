/* Errnos of a file kept by hand: when one changes, a runtime's cache may answer with the old filter. */

#include "../meaning/cache_key.h"
#include "lint.h"

static bool has_key(const struct profile *p)
{
	for (size_t i = 0; i < p->rules; i++) {
		if (cache_key_is(&p->rule[i]))
			return true;
	}
	return false;
}

void lint_cache(const struct lint *l)
{
	const struct rule *rule = ruleset_errno(l->set);

	if (!rule || !node_dialect(l->node)->caches || has_key(l->profile))
		return;
	const struct diag_doer keeps = {node_dialect(l->node)->says, "keeps", "keep"};
	diag_by(l->diags, DIAG_FILTER_CACHE, rule->at, rule->len, keeps,
		"made filters by a key without the errnos of rules: a change of this one alone does "
		"not arrive");
	diag_note(l->diags, NOWHERE, 1, "what winnow resolve and install write has a key of its own");
}
