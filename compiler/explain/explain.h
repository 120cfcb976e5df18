#ifndef COMPILER_EXPLAIN_EXPLAIN_H
#define COMPILER_EXPLAIN_EXPLAIN_H

/*
 * Why a call is treated as it is. The verdict is policy_decide()'s; the rules that came near are
 * asked the passes' own questions one at a time, so nothing here has a meaning of its own.
 */

#include "../meaning/policy.h"
#include "../meaning/select_rules.h"

struct question {
	struct arena *arena;
	const struct source *source;
	const struct profile *profile;
	const struct node_facts *node;
	const struct ruleset *set; /* of that node */
	const struct policy *policy;
	const struct abi *abi; /* the call's */
	uint16_t syscall;      /* the name asked for */
	bool has_name;         /* false: the number has none */
	bool has_call;         /* false: the ABI has no such call */
	struct call call;
	bool is_record;        /* it is a record of the kernel's that is asked about */
	uint8_t unknown;       /* arguments that nobody knows, a bit each: taken for 0, where any would do */
};

/* Make the call that `name` or a number stands for; false: neither. Arguments may be set before. */
bool question_call(struct question *, const char *name, bool is_number, uint32_t nr);

/*
 * The verdict, the rule that gives it, whether the kernel writes a record, and every rule that names the
 * syscall and does not decide.
 */
void explain_call(struct buf *, const struct question *);

/*
 * The rules that may decide a call, where it depends on arguments that nobody knows, each with its
 * conditions; those of which an action is among `seen` (bits by enum action), as what the call came to.
 */
void explain_open(struct buf *, const struct question *, unsigned seen);

#endif
