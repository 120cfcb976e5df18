/* winnow stats: the figures of a filter, given or made from a profile. */

#include "../lib/build.h"
#include "../cli/files.h"
#include "layout_options.h"
#include "../cli/message.h"
#include "../cli/side.h"
#include "stats_report.h"

#include "../../compiler/logic/verdict.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_SIDE,
	TAKE(FORMAT),
	TAKES_LAYOUT,
	TAKE(FOLLOW),
};

/* The ABIs of a blob: those asked for, those it says it is for, or those it looks like. */
static int find_abis(struct sides *s, const struct side *side, const struct abi **abi, size_t *abis)
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
		*abis = stats_abis(&side->program, side->order, abi);
	if (*abis)
		return EXIT_DONE;
	message("%s: it asks for no audit arch winnow knows; --arch says which ABI to count for",
		side->name);
	return EXIT_INPUT;
}

static int read_options(struct sides *s, struct layout *layout, struct stats_request *request)
{
	const char *const *value = s->parsed->value;

	request->freq = value[OPT_FREQ];
	request->layout = layout;
	if (!stats_format_find(value[OPT_FORMAT] ? value[OPT_FORMAT] : "", &request->format))
		return usage(
			s->parsed->verb, "unknown format '%s'; one of text, json", value[OPT_FORMAT]);
	return layout_read(layout, &s->arena, s->parsed);
}

static int count_side(struct sides *s)
{
	const struct side *side = &s->side[0];
	const struct abi **found =
		arena_alloc(&s->arena, arch_abi_count, sizeof(const struct abi *));
	const struct abi *const *abi = found;
	struct stats_request request;
	struct layout layout;
	struct filter filter;
	struct buf b;
	size_t abis = 0;

	s->unread = true;
	int status = read_options(s, &layout, &request);
	status = status ? status : sides_read(s, 0, 1);
	if (status)
		return status;
	if (side->is_profile) {
		status = side_build(s, side, &layout, &filter);
		abi = side->policy->abi;
		abis = side->policy->abis;
	} else {
		status = find_abis(s, side, found, &abis);
		filter.program = side->program;
		if (side->described)
			filter.program.len = side->trailer.code;
	}
	if (status)
		return status;
	request.file = side->name;
	buf_init(&b, &s->arena);
	uint64_t undecided =
		stats_report(&b, &request, &filter.program, side->order, abi, abis);
	if (undecided) {
		undecided_print(&b, undecided);
		message("not decided: %s: %s", side->name, buf_string(&b));
		return EXIT_HOST;
	}
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return sides_run(p, count_side);
}

const struct verb verb_stats = {
	.name = "stats",
	.operands = "BLOB|PROFILE|-",
	.summary = "count what a filter costs: size, paths, what the kernel caches",
	.about =
		"All figures are counted and the same on every machine; those called estimates "
		"follow from\n"
		"them by a model. A profile is compiled first. For a filter --arch says which ABIs "
		"to count\n"
		"for; by default those it was made for.\n",
	.examples = "winnow stats web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
