#ifndef TESTS_LIB_ARGUMENT_SETS_H
#define TESTS_LIB_ARGUMENT_SETS_H

/*
 * Random profiles whose rules ask for arguments, by what they ask: for the size of what is made of them, beside
 * what others make. One action, x86_64 and whatever else is listed, syscalls that every table of x86_64 has.
 */

#include "compiler/base/buf.h"
#include "compiler/meaning/policy.h"
#include "random.h"

struct argument_class {
	const char *name;
	uint16_t syscalls; /* with rules, at most */
	uint16_t rules;    /* of each, at most */
	uint8_t conds_min, conds_max; /* of each rule */
	unsigned kinds;    /* bits of what a condition may ask, of which each syscall has one or a mixture */
	bool alike;        /* a syscall's rules ask the same arguments */
};

extern const struct argument_class argument_classes[];
extern const size_t argument_class_count;

/* The JSON text of one, with these architectures (`"SCMP_ARCH_X86_64"`): as many syscalls as the class has; or, if not 0, so many that they have `conds` conditions. */
void argument_set(struct buf *, struct random *, const struct argument_class *, const char *architectures, size_t conds);

/* A call that holds what one of the policy's clauses asks, or nearly. */
struct call argument_call(struct random *, const struct policy *);

#endif
