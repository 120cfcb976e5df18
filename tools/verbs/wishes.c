#include "wishes.h"

#include "../cli/message.h"
#include "../cli/side.h"

#include "../../compiler/kernel/action.h"

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
	*source = (struct source){.name = buf_print(w->arena, "--%s", option_name(option)), .bytes = text, .len = strlen(text)};
	if (!assertion_calls(w->arena, source, like, option == OPT_ERRNO, &list, &count))
		return false;
	add(w, source, list, count);
	return true;
}

int wishes_read(struct wishes *w, struct arena *arena, const struct parsed *p)
{
	static const struct assertion allow = {.claim = CLAIM_ACTION, .action = ACTION_ALLOW};
	static const struct assertion deny = {.claim = CLAIM_DENY, .action = ACTION_ERRNO};
	static const struct assertion fail = {.claim = CLAIM_ACTION, .action = ACTION_ERRNO};

	*w = (struct wishes){.arena = arena, .parsed = p};
	if (!read_option(w, OPT_ALLOW, &allow) || !read_option(w, OPT_DENY, &deny) || !read_option(w, OPT_ERRNO, &fail))
		return EXIT_USAGE;
	if (!w->count)
		return usage(p->verb, "one of --allow, --deny and --errno says what is to be otherwise");
	return EXIT_DONE;
}

/* --- meaning --- */

static struct derive_claim claim_of(const struct assertion *a, const struct abi *abi)
{
	const uint8_t refuses = 1u << ACTION_KILL_PROCESS | 1u << ACTION_KILL_THREAD | 1u << ACTION_TRAP | 1u << ACTION_ERRNO;
	uint16_t data = a->has_data ? assertion_data(a, abi) : 1; /* EPERM */

	switch (a->claim) {
	case CLAIM_ALLOW:
		return (struct derive_claim){1u << ACTION_ALLOW | 1u << ACTION_LOG, RET_ALLOW, false};
	case CLAIM_DENY:
		return (struct derive_claim){refuses, action_ret(ACTION_ERRNO, 1), false};
	case CLAIM_KILL:
		return (struct derive_claim){
			1u << ACTION_KILL_PROCESS | 1u << ACTION_KILL_THREAD, RET_KILL_THREAD, false};
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
	if (!assertion_fits(a, abi, w->source))
		return false;
	on->meant = true;
	on->claim = claim_of(a, abi);
	for (unsigned i = 0; i < a->args; i++) {
		if (!a->arg[i].any)
			on->cond[on->conds++] = assertion_cond(a, abi, i);
	}
	qsort(on->cond, on->conds, sizeof(*on->cond), by_place);
	if (a->has_data && a->action == ACTION_ERRNO && RET_DATA(on->claim.ret) > ERRNO_LAST) {
		assertion_error(w->source, a->start, "no runtime takes an errno above %d", ERRNO_LAST);
		return false;
	}
	return true;
}

static bool make(const struct wishes *w, const struct derive *d, const struct wished *wished, struct derive_wish *wish)
{
	struct derive_on *on = arena_alloc(w->arena, arch_abi_count, sizeof(*on));

	for (size_t i = 0; i < d->views; i++) {
		const struct policy *p = d->view[i].before;
		for (size_t a = 0; a < p->abis; a++) {
			if (!make_on(wished, p->abi[a], &on[p->abi[a] - arch_abis]))
				return false;
		}
	}
	*wish = (struct derive_wish){wished->assertion.syscall, on};
	return true;
}

static int contradict(const struct wishes *w, size_t one, size_t other, const struct call *call)
{
	const struct wished *a = &w->wished[one], *b = &w->wished[other];
	uint32_t line, column;
	struct buf text;

	source_place(a->source, (uint32_t)a->assertion.start, &line, &column);
	buf_init(&text, w->arena);
	call_print(&text, call, 0);
	assertion_error(b->source, b->assertion.start, "contradicts %s:%u:%u: no answer to %s is both", a->source->name,
		line, column, buf_string(&text));
	return EXIT_USAGE;
}

int wishes_make(const struct wishes *w, struct derive *d, struct derive_wish **wish, size_t *count)
{
	size_t one, other;
	struct call call;

	*wish = arena_alloc(w->arena, w->count, sizeof(**wish));
	*count = w->count;
	for (size_t i = 0; i < w->count; i++) {
		if (!make(w, d, &w->wished[i], &(*wish)[i]))
			return EXIT_USAGE;
	}
	if (derive_contradict(d, *wish, *count, &one, &other, &call))
		return contradict(w, one, other, &call);
	return EXIT_DONE;
}
