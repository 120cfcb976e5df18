/*
 * A sample either builds, or is refused for one of two reasons: the reference finds the same
 * conflict in its rules, or the filter is too long. Anything else is a failure, a diagnostic of
 * another kind included. What is built has been proved already (tools/lib/build.c); the calls compared
 * here are to find where prover, policy and reference share a mistake about the profile.
 */

#include "trial.h"

#include "backends/bpf/sim.h"
#include "boundary.h"
#include "reference.h"

#include <stdio.h>
#include <string.h>

struct run {
	struct trial *trial;
	const struct sample *sample;
	struct filter filter;
};

static bool fail(struct trial *t, const char *what)
{
	t->has_call = false;
	snprintf(t->what, sizeof(t->what), "%s", what);
	return false;
}

/* The first finding that stopped the build. */
static const struct diag *first_error(const struct diags *d)
{
	const struct diag *diag = d->first;

	while (diag && diag->severity != SEVERITY_ERROR)
		diag = diag->next;
	return diag;
}

static bool check_refusal(struct trial *t, const struct sample *s, const struct diags *diags)
{
	const struct diag *error = first_error(diags);

	if (!error)
		return fail(t, "refused without an error");
	if (error->id == DIAG_CONFLICT) {
		t->tally.conflicting++;
		return reference_refuses(s) != REFUSES_NOT || fail(t, "refused for a conflict that is none");
	}
	if (error->id != DIAG_TOO_LONG)
		return fail(t, error->text);
	t->tally.too_long++;
	return true;
}

static bool compare(void *data, const struct call *call)
{
	struct run *r = data;
	const struct filter *f = &r->filter;
	struct expected expected;
	uint32_t ran = sim_returned(sim_run(&f->program, f->policy->order, call, NULL, NULL));
	uint32_t decided = policy_decide(f->policy, call)->ret;

	reference_decide(r->sample, call, &expected);
	r->trial->tally.calls++;
	r->trial->tally.open += expected.rets > 1;
	if (ran == decided && reference_expects(&expected, ran))
		return true;
	snprintf(r->trial->what, sizeof(r->trial->what),
		"the filter returns %#x, the policy %#x, the reference %#x%s", ran, decided,
		expected.ret[0], expected.rets > 1 ? " or others" : "");
	r->trial->call = *call;
	r->trial->has_call = true;
	return false;
}

static bool run_calls(struct run *r, uint64_t seed)
{
	struct random random = random_start(seed);
	struct boundary boundary = {.policy = r->filter.policy,
		.args_max = UINT64_MAX,
		.rounds = r->trial->rounds,
		.visit = compare,
		.data = r};

	return boundary_visit(&random, &boundary);
}

/* Any layout must do; which one is the seed's choice. */
static struct layout any_layout(struct arena *arena, uint64_t seed)
{
	return (struct layout){.objective = (enum objective)(seed % (OBJECTIVE_SIZE + 1)),
		.share = seed % 2 ? layout_mix(arena) : NULL};
}

static bool run(struct trial *t, struct arena *arena, const struct sample *s, uint64_t seed)
{
	struct run r = {.trial = t, .sample = s};
	struct buf text;
	struct diags diags;
	struct mistake mistake;
	struct node_facts node[SAMPLE_NODES] = {0};

	buf_init(&text, arena);
	sample_write(&text, s);
	struct source source = {"sample.json", text.bytes, text.len, false};
	diags_init(&diags, arena, &source);
	for (size_t i = 0; i < s->natives; i++)
		node[i].native = s->native[i];
	const struct profile *profile = build_profile(arena, &source, &diags);
	if (!profile)
		return fail(t, diags.first->text);
	const struct layout layout = any_layout(arena, seed);
	switch (build_filter(
		arena, profile, node, s->natives, &layout, &diags, &r.filter, &mistake)) {
	case BUILD_REFUSED:
		return check_refusal(t, s, &diags);
	case BUILD_MISTAKEN:
		return fail(t, mistake.what);
	case BUILD_DONE:
		break;
	}
	if (reference_refuses(s) == REFUSES)
		return fail(t, "built in spite of a conflict");
	t->tally.built++;
	const char *why = NULL;
	if (t->built && !t->built(t->data, arena, &r.filter, &why))
		return fail(t, why);
	return run_calls(&r, seed);
}

bool trial_run(struct trial *t, const struct sample *s, uint64_t seed)
{
	struct arena arena;
	bool ok;

	arena_init(&arena, BUILD_ARENA);
	if (setjmp(arena.out))
		ok = fail(t, "out of memory");
	else
		ok = run(t, &arena, s, seed);
	arena_free(&arena);
	return ok;
}

struct again {
	struct trial trial;
	uint64_t seed;
};

static bool still_fails(void *data, const struct sample *s)
{
	struct again *a = data;

	return !trial_run(&a->trial, s, a->seed);
}

static void print_sample(const struct sample *s, FILE *out)
{
	struct arena arena;
	struct buf text;

	arena_init(&arena, BUILD_ARENA);
	if (!setjmp(arena.out)) {
		buf_init(&text, &arena);
		sample_write(&text, s);
		fwrite(text.bytes, 1, text.len, out);
	}
	arena_free(&arena);
}

void trial_explain(struct trial *t, struct sample *s, uint64_t seed, FILE *out)
{
	struct again again = {.trial = *t, .seed = seed};

	sample_shrink(s, still_fails, &again);
	trial_run(t, s, seed);
	print_sample(s, out);
	fprintf(out, "for %s%s%s: %s\n", s->native[0]->name, s->natives > 1 ? " and " : "",
		s->natives > 1 ? s->native[1]->name : "", t->what);
	if (!t->has_call)
		return;
	fprintf(out, "arch %#x nr %u", t->call.arch, t->call.nr);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		fprintf(out, " %#llx", (unsigned long long)t->call.args[i]);
	fprintf(out, "\n");
}
