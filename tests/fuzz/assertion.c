/*
 * Any bytes as assertions, held against a profile or a filter that one byte in front chooses, by the
 * verb itself. What is malformed exits 3 with a place for each mistake. What is judged gets a line an
 * assertion, with a call or a reason where it is not "yes"; the exit status is that of the worst; and
 * brute force (claims.c) contradicts no answer.
 */

#include "claims.h"
#include "target.h"
#include "fake_io.h"

#include "backends/bpf/bytes.h"
#include "tools/lib/build.h"
#include "tools/cli/comparison.h"

#include <stdlib.h>
#include <string.h>

#define CHOICES   1
#define TEXT_MAX  ((size_t)16 << 10)
#define ARENA_CAP ((size_t)256 << 20)

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
	fake_io.file[0] = (struct fake_io_file){operand, side->bytes.bytes, side->bytes.len};
	fake_io.file[1] = (struct fake_io_file){source.name, source.bytes, source.len};
	parsed.value[OPT_ARCH] = side->arch;
	parsed.value[OPT_FILE] = source.name;
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0)
		claims_check(&arena, verb_assert.run(&parsed), &source, side->policy);
	fake_io_clear();
	arena_free(&arena);
	return 0;
}
