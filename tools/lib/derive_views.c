#include "derive_views.h"

#include "../../compiler/kernel/caps.h"
#include "../../compiler/meaning/rule_applies.h"

#include <string.h>

struct looker {
	struct arena *arena;
	struct derive *d;
	uint16_t syscall;
	struct kernel_version kernel[VIEW_CAPS + 1]; /* the oldest, and each that is asked for */
	size_t kernels;
	unsigned cap[VIEW_CAPS];
	size_t caps;
	const struct profile_rule **rule; /* that the syscall's answers depend on */
	size_t rules;
	bool *seen; /* which rules apply, by view that is there */
	size_t count;
	bool failed;
};

static bool find(const char *name, uint16_t *id)
{
	return arch_syscall_find(name, strlen(name), id);
}

static bool same_door(const struct abi *abi, uint16_t a, uint16_t b)
{
	uint32_t nr_a, nr_b, code;
	bool mux_a = arch_multiplexer(abi, a, &nr_a, &code), mux_b = arch_multiplexer(abi, b, &nr_b, &code);

	return (mux_a || mux_b) && (mux_a || arch_nr(abi, a, &nr_a)) && (mux_b || arch_nr(abi, b, &nr_b)) &&
		nr_a == nr_b;
}

bool derive_related(uint16_t a, uint16_t b)
{
	bool related = a == b;

	for (size_t i = 0; i < arch_abi_count && !related; i++)
		related = same_door(&arch_abis[i], a, b);
	return related;
}

bool derive_names(const struct profile_rule *rule, uint16_t syscall)
{
	for (size_t i = 0; i < rule->names.count; i++) {
		if (text_is(&rule->names.text[i], arch_syscall_name(syscall)))
			return true;
	}
	return false;
}

static bool depends_on(const struct looker *l, const struct profile_rule *rule)
{
	uint16_t id;

	for (size_t i = 0; i < rule->names.count; i++) {
		if (find(rule->names.text[i].s, &id) && derive_related(id, l->syscall))
			return true;
	}
	return false;
}

/* --- what is asked about --- */

static void add_caps(struct looker *l, const struct texts *caps)
{
	unsigned cap;

	for (size_t i = 0; i < caps->count && !l->failed; i++) {
		size_t k = 0;
		if (!caps_find(caps->text[i].s, caps->text[i].len, &cap))
			continue; /* none has it */
		while (k < l->caps && l->cap[k] != cap)
			k++;
		l->failed |= k == VIEW_CAPS;
		if (k == l->caps && !l->failed)
			l->cap[l->caps++] = cap;
	}
}

static void add_kernel(struct looker *l, const struct kernel_version *k)
{
	size_t i = 0;

	if (!k->present || l->d->node[0].kernel.present)
		return;
	while (i < l->kernels && (l->kernel[i].major != k->major || l->kernel[i].minor != k->minor))
		i++;
	l->failed |= i > VIEW_CAPS;
	if (i == l->kernels && !l->failed)
		l->kernel[l->kernels++] = *k;
}

static void find_questions(struct looker *l)
{
	const struct profile *p = l->d->profile;

	l->rule = arena_alloc(l->arena, p->rules, sizeof(*l->rule));
	l->kernel[l->kernels++] = (struct kernel_version){.present = true};
	if (l->d->node[0].kernel.present)
		l->kernel[0] = l->d->node[0].kernel;
	for (size_t i = 0; i < p->rules; i++) {
		const struct profile_rule *rule = &p->rule[i];
		if (!depends_on(l, rule) || (!rule->includes.present && !rule->excludes.present))
			continue;
		l->rule[l->rules++] = rule;
		add_caps(l, &rule->includes.caps);
		add_caps(l, &rule->excludes.caps);
		add_kernel(l, &rule->includes.min_kernel);
		add_kernel(l, &rule->excludes.min_kernel);
	}
}

/* --- views --- */

static void add_view(struct arena *arena, struct derive *d, struct node_facts node)
{
	for (size_t i = 0; i < d->views; i++) {
		const struct node_facts *n = &d->view[i].node;
		if (n->native == node.native && n->caps == node.caps && n->kernel.present == node.kernel.present &&
			n->kernel.major == node.kernel.major && n->kernel.minor == node.kernel.minor)
			return;
	}
	if (!d->view)
		d->view = arena_alloc(arena, VIEWS_MAX, sizeof(*d->view));
	if (d->views < VIEWS_MAX)
		d->view[d->views++] = (struct derive_view){.node = node};
}

/* Do other rules apply than in each view that is there? */
static bool is_new(struct looker *l, const struct node_facts *node)
{
	const struct arena_mark mark = arena_mark(l->arena);
	bool *here = l->seen + l->count * l->rules;
	struct diags quiet;

	diags_init(&quiet, l->arena, NULL);
	for (size_t i = 0; i < l->rules; i++)
		here[i] = rule_applies(l->rule[i], node, &quiet);
	arena_release(l->arena, mark);
	for (size_t k = 0; k < l->count; k++) {
		if (memcmp(l->seen + k * l->rules, here, l->rules * sizeof(*here)) == 0)
			return false;
	}
	l->count++;
	return true;
}

static void add_for_node(struct looker *l, struct node_facts node)
{
	size_t sets = (size_t)1 << l->caps;

	l->seen = arena_alloc(l->arena, (sets * l->kernels + l->d->views + 1) * l->rules, sizeof(*l->seen));
	l->count = 0;
	for (size_t i = 0; i < l->d->views; i++) {
		if (l->d->view[i].node.native == node.native)
			is_new(l, &l->d->view[i].node);
	}
	for (size_t set = 0; set < sets; set++) {
		node.caps = 0;
		for (size_t i = 0; i < l->caps; i++)
			node.caps |= (uint64_t)(set >> i & 1) << l->cap[i];
		for (size_t k = 0; k < l->kernels; k++) {
			node.kernel = l->kernel[k];
			if (is_new(l, &node))
				add_view(l->arena, l->d, node);
		}
	}
}

bool derive_add_views(struct arena *arena, struct derive *d, uint16_t syscall)
{
	struct looker l = {.arena = arena, .d = d, .syscall = syscall};

	find_questions(&l);
	for (size_t i = 0; i < d->nodes && l.rules && !l.failed; i++)
		add_for_node(&l, d->node[i]);
	return !l.failed && d->views < VIEWS_MAX;
}

void derive_start_views(struct arena *arena, struct derive *d)
{
	for (size_t i = 0; i < d->nodes; i++) {
		struct node_facts node = d->node[i];
		node.caps = 0;
		add_view(arena, d, node);
		node.caps = UINT64_MAX;
		add_view(arena, d, node);
	}
}
