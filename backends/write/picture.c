/*
 * In: the tree the emitter gets. Out: an item for every test, and one for every way to a verdict.
 *
 * Shares are found by sending each named syscall of each ABI through the tree and counting which
 * sides of which tests it takes. A verdict's numbers are found by going back to the root and
 * keeping of the interval between the thresholds on the way what every test there lets through.
 */

#include "picture.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"
#include "../../compiler/kernel/call.h"

#include <string.h>

#define LISTED_MAX 2048u /* numbers looked at one by one */
#define RANGES_MAX 3u    /* ranges of numbers written out */

struct drawing {
	struct arena *arena;
	const struct tree *tree;
	const struct abi *const *abi;
	size_t abis;
	double (*share)[2]; /* by node: no, yes */
	bool *drawn;        /* by node */
	struct picture *picture;
};

static const char *const word_names[WORDS] = {"nr", "arch", "ip.lo", "ip.hi", "a0.lo", "a0.hi",
	"a1.lo", "a1.hi", "a2.lo", "a2.hi", "a3.lo", "a3.hi", "a4.lo", "a4.hi", "a5.lo", "a5.hi"};

static const char *end_text(struct buf *b)
{
	return buf_string(b);
}

/* --- shares --- */

static bool holds(const struct node *n, uint32_t word)
{
	word &= n->mask;
	switch ((enum test)n->test) {
	case TEST_EQ:
		return word == n->k;
	case TEST_GT:
		return word > n->k;
	case TEST_GE:
		return word >= n->k;
	case TEST_SET:
		return word & n->k;
	case TEST_NONE:
		return true;
	}
	unreachable();
}

static void send(struct drawing *d, uint32_t audit, uint32_t nr, double weight)
{
	struct call call = {.arch = audit, .nr = nr};
	uint32_t node = d->tree->root;

	while (d->tree->node[node].word != WORD_NONE) {
		const struct node *n = &d->tree->node[node];
		bool yes = holds(n, call_word(&call, n->word));
		d->share[node][yes] += weight;
		if (n->test == TEST_NONE && n->word == WORD_NR)
			call.nr &= n->mask;
		node = yes ? n->yes : n->no;
	}
}

/* Every ABI's calls are 1 together, but a guest's: they are 0, as nobody waits for them. */
static void send_all(struct drawing *d, const uint32_t *share)
{
	for (size_t i = 0; i < d->abis; i++) {
		const struct abi *abi = d->abi[i];
		double total = 0;
		uint32_t nr;
		for (unsigned pass = 0; pass < 2 && !abi->guest; pass++) {
			for (size_t id = 0; id < arch_syscall_count(); id++) {
				double weight = share ? share[id] : 1;
				if (!arch_nr(abi, (uint16_t)id, &nr))
					continue;
				if (pass && total > 0)
					send(d, abi->audit, nr, weight / total);
				total += pass ? 0 : weight;
			}
		}
	}
}

/* --- labels --- */

static const char *abi_names(struct arena *arena, const struct drawing *d, uint32_t audit)
{
	const char *slash = "";
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < d->abis; i++) {
		if (d->abi[i]->audit != audit)
			continue;
		buf_printf(&b, "%s%s", slash, d->abi[i]->name);
		slash = "/";
	}
	if (!*slash)
		buf_printf(&b, "0x%08x", audit);
	return end_text(&b);
}

/* The audit arch a part of the tree is for, 0 above all of them. */
static uint32_t audit_of(const struct picture *p, uint32_t item)
{
	for (; p->item[item].parent != item; item = p->item[item].parent) {
		const struct picture_item *parent = &p->item[p->item[item].parent];
		const struct node *n = &p->tree->node[parent->node];
		if (n->word == WORD_ARCH && n->test == TEST_EQ && p->item[item].yes)
			return n->k;
	}
	return 0;
}

