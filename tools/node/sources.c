/*
 * A ConfigMap's mount is a folder of links x.json -> ..data/x.json, where ..data is a link to a
 * folder that the kubelet swaps as a whole (pkg/volume/util/atomic_writer.go). So the target of
 * ..data is opened once and everything is read from there; if it was swapped and deleted meanwhile,
 * reading starts again.
 */

#include "sources.h"

#include "../cli/base_files.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/oci_layout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SWAPPED  "..data"
#define OPTIONS  ".options"
#define ATTEMPTS 8 /* swaps in a row, which a kubelet makes a minute apart */

bool sources_name_ok(const char *name, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789._-";

	return len > 0 && len <= SOURCES_NAME_MAX && name[0] != '.' && strspn(name, plain) >= len;
}

/* Bytes of the name before its extension; 0: it is no profile's. */
static size_t stem(const char *file)
{
	static const char *const extension[] = {".json", ".yaml", ".yml", OPTIONS};
	size_t len = strlen(file);

	for (size_t i = 0; i < sizeof(extension) / sizeof(*extension); i++) {
		size_t tail = strlen(extension[i]);
		if (len > tail && strcmp(file + len - tail, extension[i]) == 0)
			return len - tail;
	}
	return 0;
}

static bool is_options(const struct profile_source *s)
{
	size_t len = strlen(s->text.name), tail = strlen(OPTIONS);

	return len > tail && strcmp(s->text.name + len - tail, OPTIONS) == 0;
}

/* --- one file --- */

static const char *explain(struct arena *arena, const char *why)
{
	return arena_text(arena, why, strlen(why));
}

/* `left` bytes may be read, of the `most` that all of the source may have. */
static void read_file(struct profile_source *s, struct arena *arena, int at, const char *file,
	size_t most, size_t left)
{
	const size_t share = most / 2 < left ? most / 2 : left;
	struct stat st;
	int fd = openat(at, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		s->error = explain(arena, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		s->error = "not a file";
	else if (st.st_size > (off_t)SOURCE_MAX)
		s->error = "larger than 16 MiB, the most winnow reads";
	else if ((size_t)st.st_size > share)
		s->error = buf_print(arena,
			"of %zu bytes, too large beside the others: %zu may all profiles have, an "
			"eighth of the memory there is, and one of them half of that",
			(size_t)st.st_size, most);
	else if (!files_read_fd(arena, fd, s->text.name, SOURCE_MAX, &s->text))
		s->error = "cannot be read";
	s->text.hidden = fd >= 0 && files_hidden(fd, s->text.name);
	if (fd >= 0)
		close(fd);
}

/* --- the list --- */

struct reading {
	struct profile_sources *sources;
	struct arena *arena;
	int at;    /* the folder read */
	size_t most; /* bytes of all texts */
	bool follow; /* lines are shown wherever links lead */
	bool gone; /* the folder was swapped or a file deleted meanwhile */
};

static void add(struct reading *r, const char *file, size_t len)
{
	struct profile_sources *list = r->sources;
	struct buf path;

	if ((list->count & (list->count - 1)) == 0) /* full: twice as many */
		list->source = arena_grow(r->arena, list->source, list->count,
			list->count ? 2 * list->count : 1, sizeof(*list->source));
	struct profile_source *s = &list->source[list->count++];
	size_t path_len = strlen(list->path);
	buf_init(&path, r->arena);
	buf_printf(&path, "%s%s%s%c", list->path,
		path_len && list->path[path_len - 1] == '/' ? "" : "/", file, 0);
	s->name = arena_text(r->arena, file, len);
	s->text = (struct source){.name = path.bytes, .bytes = ""};
	if (!sources_name_ok(s->name, len))
		s->error = "a profile's name has letters, digits, '.', '_' and '-', 128 at most";
}

static void skip(const char *path, const char *file)
{
	message("%s/%s: not taken for a profile: it does not end in .json, .yaml or .yml, nor for options in .options", path,
		file);
}

static bool complain(const struct reading *r)
{
	message("%s: %s", r->sources->path, strerror(errno));
	return false;
}

/* All of it or nothing: a profile that was not seen would pass for one that was deleted. */
static bool read_folder(struct reading *r)
{
	const struct dirent *entry;
	int fd = fcntl(r->at, F_DUPFD_CLOEXEC, 0);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list) {
		complain(r);
		if (fd >= 0)
			close(fd);
		return false;
	}
	rewinddir(list); /* the position is shared with r->at */
	for (errno = 0; (entry = readdir(list)); errno = 0) {
		size_t len = stem(entry->d_name);
		if (entry->d_name[0] == '.') /* the kubelet's, an editor's */
			continue;
		if (len)
			add(r, entry->d_name, len);
		else
			skip(r->sources->path, entry->d_name);
	}
	bool all = errno == 0 || complain(r);
	closedir(list);
	return all;
}

static int by_name(const void *a, const void *b)
{
	const struct profile_source *s = a, *t = b;
	int order = strcmp(s->name, t->name);

	if (!order && is_options(s) != is_options(t))
		return is_options(s) ? 1 : -1;
	return order ? order : strcmp(s->text.name, t->text.name);
}

struct ranked {
	size_t index;
	off_t size;
};

static int by_size(const void *a, const void *b)
{
	const struct ranked *r = a, *s = b;

	if (r->size != s->size)
		return r->size > s->size ? 1 : -1;
	return (r->index > s->index) - (r->index < s->index);
}

static const char *file_of(const struct profile_source *s)
{
	return strrchr(s->text.name, '/') + 1;
}

/* The smallest first, those alike by name: large ones leave room for others, or are refused. */
static const struct ranked *rank(const struct reading *r)
{
	const struct profile_sources *list = r->sources;
	struct ranked *ranked = arena_alloc(r->arena, list->count, sizeof(*ranked));
	struct stat st;

	for (size_t i = 0; i < list->count; i++) {
		bool there = fstatat(r->at, file_of(&list->source[i]), &st, 0) == 0;
		ranked[i] = (struct ranked){i, there ? st.st_size : 0};
	}
	if (list->count)
		qsort(ranked, list->count, sizeof(*ranked), by_size);
	return ranked;
}

static void read_texts(struct reading *r)
{
	const struct ranked *ranked = rank(r);
	size_t left = r->most;

	for (size_t i = 0; i < r->sources->count; i++) {
		struct profile_source *s = &r->sources->source[ranked[i].index];
		const char *file = file_of(s);
		if (!s->error)
			read_file(s, r->arena, r->at, file, r->most, left);
		s->text.hidden = s->text.hidden && !r->follow;
		left -= s->text.len < left ? s->text.len : left;
		r->gone = r->gone || (s->error && faccessat(r->at, file, F_OK, 0) < 0);
	}
}

/* What is wrong with its options is wrong with the profile. An empty file was to say something. */
static void take_options(struct arena *arena, struct profile_source *s, const struct profile_source *options)
{
	s->options = options->text;
	if (options->error)
		s->error = buf_print(arena, "its options: %s", options->error);
	else if (!options->text.len)
		s->error = "its options: an empty file";
}

/*
 * One entry a name: of x.json and x.yaml neither is the profile x, and x.options goes with either. They are sorted,
 * so that it stands behind the first.
 */
static void merge_names(struct profile_sources *list, struct arena *arena)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct profile_source *last = kept ? &list->source[kept - 1] : NULL, *one = &list->source[i];
		bool same = last && strcmp(last->name, one->name) == 0;
		if (same && is_options(one))
			take_options(arena, last, one);
		else if (same)
			last->error = "two files of this name, or two tags";
		else if (is_options(one))
			message("%s: options of no profile: there is none of this name", one->text.name);
		else
			list->source[kept++] = *one;
	}
	list->count = kept;
}

