/*
 * Text, a line each and why not. JSON as doc/output.schema.json has it. JUnit, which every CI shows: a test
 * case an assertion. SARIF 2.1.0: a result for each that does not hold, with its line in the assertions' file;
 * all that can end a run early ends it before a document is begun, so a document is of a whole run.
 */

#include "assert_report.h"

#include "../cli/as_json.h"
#include "../cli/quote.h"
#include "../lib/version.h"

#include "../../compiler/base/utf8.h"

#include <string.h>

static const char *const words[FINDINGS] = {[HOLDS] = "yes", [UNDECIDABLE] = "undecidable", [FAILS] = "no"};

static size_t count(const struct assert_report *r, enum finding held)
{
	size_t n = 0;

	for (size_t i = 0; i < r->lines; i++)
		n += r->line[i].held == held;
	return n;
}

static void print_text(struct buf *b, const struct assert_report *r)
{
	const char *file = utf8_string(b->arena, r->file);

	for (size_t i = 0; i < r->lines; i++) {
		const struct held_line *l = &r->line[i];
		buf_printf(b, "%s:%u: %s: ", file, l->line, words[l->held]);
		utf8_print(b, l->text, strlen(l->text));
		buf_text(b, "\n");
		if (l->held != HOLDS)
			buf_printf(b, "  %s\n", l->why);
		if (l->note)
			buf_printf(b, "  note: %s\n", l->note);
	}
}

static void print_json(struct buf *b, const struct assert_report *r)
{
	as_json_begin(b, "assert");
	buf_text(b, ", \"assertions\": ");
	quote_json(b, r->file);
	buf_text(b, ", \"of\": ");
	quote_json(b, r->side);
	for (enum finding held = HOLDS; held < FINDINGS; held++)
		buf_printf(b, ", \"%s\": %zu", words[held], count(r, held));
	buf_text(b, ", \"results\": [");
	for (size_t i = 0; i < r->lines; i++) {
		const struct held_line *l = &r->line[i];
		buf_printf(b, "%s\n {\"line\": %u, \"answer\": \"%s\", \"text\": ", i ? "," : "", l->line,
			words[l->held]);
		quote_json(b, l->text);
		buf_text(b, ", \"why\": ");
		if (l->held == HOLDS)
			buf_text(b, "null");
		else
			quote_json(b, l->why);
		buf_text(b, ", \"note\": ");
		if (l->note)
			quote_json(b, l->note);
		else
			buf_text(b, "null");
		buf_text(b, "}");
	}
	buf_text(b, "]}\n");
}

static void xml_attribute(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, " %s=\"", name);
	quote_xml(b, text);
	buf_text(b, "\"");
}

/* The first line is the message, all of them the content. */
static void junit_failure(struct buf *b, const struct held_line *l)
{
	size_t first = strcspn(l->why, "\n");

	buf_text(b, ">\n      <failure");
	xml_attribute(b, "type", words[l->held]);
	xml_attribute(b, "message", buf_print(b->arena, "%.*s", (int)first, l->why));
	buf_text(b, ">");
	for (const char *at = l->why; *at;) {
		size_t len = strcspn(at, "\n");
		quote_xml(b, buf_print(b->arena, "%.*s", (int)len, at));
		at += len;
		if (*at)
			buf_add(b, at++, 1);
	}
	buf_text(b, "</failure>\n    </testcase>\n");
}

static void print_junit(struct buf *b, const struct assert_report *r)
{
	size_t failures = r->lines - count(r, HOLDS);

	buf_printf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%zu\" failures=\"%zu\">\n"
		      "  <testsuite tests=\"%zu\" failures=\"%zu\" errors=\"0\"",
		r->lines, failures, r->lines, failures);
	xml_attribute(b, "name", r->file);
	buf_text(b, ">\n");
	for (size_t i = 0; i < r->lines; i++) {
		const struct held_line *l = &r->line[i];
		buf_text(b, "    <testcase");
		xml_attribute(b, "classname", r->side);
		xml_attribute(b, "name", buf_print(b->arena, "%u: %s", l->line, l->text));
		xml_attribute(b, "file", r->file);
		buf_printf(b, " line=\"%u\"", l->line);
		if (l->held == HOLDS)
			buf_text(b, "/>\n");
		else
			junit_failure(b, l);
	}
	buf_text(b, "  </testsuite>\n</testsuites>\n");
}

static void print_sarif(struct buf *b, const struct assert_report *r)
{
	const char *comma = "";

	buf_printf(b,
		"{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
		"  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n"
		"      \"columnKind\": \"unicodeCodePoints\",\n"
		"      \"tool\": {\"driver\": {\"name\": \"winnow\", \"version\": \"%s\", \"rules\": [\n"
		"          {\"id\": \"assert-no\", \"name\": \"assert-no\", \"shortDescription\": {\"text\": "
		"\"the filter does not do what is asserted\"}, \"defaultConfiguration\": {\"level\": \"error\"}},\n"
		"          {\"id\": \"assert-undecidable\", \"name\": \"assert-undecidable\", "
		"\"shortDescription\": {\"text\": \"no filter can show what is asserted\"}, "
		"\"defaultConfiguration\": {\"level\": \"warning\"}}\n        ]}},\n"
		"      \"invocations\": [{\"executionSuccessful\": true}],\n      \"results\": [",
		WINNOW_VERSION);
	for (size_t i = 0; i < r->lines; i++) {
		const struct held_line *l = &r->line[i];
		bool fails = l->held == FAILS;
		if (l->held == HOLDS)
			continue;
		buf_printf(b, "%s\n        {\"ruleId\": \"assert-%s\", \"ruleIndex\": %u, \"level\": \"%s\", \"message\": "
			      "{\"text\": ",
			comma, words[l->held], fails ? 0u : 1u, fails ? "error" : "warning");
		quote_json(b, buf_print(b->arena, "%s: %s\n%s", r->side, l->text, l->why));
		buf_text(b, "}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
		quote_uri(b, r->file);
		buf_printf(b, "}, \"region\": {\"startLine\": %u}}}]}", l->line);
		comma = ",";
	}
	buf_text(b, "\n      ]\n    }\n  ]\n}\n");
}

const struct assert_format *assert_format_find(const char *name)
{
	static const struct assert_format formats[] = {
		{"text", print_text}, {"json", print_json}, {"junit", print_junit}, {"sarif", print_sarif}};

	for (size_t i = 0; i < countof(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}
