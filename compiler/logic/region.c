/*
 * In: a function of the arguments and one of its values. Out: text that says for which arguments it
 * has it.
 *
 * Made one or other, the function is split argument by argument: if all ways out of the nodes of
 * one argument lead to "no" or to one other node, the condition is "this argument is such, and the
 * rest". What such an argument may be is said as ranges of values, else as bits that are fixed. All
 * walks are cut off once there is more to say than anyone reads.
 */

#include "region.h"

#include "../base/base.h"
#include "../kernel/call.h"
#include "combine.h"
#include "meaning.h"

#define ARG_BITS   64u
#define RANGES_MAX 3u
#define STEPS_MAX  4096u

struct range64 {
	uint64_t first, last;
};

struct region {
	struct bdd *bdd;
	const struct abi *abi;
	unsigned arg;
	uint32_t begin;    /* first variable of the argument */
	uint32_t yes;      /* what the argument leads to when it is right; else it is BDD_FALSE */
	uint32_t steps;    /* left of STEPS_MAX */
	uint64_t relevant; /* bits of the argument that are looked at */
	struct range64 range[RANGES_MAX + 1];
	unsigned ranges;
};

/* --- one argument --- */

/* Finds the one way out that is not "no", into r->yes. False if there are several. */
static bool find_exit(struct region *r, uint32_t node)
{
	uint32_t var = bdd_first(r->bdd, node, node);

	if (node == BDD_FALSE)
		return true;
	if (var >= r->begin + ARG_BITS) {
		bool fits = r->yes == BDD_FALSE || r->yes == node;
		r->yes = node;
		return fits;
	}
	if (!r->steps--) {
		r->steps = 0;
		return false;
	}
	r->relevant |= UINT64_C(1) << (ARG_BITS - 1 - (var - r->begin));
	return find_exit(r, bdd_given(r->bdd, node, var, false)) &&
		find_exit(r, bdd_given(r->bdd, node, var, true));
}

static void add_range(struct region *r, uint64_t first, uint64_t last)
{
	if (r->ranges && r->range[r->ranges - 1].last + 1 == first)
		r->range[r->ranges - 1].last = last;
	else if (r->ranges <= RANGES_MAX)
		r->range[r->ranges++] = (struct range64){first, last};
}

/* Ranges within first..first + 2^bits - 1; more than RANGES_MAX are not counted. */
static void find_ranges(struct region *r, uint32_t node, uint64_t first, unsigned bits)
{
	uint32_t var = r->begin + ARG_BITS - bits;

	if (node == BDD_FALSE || r->ranges > RANGES_MAX)
		return;
	if (node == r->yes) {
		add_range(r, first,
			bits == ARG_BITS ? UINT64_MAX : first + ((UINT64_C(1) << bits) - 1));
		return;
	}
	find_ranges(r, bdd_given(r->bdd, node, var, false), first, bits - 1);
	find_ranges(r, bdd_given(r->bdd, node, var, true), first + (UINT64_C(1) << (bits - 1)),
		bits - 1);
}

/* Is it one way only from `node` to `to`, with `other` on all side ways? Then the bits are fixed.
 */
static bool find_cube(const struct region *r, uint32_t node, uint32_t to, uint32_t other,
	uint64_t *mask, uint64_t *value)
{
	*mask = *value = 0;
	while (node != to) {
		uint32_t var = bdd_first(r->bdd, node, node);
		if (var >= r->begin + ARG_BITS)
			return false;
		uint64_t bit = UINT64_C(1) << (ARG_BITS - 1 - (var - r->begin));
		uint32_t lo = bdd_given(r->bdd, node, var, false);
		uint32_t hi = bdd_given(r->bdd, node, var, true);
		if (lo != other && hi != other)
			return false;
		*mask |= bit;
		*value |= lo == other ? bit : 0;
		node = lo == other ? hi : lo;
	}
	return true;
}

/* --- words --- */

static void number(struct buf *b, uint64_t value)
{
	buf_printf(b, value < 1024 ? "%llu" : "0x%llx", (unsigned long long)value);
}

