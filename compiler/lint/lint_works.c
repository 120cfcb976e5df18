/*
 * What programs that start and end do then, and most of them: do they start others, have threads? A shell that may not
 * make a process runs, and no pipeline of it. By what was measured (programs.h), whatever calls an ABI has for it.
 */

#include "lint_programs.h"

#include <string.h>

#define PROGRAMS_MAX 32u
#define WORKS_MAX    3u

static const struct group {
	const char *one, *what; /* "no program that was measured ...", "of what ..." */
	enum program_work works[WORKS_MAX];
	size_t count;
	bool execs; /* what it starts is a file */
} groups[] = {
	{"starts another one", "starts other programs", {WORK_FORK, WORK_SPAWN, WORK_PIPE}, 3, true},
	{"starts a thread", "starts threads", {WORK_THREAD}, 1, false},
};

enum does { DOES_NOT_SAY, DOES, DOES_NOT, DOES_NOT_TOLD };

/* A work of a program that fails. */
struct failing {
	const char *title;
	const char *missing; /* "clone", "wait4" */
};

struct finding {
	const struct group *group;
	struct failing failing[PROGRAMS_MAX * WORKS_MAX];
	size_t count;
	struct word_list done; /* that surely do not fail */
	struct word_list told; /* that fail as another check tells */
	struct word_list open; /* whether they do is not decided */
	struct undecided undecided; /* of those with a call that is there */
	struct syscall_outcome first; /* in the file of what is missing, a rule's if there is one */
};

/* A call of that program's work, or the one by which any is started: a filter that refuses that may be loaded later. */
static bool is_of(const struct group *g, size_t program, enum program_work work, const struct program_call *call)
{
	if (g->execs && call->work == WORK_START && strcmp(call->name, "execve") == 0)
		return true;
	return call->program == program && call->work == work;
}

static bool was_measured(size_t program, enum program_work work)
{
	for (const struct program_call *call = program_calls_of(program); call->name[0] && call->program == program; call++) {
		if (call->work == work)
			return true;
	}
	return false;
}

/* Calls that the ABI has under no such name leave open by what it does the work. */
static enum does ask(const struct lint *l, const struct group *g, size_t program, enum program_work work,
	struct word_list *missing, struct syscall_outcome *first, const struct program_call **undecided)
{
	const struct abi *abi = l->policy->abi[0];
	enum does does = program_verdict(l, program).undecided ? DOES_NOT_SAY : DOES;
	bool partly, told = true;

	bool all = g->execs && outcome_of_name(l, abi, "execve").how != OUTCOME_OPEN; /* where it is, it is so for each */
	const struct program_call *call = all ? program_calls() : program_calls_of(program);
	for (; call->name[0] && (all || call->program == program); call++) {
		if (!is_of(g, program, work, call) || !program_is_of(program_at(call->program), abi))
			continue;
		struct syscall_outcome t;
		const char *culprit = program_call_culprit(l, abi, call, &t);
		if (t.how == OUTCOME_OPEN) /* neither undecided nor failing, and asking costs most where conditions come to that */
			continue;
		if ((t.how == OUTCOME_ABSENT || program_call_undecided(l, abi, call)) && does == DOES) {
			does = DOES_NOT_SAY;
			*undecided = t.how == OUTCOME_ABSENT ? NULL : call;
		}
		if (!program_call_fails(l, abi, call))
			continue;
		does = DOES_NOT;
		told &= program_call_traps(l, abi, call, &partly) || lint_vital_tells(l, call->name);
		word_list_add(missing, culprit);
		if (first->how == OUTCOME_ABSENT || t.by_rule > first->by_rule ||
			(t.by_rule == first->by_rule && t.at < first->at))
			*first = t;
	}
	return does == DOES_NOT && told ? DOES_NOT_TOLD : does;
}

static const char *quoted(const struct lint *l, const struct word_list *names)
{
	struct buf text;

	buf_init(&text, l->arena);
	for (size_t i = 0; i < names->count; i++)
		buf_printf(&text, "%s\"%s\"", i ? ", " : "", names->word[i]);
	return buf_string(&text);
}

