/* Calls to time a filter with: there is one of a kind wherever the filter has the kind. */

#include "compiler/kernel/action.h"
#include "compiler/base/base.h"
#include "tools/timing/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct insn allow_all[] = {{INSN_RET, 0, 0, RET_ALLOW}};
static const struct insn deny_all[] = {{INSN_RET, 0, 0, 0x00050001}};
static const struct insn kill_all[] = {{INSN_RET, 0, 0, 0x80000000}};
static const struct insn ask_all[] = {{INSN_LD, 0, 0, 8}, {INSN_RET, 0, 0, RET_ALLOW}};

static void every_abi_has_calls_of_every_class(void **state)
{
	static const struct {
		struct program program;
		enum probe_class class;
	} rows[] = {{{allow_all, 1}, PROBE_CACHED}, {{deny_all, 1}, PROBE_DENIED},
		{{ask_all, 2}, PROBE_ARGUED}};

	(void)state;
	for (size_t i = 0; i < arch_abi_count * countof(rows); i++) {
		const struct abi *abi = &arch_abis[i / countof(rows)];
		struct probe probe[PROBES_MAX];
		size_t probes = probe_choose(abi, &rows[i % countof(rows)].program, 1, probe);
		assert_int_equal(probes, 2);
		for (size_t k = 0; k < probes; k++) {
			assert_int_equal(probe[k].class, rows[i % countof(rows)].class);
			assert_int_equal(probe[k].call.arch, abi->audit);
		}
		assert_int_not_equal(probe[0].call.nr, probe[1].call.nr);
	}
}

static void a_filter_that_kills_has_no_calls(void **state)
{
	const struct program program = {kill_all, 1};
	struct probe probe[PROBES_MAX];

	(void)state;
	assert_int_equal(probe_choose(arch_abis, &program, 1, probe), 0);
}

/* Two filters that allow and one that refuses: the call is of the class most put it in. */
static void what_serves_more_filters_is_preferred(void **state)
{
	/* getppid(2) is refused by the first, allowed by the others */
	static const struct insn picky[] = {{INSN_LD, 0, 0, 0}, {INSN_JEQ, 0, 1, 110},
		{INSN_RET, 0, 0, 0x00050001}, {INSN_RET, 0, 0, RET_ALLOW}};
	const struct program programs[] = {{picky, 4}, {allow_all, 1}, {allow_all, 1}};
	struct probe probe[PROBES_MAX];
	size_t probes = probe_choose(arch_abis, programs, countof(programs), probe);

	(void)state;
	assert_int_equal(probes, 3);
	assert_string_equal(probe[0].name, "getuid");
	assert_string_equal(probe[1].name, "getpid");
	assert_int_equal(probe[2].class, PROBE_DENIED);
	assert_string_equal(probe[2].name, "getppid");
}

static void check_print(const struct probe *probe, const char *text)
{
	struct arena arena;
	struct buf b;

	arena_init(&arena, 1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	buf_init(&b, &arena);
	probe_print(&b, probe);
	buf_add(&b, "", 1);
	assert_string_equal(b.bytes, text);
	arena_free(&arena);
}

static void a_call_is_printed_as_it_is_made(void **state)
{
	(void)state;
	check_print(&(struct probe){.name = "getppid"}, "getppid()");
	check_print(&(struct probe){.name = "socket", .shown = 2, .call.args = {1000, 9}},
		"socket(0x3e8, 9)");
	check_print(
		&(struct probe){.name = "read", .shown = 1, .call.args = {UINT64_MAX}}, "read(-1)");
	check_print(&(struct probe){.call.nr = 4095}, "4095()");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_abi_has_calls_of_every_class),
		cmocka_unit_test(a_filter_that_kills_has_no_calls),
		cmocka_unit_test(what_serves_more_filters_is_preferred),
		cmocka_unit_test(a_call_is_printed_as_it_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
