/*
 * merge_random [-n COUNT] [-s SEED]: random profiles merged, against brute force.
 *
 * Each seed makes two profiles for one node drawn at random, of either byte order, from small pools of
 * syscalls, values and actions; some list other architectures than each other, or not the node's. They are
 * merged both ways. At calls on the edges of both and of the result the merged policy, every EVERY-th time the
 * filter made of it, and the JSON, parsed again, have to answer what is chosen here of the answers of both;
 * JSON that is said to be rounded, nothing laxer. What libseccomp refuses of a side is not merged, and counted.
 * Every ASKED-th JSON whose rules are of the classes that libseccomp is known to compile right is put to it as
 * well.
 * The first profile of each pair is also minimized and narrowed, which is proved, and has to succeed; minimized
 * again it stays as it is.
 *
 * A failure is printed with both profiles; exit status 1.
 */

#include "tests/lib/boundary.h"
#include "tests/lib/random.h"
#include "tests/lib/seeds.h"
#include "tests/lib/within.h"

#include "backends/bpf/sim.h"
#include "compiler/meaning/classes.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/merged.h"
#ifdef HAVE_LIBSECCOMP
#include "tests/lib/versus.h"
#endif

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY 16 /* a filter is made */
#define ASKED 4  /* libseccomp is */

static const struct sample_class classes[] = {
	{.name = "anything", .names = 6, .rules = 6, .conds = 3, .actions = 4, .plain = 50,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "arguments", .names = 1, .rules = 3, .conds = 2, .actions = 2, .plain = 4,
	 .ops = ANY_OP, .wide = true},
	{.name = "small values", .names = 2, .rules = 4, .conds = 2, .actions = 2, .plain = 10, .ops = ANY_OP},
	{.name = "multiplexed", .names = 4, .rules = 4, .conds = 2, .actions = 2, .plain = 40,
	 .ops = ANY_OP, .wide = true, .multiplexed = true},
	{.name = "one condition", .names = 3, .rules = 6, .conds = 1, .actions = 4, .ops = ANY_OP},
};

struct tally {
	size_t pairs, refused, merged, calls, filters, exact, rounded, unsaid, budget, wrong, minimized, narrowed, kept;
};

struct run {
	uint64_t seed;
	struct tally tally;

	/* of the pair at hand */
	struct sample sample[2];
	const struct abi *node;
	struct buf text[2];
	struct merge *merge;
	const struct policy *json; /* read back; NULL: there is none */
	bool exact, laxer_taken;
	const struct program *program;
	const char *wrong;
	struct call call;
	uint32_t wanted, got;
#ifdef HAVE_LIBSECCOMP
	struct versus versus;
#endif
};

/* The kernel's order, written down once more: kernel/seccomp.c, actions as signed numbers. */
static bool at_least_as_strict(uint32_t a, uint32_t b)
{
	return (int32_t)(a & 0xffff0000) <= (int32_t)(b & 0xffff0000);
}

static uint32_t choose(const struct run *r, uint32_t first, uint32_t then)
{
	if (r->merge->how == STACK_STRICTEST)
		return at_least_as_strict(then, first) ? then : first;
	return at_least_as_strict(first, then) ? then : first;
}

static bool complain(struct run *r, const char *what, const struct call *call, uint32_t wanted, uint32_t got)
{
	r->wrong = what;
	r->call = *call;
	r->wanted = wanted;
	r->got = got;
	return false;
}

static bool try_call(void *data, const struct call *call)
{
	struct run *r = data;
	const struct merge *m = r->merge;
	uint32_t first = policy_decide(m->side[0].policy, call)->ret;
	uint32_t then = policy_decide(m->side[1].policy, call)->ret;
	uint32_t wanted = choose(r, first, then), got = policy_decide(m->policy, call)->ret;

	r->tally.calls++;
	if (got != wanted)
		return complain(r, "the merged policy", call, wanted, got);
	if (r->program && (got = (uint32_t)sim_run(r->program, m->policy->order, call, NULL, NULL)) != wanted)
		return complain(r, "the filter", call, wanted, got);
	if (!r->json)
		return true;
	got = policy_decide(r->json, call)->ret;
	bool right = r->exact ? got == wanted : at_least_as_strict(got, wanted);
	return right || complain(r, "the JSON", call, wanted, got);
}

#ifdef HAVE_LIBSECCOMP
#define LEAD "getpid" /* on all ABIs */

