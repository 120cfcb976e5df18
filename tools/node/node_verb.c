#include "node_verb.h"

#include "installed.h"

#include "../build.h"
#include "../in_arena.h"
#include "../message.h"

#include "../../compiler/suggest.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct node_verb verb;
	int (*run)(struct node_verb *);
};

static int run_locked(void *context)
{
	struct work *w = context;
	int lock;

	if (!root_lock(&w->verb.root, PLACES_HOME, false, &lock))
		return EXIT_HOST;
	int status = w->run(&w->verb);
	root_unlock(lock);
	return status;
}

int node_verb_run(const struct parsed *p, size_t row, int (*verb)(struct node_verb *))
{
	struct work w = {.verb.parsed = p, .run = verb};

	if (!root_open(&w.verb.root, p->value[row] ? p->value[row] : "/"))
		return EXIT_HOST;
	int status = in_arena(&w.verb.arena, BUILD_ARENA, NULL, run_locked, &w);
	root_close(&w.verb.root);
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
