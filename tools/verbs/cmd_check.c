/* winnow check: would the kernel take this blob? */

#include "../cli/blob.h"
#include "../cli/files.h"
#include "../cli/side.h"

#include "../../backends/bpf/check.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/settle.h"
#include "../../backends/prove/symbolic.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/base/utf8.h"

#include <setjmp.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "whose byte order to read it in; default: the one that fits"},
};

#define WARNINGS_MAX 16u

/* Calls on which kernels differ, one for each instruction that is why. */
static void warn_of_calls(struct buf *out, const struct blob *b, struct bdd *bdd, uint32_t open)
{
	struct call call;

	for (unsigned n = 0; open != bdd_leaf(bdd, DIFF_SAME) && !bdd->full; n++) {
		if (n == WARNINGS_MAX) {
			buf_printf(out, "%s: warning: and of others\n", utf8_string(out->arena, b->name));
			return;
		}
		uint64_t why = diff_witness(bdd, open, &call);
		buf_printf(out, "%s: warning: ", utf8_string(out->arena, b->name));
		undecided_print(out, why);
		buf_text(out, ", as for ");
		call_print(out, &call, 0);
		buf_text(out, "\n");
		open = diff_without(bdd, open, why);
	}
}

/* What is too intricate to be looked through. */
static void warn_of_shifts(struct buf *out, const struct blob *b)
{
	size_t count = 0, first = 0;

	for (size_t pc = b->program.len; pc--;) {
		if (!is_shift_by_x(&b->program.insn[pc]))
			continue;
		count++;
		first = pc;
	}
	buf_printf(out, "%s: warning: instruction %zu", utf8_string(out->arena, b->name), first);
	if (count > 1)
		buf_printf(out, " and %zu more shift", count - 1);
	else
		buf_text(out, " shifts");
	buf_printf(out,
		" by X: whether by %u or more, on which kernels differ, was not found out within "
		"the budget\n",
		SHIFT_MAX + 1);
}

/* Whether the kernel takes it is known already: here running out of memory is no failure. */
static void warn_undecided(struct buf *out, const struct blob *b)
{
	const size_t len = out->len;
	struct arena arena;
	struct bdd bdd;

	arena_init(&arena, (size_t)256 << 20);
	if (setjmp(arena.out) == 0) {
		bdd_init(&bdd, &arena);
		uint32_t meaning = settle(&bdd, symbolic_run(&bdd, &b->program, b->order));
		uint32_t open = diff_undecided(&bdd, meaning);
		if (bdd.full)
			warn_of_shifts(out, b);
		else
			warn_of_calls(out, b, &bdd, open);
	} else {
		out->len = len;
		warn_of_shifts(out, b);
	}
	arena_free(&arena);
}

/* Nothing else is why kernels differ. */
static bool any_shift(const struct program *p)
{
	bool any = false;

	for (size_t pc = 0; pc < p->len; pc++)
		any = any || is_shift_by_x(&p->insn[pc]);
	return any;
}

static int check(struct blob *b, const struct parsed *p)
{
	struct fault *fault;
	struct buf out;
	const char *name;
	int status = blob_read(b, p, p->value[OPT_ARCH], p->operand[0]);

	if (status)
		return status;
	size_t faults = check_program(&b->arena, &b->program, &fault);
	buf_init(&out, &b->arena);
	name = utf8_string(&b->arena, b->name);
	for (size_t i = 0; i < faults; i++) {
		if (fault[i].pc < b->program.len)
			buf_printf(&out, "%s: instruction %zu: %s\n", name, fault[i].pc, fault[i].why);
		else
			buf_printf(&out, "%s: %s\n", name, fault[i].why);
	}
	if (!faults)
		buf_printf(&out, "%s: the kernel takes it: %zu instructions, %s-endian; %zu against the "
				 "limit of 32768 for all filters of a task\n",
			name, b->program.len, b->order == ORDER_BIG ? "big" : "little",
			check_translated(&b->program));
	if (!faults && any_shift(&b->program))
		warn_undecided(&out, b);
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
	.operands = "BLOB|-",
	.summary = "hold a filter against the kernel's rules for loading it",
	.about = "Prints every rule the filter breaks, with the instruction, where the kernel would only\n"
		 "say EINVAL. Exits 1 if there is one. Warns of instructions on which kernels differ.\n",
	.examples = "winnow check web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
