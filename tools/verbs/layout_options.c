/* The objective, the weights and the bounds of a layout. */

#include "layout_options.h"

#include "../cli/node_options.h"
#include "../evidence/trace.h"

#include "../../compiler/base/base.h"
#include "../../compiler/tree/search.h"

#include <stdlib.h>
#include <string.h>

static int read_freq(struct layout *layout, struct arena *arena, const char *path, bool follow)
{
	struct trace trace;

	trace_init(&trace, arena);
	int status = trace_read(&trace, path, follow);
	if (status)
		return status;
	evidence_tell(&trace.evidence);
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
		status = read_freq(layout, arena, o->freq, o->follow);
	else
		layout->share = layout_mix(arena);
	if (!status && o->max_path)
		status = option_number(
			verb, "max-path", o->max_path, 1, 4096, &layout->max_path);
	if (!status && o->miss)
		status = option_number(
			verb, "mispredict", o->miss, 0, PRICE_MISS_MAX, &layout->miss);
	return status;
}
