#include "fix.h"

#include "fix_conditions.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/derived.h"

static struct node_facts *make_nodes(struct arena *arena, const struct abi *const *abi, size_t abis,
	const struct node_facts *facts)
{
	struct node_facts *node = arena_alloc(arena, abis, sizeof(*node));

	for (size_t i = 0; i < abis; i++) {
		node[i] = *facts;
		node[i].native = abi[i];
		node[i].enosys = ENOSYS_OFF;
	}
	return node;
}

/* False: it could not be written. */
static bool put(const struct parsed *p, const char *path, const struct buf *text, size_t fixed, const char *what,
	struct source *source)
{
	if (!files_write(path, text->bytes, text->len))
		return false;
	if (!p->value[OPT_QUIET])
		message("%s: %zu %s%s put right", source->name, fixed, what, fixed == 1 ? "" : "s");
	source->bytes = text->bytes;
	source->len = text->len;
	return true;
}

bool fix_file(struct arena *arena, const struct parsed *p, const char *path, const struct abi *const *abi, size_t abis,
	const struct node_facts *facts, struct source *source)
{
	struct diags diags;
	struct derive d = {.source = source, .node = make_nodes(arena, abi, abis, facts), .nodes = abis,
		.diags = &diags};
	const char *doubt;
	size_t fixed = 0;
	struct buf text;

	diags_init(&diags, arena, source);
	if (!derive_open(arena, &d) || derive_fix(arena, &d, &text, &fixed) != BUILD_DONE) {
		if (diags.first)
			message("%s: not fixed: %s", source->name, diags.first->text);
		return true;
	}
	if (fixed && !put(p, path, &text, fixed, "name", source))
		return false;
	fix_conditions(arena, source, d.node, abis, &text, &fixed, &doubt);
	if (doubt)
		message("%s: not fixed: %s", source->name, doubt);
	return !fixed || put(p, path, &text, fixed, "condition", source);
}
