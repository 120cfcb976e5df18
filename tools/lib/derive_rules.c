/*
 * The document and the profile made of it go side by side: the array of rules has an element for each of the
 * profile's. Arguments are reckoned with on the widest ABI that has the syscall; where others come out otherwise
 * the proof fails.
 */

#include "derive_rules.h"

#include "derive_views.h"
#include "derive_want.h"

#include "../../compiler/base/buf_json.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/meaning/rule_applies.h"
#include "../../compiler/meaning/misnomer.h"
#include "../../compiler/meaning/ret_value.h"

#include <inttypes.h>
#include <string.h>

/* Names for one rule without conditions. */
struct derive_new {
	uint32_t ret;
	struct buf names;
};

/* A syscall at hand. */
struct target {
	uint16_t syscall;
	const struct node_facts *node; /* whose reading */
	uint32_t want;                 /* a function of arguments */
	unsigned bits;
	uint32_t default_ret;
};

/* --- finding one's way --- */

static uint32_t find_rules(const struct derive *d, struct arena *arena)
{
	const struct json *json = &d->document.json;
	uint32_t at = 0;

	if (d->profile->format == FORMAT_CONFIG_JSON)
		at = json_look_up(json, arena, json_look_up(json, arena, 0, "linux"), "seccomp");
	if (d->profile->format == FORMAT_SECCOMP_PROFILE)
		at = json_look_up(json, arena, 0, "spec");
	return json_look_up(json, arena, at, "syscalls");
}

bool derive_plan(struct derive_plan *p, struct arena *arena, struct derive *d, enum box_style style)
{
	const struct json *json = &d->document.json;
	uint32_t *rule = arena_alloc(arena, d->profile->rules, sizeof(*rule));
	size_t count = 0;

	*p = (struct derive_plan){.arena = arena, .d = d, .rule = rule, .style = style};
	p->rules = find_rules(d, arena);
	if (p->rules == JSON_NONE || json->node[p->rules].type != JSON_ARRAY)
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "there is no list of rules to be edited");
	for (uint32_t i = json->node[p->rules].child; i != JSON_NONE; i = json->node[i].next)
		rule[count++] = i;
	assert(count == d->profile->rules);
	edits_init(&p->edits, arena, json, d->document.yaml);
	return true;
}

uint32_t derive_names_of(const struct derive_plan *p, size_t rule)
{
	const struct json *json = &p->d->document.json;
	uint32_t names = json_look_up(json, p->arena, p->rule[rule], "names");

	bool listed = names != JSON_NONE && json->node[names].type == JSON_ARRAY && json->node[names].count;

	return listed ? names : JSON_NONE;
}

static bool is_filtered(const struct profile_rule *r)
{
	return r->includes.present || r->excludes.present;
}

static uint32_t answer_of(const struct target *t, const struct profile_rule *rule, struct arena *arena)
{
	struct diags quiet;

	diags_init(&quiet, arena, NULL);
	return ret_value(&rule->action, t->node, &quiet);
}

static uint32_t both(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, g, BDD_FALSE);
}

static uint32_t but(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, g, BDD_FALSE, f);
}

/* Where the rule's conditions hold; of an index given twice, any. */
static uint32_t region_of(struct bdd *b, const struct profile_rule *rule, unsigned bits)
{
	uint32_t any = BDD_FALSE;
	unsigned seen = 0;
	bool repeats = false;

	for (size_t i = 0; i < rule->conds; i++) {
		repeats |= seen >> rule->cond[i].index & 1;
		seen |= 1u << rule->cond[i].index;
		any = bdd_ite(b, boxes_region(b, &rule->cond[i], 1, bits), BDD_TRUE, any);
	}
	return repeats ? any : boxes_region(b, rule->cond, rule->conds, bits);
}

/* --- text --- */

/* Of what YAML takes for a string without quotes. */
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

static const char *quote(const struct derive_plan *p)
{
	return p->edits.yaml ? "" : "\"";
}

