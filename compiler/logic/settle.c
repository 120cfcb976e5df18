/*
 * On an audit arch whose arguments have no upper halves, these are 0: every test of one of their
 * bits is left out for what follows where the bit is 0. Where the upper half follows bit 31 or is 0
 * (what a MIPS kernel of 64 bits and one of 32 make of a word on the stack), it is all ones for
 * calls with all ones there and bit 31 set, and stands for 0 in all others.
 *
 * Halves come in the order of their variables, the upper one of an argument before its lower one,
 * so that one walk from the root down meets each before what depends on it.
 */

#include "settle.h"

#include "../base/base.h"
#include "meaning.h"

#define WORD_BITS 32u

struct walk {
	struct bdd *bdd;
	const struct abi *abi;
	uint32_t *known; /* by node: its result + 1 */
	uint32_t nodes;  /* that there were when it began; those made since are not walked */
};

/* The argument whose upper half the variable is a bit of. False: it is none. */
static bool upper_variable(uint32_t var, unsigned *arg)
{
	for (*arg = 0; *arg < CALL_ARGS; ++*arg) {
		uint32_t first = meaning_variable(WORD_HI(*arg));
		if (first <= var && var < first + WORD_BITS)
			return true;
	}
	return false;
}

/* What is left where all bits of the upper half are `ones`. */
static uint32_t given_half(const struct bdd *b, uint32_t function, unsigned arg, bool ones)
{
	return meaning_given(b, function, WORD_HI(arg), ones ? UINT32_MAX : 0);
}

/* The upper half is all ones and so is bit 31 ? ones : zero. */
static uint32_t choose(struct bdd *b, unsigned arg, uint32_t ones, uint32_t zero)
{
	uint32_t first = meaning_variable(WORD_HI(arg));
	uint32_t bit31 = bdd_node(b, meaning_variable(WORD_LO(arg)), BDD_FALSE, BDD_TRUE);
	uint32_t result = bdd_ite(b, bit31, ones, zero);

	for (uint32_t i = WORD_BITS; i--;)
		result = bdd_node(b, first + i, zero, result);
	return result;
}

static uint32_t walk(struct walk *w, uint32_t node)
{
	struct bdd *b = w->bdd;
	const struct bdd_node n = b->node[node];
	unsigned arg;
	uint32_t result;

	if (bdd_is_leaf(b, node))
		return node;
	assert(node < w->nodes);
	if (w->known[node])
		return w->known[node] - 1;
	if (b->full || !b->steps--) {
		b->full = true;
		return BDD_FALSE;
	}
	enum upper upper = upper_variable(n.var, &arg) ? arch_upper(w->abi, arg) : UPPER_ANY;
	if (upper == UPPER_ANY) {
		uint32_t lo = walk(w, n.lo), hi = walk(w, n.hi);
		result = bdd_node(b, n.var, lo, hi);
	} else {
		uint32_t zero = walk(w, given_half(b, node, arg, false));
		result = zero;
		if (upper == UPPER_EXTENDED)
			result = choose(b, arg, walk(w, given_half(b, node, arg, true)), zero);
	}
	w->known[node] = result + 1;
	return result;
}

/* Does one walk serve both? */
static bool alike(const struct abi *a, const struct abi *b)
{
	return a && a->upper == b->upper && a->upper_stack == b->upper_stack;
}

static uint32_t settle_abi(struct walk *w, uint32_t function, const struct abi *abi)
{
	struct bdd *b = w->bdd;
	uint32_t here = meaning_given(b, function, WORD_ARCH, abi->audit);

	if (bdd_is_leaf(b, here))
		return function;
	if (!alike(w->abi, abi)) {
		w->nodes = b->count;
		w->known = arena_alloc(b->arena, w->nodes, sizeof(*w->known));
	}
	w->abi = abi;
	uint32_t settled = walk(w, here);
	return settled == here ? function : meaning_on(b, abi->audit, settled, function);
}

uint32_t settle(struct bdd *b, uint32_t function)
{
	struct walk w = {.bdd = b};

	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if ((abi->upper || abi->upper_stack) && !b->full)
			function = settle_abi(&w, function, abi);
	}
	return function;
}

/* The upper half is 0 ? zero : it is all ones ? ones : false. */
static uint32_t halves(struct bdd *b, unsigned arg, uint32_t zero, uint32_t ones)
{
	uint32_t first = meaning_variable(WORD_HI(arg));

	for (uint32_t i = WORD_BITS; --i;) {
		zero = bdd_node(b, first + i, zero, BDD_FALSE);
		ones = bdd_node(b, first + i, BDD_FALSE, ones);
	}
	return bdd_node(b, first, zero, ones);
}

/* Upper half by upper half, from the last variable to the first. */
uint32_t settle_possible(struct bdd *b, const struct abi *abi)
{
	uint32_t result = BDD_TRUE;

	for (unsigned arg = CALL_ARGS; arg--;) {
		enum upper upper = arch_upper(abi, arg);
		uint32_t bit31 = meaning_variable(WORD_LO(arg)), ones = BDD_FALSE, zero = result;
		if (upper == UPPER_ANY)
			continue;
		if (upper == UPPER_EXTENDED)
			ones = bdd_node(b, bit31, BDD_FALSE, result);
		result = halves(b, arg, zero, ones);
	}
	return result;
}

static bool is_possible(enum upper upper, uint64_t value)
{
	uint32_t high = (uint32_t)(value >> 32);
	bool extended = high == UINT32_MAX && value >> 31 & 1;

	return upper == UPPER_ANY || !high || (upper == UPPER_EXTENDED && extended);
}

bool settle_exists(const struct call *call)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		for (unsigned arg = 0; abi->audit == call->arch && arg < CALL_ARGS; arg++) {
			if (!is_possible(arch_upper(abi, arg), call->args[arg]))
				return false;
		}
	}
	return true;
}
