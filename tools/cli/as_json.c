/* Words and parts of JSON that several verbs print. */

#include "as_json.h"

#include "quote.h"
#include "../lib/version.h"

#include "../../compiler/explain/words.h"
#include "../../compiler/kernel/action.h"

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

/* Or null. */
static void as_json_text(struct buf *b, const char *text)
{
	if (text)
		quote_json(b, text);
	else
		buf_text(b, "null");
}

void as_json_call(struct buf *b, const struct call *call)
{
	const struct abi *abi = arch_of_call(call->arch, call->nr);

	buf_text(b, "{\"abi\": ");
	as_json_text(b, abi ? abi->name : NULL);
	buf_printf(b, ", \"arch\": %" PRIu32 ", \"name\": ", call->arch);
	as_json_text(b, abi ? words_number(b->arena, abi, call->nr) : NULL);
	buf_printf(b, ", \"nr\": %" PRIu32 ", \"args\": [", call->nr);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		buf_printf(b, "%s\"0x%" PRIx64 "\"", i ? ", " : "", call->args[i]);
	buf_printf(b, "], \"ip\": \"0x%" PRIx64 "\"}", call->ip);
}

void as_json_verdict(struct buf *b, uint32_t ret)
{
	struct buf action;

	buf_init(&action, b->arena);
	action_print(&action, ret);
	buf_printf(b, "{\"action\": \"%s\", \"value\": %" PRIu32 "}", buf_string(&action), ret);
}
