#ifndef TOOLS_PACK_USTAR_H
#define TOOLS_PACK_USTAR_H

/*
 * The tar archives winnow writes and reads: POSIX ustar (pax(1), "ustar Interchange Format"), plain
 * files alone, and of all the headers that would describe a member exactly one. So an archive of
 * the same members always has the same bytes, and one that reads at all holds nothing besides them.
 *
 * Three hundred lines of our own instead of libarchive: what it is good at, taking every archive
 * there is, is here unwanted, and a static program that writes ustar with it
 * has 34.9 MB against all of winnow's 1.4.
 */

#include "../../compiler/base/arena.h"
#include "../../compiler/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define USTAR_MEMBER_MAX ((size_t)16 << 20) /* bytes of a member */

struct member {
	const char *name;  /* ustar_name_ok() */
	const char *bytes; /* may be NULL if len is 0 */
	size_t len;        /* <= USTAR_MEMBER_MAX */
};

/*
 * A relative path of letters, digits, "._-" and slashes, no part of which is empty or starts with
 * a dot, that fits a header.
 */
bool ustar_name_ok(const char *name);

/* The members, which are sorted by name (strcmp) and none twice. */
void ustar_write(struct buf *, const struct member *, size_t members);

/*
 * The members of an archive, sorted; their bytes stay in it. NULL: it is not one that ustar_write()
 * writes, and *why, in the arena, says what is wrong and where.
 */
const struct member *ustar_read(struct arena *, const char *bytes, size_t len, size_t *members,
	const char **why);

#endif
