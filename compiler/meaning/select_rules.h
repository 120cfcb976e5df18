#ifndef COMPILER_MEANING_SELECT_RULES_H
#define COMPILER_MEANING_SELECT_RULES_H

/*
 * What a profile says on one node: its conditions on capabilities, architectures and kernel decided,
 * its names looked up, its rules in the flat list a runtime hands to libseccomp. Still in terms of
 * syscalls and 64-bit values, for all ABIs of the node alike.
 */

#include "../../arch/arch.h"
#include "../kernel/call.h"
#include "../profile/node_facts.h"
#include "../profile/profile.h"

#include <stdint.h>

struct rule {
	uint16_t syscall; /* id, arch.h */
	uint32_t ret;
	const struct profile_cond *cond; /* no index twice */
	size_t conds;
	uint32_t at, len; /* of the syscall's name */
	bool alternative; /* one condition of a rule whose conditions are alternatives */
};

struct ruleset {
	const struct abi *const *abi; /* native first, one byte order, none twice */
	size_t abis;
	uint32_t default_ret;
	uint32_t default_at;
	const struct rule *rule; /* in file order */
	size_t rules;
	enum enosys enosys;
	const struct libseccomp *libseccomp; /* node_facts.h */
	bool bare_native; /* the native ABI, not being listed, has no stub (dialect.h stub_listed) */
	bool stub_listed; /* the native ABI, being listed, has one: where dialect.h stub_listed is */
	bool nameless_native; /* the runtime takes no name for the native ABI: JSON for it lists none */
	bool narrow;
	bool refuses_foreign; /* dialect.h */
	bool loads; /* what libseccomp would refuse to load has a meaning, too: whether it would is not asked */
	const bool *handed; /* by syscall: the runtime is handed its name, be it in a rule it drops */
	const bool *known;  /* by syscall: the profile names it, be it in a rule left out here */
};

/* NULL (and an error) if the profile cannot be had on that node. */
const struct ruleset *select_rules(struct arena *, const struct profile *, const struct node_facts *,
	struct diags *);

/* The first rule that answers with an errno of its own; NULL: none does. */
const struct rule *ruleset_errno(const struct ruleset *);

#endif
