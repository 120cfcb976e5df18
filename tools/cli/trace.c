/*
 * Line by line; a line is cut into words at blanks. Tables are known by their heads and end at
 * their foot or at a blank line; outside of one, a line is an audit record, a logged call, or
 * nothing. Traces hold much else (signals, exits, heads of processes), so what is not understood is
 * passed over. Only a file whose first line is a name and a number is a frequency file, and taken
 * at its word.
 */

#include "trace.h"

#include "../lib/build.h"
#include "files.h"
#include "message.h"
#include "options.h"

#include "../../compiler/base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRACE_MAX ((size_t)256 << 20) /* bytes */
#define WORDS_MAX 12

enum table { TABLE_NONE, TABLE_STRACE, TABLE_PERF };

struct reader {
	struct trace *trace;
	const char *path;
	size_t line;
	enum table table;
	size_t calls;     /* column of a table */
	bool frequencies; /* a frequency file */
	size_t found;     /* syscalls, unknown ones included */
};

struct line {
	const char *text;
	size_t len;
	const char *word[WORDS_MAX];
	size_t word_len[WORDS_MAX];
	size_t words;
};

/* --- words --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void cut_words(struct line *l)
{
	const char *at = l->text, *end = at + l->len;

	l->words = 0;
	while (at < end && l->words < WORDS_MAX) {
		while (at < end && is_blank(*at))
			at++;
		const char *word = at;
		while (at < end && !is_blank(*at))
			at++;
		l->word[l->words] = word;
		l->word_len[l->words] = (size_t)(at - word);
		l->words += at > word;
	}
}

static bool word_is(const struct line *l, size_t word, const char *text)
{
	return word < l->words && l->word_len[word] == strlen(text) &&
		memcmp(l->word[word], text, l->word_len[word]) == 0;
}

static bool is_name_part(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_';
}

static bool is_name(const char *s, size_t len)
{
	if (!len || (s[0] >= '0' && s[0] <= '9'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_name_part(s[i]))
			return false;
	}
	return true;
}

/* A number of digits, with a point in it or an exponent behind it. */
static bool read_number(const char *s, size_t len, double *value)
{
	char text[40], *end;

	if (!len || len >= sizeof(text) || !memchr("0123456789.", s[0], 11))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	*value = strtod(text, &end);
	return !*end && *value >= 0 && *value < 1e15;
}

/* What follows `key` in the line, up to a blank or a quotation mark; NULL if it is not there. */
static const char *find_value(const struct line *l, const char *key, size_t *len)
{
	size_t key_len = strlen(key);

	for (size_t at = 0; at + key_len <= l->len; at++) {
		if (memcmp(l->text + at, key, key_len) != 0 ||
			(at && is_name_part(l->text[at - 1])))
			continue;
		const char *value = l->text + at + key_len;
		for (*len = 0; value + *len < l->text + l->len; ++*len) {
			if (is_blank(value[*len]) || value[*len] == '"')
				break;
		}
		return value;
	}
	return NULL;
}

/* --- counting --- */

static void add_unknown(struct trace *t, const char *name, size_t len)
{
	t->unknown++;
	if (t->hidden)
		return;
	for (size_t i = 0; i < t->unknown_named; i++) {
		if (strlen(t->unknown_name[i]) == len && memcmp(t->unknown_name[i], name, len) == 0)
			return;
	}
	if (t->unknown_named < TRACE_UNKNOWN_MAX)
		t->unknown_name[t->unknown_named++] = arena_text(t->arena, name, len);
}

static void add(struct reader *r, const char *name, size_t len, double count)
{
	uint16_t id;

	if (arch_syscall_find(name, len, &id)) {
		r->trace->count[id] += count;
		r->found++;
	} else {
		add_unknown(r->trace, name, len);
	}
}

/* --- tables --- */

/*
 * % time     seconds  usecs/call     calls    errors syscall     the first column's head is two
 * words, 33.28    0.000200          20        10         1 read        and errors may be blank
 */
