/*
 * The last word on a program, before anyone else sees it.
 *
 * In: a program and the policy it was made from. Out: a proof that they mean the same, or a call
 * for which they do not. Both become functions of the call in one store (meaning.c, symbolic.c),
 * where equal functions have equal indices; there is no approximation and nothing is sampled.
 *
 * That has a small budget at first, which nearly every filter is content with. Where it does not do,
 * the numbers whose clauses can be proved without a diagram (flow.c) are, and the diagrams are made
 * of all others, with the whole budget.
 *
 * A counterexample is believed only after policy_decide() and the simulator, which know nothing of
 * functions, have answered for that call and differ as said.
 */

#include "prove.h"

#include "../../compiler/base/base.h"
#include "../bpf/check.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "flow.h"
#include "hash.h"
#include "../../compiler/logic/meaning.h"
#include "../bpf/sim.h"
#include "symbolic.h"
#include "../../compiler/logic/verdict.h"

#include <string.h>

static enum proof undecided(struct witness *witness, const char *why)
{
	witness->why = why;
	return PROOF_UNDECIDED;
}

static enum proof fails(struct witness *witness, const char *why)
{
	witness->why = why;
	return PROOF_FAILS;
}

#define REFUSED       "the kernel refuses the program"
#define OUT_OF_BUDGET "the proof needs more room or time than it is given, diagrams of 2097152 nodes and 67108864 steps"
static_assert(BDD_NODES == 2097152 && BDD_STEPS == 67108864 && FLOW_STEPS == BDD_STEPS, "what is said of the budget");

/* All that follows takes opcodes, offsets and jumps for what the kernel lets through. */
static bool refused(struct arena *arena, const struct program *program)
{
	struct fault *faults;

	return check_program(arena, program, &faults) != 0;
}

/* A program that returns other things on other kernels, and why. */
static enum proof depends(struct arena *arena, struct witness *witness, uint64_t ret)
{
	struct buf b;

	buf_init(&b, arena);
	undecided_print(&b, ret);
	return undecided(witness, buf_string(&b));
}

/* What a question took is given back; why it has no answer, or which, is kept. */
static void forget(struct arena *arena, struct arena_mark before, struct witness *witness)
{
	char why[256] = "";

	if (witness->why) {
		assert(strlen(witness->why) < sizeof(why));
		memcpy(why, witness->why, strlen(witness->why));
	}
	arena_release(arena, before);
	if (witness->why)
		witness->why = arena_text(arena, why, strlen(why));
}

/*
 * What both say of the call, according to those who need no prover for it. Returns what the program
 * does, which may be UNDECIDED.
 */
static uint64_t ask(
	const struct program *program, const struct policy *policy, struct witness *witness)
{
	uint64_t ret = sim_run(program, policy->order, &witness->call, NULL, NULL);

	witness->program = is_undecided(ret) ? 0 : sim_returned(ret);
	witness->policy = policy_decide(policy, &witness->call)->ret;
	return ret;
}

/* --- by diagrams alone --- */

#define NODES_FIRST (1u << 16) /* 3 MiB */
#define STEPS_FIRST (1u << 22) /* 0.1 s */

static void store_init(struct prover *p)
{
	bdd_init(&p->b, p->arena);
	p->b.most = NODES_FIRST;
	p->b.steps = STEPS_FIRST;
	p->asked = false;
}

void prover_init(struct prover *p, struct arena *arena, const struct program *program)
{
	*p = (struct prover){.arena = arena, .program = program};
	p->refused = refused(arena, program);
}

/* Both as functions in the store; false: it is full. */
static bool understand(struct prover *p, const struct policy *policy, uint32_t *wanted)
{
	*wanted = meaning_policy(&p->b, policy);
	if (!p->asked || p->order != policy->order)
		p->both = symbolic_both(&p->b, p->program, policy->order);
	p->asked = true;
	p->order = policy->order;
	return !p->b.full;
}

static uint64_t decided_or_second(uint64_t f, uint64_t g)
{
	return is_undecided(f) ? g : f;
}

/* A call for which the program is not the policy, as it may be for all that is not decided. */
static enum proof disprove(struct prover *p, struct bdd *b, uint32_t says, uint32_t wanted,
	const struct policy *policy, struct witness *witness)
{
	uint32_t found = combine(b, says, wanted, decided_or_second);
	uint32_t open = diff_undecided(b, says);

	if (b->full)
		return undecided(witness, OUT_OF_BUDGET);
	if (found == wanted)
		return depends(p->arena, witness, diff_witness(b, open, &witness->call));
	witness->call = meaning_differ(b, found, wanted, policy);
	uint64_t ret = ask(p->program, policy, witness);
	if (witness->policy != meaning_at(b, wanted, &witness->call))
		return undecided(witness, "prover and policy disagree");
	if (ret != meaning_at(b, found, &witness->call))
		return undecided(witness, "prover and simulator disagree");
	return fails(witness, "program and policy differ");
}

