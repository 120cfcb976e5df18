/*
 * Filters are compared by what they do, so that one that runc and libseccomp made of the installed
 * JSON is known again, whatever it looks like. Its trailer, if it has one, is a claim and shown as
 * one.
 *
 * Whoever wrote the filters may wish winnow ill. Each is looked at in an arena of its own, once
 * however often it is there, and all together have a budget: what goes beyond it is unknown, and all
 * else is said. No filter has more than half of what is left, so that those behind a costly one have
 * theirs. Filters are a thread's own, so that every thread is asked: also those that were started while
 * the others were, whose filters are those that their makers had then.
 */

#include "running.h"

#include "engines.h"

#include "../cli/process.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/check.h"
#include "../../backends/prove/hash.h"
#include "../../backends/prove/symbolic.h"
#include "../../backends/bpf/trailer.h"
#include "../../compiler/base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_ARENA ((size_t)40 << 20) /* a diagram of FILTER_NODES, and the filter */
#define STACK_ARENA  ((size_t)16 << 20) /* the filters of a thread: 32768 instructions at most */

/*
 * What is installed was hashed within HASH_NODES; made otherwise, as by libseccomp, it may take a few
 * times that. All filters of a process together have a second or two.
 */
#define FILTER_NODES (4 * HASH_NODES)
#define LEAST_NODES  (1u << 12)
#define NODES        (4 * FILTER_NODES)
#define STEPS        (BDD_STEPS / 4)

#define ROUNDS 16 /* of asking threads that have come since */

/* A filter that was met. */
struct filter_known {
	uint8_t bytes[SHA256_SIZE];
	const char *blob;    /* digest of its blob, in hexadecimal */
	const char *meaning; /* its semantic hash in hexadecimal, "" if that is unknown */
	bool in_force;       /* is one that is installed and in force */
	const struct engine_filter *engine; /* what an engine makes of one; NULL: none in force is needed, or none found */
};

struct budget {
	uint32_t nodes;
	uint64_t steps;
};

struct report {
	struct arena *arena;
	struct arena own;   /* of the filter at hand */
	struct arena stack; /* of the thread at hand */
	const struct status *status;
	struct engines engines;
	pid_t pid;
	struct buf out;
	struct filter_known *known;
	size_t knowns, room;
	struct budget left; /* for all filters to come */
	bool lost;          /* output cannot be written */
};

/* What a thread is under: indices of report.known, the oldest first. */
struct thread {
	pid_t tid;
	struct process_fields fields;
	size_t *filter;
	size_t filters;
	const char *why; /* its filters cannot be seen */
};

/* Those there were at some moment, ascending. */
struct threads {
	const pid_t *tid;
	size_t count;
};

static void flush(struct report *r)
{
	r->lost = !files_print(&r->out) || r->lost;
	r->out.len = 0;
}

/* --- one filter --- */

/* What the next filter may take; no nodes: nothing. */
static struct budget share_of(const struct budget *left)
{
	struct budget share = {.nodes = FILTER_NODES, .steps = left->steps / 2};

	while (share.nodes > left->nodes / 2)
		share.nodes /= 2;
	if (share.nodes < LEAST_NODES || !share.steps)
		share.nodes = 0;
	return share;
}

/* Leaves in *share what it did not take. */
static bool find_meaning(struct report *r, const struct program *p, struct budget *share,
	uint8_t digest[SHA256_SIZE])
{
	struct fault *faults;
	struct bdd bdd;

	if (check_program(&r->own, p, &faults))
		return false;
	bdd_init(&bdd, &r->own);
	bdd.most = share->nodes;
	bdd.steps = share->steps;
	bool found = hash_function(&bdd, symbolic_run(&bdd, p, arch_native()->order), digest);
	share->nodes -= bdd.count < share->nodes ? bdd.count : share->nodes;
	share->steps = bdd.full && bdd.steps > share->steps ? 0 : bdd.steps;
	return found;
}

