/*
 * A line a profile: of those with a record or generations on the node, and those the last pass
 * had. The state is the worst that is known; `why` has all of it.
 */

#include "status.h"

#include "own_options.h"

#include "../cli/quote.h"

#include "../../compiler/base/utf8.h"

#include <stdlib.h>
#include <string.h>

const char *const state_names[STATES] = {
	[STATE_OK] = "ok",
	[STATE_HELD] = "held",
	[STATE_ORPHAN] = "orphan",
	[STATE_DAMAGED] = "damaged",
	[STATE_BROKEN] = "broken",
	[STATE_EXPOSED] = "exposed",
	[STATE_UNFINISHED] = "unfinished",
	[STATE_MISSING] = "missing",
	[STATE_DRIFT] = "drift",
	[STATE_FAILED] = "failed",
	[STATE_FOREIGN] = "foreign",
};

/* Is it for somebody to do something about? */
static bool is_fault(enum state state)
{
	return state != STATE_OK && state != STATE_HELD && state != STATE_ORPHAN;
}

/* --- one profile --- */

static void explain_files(struct buf *why, const struct installed *i, const struct root *root)
{
	static const char *const says[STANDINGS] = {
		[STANDING_UNFINISHED] = "is of another generation: winnow did not come to its end",
		[STANDING_MISSING] = "is not there",
		[STANDING_DRIFT] = "is not what was installed",
	};

	for (size_t p = 0; p < PLACES; p++) {
		const char *path = place_path(why->arena, (enum place)p, i->name);
		enum standing one = installed_file_standing(i, (enum place)p);
		if (one != STANDING_OK)
			buf_printf(why, "%s %s\n",
				utf8_string(why->arena, root_path(root, why->arena, path)),
				says[one]);
	}
}

static void explain_kept(struct buf *why, const struct installed *i)
{
	for (size_t n = 0; n < i->kept.count; n++)
		buf_text(why, i->kept.one[n].wrong);
	buf_text(why, i->kept.strays);
}

static void explain_exposures(struct buf *why, const struct installed *i, const struct root *root)
{
	for (size_t n = 0; n < i->exposures.count; n++) {
		const struct exposed *e = &i->exposures.one[n];
		buf_printf(why, "%s %s\n", utf8_string(why->arena, root_path(root, why->arena, e->path)), e->why);
	}
}

static bool is_damaged(const struct installed *i)
{
	bool damaged = i->kept.strays[0] != '\0';

	for (size_t n = 0; n < i->kept.count; n++)
		damaged = damaged || i->kept.one[n].wrong[0];
	return damaged;
}

static enum state state_of_files(const struct installed *i)
{
	static const enum state states[STANDINGS] = {[STANDING_OK] = STATE_OK,
		[STANDING_UNFINISHED] = STATE_UNFINISHED,
		[STANDING_MISSING] = STATE_MISSING,
		[STANDING_DRIFT] = STATE_DRIFT};

	return states[installed_standing(i)];
}

static bool has_foreign(const struct installed *i)
{
	for (size_t p = 0; p < PLACES; p++) {
		if (!installed_owns(i, (enum place)p))
			return true;
	}
	return false;
}

static enum state state_of(const struct installed *i, const struct pass_report *report)
{
	const struct pass_line *line = pass_report_find(report, i->name);
	enum state files = state_of_files(i);

	if (i->other)
		return STATE_FOREIGN;
	if (!installed_is_ours(i) && i->kept.strays[0])
		return STATE_FOREIGN;
	if (!installed_is_ours(i) && i->record_file == FILE_ABSENT && line && !line->failed)
		return STATE_MISSING;
	if (!installed_is_ours(i) && !(line && line->failed))
		return STATE_FOREIGN; /* somebody's file has the record's name */
	if (!installed_is_ours(i))
		return has_foreign(i) ? STATE_FOREIGN : STATE_FAILED;
	if (files != STATE_OK)
		return files;
	if (installed_has_stubs(i))
		return STATE_UNFINISHED;
	if (i->exposures.count)
		return STATE_EXPOSED;
	if (line && line->failed)
		return STATE_BROKEN;
	if (is_damaged(i))
		return STATE_DAMAGED;
	if (report->present && !line)
		return STATE_ORPHAN;
	return i->record.refused ? STATE_HELD : STATE_OK;
}

/* A folder that an install was stopped before it had put anything into: nothing. */
static bool is_nothing(const struct installed *i, const struct pass_report *report)
{
	return !installed_is_ours(i) && i->record_file == FILE_ABSENT && !i->kept.strays[0] &&
		!pass_report_find(report, i->name);
}

/* Who may write a folder on the way may put another one there. */
static bool look_at_folders(struct installed *i, struct arena *arena, const struct root *root)
{
	bool ok = exposed_folders(&i->exposures, root, arena, i->kept.count ? place_history(arena, i->name) : PLACES_HOME);

	for (size_t p = 0; p < PLACES && ok; p++) {
		if (i->has_record && i->record.file[p].sha256)
			ok = exposed_folders(&i->exposures, root, arena, place_folder((enum place)p));
	}
	return ok;
}

