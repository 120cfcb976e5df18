/*
 * Text: a paragraph about the program, then a table an ABI. JSON:
 *
 * {"version": 1, "tool": ..., "file": ..., "weights": ..., "instructions", "bytes", "returns",
 * "loads", "jumps", "longest_path", "jit_bytes", "walked", "install_us", "abis": [{"name",
 * "syscalls", "allowed", "cacheable", "cached_by_kernel", "runs", "entropy", "tests", "missed", "walked",
 * "paths": {"all": PATHS, ...}, "actions": [{"action", "value", "paths": PATHS}]}]}
 *
 * PATHS is {"syscalls", "share", "min", "mean", "max", "weighted", "x86_ops"}; the last two are
 * null where the share is 0. Keys may be added without a new version.
 */

#include "stats_report.h"

#include "../cli/quote.h"
#include "../lib/version.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/utf8.h"

#include <string.h>

/* Fitted to ten filters on one x86_64 machine: what the kernel takes for a filter beyond the empty one. */
#define NS_WALK       16  /* a number looked up for the cache, */
#define NS_WALKED     2.1 /* an instruction looked at for it */
#define NS_TRANSLATED 158 /* an instruction checked, converted and translated */

static double install_us(const struct stats *s)
{
	return ((double)s->walks * NS_WALK + (double)s->walked * NS_WALKED +
		       (double)s->insns * NS_TRANSLATED) /
		1000;
}

static const char *const class_names[] = {[STATS_CACHED] = "cached allow",
	[STATS_CHECKED] = "arguments asked",
	[STATS_REFUSED] = "refused"};
static const char *const class_keys[] = {
	[STATS_CACHED] = "cached", [STATS_CHECKED] = "checked", [STATS_REFUSED] = "refused"};

/* --- text --- */

static void text_paths(
	struct buf *b, const char *indent, const char *name, const struct stats_paths *p)
{
	if (!p->syscalls)
		return;
	buf_printf(b, "  %s%s", indent, name);
	buf_pad(b, 24);
	buf_printf(b, "%8zu  %6.2f%%  %4zu  %6.2f  %4zu", p->syscalls, p->share * 100, p->min,
		p->mean, p->max);
	if (p->share > 0)
		buf_printf(b, "  %8.2f  %7.2f", p->weighted, p->ops);
	else
		buf_text(b, "         -        -");
	buf_text(b, "\n");
}

static void text_abi(struct buf *b, const struct stats_abi *s)
{
	buf_printf(b, "\n%s", s->abi->name);
	buf_pad(b, 24);
	buf_text(b, "syscalls    calls   min    mean   max  weighted  x86 ops\n");
	text_paths(b, "", "all", &s->all);
	text_paths(b, "", "allowed", &s->allowed);
	text_paths(b, "", "not cached", &s->uncached);
	for (unsigned class = 0; class < STATS_CLASSES; class ++)
		text_paths(b, "  ", class_names[class], &s->class[class]);
	for (size_t i = 0; i < s->actions; i++) {
		struct buf name;
		buf_init(&name, b->arena);
		action_print(&name, s->action[i].ret);
		buf_add(&name, "", 1);
		text_paths(b, "  ", name.bytes, &s->action[i].paths);
	}
	buf_printf(b, "  tests on the number: %.2f a call; its run is worth %.2f bits, %zu runs\n",
		s->tests, s->entropy, s->runs);
	buf_printf(b, "  jumps against the odds: %.2f a call\n", s->missed);
	if (s->abi->cached)
		buf_printf(b,
			"  cacheable: %zu of %zu allowed; %zu instructions walked at "
			"installation\n",
			s->class[STATS_CACHED].syscalls, s->allowed.syscalls, s->walked);
	else
		buf_text(b, "  cacheable: none, kernels keep no bitmap for this ABI\n");
}

static void text_report(struct buf *b, const char *file, const char *weights, const struct stats *s)
{
	buf_printf(b, "%s: %zu instructions, %zu bytes; %zu loads, %zu jumps, %zu returns\n",
		utf8_string(b->arena, file),
		s->insns, s->bytes, s->loads, s->jumps, s->returns);
	buf_printf(b, "longest path: %zu instructions\n", s->longest);
	buf_printf(b,
		"estimates: %zu bytes of x86 machine code; %.0f us to install (%zu instructions "
		"walked "
		"for the cache)\n",
		s->jit_bytes, install_us(s), s->walked);
	buf_printf(b, "Paths are in instructions executed, arguments all 0; weighted by %s.\n",
		utf8_string(b->arena, weights));
	for (size_t i = 0; i < s->abis; i++)
		text_abi(b, &s->abi[i]);
}

