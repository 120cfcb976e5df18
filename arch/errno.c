/*
 * What errno names mean on an ABI.
 *
 * In: a name and an ABI, or a number and an ABI. Out: the number, or the name people know it by.
 *
 * Five numberings serve all ABIs (kernel: include/uapi/asm-generic errno-base.h and errno.h, and
 * arch/{alpha,mips,parisc,powerpc}/include/uapi/asm/errno.h; PowerPC differs in EDEADLOCK alone). An ABI
 * says in its descriptor which one it has. Rows are few and their order tells primary names from
 * aliases, so every search walks them from the top.
 */

#include "errno.h"

#include "tables/columns.h"

#include <assert.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

enum { NAME_CAP = 16 };

/* The name in place, not a pointer to it: the loader has nothing to relocate. */
struct errno_row {
	char name[NAME_CAP];
	uint16_t value[ERRNO_NUMBERINGS]; /* 0: not there */
};

static const struct errno_row rows[] = {
#define E(errno_name, ...)                                                                         \
	{.name = #errno_name,                                                                      \
		.value = {[ERRNO_GENERIC] = ERRNO_COLUMN_generic(__VA_ARGS__),                     \
			[ERRNO_MIPS] = ERRNO_COLUMN_mips(__VA_ARGS__),                             \
			[ERRNO_PARISC] = ERRNO_COLUMN_parisc(__VA_ARGS__),                         \
			[ERRNO_POWERPC] = ERRNO_COLUMN_powerpc(__VA_ARGS__),                       \
			[ERRNO_ALPHA] = ERRNO_COLUMN_alpha(__VA_ARGS__)}},
#include "tables/errno.tbl"
#undef E
};

/* kernel: include/linux/err.h MAX_ERRNO */
#define E(name, ...)                                                                               \
	static_assert(sizeof(#name) <= NAME_CAP, #name " fits");                                   \
	static_assert(ERRNO_COLUMN_generic(__VA_ARGS__) <= 4095, #name " is an errno");            \
	static_assert(ERRNO_COLUMN_mips(__VA_ARGS__) <= 4095, #name " is an errno");               \
	static_assert(ERRNO_COLUMN_parisc(__VA_ARGS__) <= 4095, #name " is an errno");             \
	static_assert(ERRNO_COLUMN_powerpc(__VA_ARGS__) <= 4095, #name " is an errno");            \
	static_assert(ERRNO_COLUMN_alpha(__VA_ARGS__) <= 4095, #name " is an errno");              \
	static_assert(countof(((uint16_t[]){__VA_ARGS__})) == ERRNO_NUMBERINGS, #name " is complete");
#include "tables/errno.tbl"
#undef E

bool arch_errno_find(const struct abi *abi, const char *name, size_t len, uint16_t *value)
{
	if (!len || len >= NAME_CAP || !name[len - 1]) /* rows are padded with zeros */
		return false;
	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].name[len] || memcmp(rows[i].name, name, len) != 0)
			continue;
		*value = rows[i].value[abi->errnos];
		return *value != 0;
	}
	return false;
}

const char *arch_errno_name(const struct abi *abi, uint16_t value)
{
	for (size_t i = 0; value && i < countof(rows); i++)
		if (rows[i].value[abi->errnos] == value)
			return rows[i].name;
	return NULL;
}

size_t arch_errno_count(void)
{
	return countof(rows);
}

const char *arch_errno_word(size_t index)
{
	return rows[index].name;
}
