#include "one_profile.h"

#include "files.h"
#include "in_arena.h"
#include "message.h"

int one_profile_findings(struct one_profile *o)
{
	files_diags(&o->arena, &o->diags, o->parsed->value[OPT_QUIET] != NULL, o->parsed->value[OPT_COLOR]);
	return diags_exit(&o->diags);
}

const char *one_profile_output(const struct one_profile *o)
{
	return o->parsed->value[OPT_OUTPUT] ? o->parsed->value[OPT_OUTPUT] : "-";
}

bool one_profile_tells(const struct one_profile *o)
{
	return o->parsed->value[OPT_VERBOSE] && !o->parsed->value[OPT_QUIET];
}

int one_profile_write(const struct one_profile *o, const struct buf *text)
{
	return files_write(one_profile_output(o), text->bytes, text->len) ? EXIT_DONE : EXIT_HOST;
}

static int run_in_arena(void *context)
{
	struct one_profile *o = context;
	const struct parsed *p = o->parsed;
	const char *recognised;
	int status = o->options ? o->options(o) : node_read_json(p, &o->facts, &o->wish);

	if (status)
		return status;
	if (!files_operand(&o->arena, p, p->operand[0], SOURCE_MAX, &o->source))
		return EXIT_INPUT;
	diags_init(&o->diags, &o->arena, &o->source);
	o->diags.strict = p->value[OPT_STRICT] != NULL;
	o->profile = build_input(&o->arena, &o->source, &o->wish, &o->diags, &recognised);
	if (!o->profile)
		return one_profile_findings(o);
	if (one_profile_tells(o))
		message("%s: %s", o->source.name, recognised);
	return o->work(o);
}

int one_profile_run(const struct parsed *parsed, struct one_profile *o, int (*options)(struct one_profile *), int (*work)(struct one_profile *))
{
	*o = (struct one_profile){.parsed = parsed, .options = options, .work = work};
	return in_arena(&o->arena, PROFILE_ARENA, parsed->operand[0], run_in_arena, o);
}
