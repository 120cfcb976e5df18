/* Only what is read or listed is opened, and nothing that would have to be waited for. */

#include "base_files.h"

#include "files.h"

#include "../../compiler/base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct base_entry *)a)->name, ((const struct base_entry *)b)->name);
}

static bool fails(struct arena *arena, const char **why, int error)
{
	const char *text = strerror(error);

	*why = arena_text(arena, text, strlen(text));
	return false;
}

static bool is_folder(DIR *list, const char *name)
{
	struct stat st = {0};

	return fstatat(dirfd(list), name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* What is there when the folder is listed; 0 or errno, E2BIG for too many. */
static int list_all(struct arena *arena, DIR *list, struct base_entry *entry, size_t *count)
{
	struct dirent *d;

	for (errno = 0; (d = readdir(list)); errno = 0) {
		if (d->d_name[0] == '.')
			continue;
		if (*count == BASE_FILES_MAX)
			return E2BIG;
		entry[(*count)++] = (struct base_entry){
			arena_text(arena, d->d_name, strlen(d->d_name)), is_folder(list, d->d_name)};
	}
	return errno;
}

static bool list(
	struct arena *arena, const char *folder, struct base_entry **entries, size_t *count, const char **why)
{
	struct base_entry *entry = arena_alloc(arena, BASE_FILES_MAX, sizeof(*entry));
	DIR *dir = opendir(folder);

	*count = 0;
	if (!dir)
		return fails(arena, why, errno);
	/* the arena may jump out; the folder is closed at exit then */
	int error = list_all(arena, dir, entry, count);
	closedir(dir);
	if (error == E2BIG) {
		*why = buf_print(arena, "it has more than %u entries", BASE_FILES_MAX);
		return false;
	}
	if (error)
		return fails(arena, why, error);
	qsort(entry, *count, sizeof(*entry), by_name);
	*entries = entry;
	return true;
}

/* `size` bytes, and no more: one that grows meanwhile is not what was looked at. */
static bool read_whole(
	struct arena *arena, int fd, size_t size, const char *path, struct source *source, const char **why)
{
	char *bytes = arena_raw(arena, size + 1, 1);
	size_t len = 0;

	while (len <= size) {
		ssize_t got = read(fd, bytes + len, size + 1 - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fails(arena, why, errno);
		if (got == 0)
			break;
		len += (size_t)got;
	}
	if (len > size) {
		*why = "it grows while it is read";
		return false;
	}
	*source = (struct source){arena_text(arena, path, strlen(path)), bytes, len, false};
	return true;
}

static bool read_file(
	struct arena *arena, const char *path, bool follow, struct source *source, const char **why)
{
	struct stat st = {0};
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	*why = NULL;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? false : fails(arena, why, errno);
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= (off_t)BASE_BYTES_MAX;
	if (!ok)
		*why = S_ISREG(st.st_mode) ? "it has more than 1 MiB" : "it is no regular file";
	ok = ok && read_whole(arena, fd, (size_t)st.st_size, path, source, why);
	if (ok)
		source->hidden = !follow && files_hidden(fd, path);
	close(fd);
	return ok;
}

const struct base_files cli_base_files = {list, read_file};
