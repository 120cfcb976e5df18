#ifndef TOOLS_VERBS_ASSERT_REPORT_H
#define TOOLS_VERBS_ASSERT_REPORT_H

/* What became of assertions, for people and for programs. */

#include "../lib/assertion_judge.h"

#include "../../compiler/base/buf.h"

#include <stddef.h>
#include <stdint.h>

struct held_line {
	const char *text; /* as it was written, without comment */
	uint32_t line;
	enum finding held;
	const char *why; /* lines without the last newline; "" if it holds */
	const char *note; /* of what holds; NULL: there is none */
};

struct assert_report {
	const char *file, *side; /* of the assertions; of the profile or filter */
	struct held_line *line;
	size_t lines;
};

struct assert_format {
	const char *name;
	void (*print)(struct buf *, const struct assert_report *);
};

/* By name; NULL if there is none. */
const struct assert_format *assert_format_find(const char *name);

#endif
