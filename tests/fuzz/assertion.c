/*
 * Any bytes as assertions, held against a profile or a filter that one byte in front chooses, by the
 * verb itself. What is malformed exits 3 with a place for each mistake. What is judged gets a line an
 * assertion, with a call or a reason where it is not "yes"; the exit status is that of the worst; and
 * no call tried contradicts a "yes".
 */

#include "target.h"
#include "world.h"

#include "../../arch/width.h"
#include "../../backends/bytes.h"
#include "../../backends/verdict.h"
#include "../../tools/assertion.h"
#include "../../tools/build.h"
#include "../../tools/reach.h"
#include "../../tools/side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES   1
#define TEXT_MAX  ((size_t)16 << 10)
#define ARENA_CAP ((size_t)256 << 20)
#define CALLS     24 /* tried on each ABI of an assertion */

static const char profile[] =
	"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,\n"
	" \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\",\n"
	"   \"subArchitectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"]},\n"
	"  {\"architecture\": \"SCMP_ARCH_S390X\", \"subArchitectures\": [\"SCMP_ARCH_S390\"]}],\n"
	" \"syscalls\": [\n"
	"  {\"names\": [\"read\", \"write\", \"futex\", \"open\", \"semop\"],\n"
	"   \"action\": \"SCMP_ACT_ALLOW\"},\n"
	"  {\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
	"   \"args\": [{\"index\": 0, \"value\": 38, \"op\": \"SCMP_CMP_NE\"}]},\n"
	"  {\"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0,\n"
	"   \"value\": 2114060288, \"valueTwo\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}]},\n"
	"  {\"names\": [\"mmap\"], \"action\": \"SCMP_ACT_LOG\",\n"
	"   \"args\": [{\"index\": 2, \"value\": 4, \"valueTwo\": 0,\n"
	"    \"op\": \"SCMP_CMP_MASKED_EQ\"}, {\"index\": 1, \"value\": 4096,\n"
	"    \"op\": \"SCMP_CMP_GT\"}]},\n"
	"  {\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_TRACE\", \"errnoRet\": 7},\n"
	"  {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"},\n"
	"  {\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1}]}\n";

static struct side_file {
	const char *arch;
	bool compiled;
	const struct policy *policy; /* made when it is first asked for */
	struct buf bytes;
} sides[] = {{.arch = "x86_64"}, {.arch = "x86_64", .compiled = true}, {.arch = "s390x"},
	{.arch = "s390x", .compiled = true}};

/* --- the side --- */

static const struct policy *make_policy(struct arena *arena, const char *arch)
{
	const struct node_facts node = {.native = arch_find(arch, strlen(arch))};
	const struct source source = {"profile.json", profile, strlen(profile), false};
	struct diags diags;

	diags_init(&diags, arena, &source);
	const struct profile *p = build_profile(arena, &source, &diags);
	const struct policy *policy = build_meaning(arena, p, &node, 1, &diags);
	assert(policy);
	return policy;
}

static struct buf make_blob(struct arena *arena, const struct policy *policy)
{
	struct filter filter;
	struct mistake mistake;
	struct diags diags;
	struct buf b;

	diags_init(&diags, arena, NULL);
	enum build built = build_policy(arena, policy, NULL, &diags, &filter, &mistake);
	assert(built == BUILD_DONE);
	buf_init(&b, arena);
	bytes_write(&b, &filter.program, policy->order);
	return b;
}

static const struct side_file *prepare(size_t which)
{
	static struct arena kept;
	struct side_file *side = &sides[which];

	if (side->policy)
		return side;
	if (!kept.cap)
		arena_init(&kept, ARENA_CAP);
	if (setjmp(kept.out))
		abort();
	side->policy = make_policy(&kept, side->arch);
	buf_init(&side->bytes, &kept);
	if (side->compiled)
		side->bytes = make_blob(&kept, side->policy);
	else
		buf_text(&side->bytes, profile);
	return side;
}

/* --- trying --- */

static uint64_t low_bits(unsigned bits)
{
	return bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
}

/* What the kernel takes of the argument that most ABIs have at `arg`. */
static uint64_t taken_bits(const struct abi *abi, const struct assertion *a, unsigned arg)
{
	return low_bits(arch_param_bits(abi, a->syscall, reach_place(abi, a->syscall, arg)));
}

static uint64_t number_of(const struct value *v, const struct abi *abi)
{
	const struct term *missing;
	uint64_t number;
	bool there = terms_on(v, abi, &number, &missing);

	assert(there); /* such a line is refused */
	return number;
}

static bool arg_holds(const struct assertion *a, unsigned i, const struct abi *abi, uint64_t value)
{
	const struct assertion_arg *arg = &a->arg[i];
	uint64_t low = taken_bits(abi, a, i), mask = low;

	if (arg->any)
		return true;
	uint64_t wanted = number_of(&arg->value, abi) & low;
	if (arg->masked)
		mask = number_of(&arg->mask, abi) & low;
	value &= mask;
	switch (arg->op) {
	case COND_EQ:
		return value == wanted;
	case COND_NE:
		return value != wanted;
	case COND_LT:
		return value < wanted;
	case COND_LE:
		return value <= wanted;
	case COND_GE:
		return value >= wanted;
	case COND_GT:
		return value > wanted;
	}
	unreachable();
}