static void put_key(const struct derive_plan *p, struct buf *b, const char *key, const char *word)
{
	buf_printf(b, "%s%s%s: %s", quote(p), key, quote(p), word);
}

static void put_name(const struct derive_plan *p, struct buf *b, const char *name)
{
	buf_printf(b, "%s%s%s", quote(p), name, quote(p));
}

/* What a node says, in one line. As deep as documents are. */
static void put_node(const struct derive_plan *p, struct buf *b, uint32_t node)
{
	const struct json *json = &p->d->document.json;
	const struct json_node *n = &json->node[node];
	bool object = n->type == JSON_OBJECT;

	if (n->type == JSON_STRING) {
		const struct text text = json_text(json, p->arena, node);
		if (strspn(text.s, WORD) == text.len && text.len)
			put_name(p, b, text.s);
		else
			buf_json(b, text.s, text.len);
		return;
	}
	if (!object && n->type != JSON_ARRAY) {
		const char *bytes = json->source->bytes + n->at;
		buf_add(b, json->decoded ? json->decoded[node].s : bytes,
			json->decoded ? json->decoded[node].len : n->len);
		return;
	}
	buf_text(b, object ? "{" : "[");
	for (uint32_t i = n->child; i != JSON_NONE; i = json->node[i].next) {
		buf_text(b, i == n->child ? "" : ", ");
		put_node(p, b, i);
		buf_text(b, object ? ": " : "");
		if (object)
			put_node(p, b, json_value(json, i));
	}
	buf_text(b, object ? "}" : "]");
}

/* A member of a rule that is there, said once more; nothing if it is not. */
static void put_again(const struct derive_plan *p, struct buf *b, size_t rule, const char *key)
{
	const struct json_node *node = p->d->document.json.node;
	uint32_t value = json_look_up(&p->d->document.json, p->arena, p->rule[rule], key);

	if (value == JSON_NONE || node[value].type == JSON_NULL ||
		(node[value].type == JSON_OBJECT && node[value].child == JSON_NONE))
		return;
	buf_text(b, ", ");
	put_key(p, b, key, "");
	put_node(p, b, value);
}

static void put_action(const struct derive_plan *p, struct buf *b, uint32_t ret)
{
	enum action action = ACTION_ALLOW;

	(void)action_of(ret, &action);
	buf_text(b, ", ");
	put_key(p, b, "action", "");
	put_name(p, b, action_oci_name(action));
	if (action != ACTION_ERRNO && action != ACTION_TRACE)
		return;
	buf_text(b, ", ");
	put_key(p, b, "errnoRet", "");
	buf_printf(b, "%u", RET_DATA(ret));
}

static void put_args(const struct derive_plan *p, struct buf *b, const struct box *box)
{
	if (!box->conds)
		return;
	buf_text(b, ", ");
	put_key(p, b, "args", "[");
	for (size_t i = 0; i < box->conds; i++) {
		const struct profile_cond *c = &box->cond[i];
		buf_text(b, i ? ", {" : "{");
		put_key(p, b, "index", "");
		buf_printf(b, "%u, ", c->index);
		put_key(p, b, "value", "");
		buf_printf(b, "%" PRIu64 ", ", c->value);
		if (c->op == OP_MASKED_EQ) {
			put_key(p, b, "valueTwo", "");
			buf_printf(b, "%" PRIu64 ", ", c->value_two & c->value);
		}
		put_key(p, b, "op", "");
		put_name(p, b, profile_op_name(c->op));
		buf_text(b, "}");
	}
	buf_text(b, "]");
}

static void open_rule(const struct derive_plan *p, struct buf *b, const char *names)
{
	buf_init(b, p->arena);
	buf_text(b, "{");
	put_key(p, b, "names", "[");
	buf_printf(b, "%s]", names);
}

static const char *name_text(const struct derive_plan *p, uint16_t syscall)
{
	return buf_print(p->arena, "%s%s%s", quote(p), arch_syscall_name(syscall), quote(p));
}

/* --- what is aimed at --- */

