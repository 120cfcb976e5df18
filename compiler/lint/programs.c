#include "programs.h"

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

#define ANSWER_FAILS false
#define ANSWER_WORKS true
#define PROGRAM(...)
#define CALLS(program, work, name, eperm, enosys, instead)                                                 \
	{program, WORK_##work, #name, ANSWER_##eperm, ANSWER_##enosys, instead},
static const struct program_call calls[] = {
#include "programs.tbl"
	{.name = NULL},
};
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

const char *program_work_words(enum program_work work)
{
	return work_words[work];
}

bool program_is_of(const struct program *program, const struct abi *abi)
{
	const struct abi *own = arch_find(program->abi, strlen(program->abi));

	return own && own->bits == abi->bits;
}

bool program_starts(size_t program)
{
	for (const struct program_call *call = calls; call->name; call++) {
		if (call->program == program && call->work == WORK_START)
			return true;
	}
	return false;
}

static bool is_refused(enum outcome how)
{
	return how == OUTCOME_REFUSED || how == OUTCOME_ENOSYS;
}

#define CLONE_NEW    0x7e020000u /* include/uapi/linux/sched.h: the namespaces that clone(2) makes */
#define CLONE_THREAD 0x00010000u
#define CLONE_SHARES 0x00000900u /* CLONE_VM, CLONE_SIGHAND: kernel/fork.c copy_process() wants them for a thread */

/* What flags of clone(2) surely are. Before main() it starts threads, of Go's runtime. */
static const struct {
	enum program_work work;
	uint32_t mask, value;
} flags[] = {
	{WORK_START, CLONE_THREAD | CLONE_SHARES, CLONE_THREAD | CLONE_SHARES},
	{WORK_THREAD, CLONE_THREAD | CLONE_SHARES, CLONE_THREAD | CLONE_SHARES},
	{WORK_FORK, CLONE_THREAD | CLONE_NEW, 0},
	{WORK_SPAWN, CLONE_THREAD | CLONE_NEW, 0},
	{WORK_PIPE, CLONE_THREAD | CLONE_NEW, 0},
};

static struct syscall_outcome treated(
	const struct lint *l, const struct abi *abi, const char *name, enum program_work work)
{
	for (size_t i = 0; i < countof(flags) && strcmp(name, "clone") == 0; i++) {
		const struct cond cond = {abi->clone_swapped ? 1 : 0, COND_EQ, flags[i].mask, flags[i].value};
		if (flags[i].work == work)
			return outcome_where(l, abi, name, &(struct clause){.cond = &cond, .conds = 1});
	}
	return outcome_of_name(l, abi, name);
}

/* The first of them that is. */
static const char *first_refused(
	const struct lint *l, const struct abi *abi, const char *words, enum program_work work)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");
		const char *name = arena_text(l->arena, words, len);
		if (is_refused(treated(l, abi, name, work).how))
			return name;
		words += len + (words[len] != '\0');
	}
	return NULL;
}

bool program_call_fails(const struct lint *l, const struct abi *abi, const struct program_call *call)
{
	struct syscall_outcome t = treated(l, abi, call->name, call->work);

	if (!is_refused(t.how))
		return false;
	if (RET_ACTION(t.ret) != action_ret(ACTION_ERRNO, 0))
		return true; /* it is made, whether it is needed or not */
	if (!(t.how == OUTCOME_ENOSYS ? call->enosys : call->eperm))
		return true;
	return first_refused(l, abi, call->instead, call->work) != NULL;
}

const char *program_call_culprit(
	const struct lint *l, const struct abi *abi, const struct program_call *call, struct syscall_outcome *t)
{
	*t = treated(l, abi, call->name, call->work);
	const char *instead = t->how == OUTCOME_ENOSYS && call->enosys
		? first_refused(l, abi, call->instead, call->work) : NULL;
	if (!instead)
		return call->name;
	*t = treated(l, abi, instead, call->work);
	return instead;
}

bool program_call_stops(const struct lint *l, const struct program_call *call)
{
	const struct abi *abi = l->policy->abi[0];
	enum outcome how = outcome_of_name(l, abi, "execve").how;
	bool starts = how == OUTCOME_OPEN || how == OUTCOME_PARTLY || how == OUTCOME_ASKED;

	return (call->work == WORK_END || (call->work == WORK_START && starts)) && program_call_fails(l, abi, call);
}

bool program_may(const struct lint *l, const struct abi *abi, const char *words, bool *partly)
{
	bool may = words != NULL;

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
	bool killed = RET_ACTION(t.ret) != action_ret(ACTION_ERRNO, 0);

	return t.how == OUTCOME_REFUSED && (!call->eperm || killed) && program_may(l, abi, instead, partly);
}
