/* Completion for zsh, by its _arguments. */

#include "pages.h"

#include <string.h>

#define QUOTE "'\\''"

/* "[help]": brackets within end it. */
static void put_help(FILE *out, const char *help)
{
	fputc('[', out);
	for (; *help; help++) {
		if (*help == '[' || *help == ']')
			fputc('\\', out);
		char one[2] = {*help, '\0'};
		quoted(out, one, QUOTE);
	}
	fputc(']', out);
}

static void put_value(FILE *out, const struct option_row *row)
{
	struct values values;
	const char *name = row->arg + strspn(row->arg, "[=");

	values_find(&values, row);
	fprintf(out, "%s%.*s:", values.optional ? "::" : ":", (int)strcspn(name, "[],|="), name);
	if (values.files)
		fputs("_files", out);
	else if (values.words[0] && strchr(row->arg, ','))
		fprintf(out, "_sequence compadd - %s", values.words);
	else if (values.words[0])
		fprintf(out, "(%s)", values.words);
	else
		fputc(' ', out);
}

static void put_option(FILE *out, const struct option_row *row)
{
	bool optional = row->arg && row->arg[0] == '[';
	const char *equals = optional ? "=-" : row->arg ? "=" : "";

	fputs(" \\\n\t\t\t'", out);
	if (row->letter)
		fprintf(out, "(-%c --%s)'{-%c%s,--%s%s}'", row->letter, row->name, row->letter,
			row->arg ? "+" : "", row->name, equals);
	else
		fprintf(out, "--%s%s", row->name, equals);
	put_help(out, row->help);
	if (row->arg)
		put_value(out, row);
	fputc('\'', out);
}

void complete_zsh(FILE *out)
{
	fputs("#compdef winnow\n"
	      "# made from winnow's table of options\n"
	      "_winnow_verbs()\n{\n\tlocal -a verbs=(\n",
		out);
	for (size_t i = 0; i < verb_count; i++) {
		fprintf(out, "\t\t'%s:", verbs[i]->name);
		quoted(out, verbs[i]->summary, QUOTE);
		fputs("'\n", out);
	}
	fputs("\t\t'help:what a verb takes'\n\t)\n\t_describe verb verbs\n}\n\n"
	      "_winnow()\n{\n"
	      "\tif (( CURRENT == 2 )) || [[ CURRENT -eq 3 && $words[2] == help ]]; then\n"
	      "\t\t_winnow_verbs\n\t\treturn\n\tfi\n"
	      "\tshift words\n\t(( CURRENT-- ))\n\tcase $words[1] in\n",
		out);
	for (size_t i = 0; i < verb_count; i++) {
		fprintf(out, "\t%s)\n\t\t_arguments '--help[what it takes]'", verbs[i]->name);
		for (size_t k = 0; k < verbs[i]->taken; k++) {
			struct option_row row = option_row(&verbs[i]->takes[k]);
			put_option(out, &row);
		}
		fputs(verbs[i]->most ? " \\\n\t\t\t'*:operand:_files' ;;\n" : " ;;\n", out);
	}
	fputs("\tesac\n}\n\n_winnow \"$@\"\n", out);
}
