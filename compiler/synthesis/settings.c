/* Flags are sets of four, of which absence is one more spelling; a listener is one side's or the same on all. */

#include "settings.h"

#include <string.h>

static const char *const flag_names[] = {"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"};
#define SPEC_ALLOW    (1u << 2)
#define WAIT_KILLABLE (1u << 3)

/* Absent is SPEC_ALLOW: runc and crun put it there. */
static unsigned flags_of(const struct profile *p)
{
	unsigned set = p->flags.present ? 0 : SPEC_ALLOW;

	for (size_t i = 0; i < p->flags.count; i++) {
		for (unsigned f = 0; f < countof(flag_names); f++)
			set |= text_is(&p->flags.text[i], flag_names[f]) ? 1u << f : 0;
	}
	return set;
}

static void merge_flags(struct arena *arena, enum stacked how, const struct settings_side *side, size_t sides,
	struct profile *to)
{
	struct text *text = arena_alloc(arena, countof(flag_names), sizeof(*text));
	unsigned any = 0, all = UINT32_MAX;

	for (size_t i = 0; i < sides; i++) {
		to->flags.present |= side[i].profile->flags.present;
		any |= flags_of(side[i].profile);
		all &= flags_of(side[i].profile);
	}
	if (!to->flags.present)
		return;
	unsigned kept = how == STACK_STRICTEST ? any & ~(SPEC_ALLOW & ~all) : any;
	if (!to->listens)
		kept &= ~WAIT_KILLABLE; /* the kernel takes it for a listener alone, and crun then gives up all flags */
	for (unsigned f = 0; f < countof(flag_names); f++) {
		if (kept & 1u << f)
			text[to->flags.count++] =
				(struct text){.s = flag_names[f], .len = (uint32_t)strlen(flag_names[f])};
	}
	to->flags.text = text;
}

static bool same_text(const struct text *a, const struct text *b)
{
	return a->len == b->len && (!a->len || memcmp(a->s, b->s, a->len) == 0);
}

static bool same_listener(const struct profile *a, const struct profile *b)
{
	return same_text(&a->listener_path, &b->listener_path) &&
		same_text(&a->listener_metadata, &b->listener_metadata);
}

/* The side whose listener is the result's; NULL: none has one. */
static const struct settings_side *find_listener(const struct settings_side *side, size_t sides)
{
	for (size_t i = 0; i < sides; i++) {
		if (side[i].profile->listens && side[i].notifies)
			return &side[i];
	}
	return NULL;
}

static bool merge_listener(const struct settings_side *side, size_t sides, struct diags *diags, struct profile *to)
{
	const struct settings_side *one = find_listener(side, sides);

	for (size_t i = 0; i < sides && one; i++) {
		const struct profile *p = side[i].profile;
		if (!side[i].notifies || same_listener(p, one->profile))
			continue;
		return diag(diags, DIAG_LISTENERS, NOWHERE, 1,
			"%s has SCMP_ACT_NOTIFY and %s, %s another: one filter has one listener", side[i].name,
			p->listens ? "a listener" : "no listener", one->name);
	}
	if (one) {
		to->listener_path = one->profile->listener_path;
		to->listener_metadata = one->profile->listener_metadata;
		to->listens = true;
	}
	return true;
}

bool settings_merge(struct arena *arena, enum stacked how, const struct settings_side *side, size_t sides,
	bool notifies, struct diags *diags, struct profile *to)
{
	*to = (struct profile){.flags = {.present = false}};
	bool ok = !notifies || merge_listener(side, sides, diags, to);
	merge_flags(arena, how, side, sides, to);
	return ok;
}