static bool is_for(const struct derive_plan *p, const struct profile_rule *rule, const struct derive_view *v)
{
	const struct arena_mark mark = arena_mark(p->arena);
	struct diags quiet;

	if (!rule || !is_filtered(rule))
		return true;
	diags_init(&quiet, p->arena, NULL);
	bool is = rule_applies(rule, &v->node, &quiet);
	arena_release(p->arena, mark);
	return is;
}

/*
 * On the widest ABI that has the syscall and of which something is wished, of the views that the rule (NULL: any) is
 * for. Without bits: there is none.
 */
static struct target aim(const struct derive_plan *p, uint16_t syscall, const struct profile_rule *rule)
{
	struct target t = {.syscall = syscall, .node = &p->d->view[0].node, .bits = 0};
	struct bdd *b = &p->d->bdd;
	struct diags quiet;
	uint32_t nr;

	diags_init(&quiet, p->arena, NULL);
	for (size_t i = 0; i < p->d->views; i++) {
		const struct derive_view *v = &p->d->view[i];
		for (size_t a = 0; a < v->before->abis && is_for(p, rule, v); a++) {
			const struct abi *abi = v->before->abi[a];
			unsigned bits = abi->bits == 64 ? 64 : 32;
			if (bits <= t.bits || !arch_nr(abi, syscall, &nr))
				continue;
			uint32_t want = meaning_given(b, meaning_given(b, v->want, WORD_ARCH, abi->audit), WORD_NR, nr);
			if (want == BDD_FALSE)
				continue;
			t.want = want;
			t.bits = bits;
			t.node = &v->node;
		}
	}
	t.default_ret = ret_value(&p->d->profile->default_action, t.node, &quiet);
	return t;
}

/* --- rules that go, and what stays of them --- */

/* Takes the name out of the rule, and the rule if it has no other. */
static void take_out(struct derive_plan *p, size_t rule, uint16_t syscall)
{
	const struct json *json = &p->d->document.json;
	uint32_t names = derive_names_of(p, rule), left = 0;

	if (names == JSON_NONE) {
		edits_remove(&p->edits, p->rule[rule]);
		return;
	}
	for (uint32_t n = json->node[names].child; n != JSON_NONE; n = json->node[n].next) {
		const struct text text = json_text(json, p->arena, n);
		if (text_is(&text, arch_syscall_name(syscall)))
			edits_remove(&p->edits, n);
		left += !p->edits.removed[n];
	}
	if (!left)
		edits_remove(&p->edits, p->rule[rule]);
}

/* The rule again, for the calls of one box. */
static void keep_box(struct derive_plan *p, size_t rule, uint16_t syscall, const struct box *box)
{
	static const char *const keys[] = {"action", "errnoRet", "errno", "includes", "excludes"};
	struct buf b;

	open_rule(p, &b, name_text(p, syscall));
	for (size_t i = 0; i < countof(keys); i++)
		put_again(p, &b, rule, keys[i]);
	put_args(p, &b, box);
	buf_text(&b, "}");
	edits_insert(&p->edits, p->rule[rule], buf_string(&b));
}

static void cut_rule(struct derive_plan *p, const struct target *t, size_t rule, uint32_t left)
{
	struct boxes boxes;

	take_out(p, rule, t->syscall);
	if (!boxes_find(&p->d->bdd, left, t->bits, p->style, &boxes))
		p->failed = true;
	for (size_t i = 0; i < boxes.count && !p->failed; i++)
		keep_box(p, rule, t->syscall, &boxes.box[i]);
}

/*
 * The rule that decides the syscall alone (merge.h, U), in every container; profile->rules if none does. Others that
 * name it say nothing, and would once it has conditions.
 */
static size_t find_decisive(const struct derive_plan *p, uint16_t syscall)
{
	const struct profile *profile = p->d->profile;

	for (size_t i = 0; i < profile->rules; i++) {
		const struct profile_rule *rule = &profile->rule[i];
		if (!derive_names(rule, syscall) || rule->conds)
			continue;
		const struct target t = aim(p, syscall, rule);
		if (!t.bits || answer_of(&t, rule, p->arena) == t.default_ret)
			continue;
		return is_filtered(rule) ? profile->rules : i;
	}
	return profile->rules;
}

