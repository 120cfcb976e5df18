#ifndef COMPILER_PROFILE_NODE_FACTS_H
#define COMPILER_PROFILE_NODE_FACTS_H

/* What is known of the node that a profile is read for. */

#include "../../arch/arch.h"
#include "dialect.h"
#include "libseccomp.h"
#include "profile.h"

#include <stdbool.h>
#include <stdint.h>

/* What Docker's conditions are decided for; never taken from the host winnow runs on. */
struct node_facts {
	const struct abi *native;      /* the ABI of the node's own programs */
	uint64_t caps;                 /* bounding set, bit n is capability n */
	struct kernel_version kernel;  /* not present: that of the syscall tables, with a note */
	const struct dialect *dialect; /* whose reading; NULL: its author's */
	const struct libseccomp *libseccomp; /* what the runtime links; NULL: one that knows all names */
	enum enosys enosys;
	bool complain; /* what the default action refuses is logged and made instead */
	bool narrow; /* conditions look at no more of an argument than the kernel does */
	bool without_key; /* JSON is written without a cache key (meaning/cache_key.h) */
};

static inline const struct dialect *node_dialect(const struct node_facts *node)
{
	return node->dialect ? node->dialect : &dialect_author;
}

/* The node's kernel, or that of the tables. */
static inline struct kernel_version node_kernel(const struct node_facts *node)
{
	if (node->kernel.present)
		return node->kernel;
	return (struct kernel_version){
		.present = true, .major = arch_tables_kernel_version[0], .minor = arch_tables_kernel_version[1]};
}

#endif
