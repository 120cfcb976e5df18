/*
 * Does a container start at all? Between the filter's load and the program stands the runtime, whose calls
 * the filter answers as well. Which those are depends on its version and on no_new_privs: without it the filter is loaded
 * before capabilities and user are set (start.h).
 */

#include "start.h"

#include <string.h>

#define NODES_MAX (1u << 19) /* of diagrams: 24 MiB */

/* Calls whose refusal keeps containers from starting, under one or several versions. */
struct trouble {
	const struct start_call **call;
	bool *enosys; /* answered so */
	size_t calls;
	struct word_list engines, names;
	struct word_list doubtful; /* engines that may start none, where others surely start none */
	size_t failing; /* engines that start none */
	size_t asked;   /* engines */
	bool surely;    /* one of the calls fails, whatever the arguments */
};

static bool is_refused(const struct lint *l, const char *name)
{
	struct syscall_outcome t = outcome_of_name(l, l->policy->abi[0], name);

	return outcome_is_refused(t.how) || outcome_is_untraced(&t);
}

/* Is one of the words refused? */
static bool any_refused(const struct lint *l, const char *words)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");
		if (is_refused(l, arena_text(l->arena, words, len)))
			return true;
		words += len + (words[len] != '\0');
	}
	return false;
}

/* With its other way refused, too, it is in doubt: what that needs was measured for one way to refuse it. */
static struct start_verdict ask(const struct lint *l, struct bdd *b, const struct start_call *call)
{
	struct start_verdict v = start_verdict(l, b, call);

	if (v.outcome == START_STARTS && is_refused(l, call->name) && any_refused(l, call->unless))
		v.outcome = START_SOME;
	return v;
}

/*
 * runc's stub answers what is newer than the newest name of the profile. With names added it moves, and what
 * was behind it is refused by the default action.
 */
static bool is_behind_stub(const struct lint *l, const struct start_call *call)
{
	struct syscall_outcome t = outcome_of_name(l, l->policy->abi[0], call->name);
	bool enosys;

	return t.how == OUTCOME_ENOSYS && t.at == NOWHERE &&
		start_outcome(l, call, l->set->default_ret, &enosys) != START_STARTS;
}

/* What one engine's starts come to; the calls behind it are added where that is at least `least`. */
static enum start_outcome ask_engine(const struct lint *l, struct bdd *b, size_t engine, bool no_new_privs,
	enum start_outcome least, struct trouble *t)
{
	enum start_outcome worst = START_STARTS;

	for (const struct start_call *call = start_calls(); call->name[0]; call++) {
		if (call->engine != engine || call->no_new_privs != no_new_privs)
			continue;
		struct start_verdict v = ask(l, b, call);
		worst = v.outcome > worst ? v.outcome : worst;
		if (!t || (v.outcome < least && !is_behind_stub(l, call)))
			continue;
		t->call[t->calls] = call;
		t->enosys[t->calls++] = v.enosys;
		if (v.outcome >= least)
			word_list_add(&t->names, call->name);
	}
	return worst;
}

static const char *engine_name(const struct lint *l, size_t i)
{
	return buf_print(l->arena, "%s %s", start_engine(i)->name, start_engine(i)->version);
}

/* The engines that start none; if there is no such, those that may not. */
static struct trouble look(const struct lint *l, struct bdd *b, bool no_new_privs, const char *version)
{
	enum start_outcome worst[32] = {START_STARTS}, least = START_STARTS;
	struct trouble t = {.call = NULL};
	size_t calls = 0;

	assert(start_engines() <= countof(worst));
	while (start_calls()[calls].name[0])
		calls++;
	t.call = arena_alloc(l->arena, calls, sizeof(const struct start_call *));
	t.enosys = arena_alloc(l->arena, calls, sizeof(*t.enosys));
	for (size_t i = 0; i < start_engines(); i++) {
		if (!start_serves(start_engine(i), node_dialect(l->node), version))
			continue;
		t.asked++;
		worst[i] = ask_engine(l, b, i, no_new_privs, START_FAILS, NULL);
		least = worst[i] > least ? worst[i] : least;
	}
	t.surely = least == START_FAILS;
	for (size_t i = 0; least > START_STARTS && i < start_engines(); i++) {
		if (worst[i] != least)
			continue;
		ask_engine(l, b, i, no_new_privs, START_SOME, &t);
		word_list_add(&t.engines, engine_name(l, i));
		t.failing++;
	}
	const struct word_list names = t.names; /* of those that fail */
	for (size_t i = 0; t.surely && i < start_engines(); i++) {
		if (worst[i] != START_SOME)
			continue;
		ask_engine(l, b, i, no_new_privs, START_SOME, &t);
		word_list_add(&t.doubtful, engine_name(l, i));
	}
	t.names = names;
	return t;
}

static bool is_repeated(const struct trouble *t, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (strcmp(t->call[k]->name, t->call[i]->name) == 0)
			return true;
	}
	return false;
}

