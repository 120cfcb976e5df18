#ifndef TOOLS_EVIDENCE_EVIDENCE_H
#define TOOLS_EVIDENCE_EVIDENCE_H

/*
 * Recordings of calls, line by line, whoever made them:
 *
 *   strace            -f, -ff, -n, -i, -k, -r, -t, -T, -X, -y, -yy; tables of -c, -C
 *   audit records     seccomp's and system calls': kernel ring buffer, journal, auditd, ausearch -i
 *   perf trace, ftrace, tables of perf trace -s
 *   the Security Profiles Operator's log and JSON lines
 *   profiles, and lists of names with or without counts
 *
 * Each line is told by its own content. One that is none of these is counted and shown, never guessed
 * at. Memory does not grow with the file; how far it has come is shown on a terminal.
 */

#include "../../compiler/base/arena.h"
#include "event.h"

struct reader;

#define EVIDENCE_SHOWN 3 /* lines that were not understood, and names that no ABI has, as kept */
#define EVIDENCE_TEXT  160 /* bytes of one */

enum evidence_kind { KIND_STRACE, KIND_STRACE_TABLE, KIND_AUDIT, KIND_PERF, KIND_PERF_TABLE, KIND_FTRACE,
	KIND_OPERATOR, KIND_PROFILE, KIND_NAMES, KINDS };

struct evidence_line {
	const char *path;
	uint64_t at;
	char text[EVIDENCE_TEXT]; /* may be cut; not escaped */
};

struct evidence {
	struct arena *arena;
	const struct abi *abi; /* of lines that do not say theirs; NULL: not known */
	/*
	 * Every event. True: of further calls of that syscall on that ABI that returned, and no error that
	 * a filter may be behind (event_suspects()), the number is enough: they come as one event with a
	 * count, without arguments or a line.
	 */
	bool (*take)(void *context, const struct event *);
	void *context;
	bool quiet;  /* not a word is said */
	bool follow; /* files' words are shown wherever links lead */

	struct reader *reader; /* of the last file, used again for the next; NULL: there was none */
	char *block;

	/* what was found besides events */
	bool seen[KINDS];
	bool hidden;               /* one of the files is not to be shown */
	uint64_t lines, calls;
	uint64_t unread;           /* lines that were not understood */
	struct evidence_line unread_line[EVIDENCE_SHOWN];
	uint64_t unnamed;          /* calls whose name or number no ABI has */
	struct evidence_line name[EVIDENCE_SHOWN]; /* each once */
	size_t names;
	uint64_t lost;             /* records that the kernel says it dropped: at least */
	uint64_t nameless;         /* "killed by SIGSYS", and no line says by which call */
	uint64_t beside;           /* the same, in a file that has such a call: of the other threads */
	uint64_t repeated;         /* rows of tables that count what the lines above them said */
	uint64_t loads;            /* of filters, by the traced processes themselves */
	struct evidence_line load; /* the first */
	uint64_t stacks;           /* lines of strace -k */
	bool crowded;              /* more processes at once than are followed */
	char logged[96];           /* what seccomp's actions_logged was set to, "" if no record says */
};

void evidence_init(struct evidence *, struct arena *, bool (*take)(void *, const struct event *), void *);

/*
 * Read a file ("-": standard input). EXIT_DONE, or what to exit with, the message printed. What is no
 * plain file, or a link out of its folder, is read, but its words are not shown unless `follow`.
 */
int evidence_read(struct evidence *, const char *path);

/* The same of text that is there already. */
int evidence_read_text(struct evidence *, const char *path, const char *text, size_t len);

/* What was not understood, lost or left out, on stderr, a line each; once, after all files. */
void evidence_tell(const struct evidence *);

/* And what evidence of the kinds that were seen cannot show. */
void evidence_tell_limits(const struct evidence *);

#endif
