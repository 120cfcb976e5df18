/*
 * The last word on a program, before anyone else sees it.
 *
 * In: a program and the policy it was made from. Out: a proof that they mean the same, or a call
 * for which they do not. Both become functions of the call in one store (meaning.c, symbolic.c),
 * where equal functions have equal indices; there is no approximation and nothing is sampled.
 *
 * A counterexample is believed only after policy_decide() and the simulator, which know nothing of
 * functions, have answered for that call and differ as said.
 */

#include "prove.h"

#include "../compiler/base.h"
#include "check.h"
#include "combine.h"
#include "diff.h"
#include "meaning.h"
#include "sim.h"
#include "symbolic.h"
#include "verdict.h"

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
#define OUT_OF_BUDGET "the proof needs more room or time than it is given"

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

void prover_init(struct prover *p, struct arena *arena, const struct program *program)
{
	*p = (struct prover){.arena = arena, .program = program};
	p->refused = refused(arena, program);
	bdd_init(&p->b, arena);
}

/* Both as functions in the store; false: it is full. */
static bool understand(struct prover *p, const struct policy *policy, uint32_t *wanted)
{
	*wanted = meaning_policy(&p->b, policy);
	if (!p->asked || p->order != policy->order)
		p->found = symbolic_run(&p->b, p->program, policy->order);
	p->asked = true;
	p->order = policy->order;
	return !p->b.full;
}

static bool understand_anew(struct prover *p, const struct policy *policy, uint32_t *wanted)
{
	bdd_init(&p->b, p->arena);
	p->asked = false;
	return understand(p, policy, wanted);
}

static uint64_t decided_or_second(uint64_t f, uint64_t g)
{
	return is_undecided(f) ? g : f;
}

/* A call for which the program is not the policy, as it may be for all that is not decided. */
static enum proof disprove(
	struct prover *p, uint32_t wanted, const struct policy *policy, struct witness *witness)
{
	struct bdd *b = &p->b;
	uint32_t found = combine(b, p->found, wanted, decided_or_second);
	uint32_t open = diff_undecided(b, p->found);

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

enum proof prover_ask(struct prover *p, const struct policy *policy, struct witness *witness)
{
	bool shared = p->asked;
	uint32_t wanted;

	*witness = (struct witness){0};
	if (p->refused)
		return undecided(witness, REFUSED);
	if (!understand(p, policy, &wanted) && !(shared && understand_anew(p, policy, &wanted)))
		return undecided(witness, OUT_OF_BUDGET);
	if (p->found == wanted)
		return PROOF_HOLDS;
	return disprove(p, wanted, policy, witness);
}

enum proof prove(struct arena *arena, const struct program *program, const struct policy *policy,
	struct witness *witness)
{
	struct prover p;

	prover_init(&p, arena, program);
	return prover_ask(&p, policy, witness);
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

enum proof prove_cacheable(struct arena *arena, const struct program *program,
	const struct policy *policy, struct witness *witness)
{
	struct bdd b;

	*witness = (struct witness){0};
	if (refused(arena, program))
		return undecided(witness, REFUSED);
	bdd_init(&b, arena);
	uint32_t allowed = meaning_allowed(&b, policy), allow = bdd_leaf(&b, RET_ALLOW);
	uint32_t emulated = symbolic_emulate(&b, program, policy->order);
	uint32_t cached = bdd_ite(&b, allowed, emulated, allow);
	if (b.full)
		return undecided(witness, OUT_OF_BUDGET);
	if (cached == allow)
		return PROOF_HOLDS;
	witness->call = meaning_differ(&b, cached, allow, policy);
	uint64_t ret = ask(program, policy, witness);
	if (is_undecided(ret))
		return depends(arena, witness, ret);
	if (witness->policy != RET_ALLOW)
		return undecided(witness, "prover and policy disagree");
	return fails(witness, obstacle(arena, program, meaning_at(&b, emulated, &witness->call)));
}
