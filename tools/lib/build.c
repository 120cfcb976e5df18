/*
 * profile -> ruleset -> policy -> tree -> program, then the program is held against the policy. The
 * proof is not optional and comes last: nothing leaves here that was not proved.
 */

#include "build.h"

#include "bases.h"
#include "single.h"

#include "../../backends/bpf/check.h"
#include "../../backends/emit/emit.h"
#include "../../backends/bpf/path.h"
#include "../../compiler/meaning/rules.h"

#include <limits.h>
#include <string.h>

const struct profile *build_profile(
	struct arena *arena, const struct source *source, struct diags *diags)
{
	return build_input(arena, source, &(struct input_options){0}, diags, NULL);
}

const struct profile *build_input(struct arena *arena, const struct source *source,
	const struct input_options *wish, struct diags *diags, const char **recognised)
{
	const struct profile *profile = single_read(arena, source, wish, diags, recognised);

	return profile ? bases_add(arena, profile, wish, diags) : NULL;
}

#define PATH_ATTEMPTS 6u /* layouts with a bound on the path, tried to keep it */

/* One byte order for all; a mixed list is a mistake in the options, told as such. */
static const struct policy *make_policy(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, size_t nodes, struct diags *diags)
{
	const struct ruleset **set = arena_alloc(arena, nodes, sizeof(*set));

	for (size_t i = 0; i < nodes; i++) {
		if (node[i].native->order != node[0].native->order)
			diag(diags, DIAG_BYTE_ORDER, NOWHERE, 1,
				"%s and %s differ in byte order: one filter cannot serve both",
				node[0].native->name, node[i].native->name);
		set[i] = select_rules(arena, profile, &node[i], diags);
	}
	if (diags_failed(diags))
		return NULL;
	return rules_policy(arena, set, nodes, diags);
}

/* False: it is too long; *least is then the length of the shortest so far, 0 while none is known. */
static bool make_program(struct arena *arena, const struct layout *layout, struct filter *f, size_t *least)
{
	const struct arena_mark mark = arena_mark(arena);

	f->tree = tree_build(arena, f->policy, layout);
	if (f->tree && emit(arena, f->tree, f->policy->order, &f->program))
		return true;
	if (f->tree && (!*least || f->program.len < *least))
		*least = f->program.len;
	f->tree = NULL;
	f->program = (struct program){0};
	arena_release(arena, mark); /* so that many layouts take no more room than one */
	return false;
}

/*
 * The shortest of what all objectives come to: few tests are not always few instructions. Of those that keep a bound on the
 * path, if any does; 0: there is none.
 */
static bool make_smallest(
	struct arena *arena, const struct layout *layout, unsigned bound, struct filter *f, size_t *least)
{
	struct filter shortest = *f;
	bool fits = false;
	unsigned over = UINT_MAX; /* the bound */

	for (unsigned objective = 0; objective <= OBJECTIVE_SIZE; objective++) {
		struct layout tried = *layout;
		tried.objective = (enum objective)objective;
		if (!make_program(arena, &tried, f, least))
			continue;
		unsigned path = bound ? path_longest(arena, &f->program) : 0, excess = path > bound ? path - bound : 0;
		if (fits && (excess > over || (excess == over && f->program.len > shortest.program.len)))
			continue;
		shortest = *f;
		fits = true;
		over = excess;
	}
	*f = shortest;
	return fits;
}

static bool make_layout(
	struct arena *arena, const struct layout *layout, unsigned bound, struct filter *f, size_t *least)
{
	return layout->objective == OBJECTIVE_SIZE ? make_smallest(arena, layout, bound, f, least)
						   : make_program(arena, layout, f, least);
}

static bool too_long(const struct filter *f, size_t least, struct diags *diags)
{
	struct buf found;

	buf_init(&found, diags->arena);
	if (least)
		buf_printf(&found, "the shortest found has %zu", least);
	else
		buf_printf(&found, "it came to more than %u tests", GRAPH_MAX);
	return diag(diags, DIAG_TOO_LONG, NOWHERE, 1,
		"no filter for %s was found that has %d instructions or fewer, as many as the kernel takes: %s; "
		"'winnow minimize' leaves out rules that several others together imply",
		f->policy->abi[0]->name, PROGRAM_MAX, buf_string(&found));
}

/* Can it fit where ABIs of 32 bits share what those of 64 have? It gets shorter by as many times as there are ABIs at most. */
static bool may_share(const struct policy *policy, size_t least)
{
	size_t narrow = 0;

	for (size_t i = 0; i < policy->abis; i++)
		narrow += policy->abi[i]->bits == 32;
	return narrow && narrow < policy->abis && least <= policy->abis * PROGRAM_MAX;
}

/* As wanted, and bounded like that; what is too long may fit as the smallest there is, or where ABIs share most. */
static bool make_bounded(
	struct arena *arena, struct layout *layout, unsigned bound, struct filter *f, struct diags *diags)
{
	size_t least = 0;

	if (make_layout(arena, layout, bound, f, &least))
		return true;
	bool smallest = layout->objective == OBJECTIVE_SIZE;
	layout->objective = OBJECTIVE_SIZE;
	if (!smallest && make_layout(arena, layout, bound, f, &least))
		return true;
	if (!may_share(f->policy, least))
		return too_long(f, least, diags);
	layout->alike = true;
	return make_layout(arena, layout, bound, f, &least) || too_long(f, least, diags);
}

/*
 * Tree and program. A bound on the path may be kept by what is best without one. Else far jumps lengthen paths by a
 * little that only the program shows, so the bound is tightened until the program keeps it.
 */
