#ifndef TOOLS_CLI_OPERAND_H
#define TOOLS_CLI_OPERAND_H

/*
 * What a verb is given that may be a file (profile or blob), standard input or a process: "pid:1234"
 * stands for the filters that its main thread is under, and for a thread's own where it is a thread's id.
 * A file of such a name is read as "./pid:1234".
 *
 * The kernel runs all of a thread's filters on each call and obeys the strictest answer: they are one
 * thing to compare, to assert about and to ask, and several to disassemble.
 */

#include "../lib/comparand.h"
#include "options.h"

#include "../../backends/bpf/bpf.h"
#include "../../compiler/kernel/call.h"
#include "../../compiler/logic/bdd.h"
#include "../../compiler/say/source.h"

#include <sys/types.h>

#define BLOB_MAX ((size_t)1 << 20) /* bytes; far more than any kernel takes, so that check can say so */

/* comparand_program(): EXIT_DONE or what to exit with, the message printed. */
int blob_program(struct arena *, const struct source *, const struct abi *, enum byte_order *,
	struct program *);

struct operand {
	const char *name;
	bool is_process;
	struct source source;   /* of a file */
	struct filters filters; /* of a process: at least one */
};

/* EXIT_DONE, or what to exit with, the message printed. */
int operand_read(struct arena *, const struct parsed *, const char *word, size_t max, struct operand *);

/* Of a process, or a file that holds a byte 0 before its end, which no text does and every instruction does. */
bool operand_is_filter(const struct operand *);

/*
 * The filters, a file's in the byte order of an ABI (NULL: the one that makes sense of it); whether the
 * kernel would take them is not asked. The same.
 */
int operand_filters(struct arena *, const struct operand *, const struct abi *, struct filters *);

/* Is it "pid:" and a number? */
bool operand_pid(const char *word, pid_t *);

/*
 * The filters of a thread, one at least, as process.h reads them; `name` for messages. The same. Says on
 * stderr where other threads of the process are under other filters: as far as /proc tells, and with
 * `stop`, for which each of them is stopped for a moment, exactly.
 */
int operand_process(struct arena *, const char *name, pid_t, bool stop, struct filters *);

/* "filter 2 of 3, the newest"; nothing of an only one. */
void filters_which(struct buf *, const struct filters *, size_t);

#endif
