/* winnow disasm: a blob for people. */

#include "../cli/blob.h"
#include "../cli/files.h"

#include "../../backends/write/disasm.h"

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "whose byte order and names to use; default: what fits"},
};

static int disasm(struct blob *b, const struct parsed *p)
{
	struct buf out;
	int status = blob_read(b, p, p->value[OPT_ARCH], p->operand[0]);

	if (status)
		return status;
	buf_init(&out, &b->arena);
	disasm_print(&out, &b->program, b->order, b->abi);
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return blob_run(p, disasm);
}

const struct verb verb_disasm = {
	.name = "disasm",
	.operands = "BLOB|-",
	.summary = "print a filter with names, actions and jump targets",
	.examples = "winnow disasm -a x86_64 web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