static bool lay_out(
	struct arena *arena, const struct layout *wanted, struct filter *f, struct diags *diags)
{
	struct layout layout = *wanted;
	unsigned bound = wanted->max_path, shortest = UINT_MAX;

	layout.max_path = 0;
	for (unsigned attempt = 0; attempt <= PATH_ATTEMPTS; attempt++) {
		if (!make_bounded(arena, &layout, bound, f, diags))
			return false;
		unsigned longest = path_longest(arena, &f->program);
		if (!bound || longest <= bound)
			return true;
		shortest = longest < shortest ? longest : shortest;
		unsigned excess = longest - bound, before = layout.max_path;
		if (before == 1)
			break; /* there is no tighter one */
		layout.max_path = !before ? bound : excess < before ? before - excess : 1;
	}
	return diag(diags, DIAG_PATH_TOO_LONG, NOWHERE, 1,
		"no filter for %s was found that executes %u instructions at most on any call: the best that was found has %u",
		f->policy->abi[0]->name, bound, shortest);
}

static bool mistaken(struct mistake *m, const char *what, bool has_call)
{
	m->what = what;
	m->has_call = has_call;
	return false;
}

static bool is_open(const struct proven *p)
{
	return p->means == PROOF_UNDECIDED || (p->means == PROOF_HOLDS && p->caches == PROOF_UNDECIDED);
}

/*
 * Lists of clauses that have something in common are shorter, but what they mean may be too much to prove: then the
 * filter does without, if it fits.
 */
static void prove_or_simplify(struct arena *arena, const struct layout *layout, struct filter *f)
{
	struct layout plain = *layout;
	struct filter simple = *f;
	struct diags unheard;

	f->proven = prove_all(arena, &f->program, f->policy);
	plain.plain = true;
	diags_init(&unheard, arena, NULL);
	if (!is_open(&f->proven) || !lay_out(arena, &plain, &simple, &unheard) ||
		simple.program.len == f->program.len)
		return;
	*f = simple;
	f->proven = prove_all(arena, &f->program, f->policy);
}

static bool prove_filter(struct arena *arena, const struct layout *layout, struct filter *f, struct diags *diags,
	struct mistake *m)
{
	struct fault *faults;

	if (check_program(arena, &f->program, &faults))
		return mistaken(m, faults[0].why, false);
	prove_or_simplify(arena, layout, f);
	m->witness = f->proven.witness;
	if (f->proven.means == PROOF_FAILS)
		return mistaken(m, "the filter does not mean the profile", true);
	if (f->proven.means == PROOF_UNDECIDED)
		return diag(diags, DIAG_PROOF_BUDGET, NOWHERE, 1,
			"the filter could not be proved: %s", m->witness.why);
	if (f->proven.caches == PROOF_FAILS)
		return mistaken(
			m, "an unconditional ALLOW would not be cached by the kernel", true);
	if (f->proven.caches == PROOF_UNDECIDED)
		return diag(diags, DIAG_PROOF_BUDGET, NOWHERE, 1,
			"that kernels cache what is allowed whatever the arguments could not be proved: %s",
			m->witness.why);
	return true;
}

static bool said_before(const struct diags *d, const struct diag *one)
{
	for (const struct diag *e = d->first; e != one; e = e->next) {
		if (e->id == one->id && e->at == one->at &&
			(e->at != NOWHERE || strcmp(e->text, one->text) == 0))
			return true;
	}
	return false;
}

/*
 * A finding about the profile comes up for every node and ABI; from `link` on, those said of the
 * same place before are dropped.
 */
static void forget_repeats(struct diags *d, struct diag **link)
{
	while (*link) {
		struct diag *one = *link;
		if (said_before(d, one)) {
			d->count[one->severity]--;
			*link = one->next;
		} else {
			link = &one->next;
		}
	}
	d->tail = link;
	d->last = NULL;
}

enum build build_policy(struct arena *arena, const struct policy *policy, const struct layout *layout,
	struct diags *diags, struct filter *f, struct mistake *m)
{
	struct layout usual = {.objective = OBJECTIVE_TODAY};

	*m = (struct mistake){0};
	f->policy = policy;
	if (!layout) {
		usual.share = layout_mix(arena);
		layout = &usual;
	}
	if (!lay_out(arena, layout, f, diags))
		return BUILD_REFUSED;
	if (prove_filter(arena, layout, f, diags, m))
		return BUILD_DONE;
	return m->what ? BUILD_MISTAKEN : BUILD_REFUSED;
}

const struct policy *build_meaning(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, size_t nodes, struct diags *diags)
{
	struct diag **news = diags->tail;
	const struct policy *policy = make_policy(arena, profile, node, nodes, diags);

	forget_repeats(diags, news);
	return diags_failed(diags) ? NULL : policy;
}

const struct policy *build_rules(
	struct arena *arena, const struct ruleset *const *set, size_t sets, struct diags *diags)
{
	struct diag **news = diags->tail;
	const struct policy *policy = rules_policy(arena, set, sets, diags);

	forget_repeats(diags, news);
	return diags_failed(diags) ? NULL : policy;
}

enum build build_filter(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, size_t nodes, const struct layout *layout,
	struct diags *diags, struct filter *f, struct mistake *m)
{
	const struct policy *policy = build_meaning(arena, profile, node, nodes, diags);

	*m = (struct mistake){0};
	if (!policy)
		return BUILD_REFUSED;
	return build_policy(arena, policy, layout, diags, f, m);
}
