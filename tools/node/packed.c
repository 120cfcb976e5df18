/*
 * Two proofs: that the packed filter is what the packed profile means for what the bundle says it
 * was packed for, and that this is what it means on this node. So a profile without conditions on
 * the kernel is taken on every kernel. Packed for such a node, both say the same: one proof does.
 */

#include "packed.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/version.h"

#include <string.h>

const struct packed *packed_read(struct arena *arena, const char *path, size_t most, const char *sha256,
	bool follow, size_t *count)
{
	struct bundle *bundle = arena_alloc(arena, 1, sizeof(*bundle));
	struct source *source = arena_alloc(arena, 1, sizeof(*source));
	struct diags diags;

	if (!files_read_plain(arena, path, most < BUNDLE_MAX ? most : BUNDLE_MAX, source))
		return NULL;
	if (sha256 && !bundle_is(source, sha256, "; what is installed stays as it is"))
		return NULL;
	source->hidden = source->hidden && !follow;
	diags_init(&diags, arena, source);
	bool ok = bundle_read(bundle, arena, source, &diags);
	files_diags(arena, &diags, true, NULL);
	if (ok && !bundle->profiles)
		message("%s: no profile in there; what is installed stays as it is", path);
	if (!ok || !bundle->profiles)
		return NULL;
	struct packed *packed = arena_alloc(arena, bundle->profiles, sizeof(*packed));
	for (size_t i = 0; i < bundle->profiles; i++)
		packed[i] = (struct packed){bundle, &bundle->profile[i]};
	*count = bundle->profiles;
	return packed;
}

/* Another winnow may find another meaning, honestly. */
static bool same_winnow(const struct bundle *b)
{
	return strcmp(b->winnow, WINNOW_VERSION) == 0 && strcmp(b->tables, arch_tables_kernel) == 0;
}

/* Does it mean the policy, and is what it always allows cached by the kernel? */
static bool holds(
	struct arena *arena, const struct bundle_proved *proved, const struct policy *policy)
{
	struct proven proven = policy == proved->policy
		? proved->proven
		: prove_all(arena, &proved->program, policy);

	return proven.means == PROOF_HOLDS && proven.caches == PROOF_HOLDS;
}

/* What it means here. NULL: compiling finds out why, and says so. */
static const struct policy *meaning_here(
	struct arena *arena, const struct bundle_proved *proved, const struct node_facts *node)
{
	struct diags quiet;

	diags_init(&quiet, arena, NULL);
	return build_meaning(arena, proved->profile, node, 1, &quiet);
}

enum packed_filter packed_take(struct arena *arena, const struct packed *packed,
	const struct node_facts *node, struct diags *diags, struct filter *filter,
	struct program *written, const char **why)
{
	const struct bundle *b = packed->bundle;
	const struct bundle_filter *f = bundle_find(packed->profile, node->native, node->caps);
	const char *differs = bundle_differs(arena, b, node);
	struct bundle_proved proved;
	struct diags own;

	*why = "nothing was packed for such a node and such capabilities";
	if (!f)
		return PACKED_OTHER;
	diags_init(&own, arena, diags->source);
	if (!bundle_prove_filter(arena, b, packed->profile, f, &own, &proved)) {
		*why = "another version of winnow packed it, and proves other things";
		if (!same_winnow(b))
			return PACKED_OTHER;
		bundle_prove_filter(arena, b, packed->profile, f, diags, &proved);
		return PACKED_FALSE;
	}
	const struct policy *policy =
		differs ? meaning_here(arena, &proved, node) : proved.policy;
	*why = differs ? differs : "it would not be cached by the kernel";
	if (!policy || !holds(arena, &proved, policy))
		return PACKED_OTHER;
	*filter = (struct filter){.policy = policy,
		.program = {proved.program.insn, proved.code}, .proven = proved.proven};
	*written = proved.program;
	return PACKED_TAKEN;
}
