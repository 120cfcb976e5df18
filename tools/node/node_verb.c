#include "node_verb.h"

#include "installed.h"

#include "../lib/build.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"

#include "../../compiler/base/suggest.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct node_verb verb;
	enum root_lock lock;
	unsigned wait; /* seconds */
	int (*run)(struct node_verb *);
};

static int run_locked(void *context)
{
	struct work *w = context;

	if (!root_lock(&w->verb.root, PLACES_LOCK, w->lock, w->wait, &w->verb.lock))
		return EXIT_HOST;
	int status = w->run(&w->verb);
	node_unlock(&w->verb);
	return status;
}

void node_unlock(struct node_verb *v)
{
	root_unlock(v->lock);
	v->lock = -1;
}

int node_verb_run(const struct parsed *p, enum root_lock lock, int (*verb)(struct node_verb *))
{
	const char *root = p->value[OPT_ROOT];
	struct work w = {.verb.parsed = p, .lock = lock, .run = verb};
	int status = node_number(p->verb, "wait", p->value[OPT_WAIT], 0, 86400, NODE_WAIT, &w.wait);

	if (status)
		return status;
	if (!root_open(&w.verb.root, root ? root : "/"))
		return EXIT_HOST;
	status = in_arena(&w.verb.arena, BUILD_ARENA, NULL, run_locked, &w);
	root_close(&w.verb.root);
	return status;
}

int node_number(const struct verb *verb, const char *option, const char *text, unsigned least,
	unsigned most, unsigned unset, unsigned *number)
{
	*number = unset;
	return text ? option_number(verb, option, text, least, most, number) : EXIT_DONE;
}

int node_keep(const struct verb *verb, const char *text, unsigned unset, unsigned *keep)
{
	return node_number(verb, "keep", text, 1, 1000, unset, keep);
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
