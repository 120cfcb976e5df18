/*
 * Folders are walked a name at a time where links are not trusted: openat(2) with O_PATH and O_NOFOLLOW
 * takes hold of what is there, be it a link, so that nobody can swap it between look and step.
 */

#define _GNU_SOURCE /* O_PATH */

#include "staged_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel has it, MAXSYMLINKS */
#define TRIES     100

/* --- folders --- */

struct walk {
	int at;
	char left[PATH_MAX]; /* of the path, from here on */
	unsigned links;
};

static int fail_with(int error)
{
	errno = error;
	return -1;
}

static void go_to(struct walk *w, int fd)
{
	const int error = errno;

	if (w->at >= 0)
		close(w->at);
	w->at = fd;
	errno = error;
}

/* What the link says takes its place in the path. */
static int follow(struct walk *w, int link, const struct stat *st, const char *behind)
{
	char target[PATH_MAX], path[2 * PATH_MAX];

	if ((st->st_uid != 0 && st->st_uid != geteuid()) || ++w->links > LINKS_MAX)
		return fail_with(ELOOP);
	ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = 0;
	int all = snprintf(path, sizeof(path), "%s/%s", target, behind);
	if (all < 0 || (size_t)all >= sizeof(w->left))
		return fail_with(ENAMETOOLONG);
	memcpy(w->left, path, (size_t)all + 1);
	if (*target == '/') {
		go_to(w, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
		return w->at < 0 ? -1 : 0;
	}
	return 0;
}

/* By the first name of what is left. */
static int step(struct walk *w)
{
	char name[NAME_MAX + 1];
	const char *from = w->left + strspn(w->left, "/");
	size_t len = strcspn(from, "/");
	struct stat st;

	if (len > NAME_MAX)
		return fail_with(ENAMETOOLONG);
	memcpy(name, from, len);
	name[len] = 0;
	int fd = openat(w->at, len ? name : ".", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (S_ISLNK(st.st_mode)) {
		int done = follow(w, fd, &st, from + len);
		const int error = errno;
		close(fd);
		errno = error;
		return done;
	}
	memmove(w->left, from + len, strlen(from + len) + 1);
	go_to(w, fd);
	return S_ISDIR(st.st_mode) ? 0 : fail_with(ENOTDIR);
}

/* To be synced it has to be opened, which who may only write there cannot; then as it is. */
static int opened(int fd)
{
	if (fd < 0)
		return -1;
	int readable = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (readable < 0 && errno == EACCES)
		return fd;
	const int error = errno;
	close(fd);
	errno = error;
	return readable;
}

int staged_open_folder(const char *path, enum staged_links links)
{
	struct walk w = {.at = -1};
	int len = snprintf(w.left, sizeof(w.left), "%s", path);

	if (len < 0 || (size_t)len >= sizeof(w.left))
		return fail_with(ENAMETOOLONG);
	if (links == STAGED_ANY_LINK)
		return opened(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	w.at = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (w.at >= 0 && *w.left) {
		if (step(&w) < 0)
			go_to(&w, -1);
	}
	return opened(w.at);
}

int staged_open(const char *path, enum staged_links links, const char **leaf)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	char folder[PATH_MAX];

	*leaf = slash ? slash + 1 : path;
	if (len >= sizeof(folder))
		return fail_with(ENAMETOOLONG);
	snprintf(folder, sizeof(folder), "%.*s%s", (int)len, path, len ? "" : slash ? "/" : ".");
	return staged_open_folder(folder, links);
}

const char *staged_why(int error)
{
	return error == ELOOP ? "a link on the way there is another user's, or one of too many: not followed"
			      : strerror(error);
}

/* --- files --- */

bool staged_fill(int fd, const void *data, size_t len)
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

/* NAME.xxxxxx, a file that was not there. -1 with errno. */
static int make_any(int at, const char *leaf, char *name, size_t room)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct timespec t;
	int fd = -1;

	for (unsigned i = 0; i < TRIES && fd < 0; i++) {
		char tail[7] = "";
		clock_gettime(CLOCK_REALTIME, &t);
		uint64_t seed = (uint64_t)t.tv_nsec * 100003 + (uint64_t)getpid() + (uint64_t)i * 7919;
		for (size_t k = 0; k < 6; k++, seed /= sizeof(letters) - 1)
			tail[k] = letters[seed % (sizeof(letters) - 1)];
		int len = snprintf(name, room, "%s.%s", leaf, tail);
		if (len < 0 || (size_t)len >= room)
			return fail_with(ENAMETOOLONG);
		fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

static int make_fixed(int at, const char *name)
{
	if (unlinkat(at, name, 0) < 0 && errno != ENOENT)
		return -1;
	return openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* One that could not be opened to be read cannot be synced. */
static bool sync_folder(int at)
{
	return fsync(at) == 0 || errno == EBADF;
}

/* Who may not give files away keeps it: the mode is none more than it was. */
static bool own_like(int fd, const struct stat *before)
{
	return !before || (before->st_uid == geteuid() && before->st_gid == getegid()) ||
		fchown(fd, before->st_uid, before->st_gid) == 0 || errno == EPERM;
}

bool staged_write(const struct staged_file *b, const void *bytes, size_t len)
{
	char name[NAME_MAX + 1];
	const char *temporary = b->temporary ? b->temporary : name;
	int fd = b->temporary ? make_fixed(b->at, temporary)
			      : make_any(b->at, b->leaf, name, sizeof(name));

	if (fd < 0)
		return false;
	bool ok = staged_fill(fd, bytes, len) && own_like(fd, b->before) && fchmod(fd, b->mode) == 0 &&
		(b->lasts == STAGED_MADE || fsync(fd) == 0);
	int error = errno;
	if (close(fd) < 0 && ok) {
		ok = false;
		error = errno;
	}
	if (ok && renameat(b->at, temporary, b->at, b->leaf) == 0)
		return b->lasts != STAGED_KEPT || sync_folder(b->at);
	error = ok ? errno : error;
	unlinkat(b->at, temporary, 0);
	errno = error;
	return false;
}
