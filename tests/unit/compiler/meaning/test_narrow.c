/*
 * Widths are those of the kernel's signatures; a narrowed condition never looks above them, and for
 * what a program passes it says what the whole one said.
 */

#include "arch/width.h"
#include "backends/bpf/sim.h"
#include "compiler/meaning/narrow.h"
#include "tools/lib/build.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"
#include "tests/lib/boundary.h"

/* --- the table --- */

static unsigned bits_of(const char *abi, const char *name, unsigned arg)
{
	uint16_t id;

	assert_true(arch_syscall_find(name, strlen(name), &id));
	return arch_param_bits(arch_find(abi, strlen(abi)), id, arg);
}

static const struct {
	const char *abi, *name;
	unsigned arg, bits;
} known[] = {
	{"x86_64", "socket", 0, 32},
	{"s390x", "socket", 2, 32},
	{"x86_64", "ioctl", 1, 32},
	{"x86_64", "ioctl", 2, 64},
	{"x86_64", "personality", 0, 32},
	{"ppc64", "personality", 0, 64}, /* ppc64_personality() takes a long */
	{"aarch64", "fchmodat", 2, 16},
	{"x86_64", "open", 1, 32},
	{"x86_64", "open", 2, 16},
	{"x86_64", "setuid", 0, 32},
	{"x86_64", "add_key", 4, 32}, /* key_serial_t, by way of four typedefs */
	{"x86_64", "landlock_add_rule", 1, 32}, /* an enum */
	{"x86_64", "write", 2, 64},
	{"s390x", "write", 2, 64},
	{"x86_64", "preadv2", 5, 32},
	{"riscv64", "getrandom", 2, 32}, /* in a driver's file */
	{"x86_64", "clone", 0, 32}, /* kernel/fork.c cuts it */
	{"s390x", "clone", 0, 64},
	{"s390x", "clone", 1, 32},
	{"x86_64", "clone", 2, 64},      /* not known: it depends on the configuration */
	{"x86_64", "tuxcall", 0, 64},    /* no such function */
	{"s390x", "mmap", 2, 64},        /* no such parameter: it takes a pointer to all */
	{"s390x", "ipc", 0, 32},
	{"x86", "fchmodat", 2, 16},
	{"x86", "fchmodat", 1, 32},
	{"mips", "open", 2, 16},
	{"x86", "setuid", 0, 16}, /* sys_setuid16() */
	{"x86", "setuid32", 0, 32},
	{"x86", "chown", 0, 32},
	{"arm", "chown", 2, 16},
	{"mips", "setuid", 0, 32},
	{"s390", "fchown", 0, 32},
	{"m68k", "fchown", 1, 16},
	{"x32", "socket", 0, 32},
};

static unsigned params_of(const char *abi, const char *name)
{
	uint16_t id;

	assert_true(arch_syscall_find(name, strlen(name), &id));
	return arch_params(arch_find(abi, strlen(abi)), id);
}

static void parameters_are_counted_where_they_are_known(void **state)
{
	uint16_t mmap;

	(void)state;
	assert_int_equal(params_of("x86_64", "socket"), 3);
	assert_int_equal(params_of("x86_64", "getpid"), 0);
	assert_int_equal(params_of("x86_64", "mmap"), 6);
	assert_int_equal(params_of("s390x", "mmap"), 6);    /* in memory */
	assert_int_equal(params_of("x86_64", "tuxcall"), 6); /* no such function */
	assert_int_equal(params_of("x86", "socket"), 6);
	assert_true(arch_syscall_find("mmap", 4, &mmap));
	assert_true(arch_args_in_memory(arch_find("s390x", 5), mmap));
	assert_true(arch_args_in_memory(arch_find("x86", 3), mmap));
	assert_false(arch_args_in_memory(arch_find("x86_64", 6), mmap));
	assert_false(arch_args_in_memory(arch_find("ppc", 3), mmap));
}

static void widths_are_those_of_the_signatures(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(known); i++) {
		if (bits_of(known[i].abi, known[i].name, known[i].arg) != known[i].bits)
			fail_msg("argument %u of %s on %s has %u bits", known[i].arg, known[i].name,
				known[i].abi, bits_of(known[i].abi, known[i].name, known[i].arg));
	}
}

/* --- one condition --- */

