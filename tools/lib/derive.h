#ifndef TOOLS_LIB_DERIVE_H
#define TOOLS_LIB_DERIVE_H

/* A base that is edited, what is wished of it, and what it is held against (derived.h). */

#include "../../compiler/logic/bdd.h"
#include "../../compiler/read/document.h"
#include "build.h"

/* What answers will do, and which of them is given where none is there. */
struct derive_claim {
	uint8_t actions; /* bit n: enum action n */
	uint32_t ret;    /* what is given, unless the default action will do */
	bool exact;      /* nothing but that will do */
};

/* On one ABI. */
struct derive_on {
	bool meant;
	struct derive_claim claim;
	struct cond cond[CALL_ARGS]; /* sorted by argument */
	size_t conds;
};

struct derive_wish {
	uint16_t syscall;
	const struct derive_on *on; /* by place in arch_abis */
};

/* A node as it was held against. */
struct derive_view {
	struct node_facts node;
	const struct policy *before, *after;
	uint32_t was, is; /* functions of them */
	uint32_t want;    /* leaves are claims (derive_want.h), 0 where nothing is wished for */
	uint32_t open;    /* boolean: multiplexers' calls that follow the names they are for */
};

struct derive {
	const struct source *source;
	const struct node_facts *node; /* one or more; capabilities do not count, nor does a kernel not given */
	size_t nodes;
	bool keyed; /* JSON with an errno gets a key for crun's cache (cache_key.h) */
	struct diags *diags;
	/* filled in by derive_read() */
	struct bdd bdd;
	struct document document;
	const struct profile *profile;
	/* by derive_text() */
	const struct derive_wish *wish;
	size_t wishes;
	struct derive_view *view;
	size_t views;
	bool changed;
	/* what cannot be said in JSON: where it is, for a call of the view's node (BUILD_REFUSED, E046) */
	const struct derive_view *failing;
	struct call call;
	uint32_t wrong; /* diff.h: what it has to be, what it came to */
};

#endif
