/*
 * /proc/PID exists for each thread by its own id, though it is listed for the main one alone; so does
 * /proc/PID/task of the whole process.
 */

#include "operand.h"

#include "files.h"
#include "message.h"
#include "../lib/number.h"
#include "process.h"


#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "pid:"

bool operand_pid(const char *word, pid_t *pid)
{
	const size_t prefix = strlen(PREFIX);
	uint64_t number;

	if (strncmp(word, PREFIX, prefix) != 0)
		return false;
	word += prefix;
	if (!*word || strspn(word, "0123456789") != strlen(word) ||
		number_read(word, strlen(word), &number) || !number || number > INT_MAX)
		return false;
	*pid = (pid_t)number;
	return true;
}

/* --- a process --- */

/* EXIT_HOST */
static int refuse(const char *name, const char *why)
{
	message("%s: %s", name, why);
	return EXIT_HOST;
}

/* Of one that has filters. */
static int read_fields(const char *name, pid_t pid, struct process_fields *f)
{
	if (!process_fields(f, pid, pid))
		return refuse(name, errno == ENOENT ? "there is no such process" : strerror(errno));
	if (process_exited(f))
		return refuse(name, "it has exited; pid: and the number of a thread that lives will do");
	if (f->mode == 1)
		return refuse(name, "it is in strict mode, under no filter: the kernel lets it read, write, exit "
				    "and return from signals");
	if (f->mode == 0)
		return refuse(name, "it is under no filter: it may make every call");
	if (!f->tracer)
		return EXIT_DONE;
	message("%s: its filters cannot be seen: a tracer is attached, process %d, and the kernel allows one",
		name, (int)f->tracer);
	return EXIT_HOST;
}

static bool same_programs(const struct process_filters *a, const struct process_filters *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++) {
		same = a->program[i].len == b->program[i].len &&
			memcmp(a->program[i].insn, b->program[i].insn,
				a->program[i].len * sizeof(*a->program[i].insn)) == 0;
	}
	return same;
}

/* Is the thread under what `own` and `fields` say? One that has ended is. */
static bool is_alike(struct arena *arena, pid_t pid, pid_t tid, bool stop, const struct process_fields *fields,
	const struct process_filters *own, const char **why)
{
	struct process_filters other;
	struct process_fields now;

	if (!process_fields(&now, pid, tid) || process_exited(&now))
		return true;
	if (now.mode != fields->mode || now.filters != fields->filters)
		return false;
	*why = stop ? process_filters(&other, arena, tid) : NULL;
	if (!stop || *why)
		return true;
	return same_programs(&other, own);
}

/* Filters are a thread's own. */
static void tell_threads(struct arena *arena, const char *name, pid_t pid, bool stop,
	const struct process_fields *fields, const struct process_filters *own)
{
	size_t count, unlike = 0, unseen = 0;
	const pid_t *tid = process_threads(arena, pid, &count);
	pid_t first = 0;

	for (size_t i = 0; tid && i < count; i++) {
		const char *why = NULL;
		if (tid[i] == pid)
			continue;
		if (!is_alike(arena, pid, tid[i], stop, fields, own, &why))
			first = unlike++ ? first : tid[i];
		unseen += why != NULL;
	}
	if (unlike)
		message("%s: %zu other thread%s under other filters than it: pid:%d%s", name, unlike,
			unlike == 1 ? " is" : "s are", (int)first, unlike == 1 ? "" : " is one");
	if (unseen)
		message("%s: what %zu of its threads are under was not seen", name, unseen);
}

int operand_process(struct arena *arena, const char *name, pid_t pid, bool stop, struct filters *f)
{
	struct process_fields fields;
	struct process_filters own;
	int status = read_fields(name, pid, &fields);

	if (status)
		return status;
	const char *why = process_filters(&own, arena, pid);
	if (why) {
		message("%s: its filters cannot be seen: %s", name, why);
		return EXIT_HOST;
	}
	if (!own.count)
		return refuse(name, "it is under no filter any more: it may make every call");
	tell_threads(arena, name, pid, stop, &fields, &own);
	*f = (struct filters){own.program, own.count, arch_native()->order, own.log};
	return EXIT_DONE;
}

/* --- either --- */

int blob_program(struct arena *arena, const struct source *source, const struct abi *abi, enum byte_order *order,
	struct program *program)
{
	const char *why = comparand_program(arena, source, abi, order, program);

	if (!why)
		return EXIT_DONE;
	message("%s: %s", source->name, why);
	return EXIT_INPUT;
}

int operand_read(
	struct arena *arena, const struct parsed *p, const char *word, size_t max, struct operand *o)
{
	pid_t pid = 0;

	*o = (struct operand){.name = word, .is_process = operand_pid(word, &pid)};
	if (o->is_process) {
		o->source = (struct source){.name = word, .bytes = "", .hidden = true};
		return operand_process(arena, word, pid, false, &o->filters);
	}
	if (!files_operand(arena, p, word, max, &o->source))
		return EXIT_INPUT;
	o->name = o->source.name;
	return EXIT_DONE;
}

bool operand_is_filter(const struct operand *o)
{
	return o->is_process || memchr(o->source.bytes, 0, o->source.len) != NULL;
}

int operand_filters(struct arena *arena, const struct operand *o, const struct abi *abi, struct filters *f)
{
	if (!o->is_process) {
		struct program *only = arena_alloc(arena, 1, sizeof(*only));
		*f = (struct filters){only, 1, ORDER_LITTLE, NULL};
		return blob_program(arena, &o->source, abi, &f->order, only);
	}
	*f = o->filters;
	if (!abi || abi->order == f->order)
		return EXIT_DONE;
	message("%s: the filters are of this machine's byte order, which is not that of %s", o->name, abi->name);
	return EXIT_INPUT;
}

/* --- what they mean --- */

void filters_which(struct buf *b, const struct filters *f, size_t i)
{
	if (f->count < 2)
		return;
	buf_printf(b, "filter %zu of %zu%s", i + 1, f->count,
		i == 0 ? ", the oldest" : i + 1 == f->count ? ", the newest" : "");
}
