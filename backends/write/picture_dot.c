/* For graphviz, which places everything itself; verdicts are boxes of their action's colour. */

#include "picture.h"

#include "../../compiler/kernel/action.h"

static void quoted(struct buf *b, const char *text)
{
	buf_text(b, "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_text(b, "\\");
		buf_add(b, text, 1);
	}
	buf_text(b, "\"");
}

static const char *action_colour(uint32_t ret)
{
	static const char *const colours[ACTIONS] = {[ACTION_KILL_PROCESS] = "#868e96",
		[ACTION_KILL_THREAD] = "#868e96",
		[ACTION_TRAP] = "#ffec99",
		[ACTION_ERRNO] = "#ffc9c9",
		[ACTION_NOTIFY] = "#96f2d7",
		[ACTION_TRACE] = "#d0bfff",
		[ACTION_LOG] = "#a5d8ff",
		[ACTION_ALLOW] = "#b2f2bb"};
	enum action action;

	return action_of(ret, &action) ? colours[action] : "#868e96";
}

static void put_item(struct buf *b, const struct picture *p, size_t index)
{
	const struct picture_item *i = &p->item[index];

	if (i->kind == PICTURE_AGAIN)
		return;
	buf_printf(b, "  %s%zu [label=", i->kind == PICTURE_TEST ? "t" : "v",
		i->kind == PICTURE_TEST ? (size_t)i->node : index);
	quoted(b, i->label);
	if (i->kind == PICTURE_VERDICT)
		buf_printf(
			b, ", style=\"filled,rounded\", fillcolor=\"%s\"", action_colour(i->ret));
	buf_text(b, "]\n");
}

static void put_edge(struct buf *b, const struct picture *p, size_t index)
{
	const struct picture_item *i = &p->item[index];

	buf_printf(b, "  t%u -> %s%zu [label=", p->item[i->parent].node,
		i->kind == PICTURE_VERDICT ? "v" : "t",
		i->kind == PICTURE_VERDICT ? index : (size_t)i->node);
	quoted(b, i->way);
	buf_printf(b, ", penwidth=%.2f]\n", 0.8 + 5 * i->share);
}

void picture_dot(struct buf *b, const struct picture *p)
{
	buf_text(b, "digraph filter {\n  label=");
	quoted(b, p->title);
	buf_text(b,
		"; labelloc=t; rankdir=LR\n"
		"  node [shape=box, fontname=\"monospace\", fontsize=10, height=0.2, "
		"margin=\"0.08,0.03\"]\n"
		"  edge [fontsize=8, arrowsize=0.5]\n");
	for (size_t i = 0; i < p->items; i++)
		put_item(b, p, i);
	for (size_t i = 1; i < p->items; i++)
		put_edge(b, p, i);
	buf_text(b, "}\n");
}
