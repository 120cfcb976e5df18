/*
 * Any bytes as a program. Two bytes in front choose the byte order, whether to mend the program
 * into one the kernel takes, and the policy it is held against.
 *
 * Reading and writing undo each other; the disassembler takes whatever comes. What check_program()
 * has nothing against runs to its end, in no more steps than it has instructions, and the prover
 * says of it what the simulator does: call by call, with a witness where it differs from the policy,
 * within a budget of which running out is told. Its trailer, if any, is the one it was given.
 */

#include "target.h"

#include "tests/lib/codes.h"

#include "backends/bpf/bytes.h"
#include "backends/bpf/cached.h"
#include "backends/bpf/check.h"
#include "compiler/logic/diff.h"
#include "backends/write/disasm.h"
#include "backends/prove/hash.h"
#include "compiler/logic/meaning.h"
#include "backends/bpf/path.h"
#include "backends/bpf/sim.h"
#include "backends/prove/smt.h"
#include "backends/bpf/stats.h"
#include "backends/prove/symbolic.h"
#include "backends/bpf/trailer.h"
#include "compiler/logic/verdict.h"

#include <string.h>

#define CHOICES   2
#define ARENA_CAP ((size_t)512 << 20)
#define CALLS     16
#define STEPS     (UINT64_C(1) << 15) /* of the prover: enough for filters of some hundred instructions */

/* --- what it is held against --- */

static const struct cond af_alg[] = {{.op = COND_EQ, .mask = UINT32_MAX, .value = 38}};
static const struct cond wide[] = {{.op = COND_GE, .mask = UINT64_MAX, .value = 0x100000005},
	{.arg = 2, .op = COND_NE, .mask = 0xff00, .value = 0x1200}};
static const struct clause allow[] = {{.ret = RET_ALLOW}}, deny[] = {{.ret = 0x50001}};
static const struct clause sockets[] = {
	{.ret = 0x50061, .cond = af_alg, .conds = 1}, {.ret = RET_ALLOW}};
static const struct clause widely[] = {
	{.ret = RET_ALLOW, .cond = wide, .conds = 2}, {.ret = 0x7ff00007}};
static const struct range little[] = {{0, 40, allow, 1}, {41, 41, sockets, 2}, {42, 100, allow, 1},
	{101, 101, widely, 2}, {102, UINT32_MAX, deny, 1}};
static const struct range big[] = {{0, 3, deny, 1}, {4, 4, widely, 2}, {5, UINT32_MAX, allow, 1}};
static const struct domain domains[] = {
	{0xc000003e, little, countof(little)}, {0x80000016, big, countof(big)}};
static const struct policy policies[] = {
	{.domain = domains, .domains = 1},
	{.domain = domains, .domains = 2, .elsewhere = {.ret = 0x80000000}},
	{.elsewhere = {.ret = RET_ALLOW}},
};

/* --- a program the kernel takes --- */

static bool is_code(uint16_t code)
{
	return code <= UINT8_MAX && memchr(seccomp_codes, code, sizeof(seccomp_codes));
}

/* Leaves alone what is right. `left`: instructions behind it. */
static void mend_insn(struct insn *i, size_t left)
{
	unsigned class;

	if (!is_code(i->code))
		i->code = seccomp_codes[i->code % countof(seccomp_codes)];
	class = i->code & 7;
	if (class == BPF_JMP && i->code == INSN_JA && i->k >= left)
		i->k %= (uint32_t)left;
	if (class == BPF_JMP && i->jt >= left)
		i->jt = (uint8_t)(i->jt % left);
	if (class == BPF_JMP && i->jf >= left)
		i->jf = (uint8_t)(i->jf % left);
	if (i->code == INSN_LD && (i->k % 4 || i->k >= DATA_SIZE))
		i->k = i->k % WORDS * 4;
	if (((i->code & 0xe0) == BPF_MEM && class <= BPF_LDX) || class == BPF_ST || class == BPF_STX)
		i->k %= BPF_MEMWORDS;
	if (i->code == (BPF_ALU | BPF_DIV | BPF_K) && !i->k)
		i->k = 1;
	if (i->code == (BPF_ALU | BPF_LSH | BPF_K) || i->code == (BPF_ALU | BPF_RSH | BPF_K))
		i->k %= 32;
}

