/* winnow rollback: an earlier generation of a profile into force again. */

#include "enforce.h"
#include "node_verb.h"

#include "../cli/message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct taken takes[] = {
	TAKE(ROOT), TAKE(WAIT), TAKE(TO), TAKE(DRY_RUN),
};

static const struct generation *before(const struct installed *i)
{
	const struct generation *best = NULL;

	for (size_t n = 0; n < i->generations; n++) {
		const struct generation *g = &i->generation[n];
		if (g->complete && (!i->has_record || g->number < i->record.generation))
			best = g;
	}
	return best;
}

static int choose(
	const struct node_verb *v, const struct installed *i, const struct generation **chosen)
{
	const char *to = v->parsed->value[OPT_TO];
	if (!to) {
		*chosen = before(i);
		if (*chosen)
			return EXIT_DONE;
		message("%s: no earlier generation was kept", i->name);
		return EXIT_FINDING;
	}
	unsigned number;
	int status = option_number(v->parsed->verb, "to", to, 1, UINT32_MAX, &number);
	if (status)
		return status;
	*chosen = installed_generation(i, number);
	if (*chosen)
		return EXIT_DONE;
	for (size_t n = 0; n < i->generations; n++) {
		if (i->generation[n].number == number && i->generation[n].other) {
			message("%s: generation %u is of another version of winnow", i->name, number);
			return EXIT_FINDING;
		}
	}
	message("%s: generation %u was not kept", i->name, number);
	return EXIT_FINDING;
}

/*
 * What the newest generation was made from is what the next install would bring back, so that is
 * what is turned away; going to that generation itself ends the hold.
 */
static int roll_back(struct node_verb *v, const struct installed *i, const struct generation *to)
{
	const struct generation *newest = installed_newest(i);
	const struct enforce_options options = {.dry_run = v->parsed->value[OPT_DRY_RUN] != NULL};
	struct source file[PLACES] = {{0}};
	struct record record = to->record;

	record.refused = to == newest ? NULL : newest->record.source_sha256;
	if (!installed_load(&v->arena, &v->root, to, file))
		return EXIT_HOST;
	switch (enforce(&v->arena, &v->root, i, &record, file, &options)) {
	case ENFORCED_SAME:
		message("%s: generation %u is in force already", i->name, to->number);
		return EXIT_DONE;
	case ENFORCED_CHANGED:
		message("%s: %s generation %u%s", i->name,
			options.dry_run ? "would be rolled to" : "rolled to", to->number,
			record.refused ? "; held there until its source changes" : "");
		return EXIT_DONE;
	case ENFORCED_FOREIGN:
		return EXIT_FINDING;
	case ENFORCED_FAILED:
		message("%s: not rolled to generation %u: a file of it cannot be put in its place",
			i->name, to->number);
		return EXIT_HOST;
	}
	unreachable();
}

static int rollback(struct node_verb *v)
{
	const char *name = v->parsed->operand[0];
	const struct generation *to = NULL;
	struct installed installed;
	int status = node_knows(v, name);

	if (status)
		return status;
	if (!installed_read(&installed, &v->arena, &v->root, name))
		return EXIT_HOST;
	if (installed.other) {
		message("%s: %s: left alone; use the winnow that wrote it",
			root_path(&v->root, &v->arena, place_record(&v->arena, name)),
			installed.broken);
		return EXIT_FINDING;
	}
	status = choose(v, &installed, &to);
	return to ? roll_back(v, &installed, to) : status;
}

static int run(const struct parsed *p)
{
	return node_verb_run(p, p->value[OPT_DRY_RUN] ? ROOT_LOCK_READ : ROOT_LOCK_WRITE, rollback);
}

const struct verb verb_rollback = {
	.name = "rollback",
	.operands = "NAME",
	.summary = "put an earlier generation of an installed profile into force",
	.about = "The source that made the newest generation is turned away: install leaves the\n"
		 "profile as it is until the source changes. Rolling to the newest generation\n"
		 "ends that.\n",
	.examples = "winnow rollback --root node --dry-run web\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
