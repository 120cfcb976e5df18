/*
 * Preloaded into winnow by tests/scripts/run-faults: makes one call of libc's fail.
 *
 *   FAULT=CALL:N[+]:HOW    the Nth call of CALL, and with + all after it
 *   FAULT_MARK=FILE        gets a line "CALL FD" when the fault is met, FD -1 where there is none
 *
 * HOW is an errno, "short" (half of the bytes of a write or read are taken), "kill" (SIGKILL before
 * the call) or "killed" (after it). What libc calls in itself, stdio's writes above all, is not seen;
 * its calls of malloc are.
 */

#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* glibc's own names for what is replaced below: dlsym() may itself allocate */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static struct {
	const char *call;
	size_t call_len;
	unsigned long nth, met;
	bool onwards, kill, killed, halve;
	int error;
} fault;

__attribute__((constructor)) static void read_fault(void)
{
	const char *text = getenv("FAULT"), *colon = text ? strchr(text, ':') : NULL;
	char *end;

	if (!colon)
		return;
	fault.call_len = (size_t)(colon - text);
	fault.nth = strtoul(colon + 1, &end, 10);
	fault.onwards = *end == '+';
	end += fault.onwards;
	if (*end++ != ':')
		abort();
	fault.kill = strcmp(end, "kill") == 0;
	fault.killed = strcmp(end, "killed") == 0;
	fault.halve = strcmp(end, "short") == 0;
	fault.error = atoi(end);
	fault.call = text;
}

static void mark(const char *call, int fd)
{
	const char *path = getenv("FAULT_MARK");
	char line[64];

	if (!path)
		return;
	int len = snprintf(line, sizeof(line), "%s %d\n", call, fd);
	int to = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	syscall(SYS_write, to, line, (size_t)len);
	syscall(SYS_close, to);
}

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
}

/* Is it this call's turn? */
static bool strikes(const char *call, int fd)
{
	if (!fault.call || strlen(call) != fault.call_len ||
		strncmp(call, fault.call, fault.call_len) != 0)
		return false;
	fault.met++;
	if (fault.onwards ? fault.met < fault.nth : fault.met != fault.nth)
		return false;
	mark(call, fd);
	if (fault.kill)
		die();
	return true;
}

#define REAL(name) \
	static __typeof__(name) *real; \
	if (!real) \
		*(void **)&real = dlsym(RTLD_NEXT, #name)

/* Fails as told, for calls that return -1 */
#define INT_CALL(name, fd, call) \
	REAL(name); \
	if (!strikes(#name, fd)) \
		return real call; \
	if (fault.killed) { \
		(void)(real call); \
		die(); \
	} \
	errno = fault.error; \
	return -1

#define POINTER_CALL(name, fd, call) \
	REAL(name); \
	if (!strikes(#name, fd)) \
		return real call; \
	errno = fault.error; \
	return NULL

#define MEMORY_CALL(name, call) \
	if (!strikes(#name, -1)) \
		return __libc_##name call; \
	errno = ENOMEM; \
	return NULL

void *malloc(size_t size)
{
	MEMORY_CALL(malloc, (size));
}

void *calloc(size_t count, size_t size)
{
	MEMORY_CALL(calloc, (count, size));
}

void *realloc(void *old, size_t size)
{
	MEMORY_CALL(realloc, (old, size));
}

int open(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	INT_CALL(open, -1, (path, flags, mode));
}

/* One that fails has closed all the same. */
int close(int fd)
{
	REAL(close);
	bool fails = strikes("close", fd);
	int done = real(fd);

	if (!fails)
		return done;
	if (fault.killed)
		die();
	errno = fault.error;
	return -1;
}

ssize_t read(int fd, void *bytes, size_t len)
{
	if (fault.halve) {
		REAL(read);
		return real(fd, bytes, strikes("read", fd) && len > 1 ? len / 2 : len);
	}
	INT_CALL(read, fd, (fd, bytes, len));
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (fault.halve) {
		REAL(write);
		return real(fd, bytes, strikes("write", fd) && len > 1 ? len / 2 : len);
	}
	INT_CALL(write, fd, (fd, bytes, len));
}

int fsync(int fd)
{
	INT_CALL(fsync, fd, (fd));
}

int fchmod(int fd, mode_t mode)
{
	INT_CALL(fchmod, fd, (fd, mode));
}

int fstat(int fd, struct stat *st)
{
	INT_CALL(fstat, fd, (fd, st));
}

int stat(const char *path, struct stat *st)
{
	INT_CALL(stat, -1, (path, st));
}

int lstat(const char *path, struct stat *st)
{
	INT_CALL(lstat, -1, (path, st));
}

/* --- below a folder --- */

int openat(int at, const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	INT_CALL(openat, at, (at, path, flags, mode));
}

int fstatat(int at, const char *path, struct stat *st, int flags)
{
	INT_CALL(fstatat, at, (at, path, st, flags));
}

int mkdirat(int at, const char *path, mode_t mode)
{
	INT_CALL(mkdirat, at, (at, path, mode));
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	INT_CALL(renameat, from_at, (from_at, from, to_at, to));
}

int unlinkat(int at, const char *path, int flags)
{
	INT_CALL(unlinkat, at, (at, path, flags));
}

int flock(int fd, int how)
{
	INT_CALL(flock, fd, (fd, how));
}

DIR *fdopendir(int fd)
{
	POINTER_CALL(fdopendir, fd, (fd));
}

struct dirent *readdir(DIR *list)
{
	POINTER_CALL(readdir, -1, (list));
}

/* --- by path --- */

int mkdir(const char *path, mode_t mode)
{
	INT_CALL(mkdir, -1, (path, mode));
}
