/*
 * Since when an ABI has a syscall.
 *
 * In: an ABI and a syscall's id. Out: a kernel version, or nothing where the sources are silent or
 * contradict each other; nothing is guessed. A row holds for every ABI that has the syscall; an
 * exception says that one numbering got it later, or that it is not known when.
 */

#include "since.h"
#include "ids.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static const struct since since[IDS] = {
#define SINCE(name, major, minor, patch, source) [ID_##name] = {major, minor, patch, false},
#define AFTER(name, major, minor, patch)         [ID_##name] = {major, minor, patch, true},
#include "since_rows.h"
};

static const struct exception {
	uint16_t id;
	uint8_t numbering;
	struct since since; /* major 0: not known */
} exceptions[] = {
#define SINCE_ON(numbering, name, major, minor, patch, source)                                     \
	{ID_##name, NUMBERING_##numbering, {major, minor, patch, false}},
#define UNKNOWN_ON(numbering, name) {ID_##name, NUMBERING_##numbering, {0, 0, 0, false}},
#include "since_rows.h"
};

/* Numberings of whose calls it is not known. */
static const bool undated[NUMBERINGS] = {
	[0] = false, /* and so are all that follow but */
#define UNDATED(numbering) [NUMBERING_##numbering] = true,
#include "since_rows.h"
};

/* The first exception of the id or a later one: the table is in the order of names, which ids have.
 */
static size_t find_exception(uint16_t id)
{
	size_t lo = 0, hi = countof(exceptions);

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		if (exceptions[middle].id < id)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

bool arch_since(const struct abi *abi, uint16_t id, struct since *found)
{
	uint32_t nr;

	*found = since[id];
	for (size_t i = find_exception(id); i < countof(exceptions) && exceptions[i].id == id;
		i++) {
		if (exceptions[i].numbering == abi->numbering)
			*found = exceptions[i].since;
	}
	return !undated[abi->numbering] && found->major && arch_nr(abi, id, &nr);
}
