/* A line an item, indented by strokes; what comes by and where it ends stand at the right of a
 * line. */

#include "picture.h"

#define FIGURES 64 /* column of the share */

/* From column 0 on: a stroke for every ancestor with more to come, then the item's own. */
static void put_strokes(struct buf *b, const struct picture *p, uint32_t item)
{
	uint32_t path[4096];
	size_t levels = 0;

	for (; p->item[item].parent != item && levels < 4096; item = p->item[item].parent)
		path[levels++] = item;
	while (levels--) {
		/* cppcheck-suppress uninitvar ; filled up to levels */
		const struct picture_item *i = &p->item[path[levels]];
		bool last = p->item[i->parent].child[1] == path[levels];
		if (levels)
			buf_text(b, last ? "  " : "\xe2\x94\x82 ");
		else
			buf_text(b, last ? "\xe2\x94\x94 " : "\xe2\x94\x9c ");
	}
}

/* buf_pad() for columns of characters, not bytes. */
static void pad(struct buf *b, size_t from, size_t column)
{
	size_t columns = 0;

	for (size_t i = from; i < b->len; i++)
		columns += ((unsigned char)b->bytes[i] & 0xc0) != 0x80;
	do
		buf_text(b, " ");
	while (++columns < column);
}

static void put_item(struct buf *b, const struct picture *p, uint32_t index)
{
	const struct picture_item *i = &p->item[index];
	size_t start = b->len;

	put_strokes(b, p, index);
	buf_printf(b, "%s%s%s%s", i->way, *i->way ? " " : "", i->label,
		i->kind == PICTURE_AGAIN          ? ", as above"
			: i->kind == PICTURE_TEST ? " ?"
						  : "");
	pad(b, start, FIGURES);
	if (i->share > 0)
		buf_printf(b, "%7.3f%%", i->share * 100);
	else
		buf_text(b, "        ");
	if (i->kind == PICTURE_VERDICT) {
		buf_printf(b, "  %3u", i->executed);
		if (*i->numbers)
			buf_printf(b, "  %s", i->numbers);
		if (*i->names)
			buf_printf(b, "  %s", i->names);
	}
	buf_text(b, "\n");
}

void picture_text(struct buf *b, const struct picture *p)
{
	buf_printf(b, "%s\n", p->title);
	pad(b, b->len, FIGURES);
	buf_text(b, "   calls  steps\n");
	for (size_t i = 0; i < p->items; i++)
		put_item(b, p, (uint32_t)i);
}
