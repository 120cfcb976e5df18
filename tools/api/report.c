/* Policies are made anew for each question, in its own memory: handles stay as they are, whoever else reads them. */

#include "report.h"

#include "told.h"

#include "../../compiler/meaning/rules.h"

#include <string.h>

enum winnow_status report_fail(struct asking *a, enum winnow_status status, const char *why)
{
	a->report->error = why;
	return status;
}

/* --- sides --- */

static const struct policy *make_policy(struct asking *a, const struct winnow_side *s, struct diags *diags)
{
	const struct target *t = &s->targets.target[0];

	if (!a->nodes)
		return build_meaning(a->arena, s->profile, t->node, t->nodes, diags);
	a->set = select_rules(a->arena, s->profile, &t->node[0], diags);
	return a->set ? rules_policy(a->arena, &a->set, 1, diags) : NULL;
}

static enum winnow_status take_profile(struct asking *a, const struct winnow_side *s, struct comparand *side)
{
	struct diags diags;

	if (s->targets.count != 1 || (a->nodes && s->targets.target[0].nodes != 1))
		return report_fail(a, WINNOW_USAGE, "the profile was read for several nodes: one is asked about at a time");
	diags_init(&diags, a->arena, &s->source);
	diags.strict = s->strict;
	side->policy = make_policy(a, s, &diags);
	if (!side->policy || diags_failed(&diags))
		return report_fail(a, diags_exit(&diags) == WINNOW_INPUT ? WINNOW_INPUT : WINNOW_NOT_COMPILED,
			told_error(&diags));
	side->name = s->source.name;
	side->is_profile = true;
	side->order = side->policy->order;
	return WINNOW_DONE;
}

static enum winnow_status take_sides(struct asking *a)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct winnow_side *s = a->of[i];
		enum winnow_status status = WINNOW_DONE;
		if (s->read)
			return report_fail(a, WINNOW_USAGE, "the handle is of something that could not be read");
		if (s->is_profile)
			status = take_profile(a, s, &a->side[i]);
		else
			a->side[i] = s->filter;
		if (status)
			return status;
		if (a->side[i].order != a->side[0].order)
			return report_fail(a, WINNOW_USAGE, "the sides are for machines of different byte order");
	}
	return WINNOW_DONE;
}

enum winnow_status report_understand(struct asking *a)
{
	a->bdd = arena_alloc(a->arena, 1, sizeof(*a->bdd));
	bdd_init(a->bdd, a->arena);
	for (size_t i = 0; i < a->count; i++)
		comparand_understand(a->bdd, &a->side[i]);
	if (!a->bdd->full)
		return WINNOW_DONE;
	return report_fail(a, WINNOW_UNDECIDED, "the proof needs more room or time than it is given");
}

/* --- the report --- */

struct work {
	struct asking *a;
	enum winnow_status (*of)(void *);
};

static enum winnow_status do_work(void *context)
{
	const struct work *w = context;
	enum winnow_status status = take_sides(w->a);

	return status ? status : w->of(w->a);
}

enum winnow_status report_make(
	struct asking *a, enum winnow_status (*of)(void *), struct winnow_report **report)
{
	struct work work = {a, of};

	if (report)
		*report = NULL;
	if (!report || !a->of[0] || (a->count > 1 && !a->of[1]))
		return WINNOW_USAGE;
	struct winnow_report *r = owned_make(&a->of[0]->owned.memory, sizeof(*r), a->of[0]->memory_max);
	if (!r)
		return WINNOW_NO_MEMORY;
	a->report = r;
	a->arena = &r->owned.arena;
	enum winnow_status status = guarded(&r->owned, do_work, &work);
	if (status == WINNOW_NO_MEMORY) {
		winnow_report_free(r);
		return status;
	}
	if (r->owned.mistake)
		r->error = r->owned.mistake;
	else if (status == WINNOW_UNDECIDED && !r->error)
		r->error = "the answer would take more memory than memory_max";
	*report = r;
	return status;
}

void report_call(struct winnow_line *line, const struct call *call, uint32_t left, uint32_t right)
{
	line->has_call = 1;
	line->call = (struct winnow_call){.nr = call->nr, .arch = call->arch, .ip = call->ip};
	memcpy(line->call.args, call->args, sizeof(line->call.args));
	line->verdict[0] = left;
	line->verdict[1] = right;
}

/* --- asked --- */

size_t winnow_lines(const struct winnow_report *r)
{
	return r ? r->lines : 0;
}

enum winnow_status winnow_line(const struct winnow_report *r, size_t index, struct winnow_line *out)
{
	if (!r || !out || index >= r->lines)
		return WINNOW_USAGE;
	return hand_out(out, &r->line[index], sizeof(*out));
}

const char *winnow_report_text(const struct winnow_report *r)
{
	return r && r->text ? r->text : "";
}

const char *winnow_report_json(const struct winnow_report *r)
{
	return r ? r->json : NULL;
}

const char *winnow_report_error(const struct winnow_report *r)
{
	return r && r->error ? r->error : "";
}

void winnow_report_free(struct winnow_report *r)
{
	owned_free(r);
}
