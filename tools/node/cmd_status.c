/* winnow status: what is installed on a node, and is it still as installed? */

#include "status.h"

#include "../build.h"
#include "../files.h"
#include "../message.h"
#include "../options.h"

#include <string.h>

enum { ROOT, FORMAT, CHECK, ROWS };
static const struct option_row rows[ROWS] = {
	[ROOT] = {0, "root", "DIR", "the node's root directory, default /"},
	[FORMAT] = {'f', "format", "FORMAT", "text (default), json, prometheus"},
	[CHECK] = {0, "check", NULL, "only what is wrong"},
};

static const struct {
	const char *name;
	void (*print)(struct buf *, const struct status *);
} formats_known[] = {{"text", status_print_text}, {"json", status_print_json},
	{"prometheus", status_print_prometheus}};

/* Lines that are at fault, and nothing else. */
static void keep_faults(struct status *status)
{
	size_t kept = 0;

	for (size_t i = 0; i < status->count; i++) {
		if (status->line[i].fault)
			status->line[kept++] = status->line[i];
	}
	status->count = kept;
}

static int print(const struct parsed *p, struct arena *arena, const struct root *root)
{
	const char *format = p->value[FORMAT] ? p->value[FORMAT] : "text";
	struct status status;
	struct buf b;
	size_t which = 0;
	int lock;

	while (which < countof(formats_known) && strcmp(formats_known[which].name, format) != 0)
		which++;
	if (which == countof(formats_known))
		return usage(p->verb, "unknown format '%s'; one of text, json, prometheus", format);
	if (!root_lock(root, PLACES_HOME, false, &lock))
		return EXIT_HOST;
	bool read = status_read(&status, arena, root);
	root_unlock(lock);
	if (!read)
		return EXIT_HOST;
	if (p->value[CHECK])
		keep_faults(&status);
	buf_init(&b, arena);
	formats_known[which].print(&b, &status);
	if (!files_print(&b))
		return EXIT_HOST;
	return status.fault ? EXIT_FINDING : EXIT_DONE;
}

static int run(const struct parsed *p)
{
	struct arena arena;
	struct root root;
	volatile int status = EXIT_HOST; /* survives the jump */

	if (!root_open(&root, p->value[ROOT] ? p->value[ROOT] : "/"))
		return EXIT_HOST;
	arena_init(&arena, BUILD_ARENA);
	if (setjmp(arena.out))
		message("out of memory");
	else
		status = print(p, &arena, &root);
	arena_free(&arena);
	root_close(&root);
	return status;
}

const struct verb verb_status = {
	.name = "status",
	.operands = "",
	.summary = "say what is installed on a node, and whether it still is as installed",
	.about = "Reads records and files below the root and compares digests. Exits 1 if a file "
		 "was\n"
		 "changed or is gone, a source is broken or gone, or an install was not "
		 "finished.\n",
	.option = rows,
	.options = ROWS,
	.least = 0,
	.most = 0,
	.run = run,
};
