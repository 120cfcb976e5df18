/*
 * The tree grows to the right, a column a level; verdicts stand in one column beside it, a row
 * each, like the lines of a table. Edges are drawn from the coldest to the hottest, so that where
 * the calls go lies on top. Everything is placed here: no font metrics, style sheets or scripts of
 * others are needed.
 */

#include "picture.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"

#include <stdlib.h>
#include <string.h>

#define MARGIN      24.0
#define HEAD        104.0 /* title, legend and the table's head */
#define ROW         19.0
#define BOX         15.0 /* height of a test */
#define CHAR        6.05 /* width of a character of the text font */
#define PADDING     7.0  /* inside a box */
#define GAP         34.0 /* between levels */
#define CHIP        92.0
#define CHIP_COLUMN 104.0
#define ABI_COLUMN  84.0
#define NR_COLUMN   190.0
#define NAME_COLUMN 300.0
#define FIGURE      62.0

struct sheet {
	struct buf *out;
	const struct picture *picture;
	double *column; /* left edge of each level; one more: of the table */
	double width, height;
};

/* --- text --- */

static void xml_text(struct buf *b, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			buf_text(b, "&lt;");
			break;
		case '>':
			buf_text(b, "&gt;");
			break;
		case '&':
			buf_text(b, "&amp;");
			break;
		default:
			if ((unsigned char)*text >= ' ')
				buf_add(b, text, 1);
		}
	}
}

/* Characters: bytes that do not continue one. */
static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

