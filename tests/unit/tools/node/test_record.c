/* What an install writes about itself is read back as it was, and nothing else passes for it. */

#include "tools/node/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const lost[] = {"x86_64 mount ALLOW -> ERRNO(1)", "x86_64 \"\\ 1..2"};
static const struct record sample = {.generation = 3,
	.profile = "web",
	.fact[FACT_BY] = "0.1.0",
	.fact[FACT_TABLES] = "7.2",
	.source = "/profiles/\"web\"\n.json",
	.source_sha256 = DIGEST,
	.fact[FACT_ARCH] = "x86_64",
	.fact[FACT_KERNEL] = "6.1",
	.fact[FACT_RUNTIME] = "author",
	.fact[FACT_CAPS] = "0x0",
	.fact[FACT_ENOSYS] = "off",
	.kernel_from = "node",
	.base_spec = "",
	.fact[FACT_ABIS] = "x86_64 x86 x32",
	.meaning = DIGEST,
	.instructions = 193,
	.worst_path = 18,
	.file = {[PLACE_JSON] = {DIGEST, 5301}, [PLACE_BPF] = {DIGEST, 1888}},
	.baseline = {DIGEST, 2, {lost, 2}, {lost, 0}},
	.refused = DIGEST};

#define ARENA(name)                                                                                \
	struct arena name;                                                                         \
	arena_init(&name, 4 << 20);                                                                \
	if (setjmp(name.out))                                                                      \
	fail_msg("out of memory")

static struct source text_of(struct arena *arena, const struct record *r)
{
	struct buf b;

	buf_init(&b, arena);
	record_write(&b, r);
	return (struct source){"record.json", b.bytes, b.len, false};
}

static void read_back_is_what_was_written(void **state)
{
	struct record r;
	const char *why;

	(void)state;
	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	assert_int_equal(record_read(&r, &arena, &text, "web", &why), RECORD_OK);
	assert_true(record_same(&arena, &r, &sample));
	assert_int_equal(r.generation, 3);
	assert_string_equal(r.refused, DIGEST);
	assert_string_equal(r.source, sample.source);
	assert_string_equal(r.baseline.sha256, DIGEST);
	assert_int_equal(r.baseline.syscalls, 2);
	assert_int_equal(r.baseline.lost.count, 2);
	assert_string_equal(r.baseline.lost.line[1], lost[1]);
	assert_int_equal(r.baseline.rounded.count, 0);
	assert_null(r.file[PLACE_BASE_SPEC].sha256);
	struct source again = text_of(&arena, &r);
	assert_int_equal(again.len, text.len);
	assert_memory_equal(again.bytes, text.bytes, text.len);
	arena_free(&arena);
}

static void generation_and_refusal_do_not_make_a_difference(void **state)
{
	struct record other = sample;

	(void)state;
	ARENA(arena);
	other.generation = 4;
	other.refused = NULL;
	assert_true(record_same(&arena, &sample, &other));
	other.worst_path++;
	assert_false(record_same(&arena, &sample, &other));
	other = sample;
	other.baseline.sha256 = "another";
	assert_false(record_same(&arena, &sample, &other));
	arena_free(&arena);
}

/* Half of what a baseline took would pass for all of it. */
static void what_a_baseline_took_is_whole(void **state)
{
	static const char *const keys[] = {"sha256", "syscalls", "lost", "rounded"};
	struct record r;
	const char *why;

	(void)state;
	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	for (size_t i = 0; i < countof(keys); i++) {
		char *damaged = arena_text(&arena, text.bytes, text.len);
		char *key = strstr(strstr(damaged, "\"baseline\""), keys[i]);
		*key = '_';
		struct source source = {"record.json", damaged, text.len, false};
		assert_int_equal(record_read(&r, &arena, &source, "web", &why), RECORD_NONE);
	}
	arena_free(&arena);
}

static void another_profile_s_record_is_none(void **state)
{
	struct record r;
	const char *why;

	(void)state;
	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	assert_int_not_equal(record_read(&r, &arena, &text, "we", &why), RECORD_OK);
	assert_string_equal(why, "of another profile");
	arena_free(&arena);
}

/* Each line but those of digests' files and what may be missing is a key that has to be there. */
static void every_key_is_needed(void **state)
{
	struct record r;
	const char *why;
	volatile size_t keys = 0; /* survives the jump */

	(void)state;
	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	for (size_t at = 0; at < text.len; at++) {
		char *damaged = arena_text(&arena, text.bytes, text.len);
		if (strncmp(&damaged[at], "\n  \"", 4) != 0 ||
			strncmp(&damaged[at], "\n  \"files", 9) == 0 ||
			strncmp(&damaged[at], "\n  \"baseline", 12) == 0 ||
			strncmp(&damaged[at], "\n  \"refused", 11) == 0)
			continue;
		damaged[at + 4] = '_';
		struct source source = {"record.json", damaged, text.len, false};
		assert_int_not_equal(record_read(&r, &arena, &source, "web", &why), RECORD_OK);
		assert_non_null(why);
		keys++;
	}
	assert_int_equal(keys, 19);
	arena_free(&arena);
}

/* It is told from what is no record at all, which may be written over. */
static void another_version_s_record_is_another_s(void **state)
{
	static const char *const version[] = {"0", "2", "4294967297", "18446744073709551615"};
	struct record r;
	const char *why;

	(void)state;
	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	const char *rest = strchr(strchr(text.bytes, ':'), ',');
	for (size_t i = 0; i < sizeof(version) / sizeof(*version); i++) {
		struct buf b;
		buf_init(&b, &arena);
		buf_printf(&b, "{\"version\": %s%.*s", version[i],
			(int)(text.bytes + text.len - rest), rest);
		struct source other = {"record.json", b.bytes, b.len, false};
		assert_int_equal(record_read(&r, &arena, &other, "web", &why), RECORD_OTHER);
		assert_non_null(strstr(why, version[i]));
	}
	struct source none = {"record.json", "{\"version\": \"2\"}", 16, false};
	assert_int_equal(record_read(&r, &arena, &none, "web", &why), RECORD_NONE);
	arena_free(&arena);
}

/* The length of the text. */
static size_t damage(size_t at)
{
	struct record r;
	const char *why;

	ARENA(arena);
	struct source text = text_of(&arena, &sample);
	const size_t len = text.len;
	char *damaged = arena_text(&arena, text.bytes, len);
	struct source cut = {"record.json", damaged, at, false}, changed = {"record.json", damaged, len, false};
	if (at + 1 < len) /* the last byte is a newline */
		assert_int_not_equal(record_read(&r, &arena, &cut, "web", &why), RECORD_OK);
	damaged[at] = damaged[at] == '"' ? 'x' : '"';
	if (record_read(&r, &arena, &changed, "web", &why) == RECORD_OK)
		assert_string_equal(r.profile, "web");
	else
		assert_true(*why);
	arena_free(&arena);
	return len;
}

/* A byte changed, or cut off there: a record or none, and never another profile's. */
static void damage_is_survived(void **state)
{
	(void)state;
	for (size_t at = 0, len = 1; at < len; at++)
		len = damage(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_back_is_what_was_written),
		cmocka_unit_test(generation_and_refusal_do_not_make_a_difference),
		cmocka_unit_test(what_a_baseline_took_is_whole), cmocka_unit_test(another_profile_s_record_is_none),
		cmocka_unit_test(every_key_is_needed),
		cmocka_unit_test(another_version_s_record_is_another_s),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
