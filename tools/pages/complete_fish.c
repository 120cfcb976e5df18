/* Completion for fish: a line an option. */

#include "pages.h"

#define QUOTE "\\'"

static void put_option(FILE *out, const struct verb *verb, const struct option_row *row)
{
	struct values values;

	fprintf(out, "complete -c winnow -n '__fish_seen_subcommand_from %s' -l %s", verb->name, row->name);
	if (row->letter)
		fprintf(out, " -s %c", row->letter);
	if (row->arg) {
		values_find(&values, row);
		if (!values.optional)
			fputs(values.files ? " -r -F" : " -x", out);
		if (values.words[0])
			fprintf(out, " -a '%s'", values.words);
	}
	fputs(" -d '", out);
	quoted(out, row->help, QUOTE);
	fputs("'\n", out);
}

void complete_fish(FILE *out)
{
	fputs("# made from winnow's table of options\n", out);
	fputs("complete -c winnow -f -n __fish_use_subcommand -a help -d 'what a verb takes'\n", out);
	fputs("complete -c winnow -f -n '__fish_seen_subcommand_from help' -a '", out);
	for (size_t i = 0; i < verb_count; i++)
		fprintf(out, "%s%s", i ? " " : "", verbs[i]->name);
	fputs("'\n", out);
	for (size_t i = 0; i < verb_count; i++) {
		fprintf(out, "complete -c winnow -f -n __fish_use_subcommand -a %s -d '", verbs[i]->name);
		quoted(out, verbs[i]->summary, QUOTE);
		fputs("'\n", out);
		for (size_t k = 0; k < verbs[i]->taken; k++) {
			struct option_row row = option_row(&verbs[i]->takes[k]);
			put_option(out, verbs[i], &row);
		}
	}
}
