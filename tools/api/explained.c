/* One call: what becomes of it, and of a profile, why. */

#include "report.h"

#include "../lib/number.h"

#include "../../backends/bpf/sim.h"
#include "../../compiler/explain/explain.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/verdict.h"

#include <string.h>

struct explained {
	struct asking a; /* first */
	const char *abi, *syscall;
	const uint64_t *args;
};

/* The call's ABI: the one named, else the node's. */
static const struct abi *find_abi(const struct explained *m)
{
	const struct winnow_side *s = m->a.of[0];

	if (m->abi)
		return arch_find(m->abi, strlen(m->abi));
	if (s->is_profile)
		return s->targets.target[0].node[0].native;
	const struct abi *own = *s->blob[0].arch ? arch_find(s->blob[0].arch, strlen(s->blob[0].arch)) : arch_native();
	return own && own->order == m->a.side[0].order ? own : NULL;
}

/* False: the ABI has no such call. */
static bool read_call(const struct explained *m, struct question *q)
{
	uint64_t number;

	if (m->args)
		memcpy(q->call.args, m->args, sizeof(q->call.args));
	if (arch_syscall_find(m->syscall, strlen(m->syscall), &q->syscall))
		return question_call(q, m->syscall, false, 0) && q->has_call;
	if (number_read(m->syscall, strlen(m->syscall), &number) || (number > UINT32_MAX && number != UINT64_MAX))
		return false;
	return question_call(q, m->syscall, true, (uint32_t)number) && q->has_call;
}

static void add_line(struct explained *m, const struct question *q, uint64_t answer)
{
	struct winnow_line *line = arena_alloc(m->a.arena, 1, sizeof(*line));
	struct buf why;

	*line = (struct winnow_line){.size = sizeof(*line), .text = "", .why = ""};
	report_call(line, &q->call, sim_returned(answer), 0);
	if (q->policy) {
		uint32_t at = policy_decide(q->policy, &q->call)->at;
		if (at != NOWHERE)
			source_place(q->source, at, &line->line, &line->column);
	}
	buf_init(&why, m->a.arena);
	call_print(&why, &q->call, 0);
	buf_text(&why, ": ");
	if (is_undecided(answer)) {
		line->status = WINNOW_UNDECIDED;
		undecided_print(&why, answer);
	} else {
		action_print(&why, sim_returned(answer));
	}
	line->why = buf_string(&why);
	m->a.report->line = line;
	m->a.report->lines = 1;
	m->a.report->text = line->why;
}

static enum winnow_status explain(void *context)
{
	struct explained *m = context;
	const struct winnow_side *s = m->a.of[0];
	struct question q = {.arena = m->a.arena, .source = &s->source, .profile = s->profile, .set = m->a.set,
		.policy = m->a.side[0].policy, .abi = find_abi(m)};
	struct buf text;

	if (!q.abi)
		return report_fail(&m->a, WINNOW_USAGE, "no ABI is known for the call");
	if (s->is_profile)
		q.node = &s->targets.target[0].node[0];
	if (!read_call(m, &q))
		return report_fail(&m->a, WINNOW_USAGE, buf_print(m->a.arena, "%s has no such call", q.abi->name));
	uint64_t answer = comparand_answer(&m->a.side[0], &q.call);
	add_line(m, &q, answer);
	if (is_undecided(answer))
		return report_fail(&m->a, WINNOW_UNDECIDED, m->a.report->text);
	if (!s->is_profile)
		return WINNOW_DONE;
	buf_init(&text, m->a.arena);
	explain_call(&text, &q);
	m->a.report->text = buf_string(&text);
	return WINNOW_DONE;
}

enum winnow_status winnow_explain(const struct winnow_side *side, const char *abi, const char *syscall,
	const uint64_t args[6], struct winnow_report **report)
{
	struct explained m = {.a = {.of = {side}, .count = 1, .nodes = true}, .abi = abi, .syscall = syscall, .args = args};

	if (!syscall) {
		if (report)
			*report = NULL;
		return WINNOW_USAGE;
	}
	return report_make(&m.a, explain, report);
}
