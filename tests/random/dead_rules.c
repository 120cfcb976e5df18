/*
 * dead_rules [-n COUNT] [-s SEED]: rules that lint tells as dead, really left out.
 *
 * Random profiles as some runtime reads them, with libseccomp's precedence. Each name that lint_dead_rules()
 * says changes nothing (N008) or never decides (W005) is cut from the profile, by itself and then all of them together; what is left is
 * written, read and selected again, and has to mean the same: as a filter for the node, every call by diagrams, and
 * for every ABI alone. Where lint is silent nothing is claimed and nothing asked.
 *
 * A failure is printed with the profile; exit status 1, as where no claim came up.
 */

#include "compiler/lint/lint_dead_rules.h"
#include "compiler/logic/meaning.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/build.h"
#include "tests/lib/seeds.h"
#include "tests/lib/within.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WRONG_MAX 5

static const struct sample_class classes[] = {
	{.name = "anything", .names = 6, .rules = 6, .conds = 3, .actions = 4, .plain = 50, .ops = ANY_OP, .wide = true},
	{.name = "one name", .names = 1, .rules = 5, .conds = 2, .actions = 2, .plain = 30, .ops = ANY_OP, .wide = true},
	{.name = "small values", .names = 2, .rules = 5, .conds = 2, .actions = 2, .plain = 10, .ops = ANY_OP},
	{.name = "multiplexed", .names = 4, .rules = 5, .conds = 2, .actions = 3, .plain = 40, .ops = ANY_OP,
	 .multiplexed = true},
	{.name = "one condition", .names = 2, .rules = 6, .conds = 1, .actions = 3, .plain = 15, .ops = ANY_OP},
};

struct run {
	uint64_t seed;
	struct node_facts node;
	struct sample sample, cut;
	size_t profiles, alone, together, unanswered, wrong;
	/* Of the profile at hand: names told, by their order in the file. */
	bool told[SAMPLE_RULES * SAMPLE_NAMES];
};

struct reading {
	struct buf text;
	struct source source;
	struct diags diags;
	const struct profile *profile;
	const struct ruleset *set;
};

static bool read_sample(struct arena *arena, const struct run *r, const struct sample *s, struct reading *out)
{
	buf_init(&out->text, arena);
	sample_write(&out->text, s);
	out->source = (struct source){"dead.json", out->text.bytes, out->text.len, false};
	diags_init(&out->diags, arena, &out->source);
	out->profile = build_profile(arena, &out->source, &out->diags);
	out->set = out->profile ? select_rules(arena, out->profile, &r->node, &out->diags) : NULL;
	return out->set;
}

/* NULL where libseccomp refuses the rules. `only` NULL: for the node as it is. */
static const struct policy *mean(struct arena *arena, const struct ruleset *set, const struct abi *const *only)
{
	struct ruleset alone = *set;
	const struct ruleset *one = &alone;
	struct diags quiet;

	if (only) {
		alone.abi = only;
		alone.abis = 1;
	}
	diags_init(&quiet, arena, NULL);
	return rules_policy(arena, &one, 1, &quiet);
}

/* False if both are at hand and some call is answered otherwise. */
static bool same(struct run *r, struct arena *arena, const struct policy *a, const struct policy *b)
{
	struct bdd bdd;

	if (!a)
		return true; /* that node takes neither, or just the shorter one */
	bdd_init_small(&bdd, arena);
	uint32_t was = meaning_policy(&bdd, a), is = b ? meaning_policy(&bdd, b) : was;
	r->unanswered += bdd.full;
	return b && (was == is || bdd.full);
}

static bool means_the_same(struct arena *arena, struct run *r, const struct ruleset *was, const struct ruleset *is)
{
	bool all = same(r, arena, mean(arena, was, NULL), mean(arena, is, NULL));

	for (size_t i = 0; i < arch_abi_count && all; i++) {
		const struct abi *abi = &arch_abis[i];
		all = same(r, arena, mean(arena, was, &abi), mean(arena, is, &abi));
	}
	return all;
}

/* The sample without those told, or without the one of them. Rules without a name go as a whole. */
static void cut_names(struct run *r, size_t one)
{
	size_t nth = 0, rules = 0;

	r->cut = r->sample;
	for (size_t i = 0; i < r->sample.rules; i++) {
		struct sample_rule rule = r->sample.rule[i];
		rule.names = 0;
		for (size_t k = 0; k < r->sample.rule[i].names; k++, nth++) {
			if (!r->told[nth] || (one != SIZE_MAX && nth != one))
				rule.name[rule.names++] = r->sample.rule[i].name[k];
		}
		if (rule.names)
			r->cut.rule[rules++] = rule;
	}
	r->cut.rules = rules;
}

