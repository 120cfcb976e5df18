/* What strace writes behind the arguments of a call. */

#include "strace.h"

const char *strace_find_result(const char *s, const char *end)
{
	const char *at = end - 2;

	if (end > s && end[-1] == ')') { /* an error's words in brackets */
		while (at > s && *at != '(' && *at != '"')
			at--;
	}
	for (; at > s; at--) {
		if (*at == '=' && at[1] == ' ' && at[-1] == ' ')
			return at;
		if (*at == '"' || *at == '>')
			return NULL;
	}
	return NULL;
}

/* Strings and brackets hold anything. */
const char *strace_find_result_slowly(const char *s, const char *end)
{
	unsigned depth = 1;

	for (; s < end && depth; s++) {
		if (*s == '"') {
			for (s++; s < end && *s != '"'; s++)
				s += *s == '\\';
		} else if (*s == '<' && is_digit(s[-1])) {
			while (s + 1 < end && !(*s == '>' && memchr(",)|] }", s[1], 6)))
				s++;
		} else if (*s == '(' || *s == '[' || *s == '{') {
			depth++;
		} else if (*s == ')' || *s == ']' || *s == '}') {
			depth--;
		}
	}
	s = s < end ? skip_blanks(s, end) : end;
	return s + 1 < end && *s == '=' && s[1] == ' ' ? s : NULL;
}

const char *strace_cut_duration(const char *s, const char *end)
{
	const char *at = end;

	if (end - s < 4 || end[-1] != '>')
		return end;
	for (at = end - 2; at > s && (is_digit(*at) || *at == '.'); at--)
		;
	if (*at != '<' || at == end - 2 || at[-1] != ' ')
		return end;
	while (at > s && is_blank(at[-1]))
		at--;
	return at;
}

/* "Operation not permitted" in place of a name, in brackets or not. */
static void read_words(struct event *e, const char *end)
{
	while (end > e->error && is_blank(end[-1]))
		end--;
	if (end > e->error && *e->error == '(' && end[-1] == ')') {
		e->error++;
		end--;
	}
	e->error_len = (size_t)(end - e->error);
}

bool strace_result(const char *s, const char *end, struct event *e)
{
	uint64_t value = 0;
	const char *at = s;

	if (s == end)
		return false;
	if (*s == '?') {
		e->answer = ANSWER_UNSAID;
		return true;
	}
	bool minus = *at == '-';
	at += minus;
	if (starts(at, end, "0x")) {
		at += 2;
		if (!read_hex(&at, end, &value))
			return false;
	} else if (!read_decimal(&at, end, &value)) {
		return false;
	}
	e->answer = ANSWER_DONE;
	e->value = minus ? -value : value;
	e->has_value = true;
	if (!minus)
		return true;
	at = skip_blanks(at, end);
	if (starts(at, end, "(errno "))
		at += 7;
	for (e->error = at; at < end && is_name_part(*at); at++)
		;
	e->error_len = (size_t)(at - e->error);
	e->answer = ANSWER_ERROR;
	if (!event_is_error(e->error, e->error_len))
		read_words(e, end);
	return true;
}
