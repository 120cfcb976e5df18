/* What strace writes in front of a call, in whatever order its version has. */

#include "strace.h"

static const char *behind(const char *s, const char *end, char c)
{
	const char *at = memchr(s, c, (size_t)(end - s));

	return at ? at + 1 : NULL;
}

/* "[pid 77] ", "[pid 77<comm>] ", "[ 102] ", "[???] ", "[00007f0c2b3e1a57] " */
static bool take_bracket(struct cursor *c)
{
	const char *s = skip_blanks(c->s + 1, c->end), *close = behind(s, c->end, ']');
	uint64_t value;

	if (!close)
		return false;
	size_t len = (size_t)(close - 1 - s);
	if (starts(s, close, "pid ")) {
		s = skip_blanks(s + 4, close);
		if (!read_decimal(&s, close, &c->pid))
			return false;
	} else if (len && *s == '?') {
		c->foreign = len < 8; /* as many for an address that is not known */
	} else if (len == 16 || len == 8) {
		if (!read_hex(&s, close, &value) || *s != ']')
			return false;
	} else {
		if (!read_decimal(&s, close, &value) || *s != ']' || value > UINT32_MAX)
			return false;
		c->numbered = true;
		c->nr = (uint32_t)value;
	}
	c->s = skip_blanks(close, c->end);
	return true;
}

/* "77 ", "77<comm> ", "12:00:00.123 ", "1700000000.123 " */
static bool take_digits(struct cursor *c, bool *first)
{
	const char *s = c->s;
	uint64_t value;

	if (!read_decimal(&s, c->end, &value))
		return false;
	if (s < c->end && (*s == '.' || *s == ':')) {
		while (s < c->end &&
			(is_digit(*s) || *s == '.' || *s == ':' || *s == '-' || *s == '+' || *s == 'T'))
			s++;
	} else if (*first) {
		c->pid = value;
		*first = false;
		if (s < c->end && *s == '<' && !(s = behind(s, c->end, '>')))
			return false;
	}
	if (s == c->end || !is_blank(*s))
		return false;
	c->s = skip_blanks(s, c->end);
	return true;
}

bool strace_front(struct cursor *c)
{
	bool first = true;

	c->s = skip_blanks(c->s, c->end);
	while (c->s < c->end) {
		if (is_digit(*c->s)) {
			if (!take_digits(c, &first))
				return false;
		} else if (*c->s == '[' && !starts(c->s, c->end, "[ Process PID=")) {
			if (!take_bracket(c))
				return false;
		} else if (starts(c->s, c->end, "(+")) {
			const char *s = behind(c->s, c->end, ')');
			if (!s)
				return false;
			c->s = skip_blanks(s, c->end);
		} else {
			break;
		}
	}
	return c->s < c->end;
}
