#include "folder.h"

#include "../cli/base_files.h"
#include "../cli/message.h"
#include "../lib/oci_layout.h"

#include "../../compiler/base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH 32u /* folders in folders */

static void add(struct folder *f, struct arena *arena, const char *path, bool below)
{
	if (f->count == f->room) {
		size_t room = f->room ? f->room * 2 : 64;
		f->path = arena_grow(arena, f->path, f->room, room, sizeof(*f->path));
		f->below = arena_grow(arena, f->below, f->room, room, sizeof(*f->below));
		f->room = room;
	}
	f->below[f->count] = below;
	f->path[f->count++] = path;
}

static bool is_profile(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".json") == 0 || strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Its names, sorted. False: told. */
static bool list(struct folder *names, struct arena *arena, const char *path)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);

	for (errno = dir ? 0 : errno; dir && (entry = readdir(dir)); errno = 0) {
		if (entry->d_name[0] != '.')
			add(names, arena, arena_text(arena, entry->d_name, strlen(entry->d_name)), true);
	}
	int why = errno;
	if (dir)
		closedir(dir);
	if (why) {
		message("%s: %s", path, strerror(why));
		return false;
	}
	if (names->count)
		qsort(names->path, names->count, sizeof(*names->path), by_name);
	return true;
}

/* Recursion is bounded by DEPTH. */
static bool add_below(struct folder *f, struct arena *arena, const char *path, unsigned depth)
{
	struct folder names = {.path = NULL};
	size_t len = strlen(path);
	const char *slash = len && path[len - 1] == '/' ? "" : "/";
	bool all = list(&names, arena, path);

	for (size_t i = 0; all && i < names.count; i++) {
		const char *one = buf_print(arena, "%s%s%s", path, slash, names.path[i]);
		struct stat st;
		bool there = lstat(one, &st) == 0;
		if (there && S_ISDIR(st.st_mode)) {
			if (depth == DEPTH)
				message("%s: more than %u folders deep: not looked into", one, DEPTH);
			all = depth < DEPTH && add_below(f, arena, one, depth + 1);
		} else if (is_profile(names.path[i]) && there && stat(one, &st) == 0 && !S_ISREG(st.st_mode)) {
			message("%s: not a file: not read", one); /* a pipe would be waited for */
			f->unread = true;
		} else if (is_profile(names.path[i])) {
			add(f, arena, one, true);
		}
	}
	return all;
}

/* The layers of an OCI layout, which are profiles whatever their files are called. */
static bool add_layout(struct folder *f, struct arena *arena, const char *path)
{
	struct oci_profile *profile;
	const char *why;
	size_t count;

	if (!oci_layout_list(arena, &cli_base_files, path, false, &profile, &count, &why)) {
		message("%s", why);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		add(f, arena, profile[i].text.name, false);
	return true;
}

bool folder_add(struct folder *f, struct arena *arena, const char *path)
{
	size_t before = f->count;
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		add(f, arena, path, false);
		return true;
	}
	bool layout = oci_layout_is(arena, &cli_base_files, path, false);
	bool all = layout ? add_layout(f, arena, path) : add_below(f, arena, path, 1) && !f->unread;
	if (all && f->count == before)
		message("%s: no profile is in there: names end in .json, .yaml or .yml", path);
	return all;
}
