/*
 * Filters that are stacked beside the one they come to: live_stack [-n PAIRS] [-s SEED].
 *
 * For each pair of random profiles both filters are loaded into this kernel, one on the other, and calls are
 * made; then the same calls are made under the single filter of their intersection. What becomes of each has
 * to be the same. Rules are about calls that take anything for arguments and do no harm; either profile lets
 * the next filter be loaded.
 *
 * Exits 0 without a disagreement, and where there is no seccomp, which it says loudly.
 */

#include "tests/lib/boundary.h"
#include "tests/lib/run_filtered.h"
#include "tests/lib/random.h"
#include "tests/lib/seeds.h"
#include "tests/lib/within.h"

#include "backends/bpf/bytes.h"
#include "compiler/kernel/action.h"
#include "tools/lib/merged.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 512
#define RULES_MAX 6

/* No arguments, no effect. */
static const char *const quiet[] = {
	"getppid", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "sched_yield"};

struct run {
	struct random random;
	size_t pairs, passed, failed, refused;
	size_t outcome[OUTCOME_LOST + 1];
	struct call call[CALLS_MAX];
	size_t calls;
};

/* --- profiles --- */

/* A process is made anew for every call that kills: those are rare here. */
static void write_action(struct buf *b, struct random *random, const char *key, const char *errno_key)
{
	static const enum action often[] = {ACTION_ALLOW, ACTION_ERRNO, ACTION_ERRNO, ACTION_LOG, ACTION_TRACE,
		ACTION_NOTIFY, ACTION_TRAP};
	enum action action = random_chance(random, 2) ? (enum action)random_below(random, ACTION_TRAP)
						       : often[random_below(random, countof(often))];

	buf_printf(b, "\"%s\": \"%s\"", key, action_oci_name(action));
	if (action == ACTION_ERRNO || action == ACTION_TRACE)
		buf_printf(b, ", \"%s\": %u", errno_key, 1 + random_below(random, 4));
}

static void write_rule(struct buf *b, struct random *random)
{
	static const char *const ops[] = {"EQ", "NE", "LT", "LE", "GE", "GT", "MASKED_EQ"};
	static const uint64_t values[] = {0, 1, 5, 7, 0x7fffffff, 0xffffffff, 0x100000000, 0x100000005, UINT64_MAX};

	buf_printf(b, ",\n{\"names\": [\"%s\"], ", quiet[random_below(random, countof(quiet))]);
	write_action(b, random, "action", "errnoRet");
	if (random_chance(random, 70))
		buf_printf(b,
			", \"args\": [{\"index\": %u, \"op\": \"SCMP_CMP_%s\", \"value\": %" PRIu64
			", \"valueTwo\": %" PRIu64 "}]",
			random_below(random, 2), ops[random_below(random, countof(ops))],
			values[random_below(random, countof(values))], values[random_below(random, countof(values))]);
	buf_text(b, "}");
}

static void write_profile(struct buf *b, struct random *random)
{
	buf_text(b, "{");
	write_action(b, random, "defaultAction", "defaultErrnoRet");
	buf_text(b, ", \"syscalls\": [{\"names\": [\"seccomp\", \"prctl\"], \"action\": \"SCMP_ACT_ALLOW\"}");
	for (size_t i = 2 + random_below(random, RULES_MAX); i > 0; i--)
		write_rule(b, random);
	buf_text(b, "]}\n");
}

/* --- calls --- */

static bool is_harmless(const struct call *call)
{
	const struct abi *abi = arch_of_call(arch_native()->audit, call->nr);
	const char *name = abi && call->arch == abi->audit ? arch_nr_name(abi, call->nr) : NULL;

	for (size_t i = 0; i < countof(quiet) && name; i++) {
		if (abi == arch_native() && strcmp(name, quiet[i]) == 0)
			return true;
	}
	return false;
}

static bool add_call(void *data, const struct call *call)
{
	struct run *r = data;

	if (is_harmless(call) && r->calls < CALLS_MAX)
		r->call[r->calls++] = *call;
	return true;
}

static void find_calls(struct run *r, const struct merge *m)
{
	const struct policy *edges[] = {m->side[0].policy, m->side[1].policy, m->policy};

	r->calls = 0;
	for (size_t i = 0; i < countof(edges); i++) {
		const struct boundary b = {.policy = edges[i], .rounds = 1, .visit = add_call, .data = r,
			.args_max = arch_native()->bits == 32 ? UINT32_MAX : UINT64_MAX};
		boundary_visit(&r->random, &b);
	}
}

/* --- filters --- */

static bool make_blob(struct arena *arena, const struct policy *p, struct diags *diags, struct buf *blob)
{
	struct filter filter;
	struct mistake mistake;

	buf_init(blob, arena);
	if (build_policy(arena, p, NULL, diags, &filter, &mistake) != BUILD_DONE)
		return false;
	bytes_write(blob, &filter.program, p->order);
	return true;
}

/* The call was made: what it returns is the thread's own affair. */
static bool is_made(const struct deed *d)
{
	return d->outcome == OUTCOME_RETURNED && d->value == d->unfiltered;
}

