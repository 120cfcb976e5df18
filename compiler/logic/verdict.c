/*
 * In: a value a filter returns. Out: the verdict. An action the kernel does not know kills the
 * process and carries its data along; an errno above MAX_ERRNO is that; LOG, ALLOW and NOTIFY have
 * no use for their data. That of the others is seen: si_errno of TRAP's SIGSYS and of a core dump,
 * the message a tracer reads.
 */

#include "verdict.h"

#include "../kernel/action.h"
#include "../base/base.h"
#include "../kernel/undecided.h"
#include "combine.h"

#define ERRNO_LAST 4095u /* include/linux/err.h MAX_ERRNO */

uint32_t verdict_of(uint32_t ret)
{
	enum action action;

	if (!action_of(ret, &action))
		return action_ret(ACTION_KILL_PROCESS, 0) | RET_DATA(ret);
	switch (action) {
	case ACTION_KILL_PROCESS:
	case ACTION_KILL_THREAD:
	case ACTION_TRAP:
	case ACTION_TRACE:
		return ret;
	case ACTION_ERRNO:
		return RET_DATA(ret) > ERRNO_LAST ? RET_ACTION(ret) | ERRNO_LAST : ret;
	case ACTION_NOTIFY:
	case ACTION_LOG:
	case ACTION_ALLOW:
		return RET_ACTION(ret);
	case ACTIONS:
		break;
	}
	unreachable();
}

/*
 * enum action is in the kernel's order (kernel/seccomp.c seccomp_run_filters(), which compares the
 * action as a signed number). An unknown action counts as what it comes to.
 */
unsigned verdict_rank(uint32_t ret)
{
	enum action action;

	return action_of(ret, &action) ? (unsigned)action : (unsigned)ACTION_KILL_PROCESS;
}

bool verdict_lets_through(uint32_t ret)
{
	enum action action;

	return action_of(ret, &action) && action >= ACTION_LOG;
}

static uint64_t first_verdict(uint64_t f, uint64_t g)
{
	(void)g;
	return is_undecided(f) ? f : verdict_of((uint32_t)f);
}

/* No value of the store that can be returned, so none of the function's, is another as a verdict. */
static bool are_verdicts(const struct bdd *b)
{
	for (uint32_t i = 0; i < b->count; i++) {
		uint64_t value = bdd_is_leaf(b, i) ? bdd_value(b, i) : RET_ALLOW;
		if (value <= UINT32_MAX && verdict_of((uint32_t)value) != value)
			return false;
	}
	return true;
}

uint32_t verdict_function(struct bdd *b, uint32_t function)
{
	if (are_verdicts(b))
		return function;
	return combine(b, function, function, first_verdict);
}

void undecided_print(struct buf *b, uint64_t ret)
{
	buf_printf(b,
		"instruction %zu shifts by X, which can be %u or more: what comes of that differs "
		"from kernel to kernel",
		UNDECIDED_AT(ret), SHIFT_MAX + 1);
}
