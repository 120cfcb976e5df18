/*
 * One table of what a compile was made for: whatever an option says of it is in every output that is to have it, and
 * is read back from there as what it was.
 */

#include "tools/cli/node_options.h"
#include "tools/lib/target.h"
#include "tools/node/made.h"
#include "tools/node/record.h"
#include "tools/pack/manifest.h"

#include "backends/bpf/trailer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A word that is no default, for each fact that can be said. */
static const char *const sample[FACTS] = {
	[FACT_CAPS] = "SYS_ADMIN",
	[FACT_KERNEL] = "5.4",
	[FACT_RUNTIME] = "runc",
	[FACT_LIBSECCOMP] = "2.5",
	[FACT_ENOSYS] = "table",
	[FACT_NARROW] = "",
	[FACT_COMPLAIN] = "",
	[FACT_INPUT] = "docker",
	[FACT_ENTRY] = "web",
};

#define ARENA(name)                                                                                \
	struct arena name;                                                                         \
	arena_init(&name, 64 << 20);                                                               \
	if (setjmp(name.out))                                                                      \
	fail_msg("out of memory")

static bool takes(const struct verb *verb, enum option_id option)
{
	for (size_t i = 0; i < verb->taken; i++) {
		if (verb->takes[i].option == option)
			return true;
	}
	return false;
}

static bool is_fact(enum option_id option)
{
	for (size_t i = 0; i < FACTS; i++) {
		if (fact_option[i] == option)
			return true;
	}
	return false;
}

static void every_option_about_the_node_is_a_fact(void **state)
{
	static const struct taken node[] = {TAKES_NODE, TAKE(ARCH)};

	(void)state;
	for (size_t i = 0; i < countof(node); i++) {
		enum option_id option = node[i].option;
		/* which says two of them; and where what bases holds is found, of which the trailer has the digests */
		if (option == OPT_RUNTIME_FEATURES || option == OPT_BASE_DIR)
			continue;
		if (!is_fact(option))
			fail_msg("--%s is no row of COMPILE_FACTS", option_name(option));
	}
}

static void every_fact_is_where_its_option_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < FACTS; i++) {
		const struct fact *f = &compile_facts[i];
		enum option_id option = fact_option[i];
		assert_true(f->trailer.key && f->told);
		assert_true(!f->is_a == !sample[i]);
		if (option == OPT_NONE)
			continue;
		if (takes(&verb_install, option) && !f->record.key)
			fail_msg("install takes --%s, of which the record says nothing", option_name(option));
		/* of the node each filter has its own */
		if (takes(&verb_pack, option) && i != FACT_ARCH && i != FACT_CAPS && !f->manifest.key)
			fail_msg("pack takes --%s, of which the manifest says nothing", option_name(option));
	}
}

/* What a filter says of itself: the value of each fact in its trailer. */
static void compile(struct arena *arena, const struct node_facts *node, const struct input_options *wish,
	const char *said[static FACTS])
{
	static const char text[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
	struct source source = {"web", text, sizeof(text) - 1, false};
	struct product product;
	struct target target = {node, 1};
	struct mistake mistake;
	struct trailer trailer;
	struct diags diags;

	diags_init(&diags, arena, &source);
	struct recipe recipe = {.source = &source, .wish = wish, .profile = build_profile(arena, &source, &diags)};
	assert_int_equal(
		targets_build(arena, &(struct targets){&target, 1}, &recipe, &diags, &product, &mistake), BUILD_DONE);
	assert_true(trailer_find(arena, &product.written, &trailer));
	for (size_t i = 0; i < FACTS; i++)
		said[i] = trailer_value(arena, &trailer, compile_facts[i].trailer.key);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void what_is_said_is_in_the_trailer(void **state)
{
	const char *plain[FACTS], *said[FACTS];

	(void)state;
	ARENA(arena);
	const struct node_facts node = {.native = arch_find("x86_64", 6)};
	compile(&arena, &node, &(struct input_options){0}, plain);
	for (size_t i = 0; i < FACTS; i++) {
		struct node_facts facts = node;
		struct input_options wish = {0};
		if (!compile_facts[i].is_a)
			continue;
		assert_true(fact_read((enum fact_id)i, sample[i], &facts, &wish));
		compile(&arena, &facts, &wish, said);
		if (same(said[i], plain[i]))
			fail_msg("what says '%s' is not in the trailer", compile_facts[i].told);
		for (size_t other = 0; other < FACTS; other++) {
			bool brought = i == FACT_RUNTIME && other == FACT_ENOSYS;
			assert_true(other == i || brought || same(said[other], plain[other]));
		}
	}
	arena_free(&arena);
}

static void what_the_trailer_says_can_be_said(void **state)
{
	const char *said[FACTS];

	(void)state;
	ARENA(arena);
	for (size_t i = 0; i < FACTS; i++) {
		struct node_facts node = {.native = arch_find("x86_64", 6)}, again = node;
		struct input_options wish = {0}, read = {0};
		if (!compile_facts[i].is_a || i == FACT_CAPS) /* a number, which verify reads itself */
			continue;
		assert_true(fact_read((enum fact_id)i, sample[i], &node, &wish));
		compile(&arena, &node, &wish, said);
		assert_true(fact_read((enum fact_id)i, said[i], &again, &read));
		assert_memory_equal(&again, &node, sizeof(node));
		assert_int_equal(read.input, wish.input);
		assert_true(same(read.entry, wish.entry));
	}
	arena_free(&arena);
}

static void what_is_no_word_sets_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < FACTS; i++) {
		struct node_facts node = {0};
		const struct node_facts none = {0};
		struct input_options wish = {0};
		if (!compile_facts[i].is_a || i == FACT_ENTRY || !*sample[i])
			continue; /* flags and names have no wrong word */
		assert_false(fact_read((enum fact_id)i, i == FACT_CAPS ? "SYS_ADMIN,no word" : "no word", &node, &wish));
		assert_memory_equal(&node, &none, sizeof(node));
		assert_int_equal(wish.input, INPUT_ANY);
	}
}

