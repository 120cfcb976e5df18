/* Completion for bash, which hands --arch=x to us as three words. */

#include "pages.h"

#include <string.h>

static const char before[] =
	"# bash completion for winnow; made from its table of options\n"
	"_winnow()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
	"\tlocal verbs options='' words='' files='' value='' prefix=''\n"
	"\tCOMPREPLY=()\n"
	"\tif [ \"$cur\" = = ]; then\n"
	"\t\tcur= prev==$prev\n"
	"\telif [ \"$prev\" = = ]; then\n"
	"\t\tprev==${COMP_WORDS[COMP_CWORD-2]}\n"
	"\telif [[ $cur == --*=* ]]; then\n"
	"\t\tprev==${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}\n"
	"\tfi\n";

static const char after[] =
	"\tesac\n"
	"\tif [ \"$COMP_CWORD\" -eq 1 ] || { [ \"$COMP_CWORD\" -eq 2 ] && [ \"$verb\" = help ]; }; then\n"
	"\t\twords=\"$verbs help --version --help\" files=''\n"
	"\telif [ -z \"$value\" ]; then\n"
	"\t\tif [[ $cur == -* ]]; then words=$options; else files=yes; fi\n"
	"\telif [ -n \"$words\" ] && [[ $cur == *,* ]]; then\n"
	"\t\tprefix+=${cur%,*}, cur=${cur##*,}\n"
	"\tfi\n"
	"\tlocal IFS=$' \\t\\n'\n"
	"\t[ -z \"$words\" ] || COMPREPLY=($(compgen -P \"$prefix\" -W \"$words\" -- \"$cur\"))\n"
	"\tIFS=$'\\n'\n"
	"\tif [ -n \"$files\" ]; then\n"
	"\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\tCOMPREPLY+=($(compgen -P \"$prefix\" -f -- \"$cur\"))\n"
	"\tfi\n"
	"}\n"
	"complete -F _winnow winnow\n";

static void put_option(FILE *out, const struct option_row *row)
{
	struct values values;

	if (!row->arg)
		return;
	values_find(&values, row);
	fputs("\t\t", out);
	if (!values.optional) {
		if (row->letter)
			fprintf(out, "-%c|", row->letter);
		fprintf(out, "--%s|", row->name);
	}
	fprintf(out, "=--%s) value=yes", row->name);
	if (values.words[0])
		fprintf(out, " words='%s'", values.words);
	if (values.files)
		fputs(" files=yes", out);
	fputs(" ;;\n", out);
}

static void put_verb(FILE *out, const struct verb *verb)
{
	fprintf(out, "\t%s)\n\t\toptions='--help", verb->name);
	for (size_t i = 0; i < verb->taken; i++) {
		struct option_row row = option_row(&verb->takes[i]);
		if (row.letter)
			fprintf(out, " -%c", row.letter);
		fprintf(out, " --%s", row.name);
	}
	fputs("'\n\t\tcase $prev in\n", out);
	for (size_t i = 0; i < verb->taken; i++) {
		struct option_row row = option_row(&verb->takes[i]);
		put_option(out, &row);
	}
	fputs("\t\tesac ;;\n", out);
}

void complete_bash(FILE *out)
{
	fputs(before, out);
	fputs("\tverbs='", out);
	for (size_t i = 0; i < verb_count; i++)
		fprintf(out, "%s%s", i ? " " : "", verbs[i]->name);
	fputs("'\n\tcase $verb in\n", out);
	for (size_t i = 0; i < verb_count; i++)
		put_verb(out, verbs[i]);
	fputs(after, out);
}