static uint64_t random_of(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Values at which comparisons turn, as a program would pass them in `bits`. */
static uint64_t near(uint64_t *seed, unsigned bits, uint64_t about)
{
	uint64_t low = ((uint64_t)1 << bits) - 1;

	switch (random_of(seed) % 5) {
	case 0:
		return about & low;
	case 1:
		return (about + 1) & low;
	case 2:
		return (about - 1) & low;
	case 3:
		return low >> 1;
	default:
		return random_of(seed) & low;
	}
}

static bool holds(const struct cond *c, uint64_t arg)
{
	uint64_t masked = arg & c->mask;

	switch (c->op) {
	case COND_EQ:
		return masked == c->value;
	case COND_NE:
		return masked != c->value;
	case COND_LT:
		return masked < c->value;
	case COND_LE:
		return masked <= c->value;
	case COND_GE:
		return masked >= c->value;
	case COND_GT:
		return masked > c->value;
	}
	return false;
}

static bool holds_narrowed(enum narrowed narrowed, const struct cond *c, uint64_t arg)
{
	return narrowed == NARROWED_HOLDS || holds(c, arg);
}

/* Zero- or sign-extended, whichever way the value is. */
static uint64_t passed(uint64_t low, uint64_t value, unsigned bits)
{
	uint64_t above = UINT64_MAX << bits;

	return value & above && low >> (bits - 1) ? low | above : low;
}

static void a_narrowed_condition_keeps_its_meaning(void **state)
{
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (unsigned round = 0; round < 400000; round++) {
		unsigned bits = (unsigned[]){8, 16, 32}[round % 3];
		uint64_t above = UINT64_MAX << bits, value = random_of(&seed) & ~above;
		struct cond c = {.op = (enum cond_op)(random_of(&seed) % 6), .mask = UINT64_MAX};
		bool negative = random_of(&seed) % 3 == 0;
		value |= negative ? above | (uint64_t)1 << (bits - 1) : 0;
		if (c.op == COND_EQ && random_of(&seed) % 2)
			c.mask = random_of(&seed) | (negative ? above | (uint64_t)1 << (bits - 1) : 0);
		c.value = value & c.mask;
		struct cond n = c;
		enum narrowed narrowed = narrow_cond(&n, bits);
		bool order = c.op != COND_EQ && c.op != COND_NE;
		assert_true(narrowed != NARROWED_FAILS || (order && negative));
		uint64_t low = near(&seed, bits, c.value), garbage = low | random_of(&seed) << bits;
		assert_int_equal(holds_narrowed(narrowed, &n, low), holds_narrowed(narrowed, &n, garbage));
		if (negative && !(low >> (bits - 1)))
			low |= (uint64_t)1 << (bits - 1);
		assert_int_equal(holds_narrowed(narrowed, &n, low),
			holds(&c, order ? low : passed(low, c.value, bits)));
		if (!narrow_matters(&c, bits))
			assert_int_equal(holds(&c, low), holds(&c, garbage));
	}
}

/* What no int can be, nothing equals, and all are less. */
static void values_beyond_the_parameter_decide_by_themselves(void **state)
{
	static const struct {
		enum cond_op op;
		enum narrowed narrowed;
	} rows[] = {{COND_EQ, NARROWED_FAILS}, {COND_GE, NARROWED_FAILS}, {COND_GT, NARROWED_FAILS},
		{COND_NE, NARROWED_HOLDS}, {COND_LT, NARROWED_HOLDS}, {COND_LE, NARROWED_HOLDS}};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct cond c = {.op = rows[i].op, .mask = UINT64_MAX, .value = 0x100000005};
		assert_int_equal(narrow_cond(&c, 32), rows[i].narrowed);
		if (rows[i].narrowed == NARROWED_HOLDS)
			continue;
		assert_false(holds(&c, 5));
		assert_false(holds(&c, UINT32_MAX));
		assert_false(holds(&c, UINT64_MAX));
	}
}

/* Of (a & 0xff00000000) nothing is left: zero is compared with zero. */
static void a_mask_above_the_parameter_decides_by_itself(void **state)
{
	static const struct {
		enum cond_op op;
		enum narrowed narrowed;
	} rows[] = {{COND_EQ, NARROWED_HOLDS}, {COND_LE, NARROWED_HOLDS}, {COND_GE, NARROWED_HOLDS},
		{COND_NE, NARROWED_FAILS}, {COND_LT, NARROWED_FAILS}, {COND_GT, NARROWED_FAILS}};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct cond c = {.op = rows[i].op, .mask = 0xff00000000};
		assert_int_equal(narrow_cond(&c, 32), rows[i].narrowed);
		if (rows[i].narrowed == NARROWED_FAILS)
			assert_false(holds(&c, UINT64_MAX));
	}
}

