#ifndef COMPILER_SAY_DIAG_H
#define COMPILER_SAY_DIAG_H

/*
 * What winnow says about its input. A pass collects, keeps going, and never prints; tools/ shows
 * what was collected, sorted by place.
 */

#include "../base/arena.h"
#include "../base/base.h"
#include "../base/buf.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

extern const char *const severity_names[]; /* "note", "warning", "error" */

enum diag_id {
#define DIAG(id, code, slug, severity, exit, about) DIAG_##id,
#include "diag.tbl"
#undef DIAG
	DIAG_IDS
};

/* One row a diagnostic: stable code and slug, severity unless raised, exit status if an error. */
struct diag_kind {
	char code[5], slug[32]; /* in place, so that the loader has nothing to relocate */
	enum severity severity;
	int exit;
};
extern const struct diag_kind diag_kinds[DIAG_IDS];

/* For explain-code: what it means and what to do. */
extern const char *const diag_about[DIAG_IDS];

/* "containerd" "does", and of several "do". */
struct diag_doer {
	const char *who, *verb, *plural;
};

struct diag {
	enum diag_id id;
	enum severity severity;
	uint32_t at;  /* first byte, or NOWHERE */
	uint32_t len; /* bytes to underline, at least 1 */
	const char *text;
	struct diag_doer by; /* who does what, which starts the text; all NULL: nobody in particular */
	const char *rest;    /* of the text behind that */
	const char *whom;  /* it is for, shown in brackets behind it: "containerd, crun"; NULL: everybody */
	const char *was, *meant; /* the source's bytes there, and the word that is likely meant; NULL: none is */
	struct diag *note; /* further places or advice, each a SEVERITY_NOTE; NULL-ended chain */
	struct diag *next; /* in order of finding */
};

#define DIAG_MAX      1000 /* findings kept of each severity; the rest are counted */
#define DIAG_TEXT_MAX 512  /* bytes of a message; a name quoted in it may be megabytes */

struct diags {
	struct arena *arena;
	const struct source *source; /* NULL: nothing has a place */
	bool strict; /* --strict: some warnings are errors (strict_raises, diag.c) */
	struct diag *first, **tail;
	struct diag *last; /* what notes hang on; NULL if it was not kept */
	size_t count[3];   /* by severity, notes hanging on others not counted */
	size_t unshown;    /* findings beyond DIAG_MAX, counted but not kept */
	int exit;          /* diags_exit() */
	uint64_t *seen;    /* findings by id and place, for saying each once */
	size_t seen_count, seen_room;
};

void diags_init(struct diags *, struct arena *, const struct source *);

/*
 * Of a hidden source the text is the format alone, with "..." in place of what is filled in. The format quotes
 * nothing of a source. Who prints findings says so:
 */
#define DIAG_HIDDEN                                                                                     \
	"its lines and words are not shown: it is no plain file, or a link leads to it; --follow shows them"

/*
 * Add a finding, unless one of this id is there for this place already: a rule that is odd on three
 * ABIs is odd once. Returns false, so that failing is one statement: return diag(...).
 */
bool diag(struct diags *, enum diag_id, uint32_t at, uint32_t len, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

/*
 * The same about what somebody does: the text is who, verb and the rest, so that findings alike but
 * for who can become one (findings.h).
 */
bool diag_by(struct diags *, enum diag_id, uint32_t at, uint32_t len, struct diag_doer, const char *fmt,
	...) PRINTF_LIKE(6, 7);

/* "WHO VERB REST", "A and B PLURAL REST", "A, B and C PLURAL REST"; cut like any message. */
const char *diag_joined(
	struct arena *, const char *const *who, size_t count, struct diag_doer, const char *rest);

/* Adds findings of the same source that were kept apart, and counts those that were not. They have to outlive these. */
void diags_add(struct diags *, const struct diags *from);

/* Hang a note on the finding added last; at NOWHERE it is advice without a place. */
void diag_note(struct diags *, uint32_t at, uint32_t len, const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * The word that is likely meant in place of what the finding added last is about (in our tables until the end):
 * a note, and for programs what to write there. NULL: nothing is near enough.
 */
void diag_meant(struct diags *, const char *word);

/* The row that a code ("E005") or slug ("syntax") names, in any case. */
bool diag_find(const char *code_or_slug, enum diag_id *);

static inline bool diags_failed(const struct diags *d)
{
	return d->count[SEVERITY_ERROR] != 0;
}

/* The error that was found first; NULL: none was. */
const struct diag *diags_first_error(const struct diags *);

/* The exit status the errors call for: the smallest of theirs; 0 when there is none. */
int diags_exit(const struct diags *);

/*
 * All findings from `least` up, sorted by place, those without one first:
 *
 *	profile.json:3:9: error: unknown action 'SCMP_ACT_ALOW' [E016 unknown-action]
 *	    "defaultAction": "SCMP_ACT_ALOW",
 *	                     ^~~~~~~~~~~~~~~
 *	profile.json: note: ...
 *
 * A note at the very place of its finding does not show the line again.
 */
void diags_print(struct buf *, const struct diags *, enum severity least, bool colour);

#endif
