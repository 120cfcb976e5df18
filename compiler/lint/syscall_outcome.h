#ifndef COMPILER_LINT_SYSCALL_OUTCOME_H
#define COMPILER_LINT_SYSCALL_OUTCOME_H

/* What becomes of a syscall as a whole, whatever its arguments: what the checks of lint.h compare.
 */

#include "lint.h"
#include "outcome.h"

/* Is the call made, if only logged? */
bool outcome_passes(uint32_t ret);
/* Is it not, whoever is asked? */
bool outcome_refuses(uint32_t ret);
/* Is the caller told, and goes on? */
bool outcome_is_errno(uint32_t ret);

struct syscall_outcome outcome_of(const struct lint *, const struct abi *, uint16_t id);
/* The same by name; OUTCOME_ABSENT of a name no ABI has. */
struct syscall_outcome outcome_of_name(const struct lint *, const struct abi *, const char *name);
/* The same of calls alone for which the conditions of `made` hold; NULL: of all. */
struct syscall_outcome outcome_where(
	const struct lint *, const struct abi *, uint16_t id, const struct clause *made);

/* Is it left to a tracer, whatever the arguments? Nobody traces containers, and without one the kernel says ENOSYS. */
bool outcome_is_untraced(const struct syscall_outcome *);
/* So it is to programs: of a filter that is for no container in particular it is not known whether somebody traces. */
void outcome_for_programs(const struct lint *, struct syscall_outcome *);

/* The range of a number, NULL if the filter is not for the ABI. */
const struct range *outcome_range(const struct lint *, const struct abi *, uint32_t nr);

/* A finding's length to underline at a place that a clause names. */
uint32_t outcome_len(const struct lint *, uint32_t at);

/* What a refusal is to people: "EPERM", "errno 512", "SIGSYS", "the end of the program". */
const char *outcome_words(const struct lint *, uint32_t ret);

/* A list in the making: "a", "a and b", "a, b and 3 more". */
struct word_list {
	const char *word[32]; /* further ones are counted only */
	size_t count;
};
void word_list_add(struct word_list *, const char *word); /* each once */
const char *word_list_text(struct arena *, const struct word_list *);

#endif
