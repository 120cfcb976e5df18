/*
 * A filter of which something could not be proved is refused with a diagnostic: no filter, and no mistake of
 * winnow's. Proofs are undecided here by order.
 */

#include "tools/lib/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"
#include "tests/lib/notation.h"

#define WHY "the proof needs more room or time than it is given"

struct proven __wrap_prove_all(struct arena *, const struct program *, const struct policy *);

/* Linked in its place. */
struct proven __wrap_prove_all(struct arena *arena, const struct program *program, const struct policy *policy)
{
	(void)arena, (void)program, (void)policy;
	return (struct proven){.means = PROOF_HOLDS, .caches = PROOF_UNDECIDED, .witness = {.why = WHY}};
}

static enum build build(struct attempt *a, struct filter *f, struct mistake *m)
{
	ATTEMPT_CATCH(a);
	return build_policy(&a->arena, a->policy, NULL, &a->diags, f, m);
}

static void what_may_not_be_cached_is_refused(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64")};
	struct mistake mistake;
	struct filter filter;
	struct attempt a;

	(void)state;
	attempt_notation(&a, "ERRNO: read ALLOW", false);
	attempt_node(&a, &node);
	assert_non_null(a.policy);
	assert_int_equal(build(&a, &filter, &mistake), BUILD_REFUSED);
	assert_null(mistake.what);
	assert_int_equal(diags_exit(&a.diags), 4);
	assert_int_equal(a.diags.first->id, DIAG_PROOF_BUDGET);
	assert_non_null(strstr(a.diags.first->text, WHY));
	attempt_end(&a, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_may_not_be_cached_is_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
