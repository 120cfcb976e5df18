/* The table of verbs. */

#include "options.h"
#include "../lib/version.h"

#include "../../arch/arch.h"
#include "../../compiler/base/base.h"

#include <stdio.h>

const struct verb *const verbs[] = {&verb_compile, &verb_resolve, &verb_disasm, &verb_sim,
	&verb_check, &verb_bench, &verb_arches, &verb_syscalls, &verb_verify, &verb_diff,
	&verb_subset, &verb_info, &verb_assert, &verb_smt, &verb_lint, &verb_explain,
	&verb_why, &verb_replay, &verb_explain_code, &verb_stats, &verb_tree, &verb_freq,
	&verb_install, &verb_status, &verb_pack, &verb_rollback, &verb_gc, &verb_merge,
	&verb_minimize, &verb_derive, &verb_version};
const size_t verb_count = countof(verbs);

const struct exit_text exit_texts[] = {
	{EXIT_DONE, "done"},
	{EXIT_FINDING, "a finding"},
	{EXIT_USAGE, "usage"},
	{EXIT_INPUT, "input unreadable or malformed"},
	{EXIT_COMPILE, "cannot be compiled"},
	{EXIT_HOST, "the host or kernel refused, or nothing was decided"},
	{EXIT_MISTAKE, "winnow's own mistake: nothing was written"},
	{0, NULL},
};

static int version(const struct parsed *p)
{
	(void)p;
	printf("winnow %s (syscall tables: Linux %s)\n", WINNOW_VERSION, arch_tables_kernel);
	return EXIT_DONE;
}

const struct verb verb_version = {
	.name = "version",
	.operands = "",
	.summary = "print the version, and that of the syscall tables",
	.examples = "winnow version\n",
	.run = version,
};
