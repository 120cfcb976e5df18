/* Bundles: written, read, and every byte of one changed and every length of one cut. */

#include "tools/pack/bundle.h"
#include "tools/pack/ustar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* needs the four above */
#include <cmocka.h>

static struct bundle_file file(const char *bytes)
{
	return (struct bundle_file){.bytes = bytes, .len = strlen(bytes)};
}

static struct bundle_filter filter(const char *node, uint64_t caps)
{
	return (struct bundle_filter){.node = arch_find(node, strlen(node)),
		.caps = caps,
		.abis = node,
		.instructions = 7,
		.longest_path = 5,
		.meaning = {1, 2, 3, 250},
		.bpf = file("blob"),
		.json = file("{}")};
}

/* Out of order everywhere: the writer sorts. */
static struct source make(struct arena *arena)
{
	struct bundle_filter web[] = {filter("x86_64", 0), filter("aarch64", 0),
		filter("x86_64", 1u << 21), filter("s390x", 0)};
	struct bundle_filter db[] = {filter("x86_64", 0)};
	struct bundle_profile profile[] = {
		{"web", file("web's profile"), web, 4}, {"db", file(""), db, 1}};
	struct bundle b = {.winnow = "0.1",
		.tables = "7.2",
		.options = {.node.kernel = {true, 6, 1, 0, 0}, .json_enosys = ENOSYS_TABLE},
		.profile = profile,
		.profiles = 2};
	struct buf out;

	buf_init(&out, arena);
	bundle_write(&out, &b);
	return (struct source){"test.tar", out.bytes, out.len, false};
}

static bool reads(struct arena *arena, const char *bytes, size_t len, struct bundle *b)
{
	const struct source source = {"test.tar", bytes, len, false};
	struct diags diags;

	diags_init(&diags, arena, &source);
	bool ok = bundle_read(b, arena, &source, &diags);
	assert_int_equal(ok, !diags_failed(&diags));
	return ok;
}

static void comes_back(void **state)
{
	struct arena arena;
	struct bundle b;

	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	const struct source source = make(&arena);
	assert_int_equal(source.len % 512, 0);
	assert_true(reads(&arena, source.bytes, source.len, &b));
	assert_int_equal(b.profiles, 2);
	assert_string_equal(b.profile[0].name, "db");
	assert_string_equal(b.profile[1].name, "web");
	assert_int_equal(b.profile[0].text.len, 0);
	assert_int_equal(b.profile[1].filters, 4);
	assert_string_equal(b.tables, "7.2");
	assert_true(b.options.node.kernel.present && b.options.node.kernel.major == 6);
	assert_int_equal(b.options.json_enosys, ENOSYS_TABLE);
	const struct bundle_filter *f =
		bundle_find(&b.profile[1], arch_find("amd64", 5), 1u << 21);
	assert_non_null(f);
	assert_string_equal(f->bpf.path, "profiles/web/caps-0x200000/x86_64.bpf");
	assert_memory_equal(f->bpf.bytes, "blob", 4);
	assert_int_equal(f->meaning[3], 250);
	assert_null(bundle_find(&b.profile[1], arch_find("riscv64", 7), 0));
	arena_free(&arena);
}

static void writes_the_same(void **state)
{
	struct arena arena;
	struct bundle b;
	struct buf again;

	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	const struct source source = make(&arena);
	assert_true(reads(&arena, source.bytes, source.len, &b));
	buf_init(&again, &arena);
	bundle_write(&again, &b);
	assert_int_equal(again.len, source.len);
	assert_memory_equal(again.bytes, source.bytes, source.len);
	arena_free(&arena);
}

static void says_what_differs(void **state)
{
	struct node_facts node = {.kernel = {true, 6, 1, 9, 9}};
	struct arena arena;
	struct bundle b;

	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	const struct source source = make(&arena);
	assert_true(reads(&arena, source.bytes, source.len, &b));
	assert_null(bundle_differs(&arena, &b, &node));
	node.kernel.minor = 2;
	assert_string_equal(bundle_differs(&arena, &b, &node),
		"it was packed for kernel 6.1, this node has kernel 6.2");
	node.kernel.minor = 1;
	node.dialect = dialect_find("runc", 4);
	assert_string_equal(bundle_differs(&arena, &b, &node),
		"it was packed for no runtime in particular, this node has runtime runc");
	node.dialect = NULL;
	node.enosys = ENOSYS_RUNC;
	assert_non_null(bundle_differs(&arena, &b, &node));
	arena_free(&arena);
}

