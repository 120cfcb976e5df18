#include "review.h"

#include "review_merge.h"

#include "../lib/difference.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/progress.h"
#include "../cli/comparison.h"
#include "../cli/targets.h"
#include "../lib/build.h"

#include "../../compiler/kernel/caps.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/verdict.h"

#include <string.h>

#define CAPS_EACH "each"

struct job {
	const struct parsed *parsed;
	struct arena arena; /* outlives the sides of a view */
	struct review review;
	struct review_view *view;
	size_t at, room; /* the view that is looked at; of items */
	uint64_t asked;  /* capabilities that rules of either side ask about */
	uint32_t named;  /* ABIs that profiles name, a bit each */
	size_t alone;    /* items that are like no other */
	bool differ, open;
	struct progress progress;
};

/* --- which views --- */

static bool is_all(const struct job *job)
{
	const char *list = job->parsed->value[OPT_ARCH];

	return list && strcmp(list, "all") == 0;
}

/* 'all': those that profiles name, or every one. */
static void find_all_nodes(struct job *job)
{
	struct review *r = &job->review;
	const char **node = arena_alloc(&job->arena, arch_abi_count, sizeof(const char *));

	r->node = node;
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!arch_abis[i].guest && (!job->named || job->named >> i & 1))
			node[r->nodes++] = arch_abis[i].name;
	}
}

static int find_nodes(struct job *job)
{
	struct review *r = &job->review;
	const char **node = arena_alloc(&job->arena, arch_abi_count, sizeof(const char *));
	const struct abi **abi = arena_alloc(&job->arena, arch_abi_count, sizeof(const struct abi *));
	int status = option_nodes(job->parsed->verb, job->parsed->value[OPT_ARCH], abi, &r->nodes);

	r->node = node;
	for (size_t i = 0; i < r->nodes; i++)
		node[i] = abi[i]->name;
	return status;
}

static void ask_about(struct job *job, const struct texts *caps)
{
	unsigned cap;

	for (size_t i = 0; i < caps->count; i++) {
		if (caps_find(caps->text[i].s, caps->text[i].len, &cap))
			job->asked |= (uint64_t)1 << cap;
	}
}

static void name_abis(struct job *job, struct arena *arena, const struct profile *p)
{
	const struct node_facts facts = {0};
	struct targets each;

	if (!p->arch_maps && !p->architectures.count)
		return;
	targets_each(&each, arena, p, &facts);
	for (size_t i = 0; i < each.count; i++)
		job->named |= (uint32_t)1 << (size_t)(each.target[i].node->native - arch_abis);
}

/* What profiles ask about and name, whatever node they are read for. */
static int look_over(struct comparison *s)
{
	struct job *job = s->context;

	s->profiles_alone = s->unread = true;
	int status = comparison_read(s, 0, 2);

	for (size_t i = 0; !status && i < s->count; i++) {
		const struct profile *p = s->side[i].profile;
		if (p)
			name_abis(job, &s->arena, p);
		for (size_t k = 0; p && k < p->rules; k++) {
			ask_about(job, &p->rule[k].includes.caps);
			ask_about(job, &p->rule[k].excludes.caps);
		}
	}
	return status;
}

static void find_sets(struct job *job)
{
	struct review *r = &job->review;
	const char *given = job->parsed->value[OPT_CAPS];
	const char **caps = arena_alloc(&job->arena, CAPS + 2, sizeof(const char *));

	r->caps = caps;
	caps[r->sets++] = given && strcmp(given, CAPS_EACH) != 0 ? arena_text(&job->arena, given, strlen(given)) : "none";
	if (!given || strcmp(given, CAPS_EACH) != 0)
		return;
	for (unsigned i = 0; i < CAPS; i++) {
		if (job->asked >> i & 1)
			caps[r->sets++] = caps_name(i);
	}
	if (job->asked)
		caps[r->sets++] = "all";
}

/* The options of a view. */
static struct parsed asked_for(const struct job *job, const char *node, const char *caps)
{
	struct parsed own = *job->parsed;

	own.value[OPT_ARCH] = node ? node : own.value[OPT_ARCH];
	own.value[OPT_CAPS] = own.value[OPT_CAPS] ? caps : NULL;
	return own;
}

