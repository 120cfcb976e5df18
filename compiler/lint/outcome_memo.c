#include "outcome_memo.h"

#include "../../arch/ids.h"

#include <string.h>

#define CLAUSES_MAX 256u  /* of a question that is kept: 20 KiB and its conditions */
#define KEPT_MAX    4096u /* questions of a profile */

struct outcome_known {
	struct outcome_question question;
	struct syscall_outcome outcome;
	struct outcome_known *next;
};

static bool same_clause(const struct clause *a, const struct clause *b)
{
	bool same = a->ret == b->ret && a->at == b->at && a->conds == b->conds;

	for (size_t i = 0; same && i < a->conds; i++) {
		const struct cond *c = &a->cond[i], *d = &b->cond[i];
		same = c->arg == d->arg && c->op == d->op && c->mask == d->mask && c->value == d->value;
	}
	return same;
}

static bool same_question(const struct outcome_question *a, const struct outcome_question *b)
{
	bool same = a->enosys == b->enosys && a->default_at == b->default_at &&
		a->range->clauses == b->range->clauses && !a->made == !b->made &&
		(!a->made || same_clause(a->made, b->made));

	for (size_t i = 0; same && i < a->range->clauses; i++)
		same = same_clause(&a->range->clause[i], &b->range->clause[i]);
	return same;
}

const struct syscall_outcome *outcome_memo_find(
	const struct outcome_memo *memo, const struct outcome_question *question)
{
	for (const struct outcome_known *k = memo->settled; k; k = k->next) {
		if (same_question(&k->question, question))
			return &k->outcome;
	}
	return NULL;
}

static struct clause copy_clause(struct arena *arena, const struct clause *from)
{
	struct cond *cond = arena_alloc(arena, from->conds, sizeof(*cond));
	struct clause to = *from;

	if (from->conds)
		memcpy(cond, from->cond, from->conds * sizeof(*cond));
	to.cond = cond;
	to.via = NULL; /* nothing depends on it */
	return to;
}

void outcome_memo_keep(
	struct outcome_memo *memo, const struct outcome_question *question, const struct syscall_outcome *outcome)
{
	size_t clauses = question->range->clauses;

	if (clauses > CLAUSES_MAX || memo->count == KEPT_MAX)
		return;
	struct outcome_known *k = arena_alloc(memo->arena, 1, sizeof(*k));
	struct range *range = arena_alloc(memo->arena, 1, sizeof(*range));
	struct clause *clause = arena_alloc(memo->arena, clauses, sizeof(*clause));
	struct clause *made = question->made ? arena_alloc(memo->arena, 1, sizeof(*made)) : NULL;

	for (size_t i = 0; i < clauses; i++)
		clause[i] = copy_clause(memo->arena, &question->range->clause[i]);
	if (made)
		*made = copy_clause(memo->arena, question->made);
	*range = (struct range){.clause = clause, .clauses = clauses};
	*k = (struct outcome_known){{range, made, question->enosys, question->default_at}, *outcome, memo->settled};
	memo->settled = k;
	memo->count++;
}

struct outcome_row *outcome_rows(struct arena *arena, const struct policy *policy)
{
	return arena_alloc(arena, policy->abis * IDS, sizeof(struct outcome_row));
}

struct outcome_row *outcome_row(
	struct outcome_row *rows, const struct policy *policy, const struct abi *abi, uint16_t id)
{
	for (size_t i = 0; i < policy->abis; i++) {
		if (policy->abi[i] == abi)
			return &rows[i * IDS + id];
	}
	return NULL;
}
