/*
 * A folder has one watch, whatever it is watched for, and rows of what of it matters. Watches are
 * set from the top: what appears in a folder behind its watch is an event, and what was there
 * before is found. Reading is no event, so a pass that changes nothing is silent.
 */

#include "folders.h"

#include "../cli/message.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHANGES                                                                                    \
	(IN_ATTRIB | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM |     \
		IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR)

bool folders_open(struct folders *f)
{
	*f = (struct folders){.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
	if (f->fd >= 0)
		return true;
	message("inotify: %s%s", strerror(errno),
		errno == EMFILE ? ": fs.inotify.max_user_instances" : "");
	return false;
}

void folders_close(struct folders *f)
{
	close(f->fd);
}

/* --- what to watch --- */

static void fail(struct folders *f, const char *path, const char *why)
{
	if (!f->failed)
		message("%s: cannot be watched: %s", path, why);
	f->failed = true;
}

/* False: there is no such folder, for now. */
static bool watch(struct folders *f, const char *folder, const struct folder_row *row)
{
	int wd = inotify_add_watch(f->fd, folder, CHANGES);

	if (wd < 0) {
		if (errno == ENOSPC)
			fail(f, folder, "fs.inotify.max_user_watches are in use");
		else if (errno != ENOENT && errno != ENOTDIR)
			fail(f, folder, strerror(errno));
		return false;
	}
	if (f->rows == FOLDERS_MAX) {
		fail(f, folder, "too many folders on the way");
		return false;
	}
	f->row[f->rows] = *row;
	f->row[f->rows++].wd = wd;
	return true;
}

void folders_begin(struct folders *f)
{
	memcpy(f->before, f->row, sizeof(f->before));
	f->befores = f->rows;
	f->rows = 0;
	f->failed = false;
}

void folders_add(struct folders *f, const char *path, size_t from, unsigned kind)
{
	size_t len = strlen(path), at = from;
	char folder[PATH_MAX];
	bool there = true;

	if (len >= sizeof(folder)) {
		fail(f, path, strerror(ENAMETOOLONG));
		return;
	}
	while (there) {
		size_t name = at + strspn(path + at, "/");
		struct folder_row row = {.name = path + name, .kind = kind};
		row.len = strcspn(row.name, "/");
		if (!row.len)
			row.name = NULL; /* the last folder: all in it */
		memcpy(folder, path, name);
		folder[name] = '\0';
		there = watch(f, name ? folder : ".", &row) && row.len;
		at = name + row.len;
	}
}

static bool on_a_way(const struct folders *f, int wd)
{
	for (size_t i = 0; i < f->rows; i++) {
		if (f->row[i].wd == wd)
			return true;
	}
	return false;
}

bool folders_end(struct folders *f)
{
	for (size_t i = 0; i < f->befores; i++) {
		if (!on_a_way(f, f->before[i].wd))
			inotify_rm_watch(f->fd, f->before[i].wd); /* may be gone by itself */
	}
	return !f->failed;
}

/* --- what happened --- */

static unsigned kinds_of(const struct folders *f, const struct inotify_event *event)
{
	bool itself = event->len == 0; /* the folder was moved or deleted */
	unsigned kinds = 0;

	if (event->mask & IN_IGNORED)
		return 0;
	if (event->mask & IN_Q_OVERFLOW)
		return UINT_MAX;
	for (size_t i = 0; i < f->rows; i++) {
		const struct folder_row *row = &f->row[i];
		bool named = !row->name ||
			(!itself && strlen(event->name) == row->len &&
				memcmp(event->name, row->name, row->len) == 0);
		if (row->wd == event->wd && (named || itself))
			kinds |= row->kind;
	}
	return kinds;
}

unsigned folders_events(struct folders *f)
{
	_Alignas(struct inotify_event) char events[4096];
	unsigned kinds = 0;
	ssize_t len;

	while ((len = read(f->fd, events, sizeof(events))) > 0 || (len < 0 && errno == EINTR)) {
		for (ssize_t at = 0; at < len;) {
			const struct inotify_event *event = (const void *)(events + at);
			kinds |= kinds_of(f, event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
	return kinds;
}
