/* winnow assert: does a profile or a filter keep what people rely on? */

#include "../cli/files.h"
#include "../cli/message.h"
#include "judgement.h"

#include "../../compiler/base/utf8.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_SIDE, TAKE(FILE), TAKE(FOLLOW),
};

/* A line of the answer. Returns whether it is no. */
static bool answer(struct buf *out, const struct judgement *j, const struct assertion *a, const char *file)
{
	static const char *const words[] = {
		[HOLDS] = "yes", [UNDECIDABLE] = "undecidable", [FAILS] = "no"};

	buf_printf(out, "%s:%u: %s: ", file, a->line, words[j->finding]);
	utf8_print(out, a->text, strlen(a->text));
	buf_text(out, "\n");
	if (j->finding != HOLDS)
		buf_printf(out, "  %s\n", j->why);
	return j->finding != HOLDS;
}

static int judge_all(struct sides *s, const struct source *source)
{
	struct assertion *assertions;
	size_t count, failed = 0;
	bool fit = true, mistaken = false;
	struct buf out;

	if (!assertion_read(&s->arena, source, &assertions, &count))
		return EXIT_INPUT;
	int status = sides_read(s, 0, 1);
	if (status)
		return status;
	for (size_t i = 0; i < count; i++)
		fit = judgement_fits(&s->bdd, &s->side[0], &assertions[i], source) && fit;
	if (!fit)
		return EXIT_INPUT;
	buf_init(&out, &s->arena);
	const char *file = utf8_string(&s->arena, source->name);
	for (size_t i = 0; i < count; i++) {
		const struct judgement j = judgement(&s->bdd, &s->side[0], &assertions[i]);
		failed += answer(&out, &j, &assertions[i], file);
		mistaken |= j.mistaken;
	}
	if (s->bdd.full) {
		message("not decided: the assertions need more room or time than they are given");
		return EXIT_HOST;
	}
	if (mistaken) {
		message("prover and simulator disagree on a call: a mistake of winnow's, please "
			"report it");
		return EXIT_MISTAKE;
	}
	if (!files_print(&out))
		return EXIT_HOST;
	return failed ? EXIT_FINDING : EXIT_DONE;
}

static int assert_verb(struct sides *s)
{
	const char *path = s->parsed->value[OPT_FILE];
	struct source source;

	if (!path)
		return usage(s->parsed->verb, "--file is needed: where are the assertions?");
	if (strcmp(path, "-") == 0 && strcmp(s->parsed->operand[0], "-") == 0)
		return usage(s->parsed->verb, "standard input cannot be both");
	if (!files_operand(&s->arena, s->parsed, path, ASSERTIONS_MAX, &source))
		return EXIT_INPUT;
	return judge_all(s, &source);
}

static int run(const struct parsed *p)
{
	return sides_run(p, assert_verb);
}

const struct verb verb_assert = {
	.name = "assert",
	.operands = "PROFILE|BLOB",
	.summary = "hold a profile or a filter against assertions",
	.about = "A line of the file asserts something of calls:\n\n"
		 "  deny socket(AF_ALG) on all          # every ABI of this byte order\n"
		 "  allow futex                         # the ABIs the filter is for\n"
		 "  errno(ENOSYS) clone3 on x86_64\n"
		 "  deny mmap(*, *, &PROT_EXEC)         # the bit is set\n"
		 "  deny socket(!=AF_UNIX)\n\n"
		 "Answers yes, no with a call, or undecidable: where arguments lie in memory "
		 "(socketcall, ipc),\n"
		 "io_uring does the same unseen, or kernels differ. Exits 0 if all are yes, 1 if "
		 "not.\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
