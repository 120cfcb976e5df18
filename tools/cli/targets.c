/* --arch to the filters to make; what went wrong, told. */

#include "targets.h"

#include "message.h"
#include "node_options.h"

#include <string.h>

/* --- which --- */

static int read_named(struct targets *t, struct arena *arena, const struct verb *verb,
	const char *list, const struct node_facts *facts, bool apart)
{
	struct node_facts *node = arena_alloc(arena, arch_abi_count, sizeof(*node));
	const char *word;
	size_t nodes = 0, len;

	while (next_word(&list, &word, &len)) {
		const struct abi *abi = option_abi(verb, word, len);
		if (!abi)
			return EXIT_USAGE;
		targets_add_node(node, &nodes, facts, abi);
	}
	t->target = arena_alloc(arena, nodes, sizeof(*t->target));
	t->count = apart ? nodes : 1;
	for (size_t i = 0; i < t->count; i++)
		t->target[i] = (struct target){&node[i], apart ? 1 : nodes};
	return EXIT_DONE;
}

int targets_read(struct targets *t, struct arena *arena, const struct verb *verb, const char *list,
	const struct profile *profile, const struct node_facts *facts, bool apart)
{
	int status = EXIT_DONE;

	if (list && strcmp(list, "all") == 0)
		targets_all(t, arena, profile, facts);
	else
		status = read_named(t, arena, verb, list ? list : "native", facts, apart);
	for (size_t i = 0; !status && i < t->count; i++) {
		const struct abi *abi = target_lone_guest(&t->target[i]);
		if (abi)
			return usage(verb, "no node is %s by itself: name its host too", abi->name);
	}
	return status;
}

/* --- not made --- */

int targets_mistaken(struct arena *arena, const char *name, const struct mistake *m)
{
	const struct witness *w = &m->witness;
	struct buf call, says;

	message("%s: %s; nothing was written. This is a mistake of winnow's: please report it.",
		name, m->what);
	if (!m->has_call)
		return EXIT_MISTAKE;
	buf_init(&call, arena);
	for (size_t i = 0; i < CALL_ARGS; i++)
		buf_printf(&call, " 0x%llx", (unsigned long long)w->call.args[i]);
	buf_init(&says, arena);
	buf_text(&says, "the filter says ");
	action_print(&says, w->program);
	buf_text(&says, ", the profile ");
	action_print(&says, w->policy);
	message("the call: audit arch 0x%08x, number %u, arguments%.*s", w->call.arch, w->call.nr,
		(int)call.len, call.bytes);
	message("%.*s", (int)says.len, says.bytes);
	return EXIT_MISTAKE;
}
