/*
 * Minato's way from a diagram to an irredundant sum of products: what holds only where a bit is 0, and what
 * holds only where it is 1, needs that bit; the rest is left to cubes that do not ask for it. The depth is
 * the bits of six arguments.
 */

#include "cubes.h"

#include "../base/base.h"
#include "../logic/meaning.h"

struct search {
	struct bdd *bdd;
	struct cubes *cubes;
	struct cube at; /* the bits decided on the way down */
	uint32_t steps;
	bool failed;
};

static uint32_t but(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, g, BDD_FALSE, f);
}

static uint32_t and_(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, g, BDD_FALSE);
}

static uint32_t or_(struct bdd *b, uint32_t f, uint32_t g)
{
	return bdd_ite(b, f, BDD_TRUE, g);
}

static uint32_t take(struct search *s)
{
	if (s->cubes->count == s->cubes->most)
		s->failed = true;
	else
		s->cubes->cube[s->cubes->count++] = s->at;
	return BDD_TRUE;
}

static uint32_t find(struct search *s, uint32_t least, uint32_t most);

/* The cubes that ask for the bit, and have that value there. */
static uint32_t find_half(struct search *s, uint32_t var, bool one, uint32_t least, uint32_t most)
{
	struct cube outer = s->at;

	meaning_set(&s->at.mask, var);
	if (one)
		meaning_set(&s->at.value, var);
	uint32_t found = find(s, least, most);
	s->at = outer;
	return found;
}

/* What the cubes found hold. */
static uint32_t find(struct search *s, uint32_t least, uint32_t most)
{
	struct bdd *b = s->bdd;

	if (least == BDD_FALSE || s->failed)
		return BDD_FALSE;
	if (most == BDD_TRUE)
		return take(s);
	if (b->full || !s->steps--) {
		s->failed = true;
		return BDD_FALSE;
	}
	uint32_t var = bdd_first(b, least, most);
	uint32_t least0 = bdd_given(b, least, var, false), least1 = bdd_given(b, least, var, true);
	uint32_t most0 = bdd_given(b, most, var, false), most1 = bdd_given(b, most, var, true);
	uint32_t zero = find_half(s, var, false, but(b, least0, most1), most0);
	uint32_t one = find_half(s, var, true, but(b, least1, most0), most1);
	uint32_t rest = or_(b, but(b, least0, zero), but(b, least1, one));
	uint32_t any = find(s, rest, and_(b, most0, most1));
	return bdd_node(b, var, or_(b, zero, any), or_(b, one, any));
}

bool cubes_find(struct bdd *b, uint32_t least, uint32_t most, struct cubes *cubes)
{
	struct search s = {.bdd = b, .cubes = cubes, .steps = CUBE_STEPS};

	cubes->count = 0;
	uint32_t found = find(&s, least, most);
	if (s.failed || b->full)
		return false;
	assert(but(b, least, found) == BDD_FALSE && but(b, found, most) == BDD_FALSE);
	(void)found;
	return true;
}
