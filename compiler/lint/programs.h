#ifndef COMPILER_LINT_PROGRAMS_H
#define COMPILER_LINT_PROGRAMS_H

/*
 * What programs call to start, to end and to do common things, and what refusals do to them, as measured
 * (programs.tbl, made by tools/maintain/gen-programs).
 */

#include "syscall_outcome.h"

enum program_work {
#define WORK(id, words) WORK_##id,
#include "works.tbl"
#undef WORK
	WORKS
};

struct program {
	const char *title, *release; /* "glibc 2.36, dynamic" */
	const struct abi *abi; /* it was measured on */
};

/* Is it done all the same? At times: and not every system has it make the call. */
enum program_answer { PROGRAM_FAILS, PROGRAM_WORKS, PROGRAM_SOMETIMES };

struct program_call {
	uint8_t program;
	uint8_t work;       /* enum program_work */
	uint16_t id;        /* of the syscall */
	char name[21];      /* in place, as all of it, so that the loader has nothing to relocate */
	uint8_t eperm, enosys; /* enum program_answer, so answered */
	char instead[12];   /* by these, spaces between; "": by none */
};

size_t programs_count(void);
const struct program *program_at(size_t);

/* Ended by an empty name; in the order of programs. */
const struct program_call *program_calls(void);

/* The first of the program's; the others follow, up to another program's or the end. */
const struct program_call *program_calls_of(size_t program);

/* What the work is to people: "threads". */
const char *program_work_words(enum program_work);

/* Do programs of that ABI make these calls, by their names? An ABI of 64 bits makes those measured on another
 * one. */
bool program_is_of(const struct program *, const struct abi *);

/* Was it looked at how it starts? Not of tools, which start as others do. */
bool program_starts(size_t program);

/*
 * Does it fail on the ABI, as the policy treats the call and those in its place? Of clone those with the flags and the
 * stack that the program was seen to give (clones.tbl), else all.
 */
bool program_call_fails(const struct lint *, const struct abi *, const struct program_call *);

/* May it fail or not, as arguments that are not known, or somebody who is asked, decide? */
bool program_call_undecided(const struct lint *, const struct abi *, const struct program_call *);

/*
 * The call whose refusal it is (with arguments, where these decide: "mprotect(*, *, PROT_READ)"), how that one is treated
 * in *t: itself, or where it is answered as by a kernel without it, which does no harm, what is refused of those in its
 * place.
 */
const char *program_call_culprit(
	const struct lint *, const struct abi *, const struct program_call *, struct syscall_outcome *t);

/*
 * Does it keep the program from starting or ending, on the node's ABI? How one starts does not count where the filter
 * refuses to start any: such a one is loaded by a program that has been started.
 */
bool program_call_stops(const struct lint *, const struct program_call *);

/* Of start and end on the node's ABI, kept in lint.verdicts. */
struct program_verdict {
	bool asked;
	bool stops;     /* a call does */
	/* The first that may; NULL: none. Tools start as dynamic programs do that were measured with them. */
	const struct program_call *undecided;
};

struct program_verdict *program_verdicts(struct arena *); /* room for those of all programs */
struct program_verdict program_verdict(const struct lint *, size_t program);

/*
 * Is it refused, and not as by a kernel without it, where what programs take in its place, or took before it was there, is
 * allowed, *partly under conditions? That is what lint_errnos() tells.
 */
bool program_call_traps(const struct lint *, const struct abi *, const struct program_call *, bool *partly);

/* Are all words, spaces between, allowed, *partly under conditions? NULL and "": no. */
bool program_may(const struct lint *, const struct abi *, const char *words, bool *partly);

#endif
