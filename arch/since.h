#ifndef ARCH_SINCE_H
#define ARCH_SINCE_H

/*
 * The kernel that first had a syscall, ABI by ABI, as far as that is known; tables/since.tbl says
 * from where. Exact from Linux 5.1 on, when ABIs began to get calls together. Before that it is the
 * kernel that first had the call on any ABI: others may have got it later, an ABI younger than the
 * call has always had it.
 */

#include "arch.h"

struct since {
	uint8_t major, minor, patch; /* patch: of 2.6.x and before */
	bool after;                  /* a kernel after that one, it is not known which */
};

/* False: the ABI has no such syscall, or since when is not known. */
bool arch_since(const struct abi *, uint16_t id, struct since *);

static inline bool since_is_later(struct since a, struct since b)
{
	if (a.major != b.major)
		return a.major > b.major;
	if (a.minor != b.minor)
		return a.minor > b.minor;
	return a.patch != b.patch ? a.patch > b.patch : a.after && !b.after;
}

/* For "since Linux 5.3", "after Linux 6.19". */
static inline const char *since_word(struct since since)
{
	return since.after ? "after" : "since";
}

#endif
