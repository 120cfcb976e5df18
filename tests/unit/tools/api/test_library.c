/*
 * libwinnow as a program sees it: what comes out, what every mistake comes to, and that each allocation may fail
 * without a byte lost. Linked with libwinnow.a, of which nothing else can be seen.
 */

#include "include/winnow-compile.h"
#include "include/winnow.h"

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STACK ((size_t)256 << 10) /* what winnow-compile.h promises */

static const char web[] =
	"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"],\n"
	" \"syscalls\": [\n"
	"  {\"names\": [\"read\", \"write\", \"futex\", \"openat2x\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
	"  {\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
	"   \"args\": [{\"index\": 0, \"value\": 38, \"op\": \"SCMP_CMP_NE\"}]}]}\n";
static const char lax[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": []}";
static const char yaml[] = "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
			   "kind: SeccompProfile\n"
			   "metadata:\n"
			   "  name: web\n"
			   "spec:\n"
			   "  defaultAction: SCMP_ACT_ERRNO\n"
			   "  architectures: [SCMP_ARCH_X86_64]\n"
			   "  syscalls:\n"
			   "  - action: SCMP_ACT_ALLOW\n"
			   "    names: [read, write]\n";
static const char rules[] = "deny mount\nallow read\n# nothing\nallow mount\n";

/* --- memory that can run out and tells what is left --- */

struct pool {
	size_t taken, held, fails_at; /* calls so far; blocks not given back; which call fails, from 1; 0: none */
	size_t bytes, most;           /* not given back; at any time */
};

#define LED 64 /* bytes before a block, for its size */

static void *take(void *context, size_t size)
{
	struct pool *p = context;

	if (++p->taken == p->fails_at)
		return NULL;
	char *bytes = malloc(LED + size);
	if (!bytes)
		return NULL;
	memcpy(bytes, &size, sizeof(size));
	p->held++;
	p->bytes += size;
	p->most = p->bytes > p->most ? p->bytes : p->most;
	return bytes + LED;
}

static void give(void *context, void *bytes)
{
	struct pool *p = context;

	size_t size;

	memcpy(&size, (char *)bytes - LED, sizeof(size));
	p->held--;
	p->bytes -= size;
	free((char *)bytes - LED);
}

static struct winnow_options options_in(struct pool *p)
{
	return (struct winnow_options){
		.size = sizeof(struct winnow_options), .arch = "x86_64", .memory = {take, give, p}};
}

static struct winnow_side *read_text(const struct winnow_options *o, const char *text)
{
	struct winnow_side *side;

	assert_int_equal(winnow_profile(o, "web.json", text, strlen(text), &side), WINNOW_DONE);
	assert_string_equal(winnow_error(side), "");
	return side;
}

static struct winnow_blob only_blob(const struct winnow_side *side)
{
	struct winnow_blob blob = {.size = sizeof(blob)};

	assert_int_equal(winnow_blobs(side), 1);
	assert_int_equal(winnow_blob(side, 0, &blob), WINNOW_DONE);
	return blob;
}

/* --- what comes out --- */

static void a_profile_becomes_a_filter(void **state)
{
	struct pool pool = {0};
	struct winnow_options o = options_in(&pool);
	struct winnow_side *side = read_text(&o, web);

	(void)state;
	assert_int_equal(winnow_blobs(side), 0);
	assert_int_equal(winnow_compile(side), WINNOW_DONE);
	assert_int_equal(winnow_compile(side), WINNOW_DONE);
	struct winnow_blob blob = only_blob(side);
	assert_string_equal(blob.arch, "x86_64");
	assert_string_equal(blob.abis, "x86_64 x86");
	assert_int_equal(blob.length, 8 * (blob.insns + blob.trailer));
	assert_true(blob.trailer && blob.longest_path && blob.longest_path <= blob.insns);
	assert_true(blob.hashed && !blob.big_endian);
#ifdef __x86_64__
	struct winnow_fault fault;
	assert_int_equal(winnow_check(blob.bytes, blob.length, &fault), 0);
#endif
	winnow_free(side);
	assert_true(pool.taken && !pool.held);
}

static void findings_are_data(void **state)
{
	const struct winnow_options o = {.size = sizeof(o), .arch = "x86_64"};
	struct winnow_side *side = read_text(&o, web);
	struct winnow_diagnostic d = {.size = sizeof(d)}, note = d;
	bool found = false;

	(void)state;
	assert_int_equal(winnow_compile(side), WINNOW_DONE);
	for (size_t i = 0; !found && i < winnow_diagnostics(side); i++) {
		assert_int_equal(winnow_diagnostic(side, i, &d), WINNOW_DONE);
		found = strcmp(d.code, "W001") == 0;
		if (found)
			assert_int_equal(winnow_diagnostic(side, i + 1, &note), WINNOW_DONE);
	}
	assert_true(found && d.severity == WINNOW_WARNING && d.has_place);
	assert_string_equal(d.slug, "unknown-syscall");
	assert_non_null(strstr(d.text, "openat2x"));
	assert_non_null(d.about);
	assert_null(d.runtimes);
	assert_int_equal(d.line, 3);
	assert_int_equal(d.column, strstr(web, "\"openat2x\"") - strstr(web, "  {\"names\"") + 1);
	assert_memory_equal(web + d.offset, "\"openat2x\"", d.length);
	assert_true(note.of == d.of && note.severity == WINNOW_NOTE && !*note.code);
	assert_non_null(strstr(note.text, "openat2"));
	winnow_free(side);
}

static void several_nodes_make_several_filters(void **state)
{
	struct winnow_options o = {.size = sizeof(o), .arch = "x86_64,aarch64"};
	struct winnow_blob blob = {.size = sizeof(blob)};
	struct winnow_report *report;
	struct winnow_side *one = read_text(&o, lax);

	(void)state;
	assert_int_equal(winnow_compile(one), WINNOW_DONE);
	assert_string_equal(only_blob(one).abis, "x86_64 aarch64");
	o.apart = 1;
	struct winnow_side *apart = read_text(&o, lax);
	assert_int_equal(winnow_compile(apart), WINNOW_DONE);
	assert_int_equal(winnow_blobs(apart), 2);
	assert_int_equal(winnow_blob(apart, 1, &blob), WINNOW_DONE);
	assert_string_equal(blob.arch, "aarch64");
	assert_int_equal(winnow_diff(apart, one, &report), WINNOW_USAGE);
	assert_non_null(strstr(winnow_report_error(report), "several nodes"));
	winnow_report_free(report);
	winnow_free(apart);
	o.arch = "x86_64,s390x";
	o.apart = 0;
	struct winnow_side *mixed = read_text(&o, lax);
	assert_int_equal(winnow_compile(mixed), WINNOW_NOT_COMPILED);
	assert_non_null(strstr(winnow_error(mixed), "byte order"));
	assert_int_equal(winnow_blobs(mixed), 0);
	winnow_free(mixed);
	winnow_free(one);
}

/* --- questions --- */

static void questions_have_answers(void **state)
{
	struct winnow_options o = {.size = sizeof(o), .arch = "x86_64"};
	struct winnow_side *a = read_text(&o, web), *b = read_text(&o, lax), *filter;
	struct winnow_line line = {.size = sizeof(line)};
	struct winnow_report *r;
	const uint64_t alg[6] = {38};

	(void)state;
	assert_int_equal(winnow_compile(a), WINNOW_DONE);
	struct winnow_blob blob = only_blob(a);
	assert_int_equal(winnow_filter(NULL, NULL, blob.bytes, blob.length, &filter), WINNOW_DONE);
	struct winnow_blob same = only_blob(filter);
	assert_true(same.insns == blob.insns && same.trailer == blob.trailer && same.longest_path == blob.longest_path);
	assert_string_equal(same.abis, blob.abis);

	assert_int_equal(winnow_verify(a, filter, &r), WINNOW_DONE);
	assert_int_equal(winnow_lines(r), 0);
	winnow_report_free(r);
	assert_int_equal(winnow_verify(b, filter, &r), WINNOW_FINDING);
	assert_int_equal(winnow_line(r, 0, &line), WINNOW_DONE);
	assert_true(line.has_call && line.verdict[0] == 0x7fff0000 && line.verdict[1] != line.verdict[0]);
	winnow_report_free(r);
	assert_int_equal(winnow_verify(filter, a, &r), WINNOW_USAGE);
	winnow_report_free(r);

	assert_int_equal(winnow_subset(a, b, &r), WINNOW_FINDING); /* b kills what is of no ABI of its own */
	winnow_report_free(r);
	assert_int_equal(winnow_subset(a, filter, &r), WINNOW_DONE);
	winnow_report_free(r);

	assert_int_equal(winnow_diff(a, filter, &r), WINNOW_DONE);
	assert_string_equal(winnow_report_text(r), "");
	assert_string_equal(winnow_report_json(r), "[]");
	winnow_report_free(r);
	assert_int_equal(winnow_diff(filter, b, &r), WINNOW_FINDING);
	assert_non_null(strstr(winnow_report_text(r), "mount"));
	assert_true(winnow_lines(r) > 100);
	bool mount = false;
	for (size_t i = 0; !mount && i < winnow_lines(r); i++)
		mount = winnow_line(r, i, &line) == WINNOW_DONE && strcmp(line.text, "x86_64 mount") == 0;
	assert_true(mount && line.has_call && line.verdict[0] == 0x00050001 && line.verdict[1] == 0x7fff0000);
	assert_non_null(strstr(winnow_report_json(r), "\"calls\": \"mount\""));
	winnow_report_free(r);

	assert_int_equal(winnow_assert(filter, "rules", rules, strlen(rules), &r), WINNOW_FINDING);
	assert_int_equal(winnow_lines(r), 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(winnow_line(r, i, &line), WINNOW_DONE);
		assert_int_equal(line.status, i < 2 ? WINNOW_DONE : WINNOW_FINDING);
		assert_int_equal(line.line, i < 2 ? i + 1 : 4);
	}
	assert_string_equal(line.text, "allow mount");
	winnow_report_free(r);
	assert_int_equal(winnow_assert(a, NULL, "allow opne", 10, &r), WINNOW_INPUT);
	assert_string_equal(winnow_report_error(r), "assertions:1:7: unknown syscall 'opne'; did you mean 'open'?");
	assert_int_equal(winnow_line(r, 0, &line), WINNOW_DONE);
	assert_true(line.status == WINNOW_INPUT && line.line == 1 && line.column == 7);
	winnow_report_free(r);

	assert_int_equal(winnow_explain(a, NULL, "socket", alg, &r), WINNOW_DONE);
	assert_int_equal(winnow_line(r, 0, &line), WINNOW_DONE);
	assert_true(line.verdict[0] == 0x00050001 && line.call.nr == 41 && line.call.args[0] == 38);
	assert_non_null(strstr(winnow_report_text(r), "EPERM"));
	winnow_report_free(r);
	assert_int_equal(winnow_explain(filter, "x86", "read", NULL, &r), WINNOW_DONE);
	assert_int_equal(winnow_line(r, 0, &line), WINNOW_DONE);
	assert_true(line.verdict[0] == 0x7fff0000 && line.call.nr == 3);
	winnow_report_free(r);
	assert_int_equal(winnow_explain(a, "x86_64", "opne", NULL, &r), WINNOW_USAGE);
	winnow_report_free(r);
	winnow_free(filter);
	winnow_free(b);
	winnow_free(a);
}

/* --- mistakes --- */

static void expect(const struct winnow_options *o, const char *text, enum winnow_status status, const char *word)
{
	struct winnow_side *side;
	enum winnow_status got = winnow_profile(o, NULL, text, strlen(text), &side);

	if (got == WINNOW_DONE)
		got = winnow_compile(side);
	assert_int_equal(got, status);
	if (!strstr(winnow_error(side), word))
		fail_msg("'%s' in place of one with '%s'", winnow_error(side), word);
	winnow_free(side);
}

static void mistakes_are_told(void **state)
{
	const struct winnow_options plain = {.size = sizeof(plain), .arch = "x86_64"};
	struct winnow_options o = plain;
	struct winnow_side *side;
	static const unsigned char bad[8] = {0xff}, back[9] = {6};

	(void)state;
#define WRONG(member, value, word)                                                                                   \
	do {                                                                                                         \
		o = plain;                                                                                           \
		o.member = (value);                                                                                  \
		expect(&o, web, WINNOW_USAGE, word);                                                                 \
	} while (0)
	WRONG(arch, "pdp11", "pdp11");
	WRONG(arch, "x32", "x32");
	WRONG(caps, "CAP_NONE", "CAP_NONE");
	WRONG(kernel, "six", "six");
	WRONG(runtime, "nerdctl@9", "nerdctl@9");
	WRONG(libseccomp, "1", "libseccomp");
	WRONG(enosys, "?", "enosys");
	WRONG(input_format, "xml", "xml");
	WRONG(max_path, 4097, "4096");
	WRONG(max_insns, 4097, "4096");
	o = plain;
	o.max_insns = 3;
	expect(&o, web, WINNOW_NOT_COMPILED, "instructions, max_insns allows 3");
	expect(&plain, "kind: ConfigMap\ndata: {a: '{}', b: '{}'}\n", WINNOW_INPUT, "the option entry takes one");
	expect(&plain, "", WINNOW_INPUT, "");
	expect(&plain, "{\"defaultAction\": \"SCMP_ACT_ALOW\"}", WINNOW_INPUT, "SCMP_ACT_ALOW");
	o = plain;
	o.memory_max = 1 << 16;
	expect(&o, web, WINNOW_UNDECIDED, "memory_max");

	assert_int_equal(winnow_profile(&plain, NULL, web, strlen(web), NULL), WINNOW_USAGE);
	assert_int_equal(winnow_profile(&plain, NULL, NULL, 1, &side), WINNOW_USAGE);
	assert_null(side);
	o = plain;
	o.memory.allocate = take;
	assert_int_equal(winnow_profile(&o, NULL, web, 1, &side), WINNOW_USAGE);
	assert_null(side);
	o = plain;
	o.size = 3;
	assert_int_equal(winnow_profile(&o, NULL, web, 1, &side), WINNOW_USAGE);
	assert_int_equal(winnow_filter(&plain, "f", bad, sizeof(bad), &side), WINNOW_INPUT);
	assert_true(*winnow_error(side));
	assert_int_equal(winnow_compile(side), WINNOW_USAGE);
	assert_null(strstr(winnow_error(side), "compiled"));
	winnow_free(side);
	static const unsigned char allow[8] = {6, 0, 0, 0, 0, 0, 0xff, 0x7f};
	assert_int_equal(winnow_filter(&plain, "f", allow, sizeof(allow), &side), WINNOW_DONE);
	assert_string_equal(winnow_error(side), "");
	assert_int_equal(winnow_compile(side), WINNOW_USAGE);
	assert_string_equal(winnow_error(side), "the handle is a filter, and profiles are compiled");
	winnow_free(side);
	assert_int_equal(winnow_filter(NULL, "f", back, sizeof(back), &side), WINNOW_INPUT);
	assert_non_null(strstr(winnow_error(side), "9 bytes"));
	struct winnow_report *r;
	assert_int_equal(winnow_diff(side, side, &r), WINNOW_USAGE);
	assert_true(*winnow_report_error(r));
	winnow_report_free(r);
	assert_int_equal(winnow_diff(side, NULL, &r), WINNOW_USAGE);
	assert_null(r);
	winnow_free(side);
	winnow_free(NULL);
	winnow_report_free(NULL);
}

/* Whatever the bound is: of what was taken, not of what is in use. */
static void no_more_memory_is_taken_than_is_allowed(void **state)
{
	size_t done = 0, undecided = 0;

	(void)state;
	for (size_t most = (size_t)16 << 10; most <= (size_t)4 << 20; most += most / 7) {
		struct pool pool = {0};
		struct winnow_options o = options_in(&pool);
		struct winnow_report *report = NULL;
		struct winnow_side *side;
		o.memory_max = most;
		enum winnow_status status = winnow_profile(&o, "web.json", web, strlen(web), &side);
		status = status ? status : winnow_compile(side);
		assert_in_range(pool.most, 1, most);
		if (status) {
			assert_int_equal(status, WINNOW_UNDECIDED);
			assert_non_null(strstr(winnow_error(side), "memory_max"));
			undecided++;
		} else {
			done++;
			const size_t of_side = pool.bytes;
			pool.most = 0;
			status = winnow_diff(side, side, &report);
			assert_true(status == WINNOW_DONE || status == WINNOW_UNDECIDED);
			assert_in_range(pool.most - of_side, 1, most);
		}
		winnow_report_free(report);
		winnow_free(side);
		assert_int_equal(pool.held, 0);
	}
	assert_true(done && undecided);
}

/* One document of several is looked for in memory of the caller's, too. */
static void parts_are_found_in_the_callers_memory(void **state)
{
	char two[2 * sizeof(yaml) + 64];
	struct pool pool = {0};
	struct winnow_options o = options_in(&pool);
	struct winnow_side *side;

	(void)state;
	snprintf(two, sizeof(two), "%s---\nkind: Service\n", yaml);
	o.entry = "web";
	assert_int_equal(winnow_profile(&o, "two.yaml", two, strlen(two), &side), WINNOW_DONE);
	size_t calls = pool.taken;
	winnow_free(side);
	for (size_t fails = 1; fails <= calls; fails++) {
		pool = (struct pool){.fails_at = fails};
		assert_int_not_equal(winnow_profile(&o, "two.yaml", two, strlen(two), &side), WINNOW_DONE);
		winnow_free(side);
		assert_int_equal(pool.held, 0);
	}
}

/* A program that is older, or newer, than the library. */
static void sizes_tell_versions(void **state)
{
	struct {
		struct winnow_options known;
		unsigned char later[16];
	} o = {.known = {.size = sizeof(o), .arch = "x86_64"}};
	struct {
		struct winnow_blob known;
		unsigned char later[16];
	} blob;
	struct winnow_side *side;

	(void)state;
	assert_int_equal(winnow_profile(&o.known, NULL, lax, strlen(lax), &side), WINNOW_DONE);
	assert_int_equal(winnow_compile(side), WINNOW_DONE);
	memset(&blob, 0xff, sizeof(blob));
	blob.known.size = sizeof(blob);
	assert_int_equal(winnow_blob(side, 0, &blob.known), WINNOW_DONE);
	assert_true(blob.known.size == sizeof(blob) && !blob.later[0] && !blob.later[15]);
	memset(&blob, 0xff, sizeof(blob));
	blob.known.size = offsetof(struct winnow_blob, arch);
	assert_int_equal(winnow_blob(side, 0, &blob.known), WINNOW_DONE);
	assert_true(blob.known.length % 8 == 0 && (uintptr_t)blob.known.arch == UINTPTR_MAX);
	blob.known.size = 1;
	assert_int_equal(winnow_blob(side, 0, &blob.known), WINNOW_USAGE);
	winnow_free(side);
	o.later[3] = 1;
	assert_int_equal(winnow_profile(&o.known, NULL, lax, strlen(lax), &side), WINNOW_USAGE);
	assert_null(side);
	o.known = (struct winnow_options){.size = offsetof(struct winnow_options, caps), .arch = "s390x", .caps = "nonsense"};
	assert_int_equal(winnow_profile(&o.known, NULL, lax, strlen(lax), &side), WINNOW_DONE);
	winnow_free(side);
}

/* --- everything there is, and what is left when memory ends in the middle --- */

static bool ended(struct winnow_report **r, enum winnow_status status)
{
	winnow_report_free(*r);
	return status == WINNOW_NO_MEMORY;
}

/* True: memory ended. */
static bool ask_all(struct winnow_side *a, const struct winnow_side *b)
{
	struct winnow_report *r;

	return ended(&r, winnow_verify(a, b, &r)) || ended(&r, winnow_subset(a, b, &r)) || ended(&r, winnow_diff(a, b, &r)) ||
		ended(&r, winnow_assert(b, "rules", rules, strlen(rules), &r)) ||
		ended(&r, winnow_explain(a, NULL, "socket", NULL, &r));
}

static bool do_all(const struct winnow_options *o, const char *text)
{
	struct winnow_side *a, *b = NULL;
	bool end = true;

	if (winnow_profile(o, "p", text, strlen(text), &a) == WINNOW_NO_MEMORY) {
		assert_null(a);
		return true;
	}
	enum winnow_status status = winnow_compile(a);
	assert_true(status == WINNOW_DONE || status == WINNOW_NO_MEMORY);
	if (!status) {
		struct winnow_blob blob = only_blob(a);
		status = winnow_filter(o, "f", blob.bytes, blob.length, &b);
		end = status == WINNOW_NO_MEMORY || ask_all(a, b);
	}
	winnow_free(b);
	winnow_free(a);
	return end;
}

static void every_allocation_may_fail(void **state)
{
	static const char *const texts[] = {web, yaml};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pool pool = {0};
		struct winnow_options o = options_in(&pool);
		assert_false(do_all(&o, texts[i]));
		size_t calls = pool.taken;
		assert_true(calls > 20 && !pool.held);
		for (size_t at = 1; at <= calls; at++) {
			pool = (struct pool){.fails_at = at};
			assert_true(do_all(&o, texts[i]));
			assert_int_equal(pool.held, 0);
		}
	}
}

static void *in_thread(void *o)
{
	return do_all(o, web) || do_all(o, yaml) ? o : NULL;
}

static void a_small_stack_will_do(void **state)
{
	struct winnow_options o = {.size = sizeof(o), .arch = "x86_64"};
	pthread_attr_t attr;
	pthread_t thread;
	void *failed = &o;

	(void)state;
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstacksize(&attr, STACK), 0);
	assert_int_equal(pthread_create(&thread, &attr, in_thread, &o), 0);
	assert_int_equal(pthread_join(thread, &failed), 0);
	assert_null(failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_becomes_a_filter),
		cmocka_unit_test(findings_are_data),
		cmocka_unit_test(several_nodes_make_several_filters),
		cmocka_unit_test(questions_have_answers),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(no_more_memory_is_taken_than_is_allowed),
		cmocka_unit_test(parts_are_found_in_the_callers_memory),
		cmocka_unit_test(sizes_tell_versions),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(a_small_stack_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
