/*
 * socketcall(2) and ipc(2) do what calls of their own do elsewhere, and a filter sees the number of
 * the work only: arguments lie in memory. So no condition on them holds there, and a multiplexer
 * that is allowed outright undoes what is refused by name.
 */

#include "syscall_outcome.h"

#include "../meaning/merge.h"

/* The clause that lets the multiplexer be called for that work; other arguments than the first are
 * anything. NULL: none. */
static const struct clause *find_way(const struct range *range, uint32_t code)
{
	for (size_t i = 0; i < range->clauses; i++) {
		const struct clause *clause = &range->clause[i];
		bool may = true, must = true;
		for (size_t k = 0; k < clause->conds; k++) {
			const struct cond *c = &clause->cond[k];
			struct cond is = {
				.arg = c->arg, .op = COND_EQ, .mask = UINT64_MAX, .value = code};
			if (c->arg)
				must = false;
			else
				may &= merge_meet(c, &is);
		}
		if (may && outcome_passes(clause->ret))
			return clause;
		if (may && must)
			return NULL;
	}
	return NULL;
}

/* By its own name, on the ABI or, where it has none there, on the node's. */
static struct syscall_outcome outcome_by_name(const struct lint *l, const struct abi *abi, uint16_t id)
{
	struct syscall_outcome t = outcome_of(l, abi, id);

	return t.how == OUTCOME_ABSENT ? outcome_of(l, l->policy->abi[0], id) : t;
}

/* Does some rule let it through, though runc's stub may stand before it? */
static bool is_listed(const struct lint *l, uint16_t id)
{
	for (size_t i = 0; i < l->set->rules; i++) {
		if (l->set->rule[i].syscall == id && outcome_passes(l->set->rule[i].ret))
			return true;
	}
	return false;
}

static bool is_refused(const struct lint *l, const struct syscall_outcome *own, uint16_t id)
{
	bool by_stub = own->how == OUTCOME_ENOSYS && own->at == NOWHERE;

	return own->how == OUTCOME_REFUSED || (own->how == OUTCOME_ENOSYS && !(by_stub && is_listed(l, id)));
}

static void report_conds(const struct lint *l, const struct abi *abi, uint16_t id,
	const struct syscall_outcome *own, const char *multiplexer)
{
	diag(l->diags, DIAG_MULTIPLEXED_COND, own->at, outcome_len(l, own->at),
		"the conditions on '%s' do not hold for %s(2), which does the same on %s: its "
		"arguments lie in memory",
		arch_syscall_name(id), multiplexer, abi->name);
	diag_note(l->diags, NOWHERE, 1,
		"leave out %s if no such programs are run; nothing else keeps them from it",
		abi->oci);
}

static void report_refused(const struct lint *l, const struct abi *abi, uint32_t at,
	const struct word_list *refused, const char *multiplexer)
{
	diag(l->diags, DIAG_MULTIPLEXED_DENY, at, outcome_len(l, at),
		"%s(2) is allowed on %s and does what is refused by name: %s", multiplexer,
		abi->name, word_list_text(l->arena, refused));
	diag_note(l->diags, NOWHERE, 1,
		"leave '%s' out: for calls that are allowed by name it is allowed anyway",
		multiplexer);
}

/* What one number of the ABI multiplexes; all that it undoes is one finding. */
static void check_number(const struct lint *l, const struct abi *abi, uint32_t number)
{
	const struct range *range = outcome_range(l, abi, number);
	const char *name = arch_nr_name(abi, number);
	struct word_list refused = {.count = 0};
	uint32_t nr, code, at = NOWHERE;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		const struct clause *way;
		if (!arch_multiplexer(abi, (uint16_t)id, &nr, &code) || nr != number)
			continue;
		way = find_way(range, code);
		if (!way)
			continue;
		struct syscall_outcome own = outcome_by_name(l, abi, (uint16_t)id);
		if (own.how == OUTCOME_PARTLY && own.by_rule)
			report_conds(l, abi, (uint16_t)id, &own, name);
		else if (is_refused(l, &own, (uint16_t)id))
			at = refused.count ? at : way->at,
			word_list_add(&refused, arch_syscall_name((uint16_t)id));
	}
	if (refused.count)
		report_refused(l, abi, at, &refused, name);
}

void lint_multiplex(const struct lint *l)
{
	for (size_t i = 0; i < l->policy->abis; i++) {
		const struct abi *abi = l->policy->abi[i];
		uint32_t nr, code, last = UINT32_MAX; /* two numbers at most */
		for (size_t id = 0; abi->multiplexed && id < arch_syscall_count(); id++) {
			if (!arch_multiplexer(abi, (uint16_t)id, &nr, &code) || nr == last)
				continue;
			check_number(l, abi, nr);
			last = nr;
		}
	}
}
