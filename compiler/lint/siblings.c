/* Tables of syscalls that do each other's work. */

#include "siblings.h"

#include <string.h>

#define NAME_ROOM  24u /* names in place, so that the loader has nothing to relocate */

/* Whoever may make one of a row may as well make another: ended by an empty name, the table by an empty row. */
static const char families[][SIBLINGS_MAX + 1][NAME_ROOM] = {
	{"open", "openat", "openat2"},
	{"execve", "execveat"},
	{"chmod", "fchmod", "fchmodat", "fchmodat2"},
	{"chown", "lchown", "fchown", "fchownat", "chown32", "lchown32", "fchown32"},
	{"link", "linkat"},
	{"symlink", "symlinkat"},
	{"unlink", "unlinkat"},
	{"rename", "renameat", "renameat2"},
	{"mkdir", "mkdirat"},
	{"mknod", "mknodat"},
	{"readlink", "readlinkat"},
	{"utime", "utimes", "futimesat", "utimensat", "utimensat_time64"},
	{"setxattr", "lsetxattr", "fsetxattr", "setxattrat"},
	{"getdents", "getdents64"},
	{"umount", "umount2"},
	{"init_module", "finit_module"},
	{"kexec_load", "kexec_file_load"},
	{"quotactl", "quotactl_fd"},
	{"settimeofday", "clock_settime", "clock_settime64", "stime"},
	{"adjtimex", "clock_adjtime", "clock_adjtime64"},
	{"setuid", "setreuid", "setresuid", "setuid32", "setreuid32", "setresuid32"},
	{"setgid", "setregid", "setresgid", "setgid32", "setregid32", "setresgid32"},
	{"setgroups", "setgroups32"},
	{"setrlimit", "prlimit64"},
	{"sched_setscheduler", "sched_setattr"},
	{"mmap", "mmap2"},
	{"mprotect", "pkey_mprotect"},
	{"mlock", "mlock2"},
	{"fcntl", "fcntl64"},
	{"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"},
	{"accept", "accept4"},
	{"sendmsg", "sendmmsg"},
	{"recvmsg", "recvmmsg", "recvmmsg_time64"},
	{"pipe", "pipe2"},
	{"dup2", "dup3"},
	{""},
};

/*
 * What the first does the others do, but not the other way round. A mount needs no place: fsmount
 * and open_tree give a file system by file descriptor. Messages may have control data as well.
 */
static const char detours[][SIBLINGS_MAX + 1][NAME_ROOM] = {
	{"clone", "clone3"},
	{"unshare", "clone", "clone3"},
	{"fork", "vfork", "clone", "clone3"},
	{"vfork", "fork", "clone", "clone3"},
	{"rmdir", "unlinkat"},
	{"creat", "open", "openat", "openat2"},
	{"mount", "fsmount", "open_tree", "open_tree_attr"},
	{"send", "sendto", "sendmsg", "sendmmsg"},
	{"sendto", "sendmsg", "sendmmsg"},
	{"recv", "recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64"},
	{"recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64"},
	{""},
};

/* The row's names but the one at `skip`. */
static void list_others(const char (*names)[NAME_ROOM], size_t skip, struct siblings *s)
{
	s->others = 0;
	for (size_t i = 0; names[i][0]; i++) {
		if (i != skip)
			s->other[s->others++] = names[i];
	}
}

static size_t row_length(const char (*names)[NAME_ROOM])
{
	size_t count = 0;

	while (names[count][0])
		count++;
	return count;
}

bool siblings_next(size_t *at, struct siblings *s)
{
	size_t left = (*at)++;

	for (size_t i = 0; families[i][0][0]; i++) {
		size_t count = row_length(families[i]);
		if (left < count) {
			s->name = families[i][left];
			list_others(families[i], left, s);
			return true;
		}
		left -= count;
	}
	for (size_t i = 0; detours[i][0][0]; i++, left--) {
		if (left)
			continue;
		s->name = detours[i][0];
		list_others(detours[i], 0, s);
		return true;
	}
	return false;
}

const char *siblings_needs(const char *name)
{
	return strcmp(name, "fsmount") == 0 ? "fsopen" : NULL;
}
