/*
 * Layouts change where tests lie and how deep, never what they decide: random profiles under every
 * objective and random frequencies are proved, and answer the calls at their edges as the policy
 * does. And what layouts are good for: how large and how long the filters of known profiles are.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/bpf/path.h"
#include "backends/bpf/sim.h"
#include "tools/lib/build.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/boundary.h"
#include "tests/lib/textfile.h"

/* --- meaning --- */

#define LAYOUTS 9 /* of one profile */

struct same {
	const struct filter *filter;
	size_t filters, calls;
};

static bool answers_alike(void *data, const struct call *call)
{
	struct same *same = data;
	uint32_t ret = policy_decide(same->filter[0].policy, call)->ret;

	for (size_t i = 0; i < same->filters; i++) {
		const struct filter *f = &same->filter[i];
		if (sim_run(&f->program, f->policy->order, call, NULL, NULL) != ret)
			return false;
	}
	same->calls++;
	return true;
}

/* Most calls on few syscalls, as they are made. */
static const uint32_t *random_shares(struct arena *arena, struct random *random)
{
	uint64_t *count = arena_alloc(arena, arch_syscall_count(), sizeof(*count));

	for (size_t i = 0; i < arch_syscall_count(); i++)
		count[i] = random_chance(random, 10)
			? random_below(random, 1u << random_below(random, 24))
			: random_below(random, 3);
	return layout_shares(arena, count);
}

static struct layout random_layout(struct arena *arena, struct random *random, size_t i)
{
	struct layout layout = {.objective = (enum objective)(i % (OBJECTIVE_SIZE + 1))};

	if (i < LAYOUTS - 2)
		layout.share = random_shares(arena, random);
	layout.miss = i % 3 == 1 ? (unsigned)random_below(random, 10) : 0;
	layout.plain = i % 2;
	layout.alike = i % 7 == 4;
	if (i == LAYOUTS - 1)
		layout.max_path = 24; /* where it is possible, by another search */
	return layout;
}

/* Every layout of a policy; those too long for the kernel are left out. */
static size_t build_layouts(struct arena *arena, struct random *random, const struct policy *policy,
	struct diags *diags, struct filter *filter)
{
	size_t filters = 0;

	for (size_t i = 0; i < LAYOUTS; i++) {
		struct layout layout = random_layout(arena, random, i);
		struct mistake mistake;
		enum build built =
			build_policy(arena, policy, &layout, diags, &filter[filters], &mistake);
		if (built == BUILD_MISTAKEN)
			fail_msg("%s", mistake.what);
		if (built == BUILD_DONE)
			filters++;
		if (built == BUILD_DONE && layout.max_path)
			assert_true(path_longest(arena, &filter[filters - 1].program) <=
				layout.max_path);
	}
	return filters;
}

static void try_sample(const struct sample *sample, uint64_t seed, struct same *tally)
{
	struct random random = random_start(seed);
	struct filter filter[LAYOUTS];
	struct arena arena;
	struct buf text;
	struct diags diags;
	struct node_facts node = {.native = sample->native[0]};

	ARENA_START(&arena);
	buf_init(&text, &arena);
	sample_write(&text, sample);
	struct source source = {"sample.json", text.bytes, text.len, false};
	diags_init(&diags, &arena, &source);
	const struct profile *profile = build_profile(&arena, &source, &diags);
	const struct policy *policy =
		profile ? build_meaning(&arena, profile, &node, 1, &diags) : NULL;
	if (policy) {
		size_t filters = build_layouts(&arena, &random, policy, &diags, filter);
		struct same same = {filter, filters, 0};
		struct boundary boundary = {.policy = policy,
			.args_max = UINT64_MAX,
			.rounds = 1,
			.visit = answers_alike,
			.data = &same};
		if (filters && !boundary_visit(&random, &boundary))
			fail_msg("layouts of %s differ, seed %llu:\n%.*s", sample->native[0]->name,
				(unsigned long long)seed, (int)text.len, text.bytes);
		tally->filters += filters;
		tally->calls += same.calls;
	}
	arena_free(&arena);
}

static void no_layout_changes_a_verdict(void **state)
{
	static struct sample sample;
	struct same tally = {0};

	(void)state;
	for (size_t c = 0; c < sample_class_count; c++) {
		for (uint64_t n = 0; n < 6; n++) {
			uint64_t seed = 100 * c + n;
			struct random random = random_start(seed);
			const struct abi *abi;
			do
				abi = &arch_abis[random_below(&random, arch_abi_count)];
			while (abi->guest);
			sample_make(
				&random, &sample_classes[c], n < 2 ? &arch_abis[0] : abi, &sample);
			try_sample(&sample, seed, &tally);
		}
	}
	printf("NOTE: %zu layouts proved, %zu calls answered alike by all of a profile\n",
		tally.filters, tally.calls);
	assert_true(tally.filters > 100);
}

