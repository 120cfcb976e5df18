#ifndef COMPILER_EXPLAIN_WORDS_H
#define COMPILER_EXPLAIN_WORDS_H

/* Actions and conditions as people say them. */

#include "../meaning/policy.h"
#include "../profile/profile.h"

/* What becomes of the call: "allowed", "refused with EPERM". The ABI (or NULL) names the errno. */
void words_action(struct buf *, uint32_t ret, const struct abi *);

/*
 * Whether the kernel writes a record of a call so answered, as a sentence of its own line; nothing of one
 * that is allowed (kernel: kernel/seccomp.c seccomp_log()). `is_there`: it did, of this very call.
 */
void words_record(struct buf *, uint32_t ret, const struct profile *, bool is_there);

/* "socket"; "mips:socket" for a number of another ABI's table (arch_foreign()). NULL: no name. */
const char *words_number(struct arena *, const struct abi *, uint32_t nr);

/* A value: small ones in decimal, others in hexadecimal. */
void words_value(struct buf *, uint64_t value);

/* "argument 0 is 5", "argument 0 & 0x7e020000 is 0"; the widths of its ABI are in the mask. */
void words_cond(struct buf *, const struct cond *, const struct abi *);

/* The same of a condition as the profile has it, without the argument: "at least 5". */
void words_wanted(struct buf *, const struct profile_cond *);

#endif
