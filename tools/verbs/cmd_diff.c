/* winnow diff: every syscall on which two sides differ. */

#include "../cli/as_json.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/quote.h"
#include "../cli/comparison.h"
#include "../lib/difference.h"

#include "review.h"

#include "../../compiler/logic/diff.h"

#include <string.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH[,ARCH...]", "node's architecture; default what the blob says, else 'native'; for a review each "
		"by itself, or 'all'"},
	TAKES_NODE,
	{OPT_FORMAT, "FORMAT", "text (default), json, markdown for a review"},
	TAKE(QUIET), TAKE(FOLLOW),
};

static bool json_print(struct buf *b, struct comparison *s, uint32_t difference)
{
	bool complete;

	as_json_begin(b, "diff");
	buf_text(b, ", \"sides\": [");
	quote_json(b, s->side[0].name);
	buf_text(b, ", ");
	quote_json(b, s->side[1].name);
	buf_text(b, "], \"differences\": ");
	bool right = difference_json(b, &s->bdd, s->side, difference, &complete);
	buf_printf(b, ", \"complete\": %s}\n", complete ? "true" : "false");
	return right;
}

static int diff(struct comparison *s)
{
	struct buf out;
	bool json;
	int status = as_json_wanted(s->parsed, &json);

	status = status ? status : comparison_read(s, 0, 2);

	if (status)
		return status;
	uint32_t difference = diff_function(&s->bdd, s->side[0].meaning, s->side[1].meaning);
	buf_init(&out, &s->arena);
	bool right = json ? json_print(&out, s, difference)
			  : difference_print(&out, &s->bdd, s->side, difference);
	status = comparison_compared(s, "comparison", right);
	if (status)
		return status;
	bool open = comparison_undecided(s);
	if (!files_print(&out))
		return EXIT_HOST;
	bool differ = difference != bdd_leaf(&s->bdd, DIFF_SAME);
	return differ ? EXIT_FINDING : open ? EXIT_HOST : EXIT_DONE;
}

static int run(const struct parsed *p)
{
	const char *format = p->value[OPT_FORMAT], *arch = p->value[OPT_ARCH], *caps = p->value[OPT_CAPS];

	if (format && strcmp(format, "markdown") == 0)
		return review_run(p);
	if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return usage(p->verb, "unknown format '%s'; one of text, json, markdown", format);
	if ((arch && strcmp(arch, "all") == 0) || (caps && strcmp(caps, "each") == 0))
		return usage(p->verb, "--arch all and --caps each are for -f markdown");
	return comparison_run(p, diff);
}

const struct verb verb_diff = {
	.name = "diff",
	.operands = "A B",
	.summary = "list the syscalls two filters or profiles treat differently",
	.about =
		"Each side is a profile, a filter or what a process is under (pid:PID); profiles are\n"
		"taken for the node the options tell. Prints for each ABI the syscalls and numbers whose\n"
		"verdict differs, as A has it and as B has it, with the arguments it differs for and one\n"
		"such call. Exits 0 if nothing differs, 1 if anything does, 5 if that was not decided.\n"
		"For a review (-f markdown) each architecture is compared by itself, with --caps each for\n"
		"containers with none, with all, and with each capability that a rule asks about; what is\n"
		"alike is one line.\n",
	.examples = "winnow diff -a x86_64 web.json docker.json\n"
		    "winnow diff -f markdown -a x86_64,aarch64 --caps each web.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2,
	.run = run,
};
