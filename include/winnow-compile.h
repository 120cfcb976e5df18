#ifndef WINNOW_COMPILE_H
#define WINNOW_COMPILE_H

/*
 * The compiler in a process of one's own: profiles in, proven filters out, without files, terminal or child. To load
 * what comes out is winnow.h's.
 *
 * Everything is memory in and memory out. No function ends the process, prints, raises or blocks a signal, opens
 * anything, reads the environment or the clock, or keeps what it was given: texts are copied. There is no state but in
 * handles, so threads may do as they like with different handles. One handle is for one thread at a time; those that
 * only read it (const) may be in several threads at once. The same input has the same bytes everywhere: those of
 * `winnow compile`.
 *
 * Strings are UTF-8 or what the profile held, end in NUL, and live as long as the handle they come from; what comes
 * from a profile is not fit for a terminal as it is. Structs begin with `size`, which the caller sets to sizeof the
 * struct: an older program and a newer library, or the other way round, agree on what both know.
 *
 * Stack: 256 KiB will do. Memory: what `memory_max` allows a handle; YAML is read by libyaml, which takes its own from
 * malloc(), as libc's qsort() may.
 *
 * Link with -lwinnow (pkg-config winnow). C99 and C++.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a call. The numbers are the command's exit statuses but for NO_MEMORY, and never change. */
enum winnow_status {
	WINNOW_DONE = 0,
	WINNOW_FINDING = 1,      /* they differ, it does not hold */
	WINNOW_USAGE = 2,        /* the caller's mistake: options or handles that make no sense */
	WINNOW_INPUT = 3,        /* text or filter cannot be read, or the kernel would not load the filter */
	WINNOW_NOT_COMPILED = 4, /* the profile is refused, and diagnostics say why */
	WINNOW_UNDECIDED = 5,    /* not within memory_max or winnow's bounds on steps, or kernels differ */
	WINNOW_NO_MEMORY = 6,    /* allocate() or malloc() returned NULL */
	WINNOW_MISTAKE = 70      /* winnow caught itself in one, and nothing was made: please report it */
};

/* A profile, read for one or more nodes; or a filter, whoever made it. */
struct winnow_side;

/* The answer to a question about sides. It needs none of them any more. */
struct winnow_report;

/*
 * Where memory comes from and goes to. Both NULL: malloc() and free(). allocate() returns NULL or `size` bytes
 * aligned for any type; release() gets what it returned, once. They are called by the thread that called winnow, and
 * must not jump out of it.
 */
struct winnow_memory {
	void *(*allocate)(void *context, size_t size);
	void (*release)(void *context, void *bytes);
	void *context;
};

/*
 * How a profile is read and compiled; all zero but `size` (or NULL for the whole of it) is what the command does
 * without options. Words are those of the command's options: winnow-compile(1).
 */
struct winnow_options {
	size_t size;
	const char *arch; /* --arch: a list, "native" (NULL: of the machine the library is for) or "all" */
	int apart;        /* not 0: of a list, a filter each, as into a folder; "all" is always apart */
	const char *caps; /* --caps: "CAP_SYS_ADMIN,net_raw", "all", "none"; NULL: none */
	const char *kernel;       /* --kernel: "6.1" */
	const char *runtime;      /* --runtime: "docker", "crun@1.8", ...; NULL: as its author meant it */
	const char *libseccomp;   /* --libseccomp: "2.5" */
	const char *enosys;       /* --enosys: "off", "table", "runc" */
	const char *input_format; /* --input-format: "docker", "oci", "config", ...; NULL: by content */
	const char *entry;        /* --entry, of a ConfigMap */
	int narrow_int_args;      /* --narrow-int-args */
	int complain;             /* --complain */
	int strict;               /* --strict */
	int no_trailer;           /* --no-trailer */
	uint32_t max_insns;       /* --max-insns, 1..4096; 0: 4096, what the kernel takes */
	uint32_t max_path;        /* --max-path, instructions, 1..4096; 0: no bound */
	size_t memory_max;        /* bytes that a handle or report takes from `memory` at most, used or not; 0: 320 MiB */
	struct winnow_memory memory;
};