static bool same(const struct deed *a, const struct deed *b)
{
	if (is_made(a) || is_made(b))
		return is_made(a) && is_made(b);
	return a->outcome == b->outcome && a->value == b->value && a->trap.nr == b->trap.nr &&
		a->trap.arch == b->trap.arch && a->trap.error == b->trap.error &&
		a->trap.code == b->trap.code;
}

static void compare(struct run *r, const struct deed *stacked, const struct deed *single)
{
	for (size_t i = 0; i < r->calls; i++) {
		r->outcome[stacked[i].outcome]++;
		if (stacked[i].outcome != OUTCOME_LOST && same(&stacked[i], &single[i])) {
			r->passed++;
			continue;
		}
		if (!r->failed++)
			printf("live_stack: call %" PRIu32 "(0x%" PRIx64 ", 0x%" PRIx64 "): stacked outcome %d, %ld; "
			       "single %d, %ld\n",
				r->call[i].nr, r->call[i].args[0], r->call[i].args[1], (int)stacked[i].outcome,
				stacked[i].value, (int)single[i].outcome, single[i].value);
	}
}

static bool try_merged(struct arena *arena, struct run *r, struct merge *m)
{
	struct buf blob[3];
	struct deed *deed[2];

	if (!make_blob(arena, m->side[0].policy, m->diags, &blob[0]) ||
		!make_blob(arena, m->side[1].policy, m->diags, &blob[1]) ||
		!make_blob(arena, m->policy, m->diags, &blob[2]))
		return false;
	const struct filter_blob stack[] = {{blob[0].bytes, blob[0].len}, {blob[1].bytes, blob[1].len}};
	find_calls(r, m);
	for (size_t i = 0; i < 2; i++)
		deed[i] = arena_alloc(arena, r->calls, sizeof(**deed));
	if (run_filtered_stack(stack, 2, r->call, r->calls, deed[0]) ||
		run_filtered(blob[2].bytes, blob[2].len, r->call, r->calls, deed[1]))
		return false;
	compare(r, deed[0], deed[1]);
	return true;
}

static bool try_pair(struct arena *arena, void *data)
{
	struct run *r = data;
	const struct node_facts node = {.native = arch_native()};
	struct merge_side side[2] = {{.name = "first"}, {.name = "then"}};
	struct source source[2];
	struct diags diags[3];
	struct mistake mistake;
	struct merge m = {.how = STACK_STRICTEST, .side = side, .sides = 2, .node = &node, .nodes = 1,
		.diags = &diags[2]};

	diags_init(&diags[2], arena, NULL);
	for (size_t i = 0; i < 2; i++) {
		struct buf text;
		buf_init(&text, arena);
		write_profile(&text, &r->random);
		source[i] = (struct source){side[i].name, text.bytes, text.len, false};
		diags_init(&diags[i], arena, &source[i]);
		side[i].diags = &diags[i];
		side[i].profile = build_profile(arena, &source[i], &diags[i]);
		if (!side[i].profile)
			return false;
	}
	switch (merge_policy(arena, &m, &mistake)) {
	case BUILD_DONE:
		return try_merged(arena, r, &m);
	case BUILD_REFUSED: /* by libseccomp, for a conflict */
		r->refused++;
		return true;
	case BUILD_MISTAKEN:
		return false;
	}
	unreachable();
}

/* Can filters be loaded here? */
static int possible(void)
{
	const struct abi *native = arch_native();
	const struct insn allow = {INSN_RET, 0, 0, RET_ALLOW};
	const struct insn insn[] = {{INSN_LD, 0, 0, 4}, {INSN_JEQ, 0, 1, native ? native->audit : 0}, allow,
		{INSN_RET, 0, 0, RET_KILL_THREAD}};
	const struct call call = {.arch = native ? native->audit : 0, .nr = UINT32_MAX};
	struct deed deed;

	return native ? run_filtered(insn, sizeof(insn), &call, 1, &deed) : -ENOSYS;
}

int main(int argc, char **argv)
{
	static struct run r;
	struct seeds seeds = {100, 1};
	int error = possible();

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	if (error == -ENOSYS || error == -EINVAL || error == -EPERM) {
		printf("SKIP live_stack: this kernel has no seccomp filters (%s): NOTHING was checked\n",
			strerror(-error));
		return 0;
	}
	r.random = random_start(seeds.first);
	for (uint64_t i = 0; i < seeds.count; i++) {
		if (!within_arena(try_pair, &r)) {
			printf("live_stack: pair %" PRIu64 " could not be tried\n", i);
			r.failed++;
		}
	}
	printf("live_stack: %" PRIu64 " pairs, %zu refused by libseccomp; calls under stacked and single filters: %zu alike, %zu "
	       "not; %zu returned, %zu trapped, %zu threads and %zu processes killed\n",
		seeds.count, r.refused, r.passed, r.failed, r.outcome[OUTCOME_RETURNED], r.outcome[OUTCOME_TRAPPED],
		r.outcome[OUTCOME_THREAD_KILLED], r.outcome[OUTCOME_PROCESS_KILLED]);
	return r.failed || !r.passed;
}
