/*
 * Reading is bounded before it starts where the size is known (a file of 1 GiB is refused, not
 * read) and while it goes where it is not (a pipe). Writing is atomic.
 */

/* realpath(), utimensat() */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): POSIX has it so */

#include "files.h"

#include "staged_file.h"
#include "message.h"

#include "../../compiler/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
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
	bool large = max >= (size_t)1 << 20;

	message("%s: larger than %zu %s, the most winnow reads", path, max >> (large ? 20 : 10),
		large ? "MiB" : "KiB");
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
	*source = (struct source){path, b.bytes ? b.bytes : "", b.len, false};
	return true;
}

/* What a user other than root can have put there, for root or for somebody else. */
static bool is_anothers(const struct stat *st)
{
	return st->st_uid != 0 && st->st_uid != geteuid();
}

static bool refuse_anothers(const char *path, const struct stat *st)
{
	message("%s: %s of user %lu: not taken", path,
		S_ISLNK(st->st_mode)          ? "a link"
			: S_ISFIFO(st->st_mode) ? "a named pipe"
						: "no plain file, but one",
		(unsigned long)st->st_uid);
	return false;
}

/* A pipe without a name, as a shell makes it, is in nobody's folder. */
static bool is_named(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 || fs.f_type != PIPEFS_MAGIC;
}

/* A named pipe that is opened without waiting has ended until its first writer comes. */
static void wait_writer(int fd)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};

	while (poll(&input, 1, -1) < 0 && errno == EINTR)
		;
}

/* For a pipe with a name, and for a device: a terminal. */
enum wait { MAY_WAIT, NO_WAIT };

/* Whose link leads to a device or a pipe? Another user's may lead to whatever he likes to be waited for. */
static bool own_lead(const char *path, const struct stat *opened)
{
	const char *leaf;
	struct stat st;
	int at = staged_open(path, STAGED_OWN_LINKS, &leaf);
	bool seen = at >= 0 && fstatat(at, leaf, &st, AT_SYMLINK_NOFOLLOW) == 0;

	if (at >= 0)
		close(at);
	if (seen && S_ISLNK(st.st_mode))
		return !is_anothers(&st) || refuse_anothers(path, &st);
	if (seen && st.st_ino == opened->st_ino && st.st_dev == opened->st_dev)
		return true;
	message("%s: no plain file, by a link of another user's: not taken", path);
	return false;
}

static bool refuse_waiting(const char *path)
{
	message("%s: not a plain file, nor a pipe without a name", path);
	return false;
}

/* Is what is no plain file to be read? False: told. */
static bool takes(int fd, const char *path, const struct stat *st, enum wait wait)
{
	bool pipe = S_ISFIFO(st->st_mode);

	if (S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		return complain(path, NULL);
	}
	if (S_ISREG(st->st_mode) || (pipe && !is_named(fd)))
		return true;
	if (wait == NO_WAIT)
		return refuse_waiting(path);
	return (!pipe || !is_anothers(st) || refuse_anothers(path, st)) && own_lead(path, st);
}

/* Nothing is waited for that another user could make wait. -1: told. */
static int open_input(const char *path, struct stat *st, enum wait wait)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		complain(path, NULL);
		return -1;
	}
	bool ok = fstat(fd, st) == 0 || complain(path, NULL);
	if (!ok || !takes(fd, path, st, wait)) {
		close(fd);
		return -1;
	}
	if (S_ISFIFO(st->st_mode) && is_named(fd))
		wait_writer(fd);
	fcntl(fd, F_SETFL, O_RDONLY);
	return fd;
}

/* What is left of `path`, a slash first, where it leads on from `folder`; NULL: it is not below it. */
static const char *below(const char *path, const char *folder)
{
	size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len : NULL;
}

/* By a hidden folder, such as .git; those of a ConfigMap's mount ("..data") are none. */
static bool is_secret(const char *path)
{
	for (; path; path = strchr(path + 1, '/')) {
		if (path[1] == '.' && path[2] != '.')
			return true;
	}
	return false;
}

/* Where a path leads; false: nowhere, or it is too long. */
static bool leads(const char *path, char real[PATH_MAX])
{
	return realpath(path, real) != NULL;
}

/* The folder a path names a file of, as it is written. */
static void folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int len = slash ? (int)(slash - path) : 0;

	snprintf(folder, PATH_MAX, "%.*s", len ? len : 1, len ? path : slash ? "/" : ".");
}

