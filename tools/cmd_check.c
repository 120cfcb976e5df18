/* winnow check: would the kernel take this blob? */

#include "blob.h"
#include "files.h"
#include "side.h"

#include "../backends/check.h"
#include "../backends/diff.h"
#include "../backends/settle.h"
#include "../backends/symbolic.h"
#include "../backends/verdict.h"
#include "../compiler/utf8.h"

enum { ARCH, ROWS };
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH", "whose byte order to read it in; default: the one that fits"},
};

/* Instructions that make what is returned for some call differ from kernel to kernel. */
static void warn_undecided(struct buf *out, struct blob *b)
{
	struct bdd bdd;
	struct call call;

	bdd_init(&bdd, &b->arena);
	uint32_t meaning = settle(&bdd, symbolic_run(&bdd, &b->program, b->order));
	for (size_t pc = 0; pc < b->program.len; pc++) {
		if (!is_shift_by_x(&b->program.insn[pc]))
			continue;
		uint32_t open = diff_only(&bdd, meaning, UNDECIDED + pc);
		bool some = open != bdd_leaf(&bdd, DIFF_SAME);
		if (!bdd.full && !some)
			continue;
		buf_printf(out, "%s: warning: ", utf8_string(out->arena, b->name));
		undecided_print(out, UNDECIDED + pc);
		if (!bdd.full) {
			diff_witness(&bdd, open, &call);
			buf_text(out, ", as for ");
			call_print(out, &call, 0);
		}
		buf_text(out, "\n");
	}
}

static int check(struct blob *b, const struct parsed *p)
{
	struct fault *fault;
	struct buf out;
	const char *name;
	int status = blob_read(b, p, p->value[ARCH], p->operand[0]);

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
	if (!faults)
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
	.option = rows,
	.options = ROWS,
	.least = 1,
	.most = 1,
	.run = run,
};
