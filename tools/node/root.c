/*
 * Every path is walked from the root's descriptor, a folder at a time, so that nobody can swap a
 * folder for a link between check and use. One writer at a time (root_lock()) is what lets a
 * temporary have a fixed name: what a killed process left is overwritten by the next.
 */

#include "root.h"

#include "../cli/staged_file.h"
#include "../cli/files.h"
#include "../cli/message.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define FILE_MODE   0644 /* whatever the umask: the kubelet and the runtimes read them */
#define FOLDER_MODE 0755

static bool complain(const struct root *r, const char *path, const char *what)
{
	const char *why = strerror(errno);
	const char *slash = r->own || !*path ? "" : "/";

	message("%s%s%s: %s%s%s", r->name, slash, path, what ? what : "", what ? ": " : "", why);
	return false;
}

bool root_open(struct root *r, const char *path)
{
	struct stat it, own;

	*r = (struct root){.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .name = path};
	if (r->fd < 0) {
		message("%s: %s", path, strerror(errno));
		return false;
	}
	if (fstat(r->fd, &it) < 0) {
		message("%s: %s", path, strerror(errno));
		root_close(r);
		return false;
	}
	r->owner = it.st_uid;
	r->group = it.st_gid;
	r->own = stat("/", &own) == 0 && it.st_dev == own.st_dev && it.st_ino == own.st_ino;
	if (r->own)
		r->name = "/";
	return true;
}

void root_close(struct root *r)
{
	close(r->fd);
	r->fd = -1;
}

const char *root_path(const struct root *r, struct arena *arena, const char *path)
{
	return buf_print(arena, "%s%s%s", r->name, r->own ? "" : "/", path);
}

/* --- folders --- */

/* What stands in a folder's place is a link, and links are not followed: that is ELOOP. */
static int not_a_folder(int at, const char *name)
{
	const int error = errno;
	struct stat st;

	errno = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? ELOOP
											: error;
	return -1;
}

