#ifndef BACKENDS_WRITE_FORMAT_H
#define BACKENDS_WRITE_FORMAT_H

/* The shapes a program is handed out in. */

#include "../../arch/arch.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/profile/profile.h"
#include "../bpf/bpf.h"

#include <stdbool.h>

/* What a format may say of the program; nothing here depends on time, host or path. */
struct format_facts {
	const char *profile; /* the profile's name without directory and extension */
	const char *abis;    /* "x86_64 x86 x32" */
	const char *made_by; /* "winnow 0.1.0 (syscall tables of Linux 7.2)" */
	enum byte_order order;
	const struct abi *abi; /* the node's own */
	const struct profile *from; /* for what a filter cannot hold: its flags and listener */
};

struct format {
	const char *name, *extension, *about;
	bool binary; /* not for terminals */
	void (*write)(struct buf *, const struct program *, const struct format_facts *);
};

extern const struct format formats[];
extern const size_t format_count;

const struct format *format_find(const char *name);

#endif