/* --- numbers apart --- */

/* Two policies in one: what the first says of a number counts where the second says 1, not where it says 0. */
struct parts {
	struct policy rest, where;
	bool any; /* number that does not count */
};

static const struct clause no_clause, one_clause = {.ret = 1};

/* Of one audit arch: the numbers whose ranges were shown. */
static void set_apart(struct prover *p, enum byte_order order, const struct domain *from, struct domain *rest,
	struct domain *where, uint64_t *steps, bool *any)
{
	struct range *left = arena_raw(p->arena, from->ranges, sizeof(*left));
	struct range *counts = arena_raw(p->arena, from->ranges, sizeof(*counts));

	for (size_t i = 0; i < from->ranges; i++) {
		const struct range *r = &from->range[i];
		bool shown = r->first == r->last && r->clauses > 1 &&
			flow_shows(p->arena, p->program, order, from->audit, r->first, r, steps);
		left[i] = counts[i] = *r;
		counts[i].clause = shown ? &no_clause : &one_clause;
		counts[i].clauses = 1;
		if (shown)
			left[i] = counts[i];
		*any |= shown;
	}
	*rest = (struct domain){from->audit, left, from->ranges};
	*where = (struct domain){from->audit, counts, from->ranges};
}

static struct parts find_parts(struct prover *p, const struct policy *policy)
{
	struct domain *rest = arena_raw(p->arena, policy->domains, sizeof(*rest));
	struct domain *where = arena_raw(p->arena, policy->domains, sizeof(*where));
	struct parts parts = {.rest = *policy, .where = *policy};
	uint64_t steps = FLOW_STEPS;

	for (size_t d = 0; d < policy->domains; d++)
		set_apart(p, policy->order, &policy->domain[d], &rest[d], &where[d], &steps, &parts.any);
	parts.rest.domain = rest;
	parts.where.domain = where;
	parts.where.elsewhere = one_clause;
	return parts;
}

/* What is left has a store of its own, with so much room. */
static enum proof ask_in_parts(
	struct prover *p, const struct policy *policy, uint32_t nodes, struct witness *witness)
{
	struct parts parts = find_parts(p, policy);
	struct bdd b;

	bdd_init(&b, p->arena);
	b.most = nodes;
	uint32_t where = parts.any ? meaning_policy(&b, &parts.where) : BDD_TRUE;
	uint32_t wanted = meaning_policy(&b, &parts.rest);
	uint32_t found = symbolic_run_where(&b, p->program, policy->order, where);
	wanted = bdd_ite(&b, where, wanted, BDD_FALSE);
	found = bdd_ite(&b, where, found, BDD_FALSE);
	if (b.full)
		return undecided(witness, OUT_OF_BUDGET);
	return found == wanted ? PROOF_HOLDS : disprove(p, &b, found, wanted, policy, witness);
}

/* In the store at hand; false: it is full. */
static bool ask_store(struct prover *p, const struct policy *policy, struct witness *witness, enum proof *proof)
{
	uint32_t wanted;

	if (!understand(p, policy, &wanted))
		return false;
	*proof = p->both.found == wanted ? PROOF_HOLDS
					 : disprove(p, &p->b, p->both.found, wanted, policy, witness);
	return !p->b.full;
}

/* Where earlier policies have left too little, in a new one. */
static bool ask_stores(struct prover *p, const struct policy *policy, struct witness *witness, enum proof *proof)
{
	if (p->asked && ask_store(p, policy, witness, proof))
		return true;
	store_init(p);
	return ask_store(p, policy, witness, proof);
}

enum proof prover_ask(struct prover *p, const struct policy *policy, struct witness *witness)
{
	struct arena_mark before = arena_mark(p->arena);
	enum proof proof;

	*witness = (struct witness){0};
	if (p->refused)
		return undecided(witness, REFUSED);
	if (!p->crowded && ask_stores(p, policy, witness, &proof))
		return proof;
	p->crowded = true;
	arena_release(p->arena, before);
	proof = ask_in_parts(p, policy, BDD_NODES, witness);
	forget(p->arena, before, witness);
	return proof;
}

enum proof prove(struct arena *arena, const struct program *program, const struct policy *policy,
	struct witness *witness)
{
	struct arena_mark before = arena_mark(arena);
	struct prover p;

	prover_init(&p, arena, program);
	enum proof proof = prover_ask(&p, policy, witness);
	forget(arena, before, witness);
	return proof;
}