static bool begin_strace(struct reader *r, const struct line *l)
{
	if (!word_is(l, 0, "%") || !word_is(l, 1, "time"))
		return false;
	for (size_t i = 2; i < l->words; i++) {
		if (word_is(l, i, "calls")) {
			r->table = TABLE_STRACE;
			r->calls = i - 1;
		}
	}
	return true;
}

/*    syscall            calls  errors  total       min       avg       max       stddev */
static bool begin_perf(struct reader *r, const struct line *l)
{
	if (!word_is(l, 0, "syscall") || !word_is(l, 1, "calls"))
		return false;
	r->table = TABLE_PERF;
	r->calls = 1;
	return true;
}

static void read_row(struct reader *r, const struct line *l)
{
	size_t name = r->table == TABLE_PERF ? 0 : l->words - 1;
	double count;

	if (!l->words || word_is(l, name, "total")) {
		r->table = TABLE_NONE;
		return;
	}
	if (r->calls < l->words && r->calls != name && is_name(l->word[name], l->word_len[name]) &&
		read_number(l->word[r->calls], l->word_len[r->calls], &count))
		add(r, l->word[name], l->word_len[name], count);
}

/* --- records --- */

/* type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=257 success=yes ... */
static bool read_audit(struct reader *r, const struct line *l)
{
	size_t arch_len, len;
	const char *arch = find_value(l, "arch=", &arch_len),
		   *call = find_value(l, "syscall=", &len);
	double number;

	if (!arch || !call || !len)
		return l->words && l->word_len[0] > 5 && memcmp(l->word[0], "type=", 5) == 0;
	if (!read_number(call, len, &number)) {
		add(r, call, len, 1); /* ausearch -i has names */
		return true;
	}
	uint32_t audit = (uint32_t)strtoul(arch, NULL, 16), nr = (uint32_t)number;
	const struct abi *abi = arch_of_call(audit, nr);
	const char *name = abi ? arch_nr_name(abi, nr) : NULL;
	if (name)
		add(r, name, strlen(name), 1);
	else
		add_unknown(r->trace, call, len);
	return true;
}

/* The Security Profiles Operator's enricher: ... "syscallName"="openat" ... */
static bool read_enriched(struct reader *r, const struct line *l)
{
	size_t len;
	const char *name = find_value(l, "syscallName\"=\"", &len);

	name = name ? name : find_value(l, "syscallName\":\"", &len);
	if (name)
		add(r, name, len, 1);
	return name != NULL;
}

/* The first name with a bracket right behind it: [pid 12] 0.01 openat(AT_FDCWD, ... */
static void read_call(struct reader *r, const struct line *l)
{
	for (size_t i = 1; i < l->len; i++) {
		size_t start = i;
		if (l->text[i] == '"' || (l->text[i] == '<' && memchr(l->text, '.', i)))
			return; /* what an argument holds; <... read resumed> was counted when it
				   began */
		if (l->text[i] != '(')
			continue;
		while (start && is_name_part(l->text[start - 1]))
			start--;
		if (is_name(l->text + start, i - start)) {
			add(r, l->text + start, i - start, 1);
			return;
		}
	}
}

/* --- frequency files --- */

static bool is_pair(const struct line *l)
{
	double value;

	return l->words == 2 && is_name(l->word[0], l->word_len[0]) &&
		read_number(l->word[1], l->word_len[1], &value);
}

static int read_pair(struct reader *r, const struct line *l)
{
	double value = 0;

	if (!l->words)
		return EXIT_DONE;
	if (!is_pair(l)) {
		message("%s:%zu: expected a syscall and a count", r->path, r->line);
		return EXIT_INPUT;
	}
	read_number(l->word[1], l->word_len[1], &value);
	add(r, l->word[0], l->word_len[0], value);
	return EXIT_DONE;
}

/* --- files --- */

