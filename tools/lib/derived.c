/*
 * JSON and the profile made of it go side by side: the array of rules has an element for each of the
 * profile's rules. A wish that one rule without conditions and nothing else grants is left alone, so that a second
 * run changes nothing.
 */

#include "derived.h"

#include "../../compiler/logic/bdd.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/meaning/returned.h"
#include "../../compiler/profile/profile_read.h"
#include "../../compiler/read/edit.h"

#include <string.h>

struct deriver {
	struct arena *arena;
	const struct derive *d;
	struct document document;
	const struct profile *profile;
	uint32_t rules; /* the array; JSON_NONE: there is none */
	uint32_t *rule; /* its elements */
	struct edits edits;
};

/* --- finding one's way --- */

static uint32_t find_rules(struct deriver *v)
{
	const struct json *json = &v->document.json;
	uint32_t at = 0;

	if (v->profile->format == FORMAT_CONFIG_JSON)
		at = json_look_up(json, v->arena, json_look_up(json, v->arena, 0, "linux"), "seccomp");
	if (v->profile->format == FORMAT_SECCOMP_PROFILE)
		at = json_look_up(json, v->arena, 0, "spec");
	return json_look_up(json, v->arena, at, "syscalls");
}

static bool read_base(struct deriver *v)
{
	const struct derive *d = v->d;
	size_t count = 0;

	if (!document_read(&v->document, v->arena, d->source, 0, false, NULL, d->diags))
		return false;
	if (v->document.yaml || v->document.config_map)
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "only JSON text is edited, and this is YAML");
	v->profile = profile_read_as(v->arena, &v->document.json, INPUT_ANY, false, d->diags);
	if (!v->profile)
		return false;
	v->rules = find_rules(v);
	if (v->rules == JSON_NONE || v->document.json.node[v->rules].type != JSON_ARRAY)
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "there is no list of rules to be edited");
	v->rule = arena_alloc(v->arena, v->profile->rules, sizeof(*v->rule));
	for (uint32_t i = v->document.json.node[v->rules].child; i != JSON_NONE; i = v->document.json.node[i].next)
		v->rule[count++] = i;
	assert(count == v->profile->rules);
	edits_init(&v->edits, v->arena, &v->document.json);
	return true;
}

/* --- what rules say --- */

/* Is it an answer that was wished for? */
static bool answers(const struct derive_wish *w, uint32_t ret)
{
	enum action action;

	if (!action_of(ret, &action))
		return false;
	switch (w->kind) {
	case DERIVE_ALLOW:
		return action == ACTION_ALLOW;
	case DERIVE_DENY:
		return action <= ACTION_ERRNO;
	case DERIVE_ERRNO:
		return ret == action_ret(ACTION_ERRNO, w->number);
	}
	unreachable();
}

static bool grants(const struct deriver *v, const struct derive_wish *w, const struct profile_action *a)
{
	struct diags quiet;

	diags_init(&quiet, v->arena, NULL);
	return answers(w, returned(a, v->d->node, &quiet));
}

static bool is_plain(const struct profile_rule *r)
{
	return !r->conds && !r->includes.present && !r->excludes.present;
}

/* The array of a rule's names, JSON_NONE if it has the legacy key. */
static uint32_t names_of(struct deriver *v, size_t rule)
{
	uint32_t names = json_look_up(&v->document.json, v->arena, v->rule[rule], "names");

	return names != JSON_NONE && v->document.json.node[names].type == JSON_ARRAY &&
			v->document.json.node[names].count
		? names
		: JSON_NONE;
}

/* Does a string of the text say the name? */
static bool says(struct deriver *v, uint32_t node, const char *name)
{
	const struct text text = json_text(&v->document.json, v->arena, node);

	return text_is(&text, name);
}

/* --- one wish --- */

struct mentions {
	size_t count;
	bool granted; /* by the last of them */
};

/* Takes the name out of all rules, or (`only_looks`) counts. */
static struct mentions visit(struct deriver *v, const struct derive_wish *w, bool only_looks)
{
	const char *name = arch_syscall_name(w->syscall);
	const struct json_node *node = v->document.json.node;
	struct mentions m = {0};

	for (size_t i = 0; i < v->profile->rules; i++) {
		const struct profile_rule *rule = &v->profile->rule[i];
		uint32_t names = names_of(v, i), left = 0;
		bool taken = false;
		for (uint32_t n = names == JSON_NONE ? JSON_NONE : node[names].child; n != JSON_NONE; n = node[n].next) {
			bool here = says(v, n, name);
			m.count += here;
			m.granted = here ? is_plain(rule) && grants(v, w, &rule->action) : m.granted;
			if (here && !only_looks)
				edits_remove(&v->edits, n);
			taken |= here;
			left += !v->edits.removed[n];
		}
		for (size_t k = 0; names == JSON_NONE && k < rule->names.count; k++) {
			bool here = text_is(&rule->names.text[k], name);
			m.count += here;
			m.granted = here ? is_plain(rule) && grants(v, w, &rule->action) : m.granted;
			taken |= here;
		}
		if (taken && !left && !only_looks)
			edits_remove(&v->edits, v->rule[i]);
	}
	return m;
}

/* A rule without conditions that names can be put in; profile->rules if there is none. */
static size_t find_home(struct deriver *v, const struct derive_wish *w)
{
	for (size_t i = 0; i < v->profile->rules; i++) {
		const struct profile_rule *rule = &v->profile->rule[i];
		if (is_plain(rule) && names_of(v, i) != JSON_NONE && !v->edits.removed[v->rule[i]] &&
			grants(v, w, &rule->action))
			return i;
	}
	return v->profile->rules;
}