/* What does not do goes from the rule. Returns whether something did. */
static bool cut_one(struct derive_plan *p, size_t rule, uint16_t syscall)
{
	struct bdd *b = &p->d->bdd;
	const struct profile_rule *r = &p->d->profile->rule[rule];

	if (!derive_names(r, syscall))
		return false;
	const struct target t = aim(p, syscall, r);
	uint32_t ret = answer_of(&t, r, p->arena);
	if (!t.bits || ret == t.default_ret)
		return false;
	uint32_t region = region_of(b, r, t.bits);
	uint32_t wrong = both(b, region, derive_unmet(b, bdd_leaf(b, ret), t.want));
	if (wrong != BDD_FALSE)
		cut_rule(p, &t, rule, but(b, region, wrong));
	return wrong != BDD_FALSE;
}

static void put_boxes(struct derive_plan *p, const struct target *t, uint32_t ret, const struct boxes *boxes)
{
	for (size_t i = 0; i < boxes->count; i++) {
		struct buf b;
		open_rule(p, &b, name_text(p, t->syscall));
		put_action(p, &b, ret);
		put_args(p, &b, &boxes->box[i]);
		buf_text(&b, "}");
		edits_append(&p->edits, p->rules, buf_string(&b));
	}
}

/* Rules for every container that give a syscall one answer: what they leave of it, cut one by one and together. */
struct joined {
	struct target t;
	uint32_t ret, left; /* where it is the answer that is wished for */
	size_t rules, cut;  /* how many there are; would be, each cut by itself: BOXES_MAX + 1 if that is not to be had */
	bool wrong;         /* some calls are to be answered otherwise */
};

static void join_rule(struct derive_plan *p, struct joined *j, const struct profile_rule *rule)
{
	struct bdd *b = &p->d->bdd;
	uint32_t region = region_of(b, rule, j->t.bits);
	uint32_t wrong = both(b, region, derive_unmet(b, bdd_leaf(b, j->ret), j->t.want));
	uint32_t left = but(b, region, wrong);
	struct boxes boxes = {.count = 1};

	j->rules++;
	j->wrong |= wrong != BDD_FALSE;
	j->left = bdd_ite(b, left, BDD_TRUE, j->left);
	if (wrong != BDD_FALSE && !boxes_find(b, left, j->t.bits, p->style, &boxes))
		boxes.count = BOXES_MAX + 1;
	j->cut = j->cut + boxes.count < BOXES_MAX + 1 ? j->cut + boxes.count : BOXES_MAX + 1;
}

/* Is it what all rules that name the syscall are? */
static bool find_joined(struct derive_plan *p, uint16_t syscall, struct joined *j)
{
	for (size_t i = 0; i < p->d->profile->rules; i++) {
		const struct profile_rule *rule = &p->d->profile->rule[i];
		if (!derive_names(rule, syscall))
			continue;
		if (is_filtered(rule) || !rule->conds)
			return false;
		const struct target t = aim(p, syscall, rule);
		uint32_t ret = answer_of(&t, rule, p->arena);
		if (!t.bits || ret == t.default_ret || (j->rules && ret != j->ret))
			return false;
		j->t = t;
		j->ret = ret;
		join_rule(p, j, rule);
	}
	return j->rules > 1 && j->wrong;
}

/* What several rules leave together may take far fewer than what each leaves. */
static bool replaces_rules(struct derive_plan *p, uint16_t syscall)
{
	struct joined j = {.left = BDD_FALSE};
	struct boxes boxes;

	if (!find_joined(p, syscall, &j) || !boxes_find(&p->d->bdd, j.left, j.t.bits, p->style, &boxes) ||
		boxes.count >= j.cut)
		return false;
	for (size_t i = 0; i < p->d->profile->rules; i++) {
		if (derive_names(&p->d->profile->rule[i], syscall))
			take_out(p, i, syscall);
	}
	put_boxes(p, &j.t, j.ret, &boxes);
	return true;
}

