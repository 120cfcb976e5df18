/* winnow gc: away with what nothing needs any more, of what winnow wrote. */

#include "enforce.h"
#include "install.h"
#include "node_verb.h"
#include "pass_report.h"

#include "../cli/message.h"

#include <stdio.h>
#include <string.h>

static const struct taken takes[] = {
	TAKE(ROOT), TAKE(WAIT), TAKE(KEEP), TAKE(ALL),
	{OPT_BASE_SPECS, NULL, "orphans go with base specs and Docker's profiles: no configuration names them"},
	{OPT_FORCE, NULL, "orphans go even if somebody changed their files"},
	{OPT_DRY_RUN, NULL, "remove nothing, say what would be"},
	TAKE(QUIET),
};

struct job {
	struct node_verb *v;
	struct pass_report report;
	unsigned keep;
	int status;
};

static bool dry(const struct job *job)
{
	return job->v->parsed->value[OPT_DRY_RUN] != NULL;
}

static bool all(const struct job *job)
{
	return job->v->parsed->value[OPT_ALL] != NULL;
}

static void worse(struct job *job, int status)
{
	job->status = status > job->status ? status : job->status;
}

static void say(const struct job *job, const char *name, const char *what)
{
	if (!job->v->parsed->value[OPT_QUIET])
		message("%s: %s%s", name, what, dry(job) ? " would be removed" : " removed");
}

/* --- what an install left that was stopped --- */

static void remove_temporary(struct job *job, const char *path)
{
	struct node_verb *v = job->v;

	if (!root_has_temporary(&v->root, path))
		return;
	if (dry(job) || root_remove_temporary(&v->root, path))
		say(job, root_path(&v->root, &v->arena, path), "a temporary beside it");
	else
		worse(job, EXIT_HOST);
}

static void remove_temporaries(struct job *job, const char *name)
{
	remove_temporary(job, place_record(&job->v->arena, name));
	for (size_t p = 0; p < PLACES; p++)
		remove_temporary(job, place_path(&job->v->arena, (enum place)p, name));
}

/* --- generations --- */

/* False: it could not be, and a message said so. */
static bool forget(struct job *job, const struct installed *i, const struct generation *g)
{
	char what[64];

	if (g->strange) {
		message("%s: generation %u: left alone, as is what is not winnow's: %s", i->name, g->number,
			generations_joined(&job->v->arena, g->wrong));
		worse(job, EXIT_FINDING);
		return false;
	}
	if (!dry(job) && !enforce_forget(&job->v->arena, &job->v->root, i->name, g->number)) {
		worse(job, EXIT_HOST);
		return false;
	}
	snprintf(what, sizeof(what), "generation %u", g->number);
	say(job, i->name, what);
	return true;
}

/* --- orphans --- */

/* Would somebody's change be lost? What is not a plain file winnow does not remove at all. */
static bool is_changed(const struct job *job, const struct installed *i)
{
	const bool force = job->v->parsed->value[OPT_FORCE] != NULL;
	bool stays = false;

	for (size_t p = 0; p < PLACES; p++) {
		const char *path = root_path(&job->v->root, &job->v->arena,
			place_path(&job->v->arena, (enum place)p, i->name));
		bool ours = i->has_record && i->record.file[p].sha256;
		if (!ours || installed_file_standing(i, (enum place)p) != STANDING_DRIFT)
			continue;
		bool plain = i->file[p].state == FILE_THERE;
		stays = stays || !force || !plain;
		message("%s: not what was installed%s%s", path, plain ? "" : ", nor a plain file",
			!plain          ? ": left alone, and the orphan with it"
				: force ? ""
					: ": left alone; --force removes it");
	}
	return stays;
}

/* Of winnow's: in the record, or of a generation whose record was not got to. */
static bool is_ours(const struct installed *i, enum place place)
{
	return i->file[place].state == FILE_THERE && installed_owns(i, place);
}

static bool remove_files(struct job *job, const struct installed *i)
{
	struct arena *arena = &job->v->arena;
	const struct root *root = &job->v->root;

	for (size_t p = 0; p < PLACES; p++) {
		if (is_ours(i, (enum place)p) &&
			!root_remove(root, place_path(arena, (enum place)p, i->name)))
			return false;
	}
	return true;
}

/* Of a file that a daemon does not start without, while its configuration names it. */
static bool may_be_named(const struct job *job, const struct installed *i)
{
	bool named = false;

	for (size_t p = 0; p < PLACES && !job->v->parsed->value[OPT_BASE_SPECS]; p++) {
		if (!place_needed((enum place)p) || !is_ours(i, (enum place)p))
			continue;
		named = true;
		message("%s: stays, and the orphan with it: %s that is not there; once it does not, --base-specs "
			"removes it",
			root_path(&job->v->root, &job->v->arena,
				place_path(&job->v->arena, (enum place)p, i->name)),
			place_needed((enum place)p));
	}
	return named;
}

