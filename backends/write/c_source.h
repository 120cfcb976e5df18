#ifndef BACKENDS_WRITE_C_SOURCE_H
#define BACKENDS_WRITE_C_SOURCE_H

/* Filters as C, the instructions a table of numbers. */

#include "format_facts.h"

#include "../../compiler/base/buf.h"

/* One filter, for those who know what they compile for. */
void c_source_write(struct buf *, const struct format_facts *, size_t filters);

/*
 * A header: the filter of the ABI that is compiled for, its length, and a struct sock_fprog around it. The
 * compiler says which (abi.h predefined); for one that no filter is for, it stops. Of filters that cover
 * one ABI the first is taken, and before it the one that is that ABI's own.
 */
void c_source_write_header(struct buf *, const struct format_facts *, size_t filters);

#endif
