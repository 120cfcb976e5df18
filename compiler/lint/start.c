#include "start.h"

#include "../logic/diff.h"
#include "../logic/meaning.h"

#include <string.h>

/* --- the tables --- */

#define ENGINE(id, name, version, release, abi) id,
#define START(...)
#define ARGS(...)
enum {
#include "start.tbl"
	ENGINES
};
#undef ENGINE

#define ENGINE(id, name, version, release, abi) {name, version, release, abi},
static const struct start_engine engines[] = {
#include "start.tbl"
};
#undef ENGINE
#undef START

enum { PLAIN, NNP };
enum { SOME, EACH };
#define OUTCOME_STARTS START_STARTS
#define OUTCOME_SOME   START_SOME
#define OUTCOME_FAILS  START_FAILS

#define ENGINE(...)
#define START(engine, nnp, name, made, eperm, enosys, killed, unless, said_eperm, said_enosys)             \
	{engine, (nnp) == NNP, #name, (made) == EACH, OUTCOME_##eperm, OUTCOME_##enosys, OUTCOME_##killed, unless},
static const struct start_call calls[] = {
#include "start.tbl"
	{.name = ""},
};
#undef START

#define START(engine, nnp, call, made, eperm, enosys, killed, others, said_eperm, said_enosys)             \
	static_assert(sizeof(#call) <= sizeof(calls[0].name) && sizeof(others) <= sizeof(calls[0].unless), #call " fits");
#include "start.tbl"
#undef START

/* By place in `calls`. */
#define START(engine, nnp, name, made, eperm, enosys, killed, unless, said_eperm, said_enosys) {said_eperm, said_enosys},
static const char *const said[][2] = {
#include "start.tbl"
};
#undef START
#undef ARGS

/* Arguments of such a call: those of `which` are as here. */
struct use {
	uint8_t engine;
	bool no_new_privs;
	uint8_t which;
	char name[21]; /* in place, so that the loader has nothing to relocate */
	uint64_t arg[CALL_ARGS];
};

#define START(...)
#define ARGS(engine, nnp, name, which, a0, a1, a2, a3, a4, a5)                                             \
	{engine, (nnp) == NNP, which, #name, {a0, a1, a2, a3, a4, a5}},
static const struct use uses[] = {
#include "start.tbl"
};
#undef START
#undef ARGS
#undef ENGINE

size_t start_engines(void)
{
	return countof(engines);
}

const struct start_engine *start_engine(size_t i)
{
	return &engines[i];
}

const struct start_call *start_calls(void)
{
	return calls;
}

const char *start_said(const struct start_call *call, bool enosys)
{
	return said[call - calls][enosys];
}

/* "1.3" is "1.3.6". */
static bool is_version(const char *version, const char *asked)
{
	size_t len = strlen(asked);

	return strncmp(version, asked, len) == 0 && (version[len] == '\0' || version[len] == '.');
}

/* dialect.c: who hands to which. KEP-6061 is no program yet. */
bool start_serves(const struct start_engine *engine, const struct dialect *d, const char *version)
{
	static const char *const serves[][2] = {
		{"docker", "runc"},
		{"containerd", "runc"},
		{"runc", "runc"},
		{"podman", "crun"},
		{"crio", "crun"},
		{"crun", "crun"},
	};

	size_t len = strcspn(d->name, "@");

	if (version && !is_version(engine->version, version))
		return false;
	if (d == &dialect_author)
		return true;
	for (size_t i = 0; i < countof(serves); i++) {
		if (strlen(serves[i][0]) == len && memcmp(serves[i][0], d->name, len) == 0 &&
			strcmp(serves[i][1], engine->name) == 0)
			return true;
	}
	return false;
}

/* --- what a policy does --- */

/* Boolean: the arguments of the use that are known. */
static uint32_t use_function(struct bdd *b, const struct use *use)
{
	uint32_t function = BDD_TRUE;

	for (unsigned arg = CALL_ARGS; arg-- > 0;) {
		uint32_t lightest = meaning_variable(WORD_LO(arg)) + 31;
		for (uint32_t i = 0; use->which >> arg & 1 && i < 64; i++) {
			bool one = use->arg[arg] >> i & 1;
			function = bdd_node(b, lightest - i, one ? BDD_FALSE : function,
				one ? function : BDD_FALSE);
		}
	}
	return function;
}

enum start_outcome start_outcome(
	const struct lint *l, const struct start_call *call, uint32_t ret, bool *enosys)
{
	uint32_t absent = action_ret(ACTION_ERRNO, l->node->native->enosys);

	*enosys = ret == absent || RET_ACTION(ret) == action_ret(ACTION_TRACE, 0); /* no tracer: ENOSYS */
	if (*enosys)
		return call->enosys;
	if (!outcome_refuses(ret))
		return START_STARTS;
	if (RET_ACTION(ret) != action_ret(ACTION_ERRNO, 0))
		return call->killed;
	if (RET_DATA(ret) == 0) /* success that is none */
		return call->eperm == START_STARTS ? START_STARTS : START_SOME;
	return call->eperm;
}

static void join(struct start_verdict *v, bool *first, enum start_outcome outcome, bool enosys)
{
	v->outcome = *first || v->outcome == outcome ? outcome : START_SOME;
	v->enosys = enosys && (*first || v->enosys);
	*first = false;
}

/* Of all answers to calls of the use. `function` is that of the arguments. */
static void join_use(const struct lint *l, struct bdd *b, uint32_t function, const struct use *use,
	const struct start_call *call, struct start_verdict *v, bool *first)
{
	uint32_t rest = bdd_ite(b, use ? use_function(b, use) : BDD_TRUE, function, bdd_leaf(b, DIFF_SAME));
	struct call witness = {0};
	bool enosys;

	while (!b->full && rest != bdd_leaf(b, DIFF_SAME)) {
		uint64_t leaf = diff_call(b, rest, &witness);
		enum start_outcome outcome = start_outcome(l, call, (uint32_t)leaf, &enosys);
		join(v, first, outcome, enosys);
		rest = diff_without(b, rest, leaf);
	}
}

static bool is_use_of(const struct use *use, const struct start_call *call)
{
	return use->engine == call->engine && use->no_new_privs == call->no_new_privs &&
		strcmp(use->name, call->name) == 0;
}

static struct start_verdict verdict_if_made(
	const struct lint *l, struct bdd *b, const struct start_call *call)
{
	struct start_verdict v = {START_STARTS, false, true};
	const struct abi *abi = l->policy->abi[0];
	bool first = true;
	uint16_t id;
	uint32_t nr;

	if (!arch_syscall_find(call->name, strlen(call->name), &id) || !arch_nr(abi, id, &nr))
		return v;
	const struct range *range = outcome_range(l, abi, nr);
	if (!range)
		return v;
	if (range->clauses == 1) {
		v.outcome = start_outcome(l, call, range->clause[0].ret, &v.enosys);
		return v;
	}
	uint32_t function = meaning_range(b, range);
	for (size_t i = 0; i < countof(uses); i++) {
		if (is_use_of(&uses[i], call))
			join_use(l, b, function, &uses[i], call, &v, &first);
	}
	if (first)
		join_use(l, b, function, NULL, call, &v, &first);
	if (b->full)
		v = (struct start_verdict){START_SOME, false, false};
	return v;
}

struct start_verdict start_verdict(const struct lint *l, struct bdd *b, const struct start_call *call)
{
	struct start_verdict v = verdict_if_made(l, b, call);

	if (v.outcome == START_FAILS && !call->each)
		v.outcome = START_SOME;
	return v;
}
