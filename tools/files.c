/*
 * Reading is bounded before it starts where the size is known (a file of 1 GiB is refused, not
 * read) and while it goes where it is not (a pipe). Writing is atomic.
 */

#include "files.h"

#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path, const char *what)
{
	const char *why = strerror(errno);

	if (what)
		message("%s: %s: %s", path, what, why);
	else
		message("%s: %s", path, why);
	return false;
}

static bool too_large(const char *path, size_t max)
{
	message("%s: larger than %zu MiB, the most winnow reads", path, max >> 20);
	return false;
}

/* A small file is read into no more than it takes; one of /proc says that it is empty. */
static size_t chunk_size(int fd)
{
	const size_t most = 65536;
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size <= 0 || (uintmax_t)st.st_size >= most)
		return most;
	return (size_t)st.st_size + 1;
}

bool files_read_fd(struct arena *arena, int fd, const char *path, size_t max, struct source *source)
{
	const size_t room = chunk_size(fd);
	struct buf b;
	char *chunk = arena_alloc(arena, room, 1);
	ssize_t n;

	buf_init(&b, arena);
	while ((n = read(fd, chunk, room)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(path, NULL);
		buf_add(&b, chunk, (size_t)n);
		if (b.len > max)
			return too_large(path, max);
	}
	*source = (struct source){path, b.bytes ? b.bytes : "", b.len};
	return true;
}

bool files_read(struct arena *arena, const char *path, size_t max, struct source *source)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return files_read_fd(arena, STDIN_FILENO, "<stdin>", max, source);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(path, NULL);
	bool ok = fstat(fd, &st) == 0 || complain(path, NULL);
	if (ok && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		ok = complain(path, NULL);
	} else if (ok && S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max) {
		ok = too_large(path, max);
	}
	ok = ok && files_read_fd(arena, fd, path, max, source);
	close(fd);
	return ok;
}

bool files_write_fd(int fd, const void *data, size_t len)
{
	const char *bytes = data;

	while (len) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* 0666 less the umask, as open(2) would have made it; mkstemp makes 0600. */
static mode_t plain_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static bool write_beside(const char *path, const void *bytes, size_t len)
{
	size_t room = strlen(path) + 16;
	char *temporary = malloc(room);
	bool ok = false;

	if (!temporary)
		return complain(path, NULL);
	snprintf(temporary, room, "%s.XXXXXX", path);
	int fd = mkstemp(temporary);
	if (fd < 0) {
		complain(path, NULL);
		free(temporary);
		return false;
	}
	ok = files_write_fd(fd, bytes, len) && fchmod(fd, plain_mode()) == 0 && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && rename(temporary, path) == 0;
	if (!ok) {
		complain(path, "cannot be written");
		unlink(temporary);
	}
	free(temporary);
	return ok;
}

/* Links, pipes and devices stay what they are: renaming over /dev/null would make a file of it. */
static bool write_through(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		return complain(path, NULL);
	bool ok = files_write_fd(fd, bytes, len) || complain(path, "cannot be written");
	return (close(fd) == 0 || complain(path, "cannot be written")) && ok;
}

bool files_write(const char *path, const void *bytes, size_t len)
{
	sigset_t ending, before;
	struct stat st;

	if (strcmp(path, "-") == 0)
		return files_write_fd(STDOUT_FILENO, bytes, len) ||
			complain("standard output", NULL);
	bool there = lstat(path, &st) == 0;
	if (!there && errno != ENOENT)
		return complain(path, NULL);
	if (there && !S_ISREG(st.st_mode))
		return write_through(path, bytes, len);
	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	sigprocmask(SIG_BLOCK, &ending, &before);
	bool ok = write_beside(path, bytes, len);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}

bool files_print(const struct buf *b)
{
	return files_write("-", b->bytes, b->len);
}

/*
 * Each channel that is closed, from the lowest on, becomes /dev/null opened the wrong way round: what
 * is read from it or written to it still fails with EBADF.
 */
static void fill_channels(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

void files_start(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
	fill_channels();
}

bool files_is_directory(const char *path)
{
	struct stat st;
	size_t len = strlen(path);

	if (len && path[len - 1] == '/')
		return true;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool files_make_directory(const char *path)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST || complain(path, NULL);
}

void files_diags(struct arena *arena, const struct diags *diags, bool quiet, const char *colour)
{
	struct buf b;
	bool automatic = !colour || strcmp(colour, "auto") == 0;
	const char *no_color = getenv("NO_COLOR");
	bool coloured = automatic ? isatty(STDERR_FILENO) && !(no_color && *no_color)
				  : strcmp(colour, "always") == 0;

	buf_init(&b, arena);
	diags_print(&b, diags, quiet ? SEVERITY_ERROR : SEVERITY_NOTE, coloured);
	files_write_fd(STDERR_FILENO, b.bytes, b.len);
}
