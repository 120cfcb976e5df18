#include "syscall_outcome.h"

#include "outcome_memo.h"

#include "../../arch/errno.h"
#include "../logic/diff.h"
#include "../logic/meaning.h"

#include <string.h>

#define NODES_MAX (1u << 16) /* of a diagram for one syscall: 3 MiB */
#define STEPS_MAX (1u << 20) /* milliseconds */

bool outcome_passes(uint32_t ret)
{
	return RET_ACTION(ret) == RET_ALLOW || RET_ACTION(ret) == action_ret(ACTION_LOG, 0);
}

bool outcome_refuses(uint32_t ret)
{
	enum action action;

	return action_of(ret, &action) && action <= ACTION_ERRNO; /* the strictest come first */
}

bool outcome_is_errno(uint32_t ret)
{
	return RET_ACTION(ret) == action_ret(ACTION_ERRNO, 0);
}

bool outcome_is_untraced(const struct syscall_outcome *t)
{
	return t->how == OUTCOME_ASKED && RET_ACTION(t->ret) == action_ret(ACTION_TRACE, 0);
}

void outcome_for_programs(const struct lint *l, struct syscall_outcome *t)
{
	if (outcome_is_untraced(t) && node_dialect(l->node) != &dialect_author)
		t->how = OUTCOME_ENOSYS;
}

const struct range *outcome_range(const struct lint *l, const struct abi *abi, uint32_t nr)
{
	bool covered = false;

	for (size_t i = 0; i < l->policy->abis; i++)
		covered |= l->policy->abi[i] == abi;
	const struct domain *domain = covered ? policy_domain(l->policy, abi->audit) : NULL;
	return domain ? domain_find(domain, nr) : NULL;
}

/* Ways of refusing that come to different things for who is refused, one bit each. */
static unsigned way_of(uint32_t ret, uint32_t enosys)
{
	if (!outcome_refuses(ret))
		return 0;
	if (!outcome_is_errno(ret))
		return 1;
	return ret == enosys ? 2 : RET_DATA(ret) ? 4 : 8; /* errno 0 is success that is none */
}

static bool is_several(unsigned ways)
{
	return (ways & (ways - 1)) != 0;
}

/* Of so many clauses, so many let the call through or refuse it, so many of those with ENOSYS. */
static enum outcome classify(size_t clauses, size_t through, size_t refused, size_t absent)
{
	if (through == clauses)
		return OUTCOME_OPEN;
	if (absent == clauses)
		return OUTCOME_ENOSYS;
	if (refused == clauses)
		return OUTCOME_REFUSED;
	return refused ? OUTCOME_PARTLY : OUTCOME_ASKED;
}

/* A value for which the condition holds, if one is found at once. */
static uint64_t value_for(const struct cond *c)
{
	switch (c->op) {
	case COND_EQ:
	case COND_LE:
	case COND_GE:
		return c->value & c->mask;
	case COND_NE:
		return ~c->value & c->mask;
	case COND_GT:
		return c->mask;
	case COND_LT:
		return 0;
	}
	unreachable();
}

static void aim(uint64_t args[CALL_ARGS], const struct clause *clause)
{
	for (size_t i = 0; clause && i < clause->conds; i++) {
		const struct cond *c = &clause->cond[i];
		args[c->arg] = (args[c->arg] & ~c->mask) | value_for(c);
	}
}

/* Are calls treated unlike, as a try at each clause shows? No is no answer; it saves the diagrams. */
static bool is_mixed(const struct range *range, const struct clause *made)
{
	bool refused = false, other = false;

	for (size_t i = 0; i < range->clauses && !(refused && other); i++) {
		uint64_t args[CALL_ARGS] = {0};
		size_t k = 0;
		aim(args, &range->clause[i]);
		aim(args, made);
		while (!clause_holds(&range->clause[k], args))
			k++;
		refused |= outcome_refuses(range->clause[k].ret);
		other |= !outcome_refuses(range->clause[k].ret);
	}
	return refused && other;
}

