/* winnow check: would the kernel take this blob? */

#include "../cli/as_json.h"
#include "../cli/blob.h"
#include "../cli/files.h"
#include "../cli/quote.h"
#include "../cli/comparison.h"

#include "../../backends/bpf/check.h"
#include "../../backends/bpf/trailer.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/settle.h"
#include "../../backends/prove/symbolic.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/base/utf8.h"

#include <setjmp.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "whose byte order to read it in; default: the one that fits"},
	TAKE(FORMAT),
};

#define WARNINGS_MAX 16u

struct warnings {
	const char *text[2 * (WARNINGS_MAX + 1)]; /* of two kinds */
	size_t count;
};

static void warn(struct warnings *w, struct buf *text)
{
	assert(w->count < countof(w->text));
	w->text[w->count++] = buf_string(text);
}

/* Calls on which kernels differ, one for each instruction that is why. */
static void warn_of_calls(struct warnings *w, struct arena *arena, struct bdd *bdd, uint32_t open)
{
	struct call call;

	for (unsigned n = 0; open != bdd_leaf(bdd, DIFF_SAME) && !bdd->full; n++) {
		struct buf text;
		buf_init(&text, arena);
		if (n == WARNINGS_MAX) {
			buf_text(&text, "and of others");
			warn(w, &text);
			return;
		}
		uint64_t why = diff_witness(bdd, open, &call);
		undecided_print(&text, why);
		buf_text(&text, ", as for ");
		call_print(&text, &call, 0);
		warn(w, &text);
		open = diff_without(bdd, open, why);
	}
}

/* What is too intricate to be looked through. */
static void warn_of_shifts(struct warnings *w, struct blob *b, const struct program *p)
{
	size_t count = 0, first = 0;
	struct buf text;

	buf_init(&text, &b->arena);

	for (size_t pc = p->len; pc--;) {
		if (!is_shift_by_x(&p->insn[pc]))
			continue;
		count++;
		first = pc;
	}
	buf_printf(&text, "instruction %zu", first);
	if (count > 1)
		buf_printf(&text, " and %zu more shift", count - 1);
	else
		buf_text(&text, " shifts");
	buf_printf(&text,
		" by X: whether by %u or more, on which kernels differ, was not found out within "
		"the budget",
		SHIFT_MAX + 1);
	warn(w, &text);
}

/* Whether the kernel takes it is known already: here running out of memory is no failure. */
static void warn_undecided(struct warnings *w, struct blob *b, const struct program *p)
{
	struct arena arena;
	struct bdd bdd;

	arena_init(&arena, (size_t)256 << 20);
	if (setjmp(arena.out) == 0) {
		bdd_init(&bdd, &arena);
		uint32_t meaning = settle(&bdd, symbolic_run(&bdd, p, b->filters.order));
		uint32_t open = diff_undecided(&bdd, meaning);
		if (bdd.full)
			warn_of_shifts(w, b, p);
		else
			warn_of_calls(w, &b->arena, &bdd, open);
	} else {
		w->count = 0;
		warn_of_shifts(w, b, p);
	}
	arena_free(&arena);
}

/* What the kernel takes but nobody means. A trailer is meant never to be reached. */
static void warn_of_oddities(struct warnings *w, struct arena *arena, const struct program *p)
{
	struct trailer trailer;
	struct program code = *p;
	struct fault *advice;

	if (trailer_find(arena, p, &trailer))
		code.len = trailer.code;
	size_t count = check_advice(arena, &code, &advice);
	for (size_t i = 0; i < count; i++) {
		struct buf text;
		buf_init(&text, arena);
		if (i == WARNINGS_MAX) {
			buf_printf(&text, "and %zu more that nobody would mean", count - i);
			i = count;
		} else {
			buf_text(&text, fault_text(arena, &code, &advice[i]));
		}
		warn(w, &text);
	}
}

/* Nothing else is why kernels differ. */
static bool any_shift(const struct program *p)
{
	bool any = false;

	for (size_t pc = 0; pc < p->len; pc++)
		any = any || is_shift_by_x(&p->insn[pc]);
	return any;
}

struct checked {
	const struct program *program;
	const struct fault *fault;
	size_t faults;
	struct warnings warnings;
};

static const char *order_of(const struct blob *b)
{
	return b->filters.order == ORDER_BIG ? "big" : "little";
}

