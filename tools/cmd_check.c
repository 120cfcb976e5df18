/* winnow check: would the kernel take this blob? */

#include "blob.h"
#include "files.h"

#include "../backends/check.h"

enum { ARCH, ROWS };
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH", "whose byte order to read it in; default: the one that fits"},
};

static int check(struct blob *b, const struct parsed *p)
{
	struct fault *fault;
	struct buf out;
	int status = blob_read(b, p, p->value[ARCH], p->operand[0]);

	if (status)
		return status;
	size_t faults = check_program(&b->arena, &b->program, &fault);
	buf_init(&out, &b->arena);
	for (size_t i = 0; i < faults; i++) {
		if (fault[i].pc < b->program.len)
			buf_printf(&out, "%s: instruction %zu: %s\n", b->name, fault[i].pc, fault[i].why);
		else
			buf_printf(&out, "%s: %s\n", b->name, fault[i].why);
	}
	if (!faults)
		buf_printf(&out, "%s: the kernel takes it: %zu instructions, %s-endian; %zu against the "
				 "limit of 32768 for all filters of a task\n",
			b->name, b->program.len, b->order == ORDER_BIG ? "big" : "little",
			check_translated(&b->program));
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
		 "say EINVAL. Exits 1 if there is one.\n",
	.option = rows,
	.options = ROWS,
	.least = 1,
	.most = 1,
	.run = run,
};