/*
 * A bundle that reads has one way to be written, so one that was changed and still reads says
 * something else: a number, a name, a version. Those are the manifest's words, and nothing else.
 */
static void notices_every_byte(void **state)
{
	struct arena arena, work;
	struct bundle b;
	size_t taken = 0;

	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	const struct source source = make(&arena);
	char *bytes = arena_text(&arena, source.bytes, source.len);
	const char *end = strstr(bytes + 512, "\n}\n");
	assert_non_null(end);
	for (size_t i = 0; i < source.len; i++) {
		arena_init(&work, (size_t)64 << 20);
		bytes[i] ^= 1;
		if (reads(&work, bytes, source.len, &b)) {
			assert_in_range(i, 512, (size_t)(end - bytes));
			taken++;
		}
		bytes[i] ^= 1;
		arena_free(&work);
	}
	/* of five filters the hash and the numbers, the list of ABIs; and three versions */
	assert_in_range(taken, 5 * 60, 5 * (64 + 2 + 11) + 6);
	arena_free(&arena);
}

static void notices_every_length(void **state)
{
	struct arena arena, work;
	struct bundle b;

	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	const struct source source = make(&arena);
	for (size_t len = 0; len < source.len; len++) {
		arena_init(&work, (size_t)64 << 20);
		assert_false(reads(&work, source.bytes, len, &b));
		arena_free(&work);
	}
	arena_free(&arena);
}

static void names(void **state)
{
	char name[300];

	(void)state;
	assert_true(ustar_name_ok("a") && ustar_name_ok("a/b.c/d_e-f"));
	assert_false(ustar_name_ok("") || ustar_name_ok("/a") || ustar_name_ok("a/") ||
		ustar_name_ok("a//b") || ustar_name_ok("..") || ustar_name_ok("a/../b") ||
		ustar_name_ok("a/.b") || ustar_name_ok("a b") || ustar_name_ok("a\n"));
	memset(name, 'x', sizeof(name));
	name[100] = '\0';
	assert_true(ustar_name_ok(name));
	name[100] = 'x';
	name[101] = '\0';
	assert_false(ustar_name_ok(name)); /* no slash to part it at */
	name[100] = '/';
	name[101] = 'x';
	name[201] = '\0';
	assert_true(ustar_name_ok(name));
	name[201] = 'x';
	name[202] = '\0';
	assert_false(ustar_name_ok(name));
	assert_true(bundle_name_ok("web.v2", 6));
	assert_false(bundle_name_ok("", 0) || bundle_name_ok(".web", 4) ||
		bundle_name_ok("a/b", 3) || bundle_name_ok("a\0b", 3));
	memset(name, 'x', sizeof(name));
	assert_true(bundle_name_ok(name, 128));
	assert_false(bundle_name_ok(name, 129));
}

/* The longest names there are fit a header, parted into prefix and name. */
static void long_names(void **state)
{
	struct bundle_filter one[] = {filter("mipsel64n32", ((uint64_t)1 << 41) - 1)};
	char name[BUNDLE_NAME_MAX + 1];
	struct bundle_profile profile[] = {{name, file("p"), one, 1}};
	struct bundle b = {
		.winnow = "0.1", .tables = "7.2", .profile = profile, .profiles = 1};
	struct arena arena;
	struct buf out;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[BUNDLE_NAME_MAX] = '\0';
	arena_init(&arena, (size_t)64 << 20);
	buf_init(&out, &arena);
	bundle_write(&out, &b);
	assert_true(reads(&arena, out.bytes, out.len, &b));
	assert_string_equal(b.profile[0].name, name);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(writes_the_same),
		cmocka_unit_test(says_what_differs),
		cmocka_unit_test(notices_every_byte),
		cmocka_unit_test(notices_every_length),
		cmocka_unit_test(names),
		cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
