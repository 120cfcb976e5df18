#ifndef TOOLS_VERBS_RECORDED_PROFILE_H
#define TOOLS_VERBS_RECORDED_PROFILE_H

/*
 * A recording as a profile: an entry a syscall, or one for each of its uses, with a "comment" that says why it
 * is there. Every runtime passes over that key.
 */

#include "recording.h"

#include "../../compiler/base/buf.h"
#include "../../compiler/meaning/policy.h"
#include "../../compiler/say/source.h"

struct dialect; /* compiler/profile/dialect.h */

struct recorded_wish {
	const struct dialect *runtime; /* whose calls before the program are allowed, too; NULL: none's */
	const char *version;           /* its engine's; NULL: any */
	bool no_new_privs;             /* as it starts containers */
	bool complain;                 /* the default action logs, and lets calls be made */
	/* a profile that is added to, with what it means and the place of its first rule; NULL: none */
	const struct source *base;
	const struct policy *means;
	uint32_t base_at;
};

/* The text; *entries: how many entries of it are new. */
void recorded_profile(struct buf *, const struct recording *, const struct recorded_wish *, size_t *entries);

/* A recorded use that the policy does not let be made, or one that is needed besides. False: there is none. */
bool recorded_refused(const struct recording *, const struct recorded_wish *, const struct policy *,
	const struct abi **, uint16_t *id);

#endif