/*
 * A profile of any format that winnow reads (JSON; YAML where the library was built with libyaml), `length` bytes, at
 * most 16 MiB. `name` is for messages; NULL: "profile". It is read and not yet compiled; base profiles that it names
 * are not looked for, as no file is opened, and that is a diagnostic.
 *
 * DONE; INPUT, the diagnostics say why; USAGE, winnow_error() says why; UNDECIDED; NO_MEMORY; MISTAKE. *side is the
 * caller's, for winnow_free(), whatever is returned; it is NULL with NO_MEMORY, and with USAGE where `side` or
 * options->size or options->memory cannot be what they are. NULL may be freed.
 */
enum winnow_status winnow_profile(const struct winnow_options *options, const char *name, const void *text,
	size_t length, struct winnow_side **side);

/*
 * A filter: struct sock_filter after struct sock_filter, `length` bytes, a multiple of 8 and at most 4096 * 8. Of the
 * options memory, memory_max and arch count, and of that the first one's byte order; NULL: the order that makes sense of it.
 * The same, with INPUT, and winnow_error(), for what is none or what the kernel would not load.
 */
enum winnow_status winnow_filter(const struct winnow_options *options, const char *name, const void *blob,
	size_t length, struct winnow_side **side);

/*
 * Makes the filters of a profile, all of them or none, each proved to be it for every call there is.
 *
 * DONE; NOT_COMPILED, the diagnostics say why; UNDECIDED; NO_MEMORY, after which the handle can only be freed; MISTAKE;
 * USAGE for a handle that is a filter, or was not read. Called again, it returns the same.
 */
enum winnow_status winnow_compile(struct winnow_side *profile);

/* The handle and all that came from it. */
void winnow_free(struct winnow_side *side);

/* One line on why a call on the handle did not return DONE, or "". Where diagnostics say it, the first error's text. */
const char *winnow_error(const struct winnow_side *side);

/* --- what was made --- */

struct winnow_blob {
	size_t size;
	const void *bytes; /* in the target's byte order */
	size_t length;     /* bytes */
	const char *arch;  /* the first node's: "x86_64" */
	const char *abis;  /* that it covers, "x86_64 x86 x32"; of a filter: what it says of itself, or "" */
	uint32_t insns;    /* instructions that may be executed */
	uint32_t trailer;  /* those behind them that never are (doc/blob.md) */
	uint32_t longest_path; /* instructions of the longest way through it */
	int big_endian;
	int hashed; /* is there a hash? Not within winnow's bounds, or of a filter that is not compiled here */
	unsigned char hash[32]; /* of the meaning: equal if and only if the filter does the same for every call */
};

/* How many: of a compiled profile one or more, of a filter 1, else 0. */
size_t winnow_blobs(const struct winnow_side *side);

/* DONE, or USAGE: there is none of that index (0 is the first), or blob->size is less than 8 bytes. */
enum winnow_status winnow_blob(const struct winnow_side *side, size_t index, struct winnow_blob *blob);

/* --- what was found --- */

enum winnow_severity { WINNOW_NOTE, WINNOW_WARNING, WINNOW_ERROR };

struct winnow_diagnostic {
	size_t size;
	enum winnow_severity severity;
	const char *code;     /* "W001", which never means anything else; "" of what hangs on another */
	const char *slug;     /* "unknown-syscall"; "" */
	const char *text;     /* a sentence without its full stop, 511 bytes at most */
	const char *runtimes; /* whose it is, "containerd, crun"; NULL: everybody's */
	const char *about;    /* what the code means and what to do, for people; NULL of what hangs on another */
	size_t of;            /* of what hangs on another: its index; else its own */
	int has_place;
	uint32_t line, column; /* from 1; columns are bytes */
	size_t offset, length; /* bytes of the text */
};

