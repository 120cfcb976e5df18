#ifndef COMPILER_LOGIC_COMBINE_H
#define COMPILER_LOGIC_COMBINE_H

/* Two functions become one, value by value. */

#include "bdd.h"

/* For every call the value that `op` makes of both functions' values. */
uint32_t combine(struct bdd *, uint32_t f, uint32_t g, uint64_t (*op)(uint64_t f, uint64_t g));

/* Boolean: has the function that value? */
uint32_t combine_is(struct bdd *, uint32_t f, uint64_t value);

#endif
