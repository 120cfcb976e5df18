#ifndef TOOLS_LIB_BUILD_H
#define TOOLS_LIB_BUILD_H

/* The passes, called in order: the table of contents of the compiler. */

#include "../../backends/prove/prove.h"
#include "../../compiler/profile/input.h"
#include "../../compiler/meaning/select_rules.h"
#include "../../compiler/tree/tree.h"
#include "input_options.h"

#define BUILD_ARENA   ((size_t)1 << 30)   /* bytes a run over many profiles may take */
#define PROFILE_ARENA ((size_t)240 << 20) /* bytes for one profile, or two that are compared */

struct filter {
	const struct policy *policy;
	const struct tree *tree;
	struct program program;
	struct proven proven;
};

enum build {
	BUILD_DONE,
	BUILD_REFUSED,  /* the diagnostics say why */
	BUILD_MISTAKEN, /* winnow's own mistake: witness and `mistake` tell */
};

struct mistake {
	const char *what;
	struct witness witness;
	bool has_call;
};

/* Text to profile. NULL: the diagnostics say why. */
const struct profile *build_profile(struct arena *, const struct source *, struct diags *);

/* The same, as wished; *recognised (unless NULL) is what it was: "a Docker profile, JSON". */
const struct profile *build_input(struct arena *, const struct source *, const struct input_options *,
	struct diags *, const char **recognised);

/* What the profile says on one or more nodes of one byte order. NULL: the diagnostics say why. */
const struct policy *build_meaning(struct arena *, const struct profile *, const struct node_facts *,
	size_t nodes, struct diags *);

/* What rulesets mean that are there already. */
const struct policy *build_rules(struct arena *, const struct ruleset *const *, size_t sets, struct diags *);

/* One proven filter for one or more nodes of one byte order. No layout: the default one. */
enum build build_filter(struct arena *, const struct profile *, const struct node_facts *, size_t nodes,
	const struct layout *, struct diags *, struct filter *, struct mistake *);

/* The same for a policy that is there already. */
enum build build_policy(struct arena *, const struct policy *, const struct layout *, struct diags *,
	struct filter *, struct mistake *);

#endif
