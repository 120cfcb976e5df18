#include "program_arguments.h"

#include "../../arch/ids.h"

#define PROGRAM(id, title, release, abi) id,
#define CALLS(...)
enum {
#include "programs.tbl"
	PROGRAMS
};
#undef PROGRAM

#undef CALLS

enum answer { ANSWER_WORKS, ANSWER_FAILS, ANSWER_VARIES };

#define USE(program, name, which, a0, a1, a2, a3, a4, a5, eperm, enosys, shown)                            \
	{program, which, ANSWER_##eperm, ANSWER_##enosys, ID_##name, {a0, a1, a2, a3, a4, a5}, shown},
static const struct use {
	uint8_t program, which;
	uint8_t eperm, enosys; /* enum answer */
	uint16_t id;           /* of the syscall */
	uint32_t arg[CALL_ARGS];
	char shown[96];
} uses[] = {
#include "program_arguments.tbl"
};
#undef USE

/* All words of flags here are int in the kernel, and non-negative. */
static struct syscall_outcome use_outcome(const struct lint *l, const struct abi *abi, const struct use *use)
{
	struct cond cond[CALL_ARGS];
	size_t conds = 0;

	for (uint8_t arg = 0; arg < CALL_ARGS; arg++) {
		if (use->which >> arg & 1)
			cond[conds++] = (struct cond){arg, COND_EQ, UINT64_MAX, use->arg[arg]};
	}
	struct syscall_outcome t = outcome_where(l, abi, use->id, &(struct clause){.cond = cond, .conds = conds});

	outcome_for_programs(l, &t);
	return t;
}

static enum answer answer_to(const struct use *use, const struct syscall_outcome *t)
{
	if (t->how == OUTCOME_ENOSYS)
		return use->enosys;
	if (!outcome_is_errno(t->ret))
		return ANSWER_FAILS; /* it is made, whether it is needed or not */
	return RET_DATA(t->ret) ? use->eperm : ANSWER_VARIES; /* success that is none */
}

struct syscall_outcome program_arguments_outcome(
	const struct lint *l, const struct abi *abi, size_t program, uint16_t id, const char **shown)
{
	struct syscall_outcome t = outcome_of(l, abi, id);
	outcome_for_programs(l, &t);
	bool decides = t.how == OUTCOME_PARTLY || t.how == OUTCOME_ASKED || t.unlike, made = false, open = true;

	for (size_t i = 0; decides && i < countof(uses); i++) {
		if (uses[i].program != program || uses[i].id != id)
			continue;
		struct syscall_outcome one = use_outcome(l, abi, &uses[i]);
		made = true;
		open &= one.how == OUTCOME_OPEN;
		if (!outcome_is_refused(one.how) || one.unlike || answer_to(&uses[i], &one) != ANSWER_FAILS)
			continue;
		if (!one.by_rule) { /* what has the conditions is what keeps it from passing */
			one.at = t.at;
			one.by_rule = t.by_rule;
		}
		*shown = uses[i].shown;
		return one;
	}
	if (made && open)
		t.how = OUTCOME_OPEN;
	return t;
}