static void cut_rules(struct derive_plan *p, uint16_t syscall)
{
	size_t decisive = find_decisive(p, syscall), rules = p->d->profile->rules;
	if (decisive == rules && replaces_rules(p, syscall))
		return;
	bool cut = decisive < rules && cut_one(p, decisive, syscall);

	for (size_t i = 0; i < rules; i++) {
		if (cut && i != decisive && derive_names(&p->d->profile->rule[i], syscall))
			take_out(p, i, syscall);
		else if (decisive == rules)
			cut_one(p, i, syscall);
	}
}

/* --- rules that come --- */

/* A rule without conditions that names can be put in; profile->rules if there is none. */
static size_t find_home(const struct derive_plan *p, const struct target *t, uint32_t ret)
{
	const struct profile *profile = p->d->profile;

	for (size_t i = 0; i < profile->rules; i++) {
		const struct profile_rule *rule = &profile->rule[i];
		if (!rule->conds && !is_filtered(rule) && derive_names_of(p, i) != JSON_NONE &&
			!p->edits.removed[p->rule[i]] && answer_of(t, rule, p->arena) == ret)
			return i;
	}
	return profile->rules;
}

/* One answer for all its calls: the syscall is named by that rule alone. */
static void put_plain(struct derive_plan *p, const struct target *t, uint32_t ret)
{
	size_t home = find_home(p, t, ret), k = 0;

	for (size_t i = 0; i < p->d->profile->rules; i++) {
		if (derive_names(&p->d->profile->rule[i], t->syscall))
			take_out(p, i, t->syscall);
	}
	if (home < p->d->profile->rules && !p->edits.removed[p->rule[home]]) {
		edits_append(&p->edits, derive_names_of(p, home), name_text(p, t->syscall));
		return;
	}
	while (k < p->news && p->fresh[k].ret != ret)
		k++;
	if (k == p->news) {
		p->fresh[p->news].ret = ret;
		buf_init(&p->fresh[p->news++].names, p->arena);
	} else {
		buf_text(&p->fresh[k].names, ", ");
	}
	buf_text(&p->fresh[k].names, name_text(p, t->syscall));
}

/* Where rules for every container answer as is wished; *others: some with another answer than `ret`. */
static uint32_t covered(const struct derive_plan *p, const struct target *t, uint32_t ret, bool *others)
{
	struct bdd *b = &p->d->bdd;
	uint32_t all = BDD_FALSE;

	*others = false;
	for (size_t i = 0; i < p->d->profile->rules; i++) {
		const struct profile_rule *rule = &p->d->profile->rule[i];
		uint32_t answer = answer_of(t, rule, p->arena);
		if (!derive_names(rule, t->syscall) || answer == t->default_ret || p->edits.removed[p->rule[i]])
			continue;
		uint32_t right = both(b, region_of(b, rule, t->bits), derive_met(b, bdd_leaf(b, answer), t->want));
		*others |= right != BDD_FALSE && answer != ret;
		all = is_filtered(rule) ? all : bdd_ite(b, right, BDD_TRUE, all);
	}
	return all;
}

/* Rules for one answer, the fewest of two ways: for all that is wished for, or for what nothing answers yet. */
static void add_answer(struct derive_plan *p, const struct target *t, uint32_t ret, uint32_t all)
{
	struct bdd *b = &p->d->bdd;
	struct boxes whole, rest;
	bool others;
	uint32_t open = but(b, all, covered(p, t, ret, &others));
	const struct boxes *least = &rest;

	if (open == BDD_FALSE)
		return;
	bool found = boxes_find(b, open, t->bits, p->style, &rest);
	if (!others && boxes_find(b, all, t->bits, p->style, &whole) && (!found || whole.count <= rest.count)) {
		least = &whole;
		found = true;
	}
	p->failed |= !found;
	if (found && least->count == 1 && !least->box[0].conds)
		put_plain(p, t, ret);
	else if (found)
		put_boxes(p, t, ret, least);
}

