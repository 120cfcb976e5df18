/*
 * Every named syscall of an ABI is run once with a counter beside it; what is found is added to the
 * groups the syscall belongs to. Which class that is the kernel's emulator says (cached.h).
 *
 * Runs are maximal rows of numbers the emulator ends alike for: the same value returned, or stuck
 * at the same instruction. Gaps between named numbers are asked too, at their first number, since
 * what they lead to divides runs.
 */

#include "stats.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"
#include "bytes.h"
#include "cached.h"
#include "jit.h"
#include "path.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define NUMBERS_MAX 4096u /* no ABI has as many; arm's private numbers lie far above */

struct stats_job {
	const struct program *program;
	enum byte_order order;
	const double *weight;
	double total; /* weight of the ABI's syscalls */
	struct arena *arena;
	uint64_t undecided;
	struct odds {
		double taken, passed; /* weight of the calls */
	} * odds;                     /* by instruction */
};

/* --- one call --- */

struct counter {
	const struct program *program;
	enum byte_order order;
	size_t ops, tests;
	bool on_number; /* A holds the number, or what is left of it */
	size_t branch;  /* the conditional jump before, SIZE_MAX: none */
	struct odds *odds;
	double weight;
};

static void finish_branch(struct counter *c, size_t pc)
{
	const struct insn *insn = &c->program->insn[c->branch];

	bool taken = insn->jt != insn->jf && pc == c->branch + 1 + insn->jt;

	c->ops += jit_ops(insn, taken);
	*(taken ? &c->odds[c->branch].taken : &c->odds[c->branch].passed) += c->weight;
	c->branch = SIZE_MAX;
}

static void count_step(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	struct counter *c = data;
	const struct insn *insn = &c->program->insn[pc];
	bool branch = (insn->code & 7) == BPF_JMP && insn->code != INSN_JA;

	(void)a;
	(void)x;
	if (c->branch != SIZE_MAX)
		finish_branch(c, pc);
	if ((insn->code & 7) == BPF_LD)
		c->on_number = insn->code == INSN_LD && insn->k == word_offset(WORD_NR, c->order);
	c->tests += branch && c->on_number;
	if (branch)
		c->branch = pc;
	else
		c->ops += jit_ops(insn, false);
}

struct found {
	uint64_t ret;
	enum stats_class class;
	size_t executed, ops, tests;
};

static struct found run_call(
	const struct stats_job *job, uint32_t audit, uint32_t nr, double weight)
{
	struct counter counter = {.program = job->program,
		.order = job->order,
		.branch = SIZE_MAX,
		.odds = job->odds,
		.weight = weight};
	const struct sim_trace trace = {count_step, &counter};
	const struct call call = {.arch = audit, .nr = nr};
	struct cached_end end = cached_end(job->program, job->order, audit, nr);
	struct found f;

	f.ret = sim_run(job->program, job->order, &call, &f.executed, &trace);
	f.ops = counter.ops;
	f.tests = counter.tests;
	f.class = STATS_CHECKED;
	if (end.constant)
		f.class = end.ret == RET_ALLOW ? STATS_CACHED : STATS_REFUSED;
	return f;
}

/* --- groups --- */

/* Sums until finish_paths(): mean, weighted and ops are not yet divided. */
static void add_paths(struct stats_paths *p, const struct found *f, double weight)
{
	if (!p->syscalls || f->executed < p->min)
		p->min = f->executed;
	if (f->executed > p->max)
		p->max = f->executed;
	p->syscalls++;
	p->mean += (double)f->executed;
	p->share += weight;
	p->weighted += weight * (double)f->executed;
	p->ops += weight * (double)f->ops;
}

static void finish_paths(struct stats_paths *p, double total)
{
	if (p->syscalls)
		p->mean /= (double)p->syscalls;
	if (p->share > 0) {
		p->weighted /= p->share;
		p->ops /= p->share;
	}
	p->share = total > 0 ? p->share / total : 0;
}

