#ifndef COMPILER_MEANING_MERGE_H
#define COMPILER_MEANING_MERGE_H

/*
 * Several rules on one syscall number become one list of clauses, first match decides. Which rule
 * goes first is not the file's order but libseccomp's, restated here without its tree:
 *
 *   U  the first rule without conditions decides alone;
 *   X  a rule is refused (libseccomp: EEXIST) that shares a test with an earlier one of another action
 *      where libseccomp's tree holds one action: the same conditions, the beginning of an earlier, longer
 *      rule's, and more that depends on its tree (refusal.h). A rule that an earlier one begins never
 *      decides;
 *   C  else the rules that match decide; where they share an action, order does not matter;
 *   P  where they do not: higher argument first, EQ/NE/MASKED_EQ before LT/LE before GT/GE, larger
 *      datum first (smaller for LT/LE), a rule before those that extend it, then the earlier.
 *
 * Found by experiment against libseccomp 2.5.4 and 2.6.1 as runc drives it; its own order beyond
 * these classes is an accident of its tree, so an overlap of different actions is always reported.
 */

#include "../say/diag.h"
#include "order.h"
#include "policy.h"

/* What the number is called, for messages. */
struct merge_name {
	const char *syscall;
	const struct abi *abi;
	bool absent; /* the ABI has no such call: rules are refused, but warn of nothing */
	bool loads;  /* X is not asked */
};

/*
 * The rules of one number, in file order, as clauses; `otherwise` is appended unless a rule without
 * conditions decides. False if X refuses them.
 */
bool merge(struct arena *, const struct merge_rule *, size_t rules, const struct clause *otherwise,
	struct merge_name, struct diags *, const struct clause **clause, size_t *clauses);

/* Is there a value of one argument that satisfies both conditions? */
bool merge_meet(const struct cond *, const struct cond *);

#endif