static void add_rules(struct derive_plan *p, const struct target *t)
{
	struct bdd *b = &p->d->bdd;
	uint32_t nothing = bdd_leaf(b, DIFF_SAME);
	uint32_t open = derive_unmet(b, bdd_leaf(b, t->default_ret), t->want);
	uint32_t left = bdd_ite(b, open, t->want, nothing);

	while (left != nothing && !b->full) {
		struct call call = {0};
		uint64_t claim = diff_call(b, left, &call);
		uint32_t all = combine_is(b, left, claim);
		left = diff_without(b, left, claim);
		add_answer(p, t, derive_ret(claim), all);
	}
}

/* --- all --- */

void derive_edit(struct derive_plan *p, const uint16_t *syscall, size_t syscalls)
{
	p->fresh = arena_alloc(p->arena, syscalls, sizeof(*p->fresh));
	for (size_t i = 0; i < syscalls; i++)
		cut_rules(p, syscall[i]);
	for (size_t i = 0; i < syscalls; i++) {
		const struct target t = aim(p, syscall[i], NULL);
		if (t.bits)
			add_rules(p, &t);
	}
	for (size_t i = 0; i < p->news; i++) {
		struct buf b;
		open_rule(p, &b, buf_string(&p->fresh[i].names));
		put_action(p, &b, p->fresh[i].ret);
		buf_text(&b, "}");
		edits_append(&p->edits, p->rules, buf_string(&b));
	}
}

/* --- slips --- */

#define ADVISED_MAX 1000u /* names no ABI has that are looked at: each is held against every syscall */

struct mender {
	struct derive_plan *p;
	size_t *named, *kept; /* by syscall: 1 + the last rule that names it, and that does so from here on */
	uint16_t *syscall;
	size_t *syscalls, advised, edits;
};

static bool find_id(const struct text *text, uint16_t *id)
{
	return arch_syscall_find(text->s, text->len, id);
}

static void mend_name(struct mender *m, size_t rule, uint32_t n)
{
	const struct text text = json_text(&m->p->d->document.json, m->p->arena, n);
	uint16_t id;

	if (find_id(&text, &id)) {
		if (m->kept[id] == rule + 1)
			edits_remove(&m->p->edits, n);
		m->edits += m->kept[id] == rule + 1;
		m->kept[id] = rule + 1;
		return;
	}
	const char *meant = m->advised++ < ADVISED_MAX ? misnomer_certain(text.s, text.len) : NULL;
	if (!meant || !arch_syscall_find(meant, strlen(meant), &id))
		return;
	if (m->named[id] == rule + 1)
		edits_remove(&m->p->edits, n);
	else
		edits_replace(&m->p->edits, n, name_text(m->p, id));
	m->named[id] = rule + 1;
	m->syscall[(*m->syscalls)++] = id;
	m->edits++;
}

size_t derive_mend(struct derive_plan *p, uint16_t *syscall, size_t *syscalls)
{
	const struct json *json = &p->d->document.json;
	size_t names = arch_syscall_count();
	struct mender m = {.p = p, .named = arena_alloc(p->arena, names, sizeof(*m.named)),
		.kept = arena_alloc(p->arena, names, sizeof(*m.kept)), .syscall = syscall, .syscalls = syscalls};

	*syscalls = 0;
	for (size_t i = 0; i < p->d->profile->rules; i++) {
		uint32_t list = derive_names_of(p, i), first = list == JSON_NONE ? JSON_NONE : json->node[list].child;
		for (uint32_t n = first; n != JSON_NONE; n = json->node[n].next) {
			const struct text text = json_text(json, p->arena, n);
			uint16_t id;
			if (find_id(&text, &id))
				m.named[id] = i + 1;
		}
		for (uint32_t n = first; n != JSON_NONE; n = json->node[n].next)
			mend_name(&m, i, n);
	}
	return m.edits;
}
