#ifndef COMPILER_MEANING_POLICY_H
#define COMPILER_MEANING_POLICY_H

/*
 * The meaning of a filter, complete: for every audit arch, every number of 2^32 and all arguments,
 * one action. This is what the tree is built from, what the prover proves, what explain explains;
 * policy_decide() is the whole semantics.
 */

#include "../../arch/arch.h"
#include "../kernel/action.h"
#include "../base/arena.h"
#include "../base/buf.h"
#include "../kernel/call.h"

#include <stddef.h>
#include <stdint.h>

enum cond_op { COND_EQ, COND_NE, COND_LT, COND_LE, COND_GE, COND_GT };

/* (args[arg] & mask) OP value, unsigned. A 32-bit ABI's mask never reaches above bit 31. */
struct cond {
	uint8_t arg;      /* 0..5 */
	enum cond_op op;
	uint64_t mask;
	uint64_t value;
};

/*
 * All conditions hold -> ret. Sorted by arg; of a profile's rule at most one an argument, of merged profiles
 * (logic/stack.h) several.
 */
struct clause {
	uint32_t ret;
	uint32_t at;      /* place of the rule in the source, NOWHERE for what no rule says */
	const struct cond *cond;
	size_t conds;
	const char *via; /* the call the rule is for, where the number is its multiplexer's; or NULL */
};

/* first..last share one list of clauses; the first that holds decides, the last has no condition. */
struct range {
	uint32_t first, last;
	const struct clause *clause;
	size_t clauses;
};

/* One audit arch: ranges sorted and gap-free over 0..UINT32_MAX. */
struct domain {
	uint32_t audit;
	const struct range *range;
	size_t ranges;
};

struct policy {
	enum byte_order order;
	const struct domain *domain; /* in order of likelihood: the node's own first */
	size_t domains;
	struct clause elsewhere;     /* any other audit arch */
	const struct abi *const *abi; /* the ABIs it speaks of, the node's own first */
	size_t abis;
};

/* The clause that decides a call. Never NULL. */
const struct clause *policy_decide(const struct policy *, const struct call *);

/* Do all its conditions hold? */
bool clause_holds(const struct clause *, const uint64_t args[CALL_ARGS]);

/* The audit arch's; NULL: it is answered as elsewhere. */
const struct domain *policy_domain(const struct policy *, uint32_t audit);

/* The range that holds nr. */
const struct range *domain_find(const struct domain *, uint32_t nr);

/* For people and goldens: a line a range. */
void policy_print(struct buf *, const struct policy *);

#endif
