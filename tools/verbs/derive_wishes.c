#include "derive_wishes.h"

#include "../cli/assertion_told.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/assertion_judge.h"
#include "../lib/bypass.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/lint/siblings.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/verdict.h"

#include <stdlib.h>
#include <string.h>

#define ERRNO_LAST 4094 /* that libseccomp takes (db.c db_action_valid()) */

/* --- text --- */

static void add(struct wishes *w, const struct source *source, const struct assertion *list, size_t count)
{
	w->wished = arena_grow(w->arena, w->wished, w->count, w->count + count, sizeof(*w->wished));
	for (size_t i = 0; i < count; i++)
		w->wished[w->count++] = (struct wished){source, list[i]};
}

static bool read_option(struct wishes *w, enum option_id option, const struct assertion *like)
{
	const char *text = w->parsed->value[option];
	struct source *source = arena_alloc(w->arena, 1, sizeof(*source));
	struct assertion *list;
	size_t count;

	if (!text)
		return true;
	*source = (struct source){
		.name = buf_print(w->arena, "--%s", option_name(option)), .bytes = text, .len = strlen(text)};
	if (!assertion_calls(w->arena, source, &assertion_told, like, option == OPT_ERRNO, &list, &count))
		return false;
	add(w, source, list, count);
	return true;
}

static int read_file(struct wishes *w)
{
	const char *path = w->parsed->value[OPT_SATISFY];
	struct source *source = arena_alloc(w->arena, 1, sizeof(*source));
	struct assertion *list;
	size_t count;

	if (!path)
		return EXIT_DONE;
	if (strcmp(path, "-") == 0 && strcmp(w->parsed->operand[0], "-") == 0)
		return usage(w->parsed->verb, "standard input cannot be both");
	if (!files_operand(w->arena, w->parsed, path, ASSERTIONS_MAX, source) ||
		!assertion_read(w->arena, source, &assertion_told, &list, &count))
		return EXIT_INPUT;
	add(w, source, list, count);
	w->file = source;
	return EXIT_DONE;
}

int wishes_read(struct wishes *w, struct arena *arena, const struct parsed *p)
{
	static const struct assertion allow = {.claim = CLAIM_ACTION, .action = ACTION_ALLOW};
	static const struct assertion deny = {.claim = CLAIM_DENY, .action = ACTION_ERRNO};
	static const struct assertion fail = {.claim = CLAIM_ACTION, .action = ACTION_ERRNO};

	*w = (struct wishes){.arena = arena, .parsed = p};
	if (!read_option(w, OPT_ALLOW, &allow) || !read_option(w, OPT_DENY, &deny) || !read_option(w, OPT_ERRNO, &fail))
		return EXIT_USAGE;
	int status = read_file(w);
	if (!status && !w->count && !p->value[OPT_FOR_CAPS])
		return usage(p->verb,
			"one of --allow, --deny, --errno, --satisfy and --for-caps says what is to be otherwise");
	return status;
}

/* --- meaning --- */

static struct derive_claim claim_of(const struct assertion *a, const struct abi *abi)
{
	const uint8_t kills = 1u << ACTION_KILL_PROCESS | 1u << ACTION_KILL_THREAD;
	const uint8_t refuses = kills | 1u << ACTION_TRAP | 1u << ACTION_ERRNO;
	uint16_t data = a->has_data ? assertion_data(a, abi) : 1; /* EPERM */

	switch (a->claim) {
	case CLAIM_ALLOW:
		return (struct derive_claim){1u << ACTION_ALLOW | 1u << ACTION_LOG, RET_ALLOW, false};
	case CLAIM_DENY:
		return (struct derive_claim){refuses, action_ret(ACTION_ERRNO, 1), false};
	case CLAIM_KILL:
		return (struct derive_claim){kills, RET_KILL_THREAD, false};
	case CLAIM_ACTION:
		return (struct derive_claim){(uint8_t)(1u << a->action), action_ret(a->action, data), a->has_data};
	}
	unreachable();
}

static int by_place(const void *pa, const void *pb)
{
	const struct cond *a = pa, *b = pb;

	return (a->arg > b->arg) - (a->arg < b->arg);
}

