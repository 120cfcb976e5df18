#ifndef TOOLS_LIB_COMPARAND_H
#define TOOLS_LIB_COMPARAND_H

/* What comparisons and assertions are about: profiles and filters, each of which comes to a function of the call. */

#include "../../backends/bpf/bpf.h"
#include "../../backends/bpf/trailer.h"
#include "../../compiler/kernel/call.h"
#include "../../compiler/logic/bdd.h"
#include "../../compiler/meaning/policy.h"
#include "../../compiler/profile/profile.h"
#include "../../compiler/say/source.h"

/* Of a process several: the kernel runs all of them on each call and obeys the strictest answer. */
struct filters {
	const struct program *program; /* the oldest first */
	size_t count;
	enum byte_order order;
	const int *log; /* as process.h has it; NULL: of a file, which does not hold with what flags it is loaded */
};

struct comparand {
	const char *name;
	const struct policy *policy; /* NULL: it is a blob */
	const struct profile *profile; /* the same; or nobody needs it */
	const struct node_facts *node; /* what that was read for, */
	size_t nodes;                  /* each; 0: the same */
	bool is_profile;

	struct filters filters; /* of a blob, or of a process */
	enum byte_order order;  /* of either */
	bool described;         /* it is one filter, which has a trailer */
	struct trailer trailer;

	uint32_t meaning; /* function of verdicts (verdict.h), settled (settle.h) */
};

/*
 * The bytes of one filter, in the byte order of an ABI (NULL: the order that makes sense of it). NULL, or what is
 * wrong with them: one that makes sense in the other byte order only is told as that, not by what is wrong with
 * its instructions.
 */
const char *comparand_program(struct arena *, const struct source *, const struct abi *, enum byte_order *,
	struct program *);

/* Why the kernel would not load one of its filters; NULL: it would. */
const char *comparand_fault(struct arena *, const struct comparand *);

/* What filters return together, a function of the call; and for one call. UNDECIDED where a filter's is. */
uint32_t filters_meaning(struct bdd *, const struct filters *);
uint64_t filters_answer(const struct filters *, const struct call *);

/* Fills in the meaning. Ask bdd->full, once, at the end. */
void comparand_understand(struct bdd *, struct comparand *);

/* What a side answers for a call, from those who need no function for it; UNDECIDED too (bpf.h). */
uint64_t comparand_answer(const struct comparand *, const struct call *);

/* Is an answer decided, and that verdict? */
bool comparand_says(uint64_t answer, uint64_t verdict);

/*
 * Why nothing is decided for some of its calls, those of a function as of diff_undecided(), and one of them. NULL:
 * there are none.
 */
const char *comparand_open(struct bdd *, uint32_t open);

/* "x86_64 socket(0x26, 0, 0)", "mips64 mips:socket(1)"; at least `least` arguments. */
void call_print(struct buf *, const struct call *, size_t least);
/* The same without the ABI. */
void call_print_bare(struct buf *, const struct call *, size_t least);

#endif
