/* Options and a file to a question without its call. */

#include "asked.h"

#include "../cli/files.h"

#include "../../compiler/meaning/rules.h"

#include <string.h>

int asked_options(struct asked *a, const struct parsed *p)
{
	int status = node_native(p, &a->facts);

	return status ? status : node_read(p, &a->facts, &a->wish);
}

int asked_read(struct asked *a, struct arena *arena, const struct parsed *p, const char *path)
{
	struct source source;

	if (!files_operand(arena, p, path, SOURCE_MAX, &source))
		return EXIT_INPUT;
	return asked_source(a, arena, p, &source);
}

int asked_source(struct asked *a, struct arena *arena, const struct parsed *p, const struct source *source)
{
	struct question *q = &a->question;

	a->source = *source;
	diags_init(&a->diags, arena, &a->source);
	q->arena = arena;
	q->source = &a->source;
	q->node = &a->facts;
	q->profile = build_input(arena, &a->source, &a->wish, &a->diags, NULL);
	if (q->profile)
		q->set = select_rules(arena, q->profile, &a->facts, &a->diags);
	if (q->set)
		q->policy = rules_policy(arena, &q->set, 1, &a->diags);
	files_diags(arena, &a->diags, p->value[OPT_QUIET], p->value[OPT_COLOR]);
	return q->policy ? EXIT_DONE : diags_exit(&a->diags);
}