static void it_is_known_what_the_top_can_change(void **state)
{
	struct cond c = {.op = COND_EQ, .mask = UINT64_MAX, .value = 5};

	(void)state;
	assert_true(narrow_matters(&c, 32));
	c.mask = UINT32_MAX;
	assert_false(narrow_matters(&c, 32));
	assert_true(narrow_matters(&c, 16));
	c = (struct cond){.op = COND_GE, .mask = UINT64_MAX, .value = 0};
	assert_false(narrow_matters(&c, 32));
	c = (struct cond){.op = COND_GT, .mask = UINT64_MAX, .value = UINT64_MAX};
	assert_false(narrow_matters(&c, 32));
	c = (struct cond){.op = COND_GT, .mask = UINT64_MAX, .value = 0};
	assert_true(narrow_matters(&c, 32));
}

/* --- a policy --- */

static const char profile[] =
	"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': ["
	"{'names': ['socket'], 'action': 'SCMP_ACT_KILL', 'args': ["
	"{'index': 0, 'value': 38, 'op': 'SCMP_CMP_EQ'}]},"
	"{'names': ['shmat'], 'action': 'SCMP_ACT_KILL', 'args': ["
	"{'index': 1, 'value': 7, 'op': 'SCMP_CMP_EQ'}]},"
	"{'names': ['fchmod'], 'action': 'SCMP_ACT_KILL', 'args': ["
	"{'index': 1, 'value': 2541, 'op': 'SCMP_CMP_EQ'}]},"
	"{'names': ['kill'], 'action': 'SCMP_ACT_KILL', 'args': ["
	"{'index': 1, 'value': 4294967305, 'op': 'SCMP_CMP_EQ'}]},"
	"{'names': ['personality'], 'action': 'SCMP_ACT_KILL', 'args': ["
	"{'index': 0, 'value': 18446744073709551615, 'op': 'SCMP_CMP_EQ'}]}]}";

static void check_call(struct attempt *a, const char *abi, const char *name, uint64_t first,
	uint64_t second, bool killed)
{
	struct call call = {.args = {first, second}};
	const struct abi *at = abi_named(abi);
	uint16_t id;

	assert_true(arch_syscall_find(name, strlen(name), &id));
	assert_true(arch_nr(at, id, &call.nr));
	call.arch = at->audit;
	if ((policy_decide(a->policy, &call)->ret == RET_KILL_THREAD) != killed)
		fail_msg("%s: %s(0x%llx, 0x%llx) is %skilled", abi, name, (unsigned long long)first,
			(unsigned long long)second, killed ? "not " : "");
}

static void what_stands_above_decides_nothing(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64"), .narrow = true};
	struct attempt a;

	(void)state;
	attempt_text(&a, profile);
	attempt_node(&a, &node);
	assert_non_null(a.policy);
	check_call(&a, "x86_64", "socket", 38, 0, true);
	check_call(&a, "x86_64", "socket", 0x100000026, 0, true);
	check_call(&a, "x86_64", "socket", 0xffffffff00000026, 0, true);
	check_call(&a, "x86_64", "socket", 0x100000027, 0, false);
	check_call(&a, "x86_64", "shmat", 0, 7, true);
	check_call(&a, "x86_64", "shmat", 0, 0x100000007, false); /* a pointer */
	check_call(&a, "x86_64", "fchmod", 0, 0xdead09ed, true);
	check_call(&a, "x86_64", "fchmod", 0, 0x19ed, false);
	check_call(&a, "x86_64", "kill", 0, 0x100000009, false); /* never equal */
	check_call(&a, "x86_64", "personality", UINT64_MAX, 0, true);
	check_call(&a, "x86_64", "personality", UINT32_MAX, 0, true);
	assert_string_equal(attempt_findings(&a), "1:427 W014");
	attempt_end(&a, true);
}

