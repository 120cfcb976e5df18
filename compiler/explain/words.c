/*
 * Plain words for what a policy and a profile say in numbers. An ABI is asked for the names of
 * errnos only; a mask as wide as the ABI's arguments masks nothing and is not mentioned.
 */

#include "words.h"

#include "../../arch/errno.h"

#include <inttypes.h>

static void errno_words(struct buf *b, uint16_t number, const struct abi *abi)
{
	const char *name = abi ? arch_errno_name(abi, number) : NULL;

	if (!number)
		buf_text(b, "skipped, and reported as done");
	else if (name)
		buf_printf(b, "refused with %s", name);
	else
		buf_printf(b, "refused with errno %u", number);
}

void words_action(struct buf *b, uint32_t ret, const struct abi *abi)
{
	enum action action =
		ACTION_KILL_PROCESS; /* what the kernel does for one it does not know */

	action_of(ret, &action);
	switch (action) {
	case ACTION_KILL_PROCESS:
		buf_text(b, "kills the process");
		return;
	case ACTION_KILL_THREAD:
		buf_text(b, "kills the thread");
		return;
	case ACTION_TRAP:
		buf_text(b, "raises SIGSYS");
		return;
	case ACTION_ERRNO:
		errno_words(b, (uint16_t)RET_DATA(ret), abi);
		return;
	case ACTION_NOTIFY:
		buf_text(b, "decided by the listener");
		return;
	case ACTION_TRACE:
		buf_printf(b, "decided by the tracer (message %u)", RET_DATA(ret));
		return;
	case ACTION_LOG:
		buf_text(b, "allowed and logged");
		return;
	case ACTION_ALLOW:
		buf_text(b, "allowed");
		return;
	case ACTIONS:
		break;
	}
	unreachable();
}

void words_record(struct buf *b, uint32_t ret, const struct profile *p, bool is_there)
{
	enum action action = ACTION_KILL_PROCESS;

	action_of(ret, &action);
	if (action == ACTION_ALLOW)
		return;
	if (action_logged(action) || profile_logs(p))
		buf_printf(b, "The kernel writes a record of it (type=1326), where actions_logged has %s.\n",
			action_logged_name(action));
	else if (is_there)
		buf_text(b, "This is the kernel's record of it, though the profile's flags lack "
			    "SECCOMP_FILTER_FLAG_LOG: whoever\nloaded the filter asked for records.\n");
	else
		buf_text(b, "The kernel writes no record of it: the profile's flags lack "
			    "SECCOMP_FILTER_FLAG_LOG.\n");
}

const char *words_number(struct arena *arena, const struct abi *abi, uint32_t nr)
{
	const struct abi *foreign = arch_foreign(abi, nr);
	const char *name = arch_nr_name(foreign ? foreign : abi, nr);

	return foreign && name ? buf_print(arena, "%s:%s", foreign->name, name) : name;
}

void words_value(struct buf *b, uint64_t value)
{
	buf_printf(b, value < 4096 ? "%" PRIu64 : "0x%" PRIx64, value);
}

void words_cond(struct buf *b, const struct cond *c, const struct abi *abi)
{
	static const char *const op[] = {[COND_EQ] = "is",
		[COND_NE] = "is not",
		[COND_LT] = "is below",
		[COND_LE] = "is at most",
		[COND_GE] = "is at least",
		[COND_GT] = "is above"};
	uint64_t width = abi->bits == 32 ? UINT32_MAX : UINT64_MAX;

	buf_printf(b, "argument %u ", c->arg);
	if (c->mask != width)
		buf_printf(b, "& 0x%" PRIx64 " ", c->mask);
	buf_printf(b, "%s ", op[c->op]);
	words_value(b, c->value);
}

void words_wanted(struct buf *b, const struct profile_cond *c)
{
	static const char *const op[PROFILE_OPS] = {[OP_NE] = "anything but ",
		[OP_LT] = "below ",
		[OP_LE] = "at most ",
		[OP_EQ] = "",
		[OP_GE] = "at least ",
		[OP_GT] = "above "};

	if (c->op != OP_MASKED_EQ) {
		buf_text(b, op[c->op]);
		words_value(b, c->value);
		return;
	}
	words_value(b, c->value_two);
	buf_printf(b, " in the bits 0x%" PRIx64, c->value);
}
