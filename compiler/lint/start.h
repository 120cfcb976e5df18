#ifndef COMPILER_LINT_START_H
#define COMPILER_LINT_START_H

/*
 * What container runtimes call under the filter before the program is there, as measured under real ones
 * (start.tbl, made by tools/maintain/gen-start on x86_64), and what a policy does to their starts.
 */

#include "syscall_outcome.h"

#include "../logic/bdd.h"

enum start_outcome { START_STARTS, START_SOME, START_FAILS };

struct start_engine {
	const char *name, *version, *release, *abi; /* of the node it was measured on */
};

struct start_call {
	uint8_t engine;
	bool no_new_privs;
	char name[21]; /* in place, as `unless`, so that the loader has nothing to relocate */
	bool each;     /* every start makes it */
	uint8_t eperm, enosys, killed; /* enum start_outcome: refused alone in that way */
	char unless[12]; /* what does its work where it is refused, spaces between; "": nothing */
};

size_t start_engines(void);
const struct start_engine *start_engine(size_t);

/*
 * Does the engine start containers for who reads so? The author's profile may come to any. `version` is the
 * engine's, "1.3" being any of it; NULL: any.
 */
bool start_serves(const struct start_engine *, const struct dialect *, const char *version);

/* The calls in the order in which one start made them; ended by an empty name. */
const struct start_call *start_calls(void);

/* The runtime's last words, to EPERM or to ENOSYS; NULL: there are none. Of a call of start_calls(). */
const char *start_said(const struct start_call *, bool enosys);

/* What that answer to a call does; *enosys: it is as good as that. */
enum start_outcome start_outcome(
	const struct lint *, const struct start_call *, uint32_t ret, bool *enosys);

/* What refusals of the policy do to a call. */
struct start_verdict {
	enum start_outcome outcome;
	bool enosys;  /* it is answered so */
	bool decided; /* false: the question was too large, and the outcome is SOME */
};

/*
 * Exact, over all arguments that the measured starts left open: SOME where arguments decide of which some starts
 * have other ones, or where starts differ.
 */
struct start_verdict start_verdict(const struct lint *, struct bdd *, const struct start_call *);

#endif