/* Of the largest value nothing is left to ask, though it has no bit too many. */
static void conditions_that_decide_nothing_any_more_are_told(void **state)
{
	static const struct {
		const char *cond, *found;
	} rows[] = {
		{"'value': 4294967295, 'op': 'SCMP_CMP_GT'", "2:1 W014"},
		{"'value': 4294967296, 'op': 'SCMP_CMP_GE'", "2:1 W014"},
		{"'value': 4294967295, 'op': 'SCMP_CMP_LE'", "2:1 W014"},
		{"'value': 4294967294, 'op': 'SCMP_CMP_GT'", ""},
		{"'value': 4294967295, 'op': 'SCMP_CMP_GE'", ""},
		{"'value': 18446744073709551615, 'op': 'SCMP_CMP_LE'", "2:1 W014"},
	};
	struct node_facts node = {.native = abi_named("x86_64"), .narrow = true};
	char text[256];

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct attempt a;
		snprintf(text, sizeof(text), "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['personality'], "
			"'action': 'SCMP_ACT_ERRNO', 'args': [\n{'index': 0, %s}]}]}", rows[i].cond);
		attempt_text(&a, text);
		attempt_node(&a, &node);
		assert_string_equal(attempt_findings(&a), rows[i].found);
		attempt_end(&a, true);
	}
}

static void without_the_option_registers_are_compared(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64")};
	struct attempt a;

	(void)state;
	attempt_text(&a, profile);
	attempt_node(&a, &node);
	assert_non_null(a.policy);
	check_call(&a, "x86_64", "socket", 0x100000026, 0, false);
	check_call(&a, "x86_64", "kill", 0, 0x100000009, true);
	check_call(&a, "x86_64", "personality", UINT32_MAX, 0, false);
	attempt_end(&a, true);
}

/* socketcall(2) takes its code as an int, and its own second argument, a pointer, whole. */
static void multiplexers_are_narrowed_as_what_they_are(void **state)
{
	struct node_facts node = {.native = abi_named("s390x"), .narrow = true};
	struct attempt a;

	(void)state;
	attempt_text(&a,
		"{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': ["
		"{'names': ['socket'], 'action': 'SCMP_ACT_KILL', 'args': ["
		"{'index': 1, 'value': 3, 'op': 'SCMP_CMP_EQ'}]}]}");
	attempt_node(&a, &node);
	assert_non_null(a.policy);
	check_call(&a, "s390x", "socket", 0, 0x700000003, true);
	check_call(&a, "s390x", "socketcall", 0x500000001, 3, true);
	check_call(&a, "s390x", "socketcall", 0x500000001, 0x100000003, false);
	attempt_end(&a, true);
}

/* A condition that holds of itself takes nothing from a rule that went before it (socket(2, 1, 0)). */
static void a_rule_that_always_holds_keeps_its_place(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64")};
	static const char text[] =
		"{'defaultAction': 'SCMP_ACT_KILL', 'syscalls': ["
		"{'names': ['socket'], 'action': 'SCMP_ACT_ALLOW', 'args': ["
		"{'index': 0, 'value': 4294967296, 'op': 'SCMP_CMP_LT'}]},"
		"{'names': ['socket'], 'action': 'SCMP_ACT_ERRNO'}]}";

	(void)state;
	for (unsigned narrow = 0; narrow < 2; narrow++) {
		struct call call = {.arch = node.native->audit, .nr = 41, .args = {2, 1, 0}};
		struct attempt a;
		node.narrow = narrow;
		attempt_text(&a, text);
		attempt_node(&a, &node);
		assert_non_null(a.policy);
		assert_int_equal(policy_decide(a.policy, &call)->ret, action_ret(ACTION_ERRNO, 1));
		attempt_end(&a, true);
	}
}

/* --- random profiles --- */

struct twins {
	const struct policy *whole, *narrow;
	struct call call; /* of the difference */
	size_t calls, changed;
};

/* The arguments as the kernel takes them of that call. */
static struct call cut(const struct policy *policy, const struct call *call)
{
	struct call out = *call;
	uint16_t id;

	for (size_t i = 0; i < policy->abis; i++) {
		const struct abi *abi = policy->abi[i];
		const char *name = arch_nr_name(abi, call->nr);
		if (abi->audit != call->arch || !name || !arch_syscall_find(name, strlen(name), &id))
			continue;
		for (unsigned arg = 0; arg < CALL_ARGS; arg++)
			out.args[arg] &= narrow_low(arch_param_bits(abi, id, arg));
		break;
	}
	return out;
}

