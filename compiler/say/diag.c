/*
 * Findings are kept in order of finding and sorted when printed. However many there are, a run
 * keeps DIAG_MAX of each severity, so that warnings cannot crowd out the error that ends it; those
 * beyond still count towards exit status and totals, and cost nothing.
 *
 * Messages hold names from the profile as they are; diags_print alone makes them safe to look at.
 */

#include "diag.h"

#include "../base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SEEN_FIRST 64u
#define SEEN_SLOTS 4096u /* twice what can be kept, with room to probe */

const struct diag_kind diag_kinds[DIAG_IDS] = {
#define DIAG(id, code, slug, severity, exit, about)                                                \
	[DIAG_##id] = {code, slug, SEVERITY_##severity, exit},
#include "diag.tbl"
#undef DIAG
};

#define DIAG(id, its_code, its_slug, severity, exit, about)                                        \
	static_assert(sizeof(its_code) == sizeof(diag_kinds[0].code) &&                            \
			sizeof(its_slug) <= sizeof(diag_kinds[0].slug), its_slug);
#include "diag.tbl"
#undef DIAG

const char *const diag_about[DIAG_IDS] = {
#define DIAG(id, code, slug, severity, exit, about) [DIAG_##id] = (about),
#include "diag.tbl"
#undef DIAG
};

/* Warnings that --strict makes errors: the profile says something that will not happen. */
static const enum diag_id strict_raises[] = {DIAG_UNKNOWN_SYSCALL, DIAG_OVERLAP, DIAG_SHADOWED};

void diags_init(struct diags *d, struct arena *arena, const struct source *source)
{
	*d = (struct diags){.arena = arena, .source = source};
	d->tail = &d->first;
}

static enum severity severity_of(const struct diags *d, enum diag_id id)
{
	for (size_t i = 0; d->strict && i < countof(strict_raises); i++) {
		if (strict_raises[i] == id)
			return SEVERITY_ERROR;
	}
	return diag_kinds[id].severity;
}

/* A message of `wanted` bytes; one that was too long ends in "...", never within a character. */
static const char *keep_text(struct arena *arena, char text[DIAG_TEXT_MAX], int wanted)
{
	assert(wanted >= 0);
	size_t len = (size_t)wanted;
	if (len >= DIAG_TEXT_MAX) {
		len = DIAG_TEXT_MAX - sizeof("...");
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		memcpy(text + len, "...", sizeof("..."));
		len += strlen("...");
	}
	return arena_text(arena, text, len);
}

/* The message without what is filled in: any of that may be a word of the source, or a number. */
static const char *make_hidden_text(struct arena *arena, const char *fmt)
{
	struct buf b;

	buf_init(&b, arena);
	while (*fmt) {
		size_t plain = strcspn(fmt, "%");
		buf_add(&b, fmt, plain);
		fmt += plain;
		if (!*fmt)
			break;
		fmt += 1 + strspn(fmt + 1, "-+ #0123456789.*lhzjt"); /* what stands before the letter */
		buf_text(&b, *fmt == '%' ? "%" : "...");
		fmt += *fmt != '\0';
	}
	return buf_string(&b);
}

static const char *make_text(const struct diags *d, const char *fmt, va_list args)
{
	char text[DIAG_TEXT_MAX];

	if (d->source && d->source->hidden)
		return make_hidden_text(d->arena, fmt);
	return keep_text(d->arena, text, vsnprintf(text, sizeof(text), fmt, args));
}

const char *diag_joined(struct arena *arena, const char *const *who, size_t count,
	struct diag_doer by, const char *rest)
{
	char text[DIAG_TEXT_MAX];
	struct buf names;

	buf_init(&names, arena);
	for (size_t i = 0; i < count; i++)
		buf_printf(&names, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", who[i]);
	buf_add(&names, "", 1);
	return keep_text(arena, text,
		snprintf(text, sizeof(text), "%s %s %s", names.bytes,
			count > 1 ? by.plural : by.verb, rest));
}

static struct diag *make(struct diags *d, enum diag_id id, enum severity severity, uint32_t at,
	uint32_t len, const char *text)
{
	struct diag *diag = arena_alloc(d->arena, 1, sizeof(*diag));

	assert(at == NOWHERE || !d->source || at <= d->source->len);
	diag->id = id;
	diag->severity = severity;
	diag->at = d->source ? at : NOWHERE;
	diag->len = len ? len : 1;
	diag->text = text;
	return diag;
}

/* Where a key is in the table, or belongs. */
static uint64_t *find_seen(const struct diags *d, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 40) % d->seen_room;

	while (d->seen[i] && d->seen[i] != key)
		i = (i + 1) % d->seen_room;
	return &d->seen[i];
}

/* Most have few findings; the table has twice as many slots as keys, up to the most. */
static void make_room_for_seen(struct diags *d)
{
	const uint64_t *old = d->seen;
	size_t room = d->seen_room;

	if (room == SEEN_SLOTS || 2 * d->seen_count < room)
		return;
	d->seen_room = room ? 4 * room : SEEN_FIRST;
	d->seen = arena_alloc(d->arena, d->seen_room, sizeof(*d->seen));
	for (size_t i = 0; i < room; i++) {
		if (old[i])
			*find_seen(d, old[i]) = old[i];
	}
}

/* Is a finding of this id at this place known? If not it is from now on, while the table has room. */
static bool said_before(struct diags *d, enum diag_id id, uint32_t at)
{
	uint64_t key = ((uint64_t)id + 1) << 32 | at; /* never 0 */

	if (at == NOWHERE)
		return false;
	make_room_for_seen(d);
	uint64_t *slot = find_seen(d, key);
	if (*slot)
		return true;
	if (d->seen_count < SEEN_SLOTS / 2) {
		*slot = key;
		d->seen_count++;
	}
	return false;
}

/* Is there to be a finding of it? It counts even if it is one too many. */
static bool admit(struct diags *d, enum diag_id id, uint32_t at)
{
	enum severity severity = severity_of(d, id);
	int status = diag_kinds[id].exit;

	d->last = NULL;
	if (said_before(d, id, at))
		return false;
	if (severity == SEVERITY_ERROR && (d->exit == 0 || status < d->exit))
		d->exit = status;
	if (d->count[severity]++ < DIAG_MAX)
		return true;
	d->unshown++;
	return false;
}

static void add(struct diags *d, enum diag_id id, uint32_t at, uint32_t len, const char *text)
{
	d->last = *d->tail = make(d, id, severity_of(d, id), at, len, text);
	d->tail = &d->last->next;
}

bool diag(struct diags *d, enum diag_id id, uint32_t at, uint32_t len, const char *fmt, ...)
{
	va_list args;

	if (!admit(d, id, at))
		return false;
	va_start(args, fmt);
	add(d, id, at, len, make_text(d, fmt, args));
	va_end(args);
	return false;
}

/* A chain of its own: places are moved where a file has several parts. */
static struct diag *copy_notes(struct arena *arena, const struct diag *from)
{
	struct diag *first = NULL, **to = &first;

	for (; from; from = from->note) {
		struct diag *copy = arena_alloc(arena, 1, sizeof(*copy));
		*copy = *from;
		*to = copy;
		to = &copy->note;
	}
	*to = NULL;
	return first;
}

void diags_add(struct diags *d, const struct diags *from)
{
	for (const struct diag *one = from->first; one; one = one->next) {
		if (!admit(d, one->id, one->at))
			continue;
		add(d, one->id, one->at, one->len, one->text);
		d->last->by = one->by;
		d->last->rest = one->rest;
		d->last->was = one->was;
		d->last->meant = one->meant;
		d->last->note = copy_notes(d->arena, one->note);
	}
	for (unsigned s = SEVERITY_NOTE; s <= SEVERITY_ERROR; s++)
		d->count[s] += from->count[s] > DIAG_MAX ? from->count[s] - DIAG_MAX : 0;
	d->unshown += from->unshown;
	if (d->exit == 0 || (from->exit && from->exit < d->exit))
		d->exit = from->exit;
}

bool diag_by(struct diags *d, enum diag_id id, uint32_t at, uint32_t len, struct diag_doer by,
	const char *fmt, ...)
{
	va_list args;

	if (!admit(d, id, at))
		return false;
	va_start(args, fmt);
	const char *rest = make_text(d, fmt, args);
	va_end(args);
	add(d, id, at, len, diag_joined(d->arena, &by.who, 1, by, rest));
	d->last->by = by;
	d->last->rest = rest;
	return false;
}

void diag_note(struct diags *d, uint32_t at, uint32_t len, const char *fmt, ...)
{
	struct diag **note;
	va_list args;

	if (!d->last)
		return;
	for (note = &d->last->note; *note;)
		note = &(*note)->note;
	va_start(args, fmt);
	*note = make(d, d->last->id, SEVERITY_NOTE, at, len, make_text(d, fmt, args));
	va_end(args);
}

void diag_meant(struct diags *d, const char *word)
{
	struct diag *last = d->last;

	if (!last || !word)
		return;
	diag_note(d, last->at, last->len, "did you mean '%s'?", word);
	if (!d->source || d->source->hidden || last->at == NOWHERE)
		return;
	last->was = arena_text(d->arena, d->source->bytes + last->at, last->len);
	last->meant = word;
}

const struct diag *diags_first_error(const struct diags *d)
{
	const struct diag *one = d->first;

	while (one && one->severity != SEVERITY_ERROR)
		one = one->next;
	return one;
}

bool diag_find(const char *code_or_slug, enum diag_id *id)
{
	for (size_t i = 0; i < DIAG_IDS; i++) {
		const struct diag_kind *kind = &diag_kinds[i];
		if (strcasecmp(kind->code, code_or_slug) == 0 ||
			strcasecmp(kind->slug, code_or_slug) == 0) {
			*id = (enum diag_id)i;
			return true;
		}
	}
	return false;
}

int diags_exit(const struct diags *d)
{
	return d->exit;
}

/* --- printing --- */

struct paint {
	const char *bold, *severity[3], *plain;
};
static const struct paint none = {"", {"", "", ""}, ""};
static const struct paint ansi = {"\033[1m", {"\033[1;36m", "\033[1;35m", "\033[1;31m"}, "\033[0m"};

const char *const severity_names[] = {"note", "warning", "error"};

struct printer {
	struct buf *buf;
	const struct source *source;
	struct source_index index;
	const struct paint *paint;
};

static void print_safe(const struct printer *p, const char *text)
{
	utf8_print(p->buf, text, strlen(text));
}

static void print_name(const struct printer *p)
{
	print_safe(p, p->source ? p->source->name : "winnow");
}

static void print_place(const struct printer *p, uint32_t at)
{
	struct source_line line = source_line(&p->index, at);

	print_name(p);
	buf_printf(p->buf, ":%u:%u", line.number, at - line.start + 1);
}

/* One finding or note, and its line unless that has just been shown. */
static void print_one(const struct printer *p, const struct diag *d, bool finding, bool excerpt)
{
	const char *paint = p->paint->severity[d->severity];

	buf_text(p->buf, p->paint->bold);
	if (d->at == NOWHERE)
		print_name(p);
	else
		print_place(p, d->at);
	buf_printf(p->buf, ": %s%s: %s%s", paint, severity_names[d->severity], p->paint->plain,
		finding ? p->paint->bold : "");
	print_safe(p, d->text);
	buf_text(p->buf, finding ? p->paint->plain : "");
	if (finding)
		buf_printf(p->buf, " [%s %s]", diag_kinds[d->id].code, diag_kinds[d->id].slug);
	if (finding && d->whom)
		buf_printf(p->buf, " (%s)", d->whom);
	buf_text(p->buf, "\n");
	if (excerpt && d->at != NOWHERE)
		source_print(p->buf, &p->index, d->at, d->len, paint, p->paint->plain);
}

struct entry {
	const struct diag *diag;
	size_t order; /* of finding: makes the sort stable */
};

static int entry_order(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	uint32_t at = a->diag->at + 1, bt = b->diag->at + 1; /* NOWHERE becomes 0, the first */

	if (at != bt)
		return at < bt ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static const struct entry *sort(
	struct arena *arena, const struct diags *d, enum severity least, size_t *count)
{
	size_t kept = d->count[SEVERITY_NOTE] + d->count[SEVERITY_WARNING] +
		d->count[SEVERITY_ERROR] - d->unshown;
	struct entry *entry = arena_alloc(arena, kept, sizeof(*entry));
	size_t n = 0;

	for (const struct diag *diag = d->first; diag; diag = diag->next) {
		if (diag->severity >= least) {
			entry[n] = (struct entry){diag, n};
			n++;
		}
	}
	qsort(entry, n, sizeof(*entry), entry_order);
	*count = n;
	return entry;
}

static void print_unshown(const struct printer *p, const struct diags *d, enum severity least)
{
	size_t more = 0;

	for (enum severity s = least; s <= SEVERITY_ERROR; s++)
		more += d->count[s] > DIAG_MAX ? d->count[s] - DIAG_MAX : 0;
	if (!more)
		return;
	print_name(p);
	buf_printf(p->buf, ": %zu more findings are not shown\n", more);
}

/* That lines and words are missing. */
static void print_hidden(const struct printer *p)
{
	print_name(p);
	buf_text(p->buf, ": " DIAG_HIDDEN "\n");
}

void diags_print(struct buf *b, const struct diags *d, enum severity least, bool colour)
{
	struct printer p = {.buf = b, .source = d->source, .paint = colour ? &ansi : &none};
	size_t count;
	const struct entry *entry = sort(b->arena, d, least, &count);

	if (count && d->source)
		source_index(&p.index, b->arena, d->source);
	for (size_t i = 0; i < count; i++) {
		const struct diag *found = entry[i].diag;
		print_one(&p, found, true, true);
		for (const struct diag *note = found->note; note; note = note->note)
			print_one(&p, note, false, note->at != found->at);
	}
	print_unshown(&p, d, least);
	if (count && d->source && d->source->hidden)
		print_hidden(&p);
}