static bool is_meant(const struct assertion *a, const struct abi *abi)
{
	for (size_t i = 0; i < a->abis; i++) {
		if (a->abi[i] == abi)
			return true;
	}
	return !a->abis;
}

static bool has_syscall(const struct abi *abi, uint16_t id)
{
	uint32_t nr, code;

	return arch_nr(abi, id, &nr) || arch_multiplexer(abi, id, &nr, &code);
}

/* What it means on one ABI. False: nothing, which was told. */
static bool make_on(const struct wished *w, const struct abi *abi, struct derive_on *on)
{
	const struct assertion *a = &w->assertion;

	if (on->meant || !is_meant(a, abi) || !has_syscall(abi, a->syscall))
		return true;
	if (!assertion_fits(a, abi, w->source, &assertion_told))
		return false;
	on->meant = true;
	on->claim = claim_of(a, abi);
	for (unsigned i = 0; i < a->args; i++) {
		if (!a->arg[i].any)
			on->cond[on->conds++] = assertion_cond(a, abi, i);
	}
	qsort(on->cond, on->conds, sizeof(*on->cond), by_place);
	if (a->has_data && a->action == ACTION_ERRNO && RET_DATA(on->claim.ret) > ERRNO_LAST) {
		assertion_error(w->source, &assertion_told, a->start, "no runtime takes an errno above %d", ERRNO_LAST);
		return false;
	}
	return true;
}

/* Of each ABI that the base has on some node. */
static bool visit_abis(const struct derive *d, bool (*visit)(void *data, const struct abi *), void *data)
{
	for (size_t i = 0; i < d->views; i++) {
		const struct policy *p = d->view[i].before;
		for (size_t a = 0; a < p->abis; a++) {
			if (!visit(data, p->abi[a]))
				return false;
		}
	}
	return true;
}

struct maker {
	const struct wished *wished;
	struct derive_on *on;
	uint16_t door; /* NO_DOOR: none */
};

#define NO_DOOR UINT16_MAX

static bool make_own(void *data, const struct abi *abi)
{
	struct maker *m = data;

	return make_on(m->wished, abi, &m->on[abi - arch_abis]);
}

/* The multiplexer's calls for the syscall, which have to be refused as well for a line without conditions. */
static bool make_door(void *data, const struct abi *abi)
{
	struct maker *m = data;
	const struct assertion *a = &m->wished->assertion;
	struct derive_on *on = &m->on[abi - arch_abis];
	uint32_t nr, code;

	if (!is_meant(a, abi) || !arch_multiplexer(abi, a->syscall, &nr, &code))
		return true;
	const char *name = arch_nr_name(abi, nr);
	if (!arch_syscall_find(name, strlen(name), &m->door))
		return true;
	*on = (struct derive_on){.meant = true, .claim = claim_of(a, abi), .conds = 1};
	on->cond[0] = (struct cond){.op = COND_EQ, .mask = bypass_code_mask(abi, nr), .value = code};
	return true;
}

static bool refuses(const struct assertion *a)
{
	return a->claim == CLAIM_DENY || a->claim == CLAIM_KILL || (a->claim == CLAIM_ACTION && a->action < ACTION_LOG);
}

static bool has_conditions(const struct assertion *a)
{
	bool any = false;

	for (size_t i = 0; i < a->args; i++)
		any |= !a->arg[i].any;
	return any;
}

/* An option that is about nothing changes nothing; a line of a file may be for other nodes. */
static void tell_absent(const struct wishes *w, const struct wished *wished, const struct derive_on *on)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (on[i].meant)
			return;
	}
	if (wished->source != w->file && !w->parsed->value[OPT_QUIET])
		message("%s %s: nothing of that name is there: no ABI that the filters of these nodes cover has it",
			wished->source->name, wished->assertion.text);
}

/* One wish or two. False: told. */
static bool make(const struct wishes *w, const struct derive *d, const struct wished *wished, struct derive_wish *wish,
	size_t *count)
{
	struct maker m = {wished, arena_alloc(w->arena, arch_abi_count, sizeof(*m.on)), NO_DOOR};

	if (!visit_abis(d, make_own, &m))
		return false;
	tell_absent(w, wished, m.on);
	wish[(*count)++] = (struct derive_wish){wished->assertion.syscall, m.on};
	if (wished->source != w->file || !refuses(&wished->assertion) || has_conditions(&wished->assertion))
		return true;
	m.on = arena_alloc(w->arena, arch_abi_count, sizeof(*m.on));
	visit_abis(d, make_door, &m);
	if (m.door != NO_DOOR)
		wish[(*count)++] = (struct derive_wish){m.door, m.on};
	return true;
}

