#ifndef TOOLS_VERBS_LAYOUT_OPTIONS_H
#define TOOLS_VERBS_LAYOUT_OPTIONS_H

/* What -O, --freq, --target-kernel, --max-path and --mispredict say, for every verb that compiles. */

#include "../cli/options.h"

#include "../../compiler/tree/layout.h"

struct layout_options {
	const char *objective, *freq, *kernel, *max_path, *miss; /* as given, NULL: not */
	bool follow; /* words of the frequency file are shown wherever links lead */
};

/* EXIT_DONE, or what to exit with; the message is printed. */
int layout_read(struct layout *, struct arena *, const struct verb *, const struct layout_options *);

#define LAYOUT_ROW_O {'O', "optimise", "WHAT", "size, uniform or mix; default: kernels of today"}
#define LAYOUT_ROW_FREQ {0, "freq", "FILE", "how often syscalls are made: lines 'name count'"}
#define LAYOUT_ROW_KERNEL                                                                                 \
	{0, "target-kernel", "X.Y", "kernel to be fast on; from 5.11 on only uncached calls count"}
#define LAYOUT_ROW_PATH {0, "max-path", "N", "execute N instructions at most on any call"}
#define LAYOUT_ROW_MISS {0, "mispredict", "N", "a jump against the odds counts N instructions; default 0"}

#endif
