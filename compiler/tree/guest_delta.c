/*
 * Both halves are walked side by side, cut wherever either changes. A stretch where both agree leads to
 * the node that clears the bit; where they agree on the way of the stretch before it, that one is
 * prolonged, since a boundary saved is a test saved.
 */

#include "guest_delta.h"

/* The runs within first..last, cut to it. */
static size_t cut_runs(const struct run *run, size_t runs, uint32_t first, uint32_t last, struct run *out)
{
	size_t n = 0;

	for (size_t i = 0; i < runs; i++) {
		struct run r = run[i];
		if (r.last < first || r.first > last)
			continue;
		r.first = r.first < first ? first : r.first;
		r.last = r.last > last ? last : r.last;
		out[n++] = r;
	}
	return n;
}

uint32_t guest_delta_build(struct graph *g, unsigned word, const struct run *run, size_t runs, uint32_t guest,
	const struct search_goal *goal)
{
	struct run *host = arena_alloc(g->arena, runs + 1, sizeof(*host));
	struct run *other = arena_alloc(g->arena, runs + 1, sizeof(*other));
	struct run *out = arena_alloc(g->arena, 2 * runs + 2, sizeof(*out));
	size_t hosts = cut_runs(run, runs, 0, guest - 1, host);
	size_t others = cut_runs(run, runs, guest, UINT32_MAX, other);
	size_t n = 0, h = 0;

	host[hosts - 1].last = UINT32_MAX; /* the guest is told apart before */
	uint32_t tree = search_build(g, word, host, hosts, goal, NULL);
	uint32_t same = graph_clear(g, word, ~guest, tree);
	for (size_t i = 0; i < others;) {
		uint32_t end = host[h].last < UINT32_MAX - guest ? host[h].last + guest : UINT32_MAX;
		struct run r = other[i];
		r.first = n ? out[n - 1].last + 1 : guest;
		r.last = r.last < end ? r.last : end;
		bool agree = other[i].child == host[h].child;
		if (agree && !(n && out[n - 1].child == r.child))
			r.child = same;
		run_append(out, &n, &r);
		i += r.last == other[i].last;
		h += r.last == end && h + 1 < hosts;
	}
	out[0].first = 0; /* nothing below arrives */
	uint32_t guests = search_build(g, word, out, n, goal, NULL);
	return graph_test(g, word, UINT32_MAX, TEST_GE, guest, guests, tree);
}
