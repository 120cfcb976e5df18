/*
 * New calls that programs try first, and do without when the kernel says ENOSYS. A filter that says EPERM,
 * because its author never heard of the call or meant well, breaks what worked before. Which those are was
 * measured (programs.h), for calls of the node's own ABI and those of the ABIs beside it.
 */

#include "../meaning/enosys.h"
#include "programs.h"

#include "../../arch/since.h"

#include <string.h>

#define TRAPS_MAX 64u

/* A call that is refused and not as if the kernel lacked it, where what does its work is allowed. */
struct trap {
	const struct abi *abi;
	const char *name;
	struct syscall_outcome t;
	struct word_list who; /* programs and what they do by it */
	bool conditional;     /* what is called instead has conditions */
	bool hard; /* nothing is called instead, whatever the errno: the older call is a profile's alone */
};

struct traps {
	struct trap trap[TRAPS_MAX];
	size_t count;
	const struct abi *asked; /* whose newer syscalls are known */
	bool *newer;             /* by id: --enosys=table would see to it */
};

static struct trap *find_trap(struct traps *traps, const struct abi *abi, const char *name)
{
	size_t i = 0;

	while (i < traps->count && (traps->trap[i].abi != abi || strcmp(traps->trap[i].name, name) != 0))
		i++;
	if (i == traps->count) {
		assert(i < TRAPS_MAX);
		traps->trap[traps->count++] = (struct trap){.abi = abi, .name = name};
	}
	return &traps->trap[i];
}

static bool is_killed(const struct syscall_outcome *t)
{
	return !outcome_is_errno(t->ret);
}

/* Calls that programs try once and do without after any errno: libuv src/unix/linux.c uv__iou_init(),
 * from 1.45 on. */
static const struct {
	const char *name, *instead, *who;
} probes[] = {
	{"io_uring_setup", "epoll_ctl", "libuv 1.45 and later, as node has it"},
};

static void add_probes(const struct lint *l, struct traps *traps)
{
	const struct abi *abi = l->policy->abi[0];

	for (size_t i = 0; i < countof(probes); i++) {
		struct syscall_outcome t = outcome_of_name(l, abi, probes[i].name);
		bool partly;
		if (t.how != OUTCOME_REFUSED || t.unlike || !is_killed(&t) ||
			!program_may(l, abi, probes[i].instead, &partly))
			continue;
		struct trap *trap = find_trap(traps, abi, probes[i].name);
		trap->t = t;
		word_list_add(&trap->who, probes[i].who);
	}
}

/* Is the call there on the node's own ABI, and made for the same purpose? Then it is by the same rule, and told. */
static bool is_told(const struct lint *l, const struct abi *own, const struct program_call *call)
{
	if (outcome_of(l, own, call->id).how == OUTCOME_ABSENT)
		return false;
	for (const struct program_call *one = program_calls(); one->name[0]; one++) {
		if (one->work == call->work && program_is_of(program_at(one->program), own) && one->id == call->id)
			return true;
	}
	return false;
}

static void add_traps(const struct lint *l, const struct abi *abi, struct traps *traps)
{
	const struct abi *own = l->policy->abi[0];

	for (const struct program_call *call = program_calls(); call->name[0]; call++) {
		bool partly;
		if (!program_is_of(program_at(call->program), abi) || !program_call_traps(l, abi, call, &partly))
			continue;
		if (abi != own && is_told(l, own, call))
			continue;
		struct trap *trap = find_trap(traps, abi, call->name);
		trap->t = outcome_of(l, abi, call->id);
		trap->conditional |= partly;
		trap->hard |= !call->enosys;
		word_list_add(&trap->who,
			buf_print(l->arena, "%s (%s)", program_work_words(call->work),
				program_at(call->program)->title));
	}
}

/* Would --enosys=table see to it? */
static bool table_helps(const struct lint *l, struct traps *traps, const struct trap *trap)
{
	uint16_t id;

	if (traps->asked != trap->abi) {
		struct ruleset set = *l->set;
		set.enosys = ENOSYS_TABLE;
		enosys_newer(&set, trap->abi, traps->newer);
		traps->asked = trap->abi;
	}
	return arch_syscall_find(trap->name, strlen(trap->name), &id) && traps->newer[id];
}

static void note_user(const struct lint *l, const struct trap *trap)
{
	const char *on = trap->abi == l->policy->abi[0] ? "" : " on ", *abi = *on ? trap->abi->name : "";
	const char *add = trap->hard ? "; add it, there is no other way for them" : "";
	struct since since = {0};
	uint16_t id;

	if (arch_syscall_find(trap->name, strlen(trap->name), &id) && arch_since(trap->abi, id, &since) &&
		since.major > 2)
		diag_note(l->diags, NOWHERE, 1, "%s%s%s, %s Linux %u.%u: %s%s", trap->name, on, abi,
			since_word(since), since.major, since.minor, word_list_text(l->arena, &trap->who),
			add);
	else
		diag_note(l->diags, NOWHERE, 1, "%s%s%s: %s%s", trap->name, on, abi,
			word_list_text(l->arena, &trap->who), add);
}

/* All that one place refuses are one finding. */
static void report(const struct lint *l, struct traps *traps, size_t first)
{
	const struct trap *at = &traps->trap[first];
	struct word_list names = {.count = 0}, helped = {.count = 0};
	bool conditional = false, hard = false;

	for (size_t i = first; i < traps->count; i++) {
		if (traps->trap[i].t.at != at->t.at)
			continue;
		word_list_add(&names, traps->trap[i].name);
		hard |= traps->trap[i].hard;
		if (!traps->trap[i].hard && table_helps(l, traps, &traps->trap[i]))
			word_list_add(&helped, traps->trap[i].name);
	}
	const char *them = names.count == 1 ? "it" : "them";
	diag(l->diags, DIAG_ERRNO_TRAP, at->t.at, outcome_len(l, at->t.at),
		is_killed(&at->t) ? "%s answered with %s: programs that only try %s end there, and on ENOSYS "
				    "take another call"
			: hard	  ? "%s answered with %s: programs that call %s today fail"
				  : "%s answered with %s: programs that try %s take the older call on ENOSYS "
				 "alone, and fail",
		word_list_text(l->arena, &names), outcome_words(l, at->t.ret), them);
	for (size_t i = first; i < traps->count; i++) {
		if (traps->trap[i].t.at != at->t.at)
			continue;
		note_user(l, &traps->trap[i]);
		conditional |= traps->trap[i].conditional;
	}
	diag_note(l->diags, NOWHERE, 1, "%s: \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": %u",
		conditional ? "where the older call has conditions answer ENOSYS, allow the others"
			    : "allow what the older call is allowed, or answer ENOSYS",
		(unsigned)l->node->native->enosys);
	if (helped.count)
		diag_note(l->diags, NOWHERE, 1, "--enosys=table of compile and resolve does it for %s",
			word_list_text(l->arena, &helped));
}

void lint_errnos(const struct lint *l)
{
	struct traps *traps = arena_alloc(l->arena, 1, sizeof(*traps));

	traps->newer = arena_alloc(l->arena, arch_syscall_count(), sizeof(*traps->newer));
	for (size_t i = 0; i < l->policy->abis; i++)
		add_traps(l, l->policy->abi[i], traps);
	add_probes(l, traps);
	for (size_t i = 0; i < traps->count; i++) {
		size_t k = 0;
		while (traps->trap[k].t.at != traps->trap[i].t.at)
			k++;
		if (k == i)
			report(l, traps, i);
	}
}
