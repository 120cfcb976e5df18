/*
 * The prover against chance: random policies, the programs a plain compiler makes of them, and
 * mutants of these. Whatever the prover says is compared with what simulator, policy and the
 * kernel's emulator say of many calls. What is shown of a number without a diagram is compared with what
 * the diagrams say of it, and so is a proof of all numbers but those.
 */

#include "backends/bpf/check.h"
#include "backends/prove/flow.h"
#include "backends/prove/hash.h"
#include "compiler/logic/meaning.h"
#include "backends/prove/prove.h"
#include "backends/bpf/sim.h"
#include "backends/prove/symbolic.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/emulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/plain.h"

#define POLICIES 150
#define MUTANTS  12  /* of each policy's program */
#define CALLS    300 /* tried on each */

static void mutate_insn(struct dice *d, struct insn *insn)
{
	struct insn was = *insn;

	switch (dice_below(d, 7)) {
	case 0:
	case 1:
		insn->k ^= 1u << dice_below(d, 32);
		break;
	case 2:
		insn->jt = was.jf;
		insn->jf = was.jt;
		break;
	case 3:
		insn->code = was.code == INSN_JGT ? INSN_JGE
			: was.code == INSN_JEQ    ? INSN_JSET
						  : was.code;
		break;
	case 4:
		insn->k += dice_below(d, 2) ? 1 : UINT32_MAX;
		break;
	case 5:
		if (was.code == INSN_LD)
			insn->k = 4 * dice_below(d, WORDS);
		break;
	case 6:
		*insn = (struct insn){.code = INSN_JA};
		break;
	}
}

/* Another program that the kernel takes. */
static void mutate(struct arena *arena, struct dice *d, struct draft *draft)
{
	const struct program p = {draft->insn, draft->len};
	struct fault *faults;

	for (;;) {
		struct insn *insn = &draft->insn[dice_below(d, draft->len)];
		const struct insn was = *insn;
		mutate_insn(d, insn);
		if (memcmp(&was, insn, sizeof(was)) && !check_program(arena, &p, &faults))
			return;
		*insn = was;
	}
}

static void assert_genuine(
	const struct program *p, const struct policy *policy, const struct witness *w)
{
	assert_int_equal(w->program, sim_run(p, policy->order, &w->call, NULL, NULL));
	assert_int_equal(w->policy, policy_decide(policy, &w->call)->ret);
	assert_non_null(w->why);
}

static void assert_agreement(struct dice *d, const struct program *p, const struct policy *policy)
{
	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = arbitrary_call(d, policy);
		assert_int_equal(sim_run(p, policy->order, &call, NULL, NULL),
			policy_decide(policy, &call)->ret);
	}
}

/* Shown without a diagram, and true; false, and it need not be. */
struct shown {
	unsigned right, of;
};

static uint32_t given(const struct bdd *b, uint32_t function, const struct domain *domain, uint32_t nr)
{
	return meaning_given(b, meaning_given(b, function, WORD_ARCH, domain->audit), WORD_NR, nr);
}

static void try_flow(struct arena *arena, const struct program *p, const struct policy *policy,
	struct shown *shown)
{
	struct bdd b;

	bdd_init(&b, arena);
	uint32_t wanted = meaning_policy(&b, policy), found = symbolic_run(&b, p, policy->order);
	for (size_t i = 0; policy->domains && i < policy->domain[0].ranges; i++) {
		const struct domain *domain = &policy->domain[0];
		const struct range *r = &domain->range[i];
		uint64_t steps = FLOW_STEPS;
		bool equal = given(&b, wanted, domain, r->first) == given(&b, found, domain, r->first);
		bool flows = flow_shows(arena, p, policy->order, domain->audit, r->first, r, &steps);
		assert_false(flows && !equal);
		shown->right += flows;
		shown->of += equal;
	}
	assert_false(b.full);
}

/* True if the prover found a difference. */
static bool try_proof(
	struct arena *arena, struct dice *d, const struct program *p, const struct policy *policy)
{
	struct witness w;
	enum proof proof = prove(arena, p, policy, &w);

	assert_int_not_equal(proof, PROOF_UNDECIDED);
	if (proof == PROOF_HOLDS) {
		assert_null(w.why);
		assert_agreement(d, p, policy);
		return false;
	}
	assert_genuine(p, policy, &w);
	assert_int_not_equal(w.program, w.policy);
	return true;
}

/* The same of an answer of prove_cacheable(). */
static void assert_cacheable(struct dice *d, const struct program *p, const struct policy *policy)
{
	for (unsigned i = 0; i < CALLS && policy->domains; i++) {
		struct call call = arbitrary_call(d, policy);
		const struct domain *domain = &policy->domain[0];
		call.arch = domain->audit;
		const struct clause *clause = domain_find(domain, call.nr)->clause;
		size_t end;
		uint32_t ret;
		if (clause->conds || clause->ret != RET_ALLOW)
			continue;
		assert_true(emulate(p, &call, &end, &ret));
		assert_int_equal(ret, RET_ALLOW);
	}
}

static bool try_cacheable(
	struct arena *arena, struct dice *d, const struct program *p, const struct policy *policy)
{
	struct witness w;
	enum proof proof = prove_cacheable(arena, p, policy, &w);
	size_t end;
	uint32_t ret;

	assert_int_not_equal(proof, PROOF_UNDECIDED);
	if (proof == PROOF_HOLDS) {
		assert_null(w.why);
		assert_cacheable(d, p, policy);
		return false;
	}
	assert_genuine(p, policy, &w);
	assert_int_equal(w.policy, RET_ALLOW);
	assert_false(emulate(p, &w.call, &end, &ret) && ret == RET_ALLOW);
	return true;
}