/* What the file is, its first line that is no comment decides. */
static int read_line(struct reader *r, struct line *l)
{
	cut_words(l);
	if (l->words && l->word[0][0] == '#')
		return EXIT_DONE;
	if (!r->found && !r->frequencies && !r->trace->unknown)
		r->frequencies = is_pair(l);
	if (r->frequencies)
		return read_pair(r, l);
	if (begin_strace(r, l) || begin_perf(r, l))
		return EXIT_DONE;
	if (r->table != TABLE_NONE)
		read_row(r, l);
	else if (!read_audit(r, l) && !read_enriched(r, l))
		read_call(r, l);
	return EXIT_DONE;
}

static int read_lines(struct reader *r, const struct source *source)
{
	for (size_t at = 0; at < source->len;) {
		const char *text = source->bytes + at;
		const char *newline = memchr(text, '\n', source->len - at);
		struct line l = {
			.text = text, .len = newline ? (size_t)(newline - text) : source->len - at};
		r->line++;
		int status = read_line(r, &l);
		if (status)
			return status;
		at += l.len + 1;
	}
	return EXIT_DONE;
}

/* JSON, or YAML that says what it is. */
static bool is_profile(const struct source *source)
{
	static const char kind[] = "apiVersion:";
	size_t at = 0;

	while (at < source->len && (is_blank(source->bytes[at]) || source->bytes[at] == '\n'))
		at++;
	if (at < source->len && source->bytes[at] == '{')
		return true;
	return source->len - at > strlen(kind) &&
		memcmp(source->bytes + at, kind, strlen(kind)) == 0;
}

static int read_profile(struct reader *r, const struct source *source)
{
	struct diags diags;

	diags_init(&diags, r->trace->arena, source);
	const struct profile *p = build_profile(r->trace->arena, source, &diags);
	files_diags(r->trace->arena, &diags, true, NULL);
	if (!p)
		return diags_exit(&diags);
	for (size_t i = 0; i < p->rules; i++) {
		const struct profile_rule *rule = &p->rule[i];
		for (size_t n = 0; n < rule->names.count && rule->action.action == ACTION_ALLOW;
			n++)
			add(r, rule->names.text[n].s, rule->names.text[n].len, 1);
	}
	return EXIT_DONE;
}

void trace_init(struct trace *t, struct arena *arena)
{
	*t = (struct trace){.arena = arena};
	t->count = arena_alloc(arena, arch_syscall_count(), sizeof(*t->count));
}

int trace_read(struct trace *t, const char *path, bool follow)
{
	struct reader r = {.trace = t, .path = path};
	struct source source;

	if (!files_read(t->arena, path, TRACE_MAX, &source))
		return EXIT_INPUT;
	source.hidden = source.hidden && !follow;
	t->hidden = source.hidden;
	int status = is_profile(&source) ? read_profile(&r, &source) : read_lines(&r, &source);
	if (!status && !r.found) {
		message("%s: no syscall was found in it", path);
		return EXIT_INPUT;
	}
	return status;
}

#define COUNTED 1e12 /* all calls together, within what layout_shares() takes */

const uint32_t *trace_shares(const struct trace *t)
{
	uint64_t *whole = arena_alloc(t->arena, arch_syscall_count(), sizeof(*whole));
	double total = 0;

	for (size_t i = 0; i < arch_syscall_count(); i++)
		total += t->count[i];
	for (size_t i = 0; i < arch_syscall_count() && total > 0; i++)
		whole[i] = (uint64_t)(t->count[i] / total * COUNTED);
	return layout_shares(t->arena, whole);
}

void trace_tell_unknown(const struct trace *t, const char *path)
{
	char names[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < t->unknown_named && used < sizeof(names); i++) {
		int more = snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
			t->unknown_name[i]);
		used += more > 0 ? (size_t)more : 0;
	}
	if (t->unknown_named)
		message("%s: left out, since no ABI has it: %s%s", path, names,
			t->unknown_named == TRACE_UNKNOWN_MAX ? ", ..." : "");
	else if (t->unknown)
		message("%s: left out, since no ABI has it: %zu names or numbers; they are not shown: "
			"it is no plain file, or a link leads to it; --follow shows them",
			path, t->unknown);
}
