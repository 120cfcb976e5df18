/*
 * {"version": 1, "source": ..., "repaired": N,
 *  "profiles": [{"name", "outcome", "status", "why", "found", "made", "said"}]}
 *
 * The last two are there for what need not be made again (made.h), as far as there is room: the report is to be read whole.
 *
 * Outcomes are those that stay the same when nothing changes, so that a second pass writes nothing.
 */

#include "pass_report.h"

#include "exposed.h"
#include "places.h"

#include "../cli/quote.h"

#include "../../compiler/read/json.h"

#include <string.h>

#define VERSION   1
#define SAID_ROOM ((size_t)4 << 20) /* bytes of what is said of all profiles */

static void write_line(struct buf *b, const struct install_result *r, size_t *room)
{
	const char *outcome = r->outcome == OUTCOME_FAILED ? "failed"
		: r->outcome == OUTCOME_HELD               ? "held"
							   : "done";
	const char *comma = "";

	buf_text(b, "\n    {\"name\": ");
	quote_json(b, r->name);
	buf_printf(b, ", \"outcome\": \"%s\", \"status\": %d, \"why\": ", outcome, r->status);
	quote_json(b, r->why ? r->why : "");
	buf_text(b, ", \"found\": [");
	for (size_t id = 0; id < DIAG_IDS; id++) {
		if (!r->found[id])
			continue;
		buf_printf(b, "%s\"%s\"", comma, diag_kinds[id].code);
		comma = ", ";
	}
	buf_text(b, "]");
	if (r->made[0] && strlen(r->said) < *room) {
		*room -= strlen(r->said);
		buf_printf(b, ", \"made\": \"%s\", \"said\": ", r->made);
		quote_json(b, r->said);
	}
	buf_text(b, "}");
}

bool pass_report_store(struct arena *arena, const struct root *root, const char *source, const struct pass_report *before,
	const struct install_report *report)
{
	unsigned repaired = before->repaired;
	size_t room = SAID_ROOM;
	struct source there;
	struct buf b;

	for (size_t i = 0; i < report->count; i++)
		repaired += report->result[i].repaired;
	buf_init(&b, arena);
	buf_printf(&b, "{\n  \"version\": %d,\n  \"source\": ", VERSION);
	quote_json(&b, source);
	buf_printf(&b, ",\n  \"repaired\": %u,\n  \"profiles\": [", repaired);
	for (size_t i = 0; i < report->count; i++) {
		buf_text(&b, i ? "," : "");
		write_line(&b, &report->result[i], &room);
	}
	buf_text(&b, "\n  ]\n}\n");
	enum root_read got = root_read(root, arena, PLACES_REPORT, SOURCE_MAX, &there);
	if (got == ROOT_FAILED)
		return false;
	if (got == ROOT_READ && !before->wrong && there.len == b.len && memcmp(there.bytes, b.bytes, b.len) == 0)
		return true;
	return root_write(root, PLACES_REPORT, b.bytes, b.len);
}

/* --- in --- */

static const char *text_of(
	const struct json *json, struct arena *arena, uint32_t object, const char *key)
{
	uint32_t value = json_look_up(json, arena, object, key);

	if (value == JSON_NONE || json->node[value].type != JSON_STRING)
		return "";
	return json_text(json, arena, value).s;
}

static uint64_t number_of(
	const struct json *json, struct arena *arena, uint32_t object, const char *key)
{
	uint32_t value = json_look_up(json, arena, object, key);
	uint64_t number = 0;

	if (value != JSON_NONE && json->node[value].type == JSON_NUMBER)
		json_uint(json, value, &number);
	return number;
}

/* Codes that this winnow does not know are another's. */
static void read_found(
	struct pass_line *line, const struct json *json, struct arena *arena, uint32_t object)
{
	uint32_t list = json_look_up(json, arena, object, "found"), one = JSON_NONE;
	enum diag_id id;

	if (list != JSON_NONE && json->node[list].type == JSON_ARRAY)
		one = json->node[list].child;
	for (; one != JSON_NONE; one = json->node[one].next) {
		if (json->node[one].type == JSON_STRING &&
			diag_find(json_text(json, arena, one).s, &id))
			line->found[id] = true;
	}
}

static bool has(const struct json *json, struct arena *arena, uint32_t object, const char *key, enum json_type type)
{
	uint32_t value = json_look_up(json, arena, object, key);

	return value != JSON_NONE && json->node[value].type == type;
}