/* Does the engine come to none of those before, so that its words are what is seen? */
static bool is_first(const struct trouble *t, size_t i)
{
	const char *said = start_said(t->call[i], t->enosys[i]);

	for (size_t k = 0; k < i; k++) {
		if (t->call[k]->engine == t->call[i]->engine && start_said(t->call[k], t->enosys[k]))
			return false;
	}
	return said && *said;
}

/* False: there is nothing to be said but its name. */
static bool note_call(const struct lint *l, const struct trouble *t, size_t i)
{
	const struct start_call *call = t->call[i];
	const char *said = start_said(call, t->enosys[i]), *engine = engine_name(l, call->engine);
	bool partly = outcome_of_name(l, l->policy->abi[0], call->name).how == OUTCOME_PARTLY;
	const char *does = partly ? "allow what it is called with of" : "add";

	if (is_first(t, i))
		diag_note(l->diags, NOWHERE, 1, "%s \"%s\": %s says \"%s\"", does, call->name, engine, said);
	else if (is_repeated(t, i))
		return true;
	else if (call->unless[0] && !said)
		diag_note(l->diags, NOWHERE, 1, "%s \"%s\", or \"%s\", by which %s does without it", does,
			call->name, call->unless, engine);
	else if (partly)
		diag_note(l->diags, NOWHERE, 1, "%s \"%s\": %s%s", does, call->name, engine,
			call->each ? " calls it in each start" : " calls it in some starts");
	else
		return false;
	return true;
}

#define LINE 96 /* bytes of names in a note */

/* The runtime's own words where it first fails; then what it would come to. */
static void note_calls(const struct lint *l, const struct trouble *t)
{
	struct buf names;

	buf_init(&names, l->arena);
	for (size_t i = 0; i < t->calls; i++) {
		if (note_call(l, t, i))
			continue;
		buf_printf(&names, "%s\"%s\"", names.len ? ", " : "", t->call[i]->name);
		if (names.len > LINE) {
			diag_note(l->diags, NOWHERE, 1, "add %s", buf_string(&names));
			buf_init(&names, l->arena);
		}
	}
	if (names.len)
		diag_note(l->diags, NOWHERE, 1, "add %s", buf_string(&names));
}

/* The ABI and the version asked for are those of an engine that was run. */
static void report(const struct lint *l, const struct trouble *t, bool known)
{
	struct syscall_outcome first = outcome_of_name(l, l->policy->abi[0], t->call[0]->name);
	bool author = node_dialect(l->node) == &dialect_author, all = t->failing == t->asked;
	bool measured = strcmp(start_engine(t->call[0]->engine)->abi, l->policy->abi[0]->name) == 0;
	bool sure = t->surely && all && measured && known && !author;
	enum diag_id id = sure ? DIAG_START_REFUSED : DIAG_START_DOUBTFUL;
	uint32_t at = first.at == NOWHERE ? l->set->default_at : first.at; /* runc's stub is no rule */
	const char *privs = l->no_new_privs ? "with" : "without";
	const char *names = word_list_text(l->arena, &t->names);
	const char *engines = word_list_text(l->arena, &t->engines);
	uint32_t len = outcome_len(l, at);

	if (author)
		diag(l->diags, id, at, len, "%s %s no_new_privs %s no container: refused %s %s", engines,
			privs, !t->surely ? "may start" : t->engines.count == 1 ? "starts" : "start",
			t->names.count == 1 ? "is" : "are", names);
	else
		diag_by(l->diags, id, at, len,
			(struct diag_doer){node_dialect(l->node)->says, t->surely ? "starts" : "may start",
				t->surely ? "start" : "may start"},
			"no container, by %s %s no_new_privs: refused %s %s", engines, privs,
			t->names.count == 1 ? "is" : "are", names);
	note_calls(l, t);
	if (t->doubtful.count)
		diag_note(l->diags, NOWHERE, 1, "%s may start none, either",
			word_list_text(l->arena, &t->doubtful));
	if (!measured) /* others have most of the calls, by the same names */
		diag_note(l->diags, NOWHERE, 1, "measured on %s", start_engine(t->call[0]->engine)->abi);
	if (!known)
		diag_note(l->diags, NOWHERE, 1, "%s itself was not measured", node_dialect(l->node)->says);
}

void lint_start(const struct lint *l)
{
	const char *version = l->version;
	struct bdd b;

	if (lint_lacks_base(l))
		return;
	bdd_init_small(&b, l->arena);
	b.most = NODES_MAX;
	struct trouble t = look(l, &b, l->no_new_privs, version);
	bool known = t.asked || !version;
	if (!known)
		t = look(l, &b, l->no_new_privs, version = NULL);
	if (!t.calls)
		return;
	report(l, &t, known);
	if (t.surely && !l->no_new_privs && !look(l, &b, true, version).surely)
		diag_note(l->diags, NOWHERE, 1, "with no_new_privs they start: --no-new-privs=yes");
}
