/*
 * A state machine over the words that scan.c takes, with a stack of open brackets in place of
 * recursion. `want` says what the grammar allows next; each step takes one word or refuses the
 *text:
 *
 *	document = value                   after `[`: value or `]`, then `,` value ... or `]`
 *	value = object | array | string    after `{`: key or `}`, then `:` value `,` key ... or `}`
 *	      | number | true | false | null
 *
 * Refusing is final, so one mistake yields one diagnostic. It stands at the word that does not fit,
 * but for a trailing comma, which is what has to go; notes show the bracket or the gap it belongs
 *to.
 */

#include "recognise.h"

#include "scan.h"

#include <string.h>

enum want {
	WANT_DOCUMENT,
	WANT_FIRST_ELEMENT,
	WANT_ELEMENT,
	WANT_MORE_ELEMENTS,
	WANT_FIRST_KEY,
	WANT_KEY,
	WANT_COLON,
	WANT_VALUE,
	WANT_MORE_MEMBERS,
	WANT_END
};

static const char *const wanted[] = {
	[WANT_DOCUMENT] = "a value",
	[WANT_FIRST_ELEMENT] = "a value or ']'",
	[WANT_ELEMENT] = "a value after ','",
	[WANT_MORE_ELEMENTS] = "',' or ']' after an element",
	[WANT_FIRST_KEY] = "a key in double quotes or '}'",
	[WANT_KEY] = "a key in double quotes after ','",
	[WANT_COLON] = "':' after a key",
	[WANT_VALUE] = "a value after ':'",
	[WANT_MORE_MEMBERS] = "',' or '}' after a value",
	[WANT_END] = "the end of the text behind the document",
};

struct recogniser {
	struct scanner scan;
	struct diags *diags;
	uint32_t end;    /* behind the last word */
	uint32_t values; /* so far */
	uint32_t depth;
	uint32_t opened[JSON_DEPTH_MAX]; /* places of the open brackets */
	enum want want;
};

/* --- refusing --- */

/* The innermost open bracket is a '['. */
static bool in_array(const struct recogniser *r)
{
	return r->scan.bytes[r->opened[r->depth - 1]] == '[';
}

static void note_opened(const struct recogniser *r)
{
	diag_note(r->diags, r->opened[r->depth - 1], 1, "the %s was opened here",
		in_array(r) ? "array" : "object");
}

static bool cut_short(const struct recogniser *r)
{
	if (r->depth == 0)
		return diag(r->diags, DIAG_EMPTY, 0, 1,
			r->scan.len ? "the text holds nothing but white space"
				    : "the text is empty");
	diag(r->diags, DIAG_SYNTAX, r->scan.at, 1, "the text ends inside an %s: expected %s",
		in_array(r) ? "array" : "object", wanted[r->want]);
	note_opened(r);
	return false;
}

/* Refuse what is next; there is something. */
static bool unexpected(const struct recogniser *r)
{
	char c = r->scan.bytes[r->scan.at];
	bool mismatch = r->depth && c == (in_array(r) ? '}' : ']');

	if ((r->want == WANT_ELEMENT && c == ']') || (r->want == WANT_KEY && c == '}'))
		return diag(r->diags, DIAG_SYNTAX, r->end - 1, 1, "trailing comma before '%c'", c);
	scan_refuse(&r->scan, wanted[r->want]);
	if (mismatch)
		note_opened(r);
	else if ((r->want == WANT_MORE_ELEMENTS || r->want == WANT_MORE_MEMBERS) &&
		(scan_next_is_word(&r->scan) || memchr("\"[{-", c, 4)))
		diag_note(r->diags, r->end, 1, "a ',' may be missing here");
	return false;
}

/* --- structure --- */

/* A word ends here; the grammar goes on with `want`. */
static bool then(struct recogniser *r, enum want want)
{
	r->end = r->scan.at;
	r->want = want;
	return true;
}

static bool take_punctuation(struct recogniser *r, enum want want)
{
	r->scan.at++;
	return then(r, want);
}

