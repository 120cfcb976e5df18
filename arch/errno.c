/*
 * Three numberings serve all ABIs: the generic one, MIPS and PA-RISC (kernel: include/uapi/asm-generic
 * errno-base.h and errno.h, arch/mips and arch/parisc include/uapi/asm/errno.h). Which one an ABI has
 * shows in its ENOSYS.
 */

#include "errno.h"

#include <string.h>

struct errno_row {
	const char *name;
	uint16_t generic, mips, parisc; /* 0: not there */
};

static const struct errno_row rows[] = {
#define E(name, generic, mips, parisc) {#name, generic, mips, parisc},
#include "tables/errno.tbl"
#undef E
};

static const size_t row_count = sizeof(rows) / sizeof(rows[0]);

static uint16_t value_on(const struct abi *abi, const struct errno_row *row)
{
	switch (abi->enosys) {
	case 89:
		return row->mips;
	case 251:
		return row->parisc;
	default:
		return row->generic;
	}
}

bool arch_errno_find(const struct abi *abi, const char *name, size_t len, uint16_t *value)
{
	for (size_t i = 0; i < row_count; i++) {
		if (strlen(rows[i].name) != len || memcmp(rows[i].name, name, len) != 0)
			continue;
		*value = value_on(abi, &rows[i]);
		return *value != 0;
	}
	return false;
}

const char *arch_errno_name(const struct abi *abi, uint16_t value)
{
	for (size_t i = 0; value && i < row_count; i++) {
		if (value_on(abi, &rows[i]) == value)
			return rows[i].name;
	}
	return NULL;
}
