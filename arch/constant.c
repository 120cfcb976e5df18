/*
 * Rows of tables/constants.tbl: a name and its value in every numbering. Most are alike everywhere;
 * the table says it once, and so does the row. They are sorted by name.
 */

#include "constant.h"

#include <assert.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

#define MISSING (-1)

enum { NAME_CAP = 44 }; /* beside two numbers, a multiple of 8 */

/* Rows that are not alike, by place in `apart`. */
enum {
#define ALIKE(name, value)
#define APART(name, ...) APART_##name,
#define COLUMN(...)
#include "tables/constants.tbl"
#undef ALIKE
#undef APART
};

static const int64_t apart[][NUMBERINGS] = {
#define ALIKE(name, value)
#define APART(name, ...) {__VA_ARGS__},
#include "tables/constants.tbl"
#undef ALIKE
#undef APART
};

/* Names in place, not pointers to them: the loader has nothing to relocate. */
static const struct {
	int64_t value; /* everywhere, if `apart` is -1 */
	int32_t apart;
	char name[NAME_CAP];
} rows[] = {
#define ALIKE(name, value) {value, -1, #name},
#define APART(name, ...) {0, APART_##name, #name},
#include "tables/constants.tbl"
#undef ALIKE
#undef APART
#undef COLUMN
};

/* Values by position: were they made for the numberings of today? */
#define ALIKE(name, value) static_assert(sizeof(#name) <= NAME_CAP, #name " fits");
#define APART(name, ...)                                                                           \
	static_assert(sizeof(#name) <= NAME_CAP, #name " fits");                                   \
	static_assert(countof(((int64_t[]){__VA_ARGS__})) == NUMBERINGS, #name " is complete");
#define COLUMN(index, name) static_assert(NUMBERING_##name == (index), "a column of " #name);
#include "tables/constants.tbl"
#undef ALIKE
#undef APART
#undef COLUMN

bool arch_constant_find(const char *name, size_t len, uint16_t *id)
{
	size_t first = 0, end = countof(rows);

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		int order = strncmp(rows[middle].name, name, len);
		if (order == 0 && strlen(rows[middle].name) == len) {
			*id = (uint16_t)middle;
			return true;
		}
		if (order < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return false;
}

size_t arch_constant_count(void)
{
	return countof(rows);
}

const char *arch_constant_name(uint16_t id)
{
	return rows[id].name;
}

bool arch_constant_value(const struct abi *abi, uint16_t id, uint64_t *value)
{
	int32_t own = rows[id].apart;
	int64_t found = own < 0 ? rows[id].value : apart[own][abi->numbering];

	*value = (uint64_t)found;
	if (found < 0 && abi->bits == 32)
		*value &= UINT32_MAX;
	return found != MISSING;
}
