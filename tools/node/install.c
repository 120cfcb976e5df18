/*
 * For each profile: read, compiled and proved in memory; tried; compared with what is there; put
 * into force. One profile's failure is told and ends that profile alone. Memory of one profile is
 * freed before the next.
 */

#include "install.h"

#include "made.h"
#include "own_options.h"
#include "pass_report.h"
#include "selftest.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"
#include "../cli/targets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SAID_MAX 16384 /* bytes about a profile that are kept to be said again */

struct pass {
	const struct root *root;
	const struct install_options *options;
	struct arena *arena; /* of the report */
	struct arena aside;  /* of one look at a profile after the other */
	struct pass_report before;
};

/* One profile. */
struct work {
	const struct pass *pass;
	struct arena *arena;
	const struct profile_source *source;
	struct install_result *result;
	struct prepared prepared;
	struct buf said; /* about the profile */
	struct installed before;
	struct source file[PLACES]; /* to be put into force */
};

/* --- failing --- */

static void fail(struct work *w, int status, const char *why)
{
	w->result->outcome = OUTCOME_FAILED;
	w->result->status = status;
	w->result->why = why ? arena_text(w->pass->arena, why, strlen(why)) : "";
}

/* The first error as one line with its place, in the arena of the pass. */
static const char *first_error(struct work *w, const struct diags *diags)
{
	const struct diag *d = diags_first_error(diags);
	uint32_t line, column;
	struct buf b;

	if (!d)
		return w->prepared.mistake.what ? w->prepared.mistake.what : "";
	buf_init(&b, w->arena);
	buf_text(&b, diags->source->name);
	if (d->at != NOWHERE) {
		source_place(diags->source, d->at, &line, &column);
		buf_printf(&b, ":%u:%u", line, column);
	}
	buf_printf(&b, ": error: %s [%s %s]%c", d->text, diag_kinds[d->id].code,
		diag_kinds[d->id].slug, 0);
	return b.bytes;
}

/* Was what is in force made within the baseline that is asked for? */
static bool is_within(const struct work *w)
{
	const struct baseline *baseline = w->pass->options->node.baseline;
	const char *sha256 = w->before.record.baseline.sha256;

	return !baseline || (sha256 && strcmp(sha256, baseline->sha256) == 0);
}

static void tell_stays(const struct work *w)
{
	if (w->before.has_record)
		message("%s: not installed; generation %u stays in force%s", w->source->name,
			w->before.record.generation,
			is_within(w) ? "" : ", which was not made within this baseline");
	else if (w->before.other)
		message("%s: not installed; what another version of winnow put there stays",
			w->source->name);
	else if (w->before.broken)
		message("%s: not installed; in place of its record is something else (%s), so what is in force is not known",
			w->source->name, w->before.broken);
	else
		message("%s: not installed; nothing of this name is in force", w->source->name);
}

/* --- putting into force --- */

static enum enforced put(struct work *w, const struct record *record)
{
	enum enforced done = enforce(
		w->arena, w->pass->root, &w->before, record, w->file, &w->pass->options->enforce);

	if (done == ENFORCED_FOREIGN)
		fail(w, EXIT_FINDING, "a file that is not winnow's is in its place");
	else if (done == ENFORCED_FAILED)
		fail(w, EXIT_HOST, "the node's files cannot be written");
	else
		w->result->generation = record->generation;
	return done;
}

/* Is a file not as installed, of those that are asked for (or of those that are not)? */
static bool is_amiss(const struct work *w, size_t place, bool asked)
{
	return w->before.record.file[place].sha256 &&
		w->pass->options->node.place[place] == asked &&
		installed_file_standing(&w->before, (enum place)place) != STANDING_OK;
}

/*
 * The record in force less what is no longer asked for and not as installed: where that was may be no
 * place of winnow's any more, such as a folder that is not mounted. What is as installed stays, for no
 * newer generation is there to take its place.
 */
static struct record still_asked(const struct work *w, bool *less)
{
	struct record r = w->before.record;
	size_t left = 0;

	*less = false;
	for (size_t p = 0; p < PLACES; p++)
		left += r.file[p].sha256 && !is_amiss(w, p, false);
	for (size_t p = 0; left && p < PLACES; p++) {
		if (!is_amiss(w, p, false))
			continue;
		message("%s: %s is not as installed, nor asked for by --layout: no longer in the record "
			"of generation %u",
			w->source->name,
			root_path(w->pass->root, w->arena,
				place_path(w->arena, (enum place)p, w->source->name)),
			r.generation);
		r.file[p] = (struct record_file){0};
		*less = true;
	}
	return r;
}

