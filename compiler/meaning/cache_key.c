/* A digest to a name that no syscall has, and such names told from misspelt ones. */

#include "cache_key.h"

#include <stdio.h>

static const char prefix[] = "winnow-";

void cache_key_name(char name[static CACHE_KEY_SIZE], const uint8_t digest[static CACHE_KEY_BYTES])
{
	char *at = name + sizeof(prefix) - 1;

	memcpy(name, prefix, sizeof(prefix));
	for (size_t i = 0; i < CACHE_KEY_BYTES; i++, at += 2)
		snprintf(at, 3, "%02x", digest[i]);
}

bool cache_key_is(const struct profile_rule *rule)
{
	if (rule->names.count != 1 || rule->names.text[0].len != CACHE_KEY_SIZE - 1)
		return false;
	const char *name = rule->names.text[0].s;
	return memcmp(name, prefix, sizeof(prefix) - 1) == 0 &&
		strspn(name + sizeof(prefix) - 1, "0123456789abcdef") == 2 * CACHE_KEY_BYTES;
}