/* --- size and paths of known profiles --- */

/* The filter of a profile's text on x86_64, in the arena. */
static struct filter build_text(
	struct arena *arena, const char *text, size_t len, const struct layout *layout)
{
	static const struct source none = {"profile.json", "", 0, false};
	struct source *source = arena_alloc(arena, 1, sizeof(*source));
	struct diags *diags = arena_alloc(arena, 1, sizeof(*diags));
	struct node_facts node = {.native = &arch_abis[0]};
	struct filter filter;
	struct mistake mistake;

	*source = none;
	source->bytes = text;
	source->len = len;
	diags_init(diags, arena, source);
	const struct profile *profile = build_profile(arena, source, diags);
	assert_non_null(profile);
	assert_int_equal(build_filter(arena, profile, &node, 1, layout, diags, &filter, &mistake),
		BUILD_DONE);
	return filter;
}

static struct source read_profile(struct arena *arena, const char *path)
{
	size_t len;
	char *text = textfile_read(path, &len);
	struct source source = {path, arena_text(arena, text, len), len, false};

	free(text);
	return source;
}

static struct source shipped_profile(struct arena *arena)
{
	return read_profile(arena, "profiles/docker-default-2018.json");
}

static void the_shipped_profile_is_small(void **state)
{
	static const struct {
		enum objective objective;
		size_t most;
	} rows[] = {{OBJECTIVE_TODAY, 195}, {OBJECTIVE_BITMAP, 190}, {OBJECTIVE_SIZE, 175},
		{OBJECTIVE_UNIFORM, 205}, {OBJECTIVE_MIX, 215}};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct source text = shipped_profile(&arena);
	for (size_t i = 0; i < countof(rows); i++) {
		struct layout layout = {.objective = rows[i].objective, .share = layout_mix(&arena)};
		struct filter f = build_text(&arena, text.bytes, text.len, &layout);
		if (f.program.len > rows[i].most)
			fail_msg("objective %d: %zu instructions, at most %zu were expected",
				rows[i].objective, f.program.len, rows[i].most);
	}
	arena_free(&arena);
}

struct counter {
	const struct program *program;
	size_t from_args; /* instructions from the first load of an argument on */
};

static void count_step(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	struct counter *c = data;
	const struct insn *insn = &c->program->insn[pc];

	(void)a;
	(void)x;
	c->from_args += c->from_args || (insn->code == INSN_LD && insn->k >= 16);
}

/* Instructions executed for a call of x86_64 once its number is decided. */
static size_t executed(
	const struct filter *f, const char *name, uint64_t a0, uint64_t a1, uint32_t ret)
{
	struct counter counter = {&f->program, 0};
	struct sim_trace trace = {count_step, &counter};
	struct call call = {.arch = arch_abis[0].audit, .args = {a0, a1}};
	uint16_t id;

	assert_true(arch_syscall_find(name, strlen(name), &id));
	assert_true(arch_nr(&arch_abis[0], id, &call.nr));
	assert_int_equal(sim_run(&f->program, ORDER_LITTLE, &call, NULL, &trace), ret);
	return counter.from_args;
}

#define ERRNO_EPERM    0x00050001u
#define PROFILE(rules) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"
#define RULE(name, cond)                                                                           \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{" cond "}]}"
#define EQUALS(value) "\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":" value