static bool read_line(struct status_line *line, struct arena *arena, const struct root *root,
	const struct pass_report *report, const char *name)
{
	const struct pass_line *last = pass_report_find(report, name);
	struct buf why;

	if (!installed_read(&line->installed, arena, root, name, LOOK_INSIDE) ||
		!look_at_folders(&line->installed, arena, root))
		return false;
	line->name = name;
	line->state = state_of(&line->installed, report);
	line->fault = is_fault(line->state);
	buf_init(&why, arena);
	if (line->installed.broken)
		buf_printf(&why, "%s: %s\n",
			utf8_string(arena, root_path(root, arena, place_record(arena, name))),
			line->installed.broken);
	else if (!line->installed.has_record && installed_newest(&line->installed))
		buf_text(&why, "winnow did not get to write the record: stopped, or no room\n");
	else if (line->state == STATE_MISSING && !installed_is_ours(&line->installed))
		buf_text(&why, "the last pass put it into place, and nothing of it is there\n");
	if (!line->installed.other) /* else which files belong together is not known */
		explain_files(&why, &line->installed, root);
	explain_exposures(&why, &line->installed, root);
	explain_kept(&why, &line->installed);
	if (last && last->failed)
		buf_printf(&why, "%s\n", last->why);
	if (line->state == STATE_ORPHAN)
		buf_printf(&why, "%s no longer has it, and it stays in force; winnow gc removes it\n",
			utf8_string(arena, report->source));
	if (line->state == STATE_HELD)
		buf_printf(&why, "rolled back; held until the source changes\n");
	line->why = buf_string(&why);
	return true;
}

/* --- all of them --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* And those that the last pass had, of which the node has nothing. */
static void add_reported(
	struct root_names *names, struct arena *arena, const struct pass_report *report)
{
	size_t known = names->count;

	names->name =
		arena_grow(arena, names->name, known, known + report->count, sizeof(*names->name));
	for (size_t i = 0; i < report->count; i++) {
		const char *name = report->line[i].name;
		if (!known || !bsearch(&name, names->name, known, sizeof(*names->name), by_name))
			names->name[names->count++] = name;
	}
	if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), by_name);
}

bool status_read(struct status *status, struct arena *arena, const struct root *root)
{
	struct pass_report *report = &status->report;
	struct root_names names;

	*status = (struct status){0};
	if (!pass_report_load(report, arena, root) || !installed_names(&names, arena, root))
		return false;
	add_reported(&names, arena, report);
	status->line = arena_alloc(arena, names.count, sizeof(*status->line));
	for (size_t i = 0; i < names.count; i++) {
		struct status_line *line = &status->line[status->count];
		if (!read_line(line, arena, root, report, names.name[i]))
			return false;
		if (is_nothing(&line->installed, report))
			continue;
		status->states[line->state]++;
		status->fault = status->fault || line->fault;
		status->count++;
	}
	return true;
}

/* --- out --- */

/* Each line of it, indented. */
static void print_why(struct buf *b, const char *why)
{
	while (*why) {
		size_t len = strcspn(why, "\n");
		buf_text(b, "    ");
		utf8_print(b, why, len);
		buf_text(b, "\n");
		why += len + (why[len] == '\n');
	}
}

void status_print_text(struct buf *b, const struct status *status)
{
	for (size_t i = 0; i < status->count; i++) {
		const struct status_line *line = &status->line[i];
		const struct record *r = &line->installed.record;
		buf_text(b, utf8_string(b->arena, line->name));
		buf_pad(b, 32);
		buf_text(b, state_names[line->state]);
		if (line->installed.has_record) {
			buf_pad(b, 44);
			buf_printf(b,
				"generation %u, %u instructions, worst path %u, %s, %.*s, from %s",
				r->generation, r->instructions, r->worst_path,
				utf8_string(b->arena, r->fact[FACT_ABIS]),
				*r->meaning ? 12 : (int)sizeof("no semantic hash"),
				*r->meaning ? utf8_string(b->arena, r->meaning) : "no semantic hash",
				utf8_string(b->arena, r->source));
			own_options_print(b, r);
			if (r->baseline.sha256)
				buf_printf(b, ", within baseline %.12s less %u syscalls",
					utf8_string(b->arena, r->baseline.sha256), r->baseline.syscalls);
		}
		buf_text(b, "\n");
		print_why(b, line->why);
	}
	if (status->pass.verdict != VERDICT_OK)
		buf_printf(b, "last pass: %s: %s\n", verdict_names[status->pass.verdict],
			utf8_string(b->arena, status->pass.why));
}

/* What it may be rolled back to, or forward. */
static void print_whole(struct buf *b, const struct generations *gs)
{
	const char *comma = "";

	for (size_t n = 0; n < gs->count; n++) {
		if (!gs->one[n].whole)
			continue;
		buf_printf(b, "%s%u", comma, gs->one[n].number);
		comma = ", ";
	}
}

static void print_record(struct buf *b, const struct record *r)
{
	struct buf text;

	buf_init(&text, b->arena);
	record_write(&text, r);
	for (size_t i = 0; i + 1 < text.len; i++) {
		buf_add(b, &text.bytes[i], 1);
		if (text.bytes[i] == '\n')
			buf_text(b, "      ");
	}
}

void status_print_json(struct buf *b, const struct status *status)
{
	buf_printf(b, "{\n  \"version\": 1,\n  \"fault\": %s,\n  \"pass\": {\"state\": \"%s\", \"why\": ",
		status->fault ? "true" : "false", verdict_names[status->pass.verdict]);
	quote_json(b, status->pass.why);
	buf_text(b, "},\n  \"profiles\": [");
	for (size_t i = 0; i < status->count; i++) {
		const struct status_line *line = &status->line[i];
		buf_printf(b, "%s\n    {\"name\": ", i ? "," : "");
		quote_json(b, line->name);
		buf_printf(b,
			", \"state\": \"%s\", \"fault\": %s, \"why\": ", state_names[line->state],
			line->fault ? "true" : "false");
		quote_json(b, line->why);
		buf_text(b, ",\n      \"generations\": [");
		print_whole(b, &line->installed.kept);
		buf_text(b, "],\n      \"record\": ");
		if (line->installed.has_record)
			print_record(b, &line->installed.record);
		else
			buf_text(b, "null");
		buf_text(b, "}");
	}
	buf_text(b, "\n  ]\n}\n");
}
