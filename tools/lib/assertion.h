#ifndef TOOLS_LIB_ASSERTION_H
#define TOOLS_LIB_ASSERTION_H

/*
 * The language of `winnow assert`, a line an assertion (doc/assert.md):
 *
 *	line    := [ verdict call [ "on" where ] ] [ "#" anything ]
 *	verdict := "allow" | "deny" | "log" | "notify" | "kill" | "kill_thread" | "kill_process" |
 *	           "trap" | ( "errno" | "trace" ) [ "(" value ")" ]
 *	call    := syscall [ "(" [ arg { "," arg } ] ")" ]
 *	arg     := "*" | [ "==" | "!=" | "<" | "<=" | ">" | ">=" ] value | "&" value [ "==" value ]
 *	value   := as in terms.h, of errno() with names of errnos
 *	where   := "all" | ABI { "," ABI }
 */

#include "../../compiler/kernel/action.h"
#include "../../compiler/kernel/call.h"
#include "../../compiler/meaning/policy.h"
#include "../../compiler/say/source.h"
#include "terms.h"

/* (argument & mask) OP value */
struct assertion_arg {
	const char *at; /* where it is written */
	bool any;       /* there is no condition */
	enum cond_op op;
	bool masked;
	struct value mask, value;
};

enum claim {
	CLAIM_ALLOW, /* made, logged or not */
	CLAIM_DENY,  /* never made, and nobody else is asked */
	CLAIM_KILL,  /* the thread or the process */
	CLAIM_ACTION,
};

struct assertion {
	enum claim claim;
	enum action action; /* of CLAIM_ACTION */
	bool has_data;      /* the action's data counts as well */
	struct value data;
	uint16_t syscall;
	struct assertion_arg arg[CALL_ARGS];
	size_t args;
	bool everywhere; /* on all */
	const struct abi **abi;
	size_t abis; /* 0 and not everywhere: on those the filter is for */
	uint32_t line;
	const char *text; /* as it was written, without comment */
	size_t start;     /* where that is in the source */
};

#define ASSERTIONS_MAX ((size_t)256 << 10) /* bytes of a file */

/* Who is told what is wrong with a text of assertions, a place at a time. */
struct assertion_ear {
	void (*tell)(void *context, const struct source *, uint32_t line, uint32_t column, const char *text);
	void *context;
};

/* At least one. False: what is wrong was told, with its places. */
bool assertion_read(struct arena *, const struct source *, const struct assertion_ear *,
	struct assertion **assertions, size_t *count);

/*
 * The calls of an option's value, "CALL[,CALL...]" or, with `errnos`, "CALL=ERRNO[,...]", each an assertion of that
 * claim and action. At least one. False: what is wrong was told, with its place.
 */
bool assertion_calls(struct arena *, const struct source *, const struct assertion_ear *, const struct assertion *like,
	bool errnos, struct assertion **assertions, size_t *count);

/*
 * Does every word of it mean something on the ABI, and is there an argument like each of those it
 * speaks of? False: what is wrong was told, with its place.
 */
bool assertion_fits(
	const struct assertion *, const struct abi *, const struct source *, const struct assertion_ear *);

/*
 * The condition on an argument that has one, of an assertion that fits: on what the kernel takes of
 * it, where the ABI has it.
 */
struct cond assertion_cond(const struct assertion *, const struct abi *, unsigned arg);

/* The number in errno() or trace(), of an assertion that fits; 0 without. */
uint16_t assertion_data(const struct assertion *, const struct abi *);

/* What is wrong at that byte. */
void assertion_error(const struct source *, const struct assertion_ear *, size_t at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

#endif
