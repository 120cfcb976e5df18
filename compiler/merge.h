#ifndef COMPILER_MERGE_H
#define COMPILER_MERGE_H

/*
 * Several rules on one syscall number become one list of clauses, first match decides. Which rule
 * goes first is not the file's order but libseccomp's, restated here without its tree:
 *
 *   U  the first rule without conditions decides alone;
 *   X  a rule whose sorted conditions equal an earlier rule's, or begin an earlier, longer rule's, and
 *      whose action is another, is refused (libseccomp: EEXIST). A rule that an earlier one begins
 *      never decides. A rule that holds another one further on is refused for none and none for
 *      it: the other goes first by P, and whether libseccomp still counts the longer one depends
 *      on the rest of its tree. So does whether a GE or GT that is given again behind an LT or LE of
 *      its datum is still the same rule there; here it is;
 *   C  else the rules that match decide; where they share an action, order does not matter;
 *   P  where they do not: higher argument first, EQ/NE/MASKED_EQ before LT/LE before GT/GE, larger
 *      datum first (smaller for LT/LE), a rule before those that extend it, then the earlier.
 *
 * Found by experiment against libseccomp 2.5.4 and 2.6.1 as runc drives it; its own order beyond
 * these classes is an accident of its tree, so an overlap of different actions is always reported.
 */

#include "diag.h"
#include "order.h"
#include "policy.h"

/* What the number is called, for messages. */
struct merge_name {
	const char *syscall;
	const struct abi *abi;
	bool absent; /* the ABI has no such call: rules are refused, but warn of nothing */
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
