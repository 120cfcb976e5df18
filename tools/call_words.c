/* Numbers and names of a call, as operands. */

#include "call_words.h"

#include "../compiler/misnomer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool call_number(const char *text, const struct abi *abi, uint64_t *value)
{
	char *end;

	errno = 0;
	bool negative = *text == '-';
	*value = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		return false;
	if (negative && *value && *value <= INT64_MAX)
		return false; /* strtoull() negates what is below the least, too */
	if (negative && abi->bits == 32)
		*value &= UINT32_MAX;
	return true;
}

int call_unknown(const struct verb *verb, const char *text, const struct abi *abi)
{
	const char *meant = misnomer_meant(abi, text, strlen(text));

	if (meant)
		return usage(verb, "%s has no syscall '%s'; did you mean '%s'?", abi->name, text,
			meant);
	return usage(verb, "%s has no syscall '%s'", abi->name, text);
}