/* A record's own test has each key needed. */
static void records_keep_the_facts(void **state)
{
	static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct record r = {.profile = "web", .source = "web.json", .source_sha256 = digest, .kernel_from = "node",
		.base_spec = "", .meaning = ""}, again;
	const char *why;
	struct buf b;

	(void)state;
	ARENA(arena);
	for (size_t i = 0; i < FACTS; i++)
		r.fact[i] = compile_facts[i].record.key ? buf_print(&arena, "word %zu", i) : NULL;
	buf_init(&b, &arena);
	record_write(&b, &r);
	struct source text = {"record.json", b.bytes, b.len, false};
	assert_int_equal(record_read(&again, &arena, &text, "web", &why), RECORD_OK);
	for (size_t i = 0; i < FACTS; i++) {
		if (!same(r.fact[i], again.fact[i]))
			fail_msg("the record does not keep '%s'", compile_facts[i].record.key);
	}
	arena_free(&arena);
}

static void manifests_keep_the_facts(void **state)
{
	(void)state;
	ARENA(arena);
	for (size_t i = 0; i < FACTS; i++) {
		struct bundle bundle = {.winnow = "0.1", .tables = "7.2"}, again = {0};
		struct bundle_options *o = &bundle.options;
		struct diags diags;
		struct buf b;
		if (!compile_facts[i].is_a || !compile_facts[i].manifest.key)
			continue;
		assert_true(fact_read((enum fact_id)i, sample[i], &o->node, &o->wish));
		buf_init(&b, &arena);
		manifest_write(&b, &bundle);
		struct source text = {MANIFEST_NAME, b.bytes, b.len, false};
		diags_init(&diags, &arena, &text);
		assert_true(manifest_read(&again, &arena, &text, 1, &diags));
		assert_memory_equal(&again.options.node, &o->node, sizeof(o->node));
		assert_int_equal(again.options.wish.input, o->wish.input);
		assert_true(same(again.options.wish.entry, o->wish.entry));
	}
	arena_free(&arena);
}

/* Of what was made with a fact said, or (FACTS) with none. */
static const char *digest_with(struct arena *arena, size_t fact)
{
	static const char text[] = "{}";
	const bool found[DIAG_IDS] = {false};
	const struct profile_source source = {.name = "web", .text = {"web", text, sizeof(text) - 1, false}};
	const struct limits limits = {0};
	struct record record = {.profile = "web", .source_sha256 = "", .kernel_from = "", .base_spec = "", .meaning = ""};
	const struct made made = {&record, found, ""};
	struct node_wish node = {.facts = {.native = arch_find("x86_64", 6)}, .kernel_from = ""};
	const struct making making = {&source, &node, &limits, false};

	for (size_t i = 0; i < FACTS; i++)
		record.fact[i] = "";
	if (fact < FACTS)
		assert_true(fact_read((enum fact_id)fact, sample[fact], &node.facts, &node.wish));
	return made_digest(arena, &making, &made);
}

/* A pass that took a fact for nothing would leave in force what was made for another one. */
static void what_need_not_be_made_again_was_made_for_the_same(void **state)
{
	const char *known[FACTS + 1] = {NULL};

	(void)state;
	ARENA(arena);
	for (size_t i = 0; i <= FACTS; i++) {
		if (i < FACTS && !compile_facts[i].is_a)
			continue;
		known[i] = digest_with(&arena, i);
		if (!known[i]) {
			print_message("NOTE: a library of this test has no build id, and nothing is digested\n");
			skip();
		}
		assert_string_equal(known[i], digest_with(&arena, i));
		for (size_t k = 0; k < i; k++) {
			if (known[k])
				assert_string_not_equal(known[k], known[i]);
		}
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_about_the_node_is_a_fact),
		cmocka_unit_test(every_fact_is_where_its_option_is_taken),
		cmocka_unit_test(what_is_said_is_in_the_trailer),
		cmocka_unit_test(what_the_trailer_says_can_be_said),
		cmocka_unit_test(what_is_no_word_sets_nothing),
		cmocka_unit_test(records_keep_the_facts),
		cmocka_unit_test(manifests_keep_the_facts),
		cmocka_unit_test(what_need_not_be_made_again_was_made_for_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
