#ifndef TOOLS_VERBS_RECORDING_H
#define TOOLS_VERBS_RECORDING_H

/*
 * What recordings come to by syscall: how often, where first, with which values of the arguments that say what
 * is asked (record_args.tbl). Memory does not grow with the recordings.
 */

#include "../evidence/evidence.h"

#define RECORDING_USES 16 /* different uses of a syscall, beyond which it is taken whole */

enum recording_level { RECORD_NONE, RECORD_FLAGS, RECORD_ALL };

/* An argument that is looked at. */
struct recording_arg {
	char syscall[24]; /* in place, so that the loader has nothing to relocate */
	uint8_t arg;
	bool flags; /* bits that may be set; false: one value */
	enum recording_level from;
};

/* Calls alike but for flags: of each value the kernel takes; of flags all that were set in any. */
struct use {
	uint64_t value[CALL_ARGS];
	double count;
	const char *path;
	uint64_t at;
};

/* Why a syscall is taken whole. */
enum recording_whole {
	WHOLE_NOT,
	WHOLE_UNASKED, /* nothing of it is looked at */
	WHOLE_UNSAID,  /* a recording does not have the argument, or not all of it */
	WHOLE_MANY,    /* too many uses */
	WHOLE_UNSEEN,  /* no filter sees it: it may be made through socketcall(2) or ipc(2) */
};

struct recorded {
	double count, refused; /* refused: by a filter, when it was recorded */
	const char *path;      /* the first; NULL: never */
	uint64_t at;
	enum recording_whole whole;
	const struct recording_arg *const *arg; /* looked at, in order */
	size_t args;
	struct use *use;
	size_t uses;
};

struct recording {
	struct evidence evidence;
	const struct abi *native;
	struct recorded *call; /* by syscall id */
	bool *abi;             /* by index of arch_abis: the native one, and those of which calls were seen */
	double calls;
	double nameless, foreign; /* left out: numbers without a name; ABIs of other machines */
	const char *nameless_path;
	uint64_t nameless_at;
};

void recording_init(struct recording *, struct arena *, const struct abi *native, enum recording_level);

/* Bits of the argument that a rule compares: what the kernel takes of a value, the low half of flags. */
uint64_t recording_bits(const struct abi *, uint16_t id, const struct recording_arg *);

#endif
