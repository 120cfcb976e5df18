#include "programs.h"

#include "program_arguments.h"

#include "../../arch/ids.h"

#include <string.h>

#define PROGRAM(id, title, release, abi) id,
#define CALLS(...)
enum {
#include "programs.tbl"
	PROGRAMS
};
#undef PROGRAM

#define PROGRAM(id, title, release, abi) {title, release, &arch_abis[ABI_##abi]},
static const struct program programs[] = {
#include "programs.tbl"
};
#undef PROGRAM
#undef CALLS

#define PROGRAM(...)
#define CALLS(program, work, name, eperm, enosys, instead)                                                 \
	{program, WORK_##work, ID_##name, #name, PROGRAM_##eperm, PROGRAM_##enosys, instead},
static const struct program_call calls[] = {
#include "programs.tbl"
	{.name = ""},
};
#undef CALLS

#define CALLS(program, work, call, eperm, enosys, others)                                                  \
	static_assert(sizeof(#call) <= sizeof(calls[0].name) && sizeof(others) <= sizeof(calls[0].instead), #call " fits");
#include "programs.tbl"
#undef CALLS
#undef PROGRAM

#define WORK(id, words) words,
static const char *const work_words[] = {
#include "works.tbl"
};
#undef WORK

size_t programs_count(void)
{
	return countof(programs);
}

const struct program *program_at(size_t i)
{
	return &programs[i];
}

const struct program_call *program_calls(void)
{
	return calls;
}

const struct program_call *program_calls_of(size_t program)
{
	size_t first = 0, end = countof(calls) - 1;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		if (calls[middle].program < program)
			first = middle + 1;
		else
			end = middle;
	}
	return &calls[first];
}

const char *program_work_words(enum program_work work)
{
	return work_words[work];
}

bool program_is_of(const struct program *program, const struct abi *abi)
{
	return program->abi->bits == abi->bits;
}

bool program_starts(size_t program)
{
	for (const struct program_call *call = program_calls_of(program); call->name[0] && call->program == program; call++) {
		if (call->work == WORK_START)
			return true;
	}
	return false;
}

enum { NONE, POINTER };
#define CLONE(program, work, flags, stack, elsewhere) {program, WORK_##work, flags, stack, elsewhere},
static const struct clone_use {
	uint8_t program;
	enum program_work work;
	uint32_t flags, stack, elsewhere;
} clones[] = {
#include "clones.tbl"
};
#undef CLONE

static struct syscall_outcome clone_used(const struct lint *l, const struct abi *abi, const struct clone_use *use)
{
	bool measured = programs[use->program].abi == abi;
	uint64_t mask = ~(uint64_t)(measured ? 0 : use->elsewhere);
	const struct cond cond[] = {
		{abi->clone_swapped ? 1 : 0, COND_EQ, mask, use->flags & mask},
		{abi->clone_swapped ? 0 : 1, use->stack == NONE ? COND_EQ : COND_NE, UINT64_MAX, 0},
	};

	return outcome_where(l, abi, ID_clone, &(struct clause){.cond = cond, .conds = countof(cond)});
}

/* Errno 0 is success that is none: what a program makes of it was not measured. */
static bool is_no_failure(const struct syscall_outcome *t)
{
	return outcome_is_refused(t->how) && outcome_is_errno(t->ret) && RET_DATA(t->ret) == 0;
}

/* Refused in one way or another is as undecided as refused or not: what a program does about it differs. */
static void as_one(const struct lint *l, struct syscall_outcome *t)
{
	if (t->unlike || is_no_failure(t))
		t->how = OUTCOME_PARTLY;
	outcome_for_programs(l, t);
}

/* It is made, whether it is needed or not. */
static bool ends(const struct syscall_outcome *t)
{
	return t->how == OUTCOME_REFUSED && !outcome_is_errno(t->ret);
}

/* What becomes of the very clone() that the program does the work by; of all of them where it was not measured. */
static struct syscall_outcome clone_of(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = outcome_of(l, abi, ID_clone);
	bool first = true;

	for (size_t i = 0; i < countof(clones) && t.how != OUTCOME_ABSENT; i++) {
		if (clones[i].program != call->program || clones[i].work != call->work)
			continue;
		struct syscall_outcome one = clone_used(l, abi, &clones[i]);
		as_one(l, &one);
		if (!first && one.how != t.how)
			one.how = OUTCOME_PARTLY;
		t = one;
		first = false;
	}
	return t;
}

/* Of what it was seen to start and end with the flags are known, too; *shown: as program_arguments_outcome(). */
static struct syscall_outcome treated_so(const struct lint *l, const struct abi *abi, uint16_t id,
	const struct program_call *call, const char **shown)
{
	bool begins_or_ends = id == call->id && (call->work == WORK_START || call->work == WORK_END);
	struct syscall_outcome t;

	if (id == ID_clone)
		t = clone_of(l, abi, call);
	else if (begins_or_ends && programs[call->program].abi == abi)
		t = program_arguments_outcome(l, abi, call->program, id, shown);
	else
		t = outcome_of(l, abi, id);
	as_one(l, &t);
	return t;
}

static struct syscall_outcome treated(
	const struct lint *l, const struct abi *abi, uint16_t id, const struct program_call *call)
{
	const char *shown;

	return treated_so(l, abi, id, call, &shown);
}

static bool is_undecided(enum outcome how)
{
	return how == OUTCOME_PARTLY || how == OUTCOME_ASKED;
}

/* The first of those in its place that `is`. False: none. */
static bool first_instead(const struct lint *l, const struct abi *abi, const struct program_call *call,
	bool (*is)(enum outcome), uint16_t *id)
{
	const char *words = call->instead;

	while (*words) {
		size_t len = strcspn(words, " ");
		if (arch_syscall_find(words, len, id) && is(treated(l, abi, *id, call).how))
			return true;
		words += len + (words[len] != '\0');
	}
	return false;
}

bool program_call_fails(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = treated(l, abi, call->id, call);
	uint16_t id;

	if (!outcome_is_refused(t.how))
		return false;
	if (ends(&t))
		return call->eperm != PROGRAM_SOMETIMES;
	if (!(t.how == OUTCOME_ENOSYS ? call->enosys : call->eperm))
		return true;
	return first_instead(l, abi, call, outcome_is_refused, &id);
}

bool program_call_undecided(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = treated(l, abi, call->id, call);
	uint16_t id;

	if (!outcome_is_refused(t.how))
		return is_undecided(t.how);
	return first_instead(l, abi, call, is_undecided, &id) ||
		(call->eperm == PROGRAM_SOMETIMES && ends(&t));
}

/* In its start and end, or for a tool in those of another one. */
static const struct program_call *start_undecided(const struct lint *l, size_t program, bool tool)
{
	const struct abi *abi = l->policy->abi[0];

	for (const struct program_call *call = program_calls_of(program); call->name[0] && call->program == program; call++) {
		if (call->work != WORK_START && call->work != WORK_END)
			continue;
		if (program_call_undecided(l, abi, call) || (tool && program_call_stops(l, call)))
			return call;
	}
	return NULL;
}

static const struct program_call *may_not_start(const struct lint *l, size_t program)
{
	const struct program *own = &programs[program], *p = programs;

	if (program_starts(program))
		return start_undecided(l, program, false);
	for (; p < programs + PROGRAMS; p++) {
		bool as_it = p->abi == own->abi && strcmp(p->release, own->release) == 0 && strstr(p->title, ", dynamic");
		const struct program_call *call = as_it ? start_undecided(l, (size_t)(p - programs), true) : NULL;
		if (call)
			return call;
	}
	return NULL;
}

static bool any_stops(const struct lint *l, size_t program)
{
	for (const struct program_call *call = program_calls_of(program); call->name[0] && call->program == program; call++) {
		if (program_call_stops(l, call))
			return true;
	}
	return false;
}

struct program_verdict *program_verdicts(struct arena *arena)
{
	return arena_alloc(arena, PROGRAMS, sizeof(struct program_verdict));
}

struct program_verdict program_verdict(const struct lint *l, size_t program)
{
	if (l->verdicts && l->verdicts[program].asked)
		return l->verdicts[program];
	struct program_verdict v = {true, any_stops(l, program), may_not_start(l, program)};
	if (l->verdicts)
		l->verdicts[program] = v;
	return v;
}

const char *program_call_culprit(
	const struct lint *l, const struct abi *abi, const struct program_call *call, struct syscall_outcome *t)
{
	const char *shown = call->name;
	uint16_t id;

	*t = treated_so(l, abi, call->id, call, &shown);
	if (t->how != OUTCOME_ENOSYS || !call->enosys || !first_instead(l, abi, call, outcome_is_refused, &id))
		return shown;
	*t = treated(l, abi, id, call);
	return arch_syscall_name(id);
}

bool program_call_stops(const struct lint *l, const struct program_call *call)
{
	const struct abi *abi = l->policy->abi[0];

	if ((call->work != WORK_END && call->work != WORK_START) || !program_call_fails(l, abi, call))
		return false;
	struct syscall_outcome execve = outcome_of(l, abi, ID_execve);
	outcome_for_programs(l, &execve);
	enum outcome how = execve.how;
	return call->work == WORK_END || how == OUTCOME_OPEN || how == OUTCOME_PARTLY || how == OUTCOME_ASKED;
}

bool program_may(const struct lint *l, const struct abi *abi, const char *words, bool *partly)
{
	bool may = words && *words;

	*partly = false;
	while (may && *words) {
		size_t len = strcspn(words, " ");
		enum outcome how = outcome_of_name(l, abi, arena_text(l->arena, words, len)).how;
		may = how == OUTCOME_OPEN || how == OUTCOME_PARTLY;
		*partly |= how == OUTCOME_PARTLY;
		words += len + (words[len] != '\0');
	}
	return may;
}

/* "clock_gettime" of "clock_gettime64", "recvmmsg" of "recvmmsg_time64": what the ABI has had longer. NULL:
 * no such call. */
static const char *older_times(const struct lint *l, const struct abi *abi, const char *name)
{
	static const char *const ends[] = {"_time64", "64"};
	size_t len = strlen(name);

	for (size_t i = 0; i < countof(ends); i++) {
		size_t end = strlen(ends[i]);
		if (len <= end || strcmp(name + len - end, ends[i]) != 0)
			continue;
		const char *older = arena_text(l->arena, name, len - end);
		return outcome_of_name(l, abi, older).how == OUTCOME_ABSENT ? NULL : older;
	}
	return NULL;
}

bool program_call_traps(const struct lint *l, const struct abi *abi, const struct program_call *call, bool *partly)
{
	struct syscall_outcome t = outcome_of(l, abi, call->id);
	bool killed = !outcome_is_errno(t.ret);

	*partly = false;
	if (t.how != OUTCOME_REFUSED || t.unlike || is_no_failure(&t) || (call->eperm && !killed))
		return false;
	return program_may(l, abi, call->enosys ? call->instead : older_times(l, abi, call->name), partly);
}
