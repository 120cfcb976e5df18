/* winnow gc: away with what nothing needs any more, of what winnow wrote. */

#include "enforce.h"
#include "install.h"
#include "node_verb.h"
#include "pass_report.h"

#include "../message.h"

#include <stdio.h>
#include <string.h>

enum { ROOT, WAIT, KEEP, FORCE, DRY_RUN, QUIET, ROWS };
static const struct option_row rows[ROWS] = {
	[ROOT] = NODE_ROW_ROOT,
	[WAIT] = NODE_ROW_WAIT,
	[KEEP] = {0, "keep", "N", "generations to keep of each profile, default 3"},
	[FORCE] = {0, "force", NULL, "orphans go even if somebody changed their files"},
	[DRY_RUN] = {0, "dry-run", NULL, "remove nothing, say what would be"},
	[QUIET] = {'q', "quiet", NULL, "errors only"},
};

struct job {
	struct node_verb *v;
	struct pass_report report;
	unsigned keep;
	int status;
};

static bool dry(const struct job *job)
{
	return job->v->parsed->value[DRY_RUN] != NULL;
}

static void worse(struct job *job, int status)
{
	job->status = status > job->status ? status : job->status;
}

static void say(const struct job *job, const char *name, const char *what)
{
	if (!job->v->parsed->value[QUIET])
		message("%s: %s%s", name, what, dry(job) ? " would be removed" : " removed");
}

/* --- what an install left that was stopped --- */

static void remove_temporary(struct job *job, const char *path)
{
	struct node_verb *v = job->v;

	if (!root_has_temporary(&v->root, path))
		return;
	say(job, root_path(&v->root, &v->arena, path), "a temporary beside it");
	if (!dry(job) && !root_remove_temporary(&v->root, path))
		worse(job, EXIT_HOST);
}

static void remove_temporaries(struct job *job, const char *name)
{
	remove_temporary(job, place_record(&job->v->arena, name));
	for (size_t p = 0; p < PLACES; p++)
		remove_temporary(job, place_path(&job->v->arena, (enum place)p, name));
}

/* --- generations --- */

static void forget(struct job *job, const struct installed *i, const struct generation *g)
{
	char what[64];

	snprintf(what, sizeof(what), "generation %u", g->number);
	say(job, i->name, what);
	if (!dry(job) && !enforce_forget(&job->v->arena, &job->v->root, i->name, g->number))
		worse(job, EXIT_HOST);
}

/* --- orphans --- */

/* Would somebody's change be lost? */
static bool is_changed(const struct job *job, const struct installed *i)
{
	bool changed = false;

	for (size_t p = 0; p < PLACES; p++) {
		bool ours = i->has_record && i->record.file[p].sha256;
		if (!ours || installed_file_standing(i, (enum place)p) != STANDING_DRIFT)
			continue;
		changed = true;
		message("%s: not what was installed%s",
			root_path(&job->v->root, &job->v->arena,
				place_path(&job->v->arena, (enum place)p, i->name)),
			job->v->parsed->value[FORCE] ? "" : ": left alone; --force removes it");
	}
	return changed && !job->v->parsed->value[FORCE];
}

/* Of winnow's: in the record, or of a generation whose record was not got to. */
static bool is_ours(const struct installed *i, enum place place)
{
	return i->file[place].state == FILE_THERE && installed_owns(i, place);
}

/* The record goes last: until then the profile is told of as an orphan. */
static void remove_orphan(struct job *job, const struct installed *i)
{
	struct arena *arena = &job->v->arena;
	const struct root *root = &job->v->root;
	bool ok = true;

	if (is_changed(job, i)) {
		worse(job, EXIT_FINDING);
		return;
	}
	say(job, i->name, "orphan");
	for (size_t p = 0; p < PLACES && ok && !dry(job); p++) {
		if (is_ours(i, (enum place)p))
			ok = root_remove(root, place_path(arena, (enum place)p, i->name));
	}
	for (size_t n = 0; n < i->generations && ok; n++)
		forget(job, i, &i->generation[n]);
	bool recorded = i->record_file == FILE_THERE;
	if (ok && !dry(job))
		ok = root_remove(root, place_history(arena, i->name)) &&
			(!recorded || root_remove(root, place_record(arena, i->name)));
	if (!ok)
		worse(job, EXIT_HOST);
}

static void collect(struct job *job, const char *name)
{
	struct node_verb *v = job->v;
	struct installed installed;

	if (!installed_read(&installed, &v->arena, &v->root, name)) {
		worse(job, EXIT_HOST);
		return;
	}
	if (!installed_is_ours(&installed))
		return;
	remove_temporaries(job, name);
	if (job->report.present && !pass_report_find(&job->report, name)) {
		remove_orphan(job, &installed);
		return;
	}
	for (size_t n = 0; n < installed.generations; n++) {
		if (!installed_keeps(&installed, &installed.generation[n], job->keep))
			forget(job, &installed, &installed.generation[n]);
	}
}

static int gc(struct node_verb *v)
{
	struct job job = {.v = v};
	struct root_names names;

	job.status = node_keep(v->parsed->verb, v->parsed->value[KEEP], INSTALL_KEEP, &job.keep);
	if (job.status)
		return job.status;
	if (!pass_report_load(&job.report, &v->arena, &v->root) ||
		!installed_names(&names, &v->arena, &v->root))
		return EXIT_HOST;
	remove_temporary(&job, PLACES_REPORT);
	for (size_t i = 0; i < names.count; i++)
		collect(&job, names.name[i]);
	return job.status;
}

static int run(const struct parsed *p)
{
	return node_verb_run(p, ROOT, WAIT,
		p->value[DRY_RUN] ? ROOT_LOCK_READ : ROOT_LOCK_WRITE, gc);
}

const struct verb verb_gc = {
	.name = "gc",
	.operands = "",
	.summary = "remove installed profiles whose source is gone, and old generations",
	.about = "Removes only what winnow wrote: profiles that the source of the last install\n"
		 "does not have, generations beyond --keep, and what an install left that was\n"
		 "stopped.\n",
	.option = rows,
	.options = ROWS,
	.least = 0,
	.most = 0,
	.run = run,
};
