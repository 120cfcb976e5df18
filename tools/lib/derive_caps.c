/*
 * As Docker asks (moby/profiles seccomp_linux.go): excludes drop a rule if any capability is there, includes keep it
 * if all are. What is decided goes from the text: the rule, or the condition.
 */

#include "derived.h"

#include "derive_key.h"
#include "derive_rules.h"

#include "../../compiler/kernel/caps.h"
#include "../../compiler/logic/meaning.h"

struct decider {
	struct derive *d;
	struct derive_plan plan;
	uint64_t caps;
	bool changed;
};

static size_t count_granted(const struct decider *c, const struct texts *caps)
{
	size_t granted = 0;
	unsigned cap;

	for (size_t i = 0; i < caps->count; i++)
		granted += caps_find(caps->text[i].s, caps->text[i].len, &cap) && (c->caps >> cap & 1);
	return granted;
}

/* Takes out the condition, and what it stands in if nothing else does. */
static void take_condition(struct decider *c, size_t rule, const char *which)
{
	const struct json *json = &c->d->document.json;
	struct edits *e = &c->plan.edits;
	uint32_t filter = json_look_up(json, c->plan.arena, c->plan.rule[rule], which);
	uint32_t caps = json_look_up(json, c->plan.arena, filter, "caps");

	if (caps == JSON_NONE)
		return;
	edits_remove(e, json->node[filter].count == 1 ? e->parent[filter] : e->parent[caps]);
	c->changed = true;
}

static void decide(struct decider *c, size_t i)
{
	const struct profile_rule *rule = &c->d->profile->rule[i];

	if (count_granted(c, &rule->excludes.caps) ||
		count_granted(c, &rule->includes.caps) < rule->includes.caps.count) {
		edits_remove(&c->plan.edits, c->plan.rule[i]);
		c->changed = true;
		return;
	}
	take_condition(c, i, "includes");
	take_condition(c, i, "excludes");
}

/* --- held against what went in --- */

static const struct policy *policy_of(
	struct arena *arena, const struct profile *profile, struct node_facts node, uint64_t caps)
{
	struct diags quiet;

	diags_init(&quiet, arena, NULL);
	node.caps = caps;
	return profile ? build_meaning(arena, profile, &node, 1, &quiet) : NULL;
}

/* Do containers that have `caps` get what those of the set got? */
static bool same(struct arena *arena, const struct decider *c, const struct profile *after, struct node_facts node,
	uint64_t caps)
{
	struct bdd *b = &c->d->bdd;
	const struct policy *was = policy_of(arena, c->d->profile, node, c->caps);
	const struct policy *is = policy_of(arena, after, node, caps);

	return was && is && meaning_policy(b, was) == meaning_policy(b, is) && !b->full;
}

static bool same_on(struct arena *arena, const struct decider *c, const struct profile *after, struct node_facts node)
{
	return same(arena, c, after, node, 0) && same(arena, c, after, node, UINT64_MAX);
}

/* On every node, and on each kernel that rules ask for and the one before them all, unless one was given. */
static bool is_right(struct arena *arena, const struct decider *c, const struct buf *text)
{
	const struct source source = {"derived", text->bytes, text->len, false};
	const struct profile *p = c->d->profile;
	bool right = true;
	struct diags quiet;

	diags_init(&quiet, arena, &source);
	const struct profile *after = build_profile(arena, &source, &quiet);
	for (size_t i = 0; i < c->d->nodes; i++) {
		struct node_facts node = c->d->node[i];
		bool given = node.kernel.present;
		node.kernel.present = true; /* 0.0 */
		right = right && same_on(arena, c, after, given ? c->d->node[i] : node);
		for (size_t k = 0; k < 2 * p->rules && !given && right; k++) {
			const struct profile_rule *rule = &p->rule[k / 2];
			node.kernel = k % 2 ? rule->includes.min_kernel : rule->excludes.min_kernel;
			right = !node.kernel.present || same_on(arena, c, after, node);
		}
	}
	return right;
}

enum build derive_for_caps(struct arena *arena, struct derive *d, uint64_t caps, struct buf *text, struct mistake *m)
{
	struct decider c = {.d = d, .caps = caps};

	*m = (struct mistake){0};
	buf_init(text, arena);
	if (!derive_plan(&c.plan, arena, d, BOX_ANY))
		return BUILD_REFUSED;
	for (size_t i = 0; i < d->profile->rules; i++)
		decide(&c, i);
	d->changed = c.changed;
	if (!c.changed)
		buf_add(text, d->source->bytes, d->source->len);
	else if (!derive_write(&c.plan, text)) {
		diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "the text is laid out in a way that is not edited");
		return BUILD_REFUSED;
	}
	if (is_right(arena, &c, text))
		return BUILD_DONE;
	diag(d->diags, DIAG_NOT_DERIVED, NOWHERE, 1,
		"without its conditions on capabilities the profile does not mean what it did for containers that have "
		"these%s", node_dialect(&d->node[0])->keys & KEYS_DOCKER ? "" : ": the runtime does not read them");
	return BUILD_REFUSED;
}
