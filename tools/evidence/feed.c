/*
 * In: files, a block at a time. Out: lines, each given to the format that the last one had, then to the
 * others. A file of names is known by its first line, a profile by its first byte.
 */

#include "reader.h"

#include "../lib/build.h"
#include "../lib/single.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"
#include "../cli/progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK ((size_t)1 << 20) /* bytes; also the longest line */

static bool (*const formats[])(struct reader *, const struct line *) = {
	strace_line, audit_line, perf_line, ftrace_line, operator_line};

/* --- lines --- */

static void not_understood(struct reader *r, const struct line *l)
{
	const struct event e = reader_event(r, l);

	if (r->to->unread < EVIDENCE_SHOWN)
		reader_keep(&r->to->unread_line[r->to->unread], &e, l->s, (size_t)(l->end - l->s));
	r->to->unread++;
}

static bool take_formats(struct reader *r, const struct line *l)
{
	if (formats[r->last](r, l))
		return true;
	for (size_t i = 0; i < countof(formats); i++) {
		if (i != r->last && formats[i](r, l)) {
			r->last = i;
			return true;
		}
	}
	return false;
}

/* Colours of strace 7: ESC [ ... letter */
static const char *strip_escapes(struct reader *r, struct line *l)
{
	size_t len = 0;
	char *text = r->plain;

	for (const char *s = l->s; s < l->end; s++) {
		if (*s == '\033' && s + 1 < l->end && s[1] == '[') {
			for (s += 2; s < l->end && !(*s >= '@' && *s <= '~'); s++)
				;
			continue;
		}
		text[len++] = *s;
	}
	l->s = text;
	l->end = text + len;
	return text;
}

static int take_line(struct reader *r, struct line l, bool escapes)
{
	r->to->lines++;
	if (escapes && memchr(l.s, '\033', (size_t)(l.end - l.s)))
		strip_escapes(r, &l);
	while (l.end > l.s && is_blank(l.end[-1]))
		l.end--;
	if (l.s == l.end || *l.s == '#')
		return table_line(r, &l), EXIT_DONE; /* a blank line ends a table */
	if (!r->events && !r->words)
		r->words = words_begin(r, &l);
	if (r->words)
		return words_line(r, &l);
	if (r->table != TABLE_NONE && table_line(r, &l))
		return EXIT_DONE;
	if (!take_formats(r, &l) && !table_line(r, &l))
		not_understood(r, &l);
	return EXIT_DONE;
}

/* --- files --- */

struct feed {
	int fd; /* -1: all of it is in the block */
	char *block;
	size_t len, room;
	bool ended;
};

/* More behind what is left; false: told. */
static bool fill(struct feed *in, const char *path)
{
	while (!in->ended && in->len < in->room) {
		ssize_t n = read(in->fd, in->block + in->len, in->room - in->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			message("%s: %s", path, strerror(errno));
			return false;
		}
		in->ended = n == 0;
		in->len += (size_t)n;
		if (n > 0)
			return true;
	}
	return true;
}

/* All whole lines of the block; what is left of it goes to its front. */
static int take_block(struct reader *r, struct feed *in, uint64_t *at, bool *skipping)
{
	bool escapes = memchr(in->block, '\033', in->len) != NULL;
	const char *s = in->block, *end = s + in->len;

	while (s < end) {
		const char *newline = memchr(s, '\n', (size_t)(end - s));
		struct line l = {s, newline ? newline : end, *at + 1};
		bool whole = newline || in->ended;
		if (!whole && (s > in->block || in->len < in->room))
			break;
		if (!*skipping && !whole)
			not_understood(r, &l); /* longer than a block */
		else if (!*skipping) {
			int status = take_line(r, l, escapes);
			if (status)
				return status;
		}
		*skipping = !whole;
		*at += newline != NULL;
		s = newline ? newline + 1 : end;
	}
	in->len = (size_t)(end - s);
	if (in->len)
		memmove(in->block, s, in->len);
	return EXIT_DONE;
}

static int take_lines(struct reader *r, struct feed *in, size_t size)
{
	struct progress progress;
	uint64_t at = 0, done = 0;
	bool skipping = false;
	int status = EXIT_DONE;

	progress_start(&progress, r->to->quiet);
	do {
		size_t before = in->len;
		progress_show(&progress, "reading MiB", (size_t)(done >> 20), size >> 20);
		status = take_block(r, in, &at, &skipping);
		done += before - in->len;
		if (in->ended)
			break;
		if (!status && !fill(in, r->path))
			status = EXIT_INPUT;
	} while (!status);
	progress_clear(&progress);
	return status;
}

