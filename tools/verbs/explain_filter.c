/*
 * Nothing is read from instructions: a filter is a function of the call, and what is said of a number is
 * what is left of it. Verdicts are those that the kernel tells apart.
 */

#include "explain_filter.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/process.h"
#include "../cli/comparison.h"

#include "../../backends/bpf/check.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/base/utf8.h"
#include "../../compiler/explain/words.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/region.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/stack.h"
#include "../../compiler/logic/verdict.h"

#include <string.h>

#define LINE       80u /* columns of a paragraph */
#define LEAVES_MAX 6u  /* answers of a number that are told */

struct view {
	struct buf *out;
	struct bdd *bdd;
	const struct filters *filters;
	uint32_t function; /* of verdicts, settled */
	const struct abi *abi;
	struct row {
		const char *name;
		uint32_t rest; /* of the function for its number */
	} *row;
	size_t rows;
};

/* --- answers --- */

/* "ERRNO(1), refused with EPERM" */
static void print_answer(struct buf *out, uint64_t answer, const struct abi *abi)
{
	if (is_undecided(answer)) {
		buf_text(out, "not decided: ");
		undecided_print(out, answer);
		return;
	}
	action_print(out, (uint32_t)answer);
	buf_text(out, ", ");
	words_action(out, (uint32_t)answer, abi);
}

static uint32_t numbered(struct bdd *b, uint32_t function, uint32_t audit, uint32_t nr)
{
	return meaning_given(b, meaning_given(b, function, WORD_ARCH, audit), WORD_NR, nr);
}

/* Reads the operand and finds what it means. EXIT_DONE, or what to exit with, told. */
static int understand(struct view *v, struct arena *arena, const struct operand *o, const struct abi *abi,
	struct filters *f)
{
	struct fault *fault;
	int status = operand_filters(arena, o, abi, f);

	for (size_t i = 0; !status && i < f->count; i++) {
		if (!check_program(arena, &f->program[i], &fault))
			continue;
		message("%s: the kernel would not load this filter: %s", o->name,
			fault_text(arena, &f->program[i], fault));
		return EXIT_HOST;
	}
	if (status)
		return status;
	v->filters = f;
	bdd_init(v->bdd, arena);
	v->function = settle(v->bdd, verdict_function(v->bdd, filters_meaning(v->bdd, f)));
	if (!v->bdd->full)
		return EXIT_DONE;
	message("%s: not decided: what it means takes more room or time than it is given", o->name);
	return EXIT_HOST;
}

/* --- a call --- */

/* Which of the filters is obeyed: the newest of those that answer as all do. */
static size_t deciding(const struct filters *f, const struct call *call)
{
	uint64_t all = 0;
	size_t decides = 0;

	for (size_t i = 0; i < f->count; i++) {
		uint64_t answer = sim_run(&f->program[i], f->order, call, NULL, NULL);
		all = i ? stack_answer(all, answer) : answer;
		if (all == answer)
			decides = i;
	}
	return decides;
}

/* Each filter's own answer, and which of them is obeyed. */
static void print_filters(struct view *v, const struct call *call)
{
	const struct filters *f = v->filters;
	const size_t decides = deciding(f, call);

	for (size_t i = 0; i < f->count; i++) {
		filters_which(v->out, f, i);
		buf_text(v->out, ": ");
		print_answer(v->out, sim_run(&f->program[i], f->order, call, NULL, NULL), v->abi);
		buf_text(v->out, i == decides ? "  <- decides: none is stricter\n" : "\n");
	}
}

/* What this machine's actions_logged says of an action that would be a record, and of one that is none yet. */
static void print_logged(struct buf *out, const char *name, bool is_here)
{
	int has = is_here ? process_action_logged(name) : -1;

	if (has < 0)
		buf_printf(out, "The kernel writes a record of it (type=1326), where actions_logged has %s", name);
	else
		buf_printf(out, "The kernel writes %s record of it%s: this machine's actions_logged %s %s", has ? "a" : "no",
			has ? " (type=1326)" : "", has ? "has" : "lacks", name);
}

/*
 * Whether a record is left of a call that is so answered (kernel: kernel/seccomp.c seccomp_log()). The flag
 * that asks for it is the filter's that decides, and no instruction: of a file it cannot be known.
 */
static void print_record(struct buf *out, const struct filters *f, const struct call *call, uint32_t ret)
{
	enum action action = ACTION_KILL_PROCESS;

	action_of(ret, &action);
	if (action == ACTION_ALLOW)
		return;
	const char *name = action_logged_name(action);
	const int log = f->log ? f->log[deciding(f, call)] : -1;
	if (action_logged(action) || log > 0) {
		print_logged(out, name, f->log != NULL);
		buf_text(out, action_logged(action) ? ".\n" : ",\nand the filter was loaded with SECCOMP_FILTER_FLAG_LOG.\n");
	} else if (log == 0) {
		buf_text(out, "The kernel writes no record of it: the filter was loaded without "
			      "SECCOMP_FILTER_FLAG_LOG.\n");
	} else {
		buf_printf(out, "Not decided: whether the kernel writes a record of it (type=1326). It does if the filter %s\n"
				"with SECCOMP_FILTER_FLAG_LOG, where actions_logged has %s, and %s.\n",
			f->log ? "was loaded" : "is loaded", name,
			f->log ? "this kernel does not say if it was" : "a filter's file does not say if it is");
	}
}