static void complain(struct run *r, const struct reading *was, const char *what)
{
	r->wrong++;
	printf("seed %" PRIu64 ", node %s (%s): %s\n%.*s", r->seed, r->node.native->name, node_dialect(&r->node)->name, what,
		(int)was->text.len, was->text.bytes);
	for (const struct diag *d = was->diags.first; d; d = d->next)
		printf("  at %u: %s [%s]\n", d->at, d->text, diag_kinds[d->id].code);
}

static bool try_cut(struct arena *arena, struct run *r, const struct reading *was, size_t one)
{
	struct reading is;

	cut_names(r, one);
	bool ok = read_sample(arena, r, &r->cut, &is) && means_the_same(arena, r, was->set, is.set);
	if (!ok)
		complain(r, was, one == SIZE_MAX ? "without all that are told it means something else"
						 : "without one that is told it means something else");
	return ok;
}

/* Marks each name that a finding is at; how many. */
static size_t mark_told(struct run *r, const struct reading *was)
{
	size_t nth = 0, told = 0;

	memset(r->told, 0, sizeof(r->told));
	for (size_t i = 0; i < was->profile->rules; i++) {
		const struct profile_rule *rule = &was->profile->rule[i];
		for (size_t k = 0; k < rule->names.count; k++, nth++) {
			for (const struct diag *d = was->diags.first; d; d = d->next)
				r->told[nth] |= d->at == rule->names.text[k].at;
			told += r->told[nth];
		}
	}
	return told;
}

static bool try_sample(struct arena *arena, void *data)
{
	struct run *r = data;
	struct reading was;
	bool ok = true;

	if (!read_sample(arena, r, &r->sample, &was))
		return true;
	const struct policy *policy = mean(arena, was.set, NULL);
	if (!policy)
		return true;
	r->profiles++;
	diags_init(&was.diags, arena, &was.source);
	lint_dead_rules(&(struct lint){
		.arena = arena, .profile = was.profile, .node = &r->node, .set = was.set, .policy = policy, .diags = &was.diags});
	size_t told = mark_told(r, &was);
	for (size_t i = 0; i < countof(r->told) && ok; i++) {
		r->alone += r->told[i];
		ok = !r->told[i] || try_cut(arena, r, &was, i);
	}
	r->together += told > 1;
	return ok && (told < 2 || try_cut(arena, r, &was, SIZE_MAX));
}

/* Conditions that always hold: such a rule takes the calls of one without any, and yields to others as that would not. */
static void ask_for_nothing(struct random *random, struct sample *s)
{
	for (size_t i = 0; i < s->rules; i++) {
		for (size_t k = 0; k < s->rule[i].conds; k++) {
			struct profile_cond *c = &s->rule[i].cond[k];
			if (random_chance(random, 70))
				continue;
			c->op = random_chance(random, 50) ? OP_GE : OP_LE;
			c->value = c->op == OP_GE ? 0 : UINT64_MAX;
		}
	}
}

static void try_seed(struct run *r)
{
	struct random random = random_start(r->seed);
	const struct sample_class *class = &classes[random_below(&random, countof(classes))];

	r->node = (struct node_facts){.native = seeds_node(&random, 40)};
	sample_make(&random, class, r->node.native, &r->sample);
	if (random_chance(&random, 50))
		ask_for_nothing(&random, &r->sample);
	if (random_chance(&random, 50))
		r->node.dialect = &dialects[random_below(&random, dialect_count)];
	r->node.narrow = random_chance(&random, 20);
	if (!within_arena(try_sample, r) && !r->wrong)
		printf("NOTE: seed %" PRIu64 " took more memory than it was given\n", r->seed);
}

int main(int argc, char **argv)
{
	static struct run r;
	struct seeds seeds = {1000, 1};

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	for (uint64_t i = 0; i < seeds.count && r.wrong < WRONG_MAX; i++) {
		r.seed = seeds.first + i;
		try_seed(&r);
	}
	printf("dead rules: %zu profiles, %zu rules told and left out alone, %zu times all of them together, %zu questions over "
	       "budget, %zu wrong\n",
		r.profiles, r.alone, r.together, r.unanswered, r.wrong);
	return r.wrong || !r.alone || !r.together;
}
