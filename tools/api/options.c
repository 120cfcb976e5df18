/* Words to facts. They are the command's (tools/cli/node_options.c), which tells more about what is near a wrong one. */

#include "options.h"

#include "../lib/compile_facts.h"
#include "../lib/node_words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATH_MAX_INSNS 4096u

static void *from_malloc(void *unused, size_t size)
{
	(void)unused;
	return malloc(size);
}

static void to_free(void *unused, void *bytes)
{
	(void)unused;
	free(bytes);
}

bool options_take(const struct winnow_options *from, struct winnow_options *to, struct arena_memory *memory)
{
	static const unsigned char none[256];
	size_t size = from ? from->size : 0;

	*to = (struct winnow_options){.size = sizeof(*to), .memory_max = MEMORY_MAX};
	*memory = (struct arena_memory){from_malloc, to_free, NULL};
	if (!from)
		return true;
	/* what this library does not know has to be left alone */
	if (size < sizeof(size) || size > sizeof(*to) + sizeof(none) ||
		(size > sizeof(*to) && memcmp((const char *)from + sizeof(*to), none, size - sizeof(*to)) != 0))
		return false;
	memcpy(to, from, size < sizeof(*to) ? size : sizeof(*to));
	if (!to->memory.allocate != !to->memory.release)
		return false;
	if (to->memory.allocate)
		*memory = (struct arena_memory){to->memory.allocate, to->memory.release, to->memory.context};
	if (!to->memory_max)
		to->memory_max = MEMORY_MAX;
	return true;
}

static enum winnow_status wrong(struct winnow_side *s, const char *option, const char *word)
{
	s->error = buf_print(&s->owned.arena, "%s: '%s' is not known", option, word);
	return WINNOW_USAGE;
}

/* The facts of the table that are said, in its order. */
static enum winnow_status read_facts(struct winnow_side *s, const struct winnow_options *o)
{
	const struct {
		const char *option, *word; /* NULL: it is not said */
	} said[FACTS] = {
		[FACT_CAPS] = {"caps", o->caps},
		[FACT_KERNEL] = {"kernel", o->kernel},
		[FACT_RUNTIME] = {"runtime", o->runtime},
		[FACT_LIBSECCOMP] = {"libseccomp", o->libseccomp},
		[FACT_ENOSYS] = {"enosys", o->enosys},
		[FACT_NARROW] = {"narrow_int_args", o->narrow_int_args ? "" : NULL},
		[FACT_COMPLAIN] = {"complain", o->complain ? "" : NULL},
		[FACT_INPUT] = {"input_format", o->input_format},
		[FACT_ENTRY] = {"entry", o->entry ? arena_text(&s->owned.arena, o->entry, strlen(o->entry)) : NULL},
	};

	for (size_t i = 0; i < FACTS; i++) {
		if (said[i].word && !fact_read((enum fact_id)i, said[i].word, &s->facts, &s->wish))
			return wrong(s, said[i].option, said[i].word);
	}
	return WINNOW_DONE;
}

static enum winnow_status read_bounds(struct winnow_side *s, const struct winnow_options *o)
{
	if (o->max_path > PATH_MAX_INSNS || o->max_insns > PROGRAM_MAX) {
		s->error = "max_path and max_insns are 4096 at most";
		return WINNOW_USAGE;
	}
	s->max_insns = o->max_insns;
	s->laid_out = o->max_path;
	s->layout = (struct layout){.objective = OBJECTIVE_TODAY, .max_path = o->max_path};
	if (s->laid_out)
		s->layout.share = layout_mix(&s->owned.arena);
	return WINNOW_DONE;
}

enum winnow_status options_read(struct winnow_side *s, const struct winnow_options *o)
{
	s->strict = o->strict;
	s->no_trailer = o->no_trailer;
	enum winnow_status status = read_facts(s, o);
	return status ? status : read_bounds(s, o);
}

const struct abi *options_abi(struct winnow_side *s, const char *word, size_t len)
{
	bool native = len == strlen("native") && strncasecmp(word, "native", len) == 0;
	const struct abi *abi = native ? arch_native() : arch_find(word, len);

	if (!abi && !native)
		abi = arch_find_audit(word, len);
	if (!abi)
		wrong(s, "arch", arena_text(&s->owned.arena, word, len));
	return abi;
}

static enum winnow_status read_nodes(struct winnow_side *s, const char *list, bool apart)
{
	struct node_facts *node = arena_alloc(&s->owned.arena, arch_abi_count, sizeof(*node));
	struct targets *t = &s->targets;
	const char *word;
	size_t nodes = 0, len;

	while (next_word(&list, &word, &len)) {
		const struct abi *abi = options_abi(s, word, len);
		if (!abi)
			return WINNOW_USAGE;
		targets_add_node(node, &nodes, &s->facts, abi);
	}
	t->target = arena_alloc(&s->owned.arena, nodes, sizeof(*t->target));
	t->count = apart ? nodes : 1;
	for (size_t i = 0; i < t->count; i++)
		t->target[i] = (struct target){&node[i], apart ? 1 : nodes};
	return WINNOW_DONE;
}

enum winnow_status options_targets(struct winnow_side *s, const struct winnow_options *o)
{
	enum winnow_status status = WINNOW_DONE;

	if (o->arch && strcmp(o->arch, "all") == 0)
		targets_all(&s->targets, &s->owned.arena, s->profile, &s->facts);
	else
		status = read_nodes(s, o->arch ? o->arch : "native", o->apart);
	for (size_t i = 0; !status && i < s->targets.count; i++) {
		const struct abi *abi = target_lone_guest(&s->targets.target[i]);
		if (!abi)
			continue;
		s->error = buf_print(&s->owned.arena, "no node is %s by itself: name its host too", abi->name);
		return WINNOW_USAGE;
	}
	return status;
}