/* Behind a plain rule, as in sound.c. */
static struct ruleset led(struct arena *arena, const struct ruleset *from)
{
	struct rule *rule = arena_alloc(arena, from->rules + 1, sizeof(*rule));
	struct ruleset set = *from;

	arch_syscall_find(LEAD, sizeof(LEAD) - 1, &rule->syscall);
	rule->ret = action_ret(ACTION_ERRNO, from->default_ret == action_ret(ACTION_ERRNO, 38) ? 39 : 38);
	rule->at = NOWHERE;
	if (from->rules)
		memcpy(rule + 1, from->rule, from->rules * sizeof(*rule));
	set.rule = rule;
	set.rules++;
	return set;
}

static bool peer_takes(struct arena *arena, struct run *r, const struct ruleset *set)
{
	const struct ruleset with = led(arena, set);
	struct diags diags;

	for (size_t i = 0; i < set->abis; i++) {
		if (!peer_has_abi(set->abi[i]))
			return true;
	}
	diags_init(&diags, arena, NULL);
	r->versus.random = random_start(r->seed);
	r->versus.args_max = UINT64_MAX;
	r->versus.what = "merged JSON";
	return versus_run(arena, &r->versus, &with, &diags);
}
#else
static bool peer_takes(struct arena *arena, struct run *r, const struct ruleset *set)
{
	(void)arena;
	(void)r;
	(void)set;
	return true;
}
#endif

/* The JSON, parsed like any profile. */
static bool read_json(struct arena *arena, struct run *r, const struct buf *text)
{
	struct source source = {"merged.json", text->bytes, text->len, false};
	struct diags diags;

	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, r->merge->node, &diags) : NULL;
	r->json = set ? rules_policy(arena, &set, 1, &diags) : NULL;
	if (!r->json)
		r->wrong = "the JSON is not taken";
	else if (r->seed % ASKED == 0 && classes_hold(arena, set, false) && !peer_takes(arena, r, set))
		r->wrong = "libseccomp makes another filter of the JSON";
	return !r->wrong;
}

static bool try_edges(struct run *r)
{
	const struct policy *edges[] = {r->merge->side[0].policy, r->merge->side[1].policy, r->merge->policy, r->json};
	struct random random = random_start(r->seed);

	for (size_t i = 0; i < countof(edges); i++) {
		struct boundary b = {.policy = edges[i], .args_max = UINT64_MAX, .rounds = 1, .visit = try_call,
			.data = r};
		if (edges[i] && !boundary_visit(&random, &b))
			return false;
	}
	return true;
}

static bool make_json(struct arena *arena, struct run *r, enum restate_else otherwise)
{
	struct merge_json json = {.exact = false};
	struct mistake mistake;

	r->json = NULL;
	switch (merge_write(arena, r->merge, otherwise, &json, &mistake)) {
	case BUILD_MISTAKEN:
		r->wrong = mistake.what;
		return false;
	case BUILD_REFUSED:
		r->tally.unsaid++;
		return true;
	case BUILD_DONE:
		break;
	}
	r->exact = json.exact;
	if (!json.exact && otherwise == RESTATE_LEAVE) {
		r->tally.unsaid++;
		return true;
	}
	*(json.exact ? &r->tally.exact : &r->tally.rounded) += 1;
	return read_json(arena, r, &json.text);
}

static bool make_filter(struct arena *arena, struct run *r, struct filter *f)
{
	struct mistake mistake;

	r->program = NULL;
	switch (build_policy(arena, r->merge->policy, NULL, r->merge->diags, f, &mistake)) {
	case BUILD_MISTAKEN:
		r->wrong = mistake.what;
		return false;
	case BUILD_REFUSED:
		return true;
	case BUILD_DONE:
		break;
	}
	r->tally.filters++;
	r->program = &f->program;
	return true;
}

static bool try_how(struct arena *arena, struct run *r, struct merge *m)
{
	struct mistake mistake;
	struct filter filter;

	r->merge = m;
	switch (merge_policy(arena, m, &mistake)) {
	case BUILD_MISTAKEN:
		r->wrong = mistake.what;
		return false;
	case BUILD_REFUSED:
		*(m->policy || m->bdd.full ? &r->tally.budget : &r->tally.refused) += 1;
		return true;
	case BUILD_DONE:
		break;
	}
	r->tally.merged++;
	r->program = NULL;
	if (r->seed % EVERY == 0 && !make_filter(arena, r, &filter))
		return false;
	return make_json(arena, r, m->how == STACK_STRICTEST ? RESTATE_STRICTER : RESTATE_LEAVE) && try_edges(r);
}

