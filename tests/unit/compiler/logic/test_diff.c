/*
 * Differences of random policies against policy_decide(), spans against a walk over numbers, hashes
 * against equality, regions against what they say.
 */

#include "compiler/logic/combine.h"
#include "compiler/logic/diff.h"
#include "backends/prove/hash.h"
#include "compiler/logic/meaning.h"
#include "compiler/logic/region.h"
#include "backends/prove/symbolic.h"
#include "compiler/logic/verdict.h"
#include "tests/lib/arbitrary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/plain.h"

#define PAIRS 150
#define CALLS 300

static void verdicts_are_what_the_kernel_tells_apart(void **state)
{
	static const uint32_t same[][2] = {{0x7fff0000, 0x7fff1234}, {0x7ffc0000, 0x7ffc0001},
		{0x7fc00000, 0x7fc00007}, {0x00050fff, 0x0005ffff}, {0x12340005, 0x80000005},
		{0xffffffff, 0x8000ffff}, {0x00010000, 0x80000000}};
	static const uint32_t other[][2] = {{0x00050001, 0x00050002}, {0x00050ffe, 0x0005ffff},
		{0x7ff00000, 0x7ff00001}, {0x00030000, 0x00030001}, {0, 0x80000000},
		{0x7fff0000, 0x7ffc0000}};

	(void)state;
	for (size_t i = 0; i < countof(same); i++)
		assert_int_equal(verdict_of(same[i][0]), verdict_of(same[i][1]));
	for (size_t i = 0; i < countof(other); i++)
		assert_int_not_equal(verdict_of(other[i][0]), verdict_of(other[i][1]));
}

static void verdicts_rank_as_in_the_kernel(void **state)
{
	static const uint32_t order[] = {0x80000000, 0, 0x00030000, 0x00050000, 0x7fc00000,
		0x7ff00000, 0x7ffc0000, 0x7fff0000};

	(void)state;
	for (size_t i = 1; i < countof(order); i++)
		assert_true(verdict_rank(order[i - 1]) < verdict_rank(order[i]));
	assert_int_equal(verdict_rank(0x11110000), verdict_rank(0x80000000));
	assert_true(verdict_lets_through(0x7ffc0000) && verdict_lets_through(0x7fff0001));
	assert_false(verdict_lets_through(0x7ff00000) || verdict_lets_through(0x77770000));
}

/* Another ret somewhere, so that the two are not all different. */
static struct policy varied(struct arena *arena, struct dice *d, const struct policy *p)
{
	struct policy q = *p;
	struct domain *domain =
		arena_grow(arena, p->domain, p->domains, p->domains, sizeof(*domain));

	for (size_t i = 0; i < p->domains; i++) {
		struct range *range = arena_grow(
			arena, domain[i].range, domain[i].ranges, domain[i].ranges, sizeof(*range));
		struct range *one = &range[dice_below(d, domain[i].ranges)];
		struct clause *clause =
			arena_grow(arena, one->clause, one->clauses, one->clauses, sizeof(*clause));
		clause[dice_below(d, one->clauses)].ret = arbitrary_ret(d);
		one->clause = clause;
		domain[i].range = range;
	}
	q.domain = domain;
	return q;
}

static void try_pair(struct dice *d, unsigned *differing)
{
	struct arena arena;
	struct call witness;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	const struct policy p = arbitrary_policy(&arena, d), q = varied(&arena, d, &p);
	uint32_t f = meaning_policy(&b, &p), g = meaning_policy(&b, &q);
	uint32_t both = diff_function(&b, f, g), laxer = diff_laxer(&b, f, g);
	for (unsigned i = 0; i < CALLS; i++) {
		const struct call call = arbitrary_call(d, &p);
		uint32_t x = verdict_of(policy_decide(&p, &call)->ret);
		uint32_t y = verdict_of(policy_decide(&q, &call)->ret);
		uint64_t pair = (uint64_t)x << 32 | y;
		assert_true(meaning_at(&b, both, &call) == (x == y ? DIFF_SAME : pair));
		assert_true(meaning_at(&b, laxer, &call) ==
			(verdict_rank(x) > verdict_rank(y) ? pair : DIFF_SAME));
	}
	if (both != bdd_leaf(&b, DIFF_SAME)) {
		++*differing;
		uint64_t leaf = diff_witness(&b, both, &witness);
		assert_int_equal(verdict_of(policy_decide(&p, &witness)->ret), diff_left(leaf));
		assert_int_equal(verdict_of(policy_decide(&q, &witness)->ret), diff_right(leaf));
		assert_int_not_equal(diff_left(leaf), diff_right(leaf));
	}
	arena_free(&arena);
}

