/* winnow assert: does a profile or a filter keep what people rely on? */

#include "assert_report.h"
#include "../lib/assertion_judge.h"
#include "../cli/assertion_told.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/comparison.h"

#include <string.h>

#define FILE_BYTES_MAX ((size_t)256 << 10)

static const struct taken takes[] = {
	TAKES_COMPARISON, TAKE(FILE), TAKE(FOLLOW),
	{OPT_FORMAT, "FORMAT", "text (default), json, junit, sarif; a file's name is taken for --file, as it used to be"},
};

static struct held_line judge(struct asserting *j, const struct assertion *a)
{
	enum finding finding = asserting_judge(j, a);

	return (struct held_line){a->text, a->line, finding,
		buf_print(j->bdd->arena, "%.*s", (int)j->why.len, j->why.len ? j->why.bytes : ""),
		finding == HOLDS ? j->nothing : NULL};
}

static int judge_all(struct comparison *s, const struct source *source, const struct assert_format *format)
{
	struct asserting j;
	struct assertion *assertions;
	size_t count, failed = 0;
	bool fit = true;

	if (!assertion_read(&s->arena, source, &assertion_told, &assertions, &count))
		return EXIT_INPUT;
	int status = comparison_read(s, 0, 1);
	if (status)
		return status;
	asserting_start(&j, &s->bdd, &s->side[0], source, &assertion_told);
	for (size_t i = 0; i < count; i++)
		fit = asserting_fits(&j, &assertions[i]) && fit;
	if (!fit)
		return EXIT_INPUT;
	struct assert_report r = {source->name, s->side[0].name,
		arena_alloc(&s->arena, count, sizeof(struct held_line)), count};
	struct buf out;
	buf_init(&out, &s->arena);
	for (size_t i = 0; i < count; i++) {
		r.line[i] = judge(&j, &assertions[i]);
		failed += r.line[i].held != HOLDS;
	}
	if (s->bdd.full) {
		message("not decided: the assertions need more room or time than they are given");
		return EXIT_HOST;
	}
	if (j.mistaken) {
		message_mistake("prover and simulator disagree on a call");
		return EXIT_MISTAKE;
	}
	format->print(&out, &r);
	if (!files_print(&out))
		return EXIT_HOST;
	return failed ? EXIT_FINDING : EXIT_DONE;
}

/* -f was --file here, before it was --format everywhere: a file there is taken, and told. */
static int read_options(const struct parsed *p, const char **path, const struct assert_format **format)
{
	const char *word = p->value[OPT_FORMAT] ? p->value[OPT_FORMAT] : "text";

	*path = p->value[OPT_FILE];
	*format = assert_format_find(word);
	if (!*format && *path)
		return usage(p->verb, "unknown format '%s'; one of text, json, junit, sarif", word);
	if (!*format) {
		message("warning: -f is --format: write --file %s", word);
		*path = word;
		*format = assert_format_find("text");
	}
	return *path ? EXIT_DONE : usage(p->verb, "--file is needed: where are the assertions?");
}

static int assert_verb(struct comparison *s)
{
	const struct assert_format *format;
	struct source source;
	const char *path;
	int status = read_options(s->parsed, &path, &format);

	if (status)
		return status;
	if (strcmp(path, "-") == 0 && strcmp(s->parsed->operand[0], "-") == 0)
		return usage(s->parsed->verb, "standard input cannot be both");
	if (!files_operand(&s->arena, s->parsed, path, FILE_BYTES_MAX, &source))
		return EXIT_INPUT;
	return judge_all(s, &source, format);
}

static int run(const struct parsed *p)
{
	return comparison_run(p, assert_verb);
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
	.examples = "winnow assert --file rules.txt web.bpf\n"
		    "winnow assert -f junit --file rules.txt web.bpf >rules.xml\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
