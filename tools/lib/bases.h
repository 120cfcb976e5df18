#ifndef TOOLS_LIB_BASES_H
#define TOOLS_LIB_BASES_H

/*
 * SeccompProfiles of the Security Profiles Operator that build on others (baseProfileName; doc/merge.md has what is
 * known of it, and what is not).
 */

#include "../../compiler/profile/profile.h"
#include "input_options.h"

/*
 * The profile with the rules of its bases, which are looked for where the wish says; what it is itself if it has none.
 * Rules of a base have the place of baseProfileName. NULL: a base cannot be had, or what the operator makes
 * of both is not known here; the diagnostics say which. Nobody else need be told that it has a base.
 */
const struct profile *bases_add(struct arena *, const struct profile *, const struct input_options *, struct diags *);

#endif
