/* The likeliest first is best: it is what every later test is spared. */

#include "peel.h"

bool peel_add(struct peel *p, size_t at)
{
	const struct run *r = &p->run[at];
	size_t place = p->count;

	p->weight += r->weight;
	if (r->child == p->child)
		return true;
	if (r->first != r->last || p->count == PEEL_MAX)
		return false;
	for (; place && p->run[p->value[place - 1]].weight < r->weight; place--)
		p->value[place] = p->value[place - 1];
	p->value[place] = (uint16_t)at;
	p->count++;
	return true;
}

uint64_t peel_cost(const struct peel *p, uint64_t size)
{
	uint64_t cost = 0, arriving = p->weight;

	for (size_t i = 0; i < p->count; i++) {
		cost += arriving + size;
		arriving -= p->run[p->value[i]].weight;
	}
	return cost;
}

bool peel_find(struct peel *best, const struct run *run, size_t from, size_t to, uint64_t size)
{
	bool found = false;

	for (size_t label = from; label <= from + 1;
		label++) { /* neighbours differ: it is one of these */
		struct peel p = {.run = run, .child = run[label].child};
		size_t at = from;
		while (at <= to && peel_add(&p, at))
			at++;
		if (at <= to || (found && peel_cost(&p, size) >= peel_cost(best, size)))
			continue;
		*best = p;
		found = true;
	}
	return found;
}