static int by_ret(const void *pa, const void *pb)
{
	const struct stats_action *a = pa, *b = pb;

	return a->ret < b->ret ? -1 : a->ret > b->ret;
}

static struct stats_paths *action_paths(struct stats_abi *s, uint32_t ret)
{
	size_t i = 0;

	while (i < s->actions && s->action[i].ret != ret)
		i++;
	if (i == s->actions)
		s->action[s->actions++].ret = ret;
	return &s->action[i].paths;
}

static void add_syscall(struct stats_abi *s, const struct found *f, double weight)
{
	add_paths(&s->all, f, weight);
	add_paths(&s->class[f->class], f, weight);
	if (f->class != STATS_REFUSED)
		add_paths(&s->allowed, f, weight);
	if (f->class != STATS_CACHED)
		add_paths(&s->uncached, f, weight);
	add_paths(action_paths(s, sim_returned(f->ret)), f, weight);
	s->tests += weight * (double)f->tests;
}

/* --- runs --- */

/* log2(x), x > 0, to 40 binary places: by squaring. */
static double logarithm(double x)
{
	double whole = 0, part = 0.5, fraction = 0;

	while (x >= 2) {
		x /= 2;
		whole++;
	}
	while (x < 1) {
		x *= 2;
		whole--;
	}
	for (unsigned place = 0; place < 40; place++) {
		x *= x;
		if (x >= 2) {
			x /= 2;
			fraction += part;
		}
		part /= 2;
	}
	return whole + fraction;
}

struct number {
	uint32_t nr;
	double weight;
};

static int by_nr(const void *pa, const void *pb)
{
	const struct number *a = pa, *b = pb;

	return a->nr < b->nr ? -1 : a->nr > b->nr;
}

/* The ABI's numbers with their weights, and with weight 0 the first of each gap; sorted. */
static size_t list_numbers(
	const struct stats_job *job, const struct abi *abi, struct number *number)
{
	size_t named = 0, all;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (arch_nr(abi, (uint16_t)id, &number[named].nr))
			number[named++].weight = job->weight[id];
	}
	qsort(number, named, sizeof(*number), by_nr);
	all = named;
	for (size_t i = 0; i < named; i++) {
		if (number[i].nr < abi->nr_last &&
			(i + 1 == named || number[i + 1].nr != number[i].nr + 1))
			number[all++] = (struct number){number[i].nr + 1, 0};
	}
	if (named && number[0].nr > abi->nr_first)
		number[all++] = (struct number){abi->nr_first, 0};
	qsort(number, all, sizeof(*number), by_nr);
	return all;
}

/* How the emulator ends: what is returned, or beyond all values where it is stuck. */
static uint64_t decision(const struct stats_job *job, const struct abi *abi, uint32_t nr)
{
	struct cached_end end = cached_end(job->program, job->order, abi->audit, nr);

	return end.constant ? end.ret : ((uint64_t)1 << 32) + end.pc;
}

static void count_runs(const struct stats_job *job, struct stats_abi *s)
{
	struct number *number =
		arena_alloc(job->arena, 2 * arch_syscall_count() + 1, sizeof(*number));
	size_t count = list_numbers(job, s->abi, number);
	double weight = 0;
	uint64_t before = 0;

	for (size_t i = 0; i <= count; i++) {
		uint64_t now = i < count ? decision(job, s->abi, number[i].nr) : UINT64_MAX;
		if (i && now != before) {
			s->runs++;
			if (weight > 0)
				s->entropy -= weight / job->total * logarithm(weight / job->total);
			weight = 0;
		}
		weight += i < count ? number[i].weight : 0;
		before = now;
	}
}

/* --- one ABI --- */

