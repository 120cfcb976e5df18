/*
 * Sums: strace -c and perf trace -s. A table is known by its head and ends at its foot or at a blank
 * line. Behind lines of the calls themselves (strace -C, perf trace -S) it says again what they said.
 */

#include "reader.h"

#include <stdlib.h>

#define WORDS_MAX 12
#define COUNT_MAX UINT64_C(1000000000000000) /* as of lists; sums of these are exact in a double */

struct words {
	const char *s[WORDS_MAX];
	size_t len[WORDS_MAX], count;
};

static void cut_words(struct words *w, const struct line *l)
{
	const char *s = l->s;

	w->count = 0;
	while (s < l->end && w->count < WORDS_MAX) {
		s = skip_blanks(s, l->end);
		const char *word = s;
		while (s < l->end && !is_blank(*s))
			s++;
		w->s[w->count] = word;
		w->len[w->count] = (size_t)(s - word);
		w->count += s > word;
	}
}

static bool word_is(const struct words *w, size_t i, const char *text)
{
	return i < w->count && is_text(w->s[i], w->len[i], text);
}

static void begin(struct reader *r, enum table table, size_t calls)
{
	r->table = table;
	r->calls = calls;
	r->repeats = r->called > 0;
}

/*
 * % time     seconds  usecs/call     calls    errors syscall     the first column's head is two
 * words, 33.28    0.000200          20        10         1 read        and errors may be blank
 */
static bool begin_strace(struct reader *r, const struct words *w)
{
	if (!word_is(w, 0, "%") || !word_is(w, 1, "time"))
		return false;
	for (size_t i = 2; i < w->count; i++) {
		if (word_is(w, i, "calls")) {
			begin(r, TABLE_STRACE, i - 1);
			return true;
		}
	}
	return false;
}

/*    syscall            calls  errors  total       min       avg       max       stddev */
static bool begin_perf(struct reader *r, const struct words *w)
{
	if (!word_is(w, 0, "syscall") || !word_is(w, 1, "calls"))
		return false;
	begin(r, TABLE_PERF, 1);
	return true;
}

/* System call usage summary for 32 bit mode: */
static bool take_mode(struct reader *r, const struct line *l)
{
	static const char head[] = "System call usage summary for ", tail[] = " mode:";

	if (!starts(l->s, l->end, head) || !find(l->s, l->end, tail))
		return false;
	const char *mode = l->s + sizeof(head) - 1, *end = find(l->s, l->end, tail);
	r->mode = r->to->abi ? arch_of_mode(r->to->abi, mode, (size_t)(end - mode)) : NULL;
	return r->mode != NULL;
}

static bool read_count(const char *s, size_t len, double *count)
{
	const char *end = s + len;
	uint64_t value;

	if (!read_decimal(&s, end, &value) || s != end || value > COUNT_MAX)
		return false;
	*count = (double)value;
	return true;
}

static bool is_rule(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		for (size_t c = 0; c < w->len[i]; c++) {
			if (w->s[i][c] != '-')
				return false;
		}
	}
	return w->count > 0;
}

static bool is_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_name_part(s[i]))
			return false;
	}
	return len && !is_digit(*s);
}

static bool read_row(struct reader *r, const struct line *l, const struct words *w)
{
	size_t name = r->table == TABLE_PERF ? 0 : w->count - 1;
	struct event e = reader_event(r, l);

	if (!w->count || word_is(w, name, "total")) {
		r->table = TABLE_NONE;
		return true;
	}
	if (is_rule(w) || *w->s[0] == '(')
		return true; /* below the head */
	if (r->calls >= w->count || r->calls == name || !is_name(w->s[name], w->len[name]) ||
		!read_count(w->s[r->calls], w->len[r->calls], &e.count))
		return false;
	if (r->repeats) {
		r->to->repeated++;
		return true;
	}
	reader_name(r, &e, w->s[name], w->len[name]);
	reader_emit(r, &e, r->table == TABLE_PERF ? KIND_PERF_TABLE : KIND_STRACE_TABLE);
	return true;
}

/* " ls (1234), 312 events, 96.9%", " Summary of events:" around perf's tables */
static bool is_heading(const struct line *l)
{
	return find(l->s, l->end, " events, ") || starts(l->s, l->end, " Summary of events");
}

bool table_line(struct reader *r, const struct line *l)
{
	struct words w;

	cut_words(&w, l);
	if (begin_strace(r, &w) || begin_perf(r, &w) || take_mode(r, l))
		return true;
	if (r->table != TABLE_NONE)
		return read_row(r, l, &w);
	return is_heading(l);
}
