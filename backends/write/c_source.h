#ifndef BACKENDS_WRITE_C_SOURCE_H
#define BACKENDS_WRITE_C_SOURCE_H

/* Filters as C, the instructions a table of numbers. */

#include "format_facts.h"

#include "../../compiler/base/buf.h"

/* One filter, for those who know what they compile for. */
void c_source_write(struct buf *, const struct format_facts *, size_t filters);

/*
 * A header: of the filters that of the ABI that is compiled for, NAME_filter, its length and a struct sock_fprog
 * around it. What is compiled for says which (abi.h predefined): an ABI's programs take the filter of such a
 * machine, and no other's that covers it, too; for one that no filter is for, the compiler stops.
 */
void c_source_write_header(struct buf *, const struct format_facts *, size_t filters);

#endif
