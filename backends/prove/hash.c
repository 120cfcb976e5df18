/*
 * The diagram of a function is unique up to the numbers of its nodes, so it is hashed with numbers
 * that follow from its shape: nodes count from 0 in the order in which a walk that takes 0 before 1
 * leaves them. Each writes one line of fixed length when it is left: its kind, and its variable
 * with the numbers of both ways, or its value. Before them stands what this is, so that another
 * serialisation has other hashes.
 *
 * Returned values are verdicts here, and calls that cannot exist count for nothing: what the kernel
 * does not tell apart has one hash.
 */

#include "hash.h"

#include "../../compiler/base/base.h"
#include "../../compiler/logic/settle.h"
#include "symbolic.h"
#include "../../compiler/logic/verdict.h"

#define HEADER "winnow meaning 1\n"

struct walk {
	const struct bdd *bdd;
	struct sha256 sha;
	uint32_t *number; /* by node: its number + 1; 0: not yet left */
	uint32_t count;
	bool undecided; /* a value is */
};

static void put(uint8_t *bytes, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i) & 0xff);
}

static void leave(struct walk *w, uint32_t node, uint32_t a, uint32_t b, uint32_t c)
{
	uint8_t line[12];

	put(line, a);
	put(line + 4, b);
	put(line + 8, c);
	sha256_add(&w->sha, line, sizeof(line));
	w->number[node] = ++w->count;
}

/* Deep as the variables are many. */
static void visit(struct walk *w, uint32_t node)
{
	if (w->number[node])
		return;
	if (bdd_is_leaf(w->bdd, node)) {
		w->undecided |= is_undecided(bdd_value(w->bdd, node));
		leave(w, node, UINT32_MAX, 0, (uint32_t)bdd_value(w->bdd, node));
		return;
	}
	const struct bdd_node *n = &w->bdd->node[node];
	visit(w, n->lo);
	visit(w, n->hi);
	leave(w, node, n->var, w->number[n->lo] - 1, w->number[n->hi] - 1);
}

bool hash_function(struct bdd *b, uint32_t function, uint8_t digest[static SHA256_SIZE])
{
	uint32_t verdicts = settle(b, verdict_function(b, function));
	struct walk w = {.bdd = b};

	if (b->full)
		return false;
	w.number = arena_alloc(b->arena, b->count, sizeof(*w.number));
	sha256_start(&w.sha);
	sha256_add(&w.sha, HEADER, sizeof(HEADER) - 1);
	visit(&w, verdicts);
	sha256_end(&w.sha, digest);
	return !w.undecided;
}

bool hash_program(struct arena *arena, const struct program *program, enum byte_order order,
	uint8_t digest[static SHA256_SIZE])
{
	struct arena_mark before = arena_mark(arena);
	struct bdd b;

	bdd_init(&b, arena);
	b.most = HASH_NODES;
	b.steps = HASH_STEPS;
	bool hashed = hash_function(&b, symbolic_run(&b, program, order), digest);
	arena_release(arena, before);
	return hashed;
}