static int contradict(const struct wishes *w, const struct wished *a, const struct wished *b, const struct call *call)
{
	uint32_t line, column;
	struct buf text;

	source_place(a->source, (uint32_t)a->assertion.start, &line, &column);
	buf_init(&text, w->arena);
	call_print(&text, call, 0);
	assertion_error(b->source, &assertion_told, b->assertion.start, "contradicts %s:%u:%u: no answer to %s is both", a->source->name,
		line, column, buf_string(&text));
	return b->source == w->file ? EXIT_INPUT : EXIT_USAGE;
}

int wishes_make(const struct wishes *w, struct derive *d, struct derive_wish **wish, size_t *count)
{
	size_t *of = arena_alloc(w->arena, 2 * w->count, sizeof(*of)); /* the wished that a wish comes from */
	size_t one, other;
	struct call call = {0};
	bool right = true;

	*wish = arena_alloc(w->arena, 2 * w->count, sizeof(**wish));
	*count = 0;
	for (size_t i = 0; i < w->count; i++) {
		size_t before = *count;
		right = make(w, d, &w->wished[i], *wish, count) && right;
		for (size_t k = before; k < *count; k++)
			of[k] = i;
	}
	if (!right)
		return w->file ? EXIT_INPUT : EXIT_USAGE;
	if (derive_contradict(d, *wish, *count, &one, &other, &call))
		return contradict(w, &w->wished[of[one]], &w->wished[of[other]], &call);
	return EXIT_DONE;
}

/* --- what came of them --- */

static bool has_abi(const struct policy *p, const struct assertion *a)
{
	for (size_t i = 0; i < p->abis; i++) {
		if (is_meant(a, p->abi[i]))
			return true;
	}
	return false;
}

/* A line about an ABI is asked where there is such a one, and everywhere if it is nowhere. */
static bool is_asked(const struct derive *d, size_t view, const struct assertion *a)
{
	bool any = false;

	for (size_t i = 0; i < d->views; i++)
		any |= has_abi(d->view[i].after, a);
	return !any || has_abi(d->view[view].after, a);
}

/* One line of it, for a finding. */
static const char *one_line(const struct wishes *w, const char *why)
{
	struct buf b;

	buf_init(&b, w->arena);
	for (; *why; why++) {
		if (*why != '\n')
			buf_add(&b, why, 1);
		else
			buf_text(&b, ";");
		while (*why == '\n' && why[1] == ' ' && why[2] == ' ')
			why++;
	}
	return buf_string(&b);
}

static void tell(const struct wishes *w, struct derive *d, const struct wished *wished, enum finding finding,
	const char *why_not)
{
	const struct assertion *a = &wished->assertion;
	const char *why = one_line(w, why_not);

	if (wished->source != w->file) {
		diag(d->diags, DIAG_OTHER_WAY, NOWHERE, 1, "'%s' is answered as asked, but %s", a->text, why);
		return;
	}
	bool fails = finding == FAILS;
	const char *text = w->file->hidden ? "the line" : a->text;
	diag(d->diags, fails ? DIAG_NOT_DERIVED : DIAG_STAYS_OPEN, NOWHERE, 1, "%s:%u: %s: %s: %s", w->file->name,
		a->line, text, fails ? "no change of the profile makes this hold" : "nobody can say that it holds",
		w->file->hidden ? "why is not shown" : why);
}

/* Tells of each way once: one filter has it as another has. `side`: by view. */
static int judge_one(const struct wishes *w, struct derive *d, const struct comparand *side, size_t views,
	const struct wished *wished)
{
	const char **told = arena_alloc(w->arena, d->views, sizeof(const char *));
	size_t count = 0, i;

	for (size_t k = 0; k < views; k++) {
		if (!is_asked(d, k, &wished->assertion))
			continue;
		struct asserting j;
		asserting_start(&j, &d->bdd, &side[k], w->file, &assertion_told);
		enum finding finding = asserting_judge(&j, &wished->assertion);
		const char *why = buf_string(&j.why);
		if (j.mistaken) {
			message_mistake("prover and simulator disagree on a call");
			return EXIT_MISTAKE;
		}
		for (i = 0; i < count && strcmp(told[i], why) != 0; i++)
			;
		if (finding == HOLDS || i < count || d->bdd.full)
			continue;
		told[count++] = why;
		tell(w, d, wished, finding, why);
	}
	return EXIT_DONE;
}

