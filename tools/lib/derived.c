/*
 * Nothing is done for a syscall that is answered as is wished already, so that a second run changes nothing.
 * Rules are looked for twice, of all kinds and as equalities alone: what libseccomp is known to compile right is
 * taken before what is not. Whatever is found is read again, and only what that means counts.
 */

#include "derived.h"

#include "derive_key.h"
#include "derive_rules.h"
#include "derive_views.h"
#include "derive_want.h"

#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/meaning/classes.h"
#include "../../compiler/meaning/ret_value.h"
#include "../../compiler/profile/profile_read.h"

#include <string.h>

struct deriver {
	struct arena *arena;
	struct derive *d;
	uint16_t *syscall; /* that are to be edited */
	size_t syscalls;
};

/* --- texts and what they mean --- */

static const struct profile *read_profile(struct arena *arena, const struct source *source, struct diags *diags)
{
	diags_init(diags, arena, source);
	return build_profile(arena, source, diags);
}

static const struct policy *view_policy(
	struct arena *arena, const struct profile *profile, const struct node_facts *node)
{
	struct diags quiet;

	diags_init(&quiet, arena, NULL);
	return profile ? build_meaning(arena, profile, node, 1, &quiet) : NULL;
}

static bool over_budget(struct derive *d)
{
	return diag(d->diags, DIAG_MERGE_BUDGET, NOWHERE, 1,
		"what the profile decides has more parts than can be looked at");
}

/* Why the base has no meaning in the view. */
static bool no_meaning(struct arena *arena, struct derive *d, const struct node_facts *node)
{
	struct diags why;

	diags_init(&why, arena, d->source);
	build_meaning(arena, d->profile, node, 1, &why);
	const struct diag *e = why.first;
	while (e && e->severity != SEVERITY_ERROR)
		e = e->next;
	return diag(d->diags, DIAG_NOT_EDITED, e && d->diags->source == d->source ? e->at : NOWHERE, e ? e->len : 1,
		"the profile has no meaning that could be kept on %s %s capabilities%s%s", node->native->name,
		node->caps == UINT64_MAX ? "with all" : node->caps ? "with some" : "without", e ? ": " : "", e ? e->text : "");
}

/* What the base means in the views from `first` on. */
static bool understand(struct arena *arena, struct derive *d, size_t first)
{
	for (size_t i = first; i < d->views; i++) {
		struct derive_view *v = &d->view[i];
		v->before = view_policy(arena, d->profile, &v->node);
		if (!v->before)
			return no_meaning(arena, d, &v->node);
		v->was = meaning_policy(&d->bdd, v->before);
	}
	return !d->bdd.full || over_budget(d);
}

bool derive_read(struct arena *arena, struct derive *d)
{
	struct diags quiet;

	diags_init(&quiet, arena, d->source);
	if (!document_read(&d->document, arena, d->source, 0, false, NULL, &quiet))
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "the text is none that is edited");
	if (d->document.config_map)
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1,
			"a file within a ConfigMap is not edited: edit it by itself");
	d->profile = profile_read_as(arena, &d->document.json, INPUT_ANY, false, &quiet);
	if (!d->profile)
		return diag(d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "the text is no profile of its own");
	bdd_init(&d->bdd, arena);
	return true;
}

bool derive_open(struct arena *arena, struct derive *d)
{
	if (!derive_read(arena, d))
		return false;
	derive_start_views(arena, d);
	return understand(arena, d, 0);
}

/* --- what is wished for --- */

/* Views of one node have the same ABIs and the same default action, so that the same is wished for. */
static const struct derive_view *same_node(const struct derive *d, size_t view)
{
	for (size_t i = 0; i < view; i++) {
		if (d->view[i].node.native == d->view[view].node.native)
			return &d->view[i];
	}
	return NULL;
}

static void set_wants(struct deriver *v)
{
	struct derive *d = v->d;
	struct diags quiet;

	diags_init(&quiet, v->arena, NULL);
	for (size_t i = 0; i < d->views; i++) {
		struct derive_view *view = &d->view[i];
		const struct derive_view *same = same_node(d, i);
		if (same) {
			view->want = same->want;
			view->open = same->open;
			continue;
		}
		derive_want(&d->bdd, view, d->wish, d->wishes,
			ret_value(&d->profile->default_action, &view->node, &quiet));
	}
}

/* Is some call of the syscall's number to be answered otherwise in the view, where `unmet` is? */
static bool is_open(const struct bdd *b, const struct derive_view *v, uint32_t unmet, uint16_t syscall)
{
	uint32_t nr;

	for (size_t a = 0; a < v->before->abis; a++) {
		const struct abi *abi = v->before->abi[a];
		if (arch_nr(abi, syscall, &nr) &&
			meaning_given(b, meaning_given(b, unmet, WORD_ARCH, abi->audit), WORD_NR, nr) != BDD_FALSE)
			return true;
	}
	return false;
}

