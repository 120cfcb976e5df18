#ifndef TOOLS_EVIDENCE_EVENT_H
#define TOOLS_EVIDENCE_EVENT_H

/*
 * One line of a recording, as far as the line says it: a call that was made, or one that is only named.
 * What a format does not say is not filled in: an audit record of seccomp's (type=1326) has no
 * arguments, a list of names has no ABI and no answer, strace has no upper half of an int.
 */

#include "../../arch/arch.h"
#include "../../compiler/kernel/call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_form { /* how `args` are written */
	ARGS_NONE,
	ARGS_STRACE,
	ARGS_RECORD, /* "a0=ffffff9c a1=..." of an audit record; or words, as ausearch -i has them */
};

enum event_answer {
	ANSWER_UNSAID,   /* a name in a list, a call that was not seen to return */
	ANSWER_DONE,     /* it returned, and no error */
	ANSWER_ERROR,    /* with event_errno() */
	ANSWER_FAILED,   /* with an errno that is not said */
	ANSWER_REFUSED,  /* by a filter, with an errno that is not said */
	ANSWER_KILLED,   /* process or thread, by a filter */
	ANSWER_TRAPPED,
	ANSWER_TRACED,
	ANSWER_NOTIFIED,
	ANSWER_LOGGED,   /* and made */
	ANSWERS
};

/* All text is lent, and gone when the event was taken. */
struct event {
	const struct abi *abi; /* NULL: neither the line nor the reader of it knows */
	bool abi_said;         /* the line says so, it is not what was assumed */
	bool has_nr;           /* as seccomp_data.nr has it */
	bool has_id;
	bool by_number;        /* the number was in the line, so that a multiplexer shows */
	uint32_t nr;
	uint16_t id;           /* of the syscall; of what a multiplexer was asked for, where it shows */
	const char *name;      /* as written; NULL: a number alone */
	size_t name_len;

	enum event_form form;
	const char *args;
	size_t args_len;

	enum event_answer answer;
	bool has_value;    /* of ANSWER_DONE: what it returned */
	uint64_t value;
	const char *error; /* of ANSWER_ERROR: "EPERM", or a number */
	size_t error_len;
	const char *data;  /* of ANSWER_TRAPPED, may be NULL: what si_errno shows of the filter's data */
	size_t data_len;

	double count;
	uint64_t pid;      /* 0: not said */
	const char *comm;  /* NULL: not said */
	size_t comm_len;

	const char *path;  /* of the file, the line's number in it from 1, and the line */
	uint64_t at;
	const char *line;
	size_t line_len;
	bool hidden;       /* the file's words are not to be shown (files_hidden()) */
};

/* Arguments of which not every bit need be known. */
struct event_args {
	uint64_t value[CALL_ARGS];
	uint64_t known[CALL_ARGS]; /* which bits: all, some (of a flag word, a flag that nobody knows), none */
};

/*
 * What the line says of the arguments, as the registers of the event's ABI hold them. Of an int strace
 * shows what the kernel takes; of one that is not negative the upper half is taken for 0, as compilers
 * leave it.
 */
void event_args(const struct event *, struct event_args *);

/* The errno of ANSWER_ERROR, or that in `data`, on the event's ABI. False: there is no such name. */
bool event_errno(const struct event *, const char *text, size_t len, uint16_t *number);

/* Is it a number, a name like EPERM, or the C library's words for an errno? */
bool event_is_error(const char *text, size_t len);

/*
 * EPERM, EACCES, ENOSYS: an error that a filter may be behind, whatever the call. By its name, and of ANSWER_ERROR
 * by whatever the format has for it: perf trace has the C library's words, ftrace and audit records a number.
 */
bool event_suspects(const char *name, size_t len);
bool event_is_suspect(const struct event *);

/* "EPERM", "killed by a filter": what became of it, for people. `room` bytes, NUL-ended. */
const char *event_answer_words(const struct event *, char *text, size_t room);

#endif
