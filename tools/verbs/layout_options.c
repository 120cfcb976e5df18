/* The objective, the weights and the bounds of a layout. */

#include "layout_options.h"

#include "../cli/node_options.h"
#include "../evidence/trace.h"

#include "../../compiler/base/base.h"
#include "../../compiler/tree/search.h"

#include <stdlib.h>
#include <string.h>

static int read_freq(struct layout *layout, struct arena *arena, const struct parsed *p)
{
	const char *path = p->value[OPT_FREQ];
	struct trace trace;

	trace_init(&trace, arena);
	int status = trace_read(&trace, path, p->value[OPT_FOLLOW] != NULL);
	if (status)
		return status;
	evidence_tell(&trace.evidence);
	layout->share = trace_shares(&trace);
	layout->measured = true;
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

int layout_read(struct layout *layout, struct arena *arena, const struct parsed *p)
{
	const char *newest = p->value[OPT_TARGET_KERNEL], *what = p->value[OPT_OPTIMISE];
	const char *path = p->value[OPT_MAX_PATH], *miss = p->value[OPT_MISPREDICT];
	struct kernel_version kernel = {0};
	int status = EXIT_DONE;

	*layout = (struct layout){.objective = OBJECTIVE_TODAY};
	if (newest) {
		status = node_read_kernel(p->verb, newest, &kernel);
		if (status)
			return status;
		bool bitmap = kernel.major > 5 || (kernel.major == 5 && kernel.minor >= 11);
		layout->objective = bitmap ? OBJECTIVE_BITMAP : OBJECTIVE_MIX;
	}
	if (what)
		status = read_objective(layout, p->verb, what);
	if (!status && p->value[OPT_FREQ])
		status = read_freq(layout, arena, p);
	else
		layout->share = layout_mix(arena);
	if (!status && path)
		status = option_number(p->verb, "max-path", path, 1, 4096, &layout->max_path);
	if (!status && miss)
		status = option_number(
			p->verb, "mispredict", miss, 0, PRICE_MISS_MAX, &layout->miss);
	return status;
}
