/* winnow VERB ...: a table of verbs and a loop over it. Each verb is a file of its own. */

#include "files.h"
#include "message.h"
#include "options.h"
#include "../lib/version.h"

#include "../../arch/arch.h"
#include "../../compiler/base/suggest.h"

#include <stdio.h>
#include <string.h>

static const struct verb *const verbs[] = {&verb_compile, &verb_resolve, &verb_disasm, &verb_sim,
	&verb_check, &verb_bench, &verb_arches, &verb_syscalls, &verb_verify, &verb_diff,
	&verb_subset, &verb_info, &verb_assert, &verb_smt, &verb_lint, &verb_explain,
	&verb_why, &verb_replay, &verb_explain_code, &verb_stats, &verb_tree, &verb_freq, &verb_install, &verb_status,
	&verb_pack, &verb_rollback, &verb_gc, &verb_merge, &verb_minimize, &verb_derive, &verb_dump, &verb_record, &verb_audit};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < countof(verbs); i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

static int unknown_verb(const char *name)
{
	struct suggestion near = suggest_start(name, strlen(name));

	for (size_t i = 0; i < countof(verbs); i++)
		suggest_offer(&near, verbs[i]->name);
	if (near.best)
		message("unknown verb '%s'; did you mean '%s'?", name, near.best);
	else
		message("unknown verb '%s'", name);
	fprintf(stderr, "Try 'winnow --help'.\n");
	return EXIT_USAGE;
}

static void overview(FILE *out)
{
	fprintf(out,
		"winnow VERB [OPTION...] [OPERAND...]\n"
		"    Compiles seccomp profiles to classic-BPF filters, proved equal to the "
		"profile.\n\n");
	for (size_t i = 0; i < countof(verbs); i++)
		fprintf(out, "  %-14s%s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(out,
		"\n  help VERB, VERB --help      what a verb takes\n"
		"  --version                   version, and that of the syscall tables\n\n"
		"Exit status: 0 done, 1 a finding, 2 usage, 3 input unreadable or malformed,\n"
		"4 cannot be compiled, 5 the host or kernel refused, 70 winnow's own mistake.\n");
}

/* Standard output may be a full disk or a closed pipe: nothing printed there is lost unsaid, and a
 * finding that nobody can read is none. */
static int flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("winnow: standard output");
	return status == EXIT_DONE || status == EXIT_FINDING ? EXIT_HOST : status;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct parsed parsed;
	bool help;

	if (options_parse(&parsed, verb, argc, argv, &help))
		return verb->run(&parsed);
	if (help)
		options_help(verb);
	return help ? EXIT_DONE : EXIT_USAGE;
}

static int dispatch(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;

	if (!word) {
		overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(word, "--version") == 0) {
		printf("winnow %s (syscall tables: Linux %s)\n", WINNOW_VERSION,
			arch_tables_kernel);
		return EXIT_DONE;
	}
	bool help = strcmp(word, "help") == 0;
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (help && argc == 2)) {
		overview(stdout);
		return EXIT_DONE;
	}
	const struct verb *verb = find_verb(help ? argv[2] : word);
	if (!verb)
		return unknown_verb(help ? argv[2] : word);
	if (!help)
		return run_verb(verb, argc - 1, argv + 1);
	options_help(verb);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	files_start();
	return flushed(dispatch(argc, argv));
}