/* A folder in `at`, made if asked for. -1 with errno. */
static int step(const struct root *r, int at, const char *name, bool make)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (r->own ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, flags);

	if (fd < 0 && errno == ENOTDIR)
		return not_a_folder(at, name);
	if (fd >= 0 || errno != ENOENT || !make)
		return fd;
	if (mkdirat(at, name, FOLDER_MODE) < 0 && errno != EEXIST)
		return -1;
	fd = openat(at, name, flags);
	if (fd >= 0 && (fchmod(fd, FOLDER_MODE) < 0 || fsync(at) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The folder that the first `len` bytes of the path name. -1 with errno; *walked tells how far. */
static int walk(const struct root *r, const char *path, size_t len, bool make, size_t *walked)
{
	char name[NAME_MAX + 1];
	int at = fcntl(r->fd, F_DUPFD_CLOEXEC, 0);

	*walked = 0;
	while (at >= 0 && *walked < len) {
		size_t end = *walked;
		while (end < len && path[end] != '/')
			end++;
		if (end - *walked > NAME_MAX) {
			close(at);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path + *walked, end - *walked);
		name[end - *walked] = 0;
		int next = step(r, at, name, make);
		int error = errno;
		close(at);
		errno = error;
		at = next;
		*walked = end < len ? end + 1 : end;
	}
	return at;
}

/* The same for all of the path, with a message; -1 without one if it is not there. */
static int folder(const struct root *r, const char *path, size_t len, bool make)
{
	char shown[PATH_MAX];
	size_t walked;
	int fd = walk(r, path, len, make, &walked);

	if (fd >= 0 || (errno == ENOENT && !make))
		return fd;
	if (walked && path[walked - 1] == '/')
		walked--;
	snprintf(shown, sizeof(shown), "%.*s", (int)walked, path);
	complain(
		r, shown, errno == ELOOP && !r->own ? "links are not followed below --root" : NULL);
	errno = EIO; /* told */
	return -1;
}

static int folder_of(const struct root *r, const char *path, bool make, const char **leaf)
{
	const char *slash = strrchr(path, '/');

	*leaf = slash ? slash + 1 : path;
	return folder(r, path, slash ? (size_t)(slash - path) : 0, make);
}

/* --- files --- */

/* ROOT_READ: *fd is open. */
static enum root_read open_file(const struct root *r, const char *path, size_t max, int *fd, struct stat *st)
{
	const char *leaf;
	int at = folder_of(r, path, false, &leaf);

	if (at < 0)
		return errno == ENOENT ? ROOT_ABSENT : ROOT_FAILED;
	*fd = openat(at, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int error = errno;
	close(at);
	if (*fd < 0) {
		errno = error;
		if (errno == ENOENT)
			return ROOT_ABSENT;
		if (errno == ELOOP || errno == ENXIO)
			return ROOT_OTHER;
		complain(r, path, NULL);
		return ROOT_FAILED;
	}
	enum root_read done = ROOT_READ;
	if (fstat(*fd, st) < 0) {
		complain(r, path, NULL);
		done = ROOT_FAILED;
	} else if (!S_ISREG(st->st_mode) || (uintmax_t)st->st_size > max) {
		done = ROOT_OTHER;
	}
	if (done != ROOT_READ)
		close(*fd);
	return done;
}

enum root_read root_read(const struct root *r, struct arena *arena, const char *path, size_t max,
	struct source *source)
{
	struct stat st;
	int fd;
	enum root_read done = open_file(r, path, max, &fd, &st);

	if (done != ROOT_READ)
		return done;
	if (!files_read_fd(arena, fd, root_path(r, arena, path), max, source))
		done = ROOT_FAILED;
	close(fd);
	return done;
}

enum root_read root_digest(const struct root *r, const char *path, size_t max,
	uint8_t digest[static SHA256_SIZE], struct stat *st)
{
	unsigned char bytes[16384];
	struct sha256 sum;
	ssize_t n;
	int fd;
	enum root_read done = open_file(r, path, max, &fd, st);

	if (done != ROOT_READ)
		return done;
	sha256_start(&sum);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			sha256_add(&sum, bytes, (size_t)n);
	}
	if (n < 0) {
		complain(r, path, NULL);
		done = ROOT_FAILED;
	}
	sha256_end(&sum, digest);
	close(fd);
	return done;
}

#define CHUNK 16384 /* bytes that are compared at once */

/* As many as there are, up to CHUNK; -1 with errno. */
static ssize_t read_chunk(int fd, unsigned char bytes[static CHUNK])
{
	size_t have = 0;
	ssize_t n = 1;

	while (n && have < CHUNK) {
		n = read(fd, bytes + have, CHUNK - have);
		if (n < 0 && errno != EINTR)
			return -1;
		have += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)have;
}

static enum root_same same_bytes(const struct root *r, const char *path, int one, int other)
{
	unsigned char a[CHUNK], b[CHUNK];
	ssize_t n, m;

	do {
		n = read_chunk(one, a);
		m = read_chunk(other, b);
		if (n < 0 || m < 0) {
			complain(r, path, NULL);
			return ROOT_UNREAD;
		}
		if (n != m || memcmp(a, b, (size_t)n) != 0)
			return ROOT_DIFFERENT;
	} while (n);
	return ROOT_SAME;
}

enum root_same root_same(const struct root *r, const char *a, const char *b, size_t max)
{
	struct stat st, other_st;
	int fd, other = -1;
	enum root_read got = open_file(r, a, max, &fd, &st);

	if (got != ROOT_READ)
		return got == ROOT_FAILED ? ROOT_UNREAD : ROOT_DIFFERENT;
	enum root_same same = ROOT_DIFFERENT;
	got = open_file(r, b, max, &other, &other_st);
	if (got == ROOT_READ) {
		same = same_bytes(r, a, fd, other);
		close(other);
	} else if (got == ROOT_FAILED) {
		same = ROOT_UNREAD;
	}
	close(fd);
	return same;
}

enum root_read root_look(const struct root *r, const char *path, struct stat *st)
{
	const char *leaf;
	int at = folder_of(r, path, false, &leaf);

	if (at < 0)
		return errno == ENOENT ? ROOT_ABSENT : ROOT_FAILED;
	enum root_read done = ROOT_READ;
	if (fstatat(at, leaf, st, AT_SYMLINK_NOFOLLOW) < 0) {
		done = errno == ENOENT ? ROOT_ABSENT : ROOT_FAILED;
		if (done == ROOT_FAILED)
			complain(r, path, NULL);
	}
	close(at);
	return done;
}

static bool temporary_name(char *name, size_t room, const char *leaf)
{
	int len = snprintf(name, room, ".%s.winnow", leaf);

	if (len > 0 && (size_t)len < room)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* Who writes is alone there, by the lock. */
static bool write_beside(int at, const char *leaf, const void *bytes, size_t len)
{
	char temporary[NAME_MAX + 1];
	const struct staged_file to = {at, leaf, FILE_MODE, STAGED_KEPT, temporary, NULL};

	return temporary_name(temporary, sizeof(temporary), leaf) && staged_write(&to, bytes, len);
}

bool root_write(const struct root *r, const char *path, const void *bytes, size_t len)
{
	const char *leaf;
	int at = folder_of(r, path, true, &leaf);

	if (at < 0)
		return false;
	bool ok = write_beside(at, leaf, bytes, len) || complain(r, path, "cannot be written");
	close(at);
	return ok;
}

static bool remove_leaf(const struct root *r, int at, const char *leaf, const char *path)
{
	bool gone = unlinkat(at, leaf, 0) == 0;

	if (!gone && (errno == EISDIR || errno == EPERM))
		gone = unlinkat(at, leaf, AT_REMOVEDIR) == 0;
	if (!gone && errno == ENOENT)
		return true;
	return (gone && fsync(at) == 0) || complain(r, path, "cannot be removed");
}

bool root_remove(const struct root *r, const char *path)
{
	const char *leaf;
	int at = folder_of(r, path, false, &leaf);

	if (at < 0)
		return errno == ENOENT;
	bool ok = remove_leaf(r, at, leaf, path);
	close(at);
	return ok;
}

/* The folder of a path's temporary and its name; -1 if there is none. */
static int find_temporary(const struct root *r, const char *path, char *name, size_t room)
{
	const char *leaf;
	struct stat st;
	int at = folder_of(r, path, false, &leaf);

	if (at < 0)
		return -1;
	if (temporary_name(name, room, leaf) && fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return at;
	close(at);
	return -1;
}

bool root_has_temporary(const struct root *r, const char *path)
{
	char name[NAME_MAX + 1];
	int at = find_temporary(r, path, name, sizeof(name));

	if (at >= 0)
		close(at);
	return at >= 0;
}

bool root_remove_temporary(const struct root *r, const char *path)
{
	char name[NAME_MAX + 1];
	int at = find_temporary(r, path, name, sizeof(name));

	if (at < 0)
		return true;
	bool ok = remove_leaf(r, at, name, path);
	close(at);
	return ok;
}

/* --- lists --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_entry(const void *a, const void *b)
{
	return strcmp(((const struct root_entry *)a)->name, ((const struct root_entry *)b)->name);
}

static void add_name(struct root_names *names, struct arena *arena, const char *name)
{
	/* rooms of 2^n: at each, twice as many */
	if ((names->count & (names->count - 1)) == 0)
		names->name = arena_grow(arena, names->name, names->count,
			names->count ? 2 * names->count : 1, sizeof(*names->name));
	names->name[names->count++] = arena_text(arena, name, strlen(name));
}

/* NULL: the folder is not there (errno is ENOENT), or a message said why. */
static DIR *open_list(const struct root *r, const char *path)
{
	int fd = folder(r, path, strlen(path), false);

	if (fd < 0)
		return NULL;
	DIR *list = fdopendir(fd);
	if (!list) {
		complain(r, path, NULL);
		close(fd);
		errno = EIO;
	}
	return list;
}

/* False: told. */
static bool read_names(const struct root *r, struct arena *arena, const char *path, DIR *list, struct root_names *names)
{
	const struct dirent *entry;

	for (errno = 0; (entry = readdir(list)); errno = 0) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add_name(names, arena, entry->d_name);
	}
	return errno == 0 || complain(r, path, NULL);
}

bool root_list(
	const struct root *r, struct arena *arena, const char *path, struct root_names *names)
{
	DIR *list = open_list(r, path);

	*names = (struct root_names){0};
	if (!list)
		return errno == ENOENT;
	bool ok = read_names(r, arena, path, list, names);
	closedir(list);
	if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), by_name);
	return ok;
}

