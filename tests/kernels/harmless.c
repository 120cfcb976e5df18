/*
 * A test of filters must not depend on what the calls do, so they are made to do nothing. Most
 * fail with all arguments -1: no such descriptor, pointer, flag, size or process. Those below are
 * better, as some or all of their arguments can be anything, or worse.
 *
 * What a number means is looked up in all ABIs of the machine, not in the caller's alone: x86_64
 * reaches x32's calls by a bit in the number, and a 64-bit MIPS kernel finds the table to use by
 * the number, whatever the caller is (arch/mips/kernel/scall64-*.S). A number that has no name
 * there is not there, and all it can do is ENOSYS.
 */

#include "harmless.h"

#include "compiler/base/base.h"

#include <string.h>

#define ALL_ONES UINT64_MAX
#define X32_BIT  0x40000000u
#define MACHINE  0xffffu /* of an audit arch: the machine's ELF number */

/* kernel: kernel/fork.c copy_process() refuses the one without the other */
#define CLONE_SIGHAND 0x800u
#define CLONE_THREAD  0x10000u

enum manner {
	ANYTHING,   /* harmless whatever its arguments, and does not return 0 */
	ANY_ZERO,   /* the same, but it may return 0 */
	DESCRIPTOR, /* the first argument is a descriptor: -1; the others may be anything */
	SELECTOR,   /* the first argument may be anything, the others -1 */
	ONES,       /* all -1: what has no line below */
	CLONE,      /* flags that contradict each other */
	NEVER,      /* ends or blocks its caller, splits it, or changes what it runs on */
};

static const struct {
	const char *name;
	enum manner manner;
} manners[] = {
	{"getpid", ANYTHING},
	{"getppid", ANYTHING},
	{"gettid", ANYTHING},
	{"getegid", ANY_ZERO},
	{"getegid32", ANY_ZERO},
	{"geteuid", ANY_ZERO},
	{"geteuid32", ANY_ZERO},
	{"getgid", ANY_ZERO},
	{"getgid32", ANY_ZERO},
	{"getpgrp", ANY_ZERO},
	{"getuid", ANY_ZERO},
	{"getuid32", ANY_ZERO},
	{"munlockall", ANY_ZERO},
	{"personality", ANY_ZERO},
	{"sched_yield", ANY_ZERO},
	{"umask", ANY_ZERO},
	{"close", DESCRIPTOR},
	{"dup", DESCRIPTOR},
	{"fchdir", DESCRIPTOR},
	{"fchmod", DESCRIPTOR},
	{"fcntl", DESCRIPTOR},
	{"fdatasync", DESCRIPTOR},
	{"fsync", DESCRIPTOR},
	{"ioctl", DESCRIPTOR},
	{"listen", DESCRIPTOR},
	{"lseek", DESCRIPTOR},
	{"read", DESCRIPTOR},
	{"shutdown", DESCRIPTOR},
	{"write", DESCRIPTOR},
	{"ipc", SELECTOR},
	{"socket", SELECTOR},
	{"socketcall", SELECTOR},
	{"clone", CLONE},
	{"breakpoint", NEVER}, /* arm: made again and again until a debugger moves on */
	{"exit", NEVER},
	{"exit_group", NEVER},
	{"fork", NEVER},
	{"idle", NEVER},
	{"pause", NEVER},
	{"restart_syscall", NEVER},
	{"rt_sigreturn", NEVER},
	{"sgetmask", NEVER},
	{"sigreturn", NEVER},
	{"sigsuspend", NEVER},
	{"ssetmask", NEVER},
	{"swapcontext", NEVER},
	{"switch_endian", NEVER},
	{"syscall", NEVER}, /* seccomp sees the call behind it */
	{"sys_debug_setcontext", NEVER},
	{"uprobe", NEVER}, /* not filtered: kernel/seccomp.c seccomp_uprobe_exception() */
	{"uretprobe", NEVER},
	{"vfork", NEVER},
	{"vhangup", NEVER},
};

static const char *name_of(const struct abi *caller, uint32_t nr)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		const char *name = NULL;
		if ((abi->audit & MACHINE) == (caller->audit & MACHINE))
			name = arch_nr_name(abi, nr);
		if (name)
			return name;
	}
	return NULL;
}

/*
 * x86_64's numbers with x32's bit, or without, may mean the same to some kernel (arch/x86/entry/
 * common.c do_syscall_x32()): they are treated as if they did.
 */
static const char *name_near(const struct abi *caller, uint32_t nr)
{
	const char *name = name_of(caller, nr);

	return name ? name : name_of(caller, nr ^ X32_BIT);
}

static enum manner manner_of(const char *name)
{
	for (size_t i = 0; i < countof(manners); i++) {
		if (strcmp(manners[i].name, name) == 0)
			return manners[i].manner;
	}
	return ONES;
}

void harmless_ones(struct call *call)
{
	for (size_t i = 0; i < CALL_ARGS; i++)
		call->args[i] = ALL_ONES;
}

bool harmless(const struct abi *abi, struct call *call, bool nonzero)
{
	const char *name = name_near(abi, call->nr);
	const uint64_t first = call->args[0];

	if (!name) /* -1 returns what it finds in the register */
		return !(nonzero && call->nr == UINT32_MAX);
	switch (manner_of(name)) {
	case ANYTHING:
		return true;
	case ANY_ZERO:
		return !nonzero;
	case DESCRIPTOR:
		call->args[0] |= UINT32_MAX;
		return true;
	case SELECTOR:
		harmless_ones(call);
		call->args[0] = first;
		return !nonzero;
	case ONES:
		harmless_ones(call);
		return !nonzero;
	case CLONE: /* which argument holds the flags depends on the architecture */
		for (size_t i = 0; i < 2; i++)
			call->args[i] = (call->args[i] | CLONE_THREAD) & ~(uint64_t)CLONE_SIGHAND;
		return true;
	case NEVER:
		return false;
	}
	unreachable();
}
