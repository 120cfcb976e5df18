/*
 * Any bytes as a recording; two in front choose the ABI it is assumed to be of and the profile it is put
 * to. Every line is told as a call, counted as not understood, or known to be neither; what is said of a
 * call has its place and goes together; what is decided of one that is half known is so for calls it
 * may be.
 */

#include "target.h"

#include "compiler/meaning/rules.h"
#include "tools/evidence/evidence.h"
#include "tools/lib/build.h"
#include "tools/verbs/judge.h"

#include <assert.h>
#include <string.h>

#define CHOICES 2
#define ARENA_CAP ((size_t)256 << 20)
#define TEXT_MAX ((size_t)256 << 10)

static const char *const profiles[] = {
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],"
	"\"syscalls\":[{\"names\":[\"read\",\"socketcall\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":38,\"op\":\"SCMP_CMP_NE\"}]},"
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":2114060288,"
	"\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"
	"{\"names\":[\"openat\"],\"action\":\"SCMP_ACT_TRAP\",\"args\":[{\"index\":0,\"value\":4294967196,\"op\":\"SCMP_CMP_LT\"}]}]}",
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"ptrace\",\"accept4\"],\"action\":\"SCMP_ACT_KILL\"}]}",
};

struct world {
	struct arena *arena;
	const char *text, *end;
	const struct policy *policy;
	struct judge judge;
	uint64_t calls, lines;
};

static void check_event(const struct world *w, const struct event *e)
{
	assert(e->count >= 0 && e->count <= 1e15 && e->at >= 1 && e->at <= w->lines);
	assert(!e->has_id || arch_syscall_name(e->id));
	assert(!e->has_nr || !e->abi || e->nr == UINT32_MAX ||
		(e->abi->nr_first <= e->nr && e->nr <= e->abi->nr_last));
	assert(!e->by_number || e->has_nr);
	assert(e->answer < ANSWERS && (e->answer != ANSWER_ERROR || e->error));
	assert(!e->line_len || e->line);
}

/* Of what is known, nothing else; and bits that are not known do not matter where it is decided. */
static void check_verdict(const struct world *w, const struct event *e, const struct verdict *v)
{
	struct event_args args;
	struct call call = {0};

	event_args(e, &args);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		assert(!(args.value[arg] & ~args.known[arg]));
	if (!v->decided || !e->abi || !e->has_nr || (e->abi->multiplexed && !e->by_number))
		return;
	call.arch = e->abi->audit;
	call.nr = e->nr;
	uint32_t nr, code;
	bool selected = e->has_id && arch_multiplexer(e->abi, e->id, &nr, &code) && nr == e->nr;
	for (unsigned i = 0; i < 4; i++) {
		for (unsigned arg = 0; arg < CALL_ARGS; arg++)
			call.args[arg] = args.value[arg] | (0x9e3779b97f4a7c15u * i & ~args.known[arg]);
		if (selected)
			call.args[0] = code;
		assert(policy_decide(w->policy, &call)->ret == v->ret);
	}
}

static bool take(void *context, const struct event *e)
{
	struct world *w = context;
	struct verdict verdict[JUDGE_MAX];
	char words[64];

	w->calls += e->form == ARGS_NONE && !e->line_len && e->count > 1 ? (uint64_t)e->count : 1;
	check_event(w, e);
	judge_event(&w->judge, e, verdict);
	check_verdict(w, e, verdict);
	assert(strlen(event_answer_words(e, words, sizeof(words))) < sizeof(words));
	judge_group(&w->judge, e, verdict);
	return judge_is_plain(&w->judge, e);
}

static const struct policy *make_policy(struct arena *arena, const struct abi *abi, size_t which)
{
	const struct source source = {"fuzz.json", profiles[which], strlen(profiles[which]), false};
	const struct node_facts facts = {.native = abi};
	struct diags diags;

	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	assert(profile);
	return build_meaning(arena, profile, &facts, 1, &diags);
}

static void read_all(struct arena *arena, struct choice *choice, const char *text, size_t len)
{
	struct evidence e;
	struct world w = {.arena = arena, .text = text, .end = text + len, .lines = 1};
	const struct abi *abi = &arch_abis[choose(choice, arch_abi_count)];

	if (abi->guest || abi->order != ORDER_LITTLE)
		abi = &arch_abis[0];
	w.policy = make_policy(arena, abi, choose(choice, 2));
	if (!w.policy)
		return;
	for (size_t i = 0; i < len; i++)
		w.lines += text[i] == '\n';
	judge_init(&w.judge, arena);
	w.judge.policy[w.judge.policies++] = w.policy;
	evidence_init(&e, arena, take, &w);
	e.abi = abi;
	e.quiet = true;
	evidence_read_text(&e, "fuzz", text, len);
	assert(e.calls == w.calls && e.unread <= e.lines && e.lines <= w.lines);
	assert(w.judge.groups <= JUDGE_GROUPS);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct choice choice = choice_start(&bytes, &len, CHOICES);
	struct arena arena;

	if (len > TEXT_MAX)
		return 0;
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0)
		read_all(&arena, &choice, (const char *)bytes, len);
	arena_free(&arena);
	return 0;
}
