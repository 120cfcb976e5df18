/* Options and a file to a question without its call. */

#include "asked.h"

#include "../cli/files.h"

#include "../../compiler/meaning/rules.h"

#include <string.h>

int asked_options(struct asked *a, const struct parsed *p)
{
	const char *arch = p->value[ASKED_ARCH] ? p->value[ASKED_ARCH] : "native";
	struct node_options o = {.caps = p->value[ASKED_CAPS],
		.kernel = p->value[ASKED_KERNEL],
		.runtime = p->value[ASKED_RUNTIME],
		.enosys = p->value[ASKED_ENOSYS],
		.narrow = p->value[ASKED_NARROW],
		.input = p->value[ASKED_INPUT],
		.entry = p->value[ASKED_ENTRY]};

	a->facts.native = option_abi(p->verb, arch, strlen(arch));
	if (!a->facts.native)
		return EXIT_USAGE;
	if (a->facts.native->guest)
		return usage(p->verb, "no node is %s by itself", a->facts.native->name);
	return node_read(p->verb, &o, &a->facts, &a->wish);
}

int asked_read(struct asked *a, struct arena *arena, const struct parsed *p, const char *path)
{
	struct question *q = &a->question;

	if (!files_read(arena, path, SOURCE_MAX, &a->source))
		return EXIT_INPUT;
	a->source.hidden = a->source.hidden && !p->follow;
	diags_init(&a->diags, arena, &a->source);
	q->arena = arena;
	q->source = &a->source;
	q->node = &a->facts;
	q->profile = build_input(arena, &a->source, &a->wish, &a->diags, NULL);
	if (q->profile)
		q->set = resolve(arena, q->profile, &a->facts, &a->diags);
	if (q->set)
		q->policy = rules_policy(arena, &q->set, 1, &a->diags);
	files_diags(arena, &a->diags, p->value[ASKED_QUIET], p->value[ASKED_COLOUR]);
	return q->policy ? EXIT_DONE : diags_exit(&a->diags);
}
