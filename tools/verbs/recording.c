/* In: events. Out: what each syscall was used for. */

#include "recording.h"

#include "../../arch/width.h"
#include "../../compiler/meaning/narrow.h"

#include <string.h>

#define VALUE false
#define FLAGS true
#define ARG(syscall, arg, how, from) {#syscall, arg, how, RECORD_##from},
static const struct recording_arg rows[] = {
#include "record_args.tbl"
};
#undef ARG
#undef FLAGS
#undef VALUE

uint64_t recording_bits(const struct abi *abi, uint16_t id, const struct recording_arg *arg)
{
	return arg->flags ? UINT32_MAX : narrow_low(arch_param_bits(abi, id, arg->arg));
}

/* clone(2) has its flags elsewhere where `clone_swapped`. */
static bool is_seen(const struct abi *native, uint16_t id)
{
	bool swapped = native->clone_swapped && strcmp(arch_syscall_name(id), "clone") == 0;
	uint32_t nr, code;

	return !swapped && !arch_multiplexer(native, id, &nr, &code) && !arch_args_in_memory(native, id);
}

static void watch(struct recording *r, struct arena *arena, uint16_t id, enum recording_level level)
{
	struct recorded *c = &r->call[id];
	const struct recording_arg **list = arena_alloc(arena, CALL_ARGS, sizeof(const struct recording_arg *));

	for (size_t i = 0; level && i < countof(rows); i++) {
		if (rows[i].from <= level && strcmp(rows[i].syscall, arch_syscall_name(id)) == 0)
			list[c->args++] = &rows[i];
	}
	c->arg = list;
	c->whole = c->args ? WHOLE_NOT : WHOLE_UNASKED;
	if (c->args && !is_seen(r->native, id))
		c->whole = WHOLE_UNSEEN;
	if (c->whole == WHOLE_NOT)
		c->use = arena_alloc(arena, RECORDING_USES, sizeof(*c->use));
}

/* --- one event --- */

static bool same_use(const struct recorded *c, const struct use *a, const struct use *b)
{
	for (size_t i = 0; i < c->args; i++) {
		if (!c->arg[i]->flags && a->value[c->arg[i]->arg] != b->value[c->arg[i]->arg])
			return false;
	}
	return true;
}

/* False: the event does not say all that is looked at. */
static bool read_use(const struct recorded *c, const struct event *e, struct use *use)
{
	struct event_args args;

	event_args(e, &args);
	*use = (struct use){.path = e->path, .at = e->at};
	for (size_t i = 0; i < c->args; i++) {
		unsigned arg = c->arg[i]->arg;
		uint64_t bits = recording_bits(e->abi, e->id, c->arg[i]);
		if ((args.known[arg] & bits) != bits)
			return false;
		use->value[arg] = args.value[arg] & bits;
	}
	return true;
}

static void add_use(struct recorded *c, const struct event *e)
{
	struct use use;
	size_t i = 0;

	if (!read_use(c, e, &use)) {
		c->whole = WHOLE_UNSAID;
		return;
	}
	while (i < c->uses && !same_use(c, &c->use[i], &use))
		i++;
	if (i == RECORDING_USES) {
		c->whole = WHOLE_MANY;
		return;
	}
	if (i == c->uses)
		c->use[c->uses++] = use;
	for (size_t k = 0; k < c->args; k++)
		c->use[i].value[c->arg[k]->arg] |= use.value[c->arg[k]->arg];
	c->use[i].count += e->count;
}

static bool was_refused(enum event_answer answer)
{
	return answer == ANSWER_REFUSED || answer == ANSWER_KILLED || answer == ANSWER_TRAPPED;
}

/* A call that a node of the native ABI does not see, or that no profile can name. */
static bool leave_out(struct recording *r, const struct event *e)
{
	bool foreign = e->abi && e->abi->order != r->native->order;

	if (foreign)
		r->foreign += e->count;
	if (foreign || e->has_id)
		return foreign;
	r->nameless += e->count;
	if (!r->nameless_path) {
		r->nameless_path = e->path;
		r->nameless_at = e->at;
	}
	return true;
}

/* Through another ABI's multiplexer, as seen by its name alone. */
static bool may_be_multiplexed(const struct event *e)
{
	uint32_t nr, code;

	return e->abi && arch_multiplexer(e->abi, e->id, &nr, &code);
}

static bool take(void *context, const struct event *e)
{
	struct recording *r = context;

	r->calls += e->count;
	if (leave_out(r, e))
		return false;
	struct recorded *c = &r->call[e->id];
	if (e->abi)
		r->abi[e->abi - arch_abis] = true;
	c->count += e->count;
	c->refused += was_refused(e->answer) ? e->count : 0;
	if (!c->path) {
		c->path = e->path;
		c->at = e->at;
	}
	if (c->whole == WHOLE_NOT && may_be_multiplexed(e))
		c->whole = WHOLE_UNSEEN;
	if (c->whole == WHOLE_NOT)
		add_use(c, e);
	return c->whole != WHOLE_NOT;
}

void recording_init(struct recording *r, struct arena *arena, const struct abi *native, enum recording_level level)
{
	*r = (struct recording){.native = native};
	evidence_init(&r->evidence, arena, take, r);
	r->evidence.abi = native;
	r->call = arena_alloc(arena, arch_syscall_count(), sizeof(*r->call));
	r->abi = arena_alloc(arena, arch_abi_count, sizeof(*r->abi));
	r->abi[native - arch_abis] = true;
	for (size_t id = 0; id < arch_syscall_count(); id++)
		watch(r, arena, (uint16_t)id, level);
}
