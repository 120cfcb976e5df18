/*
 * In: events, policies. Out: verdicts and groups. Of most syscalls no rule looks at an argument: what
 * they come to is looked up once, and arguments are read for the others alone.
 */

#include "judge.h"

#include "../../compiler/base/base.h"
#include "../../compiler/kernel/action.h"

#include <stdio.h>
#include <string.h>

void judge_init(struct judge *j, struct arena *arena)
{
	*j = (struct judge){.arena = arena, .tail = NULL};
	j->number = arena_alloc(arena, arch_abi_count, sizeof(struct number *));
}

/* --- syscalls --- */

static void fill(const struct judge *j, struct number *n, const struct event *e)
{
	const struct clause *open;
	const struct seen nothing = {.value = {0}};

	*n = (struct number){.filled = true, .has_nr = e->has_nr, .nr = e->nr, .plain = true};
	n->has_door = e->has_id && arch_multiplexer(e->abi, e->id, &n->door, &n->code);
	if (n->has_door && e->by_number) {
		n->has_nr = e->nr != n->door;
		n->has_door = !n->has_nr;
	}
	n->plain = n->has_nr && !n->has_door;
	for (size_t p = 0; p < j->policies; p++) {
		uint64_t looked[CALL_ARGS];
		const struct clause *clause =
			partly_decide(j->policy[p], e->abi->audit, n->nr, &nothing, &open);
		n->plain = n->plain && clause;
		n->verdict[p] = (struct verdict){clause != NULL, clause ? clause->ret : 0};
		partly_looked(j->policy[p], e->abi->audit, n->nr, looked);
		for (unsigned arg = 0; arg < CALL_ARGS; arg++)
			n->looked[arg] |= looked[arg];
	}
}

/* NULL: there is no such call. */
static struct number *find_number(struct judge *j, const struct event *e)
{
	struct number *n;

	if (!e->abi || (!e->has_nr && !e->has_id))
		return NULL;
	size_t abi = (size_t)(e->abi - arch_abis);
	if (e->has_id && !(e->by_number && e->abi->multiplexed)) {
		if (!j->number[abi])
			j->number[abi] = arena_alloc(j->arena, arch_syscall_count(), sizeof(*n));
		n = &j->number[abi][e->id];
	} else {
		n = &j->odd;
		n->filled = false;
	}
	if (!n->filled)
		fill(j, n, e);
	return n->has_nr || n->has_door ? n : NULL;
}

/* --- verdicts --- */

static struct verdict decide(
	const struct policy *p, const struct abi *abi, uint32_t nr, const struct seen *seen)
{
	const struct clause *open, *clause = partly_decide(p, abi->audit, nr, seen, &open);

	return (struct verdict){clause != NULL, clause ? clause->ret : 0};
}

static struct seen read_args(const struct event *e)
{
	struct event_args args;
	struct seen seen;

	event_args(e, &args);
	memcpy(seen.value, args.value, sizeof(seen.value));
	memcpy(seen.known, args.known, sizeof(seen.known));
	return seen;
}

/* By its own number, through the multiplexer, or, where nobody knows which, the same by both. */
static struct verdict decide_number(
	const struct policy *p, const struct event *e, const struct number *n, const struct seen *seen)
{
	struct seen selected = {.value = {n->code}, .known = {UINT64_MAX}};
	struct verdict own = {false, 0}, other = {false, 0};

	if (n->has_nr)
		own = decide(p, e->abi, n->nr, seen);
	if (n->has_door)
		other = decide(p, e->abi, n->door, &selected);
	if (!n->has_door)
		return own;
	if (!n->has_nr || (own.decided && other.decided && own.ret == other.ret))
		return other;
	return (struct verdict){false, 0};
}

void judge_event(struct judge *j, const struct event *e, struct verdict verdict[JUDGE_MAX])
{
	const struct number *n = find_number(j, e);

	j->calls += e->count;
	memset(verdict, 0, JUDGE_MAX * sizeof(*verdict));
	if (!n)
		return;
	if (n->plain) {
		memcpy(verdict, n->verdict, sizeof(n->verdict));
		return;
	}
	const struct seen seen = read_args(e);
	for (size_t p = 0; p < j->policies; p++)
		verdict[p] = decide_number(j->policy[p], e, n, &seen);
}

bool judge_lets(const struct verdict *v)
{
	uint32_t action = RET_ACTION(v->ret);

	return v->decided && (action == RET_ALLOW || action == action_ret(ACTION_LOG, 0));
}

bool judge_alike(struct judge *j, const struct event *e)
{
	const struct number *n = find_number(j, e);
	uint32_t arch = n ? e->abi->audit : 0;

	return n && (!n->has_nr || partly_alike(j->policy[0], j->policy[1], arch, n->nr)) &&
		(!n->has_door || partly_alike(j->policy[0], j->policy[1], arch, n->door));
}

bool judge_is_plain(struct judge *j, const struct event *e)
{
	const struct number *n = find_number(j, e);
	bool plain = n && n->plain;

	for (size_t p = 0; p < j->policies; p++)
		plain = plain && judge_lets(&n->verdict[p]);
	return plain;
}