static void differences_are_those_of_the_policies(void **state)
{
	struct dice d = {7};
	unsigned differing = 0;

	(void)state;
	for (unsigned i = 0; i < PAIRS; i++)
		try_pair(&d, &differing);
	assert_in_range(differing, PAIRS / 3, PAIRS - 1);
}

/* --- spans --- */

struct expected {
	struct bdd *b;
	const struct domain *domain;
	uint32_t other; /* ret on the other side */
	uint64_t next;  /* number up to which all was seen */
};

/* All numbers of a policy without conditions answer one ret; the spans are where it is another. */
static bool check_span(void *data, const struct span *span)
{
	struct expected *e = data;

	for (uint64_t nr = e->next; nr < span->first; nr++) {
		const struct range *r = domain_find(e->domain, (uint32_t)nr);
		assert_int_equal(r->clause->ret, e->other);
		nr = r->last;
	}
	assert_true(bdd_is_leaf(e->b, span->rest));
	uint32_t ret = diff_left(bdd_value(e->b, span->rest));
	assert_int_equal(domain_find(e->domain, span->first)->clause->ret, ret);
	assert_int_equal(domain_find(e->domain, span->last)->clause->ret, ret);
	e->next = (uint64_t)span->last + 1;
	return true;
}

static void try_spans(struct dice *d)
{
	static const uint32_t cuts[] = {
		0, 1, 2, 59, 60, 0x40000000, 0x7fffffff, 0x80000000, UINT32_MAX - 1, UINT32_MAX};
	static const uint32_t rets[] = {RET_ALLOW, 0x00050001, 0};
	struct clause clause[countof(cuts)];
	struct range range[countof(cuts)];
	struct arena arena;
	struct bdd b;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	for (size_t i = 0; i < countof(cuts); i++) {
		clause[i] = (struct clause){.ret = rets[dice_below(d, 3)]};
		range[i] = (struct range){.first = cuts[i],
			.last = i + 1 < countof(cuts) ? cuts[i + 1] - 1 : UINT32_MAX,
			.clause = &clause[i],
			.clauses = 1};
	}
	const struct domain domain = {7, range, countof(cuts)};
	const struct policy p = {.domain = &domain, .domains = 1, .elsewhere = {.ret = RET_ALLOW}};
	uint32_t all = diff_function(&b, meaning_policy(&b, &p), bdd_leaf(&b, RET_ALLOW));
	struct expected e = {&b, &domain, RET_ALLOW, 0};
	assert_true(diff_spans(&b, meaning_given(&b, all, WORD_ARCH, 7), WORD_NR, check_span, &e));
	for (uint64_t nr = e.next; nr <= UINT32_MAX; nr++) {
		const struct range *r = domain_find(&domain, (uint32_t)nr);
		assert_int_equal(r->clause->ret, RET_ALLOW);
		nr = r->last;
	}
	arena_free(&arena);
}

static void spans_are_the_ranges_that_differ(void **state)
{
	struct dice d = {3};

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		try_spans(&d);
}

/* --- hashes --- */

/* A policy and a program that have nothing in common but what they do, and another policy. */
static void try_hash(struct dice *d)
{
	static struct draft draft;
	uint8_t of_policy[SHA256_SIZE], of_program[SHA256_SIZE], of_other[SHA256_SIZE];
	struct arena arena;
	struct bdd b, c;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	bdd_init(&c, &arena);
	const struct policy p = arbitrary_policy(&arena, d), q = varied(&arena, d, &p);
	const struct program program = plain_compile(&draft, &p);
	uint32_t f = meaning_policy(&b, &p), g = meaning_policy(&b, &q);
	assert_true(hash_function(&b, f, of_policy));
	assert_true(hash_function(&b, g, of_other));
	assert_true(hash_function(&c, symbolic_run(&c, &program, p.order), of_program));
	assert_memory_equal(of_policy, of_program, SHA256_SIZE);
	bool same = verdict_function(&b, f) == verdict_function(&b, g);
	assert_int_equal(!memcmp(of_policy, of_other, SHA256_SIZE), same);
	arena_free(&arena);
}

static void hashes_are_equal_exactly_where_functions_are(void **state)
{
	struct dice d = {11};

	(void)state;
	for (unsigned i = 0; i < PAIRS; i++)
		try_hash(&d);
}