/* The first that decides about any call where `function` is not DIFF_SAME. */
static const struct clause *first_decider(struct bdd *b, const struct range *range, uint32_t function)
{
	uint32_t nowhere = bdd_leaf(b, DIFF_SAME);
	size_t i = 0;

	while (i + 1 < range->clauses && bdd_ite(b, meaning_clause(b, &range->clause[i]), function, nowhere) == nowhere)
		i++;
	return &range->clause[i];
}

/*
 * Conditions may hold together for every call, or for every one that is made: then some clauses decide nothing. `t`
 * stays as it is where calls are treated unlike, or the diagrams grow too large.
 */
static void settle(const struct lint *l, const struct range *range, const struct clause *made, uint32_t enosys,
	struct syscall_outcome *t)
{
	struct arena_mark before = arena_mark(l->arena);
	size_t answers = 0, through = 0, refused = 0, absent = 0;
	uint32_t asked = action_ret(ACTION_TRACE, 0); /* or what else is asked */
	unsigned ways = 0;
	struct bdd b;

	bdd_init_small(&b, l->arena);
	b.most = NODES_MAX;
	b.steps = STEPS_MAX;
	uint32_t function = meaning_range(&b, range), nowhere = bdd_leaf(&b, DIFF_SAME);
	if (made)
		function = bdd_ite(&b, meaning_clause(&b, made), function, nowhere);
	const struct clause *first = first_decider(&b, range, function);
	for (; !b.full && function != nowhere; answers++) {
		struct call call = {0};
		uint64_t leaf = diff_call(&b, function, &call);
		through += outcome_passes((uint32_t)leaf);
		refused += outcome_refuses((uint32_t)leaf);
		absent += leaf == enosys;
		ways |= way_of((uint32_t)leaf, enosys);
		asked = RET_ACTION((uint32_t)leaf) == action_ret(ACTION_TRACE, 0) ? asked : (uint32_t)leaf;
		function = diff_without(&b, function, leaf);
	}
	enum outcome how = b.full || !answers ? OUTCOME_PARTLY : classify(answers, through, refused, absent);
	if (how != OUTCOME_PARTLY)
		*t = (struct syscall_outcome){how, how == OUTCOME_ASKED ? asked : first->ret, first->at,
			first->at != NOWHERE && first->at != l->set->default_at, how == OUTCOME_REFUSED && is_several(ways)};
	arena_release(l->arena, before);
}

/* TRACE if all of them say so; else the first that does not. */
static uint32_t asked_ret(const struct range *range)
{
	for (size_t i = 0; i < range->clauses; i++) {
		if (RET_ACTION(range->clause[i].ret) != action_ret(ACTION_TRACE, 0))
			return range->clause[i].ret;
	}
	return range->clause[0].ret;
}

/* By what the clauses answer; where they answer unlike, by what they come to. */
static struct syscall_outcome outcome_in(
	const struct lint *l, const struct range *range, const struct clause *made, uint32_t enosys)
{
	struct syscall_outcome t = {.at = range->clause[0].at};
	size_t through = 0, refused = 0, absent = 0;
	unsigned ways = 0;

	t.by_rule = t.at != NOWHERE && t.at != l->set->default_at;
	for (size_t i = range->clauses; i-- > 0;) {
		uint32_t ret = range->clause[i].ret;
		through += outcome_passes(ret);
		absent += ret == enosys;
		if (!outcome_refuses(ret))
			continue;
		refused++;
		ways |= way_of(ret, enosys);
		t.ret = ret;
	}
	t.how = classify(range->clauses, through, refused, absent);
	if (t.how == OUTCOME_ASKED)
		t.ret = asked_ret(range);
	t.unlike = t.how == OUTCOME_REFUSED && is_several(ways);
	bool asked = made && t.how == OUTCOME_ASKED && range->clauses > 1;
	if (t.unlike || asked || (t.how == OUTCOME_PARTLY && !is_mixed(range, made)))
		settle(l, range, made, enosys, &t);
	return t;
}

