#ifndef COMPILER_SYNTHESIS_BOXES_H
#define COMPILER_SYNTHESIS_BOXES_H

/* Regions of arguments as rules have them: one condition an argument, all of which hold. */

#include "../logic/bdd.h"
#include "../kernel/call.h"
#include "../profile/profile.h"

#include <stddef.h>

struct box {
	struct profile_cond cond[CALL_ARGS]; /* sorted by argument, none twice */
	size_t conds;
};

/* Boolean, of arguments that have 32 or 64 `bits`: all conditions hold, which are of no argument twice. */
uint32_t boxes_region(struct bdd *, const struct profile_cond *, size_t count, unsigned bits);

#define BOXES_MAX 128 /* KEP-6061 and libseccomp's time set it: rules of one syscall */

struct boxes {
	struct box box[BOXES_MAX];
	size_t count;
};

enum box_style { BOX_ANY, BOX_EQUALITIES /* EQ and MASKED_EQ alone */ };

/*
 * Boxes that hold the calls of `where`, a boolean function of arguments that have 32 or 64 `bits`, and no
 * others; none can be left out, nor a condition of one. False: none were found, or too many.
 */
bool boxes_find(struct bdd *, uint32_t where, unsigned bits, enum box_style, struct boxes *);

#endif
