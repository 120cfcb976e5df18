/* The measurements as a table for people and as JSON for programs: the same figures in both. */

#include "bench.h"
#include "../cli/quote.h"

#include "../../compiler/base/utf8.h"

#include <string.h>

void bench_title(struct buf *out, const struct bench *b, size_t probe)
{
	const struct probe *p = &b->probe[probe];
	bool run = p->class == PROBE_CACHED && b->defeated;

	buf_printf(out, "%s: ", run ? "allow, cache defeated" : probe_class_names[p->class]);
	probe_print(out, p);
}

/* --- for people --- */

static size_t name_width(const struct bench *b)
{
	size_t widest = 24;

	for (size_t i = 0; i < b->filters; i++) {
		size_t len = strlen(b->filter[i].name);
		if (len > widest && len <= 60)
			widest = len;
	}
	return widest + 4;
}

static void text_row(struct buf *out, const struct bench *b, const struct bench_filter *f,
	size_t insns, const struct sample_stats *ns, double unit, const char *unit_name)
{
	size_t line = out->len;

	buf_text(out, "  ");
	utf8_print(out, f->name, strlen(f->name));
	while (out->len - line < name_width(b))
		buf_text(out, " ");
	buf_printf(out, "%9zu%9.1f%9.1f%10.1f ..%6.1f %s\n", insns, bench_shown(ns->min / unit),
		bench_shown(ns->median / unit), bench_shown(ns->low / unit),
		bench_shown(ns->high / unit), unit_name);
}

static void text_probe(struct buf *out, const struct bench *b, size_t probe)
{
	bench_title(out, b, probe);
	buf_text(out, "\n");
	for (size_t i = 0; i < b->filters; i++) {
		const struct bench_filter *f = &b->filter[i];
		if (f->run[probe].in_class)
			text_row(out, b, f, f->run[probe].executed, &f->run[probe].ns, 1, "ns");
	}
	buf_text(out, "\n");
}

#define ALIKE 1.5 /* times as long as another one, and not longer */

/* Many copies are hard on the processor's caches, and hardest those of the longest. */
static void text_lengths(struct buf *out, const struct bench *b)
{
	const struct bench_filter *least = NULL, *most = NULL;

	for (size_t i = 0; i < b->filters; i++) {
		const struct bench_filter *f = &b->filter[i];
		if (f->floor)
			continue;
		least = !least || f->given.len < least->given.len ? f : least;
		most = !most || f->given.len > most->given.len ? f : most;
	}
	if (!most || most->copies <= 2 || (double)most->given.len <= ALIKE * (double)least->given.len)
		return;
	buf_printf(out,
		"these filters have %zu to %zu instructions, and %u copies of a long one are harder on the "
		"processor's caches than one is: --copies 2 --defeat-cache times one further copy\n",
		least->given.len, most->given.len, most->copies);
}

void bench_text(struct buf *out, const struct bench *b)
{
	buf_printf(out, "Linux %s, %s, processor %u: %zu round%s in %.1f s\n\n",
		utf8_string(out->arena, b->kernel),
		b->abi->name, b->timing.cpu, b->rounds, b->rounds == 1 ? "" : "s", b->seconds);
	buf_printf(out, "%-*s%9s%9s%9s   95 %% interval\n", (int)name_width(b),
		"one run of the filter", "executed", "least", "median");
	for (size_t i = 0; i < b->probes; i++)
		text_probe(out, b, i);
	buf_printf(out, "%-*s%9s\n", (int)name_width(b), "loading the filter", "insns");
	for (size_t i = 0; i < b->filters; i++) {
		const struct bench_filter *f = &b->filter[i];
		text_row(out, b, f, f->given.len, &f->load, 1000, "us");
	}
	for (size_t i = 0; i < b->filters; i++) {
		if (!b->filter[i].bypassed)
			continue;
		utf8_print(out, b->filter[i].name, strlen(b->filter[i].name));
		buf_text(out,
			": behind 3 instructions that let seccomp(2) through, so that it can be "
			"stacked\n");
	}
	text_lengths(out, b);
}

/* --- for programs --- */

static void json_stats(struct buf *out, const char *name, const struct sample_stats *s)
{
	buf_printf(out, "\"%s\": {\"min\": %.1f, \"median\": %.1f, \"low\": %.1f, \"high\": %.1f}",
		name, bench_shown(s->min), bench_shown(s->median), bench_shown(s->low),
		bench_shown(s->high));
}

static void json_probe(struct buf *out, const struct probe *p)
{
	struct buf call;

	buf_init(&call, out->arena);
	probe_print(&call, p);
	buf_add(&call, "", 1);
	buf_printf(out, "{\"class\": \"%s\", \"nr\": %u, \"call\": ", probe_class_names[p->class],
		p->call.nr);
	quote_json(out, call.bytes);
	buf_text(out, "}");
}

static void json_runs(struct buf *out, const struct bench *b, const struct bench_filter *f)
{
	const char *between = "\n";

	buf_text(out, "     \"runs\": [");
	for (size_t i = 0; i < b->probes; i++) {
		if (!f->run[i].in_class)
			continue;
		buf_printf(out, "%s      {\"call\": %zu, \"executed\": %zu, ", between, i,
			f->run[i].executed);
		json_stats(out, "ns", &f->run[i].ns);
		buf_text(out, "}");
		between = ",\n";
	}
	buf_text(out, "]}");
}

static void json_filter(struct buf *out, const struct bench *b, const struct bench_filter *f)
{
	buf_text(out, "    {\"name\": ");
	quote_json(out, f->name);
	buf_printf(out,
		", \"floor\": %s, \"instructions\": %zu, \"loaded\": %zu, \"copies\": %u,\n     ",
		f->floor ? "true" : "false", f->given.len, f->program.len, f->copies);
	json_stats(out, "load_ns", &f->load);
	buf_text(out, ",\n");
	json_runs(out, b, f);
}

void bench_json(struct buf *out, const struct bench *b)
{
	buf_printf(out, "{\n  \"schema\": \"winnow-bench/1\",\n  \"kernel\": ");
	quote_json(out, b->kernel);
	buf_printf(out,
		",\n  \"arch\": \"%s\",\n  \"processor\": %u,\n  \"rounds\": %zu,\n"
		"  \"seconds\": %.1f,\n  \"cache_defeated\": %s,\n  \"calls\": [",
		b->abi->name, b->timing.cpu, b->rounds, b->seconds, b->defeated ? "true" : "false");
	for (size_t i = 0; i < b->probes; i++) {
		buf_text(out, i ? ",\n    " : "\n    ");
		json_probe(out, &b->probe[i]);
	}
	buf_text(out, "],\n  \"filters\": [");
	for (size_t i = 0; i < b->filters; i++) {
		buf_text(out, i ? ",\n" : "\n");
		json_filter(out, b, &b->filter[i]);
	}
	buf_text(out, "]\n}\n");
}
