/* winnow minimize: a profile said again in as few rules as are found. */

#include "../cli/message.h"
#include "../cli/one_profile.h"
#include "../cli/targets.h"
#include "../lib/merged.h"
#include "rounded.h"

static const struct taken takes[] = {
	TAKE(ARCH), TAKE(RUNTIME), TAKE(CAPS), TAKE(KERNEL), TAKE(INPUT_FORMAT), TAKE(ENTRY), TAKE(BASE_DIR),
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(NO_CACHE_KEY), TAKE(STRICT), TAKE(QUIET), {OPT_VERBOSE, NULL, "say what was read and made"},
	TAKE(COLOR), TAKE(FOLLOW),
};

static int minimize(struct one_profile *o)
{
	struct merge_side side = {.name = o->source.name, .profile = o->profile, .diags = &o->diags};
	struct merge merge = {.side = &side, .sides = 1, .node = &o->facts, .nodes = 1, .json = true, .terse = true,
		.diags = &o->diags};
	struct merge_json json = {.exact = false};
	struct mistake mistake;
	enum build built = merge_policy(&o->arena, &merge, &mistake);

	if (built == BUILD_DONE)
		built = merge_write(&o->arena, &merge, RESTATE_LEAVE, &json, &mistake);
	if (built == BUILD_DONE && !json.exact)
		rounded_tell(&merge, &json, false);
	int status = one_profile_findings(o);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&o->arena, o->source.name, &mistake);
	if (built == BUILD_REFUSED || status)
		return status ? status : EXIT_COMPILE;
	status = one_profile_write(o, &json.text);
	if (!status && one_profile_tells(o))
		message("%s: %zu bytes of %zu for %s, proved equal", one_profile_output(o), json.text.len, o->source.len,
			o->facts.native->name);
	return status;
}

static int run(const struct parsed *parsed)
{
	struct one_profile one;

	return one_profile_run(parsed, &one, NULL, minimize);
}

const struct verb verb_minimize = {
	.name = "minimize",
	.operands = "PROFILE|-",
	.summary = "say a profile again in as few rules as are found",
	.about = "Writes plain OCI JSON, as resolve does, of the same meaning on one node: without rules and\n"
		 "conditions that decide nothing, names sorted, conditions in one form. Proved equal before it\n"
		 "is written; minimized again it stays as it is.\n",
	.examples = "winnow minimize -a x86_64 -o short.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.rewrites = true,
	.run = run,
};
