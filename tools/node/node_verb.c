#include "node_verb.h"

#include "installed.h"

#include "../build.h"
#include "../message.h"

#include "../../compiler/suggest.h"

#include <stdlib.h>
#include <string.h>

static int run_locked(struct node_verb *v, int (*verb)(struct node_verb *))
{
	int lock;

	if (!root_lock(&v->root, PLACES_HOME, false, &lock))
		return EXIT_HOST;
	int status = verb(v);
	root_unlock(lock);
	return status;
}

int node_verb_run(const struct parsed *p, size_t row, int (*verb)(struct node_verb *))
{
	struct node_verb *v = calloc(1, sizeof(*v));
	volatile int status = EXIT_HOST; /* survives the jump */

	if (!v) {
		message("out of memory");
		return EXIT_HOST;
	}
	v->parsed = p;
	arena_init(&v->arena, BUILD_ARENA);
	if (!root_open(&v->root, p->value[row] ? p->value[row] : "/")) {
		free(v);
		return EXIT_HOST;
	}
	if (setjmp(v->arena.out))
		message("out of memory");
	else
		status = run_locked(v, verb);
	arena_free(&v->arena);
	root_close(&v->root);
	free(v);
	return status;
}

int node_keep(const struct verb *verb, const char *text, unsigned unset, unsigned *keep)
{
	char *end;

	*keep = unset;
	if (!text)
		return EXIT_DONE;
	unsigned long number = strtoul(text, &end, 10);
	if (*text < '1' || *text > '9' || *end || number > 1000)
		return usage(verb, "--keep takes a number from 1 to 1000");
	*keep = (unsigned)number;
	return EXIT_DONE;
}

int node_knows(struct node_verb *v, const char *name)
{
	struct suggestion near = suggest_start(name, strlen(name));
	struct root_names names;

	if (!installed_names(&names, &v->arena, &v->root))
		return EXIT_HOST;
	for (size_t i = 0; i < names.count; i++) {
		if (strcmp(names.name[i], name) == 0)
			return EXIT_DONE;
		suggest_offer(&near, names.name[i]);
	}
	if (near.best)
		message("no profile '%s' on this node; did you mean '%s'?", name, near.best);
	else
		message("no profile '%s' on this node", name);
	return EXIT_FINDING;
}
