#ifndef TOOLS_ASSERTION_H
#define TOOLS_ASSERTION_H

/*
 * The language of `winnow assert`, a line an assertion (doc/assert.md):
 *
 *	line    := [ verdict call [ "on" where ] ] [ "#" anything ]
 *	verdict := "allow" | "deny" | "log" | "notify" | "kill" | "kill_thread" | "kill_process" |
 *	           "trap" | ( "errno" | "trace" ) [ "(" value ")" ]
 *	call    := syscall [ "(" [ arg { "," arg } ] ")" ]
 *	arg     := "*" | [ "==" | "!=" | "<" | "<=" | ">" | ">=" ] value | "&" value [ "==" value ]
 *	value   := term { "|" term }
 *	term    := number | constant, of errno() the name of an errno
 *	where   := "all" | ABI { "," ABI }
 */

#include "../compiler/action.h"
#include "../compiler/call.h"
#include "../compiler/policy.h"
#include "../compiler/source.h"

#define TERMS_MAX 16

/* A number or a name, which means something on an ABI only. */
struct term {
	const char *name; /* NULL: a number */
	uint64_t number;
};

struct value {
	struct term term[TERMS_MAX];
	size_t terms;
};

/* (argument & mask) OP value */
struct assertion_arg {
	bool any; /* there is no condition */
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
};

/* At least one. False: what is wrong was printed, with its places. */
bool assertion_read(
	struct arena *, const struct source *, struct assertion **assertions, size_t *count);

/* What the value is on an ABI. False: one of its names is not there. */
bool value_on(const struct value *, const struct abi *, uint64_t *number);

#endif
