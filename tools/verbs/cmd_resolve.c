/* winnow resolve: what a runtime makes of a profile on one node, as plain OCI JSON. */

#include "../cli/message.h"
#include "../cli/one_profile.h"
#include "../cli/targets.h"
#include "../lib/merged.h"
#include "../lib/flatten_proved.h"

static const struct taken takes[] = {
	TAKE(ARCH), TAKE(RUNTIME), TAKE(LIBSECCOMP), TAKE(RUNTIME_FEATURES), TAKE(CAPS), TAKE(KERNEL),
	{OPT_ENOSYS, "HOW", "rules for newer syscalls: off (default), table, runc"},
	TAKE(NARROW_INT_ARGS), TAKE(COMPLAIN), TAKE(NO_CACHE_KEY), TAKE(INPUT_FORMAT), TAKE(ENTRY), TAKE(BASE_DIR),
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(STRICT), TAKE(QUIET),
	{OPT_VERBOSE, NULL, "say what was read and checked"},
	TAKE(COLOR), TAKE(FOLLOW),
};

/* Rules that compare no more of an argument than the kernel takes, where some can be found. */
static enum build narrow(struct one_profile *o, struct buf *text, struct mistake *mistake)
{
	struct merge_side side = {.name = o->source.name, .profile = o->profile, .diags = &o->diags};
	struct merge merge = {.side = &side, .sides = 1, .node = &o->facts, .nodes = 1, .json = true,
		.diags = &o->diags};
	struct merge_json json = {.exact = false};
	enum build built = merge_policy(&o->arena, &merge, mistake);

	if (built == BUILD_DONE)
		built = merge_write(&o->arena, &merge, RESTATE_HINT, &json, mistake);
	*text = json.text;
	return built == BUILD_DONE && diags_failed(&o->diags) ? BUILD_REFUSED : built;
}

static int resolve_profile(struct one_profile *o)
{
	struct mistake mistake;
	struct buf text;
	enum build built = o->facts.narrow
		? narrow(o, &text, &mistake)
		: flatten_proved(&o->arena, o->profile, &o->facts, NULL, &o->diags, &text, &mistake);
	int status = one_profile_findings(o);

	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&o->arena, o->source.name, &mistake);
	status = status ? status : one_profile_write(o, &text);
	if (!status && one_profile_tells(o))
		message("%s: %zu bytes for %s, read alike by all runtimes", one_profile_output(o), text.len,
			o->facts.native->name);
	return status;
}

static int run(const struct parsed *parsed)
{
	struct one_profile one;

	return one_profile_run(parsed, &one, NULL, resolve_profile);
}

const struct verb verb_resolve = {
	.name = "resolve",
	.operands = "PROFILE|-",
	.summary = "write a profile as plain OCI JSON that every runtime reads alike",
	.about = "Decides what depends on runtime, architecture, capabilities and kernel, and "
		 "writes\n"
		 "what is left: names, architectures and errnos, nothing to be read in two ways. "
		 "The\n"
		 "result is read back as each runtime would and proved equal before it is "
		 "written.\n",
	.examples = "winnow resolve -a x86_64 --runtime docker -o plain.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.rewrites = true,
	.run = run,
};
