/* winnow assert: does a profile or a filter keep what people rely on? */

#include "assertion_judge.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/side.h"

#include "../../compiler/base/utf8.h"

#include <string.h>

#define FILE_BYTES_MAX ((size_t)256 << 10)

static const struct taken takes[] = {
	TAKES_SIDE, TAKE(FILE), TAKE(FOLLOW),
	{OPT_FORMAT, "FORMAT", "text (default); a file's name is taken for --file, as it used to be"},
};

static enum finding judge(struct asserting *j, const struct assertion *a, const char *file, struct buf *out)
{
	static const char *const words[] = {
		[HOLDS] = "yes", [UNDECIDABLE] = "undecidable", [FAILS] = "no"};

	enum finding finding = asserting_judge(j, a);

	buf_printf(out, "%s:%u: %s: ", file, a->line, words[finding]);
	utf8_print(out, a->text, strlen(a->text));
	buf_text(out, "\n");
	if (finding != HOLDS)
		buf_printf(out, "  %.*s\n", (int)j->why.len, j->why.bytes);
	return finding;
}

static int judge_all(struct sides *s, const struct source *source)
{
	struct asserting j;
	struct buf out;
	struct assertion *assertions;
	size_t count, failed = 0;
	bool fit = true;

	if (!assertion_read(&s->arena, source, &assertions, &count))
		return EXIT_INPUT;
	int status = sides_read(s, 0, 1);
	if (status)
		return status;
	asserting_start(&j, &s->bdd, &s->side[0], source);
	for (size_t i = 0; i < count; i++)
		fit = asserting_fits(&j, &assertions[i]) && fit;
	if (!fit)
		return EXIT_INPUT;
	buf_init(&out, &s->arena);
	const char *file = utf8_string(&s->arena, source->name);
	for (size_t i = 0; i < count; i++)
		failed += judge(&j, &assertions[i], file, &out) != HOLDS;
	if (s->bdd.full) {
		message("not decided: the assertions need more room or time than they are given");
		return EXIT_HOST;
	}
	if (j.mistaken) {
		message("prover and simulator disagree on a call: a mistake of winnow's, please "
			"report it");
		return EXIT_MISTAKE;
	}
	if (!files_print(&out))
		return EXIT_HOST;
	return failed ? EXIT_FINDING : EXIT_DONE;
}

/* -f was --file here, before it was --format everywhere: a file there is taken, and told. */
static const char *find_file(const struct parsed *p)
{
	const char *path = p->value[OPT_FILE], *format = p->value[OPT_FORMAT];

	if (!format || strcmp(format, "text") == 0)
		return path;
	if (path) {
		usage(p->verb, "unknown format '%s'; assert has text", format);
		return NULL;
	}
	message("warning: -f is --format: write --file %s", format);
	return format;
}

static int assert_verb(struct sides *s)
{
	const char *path = find_file(s->parsed);
	struct source source;

	if (!path)
		return s->parsed->value[OPT_FILE] ? EXIT_USAGE
						  : usage(s->parsed->verb,
							    "--file is needed: where are the assertions?");
	if (strcmp(path, "-") == 0 && strcmp(s->parsed->operand[0], "-") == 0)
		return usage(s->parsed->verb, "standard input cannot be both");
	if (!files_operand(&s->arena, s->parsed, path, FILE_BYTES_MAX, &source))
		return EXIT_INPUT;
	return judge_all(s, &source);
}

static int run(const struct parsed *p)
{
	return sides_run(p, assert_verb);
}

const struct verb verb_assert = {
	.name = "assert",
	.operands = "PROFILE|BLOB|pid:PID",
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
	.examples = "winnow assert --file rules.txt web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
