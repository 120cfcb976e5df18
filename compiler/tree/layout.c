/* The objectives as weights. All are integers, so that a layout is the same on every host. */

#include "layout.h"

#include <string.h>

#define EACH_UNIFORM 4096u /* an allowed syscall, where all count alike */
#define EACH_ALLOWED 8u    /* beside measured shares, so that no call is forgotten */
#define EACH_REFUSED 8u    /* refusals matter more than their measured share */
#define EACH_CACHED  12u   /* a call the bitmap answers: one walk when installed, and other stacks */
#define EACH_WALKED  2u    /* the walk alone */
#define CACHED_PART  256u  /* of its share, for stacks and kernels without the bitmap */
#define TEST_STORED  192u  /* a test's part in installing: its translation */
#define TEST_LEAST   64u

uint64_t layout_weight(const struct layout *l, const struct abi *abi, uint16_t id, bool allowed)
{
	uint64_t share = l->share ? l->share[id] : 0;
	bool cached = abi->cached && allowed;

	if (abi->guest)
		return 0;
	switch (l->objective) {
	case OBJECTIVE_TODAY:
		return cached ? EACH_CACHED + share / CACHED_PART : share + EACH_REFUSED;
	case OBJECTIVE_BITMAP:
		return cached ? EACH_WALKED : share + EACH_REFUSED;
	case OBJECTIVE_MIX:
		return share + EACH_ALLOWED;
	case OBJECTIVE_UNIFORM:
		return allowed ? EACH_UNIFORM : 0;
	case OBJECTIVE_SIZE:
		return 0;
	}
	__builtin_unreachable();
}

bool layout_is_foreign(const struct layout *l, uint64_t refused)
{
	bool by_mix = l->objective == OBJECTIVE_TODAY || l->objective == OBJECTIVE_BITMAP;

	return by_mix && !l->measured && refused > LAYOUT_UNIT / 2;
}

uint64_t layout_foreign_weight(const struct abi *abi, bool allowed, bool refused)
{
	if (abi->guest)
		return 0;
	return refused ? EACH_REFUSED : allowed && abi->cached ? EACH_CACHED : EACH_UNIFORM;
}

uint64_t layout_size(const struct layout *l)
{
	switch (l->objective) {
	case OBJECTIVE_TODAY:
	case OBJECTIVE_BITMAP:
		return TEST_STORED;
	case OBJECTIVE_MIX:
	case OBJECTIVE_UNIFORM:
		return TEST_LEAST;
	case OBJECTIVE_SIZE:
		return LAYOUT_UNIT;
	}
	__builtin_unreachable();
}

const uint32_t *layout_mix(struct arena *arena)
{
	static const struct {
		char name[24]; /* in place, so that the loader has nothing to relocate */
		uint32_t share;
	} mix[] = {
#define F(name, share) {#name, share},
#include "mix.tbl"
#undef F
	};
	uint32_t *share = arena_alloc(arena, arch_syscall_count(), sizeof(*share));
	uint16_t id;

	for (size_t i = 0; i < sizeof(mix) / sizeof(mix[0]); i++) {
		if (arch_syscall_find(mix[i].name, strlen(mix[i].name), &id))
			share[id] = mix[i].share;
	}
	return share;
}

const uint32_t *layout_shares(struct arena *arena, const uint64_t *count)
{
	uint32_t *share = arena_alloc(arena, arch_syscall_count(), sizeof(*share));
	uint64_t total = 0;

	for (size_t i = 0; i < arch_syscall_count(); i++)
		total += count[i];
	for (size_t i = 0; i < arch_syscall_count() && total; i++)
		share[i] = (uint32_t)(count[i] * LAYOUT_UNIT / total);
	return share;
}