/* A number as people know it: a guest's without the bit that marks it. */
static void number_print(struct buf *b, const struct abi *abi, uint32_t nr)
{
	if (nr == UINT32_MAX)
		buf_text(b, "-1");
	else
		buf_printf(b, "%u",
			abi && abi->guest && nr >= abi->nr_first ? nr - abi->nr_first : nr);
}

static const char *test_label(struct drawing *d, uint32_t item)
{
	static const char *const tests[] = {"==", ">", ">=", "&", "& ~"};
	const struct picture *p = d->picture;
	const struct node *n = &d->tree->node[p->item[item].node];
	struct buf b;

	buf_init(&b, d->arena);
	if (n->word == WORD_ARCH && n->test == TEST_EQ) {
		buf_printf(&b, "arch == %s", abi_names(d->arena, d, n->k));
		return end_text(&b);
	}
	buf_text(&b, word_names[n->word]);
	if (n->mask != UINT32_MAX && n->test != TEST_NONE)
		buf_printf(&b, " & 0x%x", n->mask);
	buf_printf(&b, " %s ", tests[n->test]);
	if (n->test == TEST_NONE) {
		buf_printf(&b, "0x%x", ~n->mask);
	} else if (n->word == WORD_NR && n->test != TEST_SET) {
		const struct abi *abi = arch_of_call(audit_of(p, item), n->k);
		const char *name = abi ? arch_nr_name(abi, n->k) : NULL;
		buf_printf(&b, "%s%s", abi && abi->guest ? abi->name : "",
			abi && abi->guest ? ":" : "");
		number_print(&b, abi, n->k);
		buf_printf(&b, "%s%s", name ? " " : "", name ? name : "");
	} else {
		buf_printf(&b, n->k < 4096 && n->test != TEST_SET ? "%u" : "0x%x", n->k);
	}
	return end_text(&b);
}

static const char *way_label(const struct node *n, bool yes)
{
	switch ((enum test)n->test) {
	case TEST_EQ:
		return yes ? "=" : "\xe2\x89\xa0"; /* not equal to */
	case TEST_GT:
		return yes ? ">" : "\xe2\x89\xa4"; /* less than or equal to */
	case TEST_GE:
		return yes ? "\xe2\x89\xa5" : "<"; /* greater than or equal to */
	case TEST_SET:
		return yes ? "\xe2\x89\xa0 0" : "= 0";
	case TEST_NONE:
		return "";
	}
	unreachable();
}

/* --- verdicts --- */

struct interval {
	uint32_t first, last;
};

/* The interval of numbers that thresholds and equalities on the way leave. */
static struct interval find_interval(const struct picture *p, uint32_t item)
{
	struct interval in = {0, UINT32_MAX};

	for (; p->item[item].parent != item; item = p->item[item].parent) {
		const struct node *n = &p->tree->node[p->item[p->item[item].parent].node];
		bool yes = p->item[item].yes;
		if (n->word != WORD_NR || n->mask != UINT32_MAX)
			continue;
		uint32_t k = n->test == TEST_GT ? n->k + 1 : n->k;
		if (n->test == TEST_EQ && yes)
			return (struct interval){n->k, n->k};
		if (n->test != TEST_GE && n->test != TEST_GT)
			continue;
		if (yes && k > in.first)
			in.first = k;
		if (!yes && k - 1 < in.last)
			in.last = k - 1;
	}
	return in;
}

static bool comes_here(const struct picture *p, uint32_t item, uint32_t nr)
{
	for (; p->item[item].parent != item; item = p->item[item].parent) {
		const struct node *n = &p->tree->node[p->item[p->item[item].parent].node];
		if (n->word == WORD_NR && n->test != TEST_NONE && holds(n, nr) != p->item[item].yes)
			return false;
	}
	return true;
}

struct range_list {
	struct buf text;
	unsigned ranges;
	const char *first_name, *last_name;
	unsigned named;
};

