/*
 * Functions of the C library whose syscall has another name, by the manual pages of section 2 and 3
 * ("C library/kernel differences") and the tables of section "NOTES" of syscalls(2). Where a name
 * has several candidates ABIs differ, and the first that the ABI has is meant. Without a candidate
 * no one syscall does the work, and the nearest name would mislead.
 */

#include "misnomer.h"

#include "../base/base.h"
#include "../base/suggest.h"

#include <string.h>

#define CANDIDATES 3

static const struct {
	char word[24], syscall[CANDIDATES][24]; /* in place, so that the loader has nothing to relocate */
} functions[] = {
	{"_Exit", {"exit_group"}},
	{"_exit", {"exit_group"}},
	{"creat64", {"creat", "openat"}},
	{"epoll", {"epoll_create1"}},
	{"exec", {"execve"}},
	{"execl", {"execve"}},
	{"execlp", {"execve"}},
	{"execv", {"execve"}},
	{"execvp", {"execve"}},
	{"fadvise", {"fadvise64", "arm_fadvise64_64", "fadvise64_64"}},
	{"fexecve", {"execveat"}},
	{"fstatat", {"newfstatat", "fstatat64", "statx"}},
	{"ftw", {"getdents64"}},
	{"futimens", {"utimensat"}},
	{"futimes", {"utimensat"}},
	{"io_uring", {"io_uring_setup"}},
	{"isatty", {"ioctl"}},
	{"landlock", {"landlock_create_ruleset"}},
	{"lutimes", {"utimensat"}},
	{"mkfifo", {"mknod", "mknodat"}},
	{"mkfifoat", {"mknodat"}},
	{"newuname", {"uname"}},
	{"open64", {"open", "openat"}},
	{"openat64", {"openat"}},
	{"opendir", {"openat"}},
	{"pidfd", {"pidfd_open"}},
	{"popen", {""}},
	{"posix_fadvise", {"fadvise64", "arm_fadvise64_64", "fadvise64_64"}},
	{"posix_fallocate", {"fallocate"}},
	{"pread", {"pread64"}},
	{"prlimit", {"prlimit64"}},
	{"pthread_create", {"clone3"}},
	{"pwrite", {"pwrite64"}},
	{"raise", {"tgkill"}},
	{"sem_open", {""}},
	{"shm_open", {"openat"}},
	{"sigqueue", {"rt_sigqueueinfo"}},
	{"sigtimedwait", {"rt_sigtimedwait"}},
	{"sigwait", {"rt_sigtimedwait"}},
	{"sigwaitinfo", {"rt_sigtimedwait"}},
	{"sleep", {"clock_nanosleep"}},
	{"statx64", {"statx"}},
	{"system", {""}},
	{"tcgetattr", {"ioctl"}},
	{"tcsetattr", {"ioctl"}},
	{"telldir", {""}},
	{"thrd_create", {"clone3"}},
	{"usleep", {"clock_nanosleep"}},
};

static bool is_there(const struct abi *abi, const char *name)
{
	uint32_t nr;
	uint16_t id;

	return arch_syscall_find(name, strlen(name), &id) && (!abi || arch_nr(abi, id, &nr));
}

const char *misnomer_meant(const struct abi *abi, const char *word, size_t len)
{
	struct suggestion near = suggest_start(word, len);

	for (size_t i = 0; i < countof(functions); i++) {
		if (strlen(functions[i].word) != len || memcmp(functions[i].word, word, len) != 0)
			continue;
		for (size_t k = 0; k < CANDIDATES && functions[i].syscall[k][0]; k++) {
			if (is_there(abi, functions[i].syscall[k]))
				return functions[i].syscall[k];
		}
		return NULL;
	}
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		const char *name = arch_syscall_name((uint16_t)i);
		if (is_there(abi, name))
			suggest_offer(&near, name);
	}
	return near.best;
}

static bool same_digits(const char *a, size_t alen, const char *b)
{
	static const char digits[] = "0123456789";

	for (size_t i = 0;; i++, b++) {
		while (i < alen && !memchr(digits, a[i], sizeof(digits) - 1))
			i++;
		b += strcspn(b, digits);
		if (i == alen || !*b)
			return i == alen && !*b;
		if (a[i] != *b)
			return false;
	}
}

const char *misnomer_certain(const char *word, size_t len)
{
	const char *found = NULL;

	for (size_t i = 0; i < countof(functions); i++) {
		if (strlen(functions[i].word) == len && memcmp(functions[i].word, word, len) == 0)
			return NULL;
	}
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		const char *name = arch_syscall_name((uint16_t)i);
		struct suggestion near = suggest_start(word, len);
		suggest_offer(&near, name);
		if (!near.best || near.edits > 1)
			continue;
		if (found || !same_digits(word, len, name))
			return NULL;
		found = name;
	}
	return found;
}