static void find_syscalls(struct deriver *v)
{
	struct derive *d = v->d;
	bool *there = arena_alloc(v->arena, arch_syscall_count(), sizeof(*there));

	v->syscall = arena_alloc(v->arena, d->wishes, sizeof(*v->syscall));
	for (size_t k = 0; k < d->views; k++) {
		uint32_t unmet = derive_unmet(&d->bdd, d->view[k].was, d->view[k].want);
		for (size_t i = 0; i < d->wishes; i++)
			there[d->wish[i].syscall] |= is_open(&d->bdd, &d->view[k], unmet, d->wish[i].syscall);
	}
	for (size_t i = 0; i < d->wishes; i++) {
		uint16_t id = d->wish[i].syscall;
		if (there[id])
			v->syscall[v->syscalls++] = id;
		there[id] = false;
	}
}

static bool add_views(struct deriver *v)
{
	struct derive *d = v->d;
	size_t first = d->views;

	for (size_t i = 0; i < d->wishes; i++) {
		if (!derive_add_views(v->arena, d, d->wish[i].syscall))
			return diag(d->diags, DIAG_NOT_DERIVED, NOWHERE, 1,
				"not decided: rules on '%s' depend on more capabilities or kernels than are "
				"gone through",
				arch_syscall_name(d->wish[i].syscall));
	}
	return understand(v->arena, d, first);
}

/* --- held against what is wished for --- */

/* Does the text mean that in all views? Where not, *d tells of the first. False as well if it means nothing. */
static bool is_right(struct deriver *v, const struct buf *text)
{
	const struct source source = {"derived", text->bytes, text->len, false};
	struct derive *d = v->d;
	struct diags quiet;
	const struct profile *profile = read_profile(v->arena, &source, &quiet);

	d->failing = NULL;
	for (size_t i = 0; i < d->views; i++) {
		struct derive_view *view = &d->view[i];
		view->after = view_policy(v->arena, profile, &view->node);
		if (!view->after)
			return false;
		view->is = meaning_policy(&d->bdd, view->after);
		d->wrong = derive_wrong(&d->bdd, view);
		if (d->wrong == bdd_leaf(&d->bdd, DIFF_SAME))
			continue;
		d->failing = view;
		diff_witness(&d->bdd, d->wrong, &d->call);
		return false;
	}
	return !d->bdd.full;
}

/* --- what libseccomp makes of it --- */

/* What is said of a text's rules that are of no class that libseccomp is known to compile right, in a view. */
static const struct diag *unsettled(struct arena *arena, const struct profile *profile, const struct node_facts *node)
{
	struct diags found, quiet;

	diags_init(&quiet, arena, NULL);
	diags_init(&found, arena, NULL);
	const struct ruleset *set = select_rules(arena, profile, node, &quiet);
	if (set)
		classes_check(arena, set, &found);
	return found.first;
}

static bool is_said(const struct diag *list, const char *text)
{
	while (list && strcmp(list->text, text) != 0)
		list = list->next;
	return list != NULL;
}

/* Tells (with `diags`) of what the base's rules were not; false if there is any. */
static bool is_settled(struct deriver *v, const struct buf *text, struct diags *diags)
{
	const struct source source = {"derived", text->bytes, text->len, false};
	bool settled = true;
	struct diags quiet;
	const struct profile *profile = read_profile(v->arena, &source, &quiet);

	for (size_t i = 0; i < v->d->views; i++) {
		const struct node_facts *node = &v->d->view[i].node;
		const struct diag *before = unsettled(v->arena, v->d->profile, node);
		for (const struct diag *d = unsettled(v->arena, profile, node); d; d = d->next) {
			if (is_said(before, d->text))
				continue;
			settled = false;
			if (diags && !is_said(diags->first, d->text))
				diag(diags, d->id, NOWHERE, 1, "%s", d->text);
		}
	}
	return settled;
}

/* --- all --- */

static bool write_text(const struct deriver *v, struct derive_plan *plan, struct buf *text)
{
	if (!derive_write(plan, text))
		return diag(v->d->diags, DIAG_NOT_EDITED, NOWHERE, 1, "the text is laid out in a way that is not edited");
	return text->len <= SOURCE_MAX ||
		diag(v->d->diags, DIAG_NOT_EDITED, NOWHERE, 1,
			"the edited text would be %zu bytes, and profiles are read up to %u", text->len, SOURCE_MAX);
}

enum found { FOUND_REFUSED, FOUND_NOT, FOUND_UNSETTLED, FOUND };

static enum found try_style(struct deriver *v, enum box_style style, struct buf *text)
{
	struct derive_plan plan;

	if (!derive_plan(&plan, v->arena, v->d, style))
		return FOUND_REFUSED;
	derive_edit(&plan, v->syscall, v->syscalls);
	if (plan.failed)
		return FOUND_NOT;
	if (!write_text(v, &plan, text))
		return FOUND_REFUSED;
	if (!is_right(v, text))
		return FOUND_NOT;
	return is_settled(v, text, NULL) ? FOUND : FOUND_UNSETTLED;
}

