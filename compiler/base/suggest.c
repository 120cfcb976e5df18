/*
 * Damerau-Levenshtein distance (optimal string alignment), given up as soon as a row exceeds the
 * best so far. Case differences cost nothing to find but count one edit in all, so that "OPENAT"
 * finds "openat"; a missing front part counts one as well. The first of equally near candidates
 * wins: callers offer them in sorted order.
 */

#include "suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define WORD_MAX 48

struct suggestion suggest_start(const char *word, size_t len)
{
	size_t limit = len / 3 < 3 ? len / 3 : 3;

	return (struct suggestion){.word = word, .len = len, .edits = limit + 1};
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int fold(char c)
{
	return tolower((unsigned char)c);
}

/* The distance, or `enough` when it is that or more. */
static size_t distance(const char *a, size_t alen, const char *b, size_t blen, size_t enough)
{
	size_t row[3][WORD_MAX + 1];

	for (size_t j = 0; j <= blen; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= alen; i++) {
		size_t *now = row[i % 3], *up = row[(i - 1) % 3], *up2 = row[(i + 1) % 3];
		size_t smallest = now[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			size_t cost = fold(a[i - 1]) != fold(b[j - 1]);
			now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + cost);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
				fold(a[i - 2]) == fold(b[j - 1]))
				now[j] = least(now[j], up2[j - 2] + 1);
			smallest = least(smallest, now[j]);
		}
		if (smallest >= enough)
			return enough;
	}
	return row[alen % 3][blen];
}

/* "EQ" for "SCMP_CMP_EQ", "sys_admin" for "CAP_SYS_ADMIN"; syscalls have no such prefixes. */
static bool ends_in(const char *candidate, size_t len, const struct suggestion *s)
{
	if (s->len < 2 || len <= s->len || candidate[len - s->len - 1] != '_' ||
		!isupper((unsigned char)*candidate))
		return false;
	for (size_t i = 0; i < s->len; i++) {
		if (fold(candidate[len - s->len + i]) != fold(s->word[i]))
			return false;
	}
	return true;
}

void suggest_offer(struct suggestion *s, const char *candidate)
{
	size_t len = strlen(candidate), edits = s->edits;
	size_t apart = len > s->len ? len - s->len : s->len - len;

	if (s->len > WORD_MAX || len > WORD_MAX)
		return;
	if (ends_in(candidate, len, s))
		edits = 1;
	else if (apart < s->edits)
		edits = distance(s->word, s->len, candidate, len, s->edits);
	if (edits == 0 && (len != s->len || memcmp(s->word, candidate, len) != 0))
		edits = 1;
	if (edits < s->edits) {
		s->edits = edits;
		s->best = candidate;
	}
}