static bool decides_what_the_kernel_takes(void *data, const struct call *call)
{
	struct twins *t = data;
	struct call taken = cut(t->whole, call);
	uint32_t narrow = policy_decide(t->narrow, call)->ret;

	t->calls++;
	t->changed += narrow != policy_decide(t->whole, call)->ret;
	t->call = *call;
	return narrow == policy_decide(t->whole, &taken)->ret;
}

/* Sign-extended values stand for what a program passes, not for the register: they have their own test. */
static uint64_t not_negative(uint64_t value)
{
	return value >> 16 == UINT64_MAX >> 16 || value >> 32 == UINT32_MAX ? value >> 1 : value;
}

static const struct policy *policy_of(struct attempt *a, const struct abi *native, bool narrow)
{
	struct node_facts node = {.native = native, .narrow = narrow};

	a->ruleset = NULL;
	a->policy = NULL;
	attempt_node(a, &node);
	return a->policy;
}

static void try_sample(struct sample *s, struct random *random, struct twins *t)
{
	struct attempt a;
	struct buf text;
	struct arena arena;

	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	for (size_t r = 0; r < s->rules; r++) {
		for (size_t i = 0; i < s->rule[r].conds; i++) {
			s->rule[r].cond[i].value = not_negative(s->rule[r].cond[i].value);
			s->rule[r].cond[i].value_two = not_negative(s->rule[r].cond[i].value_two);
		}
	}
	buf_init(&text, &arena);
	sample_write(&text, s);
	attempt_bytes(&a, text.bytes, text.len);
	t->whole = policy_of(&a, s->native[0], false);
	t->narrow = policy_of(&a, s->native[0], true);
	assert_int_equal(t->whole != NULL, t->narrow != NULL);
	for (unsigned i = 0; t->whole && i < 2; i++) {
		struct boundary boundary = {.policy = i ? t->narrow : t->whole, .args_max = UINT64_MAX,
			.rounds = 1, .visit = decides_what_the_kernel_takes, .data = t};
		if (!boundary_visit(random, &boundary))
			fail_msg("%s: number %u, arguments %#llx %#llx %#llx:\n%.*s", s->native[0]->name,
				t->call.nr, (unsigned long long)t->call.args[0],
				(unsigned long long)t->call.args[1], (unsigned long long)t->call.args[2],
				(int)text.len, text.bytes);
	}
	attempt_end(&a, false);
	arena_free(&arena);
}

static void calls_are_decided_as_the_kernel_takes_them(void **state)
{
	static const struct sample_class classes[] = {
		{.name = "arguments", .names = 2, .rules = 5, .conds = 3, .actions = 4, .plain = 8,
			.ops = ANY_OP, .wide = true, .repeats = true},
		{.name = "multiplexed", .names = 3, .rules = 5, .conds = 2, .actions = 3, .plain = 10,
			.ops = ANY_OP, .wide = true, .multiplexed = true},
	};
	static struct sample sample;
	struct twins twins = {.calls = 0};

	(void)state;
	for (uint64_t seed = 1; seed <= 6000; seed++) {
		struct random random = random_start(seed);
		const struct abi *native;
		do
			native = &arch_abis[random_below(&random, arch_abi_count)];
		while (native->guest || (native->bits == 32 && random_chance(&random, 80)));
		sample_make(&random, &classes[seed % countof(classes)], native, &sample);
		try_sample(&sample, &random, &twins);
	}
	assert_true(twins.calls > 500000);
	assert_true(twins.changed > 5000);
}

/* --- filters --- */

/* A number above which the next is not one of the parameter's, or the sign is set. */
static uint64_t edge_value(struct random *random, unsigned bits)
{
	uint64_t low = narrow_low(bits);
	const uint64_t kinds[] = {0, 1, low >> 1, (low >> 1) + 1, low - 1, low, low + 1, ~low | ((low >> 1) + 1),
		UINT64_MAX, random_next(random) & low, random_next(random)};

	return kinds[random_below(random, countof(kinds))];
}

