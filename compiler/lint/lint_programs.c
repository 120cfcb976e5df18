/*
 * What nobody knows about programs under a filter: where nothing is found that is wrong, silence would say that all do
 * what they were measured to do. One line for all of it.
 */

#include "lint_programs.h"

static void add_call(const struct lint *l, struct undecided *u, struct word_list *calls, const struct program_call *call)
{
	struct syscall_outcome t = outcome_of(l, l->policy->abi[0], call->id);

	if (u->at == NOWHERE && t.by_rule)
		u->at = t.at;
	word_list_add(calls, call->name);
}

void undecided_program(const struct lint *l, struct undecided *u, size_t program, const struct program_call *call)
{
	word_list_add(&u->programs, program_at(program)->title);
	add_call(l, u, &u->calls, call);
}

void undecided_work(const struct lint *l, struct undecided *u, const char *title, const struct program_call *call)
{
	word_list_add(&u->works, title);
	add_call(l, u, &u->works_calls, call);
}

void lint_programs(const struct lint *l)
{
	struct undecided u = {.at = NOWHERE};

	lint_kinds(l, &u);
	lint_works(l, &u);
	if (!u.programs.count && !u.works.count)
		return;
	uint32_t at = u.at == NOWHERE ? l->set->default_at : u.at;
	const char *works = word_list_text(l->arena, &u.works), *works_calls = word_list_text(l->arena, &u.works_calls);
	if (!u.programs.count) {
		diag(l->diags, DIAG_PROGRAMS_UNDECIDED, at, outcome_len(l, at),
			"whether this works is not decided, and depends on calls of %s: %s", works_calls, works);
		return;
	}
	diag(l->diags, DIAG_PROGRAMS_UNDECIDED, at, outcome_len(l, at),
		"whether programs start and end is not decided, and depends on calls of %s: those of %s",
		word_list_text(l->arena, &u.calls), word_list_text(l->arena, &u.programs));
	if (u.works.count)
		diag_note(l->diags, NOWHERE, 1, "nor, depending on %s: %s", works_calls, works);
}
