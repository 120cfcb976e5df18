/*
 * Filters are compared by what they do, so that one that runc and libseccomp made of the installed
 * JSON is known again, whatever it looks like. Its trailer, if it has one, is a claim and shown as
 * one.
 */

#include "running.h"

#include "process.h"

#include "../files.h"
#include "../message.h"
#include "../options.h"

#include "../../backends/check.h"
#include "../../backends/hash.h"
#include "../../backends/symbolic.h"
#include "../../backends/trailer.h"
#include "../../compiler/utf8.h"

#include <errno.h>
#include <string.h>

struct report {
	struct arena *arena;
	const struct status *status;
	struct buf out;
	bool known; /* a filter is one that is installed and in force */
};

/* --- one filter --- */

/* Its semantic hash in hexadecimal; "" where the budget is too small for one. */
static const char *meaning_of(struct arena *arena, const struct program *p)
{
	uint8_t digest[SHA256_SIZE];
	struct fault *faults;
	struct bdd bdd;

	if (check_program(arena, p, &faults))
		return "";
	bdd_init(&bdd, arena);
	if (!hash_function(&bdd, symbolic_run(&bdd, p, arch_native()->order), digest))
		return "";
	return record_hex(arena, digest);
}

static bool means(const struct record *record, const char *meaning)
{
	return *meaning && strcmp(record->meaning, meaning) == 0;
}

/* Every installed profile, and every generation kept, that does the same. */
static bool print_matches(struct report *r, const char *meaning)
{
	bool any = false;

	for (size_t i = 0; i < r->status->count; i++) {
		const struct status_line *line = &r->status->line[i];
		const struct installed *in = &line->installed;
		if (in->has_record && means(&in->record, meaning)) {
			buf_printf(&r->out, "    as %s, generation %u, in force\n",
				utf8_string(r->arena, line->name),
				in->record.generation);
			any = r->known = true;
		}
		for (size_t n = 0; n < in->generations; n++) {
			const struct generation *g = &in->generation[n];
			if (!g->complete || !means(&g->record, meaning) ||
				(in->has_record && g->number == in->record.generation))
				continue;
			buf_printf(&r->out, "    as %s, generation %u, which is not in force\n",
				utf8_string(r->arena, line->name), g->number);
			any = true;
		}
	}
	return any;
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
	if (*meaning && strcmp(record_hex(r->arena, t.meaning), meaning) != 0)
		buf_text(&r->out, "    and of its meaning, which is another: it was changed\n");
}

static void print_filter(struct report *r, const struct program *p, size_t index, size_t count)
{
	const char *meaning = meaning_of(r->arena, p), *age = "";

	if (count > 1 && index == 0)
		age = ", the oldest";
	else if (count > 1 && index + 1 == count)
		age = ", the newest";
	buf_printf(&r->out, "  filter %zu of %zu%s: %zu instructions, meaning %.12s\n", index + 1,
		count, age, p->len, *meaning ? meaning : "unknown");
	if (!print_matches(r, meaning))
		buf_text(&r->out, "    not installed here\n");
	print_trailer(r, p, meaning);
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

/* Filters are a thread's own. Those that are under others than the main thread are told. */
static void print_threads(struct report *r, pid_t pid, const struct process_fields *main)
{
	struct process_fields f;
	size_t threads;
	const pid_t *thread = process_threads(r->arena, pid, &threads);

	for (size_t i = 0; i < threads; i++) {
		if (!process_fields(&f, pid, thread[i]) || same_fields(&f, main))
			continue;
		buf_printf(&r->out, "  thread %d, unlike the main one: ", (int)thread[i]);
		print_fields(&r->out, &f);
		buf_text(&r->out, "\n");
	}
}

static int print_process(struct report *r, pid_t pid)
{
	struct process_fields fields;
	struct process_filters filters;

	if (!process_fields(&fields, pid, pid)) {
		message("process %d: %s", (int)pid,
			errno == ENOENT ? "there is none" : strerror(errno));
		return EXIT_HOST;
	}
	buf_printf(&r->out, "process %d (%s): ", (int)pid, utf8_string(r->arena, fields.name));
	print_fields(&r->out, &fields);
	buf_text(&r->out, "\n");
	print_threads(r, pid, &fields);
	if (fields.mode != 2)
		return EXIT_FINDING;
	const char *why = process_filters(&filters, r->arena, pid);
	if (why) {
		message("process %d: which filters cannot be seen: %s", (int)pid, why);
		return EXIT_HOST;
	}
	for (size_t i = 0; i < filters.count; i++)
		print_filter(r, &filters.program[i], i, filters.count);
	return r->known ? EXIT_DONE : EXIT_FINDING;
}

int running_print(struct arena *arena, const struct status *status, pid_t pid)
{
	struct report r = {.arena = arena, .status = status};

	buf_init(&r.out, arena);
	int exit = print_process(&r, pid);
	return files_print(&r.out) ? exit : EXIT_HOST;
}
