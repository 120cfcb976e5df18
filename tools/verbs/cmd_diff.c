/* winnow diff: every syscall on which two sides differ. */

#include "../cli/as_json.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/quote.h"
#include "../cli/side.h"
#include "../lib/difference.h"

#include "../../compiler/logic/diff.h"

static const struct taken takes[] = {
	TAKES_SIDE, TAKE(FORMAT), TAKE(FOLLOW),
};

static bool json_print(struct buf *b, struct sides *s, uint32_t difference)
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

static int diff(struct sides *s)
{
	struct buf out;
	bool json;
	int status = as_json_wanted(s->parsed, &json);

	status = status ? status : sides_read(s, 0, 2);

	if (status)
		return status;
	uint32_t difference = diff_function(&s->bdd, s->side[0].meaning, s->side[1].meaning);
	buf_init(&out, &s->arena);
	bool right = json ? json_print(&out, s, difference)
			  : difference_print(&out, &s->bdd, s->side, difference);
	if (s->bdd.full) {
		message("not decided: the comparison needs more room or time than it is given");
		return EXIT_HOST;
	}
	if (!right) {
		message("prover and simulator disagree on a call: a mistake of winnow's, please "
			"report it");
		return EXIT_MISTAKE;
	}
	bool open = sides_undecided(s);
	if (!files_print(&out))
		return EXIT_HOST;
	bool differ = difference != bdd_leaf(&s->bdd, DIFF_SAME);
	return differ ? EXIT_FINDING : open ? EXIT_HOST : EXIT_DONE;
}

static int run(const struct parsed *p)
{
	return sides_run(p, diff);
}

const struct verb verb_diff = {
	.name = "diff",
	.operands = "A B",
	.summary = "list the syscalls two filters or profiles treat differently",
	.about =
		"Each side is a profile, a filter or what a process is under (pid:PID); profiles are taken for the node the options "
		"tell. Prints\n"
		"for each ABI the syscalls and numbers whose verdict differs, as A has it and as B "
		"has it,\n"
		"with the arguments it differs for and one such call. Exits 0 if nothing differs, "
		"1 "
		"if\n"
		"anything does, 5 if that was not decided.\n",
	.examples = "winnow diff -a x86_64 web.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2,
	.run = run,
};
