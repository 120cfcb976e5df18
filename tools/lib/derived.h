#ifndef TOOLS_LIB_DERIVED_H
#define TOOLS_LIB_DERIVED_H

/*
 * A profile's text edited for some syscalls to be answered otherwise, and nothing else: comments, order and
 * spacing stay. Rules that name such a syscall no longer do, and one without conditions names it if that is
 * needed. What comes out is read again and held against what went in.
 */

#include "../../compiler/read/document.h"
#include "build.h"

enum derive_kind {
	DERIVE_ALLOW,
	DERIVE_DENY,  /* ERRNO, TRAP or KILL, whichever it is; EPERM where it is none of them */
	DERIVE_ERRNO, /* `number` */
};

struct derive_wish {
	uint16_t syscall;
	enum derive_kind kind;
	uint16_t number;
};

struct derive {
	const struct source *source;
	const struct derive_wish *wish; /* no syscall twice */
	size_t wishes;
	const struct node_facts *node; /* that it is held against, with no capabilities and with all */
	struct diags *diags;
};

/* The edited text; that of the source where nothing is to be done. BUILD_REFUSED: the diagnostics say why. */
enum build derive_text(struct arena *, const struct derive *, struct buf *, struct mistake *);

#endif