bool prove_cheaply(struct arena *arena, const struct program *program, const struct policy *policy)
{
	struct arena_mark before = arena_mark(arena);
	struct witness witness;
	struct prover p;
	uint32_t wanted;
	bool holds = false;

	prover_init(&p, arena, program);
	if (!p.refused) {
		store_init(&p);
		holds = understand(&p, policy, &wanted)
			? p.both.found == wanted
			: ask_in_parts(&p, policy, NODES_FIRST, &witness) == PROOF_HOLDS;
	}
	arena_release(arena, before);
	return holds;
}

/* What keeps the kernel from caching an action the policy has made constant. */
static const char *obstacle(struct arena *arena, const struct program *program, uint64_t emulated)
{
	struct buf b;

	buf_init(&b, arena);
	if (emulated < SYMBOLIC_STUCK) {
		buf_text(&b, "the program does not return plain ALLOW");
	} else {
		size_t pc = (size_t)(emulated - SYMBOLIC_STUCK);
		bool loads = program->insn[pc].code == INSN_LD;
		buf_printf(&b, "instruction %zu %s", pc,
			loads ? "loads what the kernel does not know beforehand"
			      : "is none that the kernel's emulator follows");
	}
	return arena_text(arena, b.bytes, b.len);
}

/* In a store that has what the emulator sees. */
static enum proof ask_emulated(struct arena *arena, struct bdd *b, const struct program *program,
	uint32_t emulated, const struct policy *policy, struct witness *witness)
{
	uint32_t allowed = meaning_allowed(b, policy), allow = bdd_leaf(b, RET_ALLOW);
	uint32_t cached = bdd_ite(b, allowed, emulated, allow);

	*witness = (struct witness){0};
	if (b->full)
		return undecided(witness, OUT_OF_BUDGET);
	if (cached == allow)
		return PROOF_HOLDS;
	witness->call = meaning_differ(b, cached, allow, policy);
	uint64_t ret = ask(program, policy, witness);
	if (is_undecided(ret))
		return depends(arena, witness, ret);
	if (witness->policy != RET_ALLOW)
		return undecided(witness, "prover and policy disagree");
	return fails(witness, obstacle(arena, program, meaning_at(b, emulated, &witness->call)));
}

static enum proof ask_cacheable(struct arena *arena, const struct program *program,
	const struct policy *policy, struct witness *witness)
{
	struct bdd b;

	*witness = (struct witness){0};
	if (refused(arena, program))
		return undecided(witness, REFUSED);
	bdd_init(&b, arena);
	uint32_t emulated = symbolic_emulate(&b, program, policy->order);
	return ask_emulated(arena, &b, program, emulated, policy, witness);
}

enum proof prove_cacheable(struct arena *arena, const struct program *program,
	const struct policy *policy, struct witness *witness)
{
	struct arena_mark before = arena_mark(arena);
	enum proof proof = ask_cacheable(arena, program, policy, witness);

	forget(arena, before, witness);
	return proof;
}

/* --- all that a filter is asked --- */

/* Where the proof left a store with what the program means, that answers, too. */
static enum proof caches(struct prover *p, const struct policy *policy, struct witness *witness)
{
	if (p->crowded)
		return ask_cacheable(p->arena, p->program, policy, witness);
	enum proof proof =
		ask_emulated(p->arena, &p->b, p->program, p->both.emulated, policy, witness);
	return p->b.full ? ask_cacheable(p->arena, p->program, policy, witness) : proof;
}

static bool find_hash(struct prover *p, enum byte_order order, uint8_t digest[static SHA256_SIZE])
{
	if (!p->crowded && !p->b.full && hash_function(&p->b, p->both.found, digest))
		return true;
	return hash_program(p->arena, p->program, order, digest);
}

struct proven prove_all(struct arena *arena, const struct program *program, const struct policy *policy)
{
	struct arena_mark before = arena_mark(arena);
	struct proven all = {.caches = PROOF_UNDECIDED};
	struct prover p;

	prover_init(&p, arena, program);
	all.means = prover_ask(&p, policy, &all.witness);
	if (all.means == PROOF_HOLDS) {
		all.hashed = find_hash(&p, policy->order, all.meaning);
		all.caches = caches(&p, policy, &all.witness);
	}
	forget(arena, before, &all.witness);
	return all;
}

bool prove_longer(struct arena *arena, const struct program *proved, const struct program *longer)
{
	struct arena_mark before = arena_mark(arena);
	bool same = longer->len >= proved->len && !refused(arena, proved) && !refused(arena, longer);

	for (size_t pc = 0; same && pc < proved->len; pc++) {
		const struct insn *a = &proved->insn[pc], *b = &longer->insn[pc];
		same = a->code == b->code && a->jt == b->jt && a->jf == b->jf && a->k == b->k;
	}
	arena_release(arena, before);
	return same;
}
