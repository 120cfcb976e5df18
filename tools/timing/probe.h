#ifndef TOOLS_TIMING_PROBE_H
#define TOOLS_TIMING_PROBE_H

/* Which calls to time a filter with: cheap, harmless even if made, one kind of answer each. */

#include "../../arch/arch.h"
#include "../../backends/bpf/bpf.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/kernel/call.h"

#include <stdbool.h>

enum probe_class {
	PROBE_CACHED, /* allowed whatever the arguments: kernels from 5.11 on do not run the filter
		       */
	PROBE_ARGUED, /* allowed for its arguments, or in a way those kernels do not see through */
	PROBE_DENIED, /* answered with an errno */
	PROBE_CLASSES
};

#define PROBES_MAX 6

struct probe {
	enum probe_class class;
	const char *name; /* of the syscall; NULL: a number that has none */
	uint8_t shown;    /* arguments worth printing */
	struct call call;
};

/* "cached allow" */
extern const char *const probe_class_names[PROBE_CLASSES];

/* What a filter makes of the call: its class; false if it is of none (killed, trapped, traced). */
bool probe_class_of(
	const struct program *, enum byte_order, const struct call *, enum probe_class *);

/*
 * Calls of this ABI for each class, those that serve most of the programs first; two of a class at
 * most. Returns how many were found.
 */
size_t probe_choose(const struct abi *, const struct program *, size_t programs,
	struct probe probe[static PROBES_MAX]);

/* All such calls that the ABI has, whatever becomes of them; `class` is not set. */
#define PROBE_LIST_MAX 48
size_t probe_list(const struct abi *, struct probe probe[static PROBE_LIST_MAX]);

/* "socket(0x3e8, 0, 0)" */
void probe_print(struct buf *, const struct probe *);

#endif
