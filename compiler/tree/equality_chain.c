/* The likeliest first is best: it is what every later test is spared. */

#include "equality_chain.h"

/*
 * A value of place n, counted from 0, meets n + 1 tests, and everything that is not a value meets
 * all of them.
 */
bool peel_add(struct peel *p, size_t at)
{
	const struct run *r = &p->run[at];
	size_t place = p->count;
	uint64_t behind = p->rest; /* what the new test comes in front of */

	if (r->child == p->child) {
		p->rest += r->weight;
		p->tests += r->weight * p->count;
		return true;
	}
	if (r->first != r->last || p->count == PEEL_MAX)
		return false;
	for (; place && p->run[p->value[place - 1]].weight < r->weight; place--) {
		p->value[place] = p->value[place - 1];
		behind += p->run[p->value[place]].weight;
	}
	p->value[place] = (uint16_t)at;
	p->count++;
	p->tests += r->weight * (place + 1) + behind;
	return true;
}

uint64_t peel_missed(const struct peel *p)
{
	uint64_t missed = 0, behind = p->rest; /* what comes to all tests from here on */

	for (size_t place = p->count; place-- > 0;) {
		uint64_t weight = p->run[p->value[place]].weight;
		missed += weight < behind ? weight : behind;
		behind += weight;
	}
	return missed;
}

bool peel_find(
	struct peel *best, const struct run *run, size_t from, size_t to, const struct price *price)
{
	bool found = false;

	for (size_t label = from; label <= from + 1;
		label++) { /* neighbours differ: it is one of these */
		struct peel p = {.run = run, .child = run[label].child};
		size_t at = from;
		while (at <= to && peel_add(&p, at))
			at++;
		if (at <= to || (found && peel_cost(&p, price) >= peel_cost(best, price)))
			continue;
		*best = p;
		found = true;
	}
	return found;
}