static void put_text(struct sheet *s, double x, double y, const char *class, const char *text)
{
	if (!*text)
		return;
	buf_printf(s->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	xml_text(s->out, text);
	buf_text(s->out, "</text>\n");
}

/* At most `most` characters, the last an ellipsis if there are more. */
static void put_cut(
	struct sheet *s, double x, double y, const char *class, const char *text, size_t most)
{
	char cut[512];
	size_t len = 0, count = 0;

	while (text[len] && len + 4 < sizeof(cut)) {
		bool starts = (text[len] & 0xc0) != 0x80;
		if (starts && ++count > most)
			break;
		cut[len] = text[len];
		len++;
	}
	memcpy(cut + len, text[len] ? "\xe2\x80\xa6" : "", text[len] ? 4 : 1);
	put_text(s, x, y, class, cut);
}

/* --- colour --- */

struct colour {
	double r, g, b;
};

static struct colour between(struct colour from, struct colour to, double part)
{
	return (struct colour){from.r + (to.r - from.r) * part, from.g + (to.g - from.g) * part,
		from.b + (to.b - from.b) * part};
}

/* The square root, well enough for colours. */
static double root(double x)
{
	double guess = x > 0 ? (1 + x) / 2 : 0;

	for (unsigned step = 0; step < 24 && guess > 0; step++)
		guess = (guess + x / guess) / 2;
	return guess;
}

/* Cold to hot, by the root of the share: what one call in a hundred takes is to be seen. */
static struct colour heat(double share, struct colour cold)
{
	static const struct colour warm = {255, 192, 120}, hot = {232, 89, 12};
	double part = root(share);

	return part < 0.5 ? between(cold, warm, part * 2) : between(warm, hot, part * 2 - 1);
}

static void put_colour(struct buf *b, struct colour c)
{
	buf_printf(b, "#%02x%02x%02x", (unsigned)(c.r + 0.5), (unsigned)(c.g + 0.5),
		(unsigned)(c.b + 0.5));
}

static const char *action_class(uint32_t ret)
{
	static const char *const classes[ACTIONS] = {[ACTION_KILL_PROCESS] = "kill",
		[ACTION_KILL_THREAD] = "kill",
		[ACTION_TRAP] = "trap",
		[ACTION_ERRNO] = "errno",
		[ACTION_NOTIFY] = "notify",
		[ACTION_TRACE] = "trace",
		[ACTION_LOG] = "log",
		[ACTION_ALLOW] = "allow"};
	enum action action;

	return action_of(ret, &action) ? classes[action] : "kill";
}

/* --- places --- */

static double row_y(double row)
{
	return MARGIN + HEAD + (row + 0.5) * ROW;
}

static double box_width(const struct picture_item *i)
{
	return (double)characters(i->label) * CHAR + 2 * PADDING;
}

static double left_of(const struct sheet *s, const struct picture_item *i)
{
	return i->kind == PICTURE_VERDICT ? s->column[s->picture->depth + 1] : s->column[i->depth];
}

static void find_columns(struct sheet *s, struct arena *arena)
{
	const struct picture *p = s->picture;
	double *widest = arena_alloc(arena, p->depth + 2, sizeof(*widest));

	s->column = arena_alloc(arena, p->depth + 2, sizeof(*s->column));
	for (size_t i = 0; i < p->items; i++) {
		const struct picture_item *item = &p->item[i];
		if (item->kind == PICTURE_TEST && box_width(item) > widest[item->depth])
			widest[item->depth] = box_width(item);
	}
	s->column[0] = MARGIN;
	for (unsigned depth = 0; depth <= p->depth; depth++)
		s->column[depth + 1] = s->column[depth] + widest[depth] + GAP;
	s->width = s->column[p->depth + 1] + CHIP_COLUMN + ABI_COLUMN + NR_COLUMN + NAME_COLUMN +
		2 * FIGURE + MARGIN;
	s->height = row_y((double)p->rows) + MARGIN;
}

/* --- drawing --- */

/* From the parent's right edge to a turn in the gap, along it, and on to the child. */
static void put_edge(struct sheet *s, const struct picture_item *i)
{
	static const struct colour cold = {206, 212, 218};
	const struct picture_item *parent = &s->picture->item[i->parent];
	double x0 = s->column[parent->depth] + box_width(parent), y0 = row_y(parent->row);
	double turn = s->column[parent->depth + 1] - GAP + 8, x1 = left_of(s, i),
	       y1 = row_y(i->row);
	double bend = y1 > y0 ? 5 : -5, width = 1 + 6 * root(i->share);

	buf_printf(s->out, "<path d=\"M%.1f %.1fH%.1f", x0, y0, turn - (y0 == y1 ? 0 : 5));
	if (y0 != y1)
		buf_printf(s->out, "q5 0 5 %.0fV%.1fq0 %.0f 5 %.0f", bend, y1 - bend, bend, bend);
	buf_printf(s->out, "H%.1f\" class=\"edge\" stroke=\"", x1);
	put_colour(s->out, heat(i->share, cold));
	buf_printf(s->out, "\" stroke-width=\"%.2f\"/>\n", width);
}

static int by_share(const void *pa, const void *pb)
{
	const struct picture_item *a = *(const struct picture_item *const *)pa;
	const struct picture_item *b = *(const struct picture_item *const *)pb;

	if (a->share != b->share)
		return a->share < b->share ? -1 : 1;
	return a < b ? -1 : a > b;
}

static void put_edges(struct sheet *s, struct arena *arena)
{
	const struct picture *p = s->picture;
	const struct picture_item **sorted =
		arena_alloc(arena, p->items, sizeof(const struct picture_item *));

	for (size_t i = 0; i < p->items; i++)
		sorted[i] = &p->item[i];
	qsort(sorted, p->items, sizeof(const struct picture_item *), by_share);
	for (size_t i = 0; i < p->items; i++) {
		if (sorted[i] != &p->item[0])
			put_edge(s, sorted[i]);
	}
	for (size_t i = 1; i < p->items; i++) {
		const struct picture_item *item = &p->item[i];
		double x = s->column[p->item[item->parent].depth + 1] - GAP + 16;
		put_text(s, x, row_y(item->row) - 3.5 - 2 * root(item->share), "way", item->way);
	}
}

static void put_test(struct sheet *s, const struct picture_item *i)
{
	static const struct colour white = {255, 255, 255};
	double x = left_of(s, i), y = row_y(i->row);

	buf_printf(s->out,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\" class=\"%s\"",
		x, y - BOX / 2, box_width(i), BOX, i->kind == PICTURE_AGAIN ? "again" : "test");
	if (i->kind == PICTURE_TEST) {
		buf_text(s->out, " fill=\"");
		put_colour(s->out, between(white, heat(i->share, white), 0.55));
		buf_text(s->out, "\"");
	}
	buf_text(s->out, "/>\n");
	put_text(s, x + PADDING, y + 3.6, "label", i->label);
}

static void put_figure(
	struct sheet *s, double right, double y, int decimals, double value, const char *unit)
{
	struct buf b;

	buf_init(&b, s->out->arena);
	buf_printf(&b, "%.*f%s", decimals, value, unit);
	buf_add(&b, "", 1);
	put_text(s, right, y, "figure", b.bytes);
}

static void put_row(struct sheet *s, const struct picture_item *i)
{
	double x = s->column[s->picture->depth + 1], y = row_y(i->row), text = y + 3.6;

	if (i->kind == PICTURE_VERDICT) {
		buf_printf(s->out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\" "
			"class=\"%s\"/>\n",
			x, y - BOX / 2, CHIP, BOX, action_class(i->ret));
		buf_printf(s->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"chip %s-text\">",
			x + CHIP / 2, text, action_class(i->ret));
		xml_text(s->out, i->label);
		buf_text(s->out, "</text>\n");
	}
	x += CHIP_COLUMN;
	put_text(s, x, text, "faint", i->abi);
	put_cut(s, x += ABI_COLUMN, text, "label", i->numbers, (size_t)((NR_COLUMN - 8) / CHAR));
	put_cut(s, x += NR_COLUMN, text, "faint", i->names, (size_t)((NAME_COLUMN - 8) / CHAR));
	if (i->kind != PICTURE_VERDICT)
		return;
	x += NAME_COLUMN + FIGURE;
	if (i->share > 0)
		put_figure(s, x, text, i->share < 0.0005 ? 3 : 1, i->share * 100, "%");
	put_figure(s, x + FIGURE, text, 0, i->executed, "");
}

/* What colours and widths mean, as lines. */
static void put_scale(struct sheet *s, double x, double y)
{
	static const double shares[] = {0.001, 0.01, 0.1, 0.5, 1};
	static const char *const names[] = {"0.1%", "1%", "10%", "50%", "all calls"};
	static const struct colour cold = {206, 212, 218};

	for (size_t i = 0; i < countof(shares); i++) {
		buf_printf(s->out, "<path d=\"M%.1f %.1fh30\" class=\"edge\" stroke=\"", x, y - 3);
		put_colour(s->out, heat(shares[i], cold));
		buf_printf(s->out, "\" stroke-width=\"%.2f\"/>\n", 1 + 6 * root(shares[i]));
		put_text(s, x + 37, y, "faint", names[i]);
		x += 92;
	}
}

/* Every other row has a ground of its own, to guide the eye to the right. */
static void put_ground(struct sheet *s)
{
	double x = s->column[s->picture->depth + 1] - 6;

	for (size_t row = 0; row < s->picture->rows; row += 2)
		buf_printf(s->out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
			"class=\"ground\"/>\n",
			x, row_y((double)row) - ROW / 2, s->width - MARGIN / 2 - x, ROW);
}

static void put_head(struct sheet *s)
{
	static const char legend[] = "Numbers grow downwards. Dashed: drawn elsewhere. Colour and "
				     "width: the share of its "
				     "ABI's calls that come by.";
	double x = s->column[s->picture->depth + 1], y = MARGIN + HEAD - 8;

	put_text(s, MARGIN, MARGIN + 20, "title", s->picture->title);
	put_text(s, MARGIN, MARGIN + 42, "faint", legend);
	put_scale(s, MARGIN, MARGIN + 62);
	put_text(s, x, y, "head", "verdict");
	put_text(s, x += CHIP_COLUMN, y, "head", "ABI");
	put_text(s, x += ABI_COLUMN, y, "head", "numbers");
	put_text(s, x += NR_COLUMN, y, "head", "syscalls, or the argument's test");
	put_text(s, x += NAME_COLUMN + FIGURE, y, "head right", "calls");
	put_text(s, x + FIGURE, y, "head right", "steps");
}

static const char style[] =
	"<style>\n"
	"text{font:10px 'DejaVu Sans Mono','Liberation "
	"Mono',Menlo,Consolas,monospace;fill:#212529}\n"
	".title{font:600 17px 'DejaVu Sans','Liberation Sans',Helvetica,Arial,sans-serif}\n"
	".head{font-weight:700;fill:#495057}.right,.figure{text-anchor:end}.faint{fill:#6c757d}\n"
	".way{font-size:8px;fill:#868e96}.chip{text-anchor:middle;font-weight:700}\n"
	".edge{fill:none;stroke-linecap:round}.ground{fill:#f8f9fa}\n"
	".test{stroke:#adb5bd}.again{fill:#fff;stroke:#adb5bd;stroke-dasharray:3 2}\n"
	".allow{fill:#d3f9d8}.allow-text{fill:#2b8a3e}.errno{fill:#ffe3e3}.errno-text{fill:#c92a2a}"
	"\n"
	".kill{fill:#343a40}.kill-text{fill:#fff}.trap{fill:#fff3bf}.trap-text{fill:#a15c00}\n"
	".log{fill:#d0ebff}.log-text{fill:#1864ab}.trace{fill:#e5dbff}.trace-text{fill:#5f3dc4}\n"
	".notify{fill:#c3fae8}.notify-text{fill:#087f5b}\n"
	"</style>\n";

void picture_svg(struct buf *b, const struct picture *p)
{
	struct sheet s = {.out = b, .picture = p};

	find_columns(&s, b->arena);
	buf_printf(b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f "
		"%.0f\">\n",
		s.width, s.height, s.width, s.height);
	buf_text(b, style);
	buf_text(b, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
	put_ground(&s);
	put_head(&s);
	put_edges(&s, b->arena);
	for (size_t i = 0; i < p->items; i++) {
		if (p->item[i].kind != PICTURE_VERDICT)
			put_test(&s, &p->item[i]);
		if (p->item[i].kind != PICTURE_TEST)
			put_row(&s, &p->item[i]);
	}
	buf_text(b, "</svg>\n");
}