/* The serialisation of doc/blob.md: this value must never change. */
static void the_hash_of_allowing_everything_is_known(void **state)
{
	static const char header[] = "winnow meaning 1\n";
	static const uint8_t leaf[12] = {255, 255, 255, 255, 0, 0, 0, 0, 0x7f, 0xff, 0, 0};
	uint8_t digest[SHA256_SIZE], expected[SHA256_SIZE];
	struct sha256 sha;
	struct arena arena;
	struct bdd b;

	(void)state;
	ARENA_START(&arena);
	bdd_init(&b, &arena);
	sha256_start(&sha);
	sha256_add(&sha, header, strlen(header));
	sha256_add(&sha, leaf, sizeof(leaf));
	sha256_end(&sha, expected);
	assert_true(hash_function(&b, bdd_leaf(&b, RET_ALLOW), digest));
	assert_memory_equal(digest, expected, SHA256_SIZE);
	assert_true(hash_function(&b, bdd_leaf(&b, RET_ALLOW | 5), digest));
	assert_memory_equal(digest, expected, SHA256_SIZE);
	arena_free(&arena);
}

/* --- regions --- */

#define ALL UINT64_MAX
#define LOW UINT64_C(0xffffffff)

static const struct {
	const char *abi;
	struct cond cond[2];
	size_t conds;
	const char *text;
} regions[] = {
	{"x86_64", {{0}}, 0, ""},
	{"x86_64", {{0, COND_EQ, ALL, 38}}, 1, "when a0 == 38"},
	{"x86_64", {{0, COND_NE, ALL, 38}}, 1, "when a0 != 38"},
	{"x86_64", {{5, COND_GE, ALL, 5000}}, 1, "when a5 >= 0x1388"},
	{"x86_64", {{1, COND_LE, ALL, 7}}, 1, "when a1 <= 7"},
	{"x86_64", {{1, COND_LT, ALL, 1}}, 1, "when a1 == 0"},
	{"x86_64", {{0, COND_EQ, LOW, 38}}, 1, "when (a0 & 0xffffffff) == 38"},
	{"x86", {{0, COND_EQ, LOW, 38}}, 1, "when a0 == 38"},
	{"x86", {{0, COND_NE, LOW, 38}}, 1, "when a0 != 38"},
	{"x86", {{0, COND_GT, LOW, 38}}, 1, "when a0 >= 39"},
	{"x86_64", {{0, COND_EQ, 0x7e020000, 0}}, 1, "when (a0 & 0x7e020000) == 0"},
	{"x86_64", {{0, COND_NE, 0x7e020000, 0}}, 1, "when (a0 & 0x7e020000) != 0"},
	{"x86_64", {{0, COND_EQ, ALL, 1}, {2, COND_NE, ALL, 3}}, 2, "when a0 == 1 and a2 != 3"},
	{"x86_64", {{0, COND_LE, ALL, 3}, {3, COND_NE, 2, 0}}, 2,
		"when a0 <= 3 and (a3 & 0x2) == 2"},
	{"x86_64", {{0, COND_GE, 0xf0f0, 0x1020}}, 1, "for some arguments"},
};

static void try_region(size_t i)
{
	struct clause clause[] = {
		{.ret = 7, .cond = regions[i].cond, .conds = regions[i].conds}, {.ret = 9}};
	struct range range = {0, UINT32_MAX, clause, regions[i].conds ? 2 : 1};
	struct domain domain = {0, &range, 1};
	struct policy p = {.domain = &domain, .domains = 1};
	struct arena arena;
	struct bdd b;
	struct buf out;

	ARENA_START(&arena);
	bdd_init(&b, &arena);
	buf_init(&out, &arena);
	uint32_t f = meaning_given(&b, meaning_policy(&b, &p), WORD_ARCH, 0);
	region_print(&out, &b, f, 7, arch_find(regions[i].abi, strlen(regions[i].abi)));
	buf_add(&out, "", 1);
	assert_string_equal(out.bytes, regions[i].text);
	buf_init(&out, &arena);
	region_print(&out, &b, f, 9, arch_find(regions[i].abi, strlen(regions[i].abi)));
	assert_true(regions[i].conds < 2 || strncmp(out.bytes, "unless a", 8) == 0);
	arena_free(&arena);
}

static void regions_read_as_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(regions); i++)
		try_region(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_are_what_the_kernel_tells_apart),
		cmocka_unit_test(verdicts_rank_as_in_the_kernel),
		cmocka_unit_test(differences_are_those_of_the_policies),
		cmocka_unit_test(spans_are_the_ranges_that_differ),
		cmocka_unit_test(hashes_are_equal_exactly_where_functions_are),
		cmocka_unit_test(the_hash_of_allowing_everything_is_known),
		cmocka_unit_test(regions_read_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
