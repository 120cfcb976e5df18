#ifndef COMPILER_BASE_SUGGEST_H
#define COMPILER_BASE_SUGGEST_H

/* "Did you mean": the nearest of some words by edits (insert, delete, replace, swap neighbours). */

#include <stddef.h>

struct suggestion {
	const char *word; /* the input */
	size_t len;
	const char *best; /* NULL: nothing near enough */
	size_t edits;
};

/*
 * Near enough: at most a third of the word's letters are edited, and three at most; or the word is the
 * candidate's last part, "ALLOW" of "SCMP_ACT_ALLOW".
 */
struct suggestion suggest_start(const char *word, size_t len);
void suggest_offer(struct suggestion *, const char *candidate);

#endif