static bool met(const struct assertion *a, const struct abi *abi, uint32_t ret)
{
	switch (a->claim) {
	case CLAIM_ALLOW:
		return verdict_lets_through(ret);
	case CLAIM_DENY:
		return verdict_rank(ret) <= ACTION_ERRNO;
	case CLAIM_KILL:
		return verdict_rank(ret) <= ACTION_KILL_THREAD;
	case CLAIM_ACTION:
		if (RET_ACTION(ret) != action_ret(a->action, 0))
			return false;
		return !a->has_data || RET_DATA(ret) == number_of(&a->data, abi);
	}
	unreachable();
}

/* A "yes" was said: try calls at what the assertion and the policy compare with. */
static void try_abi(const struct assertion *a, const struct abi *abi, const struct policy *policy)
{
	struct call call = {.arch = abi->audit};
	bool holds;

	if (abi->order != policy->order || !arch_nr(abi, a->syscall, &call.nr))
		return;
	for (uint32_t n = 0; n < CALLS; n++) {
		holds = true;
		for (unsigned i = 0; i < CALL_ARGS; i++) {
			uint64_t value = make_call(policy, n * 64 + i).args[i];
			if (i < a->args && !a->arg[i].any && n % 4)
				value = number_of(&a->arg[i].value, abi) + (n / 4 + i) % 3 - 1 + ((uint64_t)(n % 4 - 1) << 32);
			if (i < a->args)
				holds = holds && arg_holds(a, i, abi, value);
			call.args[reach_place(abi, a->syscall, i)] = value;
		}
		assert(!holds || met(a, abi, policy_decide(policy, &call)->ret));
	}
}

static void try_assertion(const struct assertion *a, const struct policy *policy)
{
	for (size_t i = 0; a->everywhere && i < arch_abi_count; i++)
		try_abi(a, &arch_abis[i], policy);
	for (size_t i = 0; i < a->abis; i++)
		try_abi(a, a->abi[i], policy);
	for (size_t i = 0; !a->everywhere && !a->abis && i < policy->abis; i++)
		try_abi(a, policy->abi[i], policy);
}

/* --- what was said --- */

/* The answers, a line each with its assertion; true if all are yes. */
static bool check_answers(
	const struct assertion *assertions, size_t count, const struct policy *policy)
{
	const char *at = world.out ? world.out : "";
	char head[64];
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		const char *end = strchr(at, '\n');
		assert(end);
		snprintf(head, sizeof(head), "fuzz.txt:%u: ", assertions[i].line);
		assert(strncmp(at, head, strlen(head)) == 0);
		at += strlen(head);
		if (strncmp(at, "yes: ", 5) == 0) {
			try_assertion(&assertions[i], policy);
			at = end + 1;
			continue;
		}
		all = false;
		assert(strncmp(at, "no: ", 4) == 0 || strncmp(at, "undecidable: ", 13) == 0);
		at = end + 1;
		assert(at[0] == ' ' && at[1] == ' ' && at[2] > ' ');
		while (at[0] == ' ')
			at = strchr(at, '\n') + 1;
	}
	assert(!*at);
	return all;
}

static void check_said(struct arena *arena, int status, const struct source *source,
	const struct policy *policy)
{
	struct assertion *assertions;
	size_t count;

	assert(status == EXIT_DONE || status == EXIT_FINDING || status == EXIT_INPUT ||
		status == EXIT_HOST);
	if (status == EXIT_INPUT || status == EXIT_HOST) {
		assert(world.said && !world.out);
		assert(status == EXIT_HOST || strncmp(world.said, "fuzz.txt:", 9) == 0);
		return;
	}
	assert(!world.said);
	bool read = assertion_read(arena, source, &assertions, &count);
	assert(read && !world.said);
	bool all = check_answers(assertions, count, policy);
	assert(status == (all ? EXIT_DONE : EXIT_FINDING));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct choice choice = choice_start(&bytes, &len, CHOICES);
	const struct side_file *side = prepare(choose(&choice, countof(sides)));
	const struct source source = {"fuzz.txt", (const char *)bytes, len, false};
	char operand[] = "side", *operands[] = {operand};
	struct parsed parsed = {.verb = &verb_assert, .operand = operands, .operands = 1};
	struct arena arena;

	if (len > TEXT_MAX)
		return 0;
	world.file[0] = (struct world_file){operand, side->bytes.bytes, side->bytes.len};
	world.file[1] = (struct world_file){source.name, source.bytes, source.len};
	parsed.value[SIDE_ARCH] = side->arch;
	parsed.value[SIDE_ROWS] = source.name; /* --file, the first row of its own */
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0)
		check_said(&arena, verb_assert.run(&parsed), &source, side->policy);
	world_clear();
	arena_free(&arena);
	return 0;
}