/* The argument, or what is looked at of it. */
static void operand(struct buf *b, const struct region *r, uint64_t mask)
{
	uint64_t whole = r->abi && r->abi->bits == 32 ? UINT32_MAX : UINT64_MAX;

	if (mask == whole)
		buf_printf(b, "a%u", r->arg);
	else
		buf_printf(b, "(a%u & 0x%llx)", r->arg, (unsigned long long)mask);
}

static void relation(
	struct buf *b, const struct region *r, uint64_t mask, const char *op, uint64_t k)
{
	operand(b, r, mask);
	buf_printf(b, " %s ", op);
	number(b, k);
}

/* `max` is the largest value. */
static void print_range(struct buf *b, const struct region *r, struct range64 range, uint64_t max)
{
	if (range.first == range.last)
		relation(b, r, max, "==", range.first);
	else if (!range.first)
		relation(b, r, max, "<=", range.last);
	else if (range.last == max)
		relation(b, r, max, ">=", range.first);
	else {
		relation(b, r, max, "in", range.first);
		buf_text(b, "..");
		number(b, range.last);
	}
}

/* All values but one? */
static bool is_hole(const struct region *r, uint64_t max)
{
	const struct range64 *range = r->range;

	return r->ranges == 2 && !range[0].first && range[1].last == max &&
		range[0].last + 2 == range[1].first;
}

static void print_ranges(struct buf *b, const struct region *r, uint64_t max)
{
	if (is_hole(r, max)) {
		relation(b, r, max, "!=", r->range[0].last + 1);
		return;
	}
	for (unsigned i = 0; i < r->ranges; i++) {
		buf_text(b, i ? " or " : r->ranges > 1 ? "(" : "");
		print_range(b, r, r->range[i], max);
	}
	buf_text(b, r->ranges > 1 ? ")" : "");
}

/* One range or all but one value; else bits; else a few ranges. */
static bool print_argument(struct buf *b, struct region *r, uint32_t node)
{
	bool low = r->relevant <= UINT32_MAX;
	uint64_t max = low ? UINT32_MAX : UINT64_MAX, mask, value;
	bool in = find_cube(r, node, r->yes, BDD_FALSE, &mask, &value);
	bool out = !in && find_cube(r, node, BDD_FALSE, r->yes, &mask, &value);

	find_ranges(r, node, 0, low ? ARG_BITS / 2 : ARG_BITS);
	bool bits = (in || out) && r->ranges != 1 && !is_hole(r, max);
	if (bits)
		relation(b, r, mask, in ? "==" : "!=", value);
	else if (r->ranges <= RANGES_MAX)
		print_ranges(b, r, max);
	return bits || r->ranges <= RANGES_MAX;
}

static bool print_all(struct buf *b, struct bdd *bdd, uint32_t node, const struct abi *abi)
{
	for (bool first = true; node != BDD_TRUE; first = false) {
		uint32_t var = bdd_first(bdd, node, node);
		struct region r = {.bdd = bdd, .abi = abi, .yes = BDD_FALSE, .steps = STEPS_MAX};
		while (r.arg < CALL_ARGS && var >= meaning_variable(WORD_LO(r.arg)) + ARG_BITS / 2)
			r.arg++;
		if (r.arg == CALL_ARGS || var < meaning_variable(WORD_HI(r.arg)))
			return false;
		r.begin = meaning_variable(WORD_HI(r.arg));
		if (!find_exit(&r, node))
			return false;
		buf_text(b, first ? "" : " and ");
		if (!print_argument(b, &r, node))
			return false;
		node = r.yes;
	}
	return true;
}

static bool try_print(
	struct buf *b, struct bdd *bdd, const char *word, uint32_t where, const struct abi *abi)
{
	size_t len = b->len;

	buf_text(b, word);
	if (where != BDD_FALSE && print_all(b, bdd, where, abi))
		return true;
	b->len = len;
	return false;
}

bool region_print(
	struct buf *b, struct bdd *bdd, uint32_t function, uint64_t value, const struct abi *abi)
{
	uint32_t where = combine_is(bdd, function, value);
	uint32_t elsewhere = bdd_ite(bdd, where, BDD_FALSE, BDD_TRUE);

	if (where == BDD_TRUE || try_print(b, bdd, "when ", where, abi) ||
		try_print(b, bdd, "unless ", elsewhere, abi))
		return true;
	buf_text(b, "for some arguments");
	return false;
}
