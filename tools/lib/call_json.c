#include "call_json.h"

#include "../../arch/arch.h"
#include "../../compiler/base/buf_json.h"
#include "../../compiler/explain/words.h"
#include "../../compiler/kernel/action.h"

#include <inttypes.h>
#include <string.h>

/* Or null. */
static void json_text_or_null(struct buf *b, const char *text)
{
	if (text)
		buf_json(b, text, strlen(text));
	else
		buf_text(b, "null");
}

void call_json(struct buf *b, const struct call *call)
{
	const struct abi *abi = arch_of_call(call->arch, call->nr);

	buf_text(b, "{\"abi\": ");
	json_text_or_null(b, abi ? abi->name : NULL);
	buf_printf(b, ", \"arch\": %" PRIu32 ", \"name\": ", call->arch);
	json_text_or_null(b, abi ? words_number(b->arena, abi, call->nr) : NULL);
	buf_printf(b, ", \"nr\": %" PRIu32 ", \"args\": [", call->nr);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		buf_printf(b, "%s\"0x%" PRIx64 "\"", i ? ", " : "", call->args[i]);
	buf_printf(b, "], \"ip\": \"0x%" PRIx64 "\"}", call->ip);
}

void verdict_json(struct buf *b, uint32_t ret)
{
	struct buf action;

	buf_init(&action, b->arena);
	action_print(&action, ret);
	buf_printf(b, "{\"action\": \"%s\", \"value\": %" PRIu32 "}", buf_string(&action), ret);
}
