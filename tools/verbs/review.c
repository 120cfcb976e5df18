#include "review.h"

#include "review_merge.h"

#include "../lib/difference.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/progress.h"
#include "../cli/side.h"
#include "../lib/build.h"

#include "../../compiler/kernel/caps.h"
#include "../../compiler/logic/diff.h"

#include <string.h>

#define CAPS_EACH "each"

struct job {
	const struct parsed *parsed;
	struct arena arena; /* outlives the sides of a view */
	struct review review;
	struct review_view *view;
	size_t at, room; /* the view that is looked at; of items */
	uint64_t asked;  /* capabilities that rules of either side ask about */
	bool differ, open;
	struct progress progress;
};

/* --- which views --- */

static int find_nodes(struct job *job)
{
	struct review *r = &job->review;
	const char *list = job->parsed->value[OPT_ARCH], *word;
	const char **node = arena_alloc(&job->arena, arch_abi_count + 1, sizeof(const char *));
	size_t len;

	r->node = node;
	if (list && strcmp(list, "all") == 0) {
		for (size_t i = 0; i < arch_abi_count; i++) {
			if (!arch_abis[i].guest)
				node[r->nodes++] = arch_abis[i].name;
		}
		return EXIT_DONE;
	}
	while (next_word(&list, &word, &len)) {
		const struct abi *abi = option_abi(job->parsed->verb, word, len);
		size_t i = 0;
		if (!abi)
			return EXIT_USAGE;
		if (abi->guest)
			return usage(job->parsed->verb, "no node is %s by itself", abi->name);
		while (i < r->nodes && strcmp(node[i], abi->name) != 0)
			i++;
		node[i] = abi->name;
		r->nodes += i == r->nodes;
	}
	return EXIT_DONE;
}

static void ask_about(struct job *job, const struct texts *caps)
{
	unsigned cap;

	for (size_t i = 0; i < caps->count; i++) {
		if (caps_find(caps->text[i].s, caps->text[i].len, &cap))
			job->asked |= (uint64_t)1 << cap;
	}
}

/* No node named: the one that is taken then. */
static int look_over(struct sides *s)
{
	struct job *job = s->context;
	int status = sides_read(s, 0, 2);

	for (size_t i = 0; !status && i < s->count; i++) {
		const struct profile *p = s->side[i].profile;
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
	struct review *r = &job->review;
	int status = find_nodes(job);
	const char *first = r->nodes ? r->node[0] : NULL;
	struct parsed own = asked_for(job, first, "none");

	if (status || !job->parsed->value[OPT_CAPS] || strcmp(job->parsed->value[OPT_CAPS], CAPS_EACH) != 0)
		own.value[OPT_CAPS] = job->parsed->value[OPT_CAPS];
	status = status ? status : sides_run_for(&own, look_over, job);
	if (status)
		return status;
	find_sets(job);
	return EXIT_DONE;
}

/* --- what is new in one --- */

static uint32_t covered(const struct side *side)
{
	uint32_t covers = 0;

	for (size_t i = 0; side->policy && i < side->policy->abis; i++)
		covers |= (uint32_t)1 << (size_t)(side->policy->abi[i] - arch_abis);
	return covers;
}

/* Where the rule is that answers; a filter does not know. */
static const char *rule_of(struct arena *arena, const struct sides *s, size_t i, const struct call *call)
{
	const struct side *side = &s->side[i];
	uint32_t line, column;

	if (!side->policy)
		return "-";
	uint32_t at = policy_decide(side->policy, call)->at;
	if (at == NOWHERE)
		return "no rule";
	source_place(&s->operand[i].source, at, &line, &column);
	return buf_print(arena, "%u:%u", line, column);
}

static void add_item(struct job *job, const struct sides *s, const struct difference_row *row)
{
	struct review *r = &job->review;
	struct arena *a = &job->arena;

	if (r->items == job->room) {
		r->item = arena_grow(a, r->item, job->room, 2 * job->room + 64, sizeof(*r->item));
		job->room = 2 * job->room + 64;
	}
	r->item[r->items++] = (struct review_item){.view = job->at,
		.abi = row->abi,
		.calls = arena_text(a, row->calls, strlen(row->calls)),
		.where = row->where ? arena_text(a, row->where, strlen(row->where)) : "",
		.verdict = {row->verdict[0], row->verdict[1]},
		.rule = {rule_of(a, s, 0, &row->call), rule_of(a, s, 1, &row->call)}};
}

static int look_at(struct sides *s)
{
	struct job *job = s->context;
	struct review *r = &job->review;
	struct difference list;
	int status = sides_read(s, 0, 2);

	if (status)
		return status;
	uint32_t difference = diff_function(&s->bdd, s->side[0].meaning, s->side[1].meaning);
	bool right = difference_list(&s->arena, &s->bdd, s->side, difference, &list);
	if (s->bdd.full) {
		message("not decided: the comparison needs more room or time than it is given");
		return EXIT_HOST;
	}
	if (!right) {
		message("prover and simulator disagree on a call: a mistake of winnow's, please report it");
		return EXIT_MISTAKE;
	}
	for (size_t i = 0; i < list.rows; i++)
		add_item(job, s, &list.row[i]);
	r->complete = r->complete && list.complete;
	job->view[job->at].covers = covered(&s->side[0]) | covered(&s->side[1]);
	job->differ |= list.rows != 0;
	job->open |= sides_undecided(s);
	return EXIT_DONE;
}

/* --- the run --- */

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
	for (job->at = 0; !status && job->at < r->nodes * r->sets; job->at++) {
		const char *node = named ? r->node[job->at / r->sets] : NULL;
		struct parsed own = asked_for(job, node, r->caps[job->at % r->sets]);
		progress_show(&job->progress, "comparing", job->at, r->nodes * r->sets);
		status = sides_run_for(&own, look_at, job);
	}
	progress_clear(&job->progress);
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
