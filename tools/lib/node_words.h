#ifndef TOOLS_LIB_NODE_WORDS_H
#define TOOLS_LIB_NODE_WORDS_H

/* What is true of a node, as words. */

#include "../../compiler/meaning/policy.h"
#include "../../compiler/profile/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The next word of a comma list; false at its end. */
bool next_word(const char **list, const char **word, size_t *len);

/* A list of capabilities, "all" or "none"; none if text is NULL. False: the word is no capability. */
bool words_caps(const char *text, uint64_t *caps, const char **word, size_t *len);

/* X.Y and what may follow in a kernel's own version, which is *rest. False: it does not start so. */
bool words_kernel(const char *text, struct kernel_version *, const char **rest);

/* "x86_64 x86 x32": the ABIs of a filter, in the arena. */
const char *words_abis(struct arena *, const struct policy *);

#endif