int explain_filter_call(
	struct arena *arena, const struct operand *o, const struct abi *abi, const struct call *call)
{
	struct filters f;
	struct bdd bdd;
	struct buf out;
	struct view v = {.out = &out, .bdd = &bdd, .abi = abi};
	int status = understand(&v, arena, o, abi, &f);

	if (status)
		return status;
	uint64_t answer = meaning_at(&bdd, v.function, call);
	if (!is_undecided(answer) && !comparand_says(filters_answer(&f, call), answer)) {
		message_mistake("prover and simulator disagree on a call");
		return EXIT_MISTAKE;
	}
	buf_init(&out, arena);
	call_print(&out, call, CALL_ARGS);
	buf_text(&out, ": ");
	print_answer(&out, answer, abi);
	buf_text(&out, "\n");
	uint32_t rest = numbered(&bdd, v.function, call->arch, call->nr);
	if (bdd_is_leaf(&bdd, rest)) {
		buf_text(&out, "So is every call of that number, whatever its arguments.\n");
	} else {
		buf_text(&out, "It is so ");
		region_print(&out, &bdd, rest, answer, abi);
		buf_text(&out, ".\n");
	}
	if (f.count > 1) {
		buf_text(&out, "\n");
		print_filters(&v, call);
	}
	if (!is_undecided(answer))
		print_record(&out, &f, call, sim_returned(answer));
	buf_text(&out, "\nA filter does not have the rules it was made of: 'winnow explain PROFILE' names them, and\n"
		       "'winnow verify PROFILE FILTER' proves that it is that profile.\n");
	return !files_print(&out) || is_undecided(answer) ? EXIT_HOST : EXIT_DONE;
}

/* --- all of them --- */

static void gather(struct view *v, struct arena *arena)
{
	v->row = arena_alloc(arena, arch_syscall_count(), sizeof(*v->row));
	v->rows = 0;
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		uint32_t nr;
		if (!arch_nr(v->abi, (uint16_t)id, &nr))
			continue;
		v->row[v->rows++] = (struct row){arch_syscall_name((uint16_t)id),
			numbered(v->bdd, v->function, v->abi->audit, nr)};
	}
}

/* The names of those that are answered so whatever their arguments, as a paragraph. */
static void print_group(struct view *v, uint32_t leaf)
{
	size_t count = 0, column = 0;

	for (size_t i = 0; i < v->rows; i++)
		count += v->row[i].rest == leaf;
	buf_text(v->out, "\n### ");
	print_answer(v->out, bdd_value(v->bdd, leaf), v->abi);
	buf_printf(v->out, ": %zu syscall%s\n\n", count, count == 1 ? "" : "s");
	for (size_t i = 0; i < v->rows; i++) {
		size_t len = strlen(v->row[i].name);
		if (v->row[i].rest != leaf)
			continue;
		bool fits = column && column + 1 + len <= LINE;
		buf_printf(v->out, "%s%s", fits ? " " : column ? "\n" : "", v->row[i].name);
		column = fits ? column + 1 + len : len;
	}
	buf_text(v->out, "\n");
}

static bool is_first(const struct view *v, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (v->row[i].rest == v->row[at].rest)
			return false;
	}
	return true;
}

/* Orders answers as the kernel does, ALLOW highest. */
static int64_t mildness(uint64_t answer)
{
	return is_undecided(answer) ? INT64_MIN : (int64_t)((uint32_t)answer ^ 0x80000000u);
}

/* Mildest first, each once. */
static void print_groups(struct view *v)
{
	int64_t below = INT64_MAX;

	for (;;) {
		size_t mildest = v->rows;
		for (size_t i = 0; i < v->rows; i++) {
			if (!bdd_is_leaf(v->bdd, v->row[i].rest))
				continue;
			int64_t mild = mildness(bdd_value(v->bdd, v->row[i].rest));
			if (mild < below && (mildest == v->rows ||
						    mild > mildness(bdd_value(v->bdd, v->row[mildest].rest))))
				mildest = i;
		}
		if (mildest == v->rows)
			return;
		print_group(v, v->row[mildest].rest);
		below = mildness(bdd_value(v->bdd, v->row[mildest].rest));
	}
}