/* Its semantic hash in hexadecimal; "" where the budget is too small for one. */
static const char *meaning_of(struct report *r, const struct program *p)
{
	uint8_t digest[SHA256_SIZE];
	struct budget share = share_of(&r->left);
	volatile bool found = false; /* survives the jump */

	if (!share.nodes)
		return "";
	/* all of it is taken, should memory run out; else the rest comes back */
	r->left.nodes -= share.nodes;
	r->left.steps -= share.steps;
	arena_init(&r->own, FILTER_ARENA);
	if (!setjmp(r->own.out)) {
		found = find_meaning(r, p, &share, digest);
		r->left.nodes += share.nodes;
		r->left.steps += share.steps;
	}
	arena_free(&r->own);
	return found ? record_hex(r->arena, digest) : "";
}

/* Digest of the blob that it is on this machine. */
static const char *blob_of(struct report *r, const struct program *p)
{
	struct buf b;

	arena_init(&r->own, FILTER_ARENA);
	if (setjmp(r->own.out)) {
		arena_free(&r->own);
		longjmp(r->arena->out, 1);
	}
	buf_init(&b, &r->own);
	bytes_write(&b, p, arch_native()->order);
	const char *digest = record_digest(r->arena, b.bytes, b.len);
	arena_free(&r->own);
	return digest;
}

/* Is it the blob of the record, or does it do the same? Of a filter without a hash the blob alone is known. */
static bool means(const struct record *record, const struct filter_known *known)
{
	const char *blob = record->file[PLACE_BPF].sha256;

	return (*known->meaning && strcmp(record->meaning, known->meaning) == 0) ||
		(blob && strcmp(blob, known->blob) == 0);
}

static bool is_in_force(const struct status *status, const struct filter_known *known)
{
	for (size_t i = 0; i < status->count; i++) {
		const struct installed *in = &status->line[i].installed;
		if (in->has_record && means(&in->record, known))
			return true;
	}
	return false;
}

static size_t know(struct report *r, const struct program *p)
{
	struct filter_known new = {.meaning = ""};

	static_assert(sizeof(*p->insn) == 8, "no byte of it is padding");
	sha256_of((const char *)p->insn, p->len * sizeof(*p->insn), new.bytes);
	for (size_t i = 0; i < r->knowns; i++) {
		if (memcmp(r->known[i].bytes, new.bytes, SHA256_SIZE) == 0)
			return i;
	}
	if (r->knowns == r->room) {
		r->known = arena_grow(
			r->arena, r->known, r->room, 2 * r->room + 8, sizeof(*r->known));
		r->room = 2 * r->room + 8;
	}
	new.blob = blob_of(r, p);
	new.meaning = meaning_of(r, p);
	new.in_force = is_in_force(r->status, &new);
	if (*new.meaning && !new.in_force)
		new.engine = engines_find(&r->engines, r->arena, new.meaning);
	new.in_force = new.in_force || (new.engine && new.engine->in_force);
	r->known[r->knowns] = new;
	return r->knowns++;
}

/* Every installed profile, and every generation kept, that does the same. */
static bool print_matches(struct report *r, const struct filter_known *known)
{
	bool any = false;

	for (size_t i = 0; i < r->status->count; i++) {
		const struct status_line *line = &r->status->line[i];
		const struct installed *in = &line->installed;
		if (in->has_record && means(&in->record, known)) {
			buf_printf(&r->out, "    as %s, generation %u, in force\n",
				utf8_string(r->arena, line->name),
				in->record.generation);
			any = true;
		}
		for (size_t n = 0; n < in->kept.count; n++) {
			const struct generation *g = &in->kept.one[n];
			if (!g->complete || !means(&g->record, known) ||
				(in->has_record && g->number == in->record.generation))
				continue;
			buf_printf(&r->out, "    as %s, generation %u, which is not in force\n",
				utf8_string(r->arena, line->name), g->number);
			any = true;
		}
	}
	return any;
}

