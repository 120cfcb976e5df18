/*
 * Text to function. What the user does not say of the node is taken from the first blob that says it of
 * itself.
 *
 * A blob the kernel would refuse has no meaning: that is told as what it is and never compared.
 */

#include "comparison.h"

#include "../lib/build.h"
#include "files.h"
#include "in_arena.h"
#include "message.h"

#include "../../compiler/logic/diff.h"
#include "../../backends/bpf/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is asked of the node, as options or by a blob. */
struct wanted {
	struct parsed options;
	uint64_t caps;
	bool caps_known;
};

/* --- blobs --- */

static bool named_in(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at += len) {
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	}
	return false;
}

/* "x86_64 x86", as the blob says, or those its code tells from others; "" if there is none. */
static const char *abis_of(struct comparison *s, const struct comparand *side)
{
	const struct abi **abi = arena_alloc(&s->arena, arch_abi_count, sizeof(*abi));
	const char *list =
		side->described ? trailer_value(&s->arena, &side->trailer, "abis") : NULL;
	struct buf b;

	if (list)
		return list;
	buf_init(&b, &s->arena);
	size_t abis = side->filters.count > 1 ? 0 : stats_abis(side->filters.program, side->order, abi);
	for (size_t i = 0; i < abis; i++)
		buf_printf(&b, "%s%s", i ? " " : "", abi[i]->name);
	return buf_string(&b);
}

/* Not what --arch asks for: that is seldom meant, and would explain every difference. */
static void tell_abis(struct comparison *s, const struct comparand *side)
{
	const char *list = abis_of(s, side);

	if (s->abi && *list && !named_in(list, s->abi->name))
		message("%s: the filter is for %s, not for %s", side->name, list, s->abi->name);
}

static int read_blob(struct comparison *s, struct comparand *side)
{
	struct filters *f = &side->filters;
	int status = operand_filters(&s->arena, &s->operand[side - s->side], s->abi, f);

	side->order = f->order;
	if (status)
		return status;
	const char *fault = comparand_fault(&s->arena, side);
	if (fault) {
		message("%s: the kernel would not load this filter: %s", side->name, fault);
		return EXIT_HOST;
	}
	side->described = f->count == 1 && trailer_find(&s->arena, f->program, &side->trailer);
	if (s->profiles_alone)
		return EXIT_DONE;
	tell_abis(s, side);
	return EXIT_DONE;
}

/* --- the node --- */

/* The options that a blob's trailer answers where they are not given. Its capabilities are a number, which no option is. */
static void adopt(struct arena *arena, const struct trailer *t, struct wanted *w)
{
	for (size_t i = 0; i < FACTS; i++) {
		const char *said = compile_facts[i].trailer.key ? trailer_value(arena, t, compile_facts[i].trailer.key) : NULL;
		const char **value = &w->options.value[fact_option[i]];
		if (!said || fact_option[i] == OPT_NONE || *value)
			continue;
		if (w->options.value[OPT_RUNTIME_FEATURES] && (i == FACT_RUNTIME || i == FACT_LIBSECCOMP))
			continue;
		if (i != FACT_CAPS) {
			*value = said;
			continue;
		}
		w->caps = strtoull(said, NULL, 0);
		w->caps_known = true;
	}
}

static struct wanted find_wanted(struct comparison *s)
{
	struct wanted w = {.options = *s->parsed};

	for (size_t i = 0; i < s->count; i++) {
		if (s->side[i].described) {
			adopt(&s->arena, &s->side[i].trailer, &w);
			break;
		}
	}
	if (!w.options.value[OPT_ARCH])
		w.options.value[OPT_ARCH] = "native";
	return w;
}

/* --arch and the like, each node once. */
static int read_nodes(struct comparison *s, const struct wanted *w, struct node_facts *node,
	size_t *nodes, struct input_options *wish)
{
	const struct verb *verb = s->parsed->verb;
	const char *list = w->options.value[OPT_ARCH], *word;
	struct node_facts facts = {0};
	size_t len;
	int status = node_read(&w->options, &facts, wish);

	if (w->caps_known)
		facts.caps = w->caps;
	while (!status && next_word(&list, &word, &len)) {
		bool known = false;
		facts.native = option_abi(verb, word, len);
		if (!facts.native)
			return EXIT_USAGE;
		for (size_t i = 0; i < *nodes; i++)
			known = known || node[i].native == facts.native;
		if (!known)
			node[(*nodes)++] = facts;
	}
	return status;
}

/* --- profiles --- */

/* Of what is odd that is said alone without which the answer is about another profile: its base is not here. */
static void tell_base(struct comparison *s, const struct diags *found)
{
	struct diags base;

	if (s->told || s->parsed->value[OPT_QUIET])
		return;
	diags_init(&base, &s->arena, found->source);
	for (const struct diag *d = found->first; d; d = d->next) {
		if (d->id == DIAG_BASE_PROFILE)
			diag(&base, d->id, d->at, d->len, "%s", d->text);
	}
	files_diags(&s->arena, &base, false, s->parsed->value[OPT_COLOR]);
}