/* All at once is what each says by itself. */
static void assert_all(struct arena *arena, const struct program *p, const struct policy *policy)
{
	struct proven all = prove_all(arena, p, policy);
	uint8_t digest[SHA256_SIZE];
	struct witness w;

	assert_int_equal(all.means, prove(arena, p, policy, &w));
	if (all.means == PROOF_FAILS)
		assert_memory_equal(&all.witness.call, &w.call, sizeof(w.call));
	if (all.means != PROOF_HOLDS)
		return;
	assert_int_equal(all.caches, prove_cacheable(arena, p, policy, &w));
	if (all.caches == PROOF_FAILS)
		assert_genuine(p, policy, &all.witness);
	assert_int_equal(all.hashed, hash_program(arena, p, policy->order, digest));
	if (all.hashed)
		assert_memory_equal(all.meaning, digest, SHA256_SIZE);
}

static bool try_mutant(struct dice *d, const struct draft *draft, const struct policy *policy,
	struct shown *shown)
{
	static struct draft mutant;
	struct arena arena;

	ARENA_START(&arena);
	mutant = *draft;
	mutate(&arena, d, &mutant);
	const struct program p = {mutant.insn, mutant.len};
	try_cacheable(&arena, d, &p, policy);
	try_flow(&arena, &p, policy, shown);
	assert_all(&arena, &p, policy);
	bool differs = try_proof(&arena, d, &p, policy);
	arena_free(&arena);
	return differs;
}

/* *found counts the mutants that differ. */
static void try_policy(struct dice *d, unsigned *found, struct shown *shown)
{
	static struct draft draft;
	struct arena arena;

	ARENA_START(&arena);
	const struct policy policy = arbitrary_policy(&arena, d);
	const struct program p = plain_compile(&draft, &policy);
	assert_false(try_proof(&arena, d, &p, &policy));
	try_cacheable(&arena, d, &p, &policy);
	try_flow(&arena, &p, &policy, shown);
	assert_all(&arena, &p, &policy);
	for (unsigned i = 0; i < MUTANTS; i++)
		*found += try_mutant(d, &draft, &policy, shown);
	arena_free(&arena);
}

static void prove_is_right_about_programs_and_their_mutants(void **state)
{
	struct dice d = {1};
	struct shown shown = {0};
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < POLICIES; i++)
		try_policy(&d, &found, &shown);
	assert_in_range(shown.right, shown.of / 2, shown.of);
	assert_in_range(found, POLICIES * MUTANTS / 3, POLICIES * MUTANTS); /* most are wrong */
}

/* --- clauses that follow from one another --- */

#define CROWDED_CLAUSES 6
#define CROWDED_ARGS    2

/* One of few bits of either half. */
static uint64_t few_bits(struct dice *d)
{
	uint64_t low = dice_below(d, 4), high = dice_below(d, 4);

	return dice_below(d, 2) ? low : low | high << 32;
}

static struct cond crowded_cond(struct dice *d, uint8_t arg)
{
	const uint64_t mask = dice_below(d, 2) ? UINT64_MAX : few_bits(d);

	return (struct cond){arg, (enum cond_op)dice_below(d, 6), mask, few_bits(d) & mask};
}

/* A clause of two arguments at most, so that others say much about it. */
static struct clause crowded_clause(struct arena *arena, struct dice *d)
{
	struct cond *cond = arena_alloc(arena, CROWDED_ARGS, sizeof(*cond));
	struct clause clause = {.ret = dice_below(d, 3) ? RET_ALLOW : 0x00050001, .cond = cond};

	for (uint8_t arg = 0; arg < CROWDED_ARGS; arg++) {
		if (dice_below(d, 3))
			cond[clause.conds++] = crowded_cond(d, arg);
	}
	return clause;
}

/* A program of crowded clauses against policies that differ in one of them, or not at all. */
static void try_crowded(struct dice *d, struct shown *shown)
{
	static struct draft draft;
	struct clause clause[CROWDED_CLAUSES + 1] = {[CROWDED_CLAUSES] = {.ret = 0x00050001}};
	const struct range range = {0, UINT32_MAX, clause, countof(clause)};
	const struct domain domain = {0xc000003e, &range, 1};
	const struct policy policy = {.domain = &domain, .domains = 1};
	struct arena arena;

	ARENA_START(&arena);
	for (size_t i = 0; i < CROWDED_CLAUSES; i++)
		clause[i] = crowded_clause(&arena, d);
	const struct program p = plain_compile(&draft, &policy);
	try_flow(&arena, &p, &policy, shown);
	for (unsigned i = 0; i < MUTANTS; i++) {
		struct arena_mark before = arena_mark(&arena);
		size_t at = dice_below(d, CROWDED_CLAUSES);
		const struct clause was = clause[at];
		clause[at] = crowded_clause(&arena, d);
		try_flow(&arena, &p, &policy, shown);
		clause[at] = was;
		arena_release(&arena, before);
	}
	arena_free(&arena);
}

static void flow_is_right_where_clauses_follow_from_others(void **state)
{
	struct dice d = {1};
	struct shown shown = {0};

	(void)state;
	for (unsigned i = 0; i < POLICIES; i++)
		try_crowded(&d, &shown);
	assert_in_range(shown.right, shown.of / 2, shown.of);
	assert_in_range(shown.of, POLICIES, POLICIES * MUTANTS * 3 / 4); /* many differ */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prove_is_right_about_programs_and_their_mutants),
		cmocka_unit_test(flow_is_right_where_clauses_follow_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
