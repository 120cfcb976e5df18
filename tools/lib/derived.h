#ifndef TOOLS_LIB_DERIVED_H
#define TOOLS_LIB_DERIVED_H

/*
 * A profile's text edited so that some calls are answered otherwise, and nothing else: comments, order and
 * spacing stay where a rule does. What comes out is read again and held against what went in: on every node and
 * for every set of capabilities and kernel that rules on those syscalls ask about.
 */

#include "derive.h"

/* Reads the base, which is enough for derive_for_caps(). False: the diagnostics say why. */
bool derive_read(struct arena *, struct derive *);

/* Reads it and what it means, without capabilities and with all. False: the diagnostics say why. */
bool derive_open(struct arena *, struct derive *);

/* The edited text; that of the source where nothing is to be done. BUILD_REFUSED: the diagnostics say why. */
enum build derive_text(
	struct arena *, struct derive *, const struct derive_wish *, size_t wishes, struct buf *, struct mistake *);

/* Which two wishes ask of one call what no answer is. False: none do. */
bool derive_contradict(struct derive *, const struct derive_wish *, size_t wishes, size_t *one, size_t *other,
	struct call *);

/*
 * The text with what is plainly a slip put right (lint --fix): a name twice in a rule, a name no ABI has that can
 * only be another. *fixed: how many. It means what the base does but for the syscalls whose names were put right; BUILD_REFUSED
 * where it would not.
 */
enum build derive_fix(struct arena *, struct derive *, struct buf *, size_t *fixed);

/*
 * The text with conditions on capabilities decided for containers that have those of `caps` and no others: a rule
 * that is not for them goes, the condition of one that is. Conditions on kernels and architectures stay.
 */
enum build derive_for_caps(struct arena *, struct derive *, uint64_t caps, struct buf *, struct mistake *);

#endif
