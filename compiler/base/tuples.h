#ifndef COMPILER_BASE_TUPLES_H
#define COMPILER_BASE_TUPLES_H

/* Equal tuples of `width` words are one tuple: comparing what is in two becomes comparing indices.
 */

#include "slots.h"

#include <stdint.h>

struct tuples {
	struct arena *arena;
	uint32_t width;
	uint32_t *word; /* all tuples, one behind the other */
	uint32_t count, room, expected;
	struct slots slots;
};

/* With room for as many as are expected, which may be 0. */
void tuples_init(struct tuples *, struct arena *, uint32_t width, size_t expected);

/* The index of the tuple; that of the next new one is the count. */
uint32_t tuples_index(struct tuples *, const uint32_t *tuple);

/* The tuple at an index, until the next call of tuples_index(). */
const uint32_t *tuples_at(const struct tuples *, uint32_t index);

#endif