static int read_profile(struct comparison *s, struct comparand *side, const struct wanted *w)
{
	struct node_facts *node = arena_alloc(&s->arena, arch_abi_count, sizeof(*node));
	struct input_options wish = {0};
	struct diags diags;
	size_t nodes = 0;
	int status = s->profiles_alone ? node_read(&w->options, node, &wish) : read_nodes(s, w, node, &nodes, &wish);

	if (status)
		return status;
	side->node = node;
	side->nodes = nodes;
	const struct source *source = &s->operand[side - s->side].source;
	diags_init(&diags, &s->arena, source);
	const struct profile *profile = build_input(&s->arena, source, &wish, &diags, NULL);
	side->profile = profile;
	if (profile && !s->profiles_alone)
		side->policy = build_meaning(&s->arena, profile, node, nodes, &diags);
	tell_base(s, &diags);
	files_diags(&s->arena, &diags, true, NULL);
	if (!side->policy)
		return diags_exit(&diags); /* done, of profiles alone */
	side->order = side->policy->order;
	return EXIT_DONE;
}

/* --- all --- */

static int load(struct comparison *s, size_t i, const char *path)
{
	struct operand *o = &s->operand[i];
	struct comparand *side = &s->side[i];
	int status = operand_read(&s->arena, s->parsed, path, SOURCE_MAX, o);

	if (status)
		return status;
	side->name = o->name;
	side->is_profile = !operand_is_filter(o);
	if (o->source.len || o->is_process || !s->to_be_blob[i])
		return EXIT_DONE;
	message("%s: the filter is empty: there are no instructions", side->name);
	return EXIT_INPUT;
}

/* The byte order that blobs are read in. */
static int read_arch(struct comparison *s)
{
	const char *list = s->parsed->value[OPT_ARCH], *word;
	size_t len;

	if (!next_word(&list, &word, &len))
		return EXIT_DONE;
	s->abi = option_abi(s->parsed->verb, word, len);
	return s->abi ? EXIT_DONE : EXIT_USAGE;
}

int comparison_compared(const struct comparison *s, const char *what, bool right)
{
	if (s->bdd.full) {
		message("not decided: the %s needs more room or time than it is given", what);
		return EXIT_HOST;
	}
	if (right)
		return EXIT_DONE;
	message_mistake("prover and simulator disagree on a call");
	return EXIT_MISTAKE;
}

static int find_meanings(struct comparison *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct comparand *side = &s->side[i];
		if (side->order != s->side[0].order) {
			message("%s and %s are for machines of different byte order; --arch says "
				"which",
				s->side[0].name, side->name);
			return EXIT_INPUT;
		}
		if (!s->unread)
			comparand_understand(&s->bdd, side);
	}
	return comparison_compared(s, "proof", true);
}

int comparison_read(struct comparison *s, size_t first, size_t count)
{
	int status = read_arch(s);

	s->count = count;
	for (size_t i = 0; !status && i < count; i++)
		status = load(s, i, s->parsed->operand[first + i]);
	for (size_t i = 0; !status && i < count; i++) {
		if (!s->side[i].is_profile)
			status = read_blob(s, &s->side[i]);
	}
	const struct wanted wanted = find_wanted(s);
	for (size_t i = 0; !status && i < count; i++) {
		if (s->side[i].is_profile)
			status = read_profile(s, &s->side[i], &wanted);
	}
	return status || s->profiles_alone ? status : find_meanings(s);
}

int comparison_understand(struct comparison *s)
{
	s->unread = false;
	return find_meanings(s);
}

int comparison_run(const struct parsed *p, int (*verb)(struct comparison *))
{
	return comparison_run_for(p, verb, NULL);
}

struct comparing {
	struct comparison *s;
	int (*verb)(struct comparison *);
};

static int compare(void *context)
{
	struct comparing *c = context;

	bdd_init(&c->s->bdd, &c->s->arena);
	return c->verb(c->s);
}

int comparison_run_for(const struct parsed *p, int (*verb)(struct comparison *), void *context)
{
	struct comparison *s = calloc(1, sizeof(*s));
	struct comparing comparing = {s, verb};

	if (!s) {
		perror("winnow");
		return EXIT_HOST;
	}
	s->parsed = p;
	s->context = context;
	int status = in_arena(&s->arena, PROFILE_ARENA, "not decided", compare, &comparing);
	free(s);
	return status;
}

int comparand_build(
	struct comparison *s, const struct comparand *side, const struct layout *layout, struct filter *filter)
{
	struct diags diags;
	struct mistake mistake;

	diags_init(&diags, &s->arena, &s->operand[side - s->side].source);
	enum build built = build_policy(&s->arena, side->policy, layout, &diags, filter, &mistake);
	files_diags(&s->arena, &diags, true, NULL);
	switch (built) {
	case BUILD_DONE:
		return EXIT_DONE;
	case BUILD_REFUSED:
		return diags_exit(&diags);
	case BUILD_MISTAKEN:
		message("%s: %s: this is a mistake of winnow's, please report it", side->name,
			mistake.what);
		return EXIT_MISTAKE;
	}
	unreachable();
}

bool comparand_undecided(struct comparison *s, const struct comparand *side, uint32_t open)
{
	const char *why = comparand_open(&s->bdd, open);

	if (why)
		message("not decided: %s: %s", side->name, why);
	return why;
}

bool comparison_undecided(struct comparison *s)
{
	bool any = false;

	for (size_t i = 0; i < s->count; i++)
		any = comparand_undecided(s, &s->side[i], diff_undecided(&s->bdd, s->side[i].meaning)) || any;
	return any;
}
