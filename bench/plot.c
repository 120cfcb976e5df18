/*
 * In: series of points. Out: an SVG of fixed size with axes that begin and end on round values,
 * ticks at powers of ten (1, 2 and 5 of them where there is room) or at round steps, and the
 * series' names at the side in the order of their last values, so that no legend has to be looked
 * up.
 */

#include "plot.h"

#include "../tools/cli/files.h"
#include "../tools/cli/quote.h"

#include <math.h>

#define WIDTH  860
#define HEIGHT 470
#define LEFT   84
#define RIGHT  620 /* names begin behind it */
#define TOP    74
#define BOTTOM 410

/* Distinct to people who are colour-blind, too: Okabe and Ito's, without their yellow. */
static const char *const colours[PLOT_SERIES] = {
	"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555", "#000000"};

struct series *plot_series(struct plot *p, const char *name)
{
	assert(p->count < PLOT_SERIES);
	struct series *s = &p->series[p->count];
	*s = (struct series){.name = name, .colour = (unsigned)p->count++};
	return s;
}

void series_add(struct series *s, double x, double y)
{
	assert(s->points < PLOT_POINTS);
	s->x[s->points] = x;
	s->y[s->points++] = y;
}

/* --- axes --- */

/* From `from` to `to` in the picture: value `low` to `high`. */
struct axis {
	double low, high, from, to;
	bool log;
};

static double place(const struct axis *a, double value)
{
	double part = a->log ? log(value / a->low) / log(a->high / a->low)
			     : (value - a->low) / (a->high - a->low);

	return a->from + part * (a->to - a->from);
}

/* 1, 2 or 5 times a power of ten, at least a value. */
static double round_up(double value)
{
	double power = pow(10, floor(log10(value)));

	for (double step = 1; step <= 5; step *= step == 2 ? 2.5 : 2) {
		if (step * power >= value * 0.999)
			return step * power;
	}
	return 10 * power;
}

static double round_down(double value)
{
	double up = round_up(value);

	return up <= value * 1.001 ? up : round_up(value / 2.6);
}

static double linear_step(const struct axis *a)
{
	return round_up(a->high / 8);
}

static struct axis fit(const struct plot *p, bool x)
{
	struct axis a = {.log = x ? p->log_x : p->log_y,
		.from = x ? LEFT : BOTTOM,
		.to = x ? RIGHT : TOP,
		.low = HUGE_VAL};

	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < p->series[i].points; k++) {
			double value = x ? p->series[i].x[k] : p->series[i].y[k];
			a.low = fmin(a.low, value);
			a.high = fmax(a.high, value);
		}
	}
	if (!x && p->limit > 0)
		a.high = fmax(a.high, p->limit);
	if (a.log) {
		a.low = round_down(a.low);
		a.high = round_up(a.high);
	} else {
		a.low = 0;
		if (!x)
			a.high = ceil(a.high / linear_step(&a)) * linear_step(&a);
	}
	return a;
}

static double next_tick(const struct axis *a, double tick)
{
	if (a->log)
		return round_up(tick * 1.01);
	return tick + linear_step(a);
}

/* --- drawing --- */

static void put_text(struct buf *b, double x, double y, const char *style, const char *text)
{
	buf_printf(b, "<text x='%.1f' y='%.1f' %s>", x, y, style);
	quote_xml(b, text);
	buf_text(b, "</text>\n");
}

static void put_line(struct buf *b, double x, double y, double to_x, double to_y, const char *style)
{
	buf_printf(b, "<path d='M%.1f %.1fL%.1f %.1f' %s/>\n", x, y, to_x, to_y, style);
}

/* "0.05", "200", "20 000" */
static const char *number(struct buf *b, double value)
{
	buf_init(b, b->arena);
	if (value < 10000)
		buf_printf(b, "%g%c", value, 0);
	else
		buf_printf(b, "%g %03d%c", floor(value / 1000), (int)fmod(value, 1000), 0);
	return b->bytes;
}

static bool power_of_ten(double value)
{
	double log = log10(value);

	return fabs(log - round(log)) < 1e-6;
}

static void put_ticks(struct buf *b, const struct axis *a, bool x)
{
	bool dense = a->log && a->high / a->low > 2000; /* powers of ten are enough */
	struct buf text = {.arena = b->arena};

	for (double tick = a->low; tick <= a->high * 1.001; tick = next_tick(a, tick)) {
		double at = place(a, tick);
		bool bare = dense && !power_of_ten(tick);
		const char *style = bare ? "stroke='#f2f2f2'" : "stroke='#ddd'";
		if (x)
			put_line(b, at, TOP, at, BOTTOM, style);
		else
			put_line(b, LEFT, at, RIGHT, at, style);
		if (!bare && x)
			put_text(b, at, BOTTOM + 18, "text-anchor='middle'", number(&text, tick));
		else if (!bare)
			put_text(b, LEFT - 8, at + 4, "text-anchor='end'", number(&text, tick));
	}
}

