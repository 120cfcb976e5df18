/*
 * SARIF 2.1.0 (OASIS), for code scanning services: all diagnostics are rules, in the table's order,
 * each finding a result with its line and, as relatedLocations, its notes. Columns are Unicode code
 * points, as columnKind says; a file's name is a relative URI. A file that could not be read makes the run one
 * that did not succeed: nothing found there is not nothing to find. The runtimes under which it is so, and the
 * architectures on which, are properties; none: it is so for all.
 */

#include "../cli/quote.h"
#include "report.h"
#include "../lib/version.h"

#include "../../compiler/say/catalogue.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* Characters that begin in the source's bytes from..to. */
static uint32_t characters(const struct source *s, uint32_t from, uint32_t to)
{
	uint32_t count = 0;

	for (; from < to; from++)
		count += ((unsigned char)s->bytes[from] & 0xc0) != 0x80;
	return count;
}

static void write_location(struct buf *b, const struct report_file *file,
	const struct source_index *index, const struct diag *d)
{
	buf_text(b, "\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
	quote_uri(b, file->path);
	buf_text(b, "}");
	if (d->at != NOWHERE) {
		assert(index->source);
		struct source_line line = source_line(index, d->at);
		buf_printf(b, ", \"region\": {\"startLine\": %u, \"startColumn\": %u}", line.number,
			characters(index->source, line.start, d->at) + 1);
	}
	buf_text(b, "}");
}

static void write_notes(struct buf *b, const struct report_file *file,
	const struct source_index *index, const struct diag *note)
{
	if (!note)
		return;
	buf_text(b, ", \"relatedLocations\": [");
	for (const char *comma = ""; note; note = note->note, comma = ", ") {
		buf_printf(b, "%s{", comma);
		write_location(b, file, index, note);
		buf_text(b, ", \"message\": {\"text\": ");
		quote_json(b, note->text);
		buf_text(b, "}}");
	}
	buf_text(b, "]");
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The word that a finding is about, if that is all that stands at its place: "opne", 'opne' or opne; NULL: it is not. */
static const char *word_there(struct arena *arena, const struct diag *d)
{
	size_t len = strlen(d->was), quotes = d->was[0] == '"' || d->was[0] == '\'';

	if (len < 1 + 2 * quotes || (quotes && d->was[len - 1] != d->was[0]))
		return NULL;
	for (size_t i = quotes; i < len - quotes; i++) {
		if (!in_word(d->was[i]))
			return NULL;
	}
	const char *word = arena_text(arena, d->was + quotes, len - 2 * quotes);
	return strstr(d->text, buf_print(arena, "'%s'", word)) ? word : NULL;
}

/*
 * Can another word be written where the finding is? Only where it stands as it is meant: not within what has quotes and
 * escapes of its own, a string that holds a profile, nor where it is not known to stand.
 */
static bool is_replaceable(struct arena *arena, const struct source *s, const struct diag *d)
{
	size_t len = strlen(d->was), end = d->at + len;

	if (d->at > s->len || len > s->len - d->at || memcmp(s->bytes + d->at, d->was, len) != 0 ||
		!word_there(arena, d))
		return false;
	return (!d->at || (s->bytes[d->at - 1] != '\\' && s->bytes[d->at - 1] != d->was[0] && !in_word(s->bytes[d->at - 1]))) &&
		(end == s->len || (s->bytes[end] != d->was[0] && !in_word(s->bytes[end])));
}

/* The word that is likely meant, quoted as that is which stands there. */
static void write_fix(struct buf *b, const struct report_file *file, const struct source_index *index,
	const struct diag *d)
{
	if (!d->meant || !index->source || !is_replaceable(b->arena, index->source, d))
		return;
	const uint32_t end = d->at + (uint32_t)strlen(d->was);
	const struct source_line line = source_line(index, d->at), last = source_line(index, end);
	const bool quoted = d->was[0] == '"' || d->was[0] == '\'';
	buf_text(b, ", \"fixes\": [{\"description\": {\"text\": ");
	quote_json(b, buf_print(b->arena, "write '%s'", d->meant));
	buf_text(b, "}, \"artifactChanges\": [{\"artifactLocation\": {\"uri\": ");
	quote_uri(b, file->path);
	buf_printf(b, "}, \"replacements\": [{\"deletedRegion\": {\"startLine\": %u, \"startColumn\": %u, \"endLine\": %u, "
		"\"endColumn\": %u}, \"insertedContent\": {\"text\": ",
		line.number, characters(index->source, line.start, d->at) + 1, last.number,
		characters(index->source, last.start, end) + 1);
	quote_json(b, quoted ? buf_print(b->arena, "%c%s%c", d->was[0], d->meant, d->was[0]) : d->meant);
	buf_text(b, "}}]}]}]");
}

static void write_result(struct buf *b, const struct report *r, const struct report_file *file,
	const struct source_index *index, const struct diag *d, size_t at)
{
	buf_printf(b,
		"\n        {\"ruleId\": \"%s\", \"ruleIndex\": %u, \"level\": \"%s\", \"message\": "
		"{\"text\": ",
		diag_kinds[d->id].code, (unsigned)d->id, severity_names[d->severity]);
	quote_json(b, d->text);
	buf_text(b, "}, \"locations\": [{");
	write_location(b, file, index, d);
	buf_text(b, "}]");
	write_notes(b, file, index, d->note);
	write_fix(b, file, index, d);
	buf_text(b, ", \"properties\": {");
	report_for(b, r, &file->findings, at);
	buf_text(b, "}}");
}

static void write_results(struct buf *b, const struct report *r)
{
	const char *comma = "";

	for (size_t i = 0; i < r->files; i++) {
		const struct diags *diags = &r->file[i].findings.diags;
		struct source_index index = {0};
		if (diags->source)
			source_index(&index, b->arena, diags->source);
		size_t n = 0;
		for (const struct diag *d = diags->first; d; d = d->next, comma = ",") {
			buf_text(b, comma);
			write_result(b, r, &r->file[i], &index, d, n++);
		}
	}
}

static void write_invocation(struct buf *b, const struct report *r)
{
	const char *comma = "";
	size_t unread = 0;

	for (size_t i = 0; i < r->files; i++)
		unread += !r->file[i].read;
	buf_printf(b, "{\"executionSuccessful\": %s, \"toolExecutionNotifications\": [", unread ? "false" : "true");
	for (size_t i = 0; i < r->files; i++) {
		if (r->file[i].read)
			continue;
		buf_printf(b, "%s\n        {\"level\": \"error\", \"message\": {\"text\": ", comma);
		quote_json(b, buf_print(b->arena, "%s: could not be read", r->file[i].path));
		buf_text(b, "}}");
		comma = ",";
	}
	buf_text(b, "]}");
}

/* Up to a full stop with a space behind it, so that "Linux 4.8" and "runc.c" end none. */
static const char *first_sentence(struct arena *arena, const char *about)
{
	const char *end = strstr(about, ". ");

	return end ? arena_text(arena, about, (size_t)(end + 1 - about)) : about;
}

/* What `winnow explain-code` says. */
static const char *help(struct arena *arena, enum diag_id id)
{
	struct buf text;

	buf_init(&text, arena);
	catalogue_print(&text, id);
	return buf_string(&text);
}

static void write_rules(struct buf *b)
{
	for (size_t i = 0; i < DIAG_IDS; i++) {
		const struct diag_kind *kind = &diag_kinds[i];
		buf_printf(b,
			"%s\n          {\"id\": \"%s\", \"name\": \"%s\", \"shortDescription\": "
			"{\"text\": ",
			i ? "," : "", kind->code, kind->slug);
		quote_json(b, first_sentence(b->arena, diag_about[i]));
		buf_text(b, "}, \"fullDescription\": {\"text\": ");
		quote_json(b, diag_about[i]);
		buf_text(b, "}, \"help\": {\"text\": ");
		quote_json(b, help(b->arena, (enum diag_id)i));
		buf_printf(b, "}, \"defaultConfiguration\": {\"level\": \"%s\"}}",
			severity_names[kind->severity]);
	}
}

void report_sarif(struct buf *b, const struct report *r)
{
	buf_text(b,
		"{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
		"  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n"
		"      \"columnKind\": \"unicodeCodePoints\",\n"
		"      \"tool\": {\"driver\": {\"name\": \"winnow\", ");
	buf_printf(b, "\"version\": \"%s\", \"rules\": [", WINNOW_VERSION);
	write_rules(b);
	buf_text(b, "\n        ]}},\n      \"invocations\": [");
	write_invocation(b, r);
	buf_text(b, "],\n      \"results\": [");
	write_results(b, r);
	buf_text(b, "\n      ]\n    }\n  ]\n}\n");
}
