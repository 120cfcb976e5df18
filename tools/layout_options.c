/* The objective, the weights and the bounds of a layout. */

#include "layout_options.h"

#include "node_options.h"
#include "trace.h"

#include "../compiler/base.h"
#include "../compiler/search.h"

#include <stdlib.h>
#include <string.h>

static int read_freq(struct layout *layout, struct arena *arena, const char *path)
{
	struct trace trace;

	trace_init(&trace, arena);
	int status = trace_read(&trace, path);
	if (status)
		return status;
	trace_tell_unknown(&trace, path);
	layout->share = trace_shares(&trace);
	return EXIT_DONE;
}

static int read_objective(struct layout *layout, const struct verb *verb, const char *name)
{
	static const struct {
		const char *name;
		enum objective objective;
	} known[] = {{"size", OBJECTIVE_SIZE}, {"uniform", OBJECTIVE_UNIFORM}, {"mix", OBJECTIVE_MIX}};

	for (size_t i = 0; i < countof(known); i++) {
		if (strcmp(known[i].name, name) == 0) {
			layout->objective = known[i].objective;
			return EXIT_DONE;
		}
	}
	return usage(verb, "cannot optimise for '%s'; one of size, uniform, mix", name);
}

/* A number up to `last`. EXIT_DONE, or what to exit with. */
static int read_number(
	unsigned *number, const struct verb *verb, const char *option, const char *text, unsigned last)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > last)
		return usage(verb, "--%s takes a number up to %u", option, last);
	*number = (unsigned)n;
	return EXIT_DONE;
}

int layout_read(struct layout *layout, struct arena *arena, const struct verb *verb,
	const struct layout_options *o)
{
	struct kernel_version kernel = {0};
	int status = EXIT_DONE;

	*layout = (struct layout){.objective = OBJECTIVE_TODAY};
	if (o->kernel) {
		status = node_read_kernel(verb, o->kernel, &kernel);
		if (status)
			return status;
		bool bitmap = kernel.major > 5 || (kernel.major == 5 && kernel.minor >= 11);
		layout->objective = bitmap ? OBJECTIVE_BITMAP : OBJECTIVE_MIX;
	}
	if (o->objective)
		status = read_objective(layout, verb, o->objective);
	if (!status && o->freq)
		status = read_freq(layout, arena, o->freq);
	else
		layout->share = layout_mix(arena);
	if (!status && o->max_path)
		status = read_number(&layout->max_path, verb, "max-path", o->max_path, 4096);
	if (!status && o->max_path && !layout->max_path)
		return usage(verb, "--max-path: no call takes 0 instructions");
	if (!status && o->miss)
		status = read_number(&layout->miss, verb, "mispredict", o->miss, PRICE_MISS_MAX);
	return status;
}