/* BUILD_REFUSED is that of a side of the pair, and counted as that, or of the writing. */
static enum build say_again(struct arena *arena, const struct run *r, struct merge_side *side, bool narrow,
	struct merge_json *json, struct mistake *mistake)
{
	const struct node_facts node = {.native = r->node, .narrow = narrow};
	struct diags diags;
	struct merge m = {.side = side, .sides = 1, .node = &node, .nodes = 1, .json = true, .terse = !narrow,
		.diags = &diags};

	*json = (struct merge_json){.exact = false};
	diags_init(&diags, arena, NULL);
	enum build built = merge_policy(arena, &m, mistake);
	return built == BUILD_DONE
		? merge_write(arena, &m, narrow ? RESTATE_HINT : RESTATE_LEAVE, json, mistake) : built;
}

static bool stays(struct arena *arena, const struct run *r, const struct buf *text)
{
	const struct source source = {"again", text->bytes, text->len, false};
	struct merge_side side = {.name = "again"};
	struct merge_json json;
	struct mistake mistake;
	struct diags diags;

	diags_init(&diags, arena, &source);
	side.diags = &diags;
	side.profile = build_profile(arena, &source, &diags);
	return side.profile && say_again(arena, r, &side, false, &json, &mistake) == BUILD_DONE &&
		json.text.len == text->len && memcmp(json.text.bytes, text->bytes, text->len) == 0;
}

/* One profile said again: as short as can be, or cut to what the kernel takes; exact in either case, or told. */
static bool try_one(struct arena *arena, struct run *r, struct merge_side *side, bool narrow)
{
	struct merge_json json;
	struct mistake mistake;
	enum build built = say_again(arena, r, side, narrow, &json, &mistake);

	if (built == BUILD_MISTAKEN)
		r->wrong = mistake.what;
	else if (built == BUILD_DONE && !narrow && !json.exact)
		r->wrong = "minimized, it is another profile";
	else if (built == BUILD_DONE && !narrow && !stays(arena, r, &json.text))
		r->wrong = "minimized again, it does not stay";
	if (built == BUILD_DONE)
		*(!narrow ? &r->tally.minimized : json.exact ? &r->tally.narrowed : &r->tally.kept) += 1;
	return !r->wrong;
}

static bool try_pair(struct arena *arena, void *data)
{
	struct run *r = data;
	struct merge_side side[2] = {{.name = "A"}, {.name = "B"}};
	struct node_facts node = {.native = r->node};
	struct source source[2];
	struct diags diags[3];

	for (size_t i = 0; i < 2; i++) {
		buf_init(&r->text[i], arena);
		sample_write(&r->text[i], &r->sample[i]);
		source[i] = (struct source){side[i].name, r->text[i].bytes, r->text[i].len, false};
		diags_init(&diags[i], arena, &source[i]);
		side[i].diags = &diags[i];
		side[i].profile = build_profile(arena, &source[i], &diags[i]);
		if (!side[i].profile) {
			r->tally.refused++;
			return true;
		}
	}
	for (unsigned how = STACK_STRICTEST; how <= STACK_LAXEST && !r->wrong; how++) {
		struct merge m = {.how = (enum stacked)how, .side = side, .sides = 2, .node = &node, .nodes = 1,
			.json = true, .diags = &diags[2]};
		diags_init(&diags[2], arena, NULL);
		if (!try_how(arena, r, &m))
			break;
	}
	if (!r->wrong && try_one(arena, r, &side[0], false))
		try_one(arena, r, &side[0], true);
	if (r->wrong)
		printf("%.*s\n%.*s\n", (int)r->text[0].len, r->text[0].bytes, (int)r->text[1].len, r->text[1].bytes);
	return true;
}

/* --- pairs --- */

static void vary_cond(struct random *random, struct profile_cond *c)
{
	switch (random_below(random, 5)) {
	case 0:
		c->op = (enum profile_op)random_below(random, PROFILE_OPS);
		break;
	case 1:
		c->value += random_chance(random, 50) ? 1 : UINT64_MAX;
		break;
	case 2:
		c->value ^= (uint64_t)1 << random_below(random, 64);
		break;
	case 3:
		c->value_two ^= (uint64_t)1 << random_below(random, 64);
		break;
	case 4:
		c->index = (uint8_t)random_below(random, CALL_ARGS);
		break;
	}
}