static void put_frame(struct buf *b, const struct plot *p)
{
	buf_printf(b,
		"<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
		"font-family='DejaVu Sans, "
		"Helvetica, sans-serif' font-size='13'>\n<rect width='100%%' height='100%%' "
		"fill='white'/>\n",
		WIDTH, HEIGHT);
	put_text(b, 20, 28, "font-size='18' font-weight='bold'", p->title);
	put_text(b, 20, 50, "fill='#555'", p->subtitle);
	put_text(b, (LEFT + RIGHT) / 2.0, BOTTOM + 42, "text-anchor='middle'", p->x_name);
	buf_printf(b, "<g transform='translate(22 %d) rotate(-90)'>", (TOP + BOTTOM) / 2);
	put_text(b, 0, 0, "text-anchor='middle'", p->y_name);
	buf_text(b, "</g>\n");
}

static void put_series(
	struct buf *b, const struct series *s, const struct axis *x, const struct axis *y)
{
	const char *colour = colours[s->colour],
		   *dashes = s->dashed ? " stroke-dasharray='7 4'" : "";

	buf_text(b, "<path d='");
	for (size_t i = 0; i < s->points; i++)
		buf_printf(b, "%c%.1f %.1f", i ? 'L' : 'M', place(x, s->x[i]), place(y, s->y[i]));
	buf_printf(b, "' stroke='%s' stroke-width='2' fill='none'%s/>\n", colour, dashes);
	for (size_t i = 0; i < s->points; i++)
		buf_printf(b, "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>\n", place(x, s->x[i]),
			place(y, s->y[i]), colour);
	if (s->end && s->points)
		buf_printf(b,
			"<path d='M%.1f %.1fm-6 -6l12 12m0 -12l-12 12' stroke='%s' "
			"stroke-width='2'/>\n",
			place(x, s->x[s->points - 1]), place(y, s->y[s->points - 1]), colour);
}

/* --- names --- */

/* Where each name goes: beside the series' last value, but not onto another's. */
static void spread_names(const struct plot *p, const struct axis *y, double *at)
{
	const double line = 17;

	for (size_t i = 0; i < p->count; i++) {
		const struct series *s = &p->series[i];
		at[i] = s->points ? place(y, s->y[s->points - 1]) : BOTTOM;
	}
	for (unsigned turn = 0; turn < 200; turn++) {
		for (size_t i = 0; i < p->count; i++) {
			for (size_t k = 0; k < p->count; k++) {
				double room = p->series[k].end ? 2 * line : line,
				       gap = at[i] - at[k];
				if (i == k || gap < 0 || (gap == 0 && i < k) || gap >= room)
					continue;
				at[i] += (room - gap) / 2 + 0.1;
				at[k] -= (room - gap) / 2 + 0.1;
			}
		}
	}
}

static void put_names(struct buf *b, const struct plot *p, const struct axis *y)
{
	double at[PLOT_SERIES];

	spread_names(p, y, at);
	for (size_t i = 0; i < p->count; i++) {
		struct buf style = {.arena = b->arena};
		buf_printf(&style, "fill='%s'%c", colours[p->series[i].colour], 0);
		put_text(b, RIGHT + 14, at[i] + 4, style.bytes, p->series[i].name);
		if (p->series[i].end)
			put_text(b, RIGHT + 14, at[i] + 19, "fill='#555' font-size='11'",
				p->series[i].end);
	}
}

void plot_svg(struct buf *b, const struct plot *p)
{
	struct axis x = fit(p, true), y = fit(p, false);

	put_frame(b, p);
	put_ticks(b, &x, true);
	put_ticks(b, &y, false);
	if (p->limit > 0) {
		double at = place(&y, p->limit);
		put_line(b, LEFT, at, RIGHT, at, "stroke='#a00' stroke-dasharray='6 4'");
		put_text(b, LEFT + 6, at - 5, "fill='#a00' font-size='11'", p->limit_name);
	}
	for (size_t i = 0; i < p->count; i++)
		put_series(b, &p->series[i], &x, &y);
	put_names(b, p, &y);
	buf_text(b, "</svg>\n");
}

bool plot_write(
	struct arena *arena, const char *directory, const char *name, const struct plot *plot)
{
	struct buf path, svg;

	if (!directory)
		return true;
	buf_init(&path, arena);
	buf_printf(&path, "%s/%s.svg%c", directory, name, 0);
	buf_init(&svg, arena);
	plot_svg(&svg, plot);
	return files_write(path.bytes, svg.bytes, svg.len);
}