/* The argument rules of Docker's default profile. */
static void arguments_take_few_instructions(void **state)
{
	static const char text[] =
		PROFILE(RULE("socket", "\"index\":0,\"op\":\"SCMP_CMP_LT\",\"value\":38") "," RULE(
			"socket", EQUALS("39")) "," RULE("socket",
			"\"index\":0,\"op\":\"SCMP_CMP_GT\",\"value\":40") "," RULE("clone",
			"\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2114060288,"
			"\"valueTwo\":0") "," RULE("personality",
			EQUALS("0")) "," RULE("personality", EQUALS("8")) "," RULE("personality",
			EQUALS("131072")) "," RULE("personality",
			EQUALS("131080")) "," RULE("personality", EQUALS("4294967295")));
	static const struct {
		const char *name;
		uint64_t a0;
		uint32_t ret;
		size_t most;
	} rows[] = {
		{"socket", 2, RET_ALLOW, 3}, /* AF_INET: load, jump, return */
		{"socket", 1, RET_ALLOW, 3},
		{"socket", 38, ERRNO_EPERM, 7},
		{"clone", 0x1200011, RET_ALLOW, 3},
		{"clone", 0x10000000, ERRNO_EPERM, 3},
		{"personality", 0, RET_ALLOW, 6},
		{"personality", 0xffffffff, RET_ALLOW, 6},
		{"personality", UINT64_MAX, ERRNO_EPERM, 6},
	};
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct filter f = build_text(&arena, text, sizeof(text) - 1, NULL);
	for (size_t i = 0; i < countof(rows); i++) {
		size_t found = executed(&f, rows[i].name, rows[i].a0, 0, rows[i].ret);
		if (found > rows[i].most)
			fail_msg("%s(%#llx): %zu instructions, at most %zu were expected",
				rows[i].name, (unsigned long long)rows[i].a0, found, rows[i].most);
	}
	arena_free(&arena);
}

/*
 * Few programs live with neither read nor write, and how often others call them says nothing of those: such a filter
 * is about the calls that it allows. Where shares were measured they count as ever.
 */
static void a_filter_that_refuses_the_mix_is_small(void **state)
{
	static const char text[] = PROFILE("{\"names\":[\"mkdir\",\"chmod\",\"fork\",\"exit\",\"kill\",\"uname\",\"dup\","
					   "\"pipe\",\"getuid\",\"setuid\"],\"action\":\"SCMP_ACT_ALLOW\"}");
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct layout usual = {.objective = OBJECTIVE_TODAY, .share = layout_mix(&arena)}, measured = usual, size = usual;
	measured.measured = true;
	size.objective = OBJECTIVE_SIZE;
	size_t least = build_text(&arena, text, sizeof(text) - 1, &size).program.len;
	size_t found = build_text(&arena, text, sizeof(text) - 1, &usual).program.len;
	size_t spared = build_text(&arena, text, sizeof(text) - 1, &measured).program.len;
	if (found > least + 1 || found >= spared)
		fail_msg("%zu instructions, with -O size %zu, by measured shares %zu", found, least, spared);
	arena_free(&arena);
}

/* --- several ABIs --- */

static void rule_of_values(struct buf *b, unsigned i, unsigned conds)
{
	buf_printf(b, "%s{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[", i ? "," : "");
	for (unsigned arg = 0; arg < conds; arg++)
		buf_printf(b, "%s{\"index\":%u,\"op\":\"SCMP_CMP_EQ\",\"value\":%u}", arg ? "," : "", arg, i * (7 + arg));
	buf_text(b, "]}");
}

/* ABIs of 64 and of 32 bits whose rules are the same do not need them twice, where there is no room for that. */
static void abis_share_what_is_too_long_for_each_of_them(void **state)
{
	static const struct {
		unsigned rules, conds;
		size_t most;
	} rows[] = {{2600, 1, 2650}, {4000, 1, 4050}, {1200, 2, 3850}};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct arena arena;
		struct buf text;
		ARENA_START(&arena);
		buf_init(&text, &arena);
		buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\","
				"\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":[");
		for (unsigned k = 0; k < rows[i].rules; k++)
			rule_of_values(&text, k, rows[i].conds);
		buf_text(&text, "]}");
		size_t len = build_text(&arena, text.bytes, text.len, NULL).program.len;
		if (len > rows[i].most)
			fail_msg("%u rules: %zu instructions, at most %zu were expected", rows[i].rules, len, rows[i].most);
		arena_free(&arena);
	}
}

/* 100 ioctl numbers a terminal, a socket, a loop device and a disk answer to. */
static uint32_t ioctl_number(unsigned i)
{
	static const struct {
		uint32_t first, count;
	} blocks[] = {{0x5401, 32}, {0x5421, 12}, {0x5450, 4}, {0x8901, 7}, {0x8910, 20},
		{0x4c00, 10}, {0x1260, 14}, {0x80045430, 1}};
	size_t block = 0;

	for (; i >= blocks[block].count; block++)
		i -= blocks[block].count;
	return blocks[block].first + i;
}

/* As scattered as can be. */
static uint32_t scattered_number(unsigned i)
{
	return i * 2654435761u;
}

struct lengths {
	size_t most, sum; /* instructions from the first load of an argument on */
};

