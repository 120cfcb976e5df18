/*
 * Does a program start, end, come back from a signal, end a thread? By what programs were measured to call
 * (programs.h); which those are differs by C library and language, so each is named.
 */

#include "lint_programs.h"

#include <string.h>

#define PROGRAMS_MAX 32u

/* What keeps one program from starting or ending. */
struct missing {
	const struct program *program;
	struct word_list names;
	uint32_t at; /* of what decides about the first */
};

static void find_missing(const struct lint *l, size_t program, struct missing *missing)
{
	const struct abi *abi = l->policy->abi[0];

	*missing = (struct missing){.program = program_at(program), .at = NOWHERE};
	for (const struct program_call *call = program_calls_of(program); call->name[0] && call->program == program; call++) {
		if (!program_call_stops(l, call))
			continue;
		struct syscall_outcome t;
		const char *culprit = program_call_culprit(l, abi, call, &t);
		if (!missing->names.count)
			missing->at = t.at;
		word_list_add(&missing->names, culprit);
	}
}

static void note_missing(const struct lint *l, const struct missing *missing)
{
	struct buf names;

	buf_init(&names, l->arena);
	for (size_t i = 0; i < missing->names.count; i++)
		buf_printf(&names, "%s\"%s\"", i ? ", " : "", missing->names.word[i]);
	diag_note(l->diags, NOWHERE, 1, "%s: add %s", missing->program->title, buf_string(&names));
}

/* Those of the node's ABI that do not start and end, the names of those that do, and of those that may or may not. */
static size_t find_failing(const struct lint *l, struct missing *missing, struct word_list *run, struct word_list *open)
{
	size_t failing = 0;

	assert(programs_count() <= PROGRAMS_MAX);
	for (size_t i = 0; i < programs_count(); i++) {
		if (!program_is_of(program_at(i), l->policy->abi[0]) || !program_starts(i))
			continue;
		struct program_verdict v = program_verdict(l, i);
		if (v.stops)
			find_missing(l, i, &missing[failing++]);
		else
			word_list_add(v.undecided ? open : run, program_at(i)->title);
	}
	return failing;
}

static uint32_t place_of(const struct lint *l, const struct missing *missing)
{
	return missing->at == NOWHERE ? l->set->default_at : missing->at;
}

/* None of the programs that were measured does. True: it is the default action that keeps them from it. */
static bool check_programs(const struct lint *l)
{
	struct missing missing[PROGRAMS_MAX + 1];
	struct word_list run = {.count = 0}, open = {.count = 0};
	size_t failing = find_failing(l, missing, &run, &open);

	if (!failing || run.count || open.count)
		return false;
	uint32_t at = place_of(l, &missing[0]);
	diag(l->diags, DIAG_VITAL_REFUSED, at, outcome_len(l, at),
		"no program that was measured starts and ends under this");
	for (size_t i = 0; i < failing; i++)
		note_missing(l, &missing[i]);
	return at == l->set->default_at;
}

/* Nothing keeps one from it that is known. */
static void find_undecided(const struct lint *l, struct undecided *u)
{
	for (size_t i = 0; i < programs_count(); i++) {
		if (!program_is_of(program_at(i), l->policy->abi[0]) || !program_starts(i))
			continue;
		const struct program_call *call = program_verdict(l, i).undecided;
		if (call)
			undecided_program(l, u, i, call);
	}
}

void lint_kinds(const struct lint *l, struct undecided *undecided)
{
	struct missing missing[PROGRAMS_MAX + 1];
	struct word_list fail = {.count = 0}, run = {.count = 0}, open = {.count = 0};
	size_t failing = lint_lacks_base(l) ? 0 : find_failing(l, missing, &run, &open);

	if (!failing && open.count)
		find_undecided(l, undecided);
	if (!failing || !(run.count || open.count))
		return;
	for (size_t i = 0; i < failing; i++)
		word_list_add(&fail, missing[i].program->title);
	uint32_t at = place_of(l, &missing[0]);
	diag(l->diags, DIAG_KINDS_REFUSED, at, outcome_len(l, at),
		"not all programs start and end under this: not those of %s%s%s%s", word_list_text(l->arena, &fail),
		run.count ? "; of " : "", word_list_text(l->arena, &run), run.count ? " they do" : "");
	for (size_t i = 0; i < failing; i++)
		note_missing(l, &missing[i]);
	if (open.count)
		diag_note(l->diags, NOWHERE, 1, "not decided: %s", word_list_text(l->arena, &open));
}

/* Parts of works that end programs which get so far. */
static const struct {
	enum program_work work;
	const char *name;
	const char *doors[2]; /* one of these allowed: they get so far */
	const char *what;
} parts[] = {
	{WORK_THREAD, "exit", {"clone", "clone3"}, "threads end by it"},
	{WORK_HANDLER, "rt_sigreturn", {"rt_sigaction"}, "handlers of signals return through it"},
	{WORK_HANDLER, "sigreturn", {"rt_sigaction"}, "handlers of signals return through it"},
};

static bool has_door(const struct lint *l, size_t part)
{
	bool open = false;

	for (size_t i = 0; i < countof(parts[part].doors) && parts[part].doors[i]; i++) {
		struct syscall_outcome t = outcome_of_name(l, l->policy->abi[0], parts[part].doors[i]);
		outcome_for_programs(l, &t);
		enum outcome how = t.how;
		open |= how == OUTCOME_OPEN || how == OUTCOME_PARTLY || how == OUTCOME_ASKED;
	}
	return open;
}

/* What the default action refuses is one finding, `told` if it is there. */
static bool check_part(const struct lint *l, size_t part, bool told)
{
	const struct abi *abi = l->policy->abi[0];
	struct syscall_outcome t = outcome_of_name(l, abi, parts[part].name);
	struct word_list titles = {.count = 0};

	for (const struct program_call *call = program_calls(); call->name[0]; call++) {
		const struct program *program = program_at(call->program);
		if (call->work == parts[part].work && strcmp(call->name, parts[part].name) == 0 &&
			program_is_of(program, abi) && program_call_fails(l, abi, call))
			word_list_add(&titles, program->title);
	}
	if (!titles.count || !has_door(l, part))
		return told;
	const char *who = word_list_text(l->arena, &titles);
	if (t.by_rule) {
		diag(l->diags, DIAG_VITAL_REFUSED, t.at, outcome_len(l, t.at),
			"'%s' is refused: %s, and programs of %s crash", parts[part].name, parts[part].what,
			who);
		diag_note(l->diags, NOWHERE, 1, "allow \"%s\"", parts[part].name);
		return told;
	}
	if (!told)
		diag(l->diags, DIAG_VITAL_REFUSED, l->set->default_at, outcome_len(l, l->set->default_at),
			"no rule allows what programs crash without that get so far");
	diag_note(l->diags, NOWHERE, 1, "add \"%s\": %s, in programs of %s", parts[part].name,
		parts[part].what, who);
	return true;
}

bool lint_vital_tells(const struct lint *l, const char *name)
{
	bool tells = false;

	for (size_t i = 0; i < countof(parts); i++)
		tells |= strcmp(parts[i].name, name) == 0 && has_door(l, i);
	return tells;
}

void lint_vital(const struct lint *l)
{
	bool told = check_programs(l);

	for (size_t i = 0; i < countof(parts); i++)
		told = check_part(l, i, told);
}
