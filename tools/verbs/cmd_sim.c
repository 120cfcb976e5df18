/* winnow sim: one call through a blob, as the kernel would run it. */

#include "../cli/blob.h"
#include "../cli/call_words.h"
#include "../cli/files.h"
#include "../cli/message.h"

#include "../../backends/bpf/check.h"
#include "../../backends/write/disasm.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/kernel/action.h"

#include <stdio.h>
#include <string.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "ABI of the call (needed; of a process it is the machine's unless given)"},
	TAKE(TRACE),
	{OPT_QUIET, NULL, "not a word about how numbers were read"},
};

static bool find_nr(const char *text, const struct abi *abi, uint32_t *nr)
{
	uint16_t id;

	return (arch_syscall_find(text, strlen(text), &id) && arch_nr(abi, id, nr)) ||
		call_nr(text, abi, nr);
}

struct tracer {
	struct buf *out;
	size_t *start; /* of each line of the listing */
	struct buf listing;
};

static void trace_step(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	struct tracer *t = data;

	(void)x;
	if (a->unknown)
		buf_text(t->out, "  A=unknown   ");
	else
		buf_printf(t->out, "  A=%08x  ", a->value);
	buf_add(t->out, t->listing.bytes + t->start[pc], t->start[pc + 1] - t->start[pc]);
}

/* The listing is printed once; a step shows its line. */
static void prepare_trace(struct tracer *t, struct blob *b, const struct program *p, struct buf *out)
{
	size_t line = 0;

	*t = (struct tracer){.out = out};
	buf_init(&t->listing, &b->arena);
	disasm_print(&t->listing, p, b->filters.order, b->abi);
	t->start = arena_alloc(&b->arena, p->len + 1, sizeof(*t->start));
	for (size_t i = 0; i < t->listing.len && line < p->len; i++) {
		if (t->listing.bytes[i] == '\n')
			t->start[++line] = i + 1;
	}
}

static void print_answer(struct buf *out, uint64_t ret, size_t executed)
{
	if (is_undecided(ret)) {
		buf_text(out, "not decided: ");
		undecided_print(out, ret);
		buf_text(out, "\n");
	} else {
		action_print(out, sim_returned(ret));
		buf_printf(out, "  (%zu instructions)\n", executed);
	}
}

/* One filter's answer. */
static uint64_t simulate(struct buf *out, struct blob *b, const struct program *p, const struct call *call,
	bool traced, size_t *executed)
{
	struct tracer tracer;
	struct sim_trace trace = {trace_step, &tracer};

	if (traced)
		prepare_trace(&tracer, b, p, out);
	return sim_run(p, b->filters.order, call, executed, traced ? &trace : NULL);
}

/* That of all, behind each filter's own where there are several. */
static int simulate_all(struct blob *b, const struct parsed *p, const struct call *call)
{
	const struct filters *f = &b->filters;
	size_t executed, sum = 0;
	struct fault *fault;
	struct buf out;

	buf_init(&out, &b->arena);
	for (size_t i = 0; i < f->count; i++) {
		if (check_program(&b->arena, &f->program[i], &fault)) {
			message("%s: the kernel would not load this filter: %s", b->name,
				fault_text(&b->arena, &f->program[i], fault));
			return EXIT_HOST;
		}
		uint64_t ret = simulate(&out, b, &f->program[i], call, p->value[OPT_TRACE] != NULL, &executed);
		sum += executed;
		filters_which(&out, f, i);
		buf_text(&out, f->count > 1 ? ": " : "");
		if (f->count > 1)
			print_answer(&out, ret, executed);
	}
	uint64_t all = filters_answer(f, call);
	buf_text(&out, f->count > 1 ? "all of them: " : "");
	print_answer(&out, all, sum);
	return files_print(&out) && !is_undecided(all) ? EXIT_DONE : EXIT_HOST;
}

static int sim(struct blob *b, const struct parsed *p)
{
	struct call call = {0};

	pid_t pid;
	bool live = operand_pid(p->operand[0], &pid);
	const char *arch = p->value[OPT_ARCH] ? p->value[OPT_ARCH] : live ? "native" : NULL;

	if (!arch)
		return usage(p->verb, "--arch is needed: numbers mean something on an ABI only");
	int status = blob_read(b, p, arch, p->operand[0]);
	if (status)
		return status;
	call.arch = b->abi->audit;
	if (!find_nr(p->operand[1], b->abi, &call.nr))
		return call_unknown(p->verb, p->operand[1], b->abi);
	b->abi = call_abi(p->operand[1], b->abi, call.nr, p->value[OPT_QUIET] != NULL);
	status = call_args(
		p->verb, p->operand + 2, p->operands - 2, b->abi, p->value[OPT_QUIET], call.args);
	return status ? status : simulate_all(b, p, &call);
}

static int run(const struct parsed *p)
{
	return blob_run(p, sim);
}

const struct verb verb_sim = {
	.name = "sim",
	.operands = "BLOB|pid:PID|- SYSCALL|NR [ARG...]",
	.summary = "run a filter on one call and print its verdict",
	.about = "The call is what the kernel would show the filter: arguments that are not given "
		 "are 0,\n"
		 "negative ones fill the ABI's long, 32 or 64 bits. Numbers are decimal, 0x "
		 "hexadecimal or 0\n"
		 "octal; constants (AF_ALG, CLONE_NEWUSER|SIGCHLD) and an audit record's a0=26 will do. "
		 "Options come\n"
		 "first. Exits 5 with 'not decided' where the verdict differs from kernel to kernel.\n",
	.examples = "winnow sim -a x86_64 --trace web.bpf socket AF_ALG SOCK_STREAM 0\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2 + CALL_ARGS,
	.options_first = true,
	.run = run,
};