/* --- JSON --- */

static void json_paths(struct buf *b, const struct stats_paths *p)
{
	buf_printf(b,
		"{\"syscalls\": %zu, \"share\": %.6f, \"min\": %zu, \"mean\": %.4f, \"max\": %zu, ",
		p->syscalls, p->share, p->min, p->mean, p->max);
	if (p->share > 0)
		buf_printf(b, "\"weighted\": %.4f, \"x86_ops\": %.4f}", p->weighted, p->ops);
	else
		buf_text(b, "\"weighted\": null, \"x86_ops\": null}");
}

static void json_actions(struct buf *b, const struct stats_abi *s)
{
	buf_text(b, "\n    \"actions\": [");
	for (size_t i = 0; i < s->actions; i++) {
		struct buf name;
		buf_init(&name, b->arena);
		action_print(&name, s->action[i].ret);
		buf_add(&name, "", 1);
		buf_text(b, i ? ",\n     {\"action\": " : "\n     {\"action\": ");
		quote_json(b, name.bytes);
		buf_printf(b, ", \"value\": %u, \"paths\": ", s->action[i].ret);
		json_paths(b, &s->action[i].paths);
		buf_text(b, "}");
	}
	buf_text(b, "]}");
}

static void json_abi(struct buf *b, const struct stats_abi *s)
{
	buf_printf(b,
		"\n   {\"name\": \"%s\", \"syscalls\": %zu, \"allowed\": %zu, \"cacheable\": %zu, "
		"\"cached_by_kernel\": %s,\n    \"runs\": %zu, \"entropy\": %.4f, \"tests\": %.4f, "
		"\"missed\": %.4f, \"walked\": %zu,\n    \"paths\": {\n     \"all\": ",
		s->abi->name, s->all.syscalls, s->allowed.syscalls, s->class[STATS_CACHED].syscalls,
		s->abi->cached ? "true" : "false", s->runs, s->entropy, s->tests, s->missed,
		s->walked);
	json_paths(b, &s->all);
	buf_text(b, ",\n     \"allowed\": ");
	json_paths(b, &s->allowed);
	buf_text(b, ",\n     \"uncached\": ");
	json_paths(b, &s->uncached);
	for (unsigned class = 0; class < STATS_CLASSES; class ++) {
		buf_printf(b, ",\n     \"%s\": ", class_keys[class]);
		json_paths(b, &s->class[class]);
	}
	buf_text(b, "},");
	json_actions(b, s);
}

static void json_report(struct buf *b, const char *file, const char *weights, const struct stats *s)
{
	buf_printf(b, "{\"version\": 1, \"tool\": \"winnow %s\", \"file\": ", WINNOW_VERSION);
	quote_json(b, file);
	buf_text(b, ", \"weights\": ");
	quote_json(b, weights);
	buf_printf(b,
		",\n \"instructions\": %zu, \"bytes\": %zu, \"returns\": %zu, \"loads\": %zu, "
		"\"jumps\": %zu, "
		"\"longest_path\": %zu,\n \"jit_bytes\": %zu, \"walked\": %zu, \"install_us\": "
		"%.1f,\n "
		"\"abis\": [",
		s->insns, s->bytes, s->returns, s->loads, s->jumps, s->longest, s->jit_bytes,
		s->walked, install_us(s));
	for (size_t i = 0; i < s->abis; i++) {
		buf_text(b, i ? "," : "");
		json_abi(b, &s->abi[i]);
	}
	buf_text(b, "]}\n");
}

/* --- either --- */

bool stats_format_find(const char *name, enum stats_format *format)
{
	*format = strcmp(name, "json") == 0 ? STATS_JSON : STATS_TEXT;
	return *format == STATS_JSON || !*name || strcmp(name, "text") == 0;
}

static const double *weights(struct arena *arena, const struct layout *layout)
{
	double *weight = arena_alloc(arena, arch_syscall_count(), sizeof(*weight));

	for (size_t id = 0; id < arch_syscall_count() && layout->share; id++)
		weight[id] = layout->share[id];
	return weight;
}

uint64_t stats_report(struct buf *b, const struct stats_request *r, const struct program *p,
	enum byte_order order, const struct abi *const *abi, size_t abis)
{
	const char *by = r->freq ? r->freq : "the built-in mix";
	struct stats stats;

	stats_count(&stats, b->arena, p, order, abi, abis, weights(b->arena, r->layout));
	if (stats.undecided)
		return stats.undecided;
	switch (r->format) {
	case STATS_TEXT:
		text_report(b, r->file, by, &stats);
		return 0;
	case STATS_JSON:
		json_report(b, r->file, by, &stats);
		return 0;
	}
	unreachable();
}