/* --- other syscalls that do the same --- */

/* Is it made on the ABI: whatever its arguments, or `partly` for some? */
static bool is_made(const struct policy *p, const struct abi *abi, const char *name, bool partly)
{
	uint16_t id;
	uint32_t nr;
	size_t made = 0;

	if (!arch_syscall_find(name, strlen(name), &id) || !arch_nr(abi, id, &nr))
		return false;
	const struct range *r = domain_find(policy_domain(p, abi->audit), nr);
	for (size_t i = 0; i < r->clauses; i++)
		made += r->clause[i].ret == RET_ALLOW || RET_ACTION(r->clause[i].ret) == action_ret(ACTION_LOG, 0);
	return partly ? made != 0 : made == r->clauses;
}

static bool is_way(const struct policy *p, const struct abi *abi, const char *name, bool partly)
{
	const char *with = siblings_needs(name);

	return is_made(p, abi, name, partly) && (!with || is_made(p, abi, with, true));
}

/* The first ABI on which the call is refused and the other one that does the same is made; NULL: none. */
static const struct abi *find_way(const struct derive *d, const struct assertion *a, const char *name, bool partly)
{
	uint32_t nr;

	for (size_t k = 0; k < d->views; k++) {
		const struct policy *p = d->view[k].after;
		for (size_t i = 0; i < p->abis; i++) {
			if (arch_nr(p->abi[i], a->syscall, &nr) && is_meant(a, p->abi[i]) && is_way(p, p->abi[i], name, partly))
				return p->abi[i];
		}
	}
	return NULL;
}

/* What was denied for some arguments is told of others that are made whatever theirs are. */
static void tell_siblings(const struct wishes *w, struct derive *d, const struct assertion *a)
{
	const char *name = arch_syscall_name(a->syscall), *before = "";
	struct siblings s;
	struct buf ways;

	buf_init(&ways, w->arena);
	for (size_t at = 0; siblings_next(&at, &s);) {
		for (size_t i = 0; i < s.others && strcmp(s.name, name) == 0; i++) {
			const struct abi *abi = find_way(d, a, s.other[i], !has_conditions(a));
			if (!abi)
				continue;
			bool whole = find_way(d, a, s.other[i], false) != NULL;
			buf_printf(&ways, "%s'%s' on %s%s", before, s.other[i], abi->name, whole ? "" : " for some arguments");
			before = ", ";
		}
	}
	if (ways.len)
		diag(d->diags, DIAG_OTHER_WAY, NOWHERE, 1, "'%s' is answered as asked, but what does the same is allowed: %s",
			a->text, buf_string(&ways));
}

int wishes_judge(const struct wishes *w, struct derive *d)
{
	struct comparand *side = arena_alloc(w->arena, d->views, sizeof(*side));
	int status = EXIT_DONE;

	for (size_t k = 0; k < d->views; k++) {
		const struct derive_view *v = &d->view[k];
		side[k] = (struct comparand){.policy = v->after, .order = v->after->order,
			.meaning = settle(&d->bdd, verdict_function(&d->bdd, v->is))};
	}
	for (size_t i = 0; i < w->count && !status; i++) {
		bool line = w->wished[i].source == w->file;
		size_t views = line ? d->views : 2 * d->nodes; /* those without capabilities and with all come first */
		if (line || refuses(&w->wished[i].assertion))
			status = judge_one(w, d, side, views, &w->wished[i]);
		if (!line && w->wished[i].assertion.claim == CLAIM_DENY)
			tell_siblings(w, d, &w->wished[i].assertion);
	}
	if (d->bdd.full)
		diag(d->diags, DIAG_MERGE_BUDGET, NOWHERE, 1,
			"not decided: whether what is asked holds takes more room or time than is given");
	return status;
}
