#ifndef BENCH_FILTERS_H
#define BENCH_FILTERS_H

/* What is compared: one profile on some ABIs, and the ways to make a filter of it. */

#include "../backends/bpf/bpf.h"
#include "../compiler/tree/layout.h"
#include "../tools/lib/build.h"

#include <stdbool.h>

#define SCOPE_NODES 8

/* A profile on the nodes of one filter. */
struct scope {
	const char *name;
	const struct profile *profile;
	struct node_facts node[SCOPE_NODES];
	size_t nodes;
	const struct policy *policy;
	const struct ruleset *set; /* of the first node: the only one libseccomp can be handed */
};

enum maker { MAKER_WINNOW, MAKER_BALANCED, MAKER_LIBSECCOMP };

struct row {
	const char *name, *file; /* for tables; of the blob */
	enum maker maker;
	struct layout layout; /* winnow's; without a share, the built-in mix */
	unsigned level;       /* libseccomp's */
};
extern const struct row rows[];
extern const size_t row_count;

/* Text to profile. NULL: a message was printed. */
const struct profile *filters_profile(struct arena *, const char *path);

/* The profile's own ABIs on an x86_64 node; x86_64 alone; a list of ABIs, x86_64's rules on each.
 */
bool scope_own(struct arena *, const struct profile *, struct scope *);
bool scope_alone(struct arena *, const struct profile *, struct scope *);
bool scope_listed(struct arena *, const struct profile *, const struct abi *const *, size_t abis,
	struct scope *);
/* Several nodes in one filter, each with its own ABIs and rules. */
bool scope_fat(struct arena *, const struct profile *, const struct abi *const *, size_t abis,
	struct scope *);

/*
 * The scope without the names that libseccomp's tables lack, or number otherwise, on some of its
 * ABIs. *names is how many. False: libseccomp cannot be asked at all.
 */
bool scope_common(struct arena *, const struct scope *, struct scope *common, size_t *names);

/* NULL, or why there is no such filter. Winnow's are proved. */
const char *filter_build(
	struct arena *, const struct scope *, const struct row *, struct program *);

/* The same, then held against the kernel's rules and the policy. */
const char *filter_make(struct arena *, const struct scope *, const struct row *, struct program *);

/* The verdicts are the policy's for every number there is, and some beyond, on every ABI. */
bool filter_agrees(const struct scope *, const struct program *, struct call *witness);

#endif