/* JSON that is no line of a log, or YAML that says what it is. */
static bool is_profile(const struct feed *in)
{
	const char *s = in->block, *end = s + in->len;

	while (s < end && (is_blank(*s) || *s == '\n'))
		s++;
	if (starts(s, end, "apiVersion:"))
		return true;
	if (s == end || *s != '{')
		return false;
	const char *newline = memchr(s, '\n', (size_t)(end - s));
	return !operator_is_line(s, newline ? newline : end);
}

static int take_profile(struct reader *r, struct feed *in)
{
	struct buf b;

	buf_init(&b, r->to->arena);
	do {
		buf_add(&b, in->block, in->len);
		in->len = 0;
		if (b.len > SOURCE_MAX) {
			message("%s: larger than %u MiB, the most winnow reads of a profile", r->path,
				SOURCE_MAX >> 20);
			return EXIT_INPUT;
		}
		if (!in->ended && !fill(in, r->path))
			return EXIT_INPUT;
	} while (in->len);
	const struct source source = {r->path, b.bytes ? b.bytes : "", b.len, r->hidden};
	return profile_names(r, &source);
}

/* What processes left open: a call that was not seen to return, a record without its second. */
static void settle_all(struct reader *r)
{
	for (size_t i = 0; i < PROCESS_BUCKETS; i++) {
		for (struct process *p = r->processes.bucket[i]; p; p = p->next) {
			if (p->held)
				p->held(r, p);
		}
	}
	for (size_t i = 0; i < countof(r->name); i++)
		reader_flush(r, &r->name[i]);
}

static int take_input(struct reader *r, struct feed *in, size_t size)
{
	struct evidence *to = r->to;
	const struct source head = {r->path, in->block, in->len, true};
	const char *other = single_other(to->arena, &head); /* the block is read over later */
	int status;

	to->hidden = to->hidden || r->hidden;
	uint64_t nameless = to->nameless;
	if (is_profile(in))
		status = take_profile(r, in);
	else
		status = take_lines(r, in, size);
	settle_all(r);
	*(r->stopped ? &to->beside : &to->nameless) += r->nameless;
	to->crowded = to->crowded || r->processes.crowded;
	processes_clear(&r->processes);
	if (!status && !r->events && to->nameless == nameless && !to->lost) {
		if (!to->quiet && !other)
			evidence_tell(to);
		if (!to->quiet)
			message("%s: no syscall was found in it%s%s", r->path, other ? ": " : "", other ? other : "");
		return EXIT_INPUT;
	}
	return status;
}

void evidence_init(
	struct evidence *e, struct arena *arena, bool (*take)(void *, const struct event *), void *context)
{
	*e = (struct evidence){.arena = arena, .abi = arch_native(), .take = take, .context = context};
}

/* The one that there is, for another file; lines are of `room` bytes at most. */
static struct reader *reader_for(struct evidence *e, const char *path, size_t room)
{
	struct reader *r = e->reader, last = {.processes = {.arena = e->arena}};

	if (r)
		last = *r;
	else
		e->reader = r = arena_raw(e->arena, 1, sizeof(*r));
	*r = (struct reader){.to = e, .path = path, .processes = last.processes};
	r->plain = last.plain_room < room ? arena_raw(e->arena, room, 1) : last.plain;
	r->plain_room = last.plain_room < room ? room : last.plain_room;
	return r;
}

int evidence_read_text(struct evidence *e, const char *path, const char *text, size_t len)
{
	struct reader *r = reader_for(e, path, len + 1);
	struct feed in = {.fd = -1, .len = len, .room = len + 1, .ended = true};

	in.block = (char *)(uintptr_t)text; /* nothing is written to what has ended */
	return take_input(r, &in, len);
}

int evidence_read(struct evidence *e, const char *path)
{
	struct reader *r = reader_for(e, strcmp(path, "-") == 0 ? "<stdin>" : path, BLOCK);
	struct feed in = {.room = BLOCK};
	size_t size;

	in.fd = files_open(path, &size, &r->hidden);
	if (in.fd < 0)
		return EXIT_INPUT;
	r->hidden = r->hidden && !e->follow;
	if (!e->block)
		e->block = arena_raw(e->arena, BLOCK, 1);
	in.block = e->block;
	bool filled = true; /* enough of it to see what it is */
	while (filled && !in.ended && in.len < 4096)
		filled = fill(&in, r->path);
	int status = filled ? take_input(r, &in, size) : EXIT_INPUT;
	if (in.fd != STDIN_FILENO)
		close(in.fd);
	return status;
}