/* Is what is in force as installed, and kept as it is? */
static bool stands_in_force(const struct work *w)
{
	return installed_standing(&w->before) == STANDING_OK &&
		installed_generation(&w->before, w->before.record.generation);
}

/* What is in force already, from its places or its generation. Nothing is read if all is well. */
static enum enforced put_stored(struct work *w)
{
	bool repairs = w->before.broken != NULL || !installed_generation(&w->before, w->before.record.generation), less;

	w->result->generation = w->before.record.generation;
	if (stands_in_force(w))
		return ENFORCED_SAME;
	if (installed_gather(w->arena, w->pass->root, &w->before, w->file)) {
		const struct record record = still_asked(w, &less);
		for (size_t p = 0; p < PLACES; p++)
			repairs = repairs || is_amiss(w, p, true);
		enum enforced done = put(w, &record);
		if (done == ENFORCED_FAILED)
			message("%s: generation %u is not as installed, and cannot be put right",
				w->source->name, record.generation);
		return done == ENFORCED_CHANGED && less && !repairs ? ENFORCED_SAME : done;
	}
	fail(w, EXIT_HOST, "what is in force was changed, and cannot be put right");
	return ENFORCED_FAILED;
}

static void tell_repaired(struct work *w)
{
	w->result->repaired = true;
	message("%s: generation %u was not as installed, and is again", w->source->name,
		w->before.record.generation);
}

/* The profile failed: what is in force stays, and is what it was. */
static void keep_old(struct work *w)
{
	int status = w->result->status;
	const char *why = w->result->why;

	if (w->before.has_record && put_stored(w) == ENFORCED_CHANGED)
		tell_repaired(w);
	w->result->outcome = OUTCOME_FAILED;
	w->result->status = status;
	w->result->why = why;
	w->result->generation = w->before.has_record ? w->before.record.generation : 0;
	tell_stays(w);
}

/* The next number, or that of a generation which is there complete but was not got into force. */
static unsigned choose_generation(struct work *w)
{
	const struct installed *before = &w->before;
	const struct generation *newest = installed_newest(before);

	if (before->has_record && record_same(w->arena, &before->record, &w->prepared.record))
		return before->record.generation;
	if (newest && record_same(w->arena, &newest->record, &w->prepared.record))
		return newest->number;
	unsigned in_force = before->has_record ? before->record.generation : 0, last = in_force;
	for (size_t n = 0; n < before->kept.count; n++)
		last = before->kept.one[n].number > last ? before->kept.one[n].number : last;
	bool taken = last == in_force || (newest && newest->number == last);
	for (size_t n = 0; n < before->kept.count; n++)
		taken = taken || (before->kept.one[n].other && before->kept.one[n].number == last);
	return taken ? last + 1 : last; /* one that is not complete is written again */
}

/* What can be rolled back to, and what that lost. */
static void tell_damaged(const struct work *w)
{
	const struct installed *i = &w->before;
	const char *name = w->source->name;

	if (w->pass->options->quiet)
		return;
	if (i->kept.strays[0])
		message("%s: beside its generations: %s", name, generations_joined(w->arena, i->kept.strays));
	for (size_t n = 0; n < i->kept.count; n++) {
		const struct generation *g = &i->kept.one[n];
		bool in_force = i->has_record && g->number == i->record.generation;
		if (!g->wrong[0])
			continue;
		message("%s: generation %u: %s%s", name, g->number, generations_joined(w->arena, g->wrong),
			g->whole || g->stub || in_force
				? ""
				: "; it cannot be rolled back to, and goes with the next generation, or by winnow gc");
	}
}

/*
 * What is there now is read again: `before` does not have the new generation. Generations beyond those that are kept go
 * when there is a new one; what an install left that was stopped goes in any case.
 */
static void forget_old(struct work *w)
{
	const bool newer = w->result->outcome == OUTCOME_INSTALLED;
	struct installed now;

	if (w->pass->options->enforce.dry_run || !(newer || installed_has_stubs(&w->before)) ||
		!installed_read(&now, w->arena, w->pass->root, w->source->name, LOOK_INSIDE))
		return;
	for (size_t n = 0; n < now.kept.count; n++) {
		const struct generation *g = &now.kept.one[n];
		if (!g->strange && (g->stub || (newer && !installed_keeps(&now, g, w->pass->options->keep))))
			enforce_forget(w->arena, w->pass->root, now.name, g->number);
	}
}