static void list_range(struct range_list *l, const struct abi *abi, uint32_t first, uint32_t last)
{
	if (++l->ranges > RANGES_MAX)
		return;
	buf_text(&l->text, l->ranges > 1 ? ", " : "");
	number_print(&l->text, abi, first);
	if (last == first)
		return;
	buf_text(&l->text, last == first + 1 ? ", " : "\xe2\x80\x93"); /* en dash */
	number_print(&l->text, abi, last);
}

static void list_names(struct range_list *l, const struct abi *abi, uint32_t nr)
{
	const char *name = abi ? arch_nr_name(abi, nr) : NULL;

	if (!name)
		return;
	if (!l->named++)
		l->first_name = name;
	l->last_name = name;
}

/* Numbers first..last that come to the item; what lies beyond LISTED_MAX is not looked at. */
static void list_numbers(const struct picture *p, uint32_t item, const struct abi *abi,
	struct interval in, struct range_list *l)
{
	bool open = in.last - in.first >= LISTED_MAX, inside = false;
	uint32_t start = 0, end = open ? in.first + LISTED_MAX : in.last;

	for (uint32_t nr = in.first;; nr++) {
		bool here = comes_here(p, item, nr);
		if (here && !inside)
			start = nr;
		if (!here && inside)
			list_range(l, abi, start, nr - 1);
		if (here)
			list_names(l, abi, nr);
		inside = here;
		if (nr == end)
			break;
	}
	if (inside && !open)
		list_range(l, abi, start, end);
	if (inside && open && ++l->ranges <= RANGES_MAX) {
		buf_text(&l->text, l->ranges > 1 ? ", " : "");
		number_print(&l->text, abi, start);
		buf_text(&l->text, " and up");
	}
}

static const char *names_text(struct drawing *d, const struct range_list *l)
{
	struct buf b;

	buf_init(&b, d->arena);
	if (l->named)
		buf_text(&b, l->first_name);
	if (l->named > 1)
		buf_printf(&b, l->named == 2 ? ", %s" : " \xe2\x80\xa6 %s",
			l->last_name); /* ellipsis */
	if (l->named > 2)
		buf_printf(&b, " (%u)", l->named);
	return end_text(&b);
}

/* "a0.lo >= 38" of the closest test on an argument; NULL if there is none. */
static const char *argument_text(struct drawing *d, uint32_t item)
{
	const struct picture_item *i = &d->picture->item[item];
	const struct picture_item *parent = &d->picture->item[i->parent];
	const struct node *n = &d->tree->node[parent->node];
	struct buf b;

	if (i->parent == item || n->word < WORD_ARG_LO)
		return NULL;
	buf_init(&b, d->arena);
	buf_printf(&b, "%s, %s", parent->label, i->yes ? "yes" : "no");
	return end_text(&b);
}

static void describe(struct drawing *d, uint32_t item)
{
	struct picture_item *i = &d->picture->item[item];
	uint32_t audit = audit_of(d->picture, item);
	struct interval in = find_interval(d->picture, item);
	const struct abi *abi = audit ? arch_of_call(audit, in.first) : NULL;
	struct range_list l = {.ranges = 0};

	i->abi = abi ? abi->name : "";
	i->numbers = i->names = "";
	if (!audit) {
		i->numbers = "any other audit arch";
		return;
	}
	buf_init(&l.text, d->arena);
	list_numbers(d->picture, item, abi, in, &l);
	if (l.ranges > RANGES_MAX)
		buf_text(&l.text, ", \xe2\x80\xa6");
	i->numbers = end_text(&l.text);
	const char *argument = argument_text(d, item);
	i->names = argument ? argument : names_text(d, &l);
}

/* --- items --- */

static const char *verdict_label(struct drawing *d, uint32_t ret)
{
	struct buf b;

	buf_init(&b, d->arena);
	action_print(&b, ret);
	return end_text(&b);
}

