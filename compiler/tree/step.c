/* Halves are tested one after the other: the low one only where the high one leaves it to it. */

#include "step.h"

#include "../meaning/policy.h"

static bool is_less(enum cond_op op)
{
	return op == COND_LT || op == COND_LE;
}

static enum test test_of(enum cond_op op)
{
	static const uint8_t tests[] = {[COND_EQ] = TEST_EQ, [COND_NE] = TEST_EQ, [COND_LT] = TEST_GE,
		[COND_LE] = TEST_GT, [COND_GE] = TEST_GE, [COND_GT] = TEST_GT};

	return (enum test)tests[op];
}

/* An order with nothing above it asks that the high half is 0. */
size_t step_make(struct step step[static STEPS_EACH], const struct atom *a)
{
	enum cond_op op = (enum cond_op)a->op;
	struct step high = {.word = (uint8_t)WORD_HI(a->arg), .test = TEST_EQ, .mask = (uint32_t)(a->mask >> 32),
		.k = (uint32_t)(a->value >> 32)};
	struct step low = {.word = (uint8_t)(a->part == PART_HI ? WORD_HI(a->arg) : WORD_LO(a->arg)),
		.test = (uint8_t)test_of(op), .negated = op == COND_NE || is_less(op), .mask = (uint32_t)a->mask,
		.k = (uint32_t)a->value};

	if (a->part != PART_BOTH) {
		step[0] = low;
		return 1;
	}
	if (op != COND_EQ && !(is_less(op) && high.k == 0)) {
		step[0] = (struct step){.word = (uint8_t)WORD_LO(a->arg), .test = a->op, .whole = true,
			.mask = a->mask, .k = a->value};
		return 1;
	}
	step[0] = high;
	step[1] = low;
	return 2;
}

int step_compare(const struct step *a, const struct step *b)
{
	if (a->word != b->word)
		return a->word < b->word ? -1 : 1;
	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (a->whole != b->whole || a->test != b->test)
		return a->whole * TEST_NONE + a->test - b->whole * TEST_NONE - b->test;
	if (a->negated != b->negated)
		return a->negated - b->negated;
	return a->k < b->k ? -1 : a->k > b->k;
}

/* Does one JSET tell it, of the word as it is? */
static bool is_jset(const struct step *s)
{
	return s->mask != UINT32_MAX && s->test == TEST_EQ && (s->k == 0 || (s->k == s->mask && !(s->mask & (s->mask - 1))));
}

unsigned step_size(const struct step *s)
{
	if (s->whole)
		return 5;
	return s->mask == UINT32_MAX || is_jset(s) ? 2 : 3;
}

bool step_is_value(const struct step *s)
{
	return !s->whole && !s->negated && s->test == TEST_EQ;
}

static uint32_t build_test(struct graph *g, unsigned word, uint32_t mask, enum test test, uint32_t k, uint32_t yes,
	uint32_t no)
{
	if (mask != UINT32_MAX)
		return graph_test_held(g, word, mask, test, k, yes, no);
	if (test == TEST_EQ && k == 0) /* as search.c has it */
		return graph_test(g, word, mask, TEST_GE, 1, no, yes);
	return graph_test(g, word, mask, test, k, yes, no);
}

/* The high half decides, or is the value's and leaves it to the low one. */
static uint32_t build_whole(struct graph *g, const struct step *s, uint32_t yes, uint32_t no)
{
	uint32_t mask = (uint32_t)s->mask, above = (uint32_t)(s->mask >> 32), lo = (uint32_t)s->k,
		 hi = (uint32_t)(s->k >> 32);
	enum cond_op op = (enum cond_op)s->test;
	unsigned low = s->word, high = low + 1;

	if (op == COND_NE)
		return graph_test(g, high, above, TEST_EQ, hi, graph_test(g, low, mask, TEST_EQ, lo, no, yes), yes);
	uint32_t more = is_less(op) ? no : yes, less = is_less(op) ? yes : no;
	uint32_t last = graph_test(g, low, mask, test_of(op), lo, more, less);
	if (hi == 0) /* nothing is less */
		return build_test(g, high, above, TEST_EQ, 0, last, more);
	uint32_t same = build_test(g, high, above, TEST_EQ, hi, last, less);
	return build_test(g, high, above, TEST_GT, hi, more, same);
}

uint32_t step_build(struct graph *g, const struct step *s, uint32_t yes, uint32_t no)
{
	if (s->whole)
		return build_whole(g, s, yes, no);
	uint32_t holds = s->negated ? no : yes, fails = s->negated ? yes : no, mask = (uint32_t)s->mask,
		 k = (uint32_t)s->k;
	return is_jset(s) ? graph_test(g, s->word, mask, (enum test)s->test, k, holds, fails)
			  : build_test(g, s->word, mask, (enum test)s->test, k, holds, fails);
}
