#ifndef TOOLS_EVIDENCE_READER_H
#define TOOLS_EVIDENCE_READER_H

/* What the readers of the formats share. Each takes a line and says whether it is one of its own. */

#include "evidence.h"
#include "processes.h"
#include "text.h"

#include "../../compiler/say/source.h"

struct line {
	const char *s, *end; /* without the newline and what blanks are before it */
	uint64_t at;
};

enum table { TABLE_NONE, TABLE_STRACE, TABLE_PERF };

struct reader {
	struct evidence *to;
	const char *path;
	bool hidden;
	bool words, counted;      /* a file of names; with counts */
	uint64_t events;          /* of this file, unnamed ones included */
	uint64_t stopped;         /* calls that a filter did not let be made */
	uint64_t nameless;        /* ends by SIGSYS without one */
	uint64_t entered;         /* events of ftrace that begin a call */
	uint64_t called;          /* those that were lines of their own: what a table behind them repeats */
	struct processes processes;

	enum table table;
	size_t calls;             /* column of a table */
	bool repeats;             /* the table counts lines above it */
	const struct abi *mode;   /* of a table or of processes that no line tells apart */
	struct {
		uint32_t audit, nr;
		uint16_t id;
		bool filled, named;
	} number[256];            /* looked up already */
	struct named {
		const struct abi *abi;
		char name[32];
		size_t len;
		uint32_t nr;
		uint16_t id;
		bool has_id, has_nr;
		bool counts;    /* of further calls that returned the number is enough */
		uint64_t count; /* of those, not told yet */
		uint64_t at;    /* the first's line */
	} name[256];
	char comm[64];            /* decoded */
	char *plain;              /* room for a line without colours, and how much */
	size_t plain_room;
	size_t last;              /* the format of the last line: the likeliest of the next */
};

/* Each: true if the line is one of its format, whatever it came to. */
bool strace_line(struct reader *, const struct line *);
bool table_line(struct reader *, const struct line *);
bool audit_line(struct reader *, const struct line *);
bool perf_line(struct reader *, const struct line *);
bool ftrace_line(struct reader *, const struct line *);
bool operator_line(struct reader *, const struct line *);
bool operator_is_line(const char *s, const char *end); /* rather than the first of a profile */

/* A file of names: does it begin like one; a line, which has to be a name, with a count or without. */
bool words_begin(struct reader *, const struct line *);
int words_line(struct reader *, const struct line *);

/* Every allowed name once. EXIT_DONE, or what to exit with, the message printed. */
int profile_names(struct reader *, const struct source *);

/* --- for those --- */

/* The place of an event and a text of it, cut; none of what is hidden. */
void reader_keep(struct evidence_line *, const struct event *, const char *text, size_t len);

/* An event of a line, with nothing known but where it is. */
struct event reader_event(const struct reader *, const struct line *);

/* Name or number looked up as far as they were not, counted and given on; `kind` is what said so. */
void reader_emit(struct reader *, struct event *, enum evidence_kind kind);

/*
 * The event's name: an id, where there is one ("newfstat" is the kernel's own word for fstat), and its
 * number on the event's ABI.
 */
void reader_name(struct reader *, struct event *, const char *name, size_t len);

/* What is known of a name, NULL: nothing yet. */
struct named *reader_named(struct reader *, const struct abi *, const char *name, size_t len);

/* Calls that were only counted are told. */
void reader_flush(struct reader *, struct named *);

/* The event's number under an audit arch. */
void reader_number(struct reader *, struct event *, uint32_t audit, uint32_t nr);

#endif
