#ifndef BENCH_PLOT_H
#define BENCH_PLOT_H

/* Lines over a grid, as SVG. */

#include "../compiler/base/buf.h"

#include <stdbool.h>

#define PLOT_SERIES 8
#define PLOT_POINTS 32

struct series {
	const char *name;
	double x[PLOT_POINTS], y[PLOT_POINTS];
	size_t points;
	const char *end; /* why there are no more, beside the last; may be NULL */
	unsigned colour; /* 0..PLOT_SERIES-1; those of one colour belong together */
	bool dashed;
};

struct plot {
	const char *title, *subtitle;
	const char *x_name, *y_name;
	bool log_x, log_y; /* a logarithmic axis; values are positive */
	double limit;      /* a line across, 0: none */
	const char *limit_name;
	struct series series[PLOT_SERIES];
	size_t count;
};

/* One more, of a colour of its own. */
struct series *plot_series(struct plot *, const char *name);
void series_add(struct series *, double x, double y);

void plot_svg(struct buf *, const struct plot *);

/* To DIRECTORY/NAME.svg; nothing for no directory. False: a message was printed. */
bool plot_write(struct arena *, const char *directory, const char *name, const struct plot *);

#endif