static int find_views(struct job *job)
{
	const char *caps = job->parsed->value[OPT_CAPS];
	struct parsed own = asked_for(job, NULL, caps && strcmp(caps, CAPS_EACH) == 0 ? "none" : caps);
	int status = EXIT_DONE;

	if (is_all(job))
		own.value[OPT_ARCH] = NULL;
	else
		status = find_nodes(job);
	status = status ? status : comparison_run_for(&own, look_over, job);
	if (status)
		return status;
	if (is_all(job))
		find_all_nodes(job);
	find_sets(job);
	return EXIT_DONE;
}

/* --- what is new in one --- */

/* A filter is asked about every one. */
static uint32_t covered(const struct comparand *side)
{
	uint32_t covers = side->policy ? 0 : ((uint32_t)1 << arch_abi_count) - 1;

	for (size_t i = 0; side->policy && i < side->policy->abis; i++)
		covers |= (uint32_t)1 << (size_t)(side->policy->abi[i] - arch_abis);
	return covers;
}

/* Places of rules in a cell. */
#define PLACES_MAX 4u

struct places {
	uint32_t at[PLACES_MAX];
	size_t count;
	bool more;
};

static void add_place(struct places *p, uint32_t at)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->at[i] == at)
			return;
	}
	if (p->count < PLACES_MAX)
		p->at[p->count++] = at;
	else
		p->more = true;
}

/* Of the rules for the row's number, or for any of the audit arch if the row is about all of it. */
static void find_places(const struct policy *policy, const struct difference_row *row, uint32_t verdict, struct places *p)
{
	add_place(p, policy_decide(policy, &row->call)->at);
	for (size_t d = 0; d < policy->domains; d++) {
		const struct domain *domain = &policy->domain[d];
		for (size_t i = 0; i < domain->ranges && domain->audit == row->call.arch; i++) {
			const struct range *range = &domain->range[i];
			if (row->abi && (row->call.nr < range->first || row->call.nr > range->last))
				continue;
			for (size_t k = 0; k < range->clauses; k++) {
				if (verdict_of(range->clause[k].ret) == verdict)
					add_place(p, range->clause[k].at);
			}
		}
	}
}

/* Where the rules are that answer so; a filter does not know. */
static const char *rules_of(struct arena *arena, const struct comparison *s, size_t of, const struct difference_row *row)
{
	const struct comparand *side = &s->side[of];
	struct places places = {.count = 0};
	uint32_t line, column;
	struct buf b;

	if (!side->policy)
		return "-";
	find_places(side->policy, row, row->verdict[of], &places);
	buf_init(&b, arena);
	for (size_t i = 0; i < places.count; i++) {
		buf_text(&b, i ? ", " : "");
		if (places.at[i] == NOWHERE) {
			buf_text(&b, "no rule");
			continue;
		}
		source_place(&s->operand[of].source, places.at[i], &line, &column);
		buf_printf(&b, "%u:%u", line, column);
	}
	buf_text(&b, places.more ? ", ..." : "");
	return buf_string(&b);
}

/* "for some arguments, as in `prctl(22)`" */
static const char *where_of(struct arena *arena, const struct difference_row *row)
{
	struct buf b;

	buf_init(&b, arena);
	buf_text(&b, row->where ? row->where : "");
	if (row->inexact) {
		buf_text(&b, ", as in `");
		call_print_bare(&b, &row->call, 1);
		buf_text(&b, "`");
	}
	return buf_string(&b);
}

/* What is told of some arguments is alike where these are the same, and if nobody can say so, nowhere. */
static void set_region(struct job *job, const struct difference_row *row, struct review_item *item)
{
	if (row->inexact && row->hashed)
		memcpy(item->region, row->region, sizeof(item->region));
	else if (row->inexact)
		item->alone = ++job->alone;
}

