/*
 * A random profile and random lines about it, all made of the input's bytes: syscalls with
 * parameters of every width, values at the edges of those widths, every relation, masks, constants,
 * negative numbers, every ABI. Each line stands there as an allow and as a deny. The profile is
 * judged as such or as the filter it compiles to; brute force (claims.c) contradicts no answer.
 */

#include "claims.h"
#include "target.h"
#include "fake_io.h"

#include "backends/bpf/bytes.h"
#include "tools/lib/build.h"
#include "tools/cli/comparison.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_CAP ((size_t)512 << 20)
#define BYTES_MAX 512
#define RULES     5
#define LINES     4

static const char *const names[] = {"socket", "chmod", "read", "clone", "ioctl", "mmap", "open",
	"fchmodat", "setuid", "chown", "personality", "accept", "getpid", "semop", "prctl"};

static const char *const numbers[] = {"0", "1", "2", "38", "0x26", "4", "0x7fff", "0x8000",
	"0xfffe", "0xffff", "0x10000", "0x10026", "0x7fffffff", "0x80000000", "0xfffffffe",
	"0xffffffff", "0x100000000", "0x100000026", "0x7fffffffffffffff", "0x8000000000000000",
	"0xffffffff00000000", "0xffffffff80000000", "0xffffffffffff8000", "0xffffffffffffffff"};

static const char *const words[] = {"-1", "-2", "-32768", "-32769", "-2147483648", "-2147483649",
	"04777", "AF_ALG", "AF_UNIX", "CLONE_NEWUSER", "CLONE_NEWUSER|SIGCHLD", "CLONE_INTO_CGROUP",
	"PROT_EXEC", "O_RDONLY", "O_ACCMODE", "AT_FDCWD", "MAP_32BIT", "TCSETS", "1|2|0x8000"};

static const char *const ops[] = {
	"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GE", "SCMP_CMP_GT"};

static const char *const relations[] = {"", "==", "!=", "<", "<=", ">", ">="};

static const char *const actions[] = {"ALLOW", "ERRNO", "LOG", "KILL_PROCESS", "TRAP"};

#define PICK(choice, list) list[choose((choice), sizeof(list) / sizeof((list)[0]))]

/* --- the profile --- */

static void write_number(struct buf *b, const char *key, const char *number)
{
	buf_printf(b, ", \"%s\": %llu", key, strtoull(number, NULL, 0));
}

static void write_cond(struct buf *b, struct choice *c, size_t index)
{
	bool masked = choose(c, 4) == 0;

	buf_printf(b, "{\"index\": %zu, \"op\": \"%s\"", index,
		masked ? "SCMP_CMP_MASKED_EQ" : PICK(c, ops));
	write_number(b, "value", PICK(c, numbers));
	if (masked)
		write_number(b, "valueTwo", PICK(c, numbers));
	buf_text(b, "}");
}

static void write_rule(struct buf *b, struct choice *c, const char *const *used)
{
	size_t conds = choose(c, 4);

	buf_printf(b, "{\"names\": [\"%s\"], \"action\": \"SCMP_ACT_%s\", \"args\": [",
		used[choose(c, 3)], PICK(c, actions));
	for (size_t i = 0; i < conds && i < 2; i++) {
		buf_text(b, i ? ", " : "");
		write_cond(b, c, i);
	}
	buf_text(b, "]}");
}

static void write_profile(struct buf *b, struct choice *c, const char *const *used)
{
	size_t rules = choose(c, RULES);

	buf_printf(b, "{\"defaultAction\": \"SCMP_ACT_%s\", \"syscalls\": [", PICK(c, actions));
	for (size_t i = 0; i < rules; i++) {
		buf_text(b, i ? ",\n" : "\n");
		write_rule(b, c, used);
	}
	buf_text(b, "]}\n");
}

/* --- the lines --- */

static const char *pick_value(struct choice *c)
{
	return choose(c, 3) ? PICK(c, numbers) : PICK(c, words);
}

static void write_arg(struct buf *b, struct choice *c)
{
	switch (choose(c, 4)) {
	case 0:
		buf_text(b, "*");
		return;
	case 1:
		buf_printf(b, "&%s", pick_value(c));
		if (choose(c, 2))
			buf_printf(b, "==%s", pick_value(c));
		return;
	default:
		buf_printf(b, "%s%s", PICK(c, relations), pick_value(c));
	}
}