/* One clause is quickly looked at; of several the answer is kept for the other readings. */
static struct syscall_outcome outcome_kept(
	const struct lint *l, const struct range *range, const struct clause *made, uint32_t enosys)
{
	const struct outcome_question question = {range, made, enosys, l->set->default_at};

	if (!l->outcomes || range->clauses == 1)
		return outcome_in(l, range, made, enosys);
	const struct syscall_outcome *known = outcome_memo_find(l->outcomes, &question);
	if (known)
		return *known;
	struct syscall_outcome t = outcome_in(l, range, made, enosys);
	outcome_memo_keep(l->outcomes, &question, &t);
	return t;
}

struct syscall_outcome outcome_where(
	const struct lint *l, const struct abi *abi, uint16_t id, const struct clause *made)
{
	struct outcome_row *row = l->rows && !made ? outcome_row(l->rows, l->policy, abi, id) : NULL;
	struct syscall_outcome t = {.how = OUTCOME_ABSENT, .at = NOWHERE};
	uint32_t nr;

	if (row && row->asked)
		return row->outcome;
	const struct range *range = arch_nr(abi, id, &nr) ? outcome_range(l, abi, nr) : NULL;
	if (range)
		t = outcome_kept(l, range, made, action_ret(ACTION_ERRNO, abi->enosys));
	if (row)
		*row = (struct outcome_row){true, t};
	return t;
}

struct syscall_outcome outcome_of(const struct lint *l, const struct abi *abi, uint16_t id)
{
	return outcome_where(l, abi, id, NULL);
}

struct syscall_outcome outcome_of_name(const struct lint *l, const struct abi *abi, const char *name)
{
	uint16_t id;

	if (arch_syscall_find(name, strlen(name), &id))
		return outcome_of(l, abi, id);
	return (struct syscall_outcome){.how = OUTCOME_ABSENT, .at = NOWHERE};
}

uint32_t outcome_len(const struct lint *l, uint32_t at)
{
	if (at == l->profile->default_action.at)
		return l->profile->default_action.len;
	for (size_t i = 0; i < l->set->rules; i++) {
		if (l->set->rule[i].at == at)
			return l->set->rule[i].len;
	}
	return 1;
}

const char *outcome_words(const struct lint *l, uint32_t ret)
{
	uint16_t data = (uint16_t)RET_DATA(ret);

	if (RET_ACTION(ret) == action_ret(ACTION_TRAP, 0))
		return "SIGSYS";
	if (!outcome_is_errno(ret))
		return "the end of the program";
	const char *name = arch_errno_name(l->node->native, data);
	if (name)
		return name;
	return buf_print(l->arena, "errno %u", data);
}

void word_list_add(struct word_list *list, const char *word)
{
	size_t kept = list->count < countof(list->word) ? list->count : countof(list->word);

	for (size_t i = 0; i < kept; i++) {
		if (strcmp(list->word[i], word) == 0)
			return;
	}
	if (kept < countof(list->word))
		list->word[kept] = word;
	list->count++;
}

#define WORDS_SHOWN 8u

const char *word_list_text(struct arena *arena, const struct word_list *list)
{
	size_t shown = list->count <= WORDS_SHOWN ? list->count : WORDS_SHOWN - 1;
	struct buf text;

	buf_init(&text, arena);
	for (size_t i = 0; i < shown; i++)
		buf_printf(&text, "%s%s",
			i == 0                        ? ""
				: i + 1 < list->count ? ", "
						      : " and ",
			list->word[i]);
	if (shown < list->count)
		buf_printf(&text, " and %zu more", list->count - shown);
	return buf_string(&text);
}
