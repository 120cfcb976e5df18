#include "programs.h"

#include "program_arguments.h"

#include <string.h>

#define PROGRAM(id, title, release, abi) id,
#define CALLS(...)
enum {
#include "programs.tbl"
	PROGRAMS
};
#undef PROGRAM

#define PROGRAM(id, title, release, abi) {title, release, abi},
static const struct program programs[] = {
#include "programs.tbl"
};
#undef PROGRAM
#undef CALLS

#define PROGRAM(...)
#define CALLS(program, work, name, eperm, enosys, instead)                                                 \
	{program, WORK_##work, #name, PROGRAM_##eperm, PROGRAM_##enosys, instead},
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

static bool measured_on(const struct program *program, const struct abi *abi)
{
	return strcmp(program->abi, abi->name) == 0;
}

bool program_is_of(const struct program *program, const struct abi *abi)
{
	if (measured_on(program, abi))
		return true;
	const struct abi *own = arch_find(program->abi, strlen(program->abi));

	return own && own->bits == abi->bits;
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
	bool measured = measured_on(program_at(use->program), abi);
	uint64_t mask = ~(uint64_t)(measured ? 0 : use->elsewhere);
	const struct cond cond[] = {
		{abi->clone_swapped ? 1 : 0, COND_EQ, mask, use->flags & mask},
		{abi->clone_swapped ? 0 : 1, use->stack == NONE ? COND_EQ : COND_NE, UINT64_MAX, 0},
	};

	return outcome_where(l, abi, "clone", &(struct clause){.cond = cond, .conds = countof(cond)});
}

/* Refused in one way or another is as undecided as refused or not: what a program does about it differs. */
static struct syscall_outcome as_one(const struct lint *l, struct syscall_outcome t)
{
	if (t.unlike)
		t.how = OUTCOME_PARTLY;
	return outcome_for_programs(l, t);
}

/* It is made, whether it is needed or not. */
static bool ends(const struct syscall_outcome *t)
{
	return outcome_is_refused(t->how) && t->how != OUTCOME_ENOSYS && !outcome_is_errno(t->ret);
}

/* What becomes of the very clone() that the program does the work by; of all of them where it was not measured. */
static struct syscall_outcome clone_of(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = outcome_of_name(l, abi, "clone");
	bool first = true;

	for (size_t i = 0; i < countof(clones) && t.how != OUTCOME_ABSENT; i++) {
		if (clones[i].program != call->program || clones[i].work != call->work)
			continue;
		struct syscall_outcome one = as_one(l, clone_used(l, abi, &clones[i]));
		if (!first && one.how != t.how)
			one.how = OUTCOME_PARTLY;
		t = one;
		first = false;
	}
	return t;
}

/* Of what it was seen to start and end with the flags are known, too; *shown: as program_arguments_outcome(). */
static struct syscall_outcome treated_so(const struct lint *l, const struct abi *abi, const char *name,
	const struct program_call *call, const char **shown)
{
	bool begins_or_ends = name == call->name && (call->work == WORK_START || call->work == WORK_END);
	struct syscall_outcome t;

	if (strcmp(name, "clone") == 0)
		t = clone_of(l, abi, call);
	else if (begins_or_ends && measured_on(program_at(call->program), abi))
		t = program_arguments_outcome(l, abi, call->program, name, shown);
	else
		t = outcome_of_name(l, abi, name);
	return as_one(l, t);
}

static struct syscall_outcome treated(
	const struct lint *l, const struct abi *abi, const char *name, const struct program_call *call)
{
	const char *shown;

	return treated_so(l, abi, name, call, &shown);
}

static bool is_undecided(enum outcome how)
{
	return how == OUTCOME_PARTLY || how == OUTCOME_ASKED;
}

/* The first of those in its place that `is`. */
static const char *first_instead(
	const struct lint *l, const struct abi *abi, const struct program_call *call, bool (*is)(enum outcome))
{
	const char *words = call->instead;

	while (*words) {
		size_t len = strcspn(words, " ");
		const char *name = arena_text(l->arena, words, len);
		if (is(treated(l, abi, name, call).how))
			return name;
		words += len + (words[len] != '\0');
	}
	return NULL;
}

bool program_call_fails(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = treated(l, abi, call->name, call);

	if (!outcome_is_refused(t.how))
		return false;
	if (ends(&t))
		return call->eperm != PROGRAM_SOMETIMES;
	if (!(t.how == OUTCOME_ENOSYS ? call->enosys : call->eperm))
		return true;
	return first_instead(l, abi, call, outcome_is_refused) != NULL;
}

bool program_call_undecided(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = treated(l, abi, call->name, call);

	if (!outcome_is_refused(t.how))
		return is_undecided(t.how);
	return first_instead(l, abi, call, is_undecided) ||
		(call->eperm == PROGRAM_SOMETIMES && ends(&t));
}

const struct program_call *program_start_undecided(const struct lint *l, size_t program)
{
	const struct abi *abi = l->policy->abi[0];
	bool tool = !program_starts(program);

	const struct program_call *call = tool ? calls : program_calls_of(program);
	for (; call->name[0] && (tool || call->program == program); call++) {
		if (call->work != WORK_START && call->work != WORK_END)
			continue;
		const struct program *one = program_at(call->program);
		bool as_it = tool ? strstr(one->title, ", dynamic") && strcmp(one->release, programs[program].release) == 0 &&
					strcmp(one->abi, programs[program].abi) == 0
				  : call->program == program;
		if (as_it && (program_call_undecided(l, abi, call) || (tool && program_call_stops(l, call))))
			return call;
	}
	return NULL;
}

const char *program_call_culprit(
	const struct lint *l, const struct abi *abi, const struct program_call *call, struct syscall_outcome *t)
{
	const char *shown = call->name;

	*t = treated_so(l, abi, call->name, call, &shown);
	const char *instead = t->how == OUTCOME_ENOSYS && call->enosys
		? first_instead(l, abi, call, outcome_is_refused) : NULL;
	if (!instead)
		return shown;
	*t = treated(l, abi, instead, call);
	return instead;
}

bool program_call_stops(const struct lint *l, const struct program_call *call)
{
	const struct abi *abi = l->policy->abi[0];

	if ((call->work != WORK_END && call->work != WORK_START) || !program_call_fails(l, abi, call))
		return false;
	enum outcome how = as_one(l, outcome_of_name(l, abi, "execve")).how;
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
	struct syscall_outcome t = outcome_of_name(l, abi, call->name);
	const char *instead = call->enosys ? call->instead : older_times(l, abi, call->name);
	bool killed = !outcome_is_errno(t.ret);

	return t.how == OUTCOME_REFUSED && !t.unlike && (!call->eperm || killed) && program_may(l, abi, instead, partly);
}