/* What others may write is written again as it was, and is winnow's own once more. */
static void close_exposed(struct work *w)
{
	const bool dry = w->pass->options->enforce.dry_run;
	bool done;

	for (size_t i = 0; i < w->before.exposures.count; i++) {
		const struct exposed *e = &w->before.exposures.one[i];
		if (!exposed_close(w->pass->root, w->arena, e, dry, &done) || !done)
			continue;
		w->result->repaired = w->result->repaired || !dry;
		if (!w->pass->options->quiet)
			message("%s: %s %s: %s", w->source->name, root_path(w->pass->root, w->arena, e->path), e->why,
				dry ? "would be written again" : "written again");
	}
}

static void tell(struct work *w, enum outcome outcome)
{
	const struct record *r = &w->prepared.record;
	bool dry = w->pass->options->enforce.dry_run;
	const char *name = w->source->name, *here = w->prepared.here;

	w->result->outcome = outcome;
	w->result->repaired = outcome == OUTCOME_REPAIRED && !dry;
	if (w->pass->options->quiet)
		return;
	if (outcome == OUTCOME_INSTALLED)
		message("%s: %sgeneration %u, %u instructions, worst path %u, for %s%s%s", name,
			dry ? "would be installed: " : "installed: ", w->result->generation,
			r->instructions, r->worst_path, r->fact[FACT_ABIS],
			!w->source->packed ? "" : here ? "; compiled here: " : ", as packed",
			here ? here : "");
	else if (outcome == OUTCOME_REPAIRED)
		message("%s: %s generation %u, which was not as installed", name,
			dry ? "would repair" : "repaired", w->result->generation);
	else if (outcome == OUTCOME_HELD)
		message("%s: held at generation %u: a rollback turned this source away", name,
			w->result->generation);
	else if (w->pass->options->unchanged)
		message("%s: generation %u is in force already", name, w->result->generation);
}

/* The profile's own, of which a rollback turned those of the newest generation away. */
static bool same_options(const struct record *a, const struct record *b)
{
	return a->options && b->options ? strcmp(a->options, b->options) == 0 : a->options == b->options;
}

/* A rollback turned this very source away; it does not turn the baseline away. */
static bool is_held(const struct work *w)
{
	const struct generation *newest = installed_newest(&w->before);

	if (!w->before.has_record || !w->before.record.refused ||
		strcmp(w->before.record.refused, w->prepared.record.source_sha256) != 0)
		return false;
	if (newest && !same_options(&newest->record, &w->prepared.record))
		return false;
	if (is_within(w))
		return true;
	message("%s: held no longer: generation %u was not made within this baseline", w->source->name,
		w->before.record.generation);
	return false;
}

static void put_new(struct work *w)
{
	struct record *record = &w->prepared.record;
	bool newer = !w->before.has_record;

	record->generation = choose_generation(w);
	newer = newer || record->generation != w->before.record.generation ||
		w->before.record.refused;
	for (size_t p = 0; p < PLACES; p++)
		w->file[p] = (struct source){
			.bytes = w->prepared.file[p].bytes, .len = w->prepared.file[p].len};
	switch (put(w, record)) {
	case ENFORCED_SAME:
		tell(w, OUTCOME_UNCHANGED);
		break;
	case ENFORCED_CHANGED:
		tell(w, newer ? OUTCOME_INSTALLED : OUTCOME_REPAIRED);
		break;
	case ENFORCED_FOREIGN:
	case ENFORCED_FAILED:
		tell_stays(w);
		return;
	}
}

static bool fails_selftest(struct work *w, const char **why)
{
	const struct install_options *o = w->pass->options;

	return o->self_test &&
		selftest(w->arena, w->source->name, &w->prepared, o->node.facts.native,
			o->unchanged, why) == SELFTEST_FAILED;
}

/* What is found is told, and kept for when nothing is compiled to find it. */
static void tell_found(struct work *w, const struct diags *diags)
{
	files_diags(w->arena, diags, w->pass->options->quiet, w->pass->options->colour);
	diags_print(&w->said, diags, SEVERITY_NOTE, false);
	for (const struct diag *d = diags->first; d; d = d->next)
		w->result->found[d->id] = true;
}

static struct making making_of(const struct pass *pass, const struct profile_source *source)
{
	const struct install_options *o = pass->options;

	return (struct making){source, &o->node, &o->limits, o->self_test};
}

