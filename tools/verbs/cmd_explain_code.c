/* winnow explain-code: what a diagnostic means, by its code or slug. */

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include "../../compiler/say/catalogue.h"

#include <string.h>

#define CATALOGUE_ARENA ((size_t)1 << 20)

static const struct taken takes[] = {
	TAKE(MARKDOWN),
};

static int explain(struct arena *arena, const struct parsed *p)
{
	enum diag_id id;
	struct buf out;

	if (p->operands && p->value[OPT_MARKDOWN])
		return usage(p->verb, "--markdown prints all diagnostics");
	if (p->operands && option_diag(p->verb, p->operand[0], &id))
		return EXIT_USAGE;
	buf_init(&out, arena);
	if (p->value[OPT_MARKDOWN])
		catalogue_page(&out);
	else if (p->operands)
		catalogue_print(&out, id);
	else
		catalogue_list(&out);
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	struct arena arena;
	volatile int status = EXIT_HOST; /* survives the jump */

	arena_init(&arena, CATALOGUE_ARENA);
	if (setjmp(arena.out))
		message("out of memory");
	else
		status = explain(&arena, p);
	arena_free(&arena);
	return status;
}

const struct verb verb_explain_code = {
	.name = "explain-code",
	.operands = "[CODE|SLUG]",
	.summary = "say what a diagnostic means, or list all",
	.examples = "winnow explain-code W001\n",
	.takes = takes,
	.taken = countof(takes),
	.most = 1,
	.run = run,
};