/* What a runtime made of the JSON, where it adds to it. */
static void print_engine(struct report *r, const struct engine_filter *e)
{
	buf_printf(&r->out, "    as %s, generation %u, %s, as %s makes it of the JSON",
		utf8_string(r->arena, e->profile), e->generation,
		e->in_force ? "in force" : "which is not in force", e->engine);
	if (e->libseccomp)
		buf_printf(&r->out, " with libseccomp %s", e->libseccomp);
	buf_text(&r->out, "\n");
}

static void print_claim(
	struct report *r, const struct trailer *t, const char *key, const char *before)
{
	const char *value = trailer_value(r->arena, t, key);

	if (value)
		buf_printf(&r->out, "%s%s", before, utf8_string(r->arena, value));
}

static void print_trailer(struct report *r, const struct program *p, const char *meaning)
{
	struct trailer t;

	if (!trailer_find(r->arena, p, &t))
		return;
	buf_text(&r->out, "    says of itself:");
	print_claim(r, &t, "by", " by ");
	print_claim(r, &t, "abis", " for ");
	print_claim(r, &t, "runtime", ", runtime ");
	buf_printf(&r->out, ", profile %.12s\n", record_hex(r->arena, t.profile));
	if (*meaning && trailer_hashed(&t) && strcmp(record_hex(r->arena, t.meaning), meaning) != 0)
		buf_text(&r->out, "    and of its meaning, which is another: it was changed\n");
}

static void print_filter(struct report *r, const struct program *p, const struct filter_known *known,
	size_t index, size_t count)
{
	const char *age = "";

	if (count > 1 && index == 0)
		age = ", the oldest";
	else if (count > 1 && index + 1 == count)
		age = ", the newest";
	buf_printf(&r->out, "  filter %zu of %zu%s: %zu instructions, meaning %.12s\n", index + 1,
		count, age, p->len, *known->meaning ? known->meaning : "unknown");
	bool any = print_matches(r, known);
	if (!*known->meaning)
		buf_printf(&r->out, "    its meaning was not found within the budget%s\n",
			any ? ": known by its bytes" : "");
	else if (known->engine && (known->engine->in_force || !any))
		print_engine(r, known->engine);
	else if (!any)
		buf_text(&r->out, "    not installed here\n");
	print_trailer(r, p, known->meaning);
	flush(r);
}

/* --- the process --- */

static void print_fields(struct buf *b, const struct process_fields *f)
{
	static const char *const modes[] = {"no filter", "strict mode", "filters"};

	if (f->mode == 2 && f->filters >= 0)
		buf_printf(b, "%d filter%s", f->filters, f->filters == 1 ? "" : "s");
	else if (f->mode >= 0 && f->mode < (int)countof(modes))
		buf_text(b, modes[f->mode]);
	else
		buf_printf(b, "Seccomp %d", f->mode);
	if (f->no_new_privs >= 0)
		buf_printf(b, ", NoNewPrivs %d", f->no_new_privs);
}

static bool same_fields(const struct process_fields *a, const struct process_fields *b)
{
	return a->mode == b->mode && a->filters == b->filters && a->no_new_privs == b->no_new_privs;
}

static bool is_ok(const struct report *r, const struct thread *t)
{
	for (size_t i = 0; i < t->filters; i++) {
		if (r->known[t->filter[i]].in_force)
			return true;
	}
	return false;
}

static bool same_meaning(const struct report *r, size_t a, size_t b)
{
	const char *left = r->known[a].meaning, *right = r->known[b].meaning;

	return a == b || (*left && strcmp(left, right) == 0);
}

/* Has it a filter of the main thread's that the thread has not? Or fewer, where they are not seen. */
static bool is_weaker(const struct report *r, const struct thread *t, const struct thread *main)
{
	if (t->fields.mode == 0 || main->fields.mode == 1 || t->fields.mode == 1)
		return t->fields.mode == 0 ? main->fields.mode != 0
					   : main->fields.mode == 1 && t->fields.mode != 1;
	if (t->why || main->why)
		return t->fields.filters < main->fields.filters;
	for (size_t i = 0; i < main->filters; i++) {
		size_t k = 0;
		while (k < t->filters && !same_meaning(r, t->filter[k], main->filter[i]))
			k++;
		if (k == t->filters)
			return true;
	}
	return false;
}

