/* winnow tree: the decision tree of a profile, drawn. */

#include "../lib/build.h"
#include "../cli/files.h"
#include "layout_options.h"
#include "../cli/message.h"
#include "../cli/comparison.h"

#include "../../backends/write/picture.h"
#include "../../compiler/base/utf8.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_COMPARISON,
	{OPT_FORMAT, "FORMAT", "txt (default), svg, dot"},
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKES_LAYOUT,
	TAKE(FOLLOW),
};

static const struct picture_format *find_format(const char *name)
{
	for (size_t i = 0; i < picture_format_count; i++) {
		if (strcmp(picture_formats[i].name, name ? name : "txt") == 0)
			return &picture_formats[i];
	}
	return NULL;
}

/* "moby-default.json for x86_64, x86 and x32: 226 instructions". */
static const char *make_title(struct arena *arena, const char *name, const struct filter *f)
{
	const char *slash = strrchr(name, '/');
	struct buf b;

	buf_init(&b, arena);
	buf_printf(&b, "%s for ", utf8_string(arena, slash ? slash + 1 : name));
	for (size_t i = 0; i < f->policy->abis; i++)
		buf_printf(&b, "%s%s",
			!i                                ? ""
				: i + 1 < f->policy->abis ? ", "
							  : " and ",
			f->policy->abi[i]->name);
	buf_printf(&b, ": %zu instructions", f->program.len);
	return buf_string(&b);
}

static int draw(struct comparison *s)
{
	const char *const *value = s->parsed->value;
	const struct picture_format *format = find_format(value[OPT_FORMAT]);
	const struct comparand *side = &s->side[0];
	struct layout layout;
	struct filter filter;
	struct buf b;

	if (!format)
		return usage(s->parsed->verb, "unknown format '%s'; one of txt, svg, dot",
			value[OPT_FORMAT]);
	if (value[OPT_OUTPUT] && !*value[OPT_OUTPUT])
		return usage(s->parsed->verb, "empty output path");
	s->unread = true;
	int status = layout_read(&layout, &s->arena, s->parsed);
	status = status ? status : comparison_read(s, 0, 1);
	if (status)
		return status;
	if (!side->is_profile)
		return usage(s->parsed->verb, "'%s' is a filter: trees are drawn of profiles",
			side->name);
	status = comparand_build(s, side, &layout, &filter);
	if (status)
		return status;
	const struct picture *picture = picture_make(&s->arena, filter.tree, side->policy->abi,
		side->policy->abis, layout.share, make_title(&s->arena, side->name, &filter));
	buf_init(&b, &s->arena);
	format->write(&b, picture);
	const char *out = value[OPT_OUTPUT] ? value[OPT_OUTPUT] : "-";
	return files_make(out, b.bytes, b.len) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return comparison_run(p, draw);
}

const struct verb verb_tree = {
	.name = "tree",
	.operands = "PROFILE|-",
	.summary = "draw the decision tree of a profile",
	.about = "Tests with the numbers they compare, verdicts with the syscalls that get them, "
		 "how "
		 "many\n"
		 "calls come by and how many instructions it takes. svg needs no other program; "
		 "dot is "
		 "for\n"
		 "graphviz.\n",
	.examples = "winnow tree -a x86_64 -f svg -o web.svg web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
