/* Words and parts of JSON that several verbs print. */

#include "as_json.h"

#include "../lib/version.h"

#include <inttypes.h>
#include <string.h>

int as_json_wanted(const struct parsed *p, bool *json)
{
	const char *format = p->value[OPT_FORMAT] ? p->value[OPT_FORMAT] : "text";

	*json = strcmp(format, "json") == 0;
	if (*json || strcmp(format, "text") == 0)
		return EXIT_DONE;
	return usage(p->verb, "unknown format '%s'; one of text, json", format);
}

void as_json_begin(struct buf *b, const char *verb)
{
	buf_printf(b, "{\"version\": %d, \"tool\": {\"name\": \"winnow\", \"version\": \"%s\"}, \"verb\": \"%s\"",
		AS_JSON_VERSION, WINNOW_VERSION, verb);
}

void as_json_place(struct buf *b, const struct source *source, uint32_t at)
{
	uint32_t line, column;

	if (at == NOWHERE) {
		buf_text(b, "null");
		return;
	}
	source_place(source, at, &line, &column);
	buf_printf(b, "{\"line\": %" PRIu32 ", \"column\": %" PRIu32 "}", line, column);
}
