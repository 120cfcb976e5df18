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

/* The one before that in force, be it whole or not: another one is for somebody to name. */
static const struct generation *before(const struct installed *i)
{
	const struct generation *best = NULL;

	for (size_t n = 0; n < i->kept.count; n++) {
		const struct generation *g = &i->kept.one[n];
		if (!g->other && !g->stub && (!i->has_record || g->number < i->record.generation))
			best = g;
	}
	return best;
}

/* What is kept whole, as words: "1, 3". */
static const char *others(struct node_verb *v, const struct installed *i)
{
	struct buf b;

	buf_init(&b, &v->arena);
	for (size_t n = 0; n < i->kept.count; n++) {
		const struct generation *g = &i->kept.one[n];
		if (g->whole && !(i->has_record && g->number == i->record.generation))
			buf_printf(&b, "%s%u", b.len ? ", " : "", g->number);
	}
	return buf_string(&b);
}

/* Is it one to be rolled to? */
static int check(struct node_verb *v, const struct installed *i, const struct generation *g)
{
	const char *name = i->name;

	if (g->whole)
		return EXIT_DONE;
	if (g->other) {
		message("%s: generation %u is of another version of winnow", name, g->number);
		return EXIT_FINDING;
	}
	for (const char *line = g->wrong; *line; line += strcspn(line, "\n") + 1)
		message("%.*s", (int)strcspn(line, "\n"), line);
	const char *rest = others(v, i);
	message("%s: not rolled to generation %u, which is damaged; kept whole besides what is in force: %s", name,
		g->number, *rest ? rest : "none");
	return EXIT_FINDING;
}

static int choose(struct node_verb *v, const struct installed *i, const struct generation **chosen)
{
	const char *to = v->parsed->value[OPT_TO];
	unsigned number = 0;
	int status = to ? option_number(v->parsed->verb, "to", to, 1, UINT32_MAX, &number) : EXIT_DONE;

	if (status)
		return status;
	const struct generation *g = to ? installed_kept(i, number) : before(i);
	if (!g) {
		if (to)
			message("%s: generation %u was not kept", i->name, number);
		else
			message("%s: no earlier generation was kept", i->name);
		return EXIT_FINDING;
	}
	status = check(v, i, g);
	if (!status)
		*chosen = g;
	return status;
}

static bool same_baseline(const struct record *a, const struct record *b)
{
	const char *one = a->baseline.sha256, *other = b->baseline.sha256;

	return one && other ? strcmp(one, other) == 0 : one == other;
}

/* A rollback is from what a profile says, not from what the node allows at most. */
static const char *hold_of(const struct installed *i, const struct record *to)
{
	if (i->has_record && i->record.baseline.sha256 && !same_baseline(&i->record, to))
		return "; made within another baseline, so that the next install with --baseline replaces it";
	return to->refused ? "; held there until its source changes" : "";
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
			hold_of(i, &record));
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
	if (!installed_read(&installed, &v->arena, &v->root, name, LOOK_INSIDE))
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
		 "ends that. A generation that was damaged is refused, and nothing is changed.\n",
	.examples = "winnow rollback --root node --dry-run web\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