bool root_look_in(const struct root *r, struct arena *arena, const char *path, struct root_entries *entries)
{
	struct root_names names = {0};
	DIR *list = open_list(r, path);

	*entries = (struct root_entries){0};
	if (!list)
		return errno == ENOENT;
	bool ok = read_names(r, arena, path, list, &names);
	entries->entry = arena_alloc(arena, names.count, sizeof(*entries->entry));
	for (size_t i = 0; i < names.count && ok; i++) {
		struct root_entry *one = &entries->entry[entries->count];
		one->name = names.name[i];
		if (fstatat(dirfd(list), one->name, &one->st, AT_SYMLINK_NOFOLLOW) == 0)
			entries->count++;
		else
			ok = errno == ENOENT || complain(r, path, one->name);
	}
	closedir(list);
	if (entries->count)
		qsort(entries->entry, entries->count, sizeof(*entries->entry), by_entry);
	return ok;
}

/* --- the lock --- */

#define LOCK_MODE     0600
#define LOCK_POLL_MS  20
#define LOCK_QUIET_MS 1000 /* waiting for longer than that is told */

/* Whose it is, by /proc/locks: "1: FLOCK  ADVISORY  WRITE 4711 fd:01:131073 0 EOF". 0: not known. */
static long lock_holder(int fd)
{
	FILE *f = fopen("/proc/locks", "re");
	struct stat st;
	char line[256];
	long holder = 0;

	while (f && !holder && fgets(line, sizeof(line), f) && fstat(fd, &st) == 0) {
		unsigned long long inode;
		unsigned major_of, minor_of;
		long pid;
		/* NOLINTNEXTLINE(cert-err34-c): the kernel prints what it has */
		if (sscanf(line, "%*d: FLOCK %*s %*s %ld %x:%x:%llu", &pid, &major_of, &minor_of,
			    &inode) == 4 &&
			inode == st.st_ino && makedev(major_of, minor_of) == st.st_dev)
			holder = pid;
	}
	if (f)
		fclose(f);
	return holder;
}

