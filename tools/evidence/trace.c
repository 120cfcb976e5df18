/* Events in, counts out. */

#include "trace.h"

#include "../cli/message.h"
#include "../cli/options.h"

#include "../../compiler/tree/layout.h"

static bool count(void *context, const struct event *e)
{
	struct trace *t = context;

	if (e->has_id)
		t->count[e->id] += e->count;
	return true;
}

void trace_init(struct trace *t, struct arena *arena)
{
	evidence_init(&t->evidence, arena, count, t);
	t->count = arena_alloc(arena, arch_syscall_count(), sizeof(*t->count));
}

static bool any_named(const struct trace *t)
{
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		if (t->count[i] > 0)
			return true;
	}
	return false;
}

int trace_read(struct trace *t, const char *path, bool follow)
{
	t->evidence.follow = follow;
	int status = evidence_read(&t->evidence, path);

	if (!status && !any_named(t)) {
		evidence_tell(&t->evidence);
		message("%s: no syscall was found in it", path);
		return EXIT_INPUT;
	}
	return status;
}

#define COUNTED 1e12 /* all calls together, within what layout_shares() takes */

const uint32_t *trace_shares(const struct trace *t)
{
	struct arena *arena = t->evidence.arena;
	uint64_t *whole = arena_alloc(arena, arch_syscall_count(), sizeof(*whole));
	double total = 0;

	for (size_t i = 0; i < arch_syscall_count(); i++)
		total += t->count[i];
	for (size_t i = 0; i < arch_syscall_count() && total > 0; i++)
		whole[i] = (uint64_t)(t->count[i] / total * COUNTED);
	return layout_shares(arena, whole);
}