static void print_text(struct buf *out, const struct blob *b, const struct checked *c, const char *name)
{
	const struct fault *fault = c->fault;
	const struct warnings *w = &c->warnings;

	for (size_t i = 0; i < c->faults; i++) {
		if (fault[i].pc < c->program->len)
			buf_printf(out, "%s: instruction %zu: %s\n", name, fault[i].pc, fault[i].why);
		else
			buf_printf(out, "%s: %s\n", name, fault[i].why);
	}
	if (!c->faults)
		buf_printf(out, "%s: the kernel takes it: %zu instructions, %s-endian; %zu against the "
				"limit of 32768 for all filters of a task\n",
			name, c->program->len, order_of(b),
			check_translated(c->program));
	for (size_t i = 0; i < w->count; i++)
		buf_printf(out, "%s: warning: %s\n", name, w->text[i]);
}

static void print_json(struct buf *out, const struct blob *b, const struct checked *c, const char *name)
{
	const struct fault *fault = c->fault;
	const struct warnings *w = &c->warnings;
	const size_t faults = c->faults;

	as_json_begin(out, "check");
	buf_text(out, ", \"file\": ");
	quote_json(out, name);
	buf_printf(out, ", \"taken\": %s, \"instructions\": %zu, \"order\": \"%s\", \"translated\": ",
		faults ? "false" : "true", c->program->len, order_of(b));
	if (faults)
		buf_text(out, "null");
	else
		buf_printf(out, "%zu", check_translated(c->program));
	buf_text(out, ", \"faults\": [");
	for (size_t i = 0; i < faults; i++) {
		buf_text(out, i ? ", {\"instruction\": " : "{\"instruction\": ");
		if (fault[i].pc < c->program->len)
			buf_printf(out, "%zu", fault[i].pc);
		else
			buf_text(out, "null");
		buf_text(out, ", \"why\": ");
		quote_json(out, fault[i].why);
		buf_text(out, "}");
	}
	buf_text(out, "], \"warnings\": [");
	for (size_t i = 0; i < w->count; i++) {
		buf_text(out, i ? ", " : "");
		quote_json(out, w->text[i]);
	}
	buf_text(out, "]}\n");
}

static void check_one(struct checked *c, struct blob *b, const struct program *p)
{
	struct fault *fault;

	*c = (struct checked){.program = p, .faults = check_program(&b->arena, p, &fault)};
	c->fault = fault;
	if (!c->faults && any_shift(p))
		warn_undecided(&c->warnings, b, p);
	if (!c->faults)
		warn_of_oddities(&c->warnings, &b->arena, p);
}

static int check(struct blob *b, const struct parsed *p)
{
	struct checked checked;
	struct buf out, name;
	size_t faults = 0;
	bool json;
	int status = as_json_wanted(p, &json);

	status = status ? status : blob_read(b, p, p->value[OPT_ARCH], p->operand[0]);
	if (status)
		return status;
	if (json && b->filters.count != 1)
		return usage(p->verb, "JSON is for one filter, and '%s' has %zu", b->name, b->filters.count);
	buf_init(&out, &b->arena);
	for (size_t i = 0; i < b->filters.count; i++) {
		check_one(&checked, b, &b->filters.program[i]);
		faults += checked.faults;
		buf_init(&name, &b->arena);
		buf_printf(&name, "%s%s", utf8_string(&b->arena, b->name), b->filters.count > 1 ? ": " : "");
		filters_which(&name, &b->filters, i);
		if (json)
			print_json(&out, b, &checked, b->name);
		else
			print_text(&out, b, &checked, buf_string(&name));
	}
	if (!files_print(&out))
		return EXIT_HOST;
	return faults ? EXIT_FINDING : EXIT_DONE;
}

static int run(const struct parsed *p)
{
	return blob_run(p, check);
}

const struct verb verb_check = {
	.name = "check",
	.operands = "BLOB|pid:PID|-",
	.summary = "hold a filter against the kernel's rules for loading it",
	.about = "Prints every rule the filter breaks, with the instruction, where the kernel would only\n"
		 "say EINVAL. Exits 1 if there is one. Warns of instructions on which kernels differ, and of\n"
		 "what they take but nobody means: instructions that are never reached, jumps to the next\n"
		 "one, returned values that are read otherwise than written, system call numbers that are\n"
		 "tested before the ABI is.\n",
	.examples = "winnow check web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