/* The call that is shown where nothing was found is of the first way. */
static void refuse(struct deriver *v)
{
	struct buf text;

	if (v->d->bdd.full) {
		over_budget(v->d);
		return;
	}
	try_style(v, BOX_ANY, &text);
	diag(v->d->diags, DIAG_NOT_DERIVED, NOWHERE, 1, "no rules were found that answer all calls as they have to be%s",
		v->d->failing ? ": the call below comes out as at the right"
			      : ": those of a syscall would be more than 128, or are not to be had");
}

static enum build find_text(struct deriver *v, struct buf *text)
{
	static const enum box_style styles[] = {BOX_ANY, BOX_EQUALITIES};
	enum found best = FOUND_NOT;
	size_t way = 0;

	for (size_t i = 0; i < countof(styles) && best != FOUND; i++) {
		struct buf one;
		enum found found = try_style(v, styles[i], &one);
		if (found == FOUND_REFUSED)
			return BUILD_REFUSED;
		if (found <= best)
			continue;
		best = found;
		*text = one;
		way = i;
	}
	if (best == FOUND_NOT) {
		refuse(v);
		return BUILD_REFUSED;
	}
	if (best == FOUND_UNSETTLED) {
		try_style(v, styles[way], text); /* views are of this one again */
		is_settled(v, text, v->d->diags);
	}
	return BUILD_DONE;
}

enum build derive_text(struct arena *arena, struct derive *d, const struct derive_wish *wish, size_t wishes,
	struct buf *text, struct mistake *m)
{
	struct deriver v = {.arena = arena, .d = d};

	*m = (struct mistake){0};
	d->wish = wish;
	d->wishes = wishes;
	if (!add_views(&v))
		return BUILD_REFUSED;
	set_wants(&v);
	find_syscalls(&v);
	d->changed = v.syscalls != 0;
	if (d->changed)
		return find_text(&v, text);
	buf_init(text, arena);
	buf_add(text, d->source->bytes, d->source->len);
	if (is_right(&v, text))
		return BUILD_DONE;
	m->what = "a profile is not what it is";
	return BUILD_MISTAKEN;
}

/* Boolean: calls of which some wishes ask what no answer is. */
static uint32_t contradictions(struct derive *d, size_t view, const struct derive_wish *wish, size_t wishes)
{
	struct derive_view v = d->view[view];

	derive_want(&d->bdd, &v, wish, wishes, RET_KILL_THREAD);
	return combine_is(&d->bdd, v.want, DERIVE_CONTRADICTION);
}

bool derive_contradict(struct derive *d, const struct derive_wish *wish, size_t wishes, size_t *one, size_t *other,
	struct call *call)
{
	uint32_t same = bdd_leaf(&d->bdd, DIFF_SAME), any = BDD_FALSE;
	size_t view = 0;

	for (; view < d->views && any == BDD_FALSE; view++)
		any = contradictions(d, view, wish, wishes);
	for (size_t i = 1; i < wishes && any != BDD_FALSE; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct derive_wish pair[2] = {wish[k], wish[i]};
			if (wish[k].syscall != wish[i].syscall)
				continue;
			uint32_t no = contradictions(d, view - 1, pair, 2);
			if (no == BDD_FALSE)
				continue;
			*one = k;
			*other = i;
			diff_witness(&d->bdd, bdd_ite(&d->bdd, no, BDD_TRUE, same), call);
			return true;
		}
	}
	return false;
}

/* --- slips --- */

/* Any answer will do for the syscalls whose names were put right. */
static void allow_any(struct deriver *v, const uint16_t *syscall, size_t syscalls)
{
	struct derive_on *on = arena_alloc(v->arena, arch_abi_count, sizeof(*on));
	struct derive_wish *wish = arena_alloc(v->arena, syscalls, sizeof(*wish));

	for (size_t a = 0; a < arch_abi_count; a++)
		on[a] = (struct derive_on){.meant = true, .claim = {.actions = UINT8_MAX}};
	for (size_t i = 0; i < syscalls; i++)
		wish[i] = (struct derive_wish){syscall[i], on};
	v->d->wish = wish;
	v->d->wishes = syscalls;
}

static size_t count_names(const struct profile *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->rules; i++)
		count += p->rule[i].names.count;
	return count;
}

enum build derive_fix(struct arena *arena, struct derive *d, struct buf *text, size_t *fixed)
{
	struct deriver v = {.arena = arena, .d = d};
	struct derive_plan plan;

	*fixed = 0;
	if (!derive_plan(&plan, arena, d, BOX_ANY))
		return BUILD_REFUSED;
	v.syscall = arena_alloc(arena, count_names(d->profile), sizeof(*v.syscall));
	*fixed = derive_mend(&plan, v.syscall, &v.syscalls);
	allow_any(&v, v.syscall, v.syscalls);
	if (!add_views(&v))
		return BUILD_REFUSED;
	set_wants(&v);
	if (!write_text(&v, &plan, text))
		return BUILD_REFUSED;
	if (is_right(&v, text))
		return BUILD_DONE;
	if (d->bdd.full)
		over_budget(d);
	else
		diag(d->diags, DIAG_NOT_DERIVED, NOWHERE, 1,
			"with its slips put right the profile would not be taken, or mean something else besides");
	return BUILD_REFUSED;
}
