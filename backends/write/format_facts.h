#ifndef BACKENDS_WRITE_FORMAT_FACTS_H
#define BACKENDS_WRITE_FORMAT_FACTS_H

#include "../../arch/arch.h"
#include "../../compiler/profile/profile.h"
#include "../bpf/bpf.h"

/* A program and what a format may say of it; nothing here depends on time, host or path. */
struct format_facts {
	const struct program *program;
	const char *profile; /* the profile's name without directory and extension */
	const char *abis;    /* "x86_64 x86 x32" */
	const char *made_by; /* "winnow 0.1.0 (syscall tables of Linux 7.2)" */
	enum byte_order order;
	const struct abi *abi; /* the node's own */
	const struct abi *const *cover; /* all that the filter decides for */
	size_t covers;
	const struct profile *from; /* for what a filter cannot hold: its flags and listener */
};

#endif
