#ifndef BACKENDS_WRITE_FORMAT_H
#define BACKENDS_WRITE_FORMAT_H

/* The shapes a program is handed out in. */

#include "format_facts.h"

#include "../../compiler/base/buf.h"

#include <stdbool.h>

struct format {
	const char *name, *extension, *about;
	bool binary; /* not for terminals */
	bool joins;  /* takes filters of several nodes; the others one */
	void (*write)(struct buf *, const struct format_facts *, size_t filters);
};

extern const struct format formats[];
extern const size_t format_count;

const struct format *format_find(const char *name);

#endif