static bool alike(const struct derive_wish *a, const struct derive_wish *b)
{
	return a->kind == b->kind && a->number == b->number;
}

/* A rule for the wish, and those behind it that are like it and not yet granted. */
static const char *new_rule(struct deriver *v, size_t first, bool *open)
{
	const struct derive_wish *w = &v->d->wish[first];
	struct buf b;

	buf_init(&b, v->arena);
	buf_text(&b, "{\"names\": [");
	for (size_t i = first; i < v->d->wishes; i++) {
		if (!open[i] || !alike(w, &v->d->wish[i]))
			continue;
		buf_printf(&b, "%s\"%s\"", i > first ? ", " : "", arch_syscall_name(v->d->wish[i].syscall));
		open[i] = false;
	}
	if (w->kind == DERIVE_ALLOW)
		buf_text(&b, "], \"action\": \"SCMP_ACT_ALLOW\"}");
	else
		buf_printf(&b, "], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": %u}",
			w->kind == DERIVE_ERRNO ? w->number : 1u);
	return buf_string(&b);
}

static void put_in(struct deriver *v, size_t wish, bool *open)
{
	const struct derive_wish *w = &v->d->wish[wish];
	size_t home = find_home(v, w);

	if (home == v->profile->rules) {
		edits_append(&v->edits, v->rules, new_rule(v, wish, open));
		return;
	}
	open[wish] = false;
	edits_append(&v->edits, names_of(v, home),
		buf_print(v->arena, "\"%s\"", arch_syscall_name(w->syscall)));
}

/* All names are taken out before one is put in: a rule may have lost all it had. */
static void grant_all(struct deriver *v)
{
	bool *open = arena_alloc(v->arena, v->d->wishes, sizeof(*open));

	for (size_t i = 0; i < v->d->wishes; i++) {
		const struct derive_wish *w = &v->d->wish[i];
		bool by_default = grants(v, w, &v->profile->default_action);
		const struct mentions m = visit(v, w, true);
		if (m.count ? m.count == 1 && m.granted : by_default)
			continue;
		visit(v, w, false);
		open[i] = !by_default;
	}
	for (size_t i = 0; i < v->d->wishes; i++) {
		if (open[i])
			put_in(v, i, open);
	}
}

/* --- held against what went in --- */

/* Is each wish granted on all ABIs, and every other call answered as before? */
static bool is_right(struct arena *arena, const struct derive *d, const struct policy *before, const struct policy *after)
{
	struct bdd b;
	uint32_t touched = BDD_FALSE, nr, code;

	bdd_init(&b, arena);
	uint32_t f = meaning_policy(&b, before), g = meaning_policy(&b, after);
	for (size_t i = 0; i < d->wishes; i++) {
		for (size_t a = 0; a < after->abis; a++) {
			const struct abi *abi = after->abi[a];
			uint16_t id = d->wish[i].syscall;
			if (arch_multiplexer(abi, id, &nr, &code))
				touched = bdd_ite(&b, meaning_numbers(&b, abi->audit, nr, nr), BDD_TRUE, touched);
			if (!arch_nr(abi, id, &nr))
				continue;
			touched = bdd_ite(&b, meaning_numbers(&b, abi->audit, nr, nr), BDD_TRUE, touched);
			uint32_t here = meaning_given(&b, meaning_given(&b, g, WORD_ARCH, abi->audit), WORD_NR, nr);
			if (!bdd_is_leaf(&b, here) || !answers(&d->wish[i], (uint32_t)bdd_value(&b, here)))
				return false;
		}
	}
	return !b.full && bdd_ite(&b, touched, BDD_FALSE, f) == bdd_ite(&b, touched, BDD_FALSE, g);
}

static const struct policy *read_text(struct arena *arena, const struct source *source, const struct node_facts *node)
{
	struct diags diags;

	diags_init(&diags, arena, source);
	const struct profile *profile = build_profile(arena, source, &diags);
	return profile ? build_meaning(arena, profile, node, 1, &diags) : NULL;
}

/* The node without capabilities, or with all. */
static struct node_facts node_with(const struct derive *d, bool caps)
{
	struct node_facts node = *d->node;

	node.caps = caps ? UINT64_MAX : 0;
	return node;
}

static bool hold_against(struct arena *arena, const struct derive *d, const struct buf *text)
{
	const struct source derived = {"derived", text->bytes, text->len, false};

	for (unsigned caps = 0; caps < 2; caps++) {
		const struct node_facts node = node_with(d, caps);
		const struct policy *before = read_text(arena, d->source, &node);
		const struct policy *after = read_text(arena, &derived, &node);
		if (!before || !after || !is_right(arena, d, before, after))
			return false;
	}
	return true;
}

static bool has_meaning(struct arena *arena, const struct derive *d)
{
	for (unsigned caps = 0; caps < 2; caps++) {
		const struct node_facts node = node_with(d, caps);
		if (!read_text(arena, d->source, &node))
			return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1,
				"the profile has no meaning on %s that could be kept", node.native->name);
	}
	return true;
}

enum build derive_text(struct arena *arena, const struct derive *d, struct buf *text, struct mistake *m)
{
	struct deriver v = {.arena = arena, .d = d};

	*m = (struct mistake){0};
	buf_init(text, arena);
	if (!read_base(&v) || !has_meaning(arena, d))
		return BUILD_REFUSED;
	grant_all(&v);
	edits_write(&v.edits, text);
	if (hold_against(arena, d, text))
		return BUILD_DONE;
	m->what = "the derived profile is not what was asked for";
	return BUILD_MISTAKEN;
}
