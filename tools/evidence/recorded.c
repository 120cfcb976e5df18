/* What others made of recordings: lines of the Security Profiles Operator, profiles, lists of names. */

#include "reader.h"

#include "../lib/build.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include <stdlib.h>

/* --- the operator --- */

/* What follows a key in any of its spellings: syscallName="x", "syscallName"="x", "syscallName":"x" */
static const char *after_key(const char *s, const char *end, const char *key)
{
	const char *at = find(s, end, key);

	if (!at)
		return NULL;
	at += strlen(key);
	at += at < end && *at == '"';
	at = skip_blanks(at, end);
	if (at == end || (*at != '=' && *at != ':'))
		return NULL;
	return skip_blanks(at + 1, end);
}

static const char *name_end(const char *s, const char *end)
{
	while (s < end && is_name_part(*s))
		s++;
	return s;
}

/* log-enricher: ... "syscallID"=41 "syscallName"="socket" */
static bool take_enriched(struct reader *r, const struct line *l)
{
	struct event e = reader_event(r, l);
	const char *name = after_key(l->s, l->end, "syscallName");

	if (!name || name == l->end || *name != '"')
		return false;
	name++;
	const char *end = name_end(name, l->end);
	if (end == name)
		return false;
	reader_name(r, &e, name, (size_t)(end - name));
	e.answer = ANSWER_UNSAID;
	reader_emit(r, &e, KIND_OPERATOR);
	return true;
}

/* {"executable":"/bin/web","syscalls":["socket","read"],"version":"spo/v1_alpha"} */
static bool take_json(struct reader *r, const struct line *l)
{
	const char *s = *l->s == '{' ? after_key(l->s, l->end, "\"syscalls") : NULL;

	if (!s || s == l->end || *s != '[')
		return false;
	for (s++; s < l->end && *s != ']'; s++) {
		if (*s != '"')
			continue;
		const char *name = s + 1, *end = name_end(name, l->end);
		struct event e = reader_event(r, l);
		reader_name(r, &e, name, (size_t)(end - name));
		reader_emit(r, &e, KIND_OPERATOR);
		s = memchr(end, '"', (size_t)(l->end - end));
		if (!s)
			return true;
	}
	return true;
}

bool operator_line(struct reader *r, const struct line *l)
{
	return take_enriched(r, l) || take_json(r, l);
}

bool operator_is_line(const char *s, const char *end)
{
	const char *list = after_key(s, end, "\"syscalls");

	if (find(s, end, "syscallName"))
		return true;
	list = list && list < end && *list == '[' ? skip_blanks(list + 1, end) : NULL;
	return list && list < end && *list == '"' && !find(s, end, "\"defaultAction\"");
}

/* --- names --- */

/* "read", "read 3", "read<TAB>0.25" */
static bool read_pair(const struct line *l, const char **name_end_at, double *count)
{
	const char *s = skip_blanks(l->s, l->end), *end = name_end(s, l->end), *number;
	char text[40], *rest;

	*name_end_at = end;
	*count = 1;
	if (end == s || is_digit(*s))
		return false;
	number = skip_blanks(end, l->end);
	size_t len = (size_t)(l->end - number);
	if (!len)
		return true;
	if (number == end || len >= sizeof(text) || !memchr("0123456789.", *number, 11))
		return false;
	memcpy(text, number, len);
	text[len] = '\0';
	*count = strtod(text, &rest);
	return !*rest && *count >= 0 && *count < 1e15;
}

/* A name alone has to be a syscall's; one with a number behind it is taken at its word. */
bool words_begin(struct reader *r, const struct line *l)
{
	const char *s = skip_blanks(l->s, l->end), *end;
	double count;
	uint16_t id;

	if (!read_pair(l, &end, &count))
		return false;
	r->counted = end < l->end;
	return end < l->end || arch_syscall_find(s, (size_t)(end - s), &id);
}

int words_line(struct reader *r, const struct line *l)
{
	struct event e = reader_event(r, l);
	const char *s = skip_blanks(l->s, l->end), *end;

	if (!read_pair(l, &end, &e.count) || (end < l->end) != r->counted) {
		if (!r->to->quiet)
			message("%s:%llu: expected a syscall%s", r->path, (unsigned long long)l->at,
				r->counted ? " and a count" : " and nothing else");
		return EXIT_INPUT;
	}
	reader_name(r, &e, s, (size_t)(end - s));
	reader_emit(r, &e, KIND_NAMES);
	return EXIT_DONE;
}

/* --- profiles --- */

int profile_names(struct reader *r, const struct source *source)
{
	struct diags diags;

	diags_init(&diags, r->to->arena, source);
	const struct profile *p = build_profile(r->to->arena, source, &diags);
	if (!r->to->quiet)
		files_diags(r->to->arena, &diags, true, NULL);
	if (!p)
		return diags_exit(&diags);
	for (size_t i = 0; i < p->rules; i++) {
		const struct profile_rule *rule = &p->rule[i];
		for (size_t n = 0; n < rule->names.count && rule->action.action == ACTION_ALLOW; n++) {
			const struct text *name = &rule->names.text[n];
			uint32_t line, column;
			source_place(source, name->at, &line, &column);
			const struct line l = {
				source->bytes + name->at, source->bytes + name->at + name->at_len, line};
			struct event e = reader_event(r, &l);
			reader_name(r, &e, name->s, name->len);
			reader_emit(r, &e, KIND_PROFILE);
		}
	}
	return EXIT_DONE;
}
