/* Lists and versions as options have them. */

#include "node_words.h"

#include "../../compiler/kernel/caps.h"

#include <string.h>

bool next_word(const char **list, const char **word, size_t *len)
{
	if (!*list)
		return false;
	*word = *list;
	const char *comma = strchr(*list, ',');
	*len = comma ? (size_t)(comma - *list) : strlen(*list);
	*list = comma ? comma + 1 : NULL;
	return true;
}

static bool is_word(const char *word, size_t len, const char *known)
{
	return strlen(known) == len && memcmp(word, known, len) == 0;
}

bool words_caps(const char *text, uint64_t *caps, const char **word, size_t *len)
{
	const char *list = text;
	unsigned cap;

	while (next_word(&list, word, len)) {
		if (is_word(*word, *len, "none"))
			continue;
		if (is_word(*word, *len, "all"))
			*caps = CAPS_ALL;
		else if (caps_find_loosely(*word, *len, &cap))
			*caps |= (uint64_t)1 << cap;
		else if (*len || text[0])
			return false;
	}
	return true;
}

static bool read_version(const char **at, unsigned *number)
{
	const char *first = *at;

	for (*number = 0; **at >= '0' && **at <= '9' && *number <= 255; ++*at)
		*number = *number * 10 + (unsigned)(**at - '0');
	return *at > first && *number <= 255;
}

/*
 * "6.1", and what uname -r prints: "6.1.0-13-amd64", "3.12foobar". The first two numbers count, as for
 * Docker (moby/profiles seccomp/kernel_linux.go parseRelease).
 */
bool words_kernel(const char *text, struct kernel_version *k, const char **rest)
{
	const char *at = text;

	k->present = read_version(&at, &k->major) && *at++ == '.' && read_version(&at, &k->minor) &&
		!(*at >= '0' && *at <= '9');
	*rest = at;
	return k->present;
}

const char *words_abis(struct arena *arena, const struct policy *policy)
{
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < policy->abis; i++)
		buf_printf(&b, "%s%s", i ? " " : "", policy->abi[i]->name);
	return buf_string(&b);
}