/* What still is wrong afterwards is memory read before it was written, and length. */
static struct program mend(struct arena *arena, const struct program *p)
{
	struct insn *insn = arena_alloc(arena, p->len + 1, sizeof(*insn));

	if (p->len)
		memcpy(insn, p->insn, p->len * sizeof(*insn));
	for (size_t pc = 0; pc + 1 < p->len; pc++)
		mend_insn(&insn[pc], p->len - pc - 1);
	if (p->len && insn[p->len - 1].code != (BPF_RET | BPF_A))
		insn[p->len - 1].code = INSN_RET;
	return (struct program){insn, p->len};
}

/* --- runs --- */

/* The constant of an instruction that depends on `salt`, or a neighbour of it. */
static uint32_t constant(const struct program *p, uint32_t salt)
{
	salt *= 0x9e3779b9;
	return p->insn[salt % p->len].k + (salt >> 28) % 3 - 1;
}

/* A call made of the program's own constants, or of the policy's. */
static struct call some_call(const struct program *p, const struct policy *policy, uint32_t salt)
{
	struct call call = {.arch = constant(p, salt), .nr = constant(p, salt + 1)};

	if (salt % 32)
		return make_call(policy, salt);
	call.ip = (uint64_t)constant(p, salt + 2) << 32 | constant(p, salt + 3);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = (uint64_t)constant(p, salt + 4 + 2 * i) << 32 |
			constant(p, salt + 5 + 2 * i);
	return call;
}

static void check_runs(struct arena *arena, const struct program *p, const struct policy *policy)
{
	unsigned longest = path_longest(arena, p);

	assert(longest > 0 && longest <= p->len);
	for (uint32_t i = 0; i < CALLS; i++) {
		const struct call call = some_call(p, policy, 16 * i);
		size_t executed = 0;
		uint64_t ret = sim_run(p, policy->order, &call, &executed, NULL);
		const struct cached_end end = cached_end(p, policy->order, call.arch, call.nr);
		assert(executed > 0 && executed <= longest);
		assert(ret == sim_run(p, policy->order, &call, NULL, NULL));
		assert(end.pc < p->len && (!end.constant || end.ret == ret));
	}
}

/* --- proofs --- */

/* What the functions say of calls; whether it is the policy, and where not. */
static void check_functions(struct bdd *b, const struct program *p, const struct policy *policy)
{
	uint32_t program = symbolic_run(b, p, policy->order);
	uint32_t emulated = symbolic_emulate(b, p, policy->order);
	struct symbolic both = symbolic_both(b, p, policy->order);
	uint32_t wanted = meaning_policy(b, policy);
	uint32_t difference = diff_function(b, wanted, program);
	uint32_t open = diff_undecided(b, program), same = bdd_leaf(b, DIFF_SAME);
	bool differ = false;
	struct call call;

	if (b->full)
		return;
	assert(both.found == program && both.emulated == emulated);
	for (uint32_t i = 0; i < CALLS; i++) {
		call = some_call(p, policy, 16 * i);
		uint64_t ret = sim_run(p, policy->order, &call, NULL, NULL);
		uint32_t decided = policy_decide(policy, &call)->ret;
		uint64_t seen = meaning_at(b, emulated, &call);
		const struct cached_end end = cached_end(p, policy->order, call.arch, call.nr);
		assert(meaning_at(b, program, &call) == ret);
		assert(meaning_at(b, wanted, &call) == decided);
		assert((seen < SYMBOLIC_STUCK) == end.constant);
		assert(seen == (end.constant ? end.ret : SYMBOLIC_STUCK + end.pc));
		assert(!is_undecided(ret) || open != same);
		differ = differ ||
			(!is_undecided(ret) && verdict_of((uint32_t)ret) != verdict_of(decided));
	}
	assert(!differ || difference != same);
	if (open != same) {
		uint64_t why = diff_witness(b, open, &call);
		assert(is_undecided(why));
		assert(sim_run(p, policy->order, &call, NULL, NULL) == why);
	}
	if (difference == same || b->full)
		return;
	uint64_t leaf = diff_witness(b, difference, &call);
	assert(diff_left(leaf) != diff_right(leaf));
	assert(verdict_of(policy_decide(policy, &call)->ret) == diff_left(leaf));
	assert(verdict_of(sim_returned(sim_run(p, policy->order, &call, NULL, NULL))) ==
		diff_right(leaf));
}