static void vary_rule(struct random *random, struct sample *s, struct sample_rule *rule)
{
	const struct sample_rule *other = &s->rule[random_below(random, s->rules)];

	if (random_chance(random, 30)) {
		rule->action = other->action;
		rule->data = other->data;
	}
	if (random_chance(random, 20)) {
		rule->action = s->action;
		rule->data = s->data;
	}
	if (random_chance(random, 30))
		rule->names = 1 + random_below(random, rule->names);
	for (size_t i = 0; i < rule->conds; i++) {
		if (random_chance(random, 40))
			vary_cond(random, &rule->cond[i]);
	}
	if (rule->conds && random_chance(random, 15))
		rule->conds--;
}

/* Another profile about the same syscalls and nearly the same values. */
static void vary(struct random *random, struct sample *s)
{
	for (size_t i = 0; i < s->rules; i++)
		vary_rule(random, s, &s->rule[i]);
	if (s->rules && random_chance(random, 30)) {
		size_t rule = random_below(random, s->rules);
		s->action = s->rule[rule].action;
		s->data = s->rule[rule].data;
	}
	if (s->rules > 1 && random_chance(random, 30))
		s->rules--;
	if (s->subs && random_chance(random, 30))
		s->subs--;
}

/* The architectures of another profile, which need not have one of the first's. */
static void vary_abis(struct random *random, const struct sample_class *class, const struct abi *native, struct sample *s)
{
	struct sample other;

	sample_make(random, class, native, &other);
	memcpy(s->native, other.native, sizeof(s->native));
	memcpy(s->sub, other.sub, sizeof(s->sub));
	s->natives = other.natives;
	s->subs = other.subs;
	s->mapped = other.mapped;
}

/* One that the profiles need not name. */
static const struct abi *draw_other_node(struct random *random, const struct abi *like)
{
	const struct abi *abi;

	do
		abi = seeds_node(random, 0);
	while (abi->order != like->order);
	return abi;
}

static void try_seed(struct run *r)
{
	struct random random = random_start(r->seed);
	const struct sample_class *class = &classes[random_below(&random, countof(classes))];
	const struct abi *abi = seeds_node(&random, 40);

	sample_make(&random, class, abi, &r->sample[0]);
	r->sample[1] = r->sample[0];
	vary(&random, &r->sample[1]);
	if (random_chance(&random, 30))
		vary_abis(&random, class, abi, &r->sample[1]);
	r->node = random_chance(&random, 15) ? draw_other_node(&random, abi) : abi;
	r->wrong = NULL;
	r->tally.pairs++;
	if (!within_arena(try_pair, r))
		r->tally.budget++;
	if (!r->wrong)
		return;
	r->tally.wrong++;
	printf("seed %" PRIu64 ", class %s, node %s, %s: %s", r->seed, class->name, r->node->name,
		r->merge->how == STACK_STRICTEST ? "intersection" : "union", r->wrong);
	seeds_call(&r->call);
	printf(": 0x%08" PRIx32 ", wanted 0x%08" PRIx32 "\n", r->got, r->wanted);
}

int main(int argc, char **argv)
{
	static struct run r;
	struct seeds seeds = {300, 1};

	if (!seeds_read(argc, argv, &seeds))
		return 2;
#ifdef HAVE_LIBSECCOMP
	r.versus.left_out = calloc(arch_syscall_count(), sizeof(bool));
	if (!r.versus.left_out || !peer_open(&r.versus.file)) {
		fprintf(stderr, "merge_random: libseccomp cannot be asked here\n");
		return 2;
	}
#else
	printf("NOTE: SKIP: libseccomp is missing and not asked\n");
#endif
	for (uint64_t i = 0; i < seeds.count && r.tally.wrong < 5; i++) {
		r.seed = seeds.first + i;
		try_seed(&r);
	}
	const struct tally *t = &r.tally;
	printf("merge: %zu pairs, %zu merged (%zu refused by libseccomp, %zu over budget), %zu filters; JSON: %zu exact, %zu "
	       "rounded, %zu not to be had; %zu calls compared, %zu wrong\n",
		t->pairs, t->merged, t->refused, t->budget, t->filters, t->exact, t->rounded, t->unsaid, t->calls,
		t->wrong);
	printf("merge: %zu profiles minimized, %zu narrowed, %zu narrowed in part\n", t->minimized, t->narrowed, t->kept);
#ifdef HAVE_LIBSECCOMP
	const struct versus_tally *v = &r.versus.tally;
	printf("merge: libseccomp: %zu filters of merged JSON, %zu calls compared, %zu differences\n", v->filters, v->calls,
		v->differences);
	peer_close(&r.versus.file);
	free(r.versus.left_out);
#endif
	return t->wrong || !t->exact;
}
