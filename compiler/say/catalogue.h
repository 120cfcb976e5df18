#ifndef COMPILER_SAY_CATALOGUE_H
#define COMPILER_SAY_CATALOGUE_H

/* The diagnostics themselves, for people: what diag.tbl knows of them. */

#include "../base/buf.h"
#include "diag.h"

/* One diagnostic: code, slug, severity, what a failing run exits with, what it means. */
void catalogue_print(struct buf *, enum diag_id);

/* All of them, a line each, in the order of their codes. */
void catalogue_list(struct buf *);

/* All of them as a page of Markdown: doc/diagnostics.md. */
void catalogue_page(struct buf *);

#endif