static bool same_filters(const struct thread *a, const struct thread *b)
{
	return !a->why && !b->why && a->filters == b->filters &&
		(!a->filters ||
			memcmp(a->filter, b->filter, a->filters * sizeof(*a->filter)) == 0);
}

/* Stops the thread, copies its filters and lets it go on; only then are they looked at. */
static void look(struct report *r, struct thread *t, struct process_filters *filters)
{
	*filters = (struct process_filters){0};
	t->filters = 0;
	t->why = NULL;
	if (t->fields.mode != 2)
		return;
	t->why = process_filters(filters, &r->stack, t->tid);
	if (t->why)
		return;
	t->filter = arena_alloc(r->arena, filters->count, sizeof(*t->filter));
	for (; t->filters < filters->count; t->filters++)
		t->filter[t->filters] = know(r, &filters->program[t->filters]);
}

static void print_stack(
	struct report *r, const struct thread *t, const struct process_filters *filters)
{
	for (size_t i = 0; i < t->filters; i++)
		print_filter(r, &filters->program[i], &r->known[t->filter[i]], i, t->filters);
}

static bool has_ended(pid_t pid, pid_t tid)
{
	struct process_fields now;

	return !process_fields(&now, pid, tid) || process_exited(&now);
}

/* One that is not the main one: told if it is unlike it, in what it has or in what winnow can see. */
static int print_thread(struct report *r, struct thread *t, const struct thread *main)
{
	struct process_filters filters;

	look(r, t, &filters);
	if (t->why && has_ended(r->pid, t->tid))
		return EXIT_DONE;
	bool weaker = is_weaker(r, t, main);
	int status = !weaker && (t->why || is_ok(r, t)) ? EXIT_DONE : EXIT_FINDING;
	if (same_fields(&t->fields, &main->fields) && (same_filters(t, main) || main->why))
		return main->why ? EXIT_DONE : status;
	buf_printf(&r->out, "  thread %d, unlike the main one: ", (int)t->tid);
	print_fields(&r->out, &t->fields);
	if (t->why && !main->why)
		buf_printf(&r->out, "; which filters cannot be seen: %s", t->why);
	buf_text(&r->out, "\n");
	if (weaker)
		buf_printf(&r->out, "    weaker: it is %s\n",
			t->fields.mode == 0 ? "under no filter"
					    : "not under all filters of the main thread");
	flush(r);
	print_stack(r, t, &filters);
	return t->why && !main->why && !weaker ? EXIT_HOST : status;
}

/* The first that lives. False: none does. */
static bool find_main(struct thread *main, pid_t pid, const struct threads *threads)
{
	for (size_t i = 0; i < threads->count; i++) {
		main->tid = threads->tid[i];
		if (process_fields(&main->fields, pid, main->tid) && !process_exited(&main->fields))
			return true;
	}
	return false;
}

static int print_head(struct report *r, struct thread *main, const struct threads *threads)
{
	const struct process_fields *f = &main->fields;
	const pid_t pid = r->pid;

	if (!process_fields(&main->fields, pid, pid)) {
		message("process %d: %s", (int)pid,
			errno == ENOENT ? "there is none" : strerror(errno));
		return EXIT_HOST;
	}
	bool exited = process_exited(f);
	if (exited && !find_main(main, pid, threads)) {
		message("process %d: it has exited, and waits for its parent", (int)pid);
		return EXIT_HOST;
	}
	buf_printf(&r->out, "process %d (%s): ", (int)pid, utf8_string(r->arena, f->name));
	print_fields(&r->out, f);
	buf_text(&r->out, "\n");
	if (exited)
		buf_printf(&r->out, "  the main thread has exited: thread %d stands for it\n",
			(int)main->tid);
	if (f->tracer)
		buf_printf(&r->out, "  a tracer is attached: process %d\n", (int)f->tracer);
	flush(r);
	return EXIT_DONE;
}

