/*
 * The random programs that kernels are asked about: each is one the kernel takes, the same for the
 * same seed, and what the prover says of it is what the simulator does.
 */

#include "backends/bpf/check.h"
#include "compiler/logic/meaning.h"
#include "backends/bpf/sim.h"
#include "backends/prove/symbolic.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/codes.h"
#include "tests/lib/specimen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SPECIMENS 600
#define STEPS     (1 << 15) /* of the prover: what is too much for it is not asked again */

/* What some programs have between them. */
struct tally {
	size_t seen[UINT8_MAX + 1], longest;
	bool far, very_far;
};

static void count_specimen(struct tally *t, const struct program *p)
{
	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		t->seen[insn->code]++;
		t->far |= (insn->code & 7) == BPF_JMP && insn->jt == UINT8_MAX;
		t->very_far |= insn->code == INSN_JA && insn->k > 1000;
	}
	t->longest = p->len > t->longest ? p->len : t->longest;
}

static void take_specimen(struct tally *t, uint64_t seed)
{
	static struct specimen one, other;
	const struct abi *abi = &arch_abis[seed % arch_abi_count];
	struct fault *faults;
	struct arena arena;

	ARENA_START(&arena);
	specimen_make(&one, seed, abi);
	specimen_make(&other, seed, abi);
	assert_int_equal(check_program(&arena, &one.program, &faults), 0);
	assert_int_equal(one.program.len, other.program.len);
	assert_memory_equal(one.insn, other.insn, one.program.len * sizeof(*one.insn));
	assert_memory_equal(one.call, other.call, sizeof(one.call));
	count_specimen(t, &one.program);
	arena_free(&arena);
}

static void specimens_are_taken_and_all_alike(void **state)
{
	struct tally t = {.longest = 0};

	(void)state;
	for (uint64_t seed = 0; seed < SPECIMENS; seed++)
		take_specimen(&t, seed);
	for (size_t i = 0; i < countof(seccomp_codes); i++)
		assert_true(t.seen[seccomp_codes[i]] > 50);
	assert_true(t.far && t.very_far && t.longest > 3000);
}

/* One of these programs; whether the prover followed it. */
static bool try_specimen(const struct specimen *s, const struct abi *abi, unsigned *undecided)
{
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	b.steps = STEPS;
	uint32_t f = symbolic_run(&b, &s->program, abi->order);
	for (unsigned i = 0; i < SPECIMEN_CALLS && !b.full; i++) {
		uint64_t ret = sim_run(&s->program, abi->order, &s->call[i], NULL, NULL);
		if (meaning_at(&b, f, &s->call[i]) != ret)
			fail_msg("the program of seed %llu, call %u", (unsigned long long)s->seed,
				i);
		*undecided += is_undecided(ret);
	}
	bool followed = !b.full;
	arena_free(&arena);
	return followed;
}

static void prover_and_simulator_agree_on_specimens(void **state)
{
	static struct specimen s;
	unsigned followed = 0, undecided = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SPECIMENS; seed++) {
		const struct abi *abi = &arch_abis[seed % arch_abi_count];
		specimen_make(&s, seed, abi);
		followed += try_specimen(&s, abi, &undecided);
	}
	assert_in_range(followed, SPECIMENS / 4, SPECIMENS);
	assert_true(undecided > SPECIMENS / 100);
}

static void specimens_tell_where_they_are_called(void **state)
{
	static struct specimen s;
	const uint64_t ip = 0x123456789abcdef0;

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		uint64_t found = 0;
		for (unsigned part = 0; part < SPECIMEN_IP_PARTS; part++) {
			specimen_of_ip(&s, part, &arch_abis[i]);
			struct call call = s.call[0];
			call.ip = ip;
			uint64_t ret = sim_run(&s.program, arch_abis[i].order, &call, NULL, NULL);
			specimen_ip_add(
				&found, part, specimen_seen(sim_returned(ret), &arch_abis[i]));
		}
		assert_true(found == ip);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specimens_are_taken_and_all_alike),
		cmocka_unit_test(prover_and_simulator_agree_on_specimens),
		cmocka_unit_test(specimens_tell_where_they_are_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
