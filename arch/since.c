/*
 * Since when an ABI has a syscall.
 *
 * In: an ABI and a syscall's id. Out: a kernel version, or nothing where the sources are silent or
 * contradict each other; nothing is guessed. A row holds for every ABI that has the syscall; an
 * exception says that one numbering got it later, or that it is not known when.
 */

#include "since.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* An id is a row of syscalls.tbl. */
enum {
#define S(name, ...) ID_##name,
#include "tables/syscalls.tbl"
#undef S
	IDS
};

static const struct since since[IDS] = {
#define SINCE(name, major, minor, patch) [ID_##name] = {major, minor, patch},
#define UNKNOWN(name)
#define SINCE_ON(numbering, name, major, minor, patch)
#define UNKNOWN_ON(numbering, name)
#include "tables/since.tbl"
#undef SINCE
#undef UNKNOWN
#undef SINCE_ON
#undef UNKNOWN_ON
};

static const struct exception {
	uint16_t id;
	uint8_t numbering;
	struct since since; /* major 0: not known */
} exceptions[] = {
#define SINCE(name, major, minor, patch)
#define UNKNOWN(name)
#define SINCE_ON(numbering, name, major, minor, patch)                                             \
	{ID_##name, NUMBERING_##numbering, {major, minor, patch}},
#define UNKNOWN_ON(numbering, name) {ID_##name, NUMBERING_##numbering, {0, 0, 0}},
#include "tables/since.tbl"
#undef SINCE
#undef UNKNOWN
#undef SINCE_ON
#undef UNKNOWN_ON
};

bool arch_since(const struct abi *abi, uint16_t id, struct since *found)
{
	uint32_t nr;

	*found = since[id];
	for (size_t i = 0; i < countof(exceptions); i++) {
		if (exceptions[i].id == id && exceptions[i].numbering == abi->numbering)
			*found = exceptions[i].since;
	}
	return found->major && arch_nr(abi, id, &nr);
}
