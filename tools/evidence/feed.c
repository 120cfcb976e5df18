/*
 * In: files, a block at a time. Out: lines, each given to the format that the last one had, then to the
 * others. A file of names is known by its first line, a profile by its first byte.
 */

#include "reader.h"

#include "../lib/build.h"
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

/* --- for the formats --- */

struct event reader_event(const struct reader *r, const struct line *l)
{
	return (struct event){.abi = r->mode ? r->mode : r->to->abi,
		.count = 1,
		.path = r->path,
		.at = l->at,
		.line = l->s,
		.line_len = (size_t)(l->end - l->s),
		.hidden = r->hidden};
}

static bool find_name(const char *name, size_t len, uint16_t *id)
{
	/* tracepoints are named after the functions (kernel: fs/stat.c, kernel/sys.c, fs/read_write.c) */
	static const struct {
		const char *kernel, *call;
	} others[] = {{"newfstat", "fstat"}, {"newstat", "stat"}, {"newlstat", "lstat"},
		{"newuname", "uname"}, {"sendfile64", "sendfile"}};

	if (arch_syscall_find(name, len, id))
		return true;
	for (size_t i = 0; i < countof(others); i++) {
		if (is_text(name, len, others[i].kernel))
			return arch_syscall_find(others[i].call, strlen(others[i].call), id);
	}
	return false;
}

static struct named *slot_of(struct reader *r, const char *name, size_t len)
{
	size_t slot = len ? len * 67 + (unsigned char)name[0] * 5 + (unsigned char)name[len - 1] * 31 +
			(unsigned char)name[len / 2]
			  : 0;

	return &r->name[slot % countof(r->name)];
}

struct named *reader_named(struct reader *r, const struct abi *abi, const char *name, size_t len)
{
	struct named *n = slot_of(r, name, len);

	return n->len == len && n->abi == abi && memcmp(n->name, name, len) == 0 ? n : NULL;
}

void reader_flush(struct reader *r, struct named *n)
{
	const struct line l = {"", "", n->at};
	struct event e = reader_event(r, &l);

	if (!n->count)
		return;
	e.abi = n->abi;
	e.name = arch_syscall_name(n->id);
	e.name_len = strlen(e.name);
	e.has_id = true;
	e.id = n->id;
	e.has_nr = n->has_nr;
	e.nr = n->nr;
	e.answer = ANSWER_DONE;
	e.count = (double)n->count;
	r->to->calls += n->count - 1;
	n->count = 0;
	reader_emit(r, &e, KIND_STRACE);
}

void reader_name(struct reader *r, struct event *e, const char *name, size_t len)
{
	struct named *n = reader_named(r, e->abi, name, len);

	e->name = name;
	e->name_len = len;
	if (!n) {
		e->has_id = find_name(name, len, &e->id);
		e->has_nr = e->has_id && e->abi && arch_nr(e->abi, e->id, &e->nr);
		n = slot_of(r, name, len);
		if (!len || len > sizeof(n->name))
			return;
		reader_flush(r, n);
		*n = (struct named){.abi = e->abi,
			.len = len,
			.nr = e->nr,
			.id = e->id,
			.has_id = e->has_id,
			.has_nr = e->has_nr};
		memcpy(n->name, name, len);
		return;
	}
	e->has_id = n->has_id;
	e->id = n->id;
	e->has_nr = n->has_nr;
	e->nr = n->nr;
}

void reader_number(struct reader *r, struct event *e, uint32_t audit, uint32_t nr)
{
	size_t slot = (nr ^ audit) % countof(r->number);

	e->has_nr = e->by_number = true;
	e->nr = nr;
	e->abi = arch_of_call(audit, nr);
	if (!r->number[slot].filled || r->number[slot].nr != nr || r->number[slot].audit != audit) {
		const char *name = e->abi ? arch_nr_name(e->abi, nr) : NULL;
		uint16_t id = 0;
		bool named = name && arch_syscall_find(name, strlen(name), &id);
		r->number[slot].filled = true;
		r->number[slot].named = named;
		r->number[slot].audit = audit;
		r->number[slot].nr = nr;
		r->number[slot].id = id;
	}
	e->has_id = r->number[slot].named;
	e->id = r->number[slot].id;
}

static void keep(struct evidence_line *one, const struct event *e, const char *text, size_t len)
{
	one->path = e->path;
	one->at = e->at;
	if (e->hidden)
		len = 0;
	snprintf(one->text, sizeof(one->text), "%.*s", (int)(len < EVIDENCE_TEXT ? len : EVIDENCE_TEXT - 1),
		len ? text : "");
}

static void add_unnamed(struct evidence *to, const struct event *e)
{
	char number[24];
	struct evidence_line one;

	to->unnamed++;
	snprintf(number, sizeof(number), "%d", (int)e->nr);
	keep(&one, e, e->name ? e->name : number, e->name ? e->name_len : strlen(number));
	for (size_t i = 0; i < to->names; i++) {
		if (strcmp(to->name[i].text, one.text) == 0)
			return;
	}
	if (to->names < EVIDENCE_SHOWN && *one.text)
		to->name[to->names++] = one;
}

static bool may_load(const struct event *e)
{
	return e->has_id && e->name &&
		(is_text(e->name, e->name_len, "seccomp") || is_text(e->name, e->name_len, "prctl"));
}

/* seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=9, filter=0x1000}) = 0; one of NULL asks what the kernel has. */
static void note_load(struct evidence *to, const struct event *e)
{
	const uint64_t set_seccomp = 22, mode_filter = 2,
		       set_mode_filter = 1; /* kernel: include/uapi/linux */
	struct event_args args;

	if (e->form != ARGS_STRACE || e->answer != ANSWER_DONE ||
		!find(e->args, e->args + e->args_len, "{len="))
		return;
	event_args(e, &args);
	bool is_prctl = *arch_syscall_name(e->id) == 'p';
	if (is_prctl ? args.value[0] != set_seccomp || args.value[1] != mode_filter
		     : args.value[0] != set_mode_filter)
		return;
	if (!to->loads++)
		keep(&to->load, e, e->line, e->line_len);
}

void reader_emit(struct reader *r, struct event *e, enum evidence_kind kind)
{
	struct evidence *to = r->to;

	to->seen[kind] = true;
	r->events++;
	r->stopped += e->answer == ANSWER_KILLED || e->answer == ANSWER_TRAPPED;
	to->calls++;
	if (!e->has_id)
		add_unnamed(to, e);
	if (may_load(e) && kind == KIND_STRACE)
		note_load(to, e);
	bool counts = to->take(to->context, e);
	struct named *n = counts && e->has_id && e->name && !e->by_number && kind == KIND_STRACE
		? reader_named(r, e->abi, e->name, e->name_len)
		: NULL;
	if (n && !may_load(e))
		n->counts = true;
}

/* --- lines --- */

static void not_understood(struct reader *r, const struct line *l)
{
	const struct event e = reader_event(r, l);

	if (r->to->unread < EVIDENCE_SHOWN)
		keep(&r->to->unread_line[r->to->unread], &e, l->s, (size_t)(l->end - l->s));
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
		if (!to->quiet)
			evidence_tell(to);
		if (!to->quiet)
			message("%s: no syscall was found in it", r->path);
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
