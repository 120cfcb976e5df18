/* winnow stats: the figures of a filter, given or made from a profile. */

#include "../lib/build.h"
#include "../cli/files.h"
#include "layout_options.h"
#include "../cli/message.h"
#include "../cli/comparison.h"
#include "stats_report.h"

#include "../../compiler/logic/verdict.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_COMPARISON,
	TAKE(FORMAT),
	TAKES_LAYOUT,
	TAKE(FOLLOW),
};

/* The ABIs of a blob: those asked for, those it says it is for, or those it looks like. */
static int find_abis(struct comparison *s, const struct comparand *side, const struct program *program,
	const struct abi **abi, size_t *abis)
{
	const char *list = s->parsed->value[OPT_ARCH], *word;
	size_t len;

	while (next_word(&list, &word, &len)) {
		abi[*abis] = option_abi(s->parsed->verb, word, len);
		if (!abi[*abis])
			return EXIT_USAGE;
		*abis += *abis + 1 < arch_abi_count;
	}
	if (!*abis && side->described)
		list = trailer_value(&s->arena, &side->trailer, "abis");
	for (; list && *list && !s->parsed->value[OPT_ARCH]; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		const struct abi *claimed = arch_find(list, len);
		if (claimed && *abis < arch_abi_count)
			abi[(*abis)++] = claimed;
	}
	if (!*abis)
		*abis = stats_abis(program, side->order, abi);
	if (*abis)
		return EXIT_DONE;
	message("%s: it asks for no audit arch winnow knows; --arch says which ABI to count for",
		side->name);
	return EXIT_INPUT;
}

static int read_options(struct comparison *s, struct layout *layout, struct stats_request *request)
{
	const char *const *value = s->parsed->value;

	request->freq = value[OPT_FREQ];
	request->layout = layout;
	if (!stats_format_find(value[OPT_FORMAT] ? value[OPT_FORMAT] : "", &request->format))
		return usage(
			s->parsed->verb, "unknown format '%s'; one of text, json", value[OPT_FORMAT]);
	return layout_read(layout, &s->arena, s->parsed);
}

static int count_program(struct buf *b, struct comparison *s, struct stats_request *request,
	const struct program *program, const struct abi *const *abi, size_t abis)
{
	const struct comparand *side = &s->side[0];
	struct buf why;

	request->file = side->name;
	uint64_t undecided = stats_report(b, request, program, side->order, abi, abis);
	if (!undecided)
		return EXIT_DONE;
	buf_init(&why, &s->arena);
	undecided_print(&why, undecided);
	message("not decided: %s: %s", side->name, buf_string(&why));
	return EXIT_HOST;
}

/* Filter by filter: each costs its own. */
static int count_filters(struct buf *b, struct comparison *s, struct stats_request *request)
{
	const struct comparand *side = &s->side[0];
	const struct abi **abi = arena_alloc(&s->arena, arch_abi_count, sizeof(const struct abi *));
	int status = EXIT_DONE;

	for (size_t i = 0; !status && i < side->filters.count; i++) {
		struct program program = side->filters.program[i];
		size_t abis = 0;
		status = find_abis(s, side, &program, abi, &abis);
		if (side->described)
			program.len = side->trailer.code;
		if (request->format == STATS_TEXT && side->filters.count > 1) {
			filters_which(b, &side->filters, i);
			buf_text(b, ":\n");
		}
		status = status ? status : count_program(b, s, request, &program, abi, abis);
	}
	return status;
}

static int count_side(struct comparison *s)
{
	const struct comparand *side = &s->side[0];
	struct stats_request request;
	struct layout layout;
	struct filter filter;
	struct buf b;

	s->unread = true;
	int status = read_options(s, &layout, &request);
	status = status ? status : comparison_read(s, 0, 1);
	if (status)
		return status;
	buf_init(&b, &s->arena);
	if (side->is_profile) {
		status = comparand_build(s, side, &layout, &filter);
		if (!status)
			status = count_program(&b, s, &request, &filter.program, side->policy->abi,
				side->policy->abis);
	} else {
		status = count_filters(&b, s, &request);
	}
	if (status)
		return status;
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return comparison_run(p, count_side);
}

const struct verb verb_stats = {
	.name = "stats",
	.operands = "BLOB|PROFILE|pid:PID|-",
	.summary = "count what a filter costs: size, paths, what the kernel caches",
	.about =
		"All figures are counted and the same on every machine; those called estimates "
		"follow from\n"
		"them by a model. A profile is compiled first. For a filter --arch says which ABIs "
		"to count\n"
		"for; by default those it was made for. Of a process each filter has its own figures.\n",
	.examples = "winnow stats web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