/* ioctl(2) with one of `count` numbers as its second argument, and none else. */
static struct lengths measure_list(
	struct arena *arena, uint32_t (*number)(unsigned), unsigned count)
{
	struct lengths lengths = {0};
	struct buf text;

	buf_init(&text, arena);
	buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (unsigned i = 0; i < count; i++)
		buf_printf(&text,
			"%s{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{"
			"\"index\":1,"
			"\"op\":\"SCMP_CMP_EQ\",\"value\":%u}]}",
			i ? "," : "", number(i));
	buf_text(&text, "]}");
	struct filter f = build_text(arena, text.bytes, text.len, NULL);
	for (unsigned i = 0; i < count; i++) {
		size_t found = executed(&f, "ioctl", 0, number(i), RET_ALLOW);
		lengths.most = found > lengths.most ? found : lengths.most;
		lengths.sum += found;
	}
	executed(&f, "ioctl", 0, 0x5500, ERRNO_EPERM);
	executed(&f, "ioctl", 0, UINT64_C(0x100000000) | number(0), ERRNO_EPERM);
	return lengths;
}

static void lists_of_100_values_take_few_instructions(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct lengths real = measure_list(&arena, ioctl_number, 100);
	printf("NOTE: 100 ioctl numbers: %.1f instructions on average, %zu at most\n",
		(double)real.sum / 100, real.most);
	assert_true(real.most <= 10);
	/* 201 runs: 8 tests, both loads, the high half's test, RET */
	struct lengths scattered = measure_list(&arena, scattered_number, 100);
	printf("NOTE: 100 scattered values: %.1f instructions on average, %zu at most\n",
		(double)scattered.sum / 100, scattered.most);
	assert_true(scattered.sum <= 1200 && scattered.most <= 13);
	arena_free(&arena);
}

/* 32 values under a mask: what keeps the bound without being asked to is not made larger for it. */
static void a_bound_that_is_kept_costs_nothing(void **state)
{
	struct arena arena;
	struct buf text;

	(void)state;
	ARENA_START(&arena);
	buf_init(&text, &arena);
	buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (unsigned i = 0; i < 32; i++)
		buf_printf(&text,
			"%s{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,"
			"\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":65535,\"valueTwo\":%u}]}",
			i ? "," : "", scattered_number(i + 1) >> 16);
	buf_text(&text, "]}");
	struct filter f = build_text(&arena, text.bytes, text.len, NULL);
	struct layout layout = {.share = layout_mix(&arena), .max_path = path_longest(&arena, &f.program)};
	assert_int_equal(build_text(&arena, text.bytes, text.len, &layout).program.len, f.program.len);
	layout.max_path = 14; /* 65 runs take 6 tests at least */
	f = build_text(&arena, text.bytes, text.len, &layout);
	assert_true(path_longest(&arena, &f.program) <= 14);
	layout = (struct layout){.objective = OBJECTIVE_SIZE, .share = layout_mix(&arena)};
	assert_true(build_text(&arena, text.bytes, text.len, &layout).program.len <= 45);
	arena_free(&arena);
}

static void add_rule(struct buf *text, const char *conds)
{
	buf_printf(text, "%s{\"names\":[\"ioctl\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[%s]}",
		text->bytes[text->len - 1] == '[' ? "" : ",", conds);
}

#define IS(index, value) "{\"index\":" index ",\"op\":\"SCMP_CMP_EQ\",\"value\":" value "}"

/* Of six rules four ask for one value of the first argument, and two of those for another. */
static void what_several_rules_ask_is_asked_once(void **state)
{
	static const char *const rules[] = {IS("0", "3") "," IS("1", "1") "," IS("2", "40"), IS("0", "3") "," IS("1", "2"),
		IS("0", "3") "," IS("2", "7") "," IS("3", "9"), IS("0", "4") "," IS("1", "1") "," IS("4", "5"),
		IS("0", "4") "," IS("5", "6"), IS("1", "11") "," IS("2", "40")};
	struct arena arena;
	struct buf text;

	(void)state;
	ARENA_START(&arena);
	buf_init(&text, &arena);
	buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (size_t i = 0; i < countof(rules); i++)
		add_rule(&text, rules[i]);
	buf_text(&text, "]}");
	assert_true(build_text(&arena, text.bytes, text.len, NULL).program.len <= 50); /* 59 clause by clause */
	arena_free(&arena);
}