static void check_trailer(struct bdd *b, const struct program *p, enum byte_order order)
{
	static const char *const keys[] = {"abis", "arch", "caps", "", "by"};
	struct trailer t;
	struct program again;
	uint8_t meaning[SHA256_SIZE];

	if (!trailer_find(b->arena, p, &t))
		return;
	assert(t.code > 0 && t.code < p->len);
	for (size_t i = 0; i < countof(keys); i++) {
		const char *value = trailer_value(b->arena, &t, keys[i]);
		assert(!value || strstr(t.text, value));
	}
	const struct program code = {p->insn, t.code};
	struct fault *fault;
	assert(check_program(b->arena, &code, &fault) == 0);
	uint32_t with = symbolic_run(b, p, order), without = symbolic_run(b, &code, order);
	assert(b->full || with == without);
	if (!hash_function(b, with, meaning))
		assert(b->full || diff_undecided(b, with) != bdd_leaf(b, DIFF_SAME));
	if (strlen(t.text) % 4 || !*t.text)
		return; /* the last word may hold more than text */
	if (trailer_add(b->arena, &code, &t, &again))
		assert(again.len == p->len);
}

/* --- all --- */

static void check_faults(const struct program *p, const struct fault *fault, size_t faults)
{
	for (size_t i = 0; i < faults; i++) {
		assert(fault[i].pc <= p->len && fault[i].why && *fault[i].why);
		assert(i == 0 || fault[i - 1].pc <= fault[i].pc);
	}
}

static void check_figures(struct arena *arena, const struct program *p, enum byte_order order)
{
	double *weight = arena_alloc(arena, arch_syscall_count(), sizeof(*weight));
	const struct abi **abi = arena_alloc(arena, arch_abi_count, sizeof(*abi));
	size_t abis = stats_abis(p, order, abi);
	struct stats stats;
	struct buf b;

	assert(abis <= arch_abi_count);
	stats_count(&stats, arena, p, order, abi, abis < 2 ? abis : 1, weight);
	assert(!stats.undecided || is_undecided(stats.undecided));
	assert(stats.insns == p->len && stats.longest <= p->len && stats.returns <= p->len);
	buf_init(&b, arena);
	smt_begin(&b, smt_shifts_by_x(p));
	smt_program(&b, "left", p, order);
	check_shown(b.bytes, b.len);
}

static void check_program_too(struct arena *arena, const struct program *p, const struct policy *policy)
{
	struct fault *fault;
	struct buf text;
	struct bdd b;

	buf_init(&text, arena);
	disasm_print(&text, p, policy->order, p->len % 2 ? arch_abis : NULL);
	check_shown(text.bytes, text.len);
	size_t faults = check_program(arena, p, &fault);
	check_faults(p, fault, faults);
	if (faults)
		return;
	check_faults(p, fault, check_advice(arena, p, &fault));
	assert(check_translated(p) >= p->len + 3 && check_translated(p) <= TASK_INSNS_MAX);
	check_runs(arena, p, policy);
	check_figures(arena, p, policy->order);
	bdd_init(&b, arena);
	b.steps = STEPS;
	check_functions(&b, p, policy);
	check_trailer(&b, p, policy->order);
}

static struct program read_program(
	struct arena *arena, const uint8_t *bytes, size_t len, enum byte_order order)
{
	const struct program p = bytes_read(arena, bytes, len, order);
	struct buf b;

	buf_init(&b, arena);
	bytes_write(&b, &p, order);
	assert(b.len == len && (len == 0 || memcmp(b.bytes, bytes, len) == 0));
	return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct choice choice = choice_start(&bytes, &len, CHOICES);
	const size_t how = choose(&choice, 4), which = choose(&choice, countof(policies));
	struct policy policy = policies[which];
	struct arena arena;
	enum byte_order order;

	bytes_guess(bytes, len, &order);
	policy.order = how % 2 ? ORDER_BIG : ORDER_LITTLE;
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0) {
		struct program p =
			read_program(&arena, bytes, len - len % INSN_SIZE, policy.order);
		if (how >= 2)
			p = mend(&arena, &p);
		check_program_too(&arena, &p, &policy);
	}
	arena_free(&arena);
	return 0;
}