/* It is in force: what of, so that it need not be made again. */
static void keep_made(struct work *w)
{
	const struct making making = making_of(w->pass, w->source);
	const struct made made = {&w->prepared.record, w->result->found, buf_string(&w->said)};

	if (w->prepared.builds_on || w->pass->options->enforce.dry_run || w->said.len >= SAID_MAX)
		return;
	const char *digest = made_digest(w->arena, &making, &made);
	if (!digest)
		return;
	memcpy(w->result->made, digest, SHA256_HEX);
	w->result->said = made.said;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What holds for this profile alone. False: it makes no sense, and the profile has failed. */
static bool read_own(struct work *w, struct profile_source *source, struct node_wish *own)
{
	struct diags diags;

	diags_init(&diags, w->arena, &source->text);
	bool read = source->packed || own_options_annotated(w->arena, source, &diags);
	tell_found(w, &diags);
	if (read && !source->options.len)
		return true;
	if (read) {
		diags_init(&diags, w->arena, &source->options);
		read = own_options_read(own, w->arena, &source->options, &diags);
		tell_found(w, &diags);
	}
	if (read)
		return true;
	fail(w, diags_exit(&diags), first_error(w, &diags));
	keep_old(w);
	return false;
}

static void install(struct work *w)
{
	const char *why = "";

	if (w->source->error) {
		message("%s: %s", w->source->text.name, w->source->error);
		fail(w, EXIT_INPUT, w->source->error);
		keep_old(w);
		return;
	}
	struct node_wish own = w->pass->options->node;
	struct profile_source source = *w->source; /* with its annotation as options */
	if (!read_own(w, &source, &own))
		return;
	double start = now();
	prepare(&w->prepared, w->arena, &source, &own);
	w->result->seconds = now() - start;
	apart_free_time();
	tell_found(w, w->prepared.diags);
	if (w->prepared.mistake.what)
		targets_mistaken(w->arena, w->source->text.name, &w->prepared.mistake);
	if (w->prepared.status) {
		fail(w, w->prepared.status, first_error(w, w->prepared.diags));
		keep_old(w);
	} else if (fails_selftest(w, &why)) {
		fail(w, EXIT_HOST, why);
		w->result->untrue = true;
		keep_old(w);
	} else if (is_held(w)) {
		put_stored(w);
		if (!w->result->status)
			tell(w, OUTCOME_HELD);
	} else {
		put_new(w);
		if (!w->result->status)
			keep_made(w);
	}
}

/* --- one profile apart from the others --- */

#define WHY_MAX  65536

/* Shared with the child that does it. */
struct told {
	struct install_result result; /* without pointers */
	bool failed;
	char why[WHY_MAX], said[SAID_MAX];
};

struct errand {
	struct pass *pass;
	const struct profile_source *source;
	struct told *told;
	enum apart ending; /* of a child that did not get through; APART_DONE: not tried yet */
	bool known;        /* it is not even tried again */
};

static const char *mib(struct arena *arena, size_t bytes)
{
	return buf_print(arena, "%zu MiB", bytes >> 20);
}

/* Which bound was met. */
static const char *explain(struct arena *arena, const struct limits *l, enum apart ending)
{
	switch (ending) {
	case APART_MEMORY:
		return buf_print(arena,
			"needs more memory than the %s a profile may have%s%s; --profile-memory "
			"allows more",
			mib(arena, l->memory), l->asked || !l->most ? "" : ", half of ",
			l->asked || !l->most ? "" : mib(arena, l->most));
	case APART_TIME:
		return buf_print(arena,
			"takes longer than the %u s of processor time a profile may have; "
			"--profile-time allows more",
			l->seconds);
	case APART_KILLED:
		return "its process was killed, as the kernel does when there is no memory left";
	case APART_CRASHED:
		return "winnow crashed over it";
	case APART_DONE:
	case APART_FAILED:
		break;
	}
	return "no process could be made for it";
}

static int status_of_ending(enum apart ending)
{
	static const int status[] = {[APART_DONE] = EXIT_DONE,
		[APART_MEMORY] = EXIT_COMPILE,
		[APART_TIME] = EXIT_COMPILE,
		[APART_KILLED] = EXIT_HOST,
		[APART_CRASHED] = EXIT_MISTAKE,
		[APART_FAILED] = EXIT_HOST};

	return status[ending];
}

/* It is not compiled, but what is in force is kept as for any other that fails. */
static void turn_away(struct work *w, const struct errand *e)
{
	const char *why = explain(w->arena, &w->pass->options->limits, e->ending);
	/* killed again and again, it is no more the machine's fault than the profile's */
	int status = e->known && e->ending == APART_KILLED ? EXIT_COMPILE
							   : status_of_ending(e->ending);

	message("%s: %s%s", w->source->text.name, why,
		e->known ? "; not tried again before it changes" : "");
	fail(w, status, why);
	keep_old(w);
}

static void miss_node(struct work *w)
{
	message("%s: nothing is known of it: files of the node cannot be read", w->source->name);
	fail(w, EXIT_HOST, "the node's files cannot be read");
}

/* What a profile may have is for its text, too, which is there already. */
static size_t room_of(const struct errand *e)
{
	size_t memory = e->pass->options->limits.memory, text = e->source->text.len;

	return !e->ending && text < memory ? memory - text : memory;
}

static void do_one(struct work *w, const struct errand *e)
{
	tell_damaged(w);
	if (e->ending)
		turn_away(w, e);
	else
		install(w);
	close_exposed(w);
	forget_old(w);
}

/* In the child, or after one that did not get through. */
static void do_errand(struct errand *e)
{
	struct install_result *result = &e->told->result;
	struct arena arena;
	struct work *volatile w = NULL; /* survives the jump, as the arena does */

	arena_init(&arena, room_of(e));
	if (setjmp(arena.out)) {
		if ((arena.full || e->pass->options->limits.space) && !e->ending)
			apart_full();
		message("%s: out of memory", e->source->text.name);
		result->outcome = OUTCOME_FAILED;
		result->status = EXIT_HOST;
		result->why = "out of memory";
	} else {
		w = arena_alloc(&arena, 1, sizeof(*w));
		w->pass = e->pass;
		w->arena = &arena;
		w->source = e->source;
		w->result = result;
		buf_init(&w->said, &arena);
		if (installed_read(&w->before, &arena, e->pass->root, e->source->name, LOOK_INSIDE))
			do_one(w, e);
		else
			miss_node(w);
	}
	e->told->failed = result->why != NULL;
	if (result->why)
		snprintf(e->told->why, WHY_MAX, "%s", result->why);
	if (result->said)
		snprintf(e->told->said, SAID_MAX, "%s", result->said);
	arena_free(&arena);
}

static void run_errand(void *context)
{
	do_errand(context);
}

static bool is_bound(enum apart ending)
{
	return ending != APART_DONE && ending != APART_FAILED;
}

/* Of all that its cost depends on and that may change between passes. */
static void digest_of(const struct pass *pass, const struct profile_source *source, uint8_t sha256[static SHA256_SIZE])
{
	const struct baseline *baseline = pass->options->node.baseline;
	const struct source *of[] = {&source->text, &source->options, baseline ? &baseline->text : NULL};
	uint8_t all[countof(of)][SHA256_SIZE] = {{0}};

	for (size_t i = 0; i < countof(of); i++) {
		if (of[i])
			sha256_of(of[i]->bytes, of[i]->len, all[i]);
	}
	sha256_of((const char *)all, sizeof(all), sha256);
}

static void install_one(struct pass *pass, const struct profile_source *source, struct told *told,
	struct install_result *result)
{
	struct turned_away *away = pass->options->turned_away;
	struct errand e = {pass, source, told, APART_DONE, false};
	uint8_t sha256[SHA256_SIZE];

	told->result = (struct install_result){0};
	told->failed = false;
	if (!source->error && turned_away_some(away)) {
		digest_of(pass, source, sha256);
		e.ending = turned_away_find(away, sha256);
	}
	e.known = e.ending != APART_DONE;
	if (!e.known)
		e.ending = apart_run(&pass->options->limits, run_errand, &e);
	if (!e.known && is_bound(e.ending)) {
		digest_of(pass, source, sha256);
		turned_away_add(away, sha256, e.ending);
	}
	if (e.ending) {
		told->result = (struct install_result){0};
		do_errand(&e);
	}
	*result = told->result;
	result->name = source->name;
	result->why = told->failed ? arena_text(pass->arena, told->why, strlen(told->why)) : NULL;
	result->said = told->result.made[0] ? arena_text(pass->arena, told->said, strlen(told->said)) : NULL;
}

/* --- what need not be made again --- */

/* Said again as it was, by who did not find it anew. False: it is to be coloured, which takes the finding. */
static bool say_again(const struct pass *pass, const struct pass_line *line)
{
	const struct install_options *o = pass->options;

	if (!line->said[0] || o->quiet)
		return true;
	if (files_coloured(o->colour, STDERR_FILENO))
		return false;
	files_write_fd(STDERR_FILENO, line->said, strlen(line->said));
	return true;
}

static bool pass_over(struct work *w, const struct pass_line *line)
{
	const struct making making = making_of(w->pass, w->source);
	struct install_result *r = w->result;

	if (!installed_read(&w->before, w->arena, w->pass->root, w->source->name, LOOK_OUTSIDE)) {
		miss_node(w);
		return true;
	}
	if (!made_stands(w->arena, &making, &w->before, line) || !say_again(w->pass, line))
		return false;
	memcpy(r->found, line->found, sizeof(r->found));
	memcpy(r->made, line->made, sizeof(r->made));
	r->said = line->said;
	r->generation = w->before.record.generation;
	tell_damaged(w);
	tell(w, OUTCOME_UNCHANGED);
	return true;
}

/* Nothing of the profile is compiled here, so no process of its own is needed. */
static bool stands(struct pass *pass, const struct profile_source *source, struct install_result *result)
{
	const struct install_options *o = pass->options;
	const struct pass_line *line = pass_report_find(&pass->before, source->name);

	*result = (struct install_result){.name = source->name};
	if (o->afresh || source->error || !line || !line->made[0] || (o->self_test && o->unchanged))
		return false;
	arena_reset(&pass->aside);
	if (setjmp(pass->aside.out))
		return false;
	struct work *w = arena_alloc(&pass->aside, 1, sizeof(*w));
	w->pass = pass;
	w->arena = &pass->aside;
	w->source = source;
	w->result = result;
	return pass_over(w, line);
}

/* --- the pass --- */

static void install_all(
	struct pass *pass, const struct profile_sources *sources, struct install_report *report)
{
	struct told *told = apart_shared(sizeof(*told));

	if (!told) {
		message("%s", strerror(errno));
		report->status = EXIT_HOST;
		report->node_failed = true;
		return;
	}
	report->count = sources->count;
	report->result = arena_alloc(pass->arena, sources->count, sizeof(*report->result));
	for (size_t i = 0; i < sources->count; i++) {
		struct install_result *one = &report->result[i];
		if (!stands(pass, &sources->source[i], one))
			install_one(pass, &sources->source[i], told, one);
		if (one->status > report->status)
			report->status = one->status;
		if (one->status == EXIT_HOST && !one->untrue)
			report->node_failed = true;
	}
	munmap(told, sizeof(*told));
}

/* In force though no pass looks after it any more. */
static bool is_orphan(struct pass *pass, const struct profile_sources *sources, const char *name)
{
	struct installed installed;

	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->source[i].name, name) == 0)
			return false;
	}
	return installed_read(&installed, pass->arena, pass->root, name, LOOK_OUTSIDE) && installed.has_record;
}

