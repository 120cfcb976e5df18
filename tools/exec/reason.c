/* Each reason in words, to follow "BLOB: " or "BLOB: instruction N: ". */

#include "../../include/winnow.h"

static const char *const texts[WINNOW_REASONS] = {
	[WINNOW_OK] = "nothing is wrong",
	[WINNOW_SIZE] = "the size is no multiple of 8: cut short, or no filter",
	[WINNOW_EMPTY] = "empty: a filter has one instruction at least",
	[WINNOW_TOO_LONG] = "more than 4096 instructions, the most the kernel takes",
	[WINNOW_BYTE_ORDER] = "a filter for machines of the other byte order",
	[WINNOW_OPCODE] = "not one of the instructions seccomp takes",
	[WINNOW_OFFSET] =
		"loads elsewhere than at a multiple of 4 below 64, where seccomp_data ends",
	[WINNOW_CELL] = "uses a memory cell beyond M[15]",
	[WINNOW_UNWRITTEN] =
		"reads a memory cell the kernel does not see written on every way here",
	[WINNOW_DIVISION] = "divides by 0",
	[WINNOW_SHIFT] = "shifts by more than 31",
	[WINNOW_JUMP] = "jumps beyond the end",
	[WINNOW_NO_RETURN] = "the last one and not a return: cut short?",
	[WINNOW_TRAILER] = "in a trailer that is not as it was written: the blob was changed",
	[WINNOW_ARCH_UNSEEN] =
		"decides before the arch was compared, so also for calls of other ABIs",
	[WINNOW_ARCH_OTHER] =
		"never compares the arch with this machine's: a filter for another ABI",
	[WINNOW_ARCH_KILLED] = "kills every call of this machine's ABI: a filter for another one",
	[WINNOW_FLAGS] = "flags that do not go together: to wait killably takes a listener",
	[WINNOW_READ] = "cannot be read",
	[WINNOW_PRIVS] = "no_new_privs cannot be set",
	[WINNOW_UNAVAILABLE] = "this kernel has no seccomp filters, or not with these flags",
	[WINNOW_THREADS] = "another thread has filters of its own, so not all can have this one",
	[WINNOW_BUDGET] = "no memory, or more than all filters of a task may have together",
	[WINNOW_REFUSED] = "refused by the kernel",
};

const char *winnow_reason_text(enum winnow_reason reason)
{
	return texts[reason];
}
