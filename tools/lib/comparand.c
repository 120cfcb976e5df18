/* Bytes to programs to functions; each answer can be had without a function, too. */

#include "comparand.h"

#include "single.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/check.h"
#include "../../backends/bpf/sim.h"
#include "../../backends/prove/symbolic.h"
#include "../../compiler/explain/words.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/stack.h"
#include "../../compiler/logic/verdict.h"

#include <string.h>

/* --- a blob, which has no header: its order is the ABI's, or the one in which its opcodes are opcodes --- */

static const char *order_name(enum byte_order order)
{
	return order == ORDER_BIG ? "big" : "little";
}

/* By its first letter, which is no opcode's byte in either order, and no byte 0, which every filter has. */
static bool is_json(const struct source *source)
{
	size_t at = 0;

	while (at < source->len && strchr(" \t\r\n", source->bytes[at]) && source->bytes[at])
		at++;
	return at < source->len && source->bytes[at] == '{' && !memchr(source->bytes, 0, source->len);
}

const char *comparand_program(struct arena *arena, const struct source *source, const struct abi *abi,
	enum byte_order *order, struct program *program)
{
	enum byte_order guess = ORDER_LITTLE;

	const char *other = single_own(arena, source);
	if (other)
		return other;
	if (!source->len)
		return "the filter is empty: there are no instructions";
	if (is_json(source))
		return "this is JSON, no filter: winnow compile makes one of a profile";
	if (source->len % INSN_SIZE)
		return buf_print(arena, "%zu bytes are no filter: instructions have %d each", source->len, INSN_SIZE);
	bool guessed = bytes_guess(source->bytes, source->len, &guess);
	if (!abi && !guessed)
		return "no byte order makes sense of it; say for which architecture it is";
	*order = abi ? abi->order : guess;
	if (guessed && *order != guess)
		return buf_print(arena, "the filter is %s-endian, %s is not", order_name(guess), abi->name);
	*program = bytes_read(arena, source->bytes, source->len, *order);
	return NULL;
}

const char *comparand_fault(struct arena *arena, const struct comparand *side)
{
	struct fault *fault;

	for (size_t i = 0; i < side->filters.count; i++) {
		if (check_program(arena, &side->filters.program[i], &fault))
			return fault_text(arena, &side->filters.program[i], fault);
	}
	return NULL;
}

/* --- what they mean --- */

uint32_t filters_meaning(struct bdd *b, const struct filters *f)
{
	uint32_t all = symbolic_run(b, &f->program[0], f->order);

	for (size_t i = 1; i < f->count; i++)
		all = stack_function(b, STACK_STRICTEST, all, symbolic_run(b, &f->program[i], f->order));
	return all;
}

uint64_t filters_answer(const struct filters *f, const struct call *call)
{
	uint64_t all = sim_run(&f->program[0], f->order, call, NULL, NULL);

	for (size_t i = 1; i < f->count; i++)
		all = stack_answer(all, sim_run(&f->program[i], f->order, call, NULL, NULL));
	return all;
}

void comparand_understand(struct bdd *b, struct comparand *side)
{
	uint32_t returned = side->is_profile ? meaning_policy(b, side->policy) : filters_meaning(b, &side->filters);

	side->meaning = settle(b, verdict_function(b, returned));
}

uint64_t comparand_answer(const struct comparand *side, const struct call *call)
{
	if (side->policy)
		return policy_decide(side->policy, call)->ret;
	return filters_answer(&side->filters, call);
}

bool comparand_says(uint64_t answer, uint64_t verdict)
{
	return !is_undecided(answer) && verdict_of((uint32_t)answer) == verdict;
}

const char *comparand_open(struct bdd *b, uint32_t open)
{
	struct call call;
	struct buf why;

	if (open == bdd_leaf(b, DIFF_SAME))
		return NULL;
	buf_init(&why, b->arena);
	undecided_print(&why, diff_witness(b, open, &call));
	buf_text(&why, ", as for ");
	call_print(&why, &call, 0);
	return buf_string(&why);
}

void call_print_bare(struct buf *b, const struct call *call, size_t least)
{
	const struct abi *abi = arch_of_call(call->arch, call->nr);
	const char *name = abi ? words_number(b->arena, abi, call->nr) : NULL;
	size_t args = CALL_ARGS;

	while (args > least && !call->args[args - 1])
		args--;
	if (name)
		buf_text(b, name);
	else
		buf_printf(b, "number %u", call->nr);
	for (size_t i = 0; i < args; i++)
		buf_printf(b, call->args[i] < 1024 ? "%s%llu" : "%s0x%llx", i ? ", " : "(",
			(unsigned long long)call->args[i]);
	buf_text(b, args ? ")" : name ? "()" : "");
	if (call->ip)
		buf_printf(b, " at 0x%llx", (unsigned long long)call->ip);
}

void call_print(struct buf *b, const struct call *call, size_t least)
{
	const struct abi *abi = arch_of_call(call->arch, call->nr);

	if (abi)
		buf_printf(b, "%s ", abi->name);
	else
		buf_printf(b, "audit arch 0x%08x ", call->arch);
	call_print_bare(b, call, least);
}
