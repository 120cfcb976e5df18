#ifndef TOOLS_VERBS_JUDGE_H
#define TOOLS_VERBS_JUDGE_H

/*
 * Recorded calls put to profiles, one or two. Calls alike are one group: of one ABI and number, with the
 * same arguments as far as rules look at them, that came to the same.
 */

#include "../evidence/event.h"

#include "../../compiler/base/arena.h"
#include "../../compiler/meaning/partial_call.h"

#define JUDGE_MAX    2    /* profiles */
#define JUDGE_VALUES 24   /* groups of one number, beyond which other values are one group */
#define JUDGE_GROUPS 4096 /* of all */
#define JUDGE_LINE   240  /* bytes of a line that are kept */

/* What a profile answers; not decided: the evidence does not say enough. */
struct verdict {
	bool decided;
	uint32_t ret;
};

struct group {
	struct group *next, *chain; /* in order of appearance; in a bucket */
	const struct abi *abi;      /* NULL: not known, or it has no such call */
	bool has_nr, has_id, others; /* others: of further values */
	bool no_args;               /* the evidence has none */
	bool by_name;               /* nor its number: it may have been made through a multiplexer */
	uint32_t nr;
	uint16_t id;
	struct seen seen;           /* as far as rules look at them */
	struct seen shown;          /* of the first, whole */
	enum event_answer answer;
	bool has_error;
	uint16_t error;
	struct verdict verdict[JUDGE_MAX];
	double count;
	const char *path;           /* of the first */
	uint64_t at;
	char line[JUDGE_LINE];      /* "" if it is not to be shown */
	char error_word[32];        /* of ANSWER_ERROR, as written */
	char comm[32];
};

/* What is known of a syscall on an ABI. */
struct number {
	bool filled;
	bool has_nr, has_door; /* a number of its own; a multiplexer, by which it may have been made, too */
	uint32_t nr, door, code;
	bool plain;            /* no argument matters */
	struct verdict verdict[JUDGE_MAX]; /* then */
	uint64_t looked[CALL_ARGS]; /* bits that rules look at */
	size_t groups;
};

struct judge {
	struct arena *arena;
	const struct policy *policy[JUDGE_MAX];
	size_t policies;
	struct number **number; /* by ABI; NULL: none was seen; then by syscall */
	struct number odd;      /* of the last event that is not in those */
	struct group *bucket[1024], *first, **tail;
	size_t groups;
	double beyond;          /* calls of groups that are not kept */
	double calls;
};

void judge_init(struct judge *, struct arena *);

/* The verdicts on an event; of each profile one. */
void judge_event(struct judge *, const struct event *, struct verdict[JUDGE_MAX]);

/* Do both profiles say the same of that syscall, whatever the arguments? */
bool judge_alike(struct judge *, const struct event *);

/* Is every further call of that syscall answered alike, whatever its arguments, and let be made? */
bool judge_is_plain(struct judge *, const struct event *);

/* Add an event to its group, which is made. NULL: there are too many. */
struct group *judge_group(struct judge *, const struct event *, const struct verdict[JUDGE_MAX]);

/* Is that what the profile would have come to? A call that is allowed may fail with anything. */
bool judge_agrees(const struct verdict *, enum event_answer, bool has_error, uint16_t error);

/* Does it let the call be made? Not if a tracer or a listener decides. */
bool judge_lets(const struct verdict *);

#endif