static void tell_unseen(const struct thread *main, pid_t pid)
{
	if (main->fields.tracer)
		message("process %d: which filters cannot be seen: a tracer is attached, process "
			"%d, and the kernel allows one",
			(int)pid, (int)main->fields.tracer);
	else
		message("process %d: which filters cannot be seen: %s", (int)pid, main->why);
}

/* That what stands above is not all there is to say. */
static void print_unknown(struct report *r)
{
	size_t unknown = 0;

	for (size_t i = 0; i < r->knowns; i++)
		unknown += !*r->known[i].meaning;
	if (!unknown)
		return;
	buf_printf(&r->out,
		"  partial: %zu filter%s of unknown meaning, beyond the budget for a process\n",
		unknown, unknown == 1 ? "" : "s");
	flush(r);
}

/* How bad: a finding, filters that cannot be seen, nothing. */
static int worse(int a, int b)
{
	return a == EXIT_FINDING || b == EXIT_FINDING ? EXIT_FINDING : a ? a : b;
}

static int by_number(const void *a, const void *b)
{
	const pid_t *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static bool is_in(pid_t tid, const pid_t *list, size_t count)
{
	return count && bsearch(&tid, list, count, sizeof(*list), by_number) != NULL;
}

/* Those that were not there at the time of `before`. *came: how many; those that have ended started others. */
static int print_threads(struct report *r, const struct thread *main, const struct threads *now,
	const struct threads *before, size_t *came)
{
	int status = EXIT_DONE;

	*came = 0;
	for (size_t i = 0; i < now->count; i++) {
		struct thread one = {.tid = now->tid[i]};
		if (one.tid == main->tid || is_in(one.tid, before->tid, before->count))
			continue;
		++*came;
		if (!process_fields(&one.fields, r->pid, one.tid) || process_exited(&one.fields))
			continue;
		arena_reset(&r->stack);
		status = worse(status, print_thread(r, &one, main));
	}
	return status;
}

/*
 * All of them, until none has come meanwhile. Where they keep coming not all can be asked, which is no
 * finding, but nothing to call well.
 */
static int print_all_threads(struct report *r, const struct thread *main, struct threads now)
{
	struct threads before = {0};
	int status = EXIT_DONE;
	size_t came = 1;

	for (unsigned round = 0; round < ROUNDS && came; round++) {
		status = worse(status, print_threads(r, main, &now, &before, &came));
		before = now;
		now.tid = process_threads(r->arena, r->pid, &now.count);
	}
	if (!came)
		return status;
	buf_printf(&r->out, "  partial: new threads kept coming, %d times: the last were not asked\n",
		ROUNDS);
	flush(r);
	return worse(status, EXIT_HOST);
}

static int print_process(struct report *r)
{
	struct process_filters filters;
	struct thread main = {.tid = r->pid};
	struct threads threads;
	int status;

	threads.tid = process_threads(r->arena, r->pid, &threads.count);
	status = print_head(r, &main, &threads);
	if (status)
		return status;
	look(r, &main, &filters);
	print_stack(r, &main, &filters);
	status = main.why ? EXIT_HOST : is_ok(r, &main) ? EXIT_DONE : EXIT_FINDING;
	int others = print_all_threads(r, &main, threads);
	print_unknown(r);
	if (main.why)
		tell_unseen(&main, r->pid);
	return worse(status, others);
}

int running_print(struct arena *arena, const struct root *root, const struct status *status, pid_t pid)
{
	struct report r = {.arena = arena, .status = status, .pid = pid, .left = {NODES, STEPS}};
	volatile int exit = EXIT_HOST; /* survives the jump */

	engines_init(&r.engines, root, status);
	buf_init(&r.out, arena);
	arena_init(&r.stack, STACK_ARENA);
	if (!setjmp(r.stack.out))
		exit = print_process(&r);
	else
		message("process %d: out of memory", (int)pid);
	arena_free(&r.stack);
	return r.lost ? EXIT_HOST : exit;
}
