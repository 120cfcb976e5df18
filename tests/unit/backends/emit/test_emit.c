/*
 * Decision graphs that no policy leads to, emitted: the kernel takes the program, and it goes where
 * the graph goes. Children lie hundreds of instructions away, the hot ones too.
 */

#include "backends/bpf/check.h"
#include "backends/bpf/sim.h"
#include "backends/emit/emit.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GRAPHS 3000
#define LEAVES 4
#define NODES  1000
#define CALLS  40

struct made {
	struct node node[NODES];
	uint64_t weight[NODES];
	struct tree tree;
};

static uint32_t below(struct dice *d, size_t n)
{
	return (uint32_t)(dice_roll(d) % n);
}

/* A child of node i: one about as far away as a jump reaches, or any. */
static uint32_t child(struct dice *d, uint32_t i)
{
	uint32_t back = below(d, 3) ? 100 + below(d, 200) : 1 + below(d, i);

	return back < i ? i - back : below(d, i);
}

static void make_graph(struct made *m, struct dice *d)
{
	static const uint8_t words[] = {WORD_NR, WORD_NR, WORD_NR, WORD_NR, WORD_ARG_LO, WORD_ARG_HI};
	uint32_t nodes = LEAVES + 1 + below(d, NODES - LEAVES - 1);
	bool narrow = below(d, 2), apart = false;

	for (uint32_t i = 0; i < nodes; i++) {
		struct node *n = &m->node[i];
		m->weight[i] = dice_roll(d) % 1000;
		*n = (struct node){.word = WORD_NONE, .k = 0x00050001 + i, .mask = UINT32_MAX};
		if (i < LEAVES)
			continue;
		n->word = narrow ? WORD_NR : words[below(d, countof(words))];
		n->test = (uint8_t)below(d, TEST_SET + 1);
		n->mask = below(d, 20) ? UINT32_MAX : 0xff;
		n->k = below(d, 64);
		/* through the node just made every one is reached, and past one with both children far */
		bool first = below(d, 2), past = apart;
		uint32_t near_by = i - 1, other = past ? i - 2 : child(d, i);
		apart = !past && i > LEAVES + 1 && below(d, 3) == 0;
		if (apart)
			near_by = child(d, i);
		n->yes = first ? near_by : other;
		n->no = first ? other : near_by;
	}
	m->tree = (struct tree){m->node, m->weight, nodes, nodes - 1};
}

static bool holds(const struct node *n, const struct call *call)
{
	uint32_t value = call_word(call, n->word) & n->mask;

	switch (n->test) {
	case TEST_EQ:
		return value == n->k;
	case TEST_GT:
		return value > n->k;
	case TEST_GE:
		return value >= n->k;
	default:
		return value & n->k;
	}
}

static uint32_t walk(const struct tree *t, const struct call *call)
{
	uint32_t at = t->root;

	while (t->node[at].word != WORD_NONE)
		at = holds(&t->node[at], call) ? t->node[at].yes : t->node[at].no;
	return t->node[at].k;
}

/* Jumps that reach just as far as jumps do, and those that go on where one did not reach. */
static void count_far(const struct program *p, size_t *reach, size_t *landings)
{
	for (size_t pc = 0; pc < p->len; pc++) {
		*reach += p->insn[pc].jt == UINT8_MAX || p->insn[pc].jf == UINT8_MAX;
		*landings += p->insn[pc].code == INSN_JA;
	}
}

static void programs_go_where_their_graphs_go(void **state)
{
	static struct made m;
	struct dice dice = {1};
	struct arena arena;
	static size_t reach, landings, full;

	(void)state;
	for (volatile size_t i = 0; i < GRAPHS; i++) {
		struct program p;
		struct fault *faults;
		ARENA_START(&arena);
		make_graph(&m, &dice);
		if (!emit(&arena, &m.tree, ORDER_LITTLE, &p)) {
			full++;
			arena_free(&arena);
			continue;
		}
		assert_int_equal(check_program(&arena, &p, &faults), 0);
		count_far(&p, &reach, &landings);
		for (size_t c = 0; c < CALLS; c++) {
			const struct call call = {.nr = below(&dice, 300), .args = {below(&dice, 80)}};
			assert_int_equal(sim_run(&p, ORDER_LITTLE, &call, NULL, NULL), walk(&m.tree, &call));
		}
		arena_free(&arena);
	}
	assert_true(reach > 100);
	assert_true(landings > 100);
	assert_true(full < GRAPHS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_go_where_their_graphs_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