/* One that a file of a source can have, or an entry of a bundle: status goes to places by it. */
static bool is_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

static bool is_line(const struct json *json, struct arena *arena, uint32_t object)
{
	if (json->node[object].type != JSON_OBJECT || !has(json, arena, object, "name", JSON_STRING) ||
		!has(json, arena, object, "outcome", JSON_STRING) || !has(json, arena, object, "status", JSON_NUMBER) ||
		!has(json, arena, object, "why", JSON_STRING))
		return false;
	const char *outcome = text_of(json, arena, object, "outcome");
	return is_name(text_of(json, arena, object, "name")) &&
		(strcmp(outcome, "failed") == 0 || strcmp(outcome, "held") == 0 || strcmp(outcome, "done") == 0);
}

/* Is all there that a pass writes? What is left out would be taken for what is well. */
static bool is_report(const struct json *json, struct arena *arena)
{
	uint32_t list = json_look_up(json, arena, 0, "profiles");
	bool ok = list != JSON_NONE && json->node[list].type == JSON_ARRAY && has(json, arena, 0, "source", JSON_STRING) &&
		has(json, arena, 0, "repaired", JSON_NUMBER);

	for (uint32_t one = ok ? json->node[list].child : JSON_NONE; one != JSON_NONE; one = json->node[one].next)
		ok = ok && is_line(json, arena, one);
	return ok;
}

static void read_line(
	struct pass_line *line, const struct json *json, struct arena *arena, uint32_t object)
{
	const char *outcome = text_of(json, arena, object, "outcome");
	uint64_t number = number_of(json, arena, object, "status");

	*line = (struct pass_line){.name = text_of(json, arena, object, "name"),
		.failed = strcmp(outcome, "failed") == 0,
		.held = strcmp(outcome, "held") == 0,
		.status = number <= 255 ? (int)number : 0,
		.why = text_of(json, arena, object, "why"),
		.made = text_of(json, arena, object, "made"),
		.said = text_of(json, arena, object, "said")};
	read_found(line, json, arena, object);
}

/* A report that nobody else may write. *why: what is wrong; NULL where nothing is, or nothing is there. */
static enum root_read read_json(
	struct json *json, struct source *text, struct arena *arena, const struct root *root, const char **why)
{
	struct diags diags;
	struct stat st;
	enum root_read got = root_look(root, PLACES_REPORT, &st);

	*why = NULL;
	if (got != ROOT_READ)
		return got;
	*why = exposed_why(root, arena, &st);
	got = root_read(root, arena, PLACES_REPORT, SOURCE_MAX, text);
	if (*why || got == ROOT_FAILED)
		return got;
	diags_init(&diags, arena, text);
	if (got == ROOT_OTHER)
		*why = "is no plain file, or too large";
	else if (got == ROOT_READ && !json_read(json, arena, text, &diags))
		*why = "is no JSON";
	else if (got == ROOT_READ && number_of(json, arena, 0, "version") != VERSION)
		*why = "is of another version of winnow, or none";
	else if (got == ROOT_READ && !is_report(json, arena))
		*why = "is not as winnow writes it";
	return got;
}

bool pass_report_load(struct pass_report *report, struct arena *arena, const struct root *root)
{
	struct source text;
	struct json json;
	const char *why;
	enum root_read got = read_json(&json, &text, arena, root, &why);

	*report = (struct pass_report){0};
	if (got == ROOT_ABSENT || got == ROOT_FAILED)
		return got == ROOT_ABSENT;
	if (why) {
		report->wrong = buf_print(arena, "%s %s", root_path(root, arena, PLACES_REPORT), why);
		return true;
	}
	const uint32_t list = json_look_up(&json, arena, 0, "profiles");
	report->present = true;
	report->source = text_of(&json, arena, 0, "source");
	uint64_t repaired = number_of(&json, arena, 0, "repaired");
	report->repaired = repaired < UINT32_MAX ? (unsigned)repaired : 0;
	report->line = arena_alloc(arena, json.node[list].count, sizeof(*report->line));
	for (uint32_t one = json.node[list].child; one != JSON_NONE; one = json.node[one].next)
		read_line(&report->line[report->count++], &json, arena, one);
	return true;
}

const struct pass_line *pass_report_find(const struct pass_report *report, const char *name)
{
	for (size_t i = 0; i < report->count; i++) {
		if (strcmp(report->line[i].name, name) == 0)
			return &report->line[i];
	}
	return NULL;
}
