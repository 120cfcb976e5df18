/*
 * The measurements as bars: a panel for each probe and one for loading, a bar for each filter. A
 * bar ends at the median; the line over it spans the 95 % interval and the notch is the least. All
 * panels of calls share one scale, so that bars can be compared across them.
 */

#include "bench.h"
#include "../cli/quote.h"

#include "../../compiler/base/base.h"
#include "../../compiler/base/utf8.h"

#include <string.h>

#define WIDTH     860
#define LEFT      250 /* where bars start */
#define ROOM      490 /* the longest bar */
#define BAR       16
#define STEP      22 /* from bar to bar */
#define TITLE     30 /* above the bars of a panel */
#define GAP       18 /* between panels */
#define TOP       64
#define LABEL_MAX 28 /* bytes of a name beside a bar */

/* Distinct to people who are colour-blind, too: Okabe and Ito's, without their yellow. */
static const char *const colours[] = {
	"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555"};

struct canvas {
	struct buf *out;
	const struct bench *bench;
	double y;
};

static void put_text(struct canvas *c, double x, double y, const char *style, const char *text)
{
	buf_printf(c->out, "<text x='%.1f' y='%.1f' %s>", x, y, style);
	quote_xml(c->out, text);
	buf_text(c->out, "</text>\n");
}

static const char *colour(const struct canvas *c, size_t filter)
{
	if (c->bench->filter[filter].floor)
		return "#999999";
	return colours[filter % countof(colours)];
}

/* Without directories; of what is too long, the end. */
static const char *label_of(struct canvas *c, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash && slash[1] ? slash + 1 : path;
	size_t len = strlen(base), back = 0;
	struct buf b;

	if (len <= LABEL_MAX)
		return base;
	while (back < LABEL_MAX)
		back += utf8_back(base, len - back);
	buf_init(&b, c->out->arena);
	buf_printf(&b, "\xe2\x80\xa6%s%c", base + len - back, 0);
	return b.bytes;
}

/* Bars may not be shorter than nothing: noise can make the cost of what costs nothing negative. */
static double place(double value, double scale)
{
	double x = value > 0 ? value * scale : 0;

	return LEFT + (x < ROOM ? x : ROOM);
}

static void put_bar(struct canvas *c, size_t filter, const struct sample_stats *s, double scale,
	double unit, const char *unit_name)
{
	double x = place(s->median, scale), low = place(s->low, scale),
	       high = place(s->high, scale);
	double least = place(s->min, scale), middle = c->y + BAR / 2.0;
	struct buf label;

	put_text(c, LEFT - 8, middle + 4, "text-anchor='end'",
		label_of(c, c->bench->filter[filter].name));
	buf_printf(c->out, "<rect x='%d' y='%.1f' width='%.1f' height='%d' fill='%s'/>\n", LEFT,
		c->y, x - LEFT, BAR, colour(c, filter));
	buf_printf(c->out,
		"<path d='M%.1f %.1fV%.1fM%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8' stroke='#222' "
		"fill='none'/>\n",
		least, c->y, c->y + BAR, low, middle, high, low, middle - 4, high, middle - 4);
	buf_init(&label, c->out->arena);
	buf_printf(&label, "%.1f %s%c", bench_shown(s->median / unit), unit_name, 0);
	put_text(c, (high > x ? high : x) + 8, middle + 4, "fill='#222'", label.bytes);
	c->y += STEP;
}

static double longest(const struct bench *b, bool load)
{
	double most = 1;

	for (size_t i = 0; i < b->filters; i++) {
		const struct bench_filter *f = &b->filter[i];
		for (size_t k = 0; k < b->probes && !load; k++) {
			if (f->run[k].in_class && f->run[k].ns.high > most)
				most = f->run[k].ns.high;
		}
		if (load && f->load.high > most)
			most = f->load.high;
	}
	return most;
}

static void put_probe(struct canvas *c, size_t probe)
{
	const struct bench *b = c->bench;
	double scale = ROOM / longest(b, false);
	struct buf title;

	buf_init(&title, c->out->arena);
	bench_title(&title, b, probe);
	buf_add(&title, "", 1);
	put_text(c, 20, c->y + TITLE - 10, "font-weight='bold'", title.bytes);
	c->y += TITLE;
	for (size_t i = 0; i < b->filters; i++) {
		if (b->filter[i].run[probe].in_class)
			put_bar(c, i, &b->filter[i].run[probe].ns, scale, 1, "ns");
	}
	c->y += GAP;
}

static void put_loading(struct canvas *c)
{
	const struct bench *b = c->bench;
	double scale = ROOM / longest(b, true);

	put_text(c, 20, c->y + TITLE - 10, "font-weight='bold'", "loading the filter");
	c->y += TITLE;
	for (size_t i = 0; i < b->filters; i++)
		put_bar(c, i, &b->filter[i].load, scale, 1000, "\xc2\xb5s");
}

static double height(const struct bench *b)
{
	size_t bars = b->filters;

	for (size_t i = 0; i < b->filters; i++) {
		for (size_t k = 0; k < b->probes; k++)
			bars += b->filter[i].run[k].in_class;
	}
	return (double)(TOP + bars * STEP + (b->probes + 1) * (TITLE + GAP));
}

void bench_svg(struct buf *out, const struct bench *b)
{
	struct canvas c = {.out = out, .bench = b, .y = TOP};
	struct buf line;

	buf_printf(out,
		"<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%.0f' "
		"font-family='DejaVu "
		"Sans, Helvetica, sans-serif' font-size='13'>\n<rect width='100%%' height='100%%' "
		"fill='white'/>\n",
		WIDTH, height(b));
	put_text(&c, 20, 28, "font-size='18' font-weight='bold'", "One run of a seccomp filter");
	buf_init(&line, out->arena);
	buf_printf(&line,
		"Linux %s, %s: median of %zu round%s, its 95 %% interval, and the least (notch)%c",
		b->kernel, b->abi->name, b->rounds, b->rounds == 1 ? "" : "s", 0);
	put_text(&c, 20, 50, "fill='#555'", line.bytes);
	for (size_t i = 0; i < b->probes; i++)
		put_probe(&c, i);
	put_loading(&c);
	buf_text(out, "</svg>\n");
}
