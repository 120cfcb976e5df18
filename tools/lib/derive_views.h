#ifndef TOOLS_LIB_DERIVE_VIEWS_H
#define TOOLS_LIB_DERIVE_VIEWS_H

/*
 * Which nodes and containers a text is held against. What a rule is for depends on capabilities, the kernel and
 * the architecture; a syscall's answers, on the rules that name it or one of its multiplexer. So views are made
 * of all sets of capabilities and all kernels that those rules tell apart, on each node.
 */

#include "derive.h"

#define VIEW_CAPS 8u  /* that rules on one syscall may ask about */
#define VIEWS_MAX 512u

/* Do rules for the two meet on one number of some ABI? */
bool derive_related(uint16_t a, uint16_t b);

/* Does the rule name the syscall? */
bool derive_names(const struct profile_rule *, uint16_t syscall);

/* Adds the views for one syscall that are not there yet. False: there are too many to be looked at. */
bool derive_add_views(struct arena *, struct derive *, uint16_t syscall);

/* Each node without capabilities and with all. */
void derive_start_views(struct arena *, struct derive *);

#endif
