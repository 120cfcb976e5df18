/*
 * New calls that C libraries try first, and do without when the kernel says ENOSYS. A filter that
 * says EPERM, because its author never heard of the call or meant well, breaks what worked before.
 */

#include "../meaning/enosys.h"
#include "treatment.h"

#include "../../arch/since.h"

#include <string.h>

struct tried {
	const char *newer;
	const char *older[3]; /* any of these allowed: somebody wants the work done; NULL-ended */
	const char *who;
};

/*
 * Sources: run on Debian 12 (glibc 2.36, coreutils 9.1, Python 3.11) with EPERM and with ENOSYS;
 * sysdeps/unix/sysv/linux of glibc for fchmodat2 and the 64-bit times, which musl 1.2 treats alike.
 */
static const struct tried tries[] = {
	{"clone3", {"clone"}, "glibc 2.34 and later start threads and programs with it"},
	{"faccessat2", {"faccessat", "access"}, "glibc 2.33 and later: test -r of shells"},
	{"statx", {"newfstatat", "stat", "fstatat64"}, "ls and stat of coreutils"},
	{"renameat2", {"renameat", "rename"}, "mv of coreutils"},
	{"fchmodat2", {"fchmodat", "chmod"}, "glibc 2.39 and later"},
	{"accept4", {"accept"}, "Python"},
	{"dup3", {"dup2"}, "Python"},
	{"clock_gettime64", {"clock_gettime"}, "glibc 2.34 and musl 1.2: any look at the clock"},
	{"clock_nanosleep_time64", {"clock_nanosleep", "nanosleep"}, "glibc 2.34 and musl 1.2"},
	{"futex_time64", {"futex"}, "glibc 2.34 and musl 1.2: threads that wait"},
	{"ppoll_time64", {"ppoll", "poll"}, "glibc 2.34 and musl 1.2"},
	{"pselect6_time64", {"pselect6", "_newselect"}, "glibc 2.34 and musl 1.2"},
	{"utimensat_time64", {"utimensat"}, "glibc 2.34 and musl 1.2"},
	{"recvmmsg_time64", {"recvmmsg"}, "glibc 2.34 and musl 1.2"},
	{"rt_sigtimedwait_time64", {"rt_sigtimedwait"}, "glibc 2.34 and musl 1.2"},
	{"timerfd_settime64", {"timerfd_settime"}, "glibc 2.34 and musl 1.2"},
	{"semtimedop_time64", {"semtimedop", "ipc"}, "glibc 2.34 and musl 1.2"},
};

static bool is_trap(const struct lint *l, const struct tried *tried, struct treatment *t)
{
	const struct abi *abi = l->policy->abi[0];

	*t = treatment_of_name(l, abi, tried->newer);
	for (size_t i = 0; t->how == TREATS_REFUSED && i < countof(tried->older); i++) {
		enum treats older = tried->older[i] ? treatment_of_name(l, abi, tried->older[i]).how
						    : TREATS_ABSENT;
		if (older == TREATS_OPEN || older == TREATS_PARTLY)
			return true;
	}
	return false;
}

/* The newer call could not be allowed on the older one's conditions. */
static bool has_conditions(const struct lint *l, const struct tried *tried)
{
	bool found = false;

	for (size_t i = 0; i < countof(tried->older) && tried->older[i]; i++)
		found |= treatment_of_name(l, l->policy->abi[0], tried->older[i]).how ==
			TREATS_PARTLY;
	return found;
}

/* Would --enosys=table see to it? */
static bool table_helps(const struct lint *l, const char *name)
{
	struct ruleset set = *l->set;
	uint16_t id;

	set.enosys = ENOSYS_TABLE;
	return arch_syscall_find(name, strlen(name), &id) &&
		enosys_is_newer(&set, l->policy->abi[0], id);
}

static void note_user(const struct lint *l, const struct tried *tried)
{
	struct since since = {0};
	uint16_t id;

	if (arch_syscall_find(tried->newer, strlen(tried->newer), &id) &&
		arch_since(l->policy->abi[0], id, &since) && since.major > 2)
		diag_note(l->diags, NOWHERE, 1, "%s, %s Linux %u.%u: %s", tried->newer,
			since_word(since), since.major, since.minor, tried->who);
	else
		diag_note(l->diags, NOWHERE, 1, "%s: %s", tried->newer, tried->who);
}

/* All that one place refuses are one finding; *done says which have been told. */
static void report(
	const struct lint *l, const struct treatment *at, const struct treatment *t, bool *done)
{
	uint16_t enosys = l->node->native->enosys;
	bool conditional = false;
	struct word_list names = {.count = 0}, helped = {.count = 0};

	for (size_t i = 0; i < countof(tries); i++) {
		if (done[i] || t[i].at != at->at)
			continue;
		word_list_add(&names, tries[i].newer);
		if (table_helps(l, tries[i].newer))
			word_list_add(&helped, tries[i].newer);
	}
	diag(l->diags, DIAG_ERRNO_TRAP, at->at, treatment_len(l, at->at),
		"%s answered with %s: programs that try %s take the older call on ENOSYS alone, "
		"and fail",
		word_list_text(l->arena, &names), treatment_words(l, at->ret),
		names.count == 1 ? "it" : "them");
	for (size_t i = 0; i < countof(tries); i++) {
		if (done[i] || t[i].at != at->at)
			continue;
		note_user(l, &tries[i]);
		conditional |= has_conditions(l, &tries[i]);
		done[i] = true;
	}
	diag_note(l->diags, NOWHERE, 1, "%s: \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": %u",
		conditional ? "where the older call has conditions answer ENOSYS, allow the others"
			    : "allow what the older call is allowed, or answer ENOSYS",
		enosys);
	if (helped.count)
		diag_note(l->diags, NOWHERE, 1,
			"--enosys=table of compile and resolve does it for %s",
			word_list_text(l->arena, &helped));
}

void lint_errnos(const struct lint *l)
{
	struct treatment t[countof(tries)];
	bool done[countof(tries)];

	for (size_t i = 0; i < countof(tries); i++)
		done[i] = !is_trap(l, &tries[i], &t[i]);
	for (size_t i = 0; i < countof(tries); i++) {
		if (!done[i])
			report(l, &t[i], t, done);
	}
}
