#ifndef COMPILER_LINT_TREATMENT_H
#define COMPILER_LINT_TREATMENT_H

/* What becomes of a syscall as a whole, whatever its arguments: what the checks of lint.h compare.
 */

#include "lint.h"

enum treats {
	TREATS_ABSENT,  /* the ABI has no such syscall, or the filter is not for the ABI */
	TREATS_OPEN,    /* allowed or logged, whatever the arguments */
	TREATS_PARTLY,  /* arguments decide, or it would take too long to tell that they do not */
	TREATS_ASKED,   /* nothing refuses it, and somebody is asked: NOTIFY, TRACE */
	TREATS_ENOSYS,  /* always as if the kernel did not have it */
	TREATS_REFUSED, /* always, in other ways */
};

struct treatment {
	enum treats how;
	uint32_t ret; /* of a refusal, or of what is asked; of several, the first */
	uint32_t at;  /* of the first rule that decides, or of the default action */
	bool by_rule; /* a rule says so, and not the default */
};

/* Is the call made, if only logged? */
bool treatment_passes(uint32_t ret);
/* Is it not, whoever is asked? */
bool treatment_refuses(uint32_t ret);

struct treatment treatment_of(const struct lint *, const struct abi *, uint16_t id);
/* The same by name; TREATS_ABSENT of a name no ABI has. */
struct treatment treatment_of_name(const struct lint *, const struct abi *, const char *name);
/* The same of calls alone for which the conditions of `made` hold; NULL: of all. */
struct treatment treatment_where(
	const struct lint *, const struct abi *, const char *name, const struct clause *made);

/* The range of a number, NULL if the filter is not for the ABI. */
const struct range *treatment_range(const struct lint *, const struct abi *, uint32_t nr);

/* A finding's length to underline at a place that a clause names. */
uint32_t treatment_len(const struct lint *, uint32_t at);

/* What a refusal is to people: "EPERM", "errno 512", "SIGSYS", "the end of the program". */
const char *treatment_words(const struct lint *, uint32_t ret);

/* A list in the making: "a", "a and b", "a, b and 3 more". */
struct word_list {
	const char *word[32]; /* further ones are counted only */
	size_t count;
};
void word_list_add(struct word_list *, const char *word); /* each once */
const char *word_list_text(struct arena *, const struct word_list *);

#endif
