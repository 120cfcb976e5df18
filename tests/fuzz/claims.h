#ifndef TESTS_FUZZ_CLAIMS_H
#define TESTS_FUZZ_CLAIMS_H

#include "compiler/meaning/policy.h"
#include "compiler/say/source.h"

/*
 * Hold what `winnow assert` printed (fake_io.h) and its exit status against brute force. The
 * source is called fuzz.txt; the policy is the meaning of the profile or filter that was judged.
 */
void claims_check(struct arena *, int status, const struct source *, const struct policy *);

#endif