/* 700 rules that ask for more than the first one does: without it they are too many. */
static void rules_that_one_implies_take_no_room(void **state)
{
	struct arena arena;
	struct buf text;

	(void)state;
	ARENA_START(&arena);
	buf_init(&text, &arena);
	buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (unsigned i = 0; i <= 700; i++) {
		struct buf conds;
		buf_init(&conds, &arena);
		for (unsigned arg = 0; arg < 3; arg++)
			buf_printf(&conds, "%s{\"index\":%u,\"op\":\"SCMP_CMP_GE\",\"value\":%llu}", arg ? "," : "", arg,
				5000000000ull + i + scattered_number(i) % 1000 * arg);
		add_rule(&text, buf_string(&conds));
	}
	buf_text(&text, "]}");
	assert_true(build_text(&arena, text.bytes, text.len, NULL).program.len <= 30);
	arena_free(&arena);
}

/* NULL: it cannot be compiled. */
static const struct policy *sample_policy(struct arena *arena, const struct sample_class *class, uint64_t seed)
{
	static struct sample sample;
	struct random random = random_start(seed);
	struct buf text;
	struct diags diags;

	sample_make(&random, class, &arch_abis[0], &sample);
	struct node_facts node = {.native = sample.native[0]};
	buf_init(&text, arena);
	sample_write(&text, &sample);
	struct source source = {"sample.json", text.bytes, text.len, false};
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	return profile ? build_meaning(arena, profile, &node, 1, &diags) : NULL;
}

/* By objective; 0: there is no filter. */
static void measure_layouts(struct arena *arena, const struct policy *policy, size_t len[OBJECTIVE_SIZE + 1])
{
	static const struct source source = {"sample.json", "", 0, false};
	struct diags diags;
	struct filter filter;
	struct mistake mistake;

	diags_init(&diags, arena, &source);
	for (unsigned i = 0; i <= OBJECTIVE_SIZE; i++) {
		const struct layout layout = {.objective = (enum objective)i, .share = layout_mix(arena)};
		bool built = build_policy(arena, policy, &layout, &diags, &filter, &mistake) == BUILD_DONE;
		len[i] = built ? filter.program.len : 0;
	}
}

static void try_smallest(const struct sample_class *class, uint64_t seed)
{
	size_t len[OBJECTIVE_SIZE + 1] = {0};
	struct arena arena;

	ARENA_START(&arena);
	const struct policy *policy = sample_policy(&arena, class, seed);
	if (policy)
		measure_layouts(&arena, policy, len);
	for (unsigned i = 0; i < OBJECTIVE_SIZE; i++) {
		if (len[i] && (!len[OBJECTIVE_SIZE] || len[OBJECTIVE_SIZE] > len[i]))
			fail_msg("seed %llu: the smallest has %zu instructions, objective %u %zu",
				(unsigned long long)seed, len[OBJECTIVE_SIZE], i, len[i]);
	}
	arena_free(&arena);
}

static void no_layout_is_smaller_than_the_smallest(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 8 * sample_class_count; seed++)
		try_smallest(&sample_classes[seed % sample_class_count], seed);
}

static void a_bound_on_the_path_is_kept(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct source text = shipped_profile(&arena);
	for (unsigned most = 16; most < 24; most++) {
		struct layout layout = {.share = layout_mix(&arena), .max_path = most};
		struct filter f = build_text(&arena, text.bytes, text.len, &layout);
		assert_true(path_longest(&arena, &f.program) <= most);
	}
	arena_free(&arena);
}

/* Six arguments a syscall, each in a condition of its own: most states on the way are met again. */
static void conditions_on_all_arguments_take_little_memory(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	struct source text = read_profile(&arena, "tests/kernels/profiles/operators.json");
	build_text(&arena, text.bytes, text.len, NULL);
	assert_in_range(arena.used, 0, (size_t)64 << 20);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_layout_changes_a_verdict),
		cmocka_unit_test(the_shipped_profile_is_small),
		cmocka_unit_test(arguments_take_few_instructions),
		cmocka_unit_test(a_filter_that_refuses_the_mix_is_small),
		cmocka_unit_test(abis_share_what_is_too_long_for_each_of_them),
		cmocka_unit_test(lists_of_100_values_take_few_instructions),
		cmocka_unit_test(no_layout_is_smaller_than_the_smallest),
		cmocka_unit_test(a_bound_on_the_path_is_kept),
		cmocka_unit_test(a_bound_that_is_kept_costs_nothing),
		cmocka_unit_test(what_several_rules_ask_is_asked_once),
		cmocka_unit_test(rules_that_one_implies_take_no_room),
		cmocka_unit_test(conditions_on_all_arguments_take_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