static void add_item(struct job *job, const struct comparison *s, const struct difference_row *row)
{
	struct review *r = &job->review;
	struct arena *a = &job->arena;

	if (r->items == job->room) {
		r->item = arena_grow(a, r->item, job->room, 2 * job->room + 64, sizeof(*r->item));
		job->room = 2 * job->room + 64;
	}
	struct review_item *item = &r->item[r->items++];
	*item = (struct review_item){.view = job->at,
		.abi = row->abi,
		.calls = arena_text(a, row->calls, strlen(row->calls)),
		.where = where_of(a, row),
		.verdict = {row->verdict[0], row->verdict[1]},
		.rule = {rules_of(a, s, 0, row), rules_of(a, s, 1, row)}};
	set_region(job, row, item);
}

/* What profiles were read for, of the first view; nothing of filters. */
static void keep_nodes(struct job *job, const struct comparison *s)
{
	for (size_t i = 0; i < s->count && !job->review.takens; i++) {
		const struct comparand *side = &s->side[i];
		struct node_facts *node = arena_alloc(&job->arena, side->nodes + 1, sizeof(*node));
		for (size_t k = 0; k < side->nodes; k++)
			node[k] = side->node[k];
		job->review.taken = node;
		job->review.takens = side->nodes;
	}
}

static int look_at(struct comparison *s)
{
	struct job *job = s->context;
	struct review *r = &job->review;
	struct difference list;

	s->told = true; /* by look_over() */
	int status = comparison_read(s, 0, 2);

	if (status)
		return status;
	uint32_t difference = diff_function(&s->bdd, s->side[0].meaning, s->side[1].meaning);
	bool right = difference_list(&s->arena, &s->bdd, s->side, difference, &list);
	status = comparison_compared(s, "comparison", right);
	if (status)
		return status;
	for (size_t i = 0; i < list.rows; i++)
		add_item(job, s, &list.row[i]);
	r->complete = r->complete && list.complete;
	job->view[job->at].covers = covered(&s->side[0]) | covered(&s->side[1]);
	job->differ |= list.rows != 0;
	job->open |= comparison_undecided(s);
	r->complete = r->complete && !job->open;
	keep_nodes(job, s);
	return EXIT_DONE;
}

/* --- the run --- */

static void tell_view(const struct job *job)
{
	const struct review *r = &job->review;

	if (r->sets > 1)
		message("that was for %s and the capabilities: %s", r->node[job->at / r->sets], r->caps[job->at % r->sets]);
	else if (r->nodes > 1)
		message("that was for %s", r->node[job->at / r->sets]);
}

static int look_at_all(struct job *job)
{
	struct review *r = &job->review;
	static const char *const taken[] = {"the node that is taken where --arch names none"};
	const bool named = r->nodes != 0;
	int status = EXIT_DONE;

	if (!named) {
		r->node = taken;
		r->nodes = 1;
	}
	job->view = arena_alloc(&job->arena, r->nodes * r->sets, sizeof(*job->view));
	r->view = job->view;
	r->complete = true;
	for (job->at = 0; job->at < r->nodes * r->sets; job->at++) {
		const char *node = named ? r->node[job->at / r->sets] : NULL;
		struct parsed own = asked_for(job, node, r->caps[job->at % r->sets]);
		progress_show(&job->progress, "comparing", job->at, r->nodes * r->sets);
		status = comparison_run_for(&own, look_at, job);
		if (status)
			break;
	}
	progress_clear(&job->progress);
	if (status)
		tell_view(job);
	r->named = named;
	return status;
}

static int run_job(void *context)
{
	struct job *job = context;
	struct buf out;
	int status = find_views(job);

	status = status ? status : look_at_all(job);
	if (status)
		return status;
	job->review.name[0] = job->parsed->operand[0];
	job->review.name[1] = job->parsed->operand[1];
	buf_init(&out, &job->arena);
	review_print(&out, &job->review);
	if (!files_print(&out))
		return EXIT_HOST;
	return job->differ ? EXIT_FINDING : job->open ? EXIT_HOST : EXIT_DONE;
}

int review_run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	for (size_t i = 0; i < parsed->operands; i++) {
		if (strcmp(parsed->operand[i], "-") == 0)
			return usage(parsed->verb, "-f markdown reads both sides several times: standard input cannot be one");
	}
	progress_start(&job.progress, parsed->value[OPT_QUIET] != NULL);
	return in_arena(&job.arena, BUILD_ARENA, NULL, run_job, &job);
}