bool files_hidden(int fd, const char *path)
{
	char real[PATH_MAX], folder[PATH_MAX], here[PATH_MAX];
	struct stat opened, there, link;

	folder_of(path, folder);
	if (fstat(fd, &opened) < 0 || !S_ISREG(opened.st_mode) || lstat(path, &link) < 0 ||
		!leads(path, real) || stat(real, &there) < 0 || there.st_ino != opened.st_ino ||
		there.st_dev != opened.st_dev)
		return true;
	bool below_here = *path != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../") &&
		leads(".", here);
	if (below_here && !below(real, here))
		return true; /* a folder on the way is a link that leads out of the current one */
	if (!S_ISLNK(link.st_mode))
		return false;
	if (!leads(folder, here))
		return true;
	const char *rest = below(real, here);
	return !rest || is_secret(rest);
}

static bool read_input(struct arena *arena, const char *path, enum wait wait, size_t max,
	struct source *source)
{
	struct stat st;
	bool ok = true;

	if (strcmp(path, "-") == 0)
		return files_read_fd(arena, STDIN_FILENO, "<stdin>", max, source);
	int fd = open_input(path, &st, wait);
	if (fd < 0)
		return false;
	if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
		ok = too_large(path, max);
	ok = ok && files_read_fd(arena, fd, path, max, source);
	if (ok)
		source->hidden = files_hidden(fd, path);
	close(fd);
	return ok;
}

bool files_read(struct arena *arena, const char *path, size_t max, struct source *source)
{
	return read_input(arena, path, MAY_WAIT, max, source);
}

bool files_operand(struct arena *arena, const struct parsed *p, const char *path, size_t max,
	struct source *source)
{
	if (!files_read(arena, path, max, source))
		return false;
	source->hidden = source->hidden && !p->value[OPT_FOLLOW];
	return true;
}

bool files_read_plain(struct arena *arena, const char *path, size_t max, struct source *source)
{
	return read_input(arena, path, NO_WAIT, max, source);
}

int files_open(const char *path, size_t *size, bool *hidden)
{
	struct stat st;
	bool is_input = strcmp(path, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open_input(path, &st, MAY_WAIT);

	*size = 0;
	*hidden = false;
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		*size = (size_t)st.st_size;
	*hidden = !is_input && files_hidden(fd, path);
	return fd;
}

bool files_write_fd(int fd, const void *bytes, size_t len)
{
	return staged_fill(fd, bytes, len);
}

/* 0666 less the umask, as open(2) would have made it; mkstemp makes 0600. */
static mode_t plain_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Links, pipes and devices stay what they are: renaming over /dev/null would make a file of it. */
static bool write_through(
	const char *path, const struct stat *there, const void *bytes, size_t len)
{
	int link = S_ISLNK(there->st_mode) ? 0 : O_NOFOLLOW;

	if (is_anothers(there))
		return refuse_anothers(path, there);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | link, 0666);

	if (fd < 0)
		return complain(path, NULL);
	bool ok = files_write_fd(fd, bytes, len) || complain(path, "cannot be written");
	return (close(fd) == 0 || complain(path, "cannot be written")) && ok;
}

/* Not ended half-way by a signal that asks. */
static bool write_whole(const struct staged_file *to, const void *bytes, size_t len)
{
	sigset_t ending, before;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	sigprocmask(SIG_BLOCK, &ending, &before);
	bool ok = staged_write(to, bytes, len);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}

static bool write_stdout(const void *bytes, size_t len)
{
	return files_write_fd(STDOUT_FILENO, bytes, len) || complain("standard output", NULL);
}

/* What a path names, and its folder, which is held. */
struct place {
	int at;
	const char *leaf;
	struct stat st; /* of what is there, be it a link */
	bool there;
};

static bool complain_place(const char *path)
{
	message("%s: %s", path, staged_why(errno));
	return false;
}

/* False with a message. */
static bool open_place(struct place *p, const char *path, enum staged_links links)
{
	p->at = staged_open(path, links, &p->leaf);
	if (p->at < 0)
		return complain_place(path);
	p->there = fstatat(p->at, p->leaf, &p->st, AT_SYMLINK_NOFOLLOW) == 0;
	if (p->there || errno == ENOENT)
		return true;
	complain(path, NULL);
	close(p->at);
	return false;
}