/* `named`: where the line is about is said, as a filter does not say what it is for. */
static void write_claim(struct buf *b, struct choice *c, const char *const *used, bool named)
{
	size_t args = choose(c, 3), where = choose(c, named ? 2 : 4);

	buf_printf(b, " %s(", used[choose(c, 3)]);
	for (size_t i = 0; i < args; i++) {
		buf_text(b, i ? ", " : "");
		write_arg(b, c);
	}
	buf_text(b, ")");
	if (where == 0)
		buf_text(b, " on all");
	if (where == 1)
		buf_printf(b, " on %s", arch_abis[choose(c, arch_abi_count)].name);
}

static void write_lines(struct buf *b, struct choice *c, const char *const *used, bool named)
{
	size_t start = b->len + strlen("allow");

	buf_text(b, "allow");
	write_claim(b, c, used, named);
	const char *claim = arena_text(b->arena, b->bytes + start, b->len - start);
	buf_printf(b, "\ndeny%s\n", claim);
}

/* --- one input --- */

static const struct policy *make_policy(
	struct arena *arena, const struct source *source, const struct abi *native, bool narrow)
{
	const struct node_facts node = {.native = native, .narrow = narrow};
	struct diags diags;

	diags_init(&diags, arena, source);
	const struct profile *p = build_profile(arena, source, &diags);
	return p ? build_meaning(arena, p, &node, 1, &diags) : NULL;
}

/* False: it is larger than winnow makes filters. */
static bool make_blob(struct arena *arena, const struct policy *policy, struct buf *bytes)
{
	struct filter filter;
	struct mistake mistake;
	struct diags diags;

	diags_init(&diags, arena, NULL);
	enum build built = build_policy(arena, policy, NULL, &diags, &filter, &mistake);
	assert(built != BUILD_MISTAKEN);
	if (built != BUILD_DONE)
		return false;
	buf_init(bytes, arena);
	bytes_write(bytes, &filter.program, policy->order);
	return true;
}

struct trial {
	struct arena *arena;
	const char *used[3]; /* names */
	const struct abi *native;
	bool narrow, compiled;
	const struct policy *policy;
};

static bool start_trial(struct trial *t, struct choice *c)
{
	static char operand[] = "side";
	struct buf side;

	for (size_t i = 0; i < 3; i++)
		t->used[i] = PICK(c, names);
	t->native = &arch_abis[choose(c, arch_abi_count)];
	t->narrow = choose(c, 3) == 0;
	t->compiled = !t->narrow && choose(c, 2);
	buf_init(&side, t->arena);
	write_profile(&side, c, t->used);
	const struct source text = {.name = operand, .bytes = side.bytes, .len = side.len};
	if (getenv("FUZZ_SHOW"))
		fprintf(stderr, "%s%s%s:\n%.*s", t->native->name, t->narrow ? ", narrow" : "",
			t->compiled ? ", compiled" : "", (int)side.len, side.bytes);
	if (t->native->guest)
		return false;
	t->policy = make_policy(t->arena, &text, t->native, t->narrow);
	if (!t->policy || (t->compiled && !make_blob(t->arena, t->policy, &side)))
		return false;
	fake_io.file[0] = (struct fake_io_file){operand, side.bytes, side.len};
	return true;
}

static void try_lines(struct trial *t, struct choice *c)
{
	char *operands[] = {(char *)(uintptr_t)fake_io.file[0].name};
	struct parsed parsed = {.verb = &verb_assert, .operand = operands, .operands = 1};
	struct buf lines;

	buf_init(&lines, t->arena);
	write_lines(&lines, c, t->used, t->compiled);
	const struct source source = {.name = "fuzz.txt", .bytes = lines.bytes, .len = lines.len};
	fake_io.file[1] = (struct fake_io_file){source.name, source.bytes, source.len};
	parsed.value[OPT_ARCH] = t->native->name;
	if (t->narrow)
		parsed.value[OPT_NARROW_INT_ARGS] = "";
	parsed.value[OPT_FILE] = source.name;
	int status = verb_assert.run(&parsed);
	if (getenv("FUZZ_SHOW"))
		fprintf(stderr, "%.*s%s%s", (int)lines.len, lines.bytes, fake_io.out ? fake_io.out : "",
			fake_io.said ? fake_io.said : "");
	claims_check(t->arena, status, &source, t->policy);
	fake_io_clear();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct choice choice = {bytes, len < BYTES_MAX ? len : BYTES_MAX};
	struct arena arena;

	arena_init(&arena, ARENA_CAP);
	struct trial trial = {.arena = &arena};
	if (setjmp(arena.out) == 0 && start_trial(&trial, &choice)) {
		for (size_t i = 0; i < LINES && choice.len; i++)
			try_lines(&trial, &choice);
	}
	fake_io_clear();
	arena_free(&arena);
	return 0;
}
