#ifndef COMPILER_SYNTHESIS_CUBES_H
#define COMPILER_SYNTHESIS_CUBES_H

/* Regions of arguments as equalities under masks. */

#include "../kernel/call.h"
#include "../logic/bdd.h"

#include <stddef.h>

/* The calls for which (args[i] & mask.args[i]) == value.args[i] for all i. */
struct cube {
	struct call mask, value;
};

struct cubes {
	struct cube *cube; /* room for `most` */
	size_t count, most;
};

/*
 * Cubes that hold all calls of `least` and none but those of `most`, boolean functions of arguments of which
 * the first implies the second; none of them can be left out. False: they are more than cubes->most, or
 * take more than CUBE_STEPS.
 */
#define CUBE_STEPS (1u << 13)
bool cubes_find(struct bdd *, uint32_t least, uint32_t most, struct cubes *);

#endif
