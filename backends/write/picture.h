#ifndef BACKENDS_WRITE_PICTURE_H
#define BACKENDS_WRITE_PICTURE_H

/*
 * A decision tree laid out for drawing: tests as a tree, verdicts as the rows of a table beside it.
 * Numbers grow from the top down. What several tests lead to is drawn once and pointed at from
 * elsewhere; verdicts are drawn wherever they are reached.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/tree/tree.h"

#include <stdbool.h>

enum picture_kind { PICTURE_TEST, PICTURE_VERDICT, PICTURE_AGAIN /* drawn elsewhere */ };

struct picture_item {
	enum picture_kind kind;
	uint32_t node;
	uint32_t parent; /* item; of the root: itself */
	uint32_t
		child[2]; /* of a test, from the top down; both are one where there is one way on */
	bool yes;         /* the parent's test holds */
	unsigned depth;   /* tests before it */
	double row;       /* of a test: between its children */
	double share;     /* of its ABI's calls that come by, arguments all 0 */
	unsigned executed; /* instructions up to here; of a verdict, its RET included */
	const char *label; /* of a test: "nr >= 257 openat"; of a verdict: "ERRNO(1)" */
	const char *way;   /* from the parent: "<", "=", "yes"; "" at the root */
	const char *abi;   /* of a verdict, "" where it is not decided */
	const char *numbers, *names;
	uint32_t ret; /* of a verdict */
};

struct picture {
	const struct tree *tree;
	struct picture_item *item; /* parents before children, [0] is the root */
	size_t items;
	size_t rows;
	unsigned depth; /* the deepest test's */
	const char *title;
};

/* The tree of a policy for the ABIs given; share: calls by syscall id, NULL: every syscall alike.
 */
const struct picture *picture_make(struct arena *, const struct tree *, const struct abi *const *,
	size_t abis, const uint32_t *share, const char *title);

struct picture_format {
	const char *name;
	void (*write)(struct buf *, const struct picture *);
};

extern const struct picture_format picture_formats[];
extern const size_t picture_format_count;

void picture_svg(struct buf *, const struct picture *);
void picture_dot(struct buf *, const struct picture *);
void picture_text(struct buf *, const struct picture *);

#endif