static bool take_opening(struct recogniser *r, enum want want)
{
	if (r->depth == JSON_DEPTH_MAX)
		return diag(r->diags, DIAG_DEPTH, r->scan.at, 1,
			"objects and arrays are nested more than %d deep", JSON_DEPTH_MAX);
	r->opened[r->depth++] = r->scan.at;
	r->values++;
	return take_punctuation(r, want);
}

static enum want want_after_value(const struct recogniser *r)
{
	if (r->depth == 0)
		return WANT_END;
	return in_array(r) ? WANT_MORE_ELEMENTS : WANT_MORE_MEMBERS;
}

static bool take_closing(struct recogniser *r)
{
	r->depth--;
	return take_punctuation(r, want_after_value(r));
}

static bool take_scalar(struct recogniser *r)
{
	char c = r->scan.bytes[r->scan.at];

	r->values++;
	if (c == '"')
		return scan_string(&r->scan);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(&r->scan);
	if (c == '+' || c == '.')
		return diag(r->diags, DIAG_SYNTAX, r->scan.at, 1,
			"a number does not start with '%c'", c);
	if (scan_next_is_word(&r->scan))
		return scan_literal(&r->scan, wanted[r->want]);
	return unexpected(r);
}

static bool take_value(struct recogniser *r)
{
	if (scan_next_is(&r->scan, '{'))
		return take_opening(r, WANT_FIRST_KEY);
	if (scan_next_is(&r->scan, '['))
		return take_opening(r, WANT_FIRST_ELEMENT);
	return take_scalar(r) && then(r, want_after_value(r));
}

static bool take_key(struct recogniser *r)
{
	if (!scan_next_is(&r->scan, '"'))
		return unexpected(r);
	return take_scalar(r) && then(r, WANT_COLON);
}

/* `,` and more, or the closing bracket. */
static bool take_comma(struct recogniser *r, enum want more, char bracket)
{
	if (scan_next_is(&r->scan, ','))
		return take_punctuation(r, more);
	return scan_next_is(&r->scan, bracket) ? take_closing(r) : unexpected(r);
}

/* Take the word at `at`; there is one. */
static bool step(struct recogniser *r)
{
	switch (r->want) {
	case WANT_DOCUMENT:
	case WANT_ELEMENT:
	case WANT_VALUE:
		return take_value(r);
	case WANT_FIRST_ELEMENT:
		return scan_next_is(&r->scan, ']') ? take_closing(r) : take_value(r);
	case WANT_MORE_ELEMENTS:
		return take_comma(r, WANT_ELEMENT, ']');
	case WANT_FIRST_KEY:
		return scan_next_is(&r->scan, '}') ? take_closing(r) : take_key(r);
	case WANT_KEY:
		return take_key(r);
	case WANT_COLON:
		return scan_next_is(&r->scan, ':') ? take_punctuation(r, WANT_VALUE)
						   : unexpected(r);
	case WANT_MORE_MEMBERS:
		return take_comma(r, WANT_KEY, '}');
	case WANT_END:
		return unexpected(r);
	}
	unreachable();
}

/* Encodings that give themselves away: a byte order mark of UTF-8 or UTF-16. */
static bool no_mark(const struct source *source, struct diags *diags)
{
	const char *s = source->bytes;

	if (source->len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return diag(diags, DIAG_BOM, 0, 3, "the text starts with a byte order mark");
	if (source->len >= 2 && (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0))
		return diag(diags, DIAG_NOT_UTF8, 0, 2, "the text is UTF-16, JSON is UTF-8");
	return true;
}

bool recognise(const struct source *source, struct diags *diags, struct recognised *found)
{
	struct recogniser r = {.diags = diags};

	assert(source->len <= SOURCE_MAX);
	if (!no_mark(source, diags))
		return false;
	r.scan = (struct scanner){source->bytes, (uint32_t)source->len, 0, diags};
	scan_space(&r.scan);
	found->at = r.scan.at;
	while (!scan_at_end(&r.scan)) {
		if (!step(&r))
			return false;
		scan_space(&r.scan);
	}
	if (r.want != WANT_END)
		return cut_short(&r);
	found->len = r.end - found->at;
	found->values = r.values;
	return true;
}
