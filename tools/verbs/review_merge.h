#ifndef TOOLS_VERBS_REVIEW_MERGE_H
#define TOOLS_VERBS_REVIEW_MERGE_H

/* What is found in each view (a node, a set of capabilities), merged to what there is to tell, and printed. */

#include "../../arch/arch.h"
#include "../../backends/bpf/sha256.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/meaning/select_rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct review_view {
	uint32_t covers; /* ABIs that either side decides for, a bit each in the order of arch_abis[] */
};

/* A line of a difference as one view has it. */
struct review_item {
	size_t view;
	const struct abi *abi; /* NULL: `calls` says where */
	const char *calls, *where; /* where: "" for every such call */
	uint8_t region[SHA256_SIZE]; /* of some arguments: which; else 0 */
	size_t alone;          /* of some arguments, and nobody knows which: another number each; else 0 */
	uint32_t verdict[2];
	const char *rule[2];   /* "12:5, 14:5", "no rule", "-" */
};

struct review {
	const char *name[2];
	const char *const *node; /* of --arch, in order */
	size_t nodes;
	bool named;              /* by --arch */
	const struct node_facts *taken; /* what profiles were read for, the first of `node`; without profiles none */
	size_t takens;
	const char *const *caps; /* names of sets, in order */
	size_t sets;
	const struct review_view *view; /* by node, of each by set */
	struct review_item *item;
	size_t items;
	bool complete; /* nothing was left out, all was decided */
};

/* Sorts the items. */
void review_print(struct buf *, struct review *);

#endif