/* The folder that holds the files: of a mount, the one ..data leads to. */
static int open_folder(const char *path)
{
	int at = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int inner = at < 0 ? -1 : openat(at, SWAPPED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (inner < 0)
		return at;
	close(at);
	return inner;
}

/* A kubelet deletes the old folder, file by file, once ..data leads to the new one. */
static bool swapped(int at, const char *path)
{
	struct stat before, now;
	int fd = open_folder(path);
	bool same = fd >= 0 && fstat(at, &before) == 0 && fstat(fd, &now) == 0 &&
		before.st_ino == now.st_ino && before.st_dev == now.st_dev;

	if (fd >= 0)
		close(fd);
	return !same;
}

static bool read_once(struct reading *r, const char *path)
{
	*r->sources = (struct profile_sources){.path = path};
	r->gone = false;
	r->at = open_folder(path);
	if (r->at < 0)
		return complain(r);
	bool ok = read_folder(r);
	if (r->sources->count)
		qsort(r->sources->source, r->sources->count, sizeof(*r->sources->source), by_name);
	read_texts(r);
	r->gone = r->gone || swapped(r->at, path);
	close(r->at);
	return ok;
}

/* --- a bundle --- */

static bool read_bundle(
	struct profile_sources *list, struct arena *arena, const char *path, size_t most,
	const char *sha256, bool follow)
{
	const struct packed *packed =
		packed_read(arena, path, most, sha256, follow, &list->count);

	list->path = path;
	if (!packed)
		return false;
	list->source = arena_alloc(arena, list->count, sizeof(*list->source));
	for (size_t i = 0; i < list->count; i++)
		list->source[i] = (struct profile_source){.name = packed[i].profile->name,
			.text = bundle_source(arena, packed[i].bundle, packed[i].profile),
			.packed = &packed[i]};
	return true;
}

/* Those of an OCI layout go by their tags. */
static bool read_layout(struct profile_sources *list, struct arena *arena, const char *path, size_t most, bool follow)
{
	struct oci_profile *profile;
	const char *why;

	*list = (struct profile_sources){.path = path};
	if (!oci_layout_list(arena, &cli_base_files, path, follow, &profile, &list->count, &why)) {
		message("%s; what is installed stays as it is", why);
		return false;
	}
	list->source = arena_alloc(arena, list->count, sizeof(*list->source));
	for (size_t i = 0; i < list->count; i++) {
		struct profile_source *s = &list->source[i];
		*s = (struct profile_source){.name = profile[i].name, .text = profile[i].text};
		if (!sources_name_ok(s->name, strlen(s->name)))
			s->error = "a profile's name, the tag of its manifest, has letters, digits, '.', '_' and '-', 128 at most";
		most -= s->text.len < most ? s->text.len : most;
		if (!most)
			s->error = "too large beside the others";
	}
	if (list->count)
		qsort(list->source, list->count, sizeof(*list->source), by_name);
	merge_names(list, arena);
	return true;
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool sources_read(struct profile_sources *list, struct arena *arena, const char *path, size_t most,
	const char *sha256, bool follow)
{
	struct reading r = {.sources = list, .arena = arena, .most = most, .follow = follow};
	unsigned attempt = 0;

	if (is_file(path))
		return read_bundle(list, arena, path, most, sha256, follow);
	if (sha256) {
		message("%s: --sha256 is for a bundle, and this is none; what is installed stays as it is",
			path);
		return false;
	}
	if (oci_layout_is(arena, &cli_base_files, path, follow))
		return read_layout(list, arena, path, most, follow);
	do {
		if (!read_once(&r, path))
			return false;
	} while (r.gone && ++attempt < ATTEMPTS);
	merge_names(list, arena);
	return true;
}
