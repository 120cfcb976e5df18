#ifndef ARCH_IDS_H
#define ARCH_IDS_H

/* Rows by name, for tables that name them in the source: syscalls as arch_syscall_find() does, and ABIs of arch_abis. */

enum {
#define S(name, ...) ID_##name,
#include "tables/syscalls.tbl"
#undef S
	IDS
};

enum {
#define ABI(name, ...) ABI_##name,
#define HEADERS(...)
#include "tables/abis.tbl"
#undef ABI
#undef HEADERS
	ABIS
};

#endif