static void look(const struct lint *l, struct finding *f, size_t program, enum program_work work)
{
	struct word_list missing = {.count = 0};
	struct syscall_outcome first = f->first;
	const struct program_call *undecided = NULL;
	enum does does = ask(l, f->group, program, work, &missing, &first, &undecided);
	const char *title =
		buf_print(l->arena, "%s (%s)", program_work_words(work), program_at(program)->title);

	if (does == DOES)
		word_list_add(&f->done, title);
	if (does == DOES_NOT_TOLD)
		word_list_add(&f->told, title);
	if (does == DOES_NOT_SAY)
		word_list_add(&f->open, title);
	if (undecided)
		undecided_work(l, &f->undecided, title, undecided);
	if (does != DOES_NOT)
		return;
	f->first = first;
	f->failing[f->count++] = (struct failing){title, quoted(l, &missing)};
}

static void look_at_all(const struct lint *l, struct finding *f)
{
	assert(programs_count() <= PROGRAMS_MAX);
	for (size_t i = 0; i < programs_count(); i++) {
		if (!program_is_of(program_at(i), l->policy->abi[0]) || program_verdict(l, i).stops)
			continue; /* those that do not run are told of */
		for (size_t k = 0; k < f->group->count; k++) {
			if (was_measured(i, f->group->works[k]))
				look(l, f, i, f->group->works[k]);
		}
	}
}

/* One for all that lack the same. */
static void note_missing(const struct lint *l, const struct finding *f)
{
	for (size_t i = 0; i < f->count; i++) {
		const char *missing = f->failing[i].missing;
		struct word_list who = {.count = 0};
		size_t alike = 0;
		while (strcmp(f->failing[alike].missing, missing) != 0)
			alike++;
		for (size_t k = i; alike == i && k < f->count; k++) {
			if (strcmp(f->failing[k].missing, missing) == 0)
				word_list_add(&who, f->failing[k].title);
		}
		if (who.count)
			diag_note(l->diags, NOWHERE, 1, "allow %s: %s", missing, word_list_text(l->arena, &who));
	}
}

/* Of what fails and what does not, the shorter list. */
static const char *words_of(const struct lint *l, const struct finding *f)
{
	struct word_list fails = {.count = 0};

	for (size_t i = 0; i < f->count; i++)
		word_list_add(&fails, f->failing[i].title);
	for (size_t i = 0; i < f->told.count && i < countof(f->told.word); i++)
		word_list_add(&fails, f->told.word[i]);
	if (!f->done.count && !f->open.count)
		return buf_print(l->arena, "no program that was measured %s under this", f->group->one);
	if (!f->open.count && f->done.count < fails.count)
		return buf_print(l->arena, "of what %s only this works: %s", f->group->what,
			word_list_text(l->arena, &f->done));
	return buf_print(l->arena, "of what %s this fails: %s", f->group->what, word_list_text(l->arena, &fails));
}

/* What one place does is one finding, begun at `told`. */
static uint32_t report(const struct lint *l, const struct finding *f, uint32_t told)
{
	enum diag_id id = f->first.by_rule ? DIAG_WORKS_REFUSED : DIAG_WORKS_UNLISTED;
	uint32_t at = f->first.by_rule ? f->first.at : l->set->default_at;

	if (at == told)
		diag_note(l->diags, NOWHERE, 1, "%s", words_of(l, f));
	else
		diag(l->diags, id, at, outcome_len(l, at), "%s", words_of(l, f));
	note_missing(l, f);
	if (f->open.count)
		diag_note(l->diags, NOWHERE, 1, "not decided: %s", word_list_text(l->arena, &f->open));
	return at;
}

/* A filter that allows what it lists, and no start of a program, is for one that loads it and does what is listed. */
static bool is_for_itself(const struct lint *l)
{
	struct syscall_outcome t = outcome_of_name(l, l->policy->abi[0], "execve");

	outcome_for_programs(l, &t);
	return outcome_is_refused(t.how) && !t.by_rule;
}

/* Into those of other groups. */
static void add_undecided(struct undecided *to, const struct undecided *from)
{
	for (size_t i = 0; i < from->works.count && i < countof(from->works.word); i++)
		word_list_add(&to->works, from->works.word[i]);
	for (size_t i = 0; i < from->works_calls.count && i < countof(from->works_calls.word); i++)
		word_list_add(&to->works_calls, from->works_calls.word[i]);
	to->at = to->at == NOWHERE ? from->at : to->at;
}

void lint_works(const struct lint *l, struct undecided *undecided)
{
	uint32_t told = NOWHERE;

	if (lint_lacks_base(l) || is_for_itself(l))
		return;
	for (size_t i = 0; i < countof(groups); i++) {
		struct finding f = {.group = &groups[i], .undecided.at = NOWHERE};
		look_at_all(l, &f);
		if (f.count)
			told = report(l, &f, told);
		else
			add_undecided(undecided, &f.undecided);
	}
}
