#ifndef TOOLS_CLI_CALL_WORDS_H
#define TOOLS_CLI_CALL_WORDS_H

/* A call as people type it: a name or a number, and arguments. */

#include "options.h"

#include "../../compiler/kernel/call.h"

#include <stdint.h>

/*
 * Words for arguments, as the ABI's registers hold them: values as in terms.h, negative ones as
 * wide as the ABI's long; or "a0=HEX", as audit records have them. Those not given are 0. What may
 * be meant otherwise is told on stderr unless `quiet`. Returns EXIT_DONE or EXIT_USAGE, the message
 * printed.
 */
int call_args(const struct verb *, char *const *words, size_t count, const struct abi *, bool quiet,
	uint64_t args[CALL_ARGS]);

/*
 * A syscall's number, -1 being UINT32_MAX; or a call of another ABI's table by its name, as verdicts
 * have it ("mips:getpid", words_number()). False: the word is none.
 */
bool call_nr(const char *word, const struct abi *, uint32_t *nr);

/*
 * The ABI whose number it is: another than `abi` where two share an audit arch and divide its numbers (x32's have
 * bit 30), which is told on stderr unless `quiet`. -1 is every ABI's.
 */
const struct abi *call_abi(const char *word, const struct abi *abi, uint32_t nr, bool quiet);

/* "x86_64 has no syscall 'opne'; did you mean 'open'?" returns EXIT_USAGE. */
int call_unknown(const struct verb *, const char *text, const struct abi *);

#endif