static bool put(const struct place *p, const char *path, enum staged_lasts lasts, const void *bytes,
	size_t len)
{
	bool again = p->there && S_ISREG(p->st.st_mode); /* who may read it stays as it was */
	mode_t mode = again ? p->st.st_mode & 0777 : plain_mode();
	const struct staged_file to = {p->at, p->leaf, mode, lasts, NULL, again ? &p->st : NULL};

	return write_whole(&to, bytes, len) || complain(path, "cannot be written");
}

static bool write_as(const char *path, const void *bytes, size_t len, enum staged_lasts lasts)
{
	struct place p;

	if (strcmp(path, "-") == 0)
		return write_stdout(bytes, len);
	if (!open_place(&p, path, STAGED_ANY_LINK))
		return false;
	bool ok = p.there && !S_ISREG(p.st.st_mode) ? write_through(path, &p.st, bytes, len)
						    : put(&p, path, lasts, bytes, len);
	close(p.at);
	return ok;
}

bool files_write(const char *path, const void *bytes, size_t len)
{
	return write_as(path, bytes, len, STAGED_KEPT);
}

bool files_make(const char *path, const void *bytes, size_t len)
{
	return write_as(path, bytes, len, STAGED_MADE);
}

/* /dev/stdout is a link and /proc/self/fd/1 another: not to become files. */
static bool is_system(int folder)
{
	struct stat at, dev;
	struct statfs fs;

	if (fstat(folder, &at) < 0 || fstatfs(folder, &fs) < 0)
		return true;
	return fs.f_type == PROC_SUPER_MAGIC ||
		(stat("/dev", &dev) == 0 && at.st_dev == dev.st_dev && at.st_ino == dev.st_ino);
}

/* A file, or what stands in a file's place. */
static bool may_go(const struct place *p)
{
	return S_ISREG(p->st.st_mode) ||
		((S_ISLNK(p->st.st_mode) || S_ISFIFO(p->st.st_mode)) && !is_system(p->at));
}

bool files_replace(const char *path, const void *bytes, size_t len)
{
	struct place p;

	if (strcmp(path, "-") == 0)
		return write_stdout(bytes, len);
	if (!open_place(&p, path, STAGED_OWN_LINKS))
		return false;
	bool ok = !p.there || may_go(&p);
	if (!ok)
		message("%s: not a plain file: left alone", path);
	ok = ok && put(&p, path, STAGED_WHOLE, bytes, len);
	close(p.at);
	return ok;
}

bool files_forget(const char *path)
{
	struct place p;

	p.at = staged_open(path, STAGED_OWN_LINKS, &p.leaf);
	if (p.at < 0)
		return errno == ENOENT || complain_place(path);
	bool gone = fstatat(p.at, p.leaf, &p.st, AT_SYMLINK_NOFOLLOW) < 0 ? errno == ENOENT
		: may_go(&p) ? unlinkat(p.at, p.leaf, 0) == 0 || errno == ENOENT
			     : true;
	if (!gone)
		complain(path, "cannot be removed");
	close(p.at);
	return gone;
}

bool files_touch(const char *path)
{
	const char *leaf;
	int at = staged_open(path, STAGED_OWN_LINKS, &leaf);
	bool done = at >= 0 && utimensat(at, leaf, NULL, AT_SYMLINK_NOFOLLOW) == 0;

	if (at >= 0)
		close(at);
	return done;
}

bool files_print(const struct buf *b)
{
	struct buf safe;

	buf_init(&safe, b->arena);
	utf8_sieve(&safe, b->bytes, b->len);
	return files_write("-", safe.bytes, safe.len);
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

bool files_coloured(const char *colour, int fd)
{
	bool automatic = !colour || strcmp(colour, "auto") == 0;
	const char *no_color = getenv("NO_COLOR");

	return automatic ? isatty(fd) && !(no_color && *no_color) : strcmp(colour, "always") == 0;
}

void files_diags(struct arena *arena, const struct diags *diags, bool quiet, const char *colour)
{
	struct buf b;

	buf_init(&b, arena);
	diags_print(&b, diags, quiet ? SEVERITY_ERROR : SEVERITY_NOTE, files_coloured(colour, STDERR_FILENO));
	files_write_fd(STDERR_FILENO, b.bytes, b.len);
}
