/*
 * {"version": 1, "source": ..., "repaired": N,
 *  "profiles": [{"name", "outcome", "status", "why", "found", "made", "said"}]}
 *
 * The last two are there for what need not be made again (made.h), as far as there is room: the report is to be read whole.
 *
 * Outcomes are those that stay the same when nothing changes, so that a second pass writes nothing.
 */

#include "pass_report.h"

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
	if (got == ROOT_READ && there.len == b.len && memcmp(there.bytes, b.bytes, b.len) == 0)
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

bool pass_report_load(struct pass_report *report, struct arena *arena, const struct root *root)
{
	struct source text;
	struct diags diags;
	struct json json;

	*report = (struct pass_report){0};
	enum root_read got = root_read(root, arena, PLACES_REPORT, SOURCE_MAX, &text);
	diags_init(&diags, arena, &text);
	if (got != ROOT_READ || !json_read(&json, arena, &text, &diags))
		return got != ROOT_FAILED;
	if (number_of(&json, arena, 0, "version") != VERSION)
		return true;
	uint32_t list = json_look_up(&json, arena, 0, "profiles");
	if (list == JSON_NONE || json.node[list].type != JSON_ARRAY)
		return true;
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