static void tell_waiting(
	const struct root *r, const char *path, int fd, unsigned seconds, bool given_up)
{
	const char *slash = r->own ? "" : "/";
	long pid = lock_holder(fd);
	char holder[64] = "another process";

	if (pid > 0)
		snprintf(holder, sizeof(holder), "process %ld", pid);
	if (given_up)
		message("%s%s%s: %s still holds this lock after %u s: given up; --wait says how "
			"long to wait",
			r->name, slash, path, holder, seconds);
	else
		message("%s%s%s: waiting for %s, which holds this lock, for %u s at most", r->name,
			slash, path, holder, seconds);
}

/* Poll: a signal is not to be needed to end it, nor to be lost. */
static bool wait_lock(
	const struct root *r, const char *path, int fd, enum root_lock how, unsigned seconds)
{
	const struct timespec moment = {.tv_nsec = LOCK_POLL_MS * 1000000L};
	const int operation = (how == ROOT_LOCK_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB;
	const uint64_t most = (uint64_t)seconds * 1000;

	for (uint64_t waited = 0; flock(fd, operation) < 0; waited += LOCK_POLL_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return complain(r, path, "cannot be locked");
		if (waited >= most) {
			tell_waiting(r, path, fd, seconds, true);
			return false;
		}
		if (waited == LOCK_QUIET_MS)
			tell_waiting(r, path, fd, seconds, false);
		nanosleep(&moment, NULL);
	}
	return true;
}

/* -1 with errno; EIO: told. */
static int open_lock(const struct root *r, int at, const char *leaf, const char *path,
	enum root_lock how)
{
	const bool writes = how == ROOT_LOCK_WRITE;
	struct stat st;
	int fd = openat(at, leaf,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (writes ? O_CREAT : 0), LOCK_MODE);

	if (fd < 0)
		return -1;
	bool known = fstat(fd, &st) == 0, plain = known && S_ISREG(st.st_mode);
	if (plain && (!writes || !(st.st_mode & 077) || fchmod(fd, LOCK_MODE) == 0))
		return fd;
	if (known && !plain)
		message("%s/%s: not a plain file, so no lock of winnow's", r->name, path);
	else
		complain(r, path, NULL);
	close(fd);
	errno = EIO;
	return -1;
}

#define LOCK_TRIES 100 /* as often may the file be another one each time */

enum seen { SEEN, SEEN_ANOTHER, SEEN_NOTHING };

/* Who deletes the folder takes the lock from nobody, but the next one makes another file. */
static enum seen still_there(int at, const char *leaf, int fd)
{
	struct stat held, there;

	if (fstat(fd, &held) < 0)
		return SEEN_NOTHING;
	if (fstatat(at, leaf, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? SEEN_ANOTHER : SEEN_NOTHING;
	return held.st_ino == there.st_ino && held.st_dev == there.st_dev ? SEEN : SEEN_ANOTHER;
}

static bool lock_at(const struct root *r, int at, const char *leaf, const char *path,
	enum root_lock how, unsigned seconds, int *lock)
{
	for (unsigned tries = 0; tries < LOCK_TRIES; tries++) {
		*lock = open_lock(r, at, leaf, path, how);
		if (*lock < 0 && how == ROOT_LOCK_READ && (errno == ENOENT || errno == EACCES))
			return true;
		if (*lock < 0)
			return errno != EIO && complain(r, path, "cannot be locked");
		bool ok = wait_lock(r, path, *lock, how, seconds);
		enum seen seen = ok && how == ROOT_LOCK_WRITE ? still_there(at, leaf, *lock) : SEEN;
		if (ok && seen == SEEN)
			return true;
		if (seen == SEEN_NOTHING)
			complain(r, path, "cannot be locked");
		close(*lock);
		*lock = -1;
		if (!ok || seen == SEEN_NOTHING)
			return false;
	}
	message("%s/%s: cannot be locked: it is another file each time", r->name, path);
	return false;
}

bool root_lock(const struct root *r, const char *path, enum root_lock how, unsigned seconds,
	int *lock)
{
	const char *leaf;
	int at = folder_of(r, path, how == ROOT_LOCK_WRITE, &leaf);

	*lock = -1;
	if (at < 0)
		return errno == ENOENT && how == ROOT_LOCK_READ;
	bool ok = lock_at(r, at, leaf, path, how, seconds, lock);
	close(at);
	return ok;
}

void root_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
