#include "exposed.h"

#include "record.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20) /* bytes; more than winnow writes */
#define STICKY   01000              /* S_ISVTX, which is XSI's */

static bool trusts_user(const struct root *root, uid_t user)
{
	return user == 0 || user == geteuid() || user == root->owner;
}

static bool trusts_group(const struct root *root, gid_t group)
{
	return group == 0 || group == getegid() || group == root->group;
}

const char *exposed_why(const struct root *root, struct arena *arena, const struct stat *st)
{
	/* in a sticky folder nobody takes away what is another's (inode(7)) */
	const mode_t mode = S_ISDIR(st->st_mode) && st->st_mode & STICKY ? 0 : st->st_mode;

	if (S_ISLNK(st->st_mode))
		return NULL; /* its mode says nothing, and what it leads to is told elsewhere */
	if (!trusts_user(root, st->st_uid))
		return buf_print(arena, "belongs to user %" PRIuMAX ", who may write it", (uintmax_t)st->st_uid);
	if (mode & S_IWOTH)
		return "may be written by everybody";
	if (mode & S_IWGRP && !trusts_group(root, st->st_gid))
		return buf_print(arena, "may be written by group %" PRIuMAX, (uintmax_t)st->st_gid);
	return NULL;
}

void exposed_add(struct exposures *e, const struct root *root, struct arena *arena, const char *path, const char *sha256,
	const struct stat *st)
{
	const char *why = exposed_why(root, arena, st);

	if (!why)
		return;
	e->one = arena_grow(arena, e->one, e->count, e->count + 1, sizeof(*e->one));
	e->one[e->count++] = (struct exposed){path, why, sha256, S_ISDIR(st->st_mode)};
}

bool exposed_files(const struct exposures *e)
{
	bool any = false;

	for (size_t i = 0; i < e->count; i++)
		any = any || !e->one[i].folder;
	return any;
}

static bool is_known(const struct exposures *e, const char *path)
{
	for (size_t i = 0; i < e->count; i++) {
		if (strcmp(e->one[i].path, path) == 0)
			return true;
	}
	return false;
}

bool exposed_folders(struct exposures *e, const struct root *root, struct arena *arena, const char *path)
{
	struct stat st;

	for (size_t at = 0, len = strlen(path); at < len; at++) {
		at += strcspn(path + at, "/");
		const char *folder = arena_text(arena, path, at);
		enum root_read got = root_look(root, folder, &st);
		if (got != ROOT_READ)
			return got == ROOT_ABSENT;
		if (!is_known(e, folder))
			exposed_add(e, root, arena, folder, NULL, &st);
	}
	return true;
}

bool exposed_close(const struct root *root, struct arena *arena, const struct exposed *e, bool dry, bool *done)
{
	struct source text;
	struct stat st;

	*done = false;
	if (e->folder)
		return true;
	enum root_read got = root_look(root, e->path, &st);
	if (got != ROOT_READ || !exposed_why(root, arena, &st))
		return got != ROOT_FAILED; /* it was written meanwhile, or is gone */
	got = root_read(root, arena, e->path, FILE_MAX, &text);
	if (got != ROOT_READ || (e->sha256 && strcmp(record_digest(arena, text.bytes, text.len), e->sha256) != 0))
		return got != ROOT_FAILED;
	*done = dry || root_write(root, e->path, text.bytes, text.len);
	return *done;
}