/* A row of the table for each answer that some arguments get. */
static void print_row(struct view *v, const struct row *row)
{
	uint32_t rest = row->rest, same = bdd_leaf(v->bdd, DIFF_SAME);

	for (unsigned n = 0; rest != same && !v->bdd->full; n++) {
		struct call call = {0};
		if (n == LEAVES_MAX) {
			buf_text(v->out, "| | and more answers |\n");
			return;
		}
		uint64_t leaf = diff_call(v->bdd, rest, &call);
		buf_printf(v->out, "| %s | ", n ? "" : row->name);
		print_answer(v->out, leaf, v->abi);
		buf_text(v->out, " ");
		region_print(v->out, v->bdd, row->rest, leaf, v->abi);
		buf_text(v->out, " |\n");
		rest = diff_without(v->bdd, rest, leaf);
	}
}

static void print_conditional(struct view *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->rows; i++)
		count += !bdd_is_leaf(v->bdd, v->row[i].rest);
	if (!count)
		return;
	buf_printf(v->out, "\n### Depending on arguments: %zu syscall%s\n\n| syscall | answers |\n|---|---|\n",
		count, count == 1 ? "" : "s");
	for (size_t i = 0; i < v->rows; i++) {
		if (!bdd_is_leaf(v->bdd, v->row[i].rest))
			print_row(v, &v->row[i]);
	}
}

static void print_abi(struct view *v, struct arena *arena)
{
	size_t kinds = 0;

	gather(v, arena);
	for (size_t i = 0; i < v->rows; i++)
		kinds += is_first(v, i);
	buf_printf(v->out, "\n## %s: %zu syscalls\n", v->abi->name, v->rows);
	if (kinds == 1 && bdd_is_leaf(v->bdd, v->row[0].rest)) {
		buf_text(v->out, "\nEvery one: ");
		print_answer(v->out, bdd_value(v->bdd, v->row[0].rest), v->abi);
		buf_text(v->out, ".\n");
		return;
	}
	print_groups(v);
	print_conditional(v);
	uint32_t last = v->abi->nr_last == UINT32_MAX ? v->abi->nr_last - 1 : v->abi->nr_last;
	struct call call = {.arch = v->abi->audit, .nr = last};
	buf_text(v->out, "\nNumbers without a name, such as the last: ");
	print_answer(v->out, meaning_at(v->bdd, v->function, &call), v->abi);
	buf_text(v->out, ".\n");
}

static void print_head(struct view *v, const char *name)
{
	const struct filters *f = v->filters;
	/* no ABI's */
	struct call call = {.arch = 0};

	buf_text(v->out, "# ");
	utf8_print(v->out, name, strlen(name));
	buf_text(v->out, "\n\n");
	for (size_t i = 0; i < f->count; i++)
		buf_printf(v->out, "%s%zu", i ? " and " : f->count > 1 ? "- Filters of " : "- A filter of ",
			f->program[i].len);
	buf_text(v->out, " instructions");
	if (f->count > 1)
		buf_text(v->out, ": of their answers the strictest counts");
	buf_text(v->out, ".\n- Calls of an audit arch that nothing has: ");
	print_answer(v->out, meaning_at(v->bdd, v->function, &call), NULL);
	buf_text(v->out, ".\n");
	for (size_t i = 0; f->log && i < f->count; i++) {
		buf_text(v->out, "- ");
		filters_which(v->out, f, i);
		buf_printf(v->out, "%s%s.\n", f->count > 1 ? ": " : "",
			f->log[i] < 0 ? "This kernel does not say if it was loaded with SECCOMP_FILTER_FLAG_LOG"
			: f->log[i]   ? "Loaded with SECCOMP_FILTER_FLAG_LOG: what it refuses leaves a record"
				      : "Loaded without SECCOMP_FILTER_FLAG_LOG: of what it refuses, kills alone leave a record");
	}
}

int explain_filter_all(
	struct arena *arena, const struct operand *o, const struct abi *native, const struct abi *abi)
{
	struct filters f;
	struct bdd bdd;
	struct buf out;
	struct view v = {.out = &out, .bdd = &bdd};
	bool apart = false;
	int status = understand(&v, arena, o, native, &f);

	if (status)
		return status;
	buf_init(&out, arena);
	print_head(&v, o->name);
	for (size_t pass = 0; pass < 2 && !apart; pass++) {
		for (size_t i = 0; i < arch_abi_count; i++) {
			v.abi = &arch_abis[i];
			bool is_told = !bdd_is_leaf(&bdd, meaning_given(&bdd, v.function, WORD_ARCH, v.abi->audit));
			if (v.abi->order != f.order || (abi ? abi != v.abi : pass ? v.abi != native : !is_told))
				continue;
			print_abi(&v, arena);
			apart = true;
		}
	}
	if (bdd.full) {
		message("%s: not decided: what it means takes more room or time than it is given", o->name);
		return EXIT_HOST;
	}
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}
