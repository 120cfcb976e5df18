/*
 * For LD_PRELOAD: the process dies, or the disk is full, at its Nth change of the file system.
 *
 *	SABOTEUR_DIE=N    killed at the Nth change, before it; half-way through if it is a write
 *	SABOTEUR_ALONE=1  and no other; else the process that was started is killed with its child
 *	SABOTEUR_FULL=N   the Nth change and all after it fail with ENOSPC
 *	SABOTEUR_LIE=NR   the system call NR, made by syscall(3), returns 7 from the second time on
 *	SABOTEUR_ERRNO=N  and then it fails with that instead
 *	SABOTEUR_LOG=FILE what is done to files, a line each: "fsync /node/lib/.web.bpf.winnow"
 *	SABOTEUR_BOUND=N  the Nth process that binds its processor time spins from then on
 *	SABOTEUR_KILL=N   and this is killed instead
 *
 * Processes count together. Changes are what install makes: write(2) to a file, renameat(2), unlinkat(2), mkdirat(2). An
 * openat(2) that creates may find a full disk; dying there is like dying in the write that follows.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int openat(int at, const char *path, int flags, ...);
ssize_t write(int fd, const void *bytes, size_t len);
int fsync(int fd);
int renameat(int from_at, const char *from, int to_at, const char *to);
int unlinkat(int at, const char *path, int flags);
int mkdirat(int at, const char *path, mode_t mode);
int setrlimit(__rlimit_resource_t what, const struct rlimit *limit);
long syscall(long number, ...);

/* A program that is preloaded with this is a test's; globals are all there is to count in. */
static long lies;
static struct {
	pid_t first; /* the process that was started */
	long changes, bounds;
} *all;

__attribute__((constructor)) static void share(void)
{
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED)
		abort();
	all->first = getpid();
}

static long wish(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : 0;
}

/* A line "rename /node/.web.bpf.winnow /node/web.bpf" of the log; without a name, the descriptor's own. */
static void note(const char *what, int at, const char *name, int to_at, const char *to)
{
	const char *log = getenv("SABOTEUR_LOG");
	char line[4 * PATH_MAX];
	int len = snprintf(line, sizeof(line), "%s", what);

	for (int i = 0; log && i < (to ? 2 : 1); i++) {
		char link[64], folder[PATH_MAX] = "";
		snprintf(link, sizeof(link), "/proc/self/fd/%d", i ? to_at : at);
		const char *leaf = i ? to : name;
		ssize_t n = (i ? to_at : at) == AT_FDCWD
			? 0
			: readlink(link, folder, sizeof(folder) - 1);
		folder[n < 0 ? 0 : n] = 0;
		len += snprintf(line + len, sizeof(line) - (size_t)len, " %s%s%s", folder,
			*folder && leaf ? "/" : "", leaf ? leaf : "");
	}
	int fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
	if (fd < 0)
		return;
	line[len] = '\n';
	ssize_t (*put)(int, const void *, size_t) =
		(ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	if (put(fd, line, (size_t)len + 1) != len + 1)
		abort();
	close(fd);
}

/* True: fail. */
static int change(void)
{
	long die = wish("SABOTEUR_DIE"), full = wish("SABOTEUR_FULL");

	all->changes++;
	if (die && all->changes == die) {
		if (!wish("SABOTEUR_ALONE"))
			kill(all->first, SIGKILL);
		kill(getpid(), SIGKILL);
	}
	if (!full || all->changes < full)
		return 0;
	errno = ENOSPC;
	return 1;
}

int openat(int at, const char *path, int flags, ...)
{
	int (*real)(int, const char *, int, ...) =
		(int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
	mode_t mode = 0;
	va_list args;

	if (!(flags & O_CREAT))
		return real(at, path, flags);
	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	if (wish("SABOTEUR_FULL") && change())
		return -1;
	return real(at, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) =
		(ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	struct stat st;

	if (fd <= STDERR_FILENO || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return real(fd, bytes, len);
	if (wish("SABOTEUR_DIE") == all->changes + 1)
		real(fd, bytes, len / 2);
	note("write", fd, NULL, 0, NULL);
	return change() ? -1 : real(fd, bytes, len);
}

int fsync(int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	note("fsync", fd, NULL, 0, NULL);
	return real(fd);
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	int (*real)(int, const char *, int, const char *) =
		(int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");

	note("rename", from_at, from, to_at, to);
	return change() ? -1 : real(from_at, from, to_at, to);
}

/* Of what is there; a full disk can be deleted from. */
int unlinkat(int at, const char *path, int flags)
{
	int (*real)(int, const char *, int) =
		(int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat");

	if (!wish("SABOTEUR_FULL") && faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		change();
	int done = real(at, path, flags);
	if (done == 0)
		note("unlink", at, path, 0, NULL);
	return done;
}

int mkdirat(int at, const char *path, mode_t mode)
{
	int (*real)(int, const char *, mode_t) =
		(int (*)(int, const char *, mode_t))dlsym(RTLD_NEXT, "mkdirat");

	note("mkdir", at, path, 0, NULL);
	return change() ? -1 : real(at, path, mode);
}

int setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
	int (*real)(__rlimit_resource_t, const struct rlimit *) =
		(int (*)(__rlimit_resource_t, const struct rlimit *))dlsym(RTLD_NEXT, "setrlimit");
	int done = real(what, limit);

	if (what != RLIMIT_CPU || limit->rlim_cur == limit->rlim_max)
		return done;
	all->bounds++;
	if (wish("SABOTEUR_KILL") == all->bounds)
		kill(getpid(), SIGKILL);
	while (wish("SABOTEUR_BOUND") == all->bounds)
		;
	return done;
}

long syscall(long number, ...)
{
	long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	long arg[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (getenv("SABOTEUR_LIE") && number == wish("SABOTEUR_LIE") && lies++) {
		errno = (int)wish("SABOTEUR_ERRNO");
		return errno ? -1 : 7;
	}
	return real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