/* A pod that names it starts as ever, so nothing is wrong; but nobody else would say it. */
static void tell_orphans(struct pass *pass, const struct profile_sources *sources)
{
	struct root_names names;

	if (pass->options->quiet || !installed_names(&names, pass->arena, pass->root))
		return;
	for (size_t i = 0; i < names.count; i++) {
		if (is_orphan(pass, sources, names.name[i]))
			message("%s: not in %s any more: what is installed stays in force; winnow gc removes it",
				names.name[i], sources->path);
	}
}

bool install_pass(struct install_report *report, struct arena *arena,
	const struct profile_sources *sources, const struct root *root,
	const struct install_options *options)
{
	struct pass pass = {.root = root, .options = options, .arena = arena};
	int lock;

	*report = (struct install_report){.status = EXIT_HOST, .node_failed = true};
	if (!root_lock(root, PLACES_LOCK,
		    options->enforce.dry_run ? ROOT_LOCK_READ : ROOT_LOCK_WRITE, options->wait,
		    &lock))
		return false;
	report->status = EXIT_DONE;
	report->node_failed = false;
	bool known = pass_report_load(&pass.before, arena, root);
	if (pass.before.wrong)
		message("%s: not believed, so all is made anew, and what was repaired is counted from 0", pass.before.wrong);
	arena_init(&pass.aside, options->limits.memory);
	install_all(&pass, sources, report);
	arena_free(&pass.aside);
	tell_orphans(&pass, sources);
	if (!options->enforce.dry_run &&
		!(known && pass_report_store(arena, root, sources->path, &pass.before, report))) {
		report->unreported = report->node_failed = true;
		if (report->status < EXIT_HOST)
			report->status = EXIT_HOST;
	}
	root_unlock(lock);
	return true;
}
