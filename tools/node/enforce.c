/*
 * The order of writes is the journal. First the new generation, its record last; then the files in
 * their places, each whole; then what is no longer wanted goes; then the record in force. Killed
 * anywhere between, every place holds a whole file of the old or the new generation, both of which
 * are on disk complete, and the next install or status sees which.
 */

#include "enforce.h"

#include "../cli/message.h"

#include <string.h>

struct job {
	struct arena *arena;
	const struct root *root;
	const struct installed *before;
	const struct record *record; /* of the generation */
	const struct record *in_force; /* the same, and what stays though it is none of the generation's */
	const struct source *file;
	const struct enforce_options *options;
	bool changed;
};

static const char *shown(const struct job *job, const char *path)
{
	return root_path(job->root, job->arena, path);
}

/* --- what is there --- */

static bool wanted(const struct job *job, size_t place)
{
	return job->record->file[place].sha256 != NULL;
}

static bool same(const struct job *job, size_t place)
{
	const struct installed_file *f = &job->before->file[place];

	return f->state == FILE_THERE && strcmp(f->sha256, job->record->file[place].sha256) == 0;
}

static bool is_foreign(const struct job *job, enum place place)
{
	const char *path = place_path(job->arena, place, job->before->name);

	if (!wanted(job, place) || same(job, place) || installed_owns(job->before, place))
		return false;
	if (job->before->file[place].state == FILE_OTHER) {
		message("%s: not a plain file, so not winnow's: left alone", shown(job, path));
		return true;
	}
	if (job->options->force)
		return false;
	message("%s: not written by winnow: left alone; --force takes it", shown(job, path));
	return true;
}

/* A record's name is winnow's own, but who knows. */
static bool record_is_foreign(const struct job *job)
{
	const struct installed *i = job->before;
	const char *path = place_record(job->arena, i->name);

	if (i->other && !job->options->force) {
		message("%s: %s: left alone; use the winnow that wrote it, or --force takes it",
			shown(job, path), i->broken);
		return true;
	}
	if (!i->broken || i->other ||
		(i->record_file == FILE_THERE && (installed_is_ours(i) || job->options->force)))
		return false;
	message("%s: %s: left alone%s", shown(job, path), i->broken,
		i->record_file == FILE_THERE ? "; --force takes it" : "");
	return true;
}

static bool any_foreign(const struct job *job)
{
	bool foreign = record_is_foreign(job);

	for (size_t p = 0; p < PLACES; p++)
		foreign = is_foreign(job, (enum place)p) || foreign;
	return foreign;
}

/* --- writing --- */

static bool put(struct job *job, const char *path, const void *bytes, size_t len)
{
	job->changed = true;
	if (job->options->verbose || job->options->dry_run)
		message("%s: %s", shown(job, path),
			job->options->dry_run ? "would be written" : "written");
	return job->options->dry_run || root_write(job->root, path, bytes, len);
}

static bool put_record(struct job *job, const char *path, bool in_force)
{
	struct record record = in_force ? *job->in_force : *job->record;
	struct buf b;

	if (!in_force)
		record.refused = NULL;
	buf_init(&b, job->arena);
	record_write(&b, &record);
	return put(job, path, b.bytes, b.len);
}

static bool put_generation(struct job *job)
{
	const char *name = job->before->name;
	unsigned number = job->record->generation;

	const struct generation *there = installed_kept(job->before, number);
	if (there && (there->whole || there->other))
		return true;
	for (size_t p = 0; p < PLACES; p++) {
		const char *path = place_in(job->arena, name, number, place_stored[p]);
		if (wanted(job, p) ? !put(job, path, job->file[p].bytes, job->file[p].len)
				   : !job->options->dry_run && !root_remove(job->root, path))
			return false;
	}
	return put_record(job, place_in(job->arena, name, number, PLACE_STORED_RECORD), false);
}

/*
 * A daemon may not start without it. So who no longer asks for such a file keeps it, as winnow's, until it is removed
 * by somebody who knows.
 */
static bool keeps(const struct job *job, size_t place)
{
	const struct installed *before = job->before;
	const struct installed_file *f = &before->file[place];

	return place_needed((enum place)place) && !wanted(job, place) && before->has_record &&
		before->record.file[place].sha256 && f->state == FILE_THERE &&
		strcmp(f->sha256, before->record.file[place].sha256) == 0;
}

/* A place that is no longer asked for; what somebody changed there stays. */
static bool leave(struct job *job, enum place place)
{
	const struct installed *before = job->before;
	const struct installed_file *f = &before->file[place];
	const char *path = place_path(job->arena, place, before->name);

	if (!before->has_record || !before->record.file[place].sha256 || f->state == FILE_ABSENT)
		return true;
	if (f->state != FILE_THERE || strcmp(f->sha256, before->record.file[place].sha256) != 0) {
		message("%s: no longer asked for, but changed by somebody: left alone",
			shown(job, path));
		return true;
	}
	if (place_needed(place)) {
		if (before->record.generation != job->record->generation)
			message("%s: no longer asked for, but stays: %s that is not there; once it does not, remove "
				"it by hand",
				shown(job, path), place_needed(place));
		return true;
	}
	job->changed = true;
	message("%s: no longer asked for: %s", shown(job, path),
		job->options->dry_run ? "would be removed" : "removed");
	return job->options->dry_run || root_remove(job->root, path);
}

static bool put_files(struct job *job)
{
	for (size_t p = 0; p < PLACES; p++) {
		const char *path = place_path(job->arena, (enum place)p, job->before->name);
		if (!wanted(job, p)) {
			if (!leave(job, (enum place)p))
				return false;
		} else if (!same(job, p)) {
			if (!put(job, path, job->file[p].bytes, job->file[p].len))
				return false;
		}
	}
	return true;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool record_stands(const struct job *job)
{
	const struct installed *i = job->before;

	return i->has_record && i->record.generation == job->record->generation &&
		same_text(i->record.refused, job->record->refused) &&
		record_same(job->arena, &i->record, job->in_force);
}

enum enforced enforce(struct arena *arena, const struct root *root,
	const struct installed *installed, const struct record *record,
	const struct source file[static PLACES], const struct enforce_options *options)
{
	struct record in_force = *record;
	struct job job = {arena, root, installed, record, &in_force, file, options, false};

	for (size_t p = 0; p < PLACES; p++) {
		if (keeps(&job, p))
			in_force.file[p] = installed->record.file[p];
	}
	if (any_foreign(&job))
		return ENFORCED_FOREIGN;
	if (!put_generation(&job) || !put_files(&job))
		return ENFORCED_FAILED;
	if (!record_stands(&job) && !put_record(&job, place_record(arena, record->profile), true))
		return ENFORCED_FAILED;
	return job.changed ? ENFORCED_CHANGED : ENFORCED_SAME;
}

bool enforce_forget(
	struct arena *arena, const struct root *root, const char *name, unsigned generation)
{
	const char *record = place_in(arena, name, generation, PLACE_STORED_RECORD);
	bool ok = root_remove(root, record) && root_remove_temporary(root, record);

	for (size_t p = 0; ok && p < PLACES; p++) {
		const char *path = place_in(arena, name, generation, place_stored[p]);
		ok = root_remove(root, path) && root_remove_temporary(root, path);
	}
	return ok && root_remove(root, place_generation(arena, name, generation));
}