/* kernel/seccomp.c seccomp_cache_prepare_bitmap(): every number below NR_syscalls. */
static void count_walks(const struct stats_job *job, struct stats_abi *s)
{
	const struct abi *abi = s->abi;
	uint32_t end = 0, nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (arch_nr(abi, (uint16_t)id, &nr) && nr < NUMBERS_MAX && nr >= end)
			end = nr + 1;
	}
	s->walks = abi->cached ? end : 0;
	for (nr = 0; nr < s->walks; nr++)
		s->walked += cached_end(job->program, job->order, abi->audit, nr).walked;
}

static void count_abi(struct stats_job *job, struct stats_abi *s)
{
	uint32_t nr;

	s->action = arena_alloc(job->arena, arch_syscall_count(), sizeof(*s->action));
	job->odds = arena_alloc(job->arena, job->program->len, sizeof(*job->odds));
	job->total = 0;
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_nr(s->abi, (uint16_t)id, &nr))
			continue;
		struct found f = run_call(job, s->abi->audit, nr, job->weight[id]);
		if (is_undecided(f.ret)) {
			job->undecided = f.ret;
			return;
		}
		add_syscall(s, &f, job->weight[id]);
		job->total += job->weight[id];
	}
	finish_paths(&s->all, job->total);
	finish_paths(&s->allowed, job->total);
	finish_paths(&s->uncached, job->total);
	for (unsigned class = 0; class < STATS_CLASSES; class ++)
		finish_paths(&s->class[class], job -> total);
	for (size_t i = 0; i < s->actions; i++)
		finish_paths(&s->action[i].paths, job->total);
	qsort(s->action, s->actions, sizeof(*s->action), by_ret);
	for (size_t pc = 0; pc < job->program->len; pc++) {
		const struct odds *o = &job->odds[pc];
		s->missed += o->taken < o->passed ? o->taken : o->passed;
	}
	if (job->total > 0) {
		s->tests /= job->total;
		s->missed /= job->total;
	}
	count_runs(job, s);
	count_walks(job, s);
}

/* --- the program --- */

static void count_insns(struct stats *s, const struct program *p)
{
	s->insns = p->len;
	for (size_t pc = 0; pc < p->len; pc++) {
		unsigned class = p->insn[pc].code & 7;
		s->returns += class == BPF_RET;
		s->loads += class == BPF_LD || class == BPF_LDX;
		s->jumps += class == BPF_JMP;
	}
	s->bytes = p->len * INSN_SIZE;
}

static const double *each_once(struct arena *arena, const double *weight)
{
	double *once = arena_alloc(arena, arch_syscall_count(), sizeof(*once));

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (weight && weight[id] > 0)
			return weight;
		once[id] = 1;
	}
	return once;
}

void stats_count(struct stats *s, struct arena *arena, const struct program *p,
	enum byte_order order, const struct abi *const *abi, size_t abis, const double *weight)
{
	struct stats_job job = {
		.program = p, .order = order, .weight = each_once(arena, weight), .arena = arena};

	*s = (struct stats){.abis = abis};
	count_insns(s, p);
	s->longest = path_longest(arena, p);
	s->jit_bytes = jit_bytes(arena, p);
	s->abi = arena_alloc(arena, abis, sizeof(*s->abi));
	for (size_t i = 0; i < abis; i++) {
		s->abi[i].abi = abi[i];
		count_abi(&job, &s->abi[i]);
		s->walks += s->abi[i].walks;
		s->walked += s->abi[i].walked;
	}
	s->undecided = job.undecided;
}

/* Is the number compared with where A holds the audit arch? Good enough: such numbers are rare. */
static bool compares_with(const struct program *p, uint32_t audit)
{
	for (size_t pc = 0; pc < p->len; pc++) {
		if (p->insn[pc].code == INSN_JEQ && p->insn[pc].k == audit)
			return true;
	}
	return false;
}

size_t stats_abis(const struct program *p, enum byte_order order, const struct abi **abi)
{
	size_t abis = 0;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (arch_abis[i].order == order && compares_with(p, arch_abis[i].audit))
			abi[abis++] = &arch_abis[i];
	}
	return abis;
}