/* Findings in order of finding, each followed by what hangs on it: further places, advice. At most 1000 of a severity. */
size_t winnow_diagnostics(const struct winnow_side *side);

/* DONE, or USAGE, as winnow_blob(). */
enum winnow_status winnow_diagnostic(
	const struct winnow_side *side, size_t index, struct winnow_diagnostic *diagnostic);

/* --- questions --- */

/* Laid out as the kernel's struct seccomp_data. */
struct winnow_call {
	uint32_t nr;   /* -1 is UINT32_MAX */
	uint32_t arch; /* AUDIT_ARCH_* */
	uint64_t ip;
	uint64_t args[6];
};

/*
 * All of these make a report, *report, which is the caller's, for winnow_report_free(). It is NULL with NO_MEMORY, and
 * with USAGE where `report` or a side is NULL. Each takes memory as the first side was told to.
 *
 * A side is a profile that was read (compiled or not) for one filter, or a filter. Both have to be of one byte order;
 * else USAGE.
 */

/* Does the kernel treat every call as the profile says? DONE: proved. FINDING: a call is in line 0. Else UNDECIDED. */
enum winnow_status winnow_verify(const struct winnow_side *profile, const struct winnow_side *filter,
	struct winnow_report **report);

/*
 * Is `a` at least as strict as `b` for every call? Verdicts are ranked as the kernel does; errnos are equally strict.
 * The same.
 */
enum winnow_status winnow_subset(
	const struct winnow_side *a, const struct winnow_side *b, struct winnow_report **report);

/* What differs, for people (text) and for programs (json, a list as in doc/output.schema.json; and a line each). */
enum winnow_status winnow_diff(
	const struct winnow_side *a, const struct winnow_side *b, struct winnow_report **report);

/*
 * Holds a side against assertions (doc/assert.md), `length` bytes of them and 256 KiB at most. A line of the report is
 * one of the text: DONE, proved; FINDING; UNDECIDED. DONE if all are; FINDING if one is not. INPUT: a line is a mistake.
 */
enum winnow_status winnow_assert(const struct winnow_side *side, const char *name, const void *text, size_t length,
	struct winnow_report **report);

/*
 * What becomes of a call, and, of a profile, why (text). `abi`: its ABI, NULL for the node's; `syscall`: a name or a
 * number; args: 6, NULL for zeroes. Line 0 has the call, verdict[0] and the place of the rule. DONE; USAGE: there is no
 * such call; UNDECIDED: kernels differ.
 */
enum winnow_status winnow_explain(const struct winnow_side *side, const char *abi, const char *syscall,
	const uint64_t args[6], struct winnow_report **report);

struct winnow_line {
	size_t size;
	enum winnow_status status;
	uint32_t line, column; /* of the assertion, or the rule, from 1; 0: it has no place */
	const char *text;      /* the assertion as it was written; which calls differ, "x86_64 socket"; else "" */
	const char *why;       /* it is so; when they differ; "" where there is nothing to say */
	int has_call;
	struct winnow_call call;
	uint32_t verdict[2]; /* what the sides return for it: SECCOMP_RET_* with its data */
};

size_t winnow_lines(const struct winnow_report *report);
/* DONE, or USAGE, as winnow_blob(). */
enum winnow_status winnow_line(const struct winnow_report *report, size_t index, struct winnow_line *line);

/* For people, as the command prints it; "" if it has nothing to say. */
const char *winnow_report_text(const struct winnow_report *report);
/* For programs; NULL but of winnow_diff(). */
const char *winnow_report_json(const struct winnow_report *report);
/* One line on why the answer was neither DONE nor FINDING, or "". */
const char *winnow_report_error(const struct winnow_report *report);
void winnow_report_free(struct winnow_report *report);

/* --- */

/* "0.1.0"; the kernel whose syscall tables are in it, "7.2". Static. */
const char *winnow_version(void);
const char *winnow_tables(void);

#ifdef __cplusplus
}
#endif

#endif
