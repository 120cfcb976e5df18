#ifndef TOOLS_PAGES_PAGES_H
#define TOOLS_PAGES_PAGES_H

/* What is written to a file; the caller asks ferror(). */

#include "../cli/options.h"

#include <stdio.h>

void man_overview(FILE *);
void man_verb(FILE *, const struct verb *);

void complete_bash(FILE *);
void complete_zsh(FILE *);
void complete_fish(FILE *);

#define VALUES_MAX 1024

/*
 * What may stand behind an option, for a shell to offer. `words` has blanks between; none and no files:
 * a number, say, or names nobody can guess.
 */
struct values {
	char words[VALUES_MAX];
	bool files;
	bool optional; /* behind = only */
};

void values_find(struct values *, const struct option_row *);

/* Text within single quotes of a shell; `of_shell` stands for a quotation mark. */
void quoted(FILE *, const char *text, const char *of_shell);

#endif