bool judge_agrees(const struct verdict *v, enum event_answer answer, bool has_error, uint16_t error)
{
	enum action action = ACTION_KILL_PROCESS;

	action_of(v->ret, &action);
	switch (answer) {
	case ANSWER_UNSAID:
		return true;
	case ANSWER_DONE:
		return judge_lets(v) || action == ACTION_NOTIFY || action == ACTION_TRACE ||
			(action == ACTION_ERRNO && !RET_DATA(v->ret));
	case ANSWER_ERROR:
		return judge_lets(v) || action == ACTION_NOTIFY || action == ACTION_TRACE ||
			(action == ACTION_ERRNO && has_error && RET_DATA(v->ret) == error);
	case ANSWER_FAILED:
		return judge_lets(v) || action == ACTION_NOTIFY || action == ACTION_TRACE ||
			(action == ACTION_ERRNO && RET_DATA(v->ret));
	case ANSWER_REFUSED:
		return action == ACTION_ERRNO;
	case ANSWER_KILLED: /* a trap that nobody catches ends the process, too */
		return action == ACTION_KILL_PROCESS || action == ACTION_KILL_THREAD || action == ACTION_TRAP;
	case ANSWER_TRAPPED:
		return action == ACTION_TRAP;
	case ANSWER_TRACED:
		return action == ACTION_TRACE;
	case ANSWER_NOTIFIED:
		return action == ACTION_NOTIFY;
	case ANSWER_LOGGED:
		return action == ACTION_LOG;
	case ANSWERS:
		break;
	}
	return false;
}

/* --- groups --- */

static uint64_t hash_of(const struct group *g)
{
	uint64_t hash = hash_mix((uint64_t)(g->abi ? g->abi - arch_abis + 1 : 0), g->has_nr ? g->nr : g->id);

	hash = hash_mix(hash, (uint64_t)g->answer << 20 | (uint64_t)g->others << 17 | g->error);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		hash = hash_mix(hash, g->seen.value[arg] + 31 * g->seen.known[arg]);
	return hash;
}

static bool same_verdicts(const struct group *a, const struct group *b)
{
	for (size_t p = 0; p < JUDGE_MAX; p++) {
		if (a->verdict[p].decided != b->verdict[p].decided || a->verdict[p].ret != b->verdict[p].ret)
			return false;
	}
	return true;
}

static bool same(const struct group *a, const struct group *b)
{
	return a->abi == b->abi && a->has_nr == b->has_nr && a->nr == b->nr && a->has_id == b->has_id &&
		a->id == b->id && a->others == b->others && a->answer == b->answer &&
		a->has_error == b->has_error && a->error == b->error && same_verdicts(a, b) &&
		memcmp(&a->seen, &b->seen, sizeof(a->seen)) == 0;
}

static struct group *find_group(const struct judge *j, const struct group *key, uint64_t hash)
{
	struct group *g = j->bucket[hash % 1024];

	while (g && !same(g, key))
		g = g->chain;
	return g;
}

static void keep_text(char *to, size_t room, const char *text, size_t len)
{
	snprintf(to, room, "%.*s", (int)(len < room ? len : room - 1), text);
}

static void first_of(struct group *g, const struct event *e)
{
	g->path = e->path;
	g->at = e->at;
	if (!e->hidden)
		keep_text(g->line, sizeof(g->line), e->line, e->line_len);
	if (e->answer == ANSWER_ERROR && !e->hidden)
		keep_text(g->error_word, sizeof(g->error_word), e->error, e->error_len);
	if (!e->hidden && e->comm)
		keep_text(g->comm, sizeof(g->comm), e->comm, e->comm_len);
}

/* What an event's group is told by; the arguments as far as they count. */
static struct group key_of(const struct event *e, const struct number *n, const struct verdict *verdict)
{
	struct group key = {.abi = n ? e->abi : NULL,
		.has_nr = e->has_nr,
		.has_id = e->has_id,
		.nr = e->nr,
		.id = e->id,
		.answer = e->answer};

	if (e->answer == ANSWER_ERROR)
		key.has_error = event_errno(e, e->error, e->error_len, &key.error);
	memcpy(key.verdict, verdict, sizeof(key.verdict));
	if (!n || n->plain)
		return key;
	const struct seen seen = read_args(e);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		key.seen.known[arg] = seen.known[arg] & n->looked[arg];
		key.seen.value[arg] = seen.value[arg] & n->looked[arg];
	}
	return key;
}

struct group *judge_group(struct judge *j, const struct event *e, const struct verdict verdict[JUDGE_MAX])
{
	struct number *n = find_number(j, e);
	struct group key = key_of(e, n, verdict);
	uint64_t hash = hash_of(&key);
	struct group *g = find_group(j, &key, hash);

	if (!g && n && n->groups >= JUDGE_VALUES && !n->plain) {
		key.seen = (struct seen){.value = {0}};
		key.others = true;
		hash = hash_of(&key);
		g = find_group(j, &key, hash);
	}
	if (!g && j->groups == JUDGE_GROUPS) {
		j->beyond += e->count;
		return NULL;
	}
	if (!g) {
		g = arena_alloc(j->arena, 1, sizeof(*g));
		*g = key;
		g->chain = j->bucket[hash % 1024];
		j->bucket[hash % 1024] = g;
		g->next = NULL;
		*(j->tail ? j->tail : &j->first) = g;
		j->tail = &g->next;
		j->groups++;
		if (n)
			n->groups++;
		first_of(g, e);
		g->no_args = e->form == ARGS_NONE;
		g->by_name = !e->by_number;
		g->shown = read_args(e);
	}
	g->count += e->count;
	return g;
}