/* What is not winnow's is in the folders that would go. */
static bool is_strange(struct job *job, const struct installed *i)
{
	bool strange = i->kept.strays[0] != '\0';

	if (strange)
		message("%s: left alone: %s", i->name, generations_joined(&job->v->arena, i->kept.strays));
	for (size_t n = 0; n < i->kept.count; n++) {
		const struct generation *g = &i->kept.one[n];
		if (!g->strange)
			continue;
		message("%s: left alone: %s", i->name, generations_joined(&job->v->arena, g->wrong));
		strange = true;
	}
	return strange;
}

/* The record goes last: until then the profile is told of as an orphan. */
static void remove_orphan(struct job *job, const struct installed *i)
{
	struct arena *arena = &job->v->arena;
	const struct root *root = &job->v->root;

	if (is_changed(job, i) || is_strange(job, i) || may_be_named(job, i)) {
		worse(job, EXIT_FINDING);
		return;
	}
	bool ok = dry(job) || remove_files(job, i);
	for (size_t n = 0; n < i->kept.count && ok; n++)
		ok = forget(job, i, &i->kept.one[n]);
	if (ok && !dry(job))
		ok = root_remove(root, place_history(arena, i->name)) &&
			(i->record_file != FILE_THERE ||
				root_remove(root, place_record(arena, i->name)));
	if (ok)
		say(job, i->name, all(job) ? "profile" : "orphan");
	else
		worse(job, EXIT_HOST);
}

/* What another version of winnow wrote it may need as it is. */
static bool is_of_another(struct job *job, const struct installed *i)
{
	struct arena *arena = &job->v->arena;

	if (i->other)
		message("%s: %s: left alone", root_path(&job->v->root, arena, place_record(arena, i->name)),
			i->broken);
	for (size_t n = 0; n < i->kept.count; n++) {
		if (i->kept.one[n].other)
			message("%s: generation %u is of another version of winnow: left alone",
				i->name, i->kept.one[n].number);
	}
	return installed_is_others(i);
}

static bool is_to_go(const struct job *job, const char *name)
{
	return all(job) || (job->report.present && !pass_report_find(&job->report, name));
}

static void collect(struct job *job, const char *name)
{
	struct node_verb *v = job->v;
	struct installed installed;

	if (!installed_read(&installed, &v->arena, &v->root, name, LOOK_INSIDE)) {
		worse(job, EXIT_HOST);
		return;
	}
	bool another = is_of_another(job, &installed);
	if (another)
		worse(job, EXIT_FINDING);
	if (!installed_is_ours(&installed) || installed.other)
		return;
	remove_temporaries(job, name);
	if (!another && is_to_go(job, name)) {
		remove_orphan(job, &installed);
		return;
	}
	for (size_t n = 0; n < installed.kept.count; n++) {
		if (!installed_keeps(&installed, &installed.kept.one[n], job->keep))
			forget(job, &installed, &installed.kept.one[n]);
	}
}

/*
 * Of the node winnow then knows nothing. The lock goes last: who waits for it to write finds that it is gone
 * and makes another (root.c).
 */
static void forget_node(struct job *job)
{
	struct node_verb *v = job->v;

	if (!all(job) || job->status || dry(job))
		return;
	if (!root_remove(&v->root, PLACES_REPORT) || !root_remove(&v->root, place_generations()) ||
		!root_remove(&v->root, PLACES_LOCK))
		worse(job, EXIT_HOST);
}

static int gc(struct node_verb *v)
{
	struct job job = {.v = v};
	struct root_names names;

	job.status = node_keep(v->parsed->verb, v->parsed->value[OPT_KEEP], INSTALL_KEEP, &job.keep);
	if (job.status)
		return job.status;
	if (!pass_report_load(&job.report, &v->arena, &v->root) ||
		!installed_names(&names, &v->arena, &v->root))
		return EXIT_HOST;
	if (!job.report.present && names.count && !all(&job) && !v->parsed->value[OPT_QUIET])
		message("%s: no report of a pass that this winnow reads, so which are orphans is not known: "
			"none is removed",
			root_path(&v->root, &v->arena, PLACES_REPORT));
	remove_temporary(&job, PLACES_REPORT);
	for (size_t i = 0; i < names.count; i++)
		collect(&job, names.name[i]);
	forget_node(&job);
	return job.status;
}

static int run(const struct parsed *p)
{
	return node_verb_run(p, p->value[OPT_DRY_RUN] ? ROOT_LOCK_READ : ROOT_LOCK_WRITE, gc);
}

const struct verb verb_gc = {
	.name = "gc",
	.operands = "",
	.summary = "remove installed profiles whose source is gone, and old generations",
	.about = "Removes only what winnow wrote: profiles that the source of the last install\n"
		 "does not have, generations beyond --keep, and what an install left that was\n"
		 "stopped. --all takes winnow off the node; stop its watcher first.\n",
	.examples = "winnow gc --root node --dry-run\n"
		    "winnow gc --root node --all\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 0,
	.most = 0,
	.run = run,
};