/* Instructions executed from the parent's test to this one or to the RET, both included. */
static unsigned step_length(
	const struct drawing *d, const struct picture_item *parent, uint32_t node)
{
	const struct node *from = &d->tree->node[parent->node], *to = &d->tree->node[node];

	if (to->word == WORD_NONE)
		return 1;
	bool masks = to->mask != UINT32_MAX && to->test != TEST_NONE && !to->held;
	return 1u + masks + (graph_keeps(from, to) ? 0 : graph_loading(to));
}

/* Of what comes by a test, the part that takes one side; above the ABIs all of theirs do. */
static double part_of(const struct drawing *d, const struct picture_item *test, bool yes)
{
	const double *share = d->share[test->node];

	if (d->tree->node[test->node].word == WORD_ARCH)
		return share[yes] > 0 ? 1 : 0;
	return share[yes] > 0 ? test->share * share[yes] / (share[0] + share[1]) : 0;
}

static uint32_t add_item(struct drawing *d, uint32_t node, uint32_t parent, bool yes)
{
	struct picture *p = d->picture;
	const struct node *n = &d->tree->node[node];
	uint32_t index = (uint32_t)p->items++;
	struct picture_item *i = &p->item[index], *above = &p->item[parent];

	*i = (struct picture_item){
		.node = node, .parent = parent, .yes = yes, .share = 1, .way = "", .executed = 2};
	if (index) {
		i->share = part_of(d, above, yes);
		i->way = way_label(&d->tree->node[above->node], yes);
		i->depth = above->depth + 1;
		i->executed = above->executed + step_length(d, above, node);
	}
	i->kind = n->word == WORD_NONE ? PICTURE_VERDICT
		: d->drawn[node]       ? PICTURE_AGAIN
				       : PICTURE_TEST;
	if (i->kind == PICTURE_VERDICT) {
		i->ret = n->k;
		i->label = verdict_label(d, n->k);
	} else {
		i->label = test_label(d, index);
	}
	return index;
}

/* The recursion is as deep as the tree, and a tree that was emitted has PROGRAM_MAX tests at most.
 */
static uint32_t draw(struct drawing *d, uint32_t node, uint32_t parent, bool yes)
{
	uint32_t index = add_item(d, node, parent, yes);
	struct picture_item *i = &d->picture->item[index];
	const struct node *n = &d->tree->node[node];

	if (i->kind != PICTURE_TEST) {
		describe(d, index);
		i->row = (double)d->picture->rows++;
		return index;
	}
	d->drawn[node] = true;
	if (i->depth > d->picture->depth)
		d->picture->depth = i->depth;
	bool yes_first = n->test == TEST_EQ; /* else smaller numbers are on the side of "no" */
	i->child[0] = draw(d, yes_first ? n->yes : n->no, index, yes_first);
	i->child[1] = i->child[0];
	if (n->yes != n->no)
		i->child[1] = draw(d, yes_first ? n->no : n->yes, index, !yes_first);
	i->row = (d->picture->item[i->child[0]].row + d->picture->item[i->child[1]].row) / 2;
	return index;
}

const struct picture *picture_make(struct arena *arena, const struct tree *tree,
	const struct abi *const *abi, size_t abis, const uint32_t *share, const char *title)
{
	struct picture *p = arena_alloc(arena, 1, sizeof(*p));
	struct drawing d = {.arena = arena, .tree = tree, .abi = abi, .abis = abis, .picture = p};

	d.share = arena_alloc(arena, tree->nodes, sizeof(*d.share));
	d.drawn = arena_alloc(arena, tree->nodes, sizeof(*d.drawn));
	p->tree = tree;
	p->title = title;
	p->item = arena_alloc(arena, 2 * (size_t)tree->nodes + 1, sizeof(*p->item));
	send_all(&d, share);
	draw(&d, tree->root, 0, true);
	return p;
}

const struct picture_format picture_formats[] = {
	{"txt", picture_text},
	{"svg", picture_svg},
	{"dot", picture_dot},
};
const size_t picture_format_count = countof(picture_formats);
