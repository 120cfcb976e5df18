/*
 * Each sample is made to fit both: libseccomp's ABIs only, and a first rule that no other can contradict.
 */

#include "sound.h"

#include "tools/lib/build.h"
#include "within.h"

#include <stdio.h>

static const struct {
	struct sample_class class;
	uint64_t args_max;
} classes[] = {
	{{.name = "one rule for each syscall", .names = 12, .rules = 12, .conds = 6, .actions = 4,
		 .plain = 20, .ops = ANY_OP, .wide = true, .once = true},
		UINT64_MAX},
	{{.name = "equalities", .names = 1, .rules = 12, .conds = 4, .actions = 1, .plain = 2,
		 .ops = OP_BIT(OP_EQ) | OP_BIT(OP_MASKED_EQ), .wide = true},
		UINT64_MAX},
	{{.name = "one condition", .names = 1, .rules = 12, .conds = 1, .actions = 1, .plain = 2,
		 .ops = ANY_OP},
		UINT64_MAX},
	{{.name = "one condition, several actions", .names = 1, .rules = 10, .conds = 1,
		 .actions = 4, .plain = 2, .ops = ANY_OP},
		UINT32_MAX},
	{{.name = "conjunctions of ==, several actions", .names = 1, .rules = 10, .conds = 4,
		 .actions = 4, .plain = 2, .ops = OP_BIT(OP_EQ), .wide = true},
		UINT64_MAX},
	{{.name = "socket and IPC names", .names = 3, .rules = 10, .conds = 1, .actions = 4,
		 .plain = 30, .ops = OP_BIT(OP_EQ), .multiplexed = true},
		UINT64_MAX},
};


#define LEAD "getpid" /* on all ABIs */

/* What both can do: one node, its ABIs known to libseccomp, and a plain rule to begin with. */
static void adapt(struct sample *s, size_t conds)
{
	struct sample_rule *first = &s->rule[0];
	size_t subs = 0;

	s->natives = 1;
	for (size_t i = 0; i < s->subs; i++) {
		/* several conditions on ABIs of both widths are in no class (classes.h) */
		if (peer_has_abi(s->sub[i]) && (conds < 2 || s->sub[i]->bits == s->native[0]->bits))
			s->sub[subs++] = s->sub[i];
	}
	s->subs = subs;
	s->mapped = s->mapped && subs;
	*first = (struct sample_rule){.action = ACTION_ERRNO, .names = 1};
	first->data = (uint16_t)(s->data == 38 ? 39 : 38);
	arch_syscall_find(LEAD, sizeof(LEAD) - 1, &first->name[0]);
}

/* Has the sample its first rule still? */
static bool leads(const struct sample *s)
{
	uint16_t id = NAME_UNKNOWN;

	arch_syscall_find(LEAD, sizeof(LEAD) - 1, &id);
	return s->rules && s->rule[0].name[0] == id && !s->rule[0].conds;
}

struct attempt {
	struct versus *versus;
	const struct sample *sample;
};

static bool run_sample(struct arena *arena, void *data)
{
	struct attempt *a = data;
	struct buf text;
	struct diags diags;
	struct node_facts node = {.native = a->sample->native[0]};

	buf_init(&text, arena);
	sample_write(&text, a->sample);
	struct source source = {"sample.json", text.bytes, text.len, false};
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, &node, &diags) : NULL;
	return set ? versus_run(arena, a->versus, set, &diags)
		   : versus_complain(a->versus, diags.first->text);
}

static bool print_sample(struct arena *arena, void *data)
{
	const struct attempt *a = data;
	struct buf text;

	buf_init(&text, arena);
	sample_write(&text, a->sample);
	printf("  on %s:\n%.*s", a->sample->native[0]->name, (int)text.len, text.bytes);
	return true;
}

struct again {
	struct versus versus;
	struct random random; /* each time from here, so that the same calls are tried */
};

static bool still_differs(void *data, const struct sample *s)
{
	struct again *a = data;
	struct attempt attempt = {&a->versus, s};

	a->versus.random = a->random;
	return leads(s) && !within_arena(run_sample, &attempt);
}

static void explain(const struct versus *v, struct sample *s, struct random random)
{
	struct again again = {*v, random};

	sample_shrink(s, still_differs, &again);
	again.versus.quiet = false;
	still_differs(&again, s);
	within_arena(print_sample, &(struct attempt){&again.versus, s});
}

size_t sound_classes(void)
{
	return countof(classes);
}

bool sound_try(struct versus *v, size_t which, uint64_t seed)
{
	static struct sample sample;
	struct attempt attempt = {v, &sample};
	const struct abi *native;

	v->args_max = classes[which].args_max;
	v->what = classes[which].class.name;
	v->quiet = true;
	v->random = random_start(seed);
	do
		native = &arch_abis[random_below(&v->random, arch_abi_count)];
	while (native->guest || !peer_has_abi(native));
	sample_make(&v->random, &classes[which].class, native, &sample);
	adapt(&sample, classes[which].class.once ? 1 : classes[which].class.conds);
	struct random random = v->random;
	bool same = within_arena(run_sample, &attempt);
	if (!same)
		explain(v, &sample, random);
	v->quiet = false;
	return same;
}