/* A syscall of the ABI with a parameter of `bits` bits, and its rules about that one. */
static bool make_edges(struct random *random, const struct abi *native, unsigned bits, struct sample *s)
{
	uint16_t id = (uint16_t)random_below(random, arch_syscall_count());
	uint8_t arg = (uint8_t)random_below(random, CALL_ARGS);
	uint32_t nr;

	if (!arch_nr(native, id, &nr) || arch_param_bits(native, id, arg) != bits)
		return false;
	*s = (struct sample){.action = random_chance(random, 50) ? ACTION_ALLOW : ACTION_ERRNO, .data = 1,
		.native = {native}, .natives = 1, .rules = 1 + random_below(random, 3)};
	s->data = s->action == ACTION_ERRNO;
	for (size_t i = 0; i < s->rules; i++) {
		struct sample_rule *rule = &s->rule[i];
		*rule = (struct sample_rule){.names = 1, .name = {id}, .conds = 1,
			.action = s->action == ACTION_ALLOW ? ACTION_ERRNO : ACTION_ALLOW};
		rule->data = rule->action == ACTION_ERRNO;
		rule->cond[0] = (struct profile_cond){.index = arg,
			.op = (enum profile_op)random_below(random, PROFILE_OPS),
			.value = edge_value(random, bits), .value_two = edge_value(random, bits)};
	}
	return true;
}

static bool decides_as_the_policy(void *data, const struct call *call)
{
	const struct filter *f = data;

	return sim_returned(sim_run(&f->program, f->policy->order, call, NULL, NULL)) ==
		policy_decide(f->policy, call)->ret;
}

/* False: the rules are refused, as they would be anyway. */
static bool try_filter(struct random *random, const struct sample *s)
{
	struct node_facts node = {.native = s->native[0], .narrow = true};
	struct layout layout = {.objective = (enum objective)random_below(random, OBJECTIVE_SIZE + 1)};
	struct filter filter;
	struct mistake mistake = {0};
	struct arena arena;
	struct diags diags;
	struct buf text;

	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	buf_init(&text, &arena);
	sample_write(&text, s);
	const struct source source = {"sample.json", text.bytes, text.len, false};
	diags_init(&diags, &arena, &source);
	const struct profile *read = build_profile(&arena, &source, &diags);
	assert_non_null(read);
	enum build built = build_filter(&arena, read, &node, 1, &layout, &diags, &filter, &mistake);
	struct boundary boundary = {.policy = filter.policy, .args_max = UINT64_MAX, .rounds = 1,
		.visit = decides_as_the_policy, .data = &filter};
	if (built == BUILD_MISTAKEN || (built == BUILD_DONE && !boundary_visit(random, &boundary)))
		fail_msg("%s: %s:\n%.*s", node.native->name, mistake.what ? mistake.what : "a call differs",
			(int)text.len, text.bytes);
	arena_free(&arena);
	return built == BUILD_DONE;
}

/* All widths there are, on ABIs of both byte orders and both sizes. */
static void filters_of_narrow_parameters_are_right(void **state)
{
	static const struct {
		const char *abi;
		unsigned bits;
	} rows[] = {{"x86_64", 16}, {"x86_64", 32}, {"s390x", 16}, {"s390x", 32}, {"ppc64", 16},
		{"aarch64", 16}, {"x32", 16}, {"x86", 16}, {"arm", 16}, {"m68k", 16}, {"mips", 16},
		{"s390", 16}, {"x86", 32}};
	static struct sample sample;

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct random random = random_start(i + 1);
		unsigned built = 0;
		for (unsigned tried = 0; tried < 40;) {
			if (!make_edges(&random, abi_named(rows[i].abi), rows[i].bits, &sample))
				continue;
			tried++;
			built += try_filter(&random, &sample);
		}
		assert_true(built > 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths_are_those_of_the_signatures),
		cmocka_unit_test(parameters_are_counted_where_they_are_known),
		cmocka_unit_test(a_narrowed_condition_keeps_its_meaning),
		cmocka_unit_test(values_beyond_the_parameter_decide_by_themselves),
		cmocka_unit_test(a_mask_above_the_parameter_decides_by_itself),
		cmocka_unit_test(it_is_known_what_the_top_can_change),
		cmocka_unit_test(what_stands_above_decides_nothing),
		cmocka_unit_test(conditions_that_decide_nothing_any_more_are_told),
		cmocka_unit_test(without_the_option_registers_are_compared),
		cmocka_unit_test(multiplexers_are_narrowed_as_what_they_are),
		cmocka_unit_test(a_rule_that_always_holds_keeps_its_place),
		cmocka_unit_test(calls_are_decided_as_the_kernel_takes_them),
		cmocka_unit_test(filters_of_narrow_parameters_are_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
