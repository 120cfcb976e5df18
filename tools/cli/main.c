/* winnow VERB ...: finds the verb and runs it. verbs.c has the table; each verb is a file of its own. */

#include "files.h"
#include "message.h"
#include "options.h"
#include "overwrites.h"

#include "../../compiler/base/suggest.h"

#include <stdio.h>
#include <string.h>

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < verb_count; i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

static int unknown_verb(const char *name)
{
	struct suggestion near = suggest_start(name, strlen(name));

	for (size_t i = 0; i < verb_count; i++)
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
	for (size_t i = 0; i < verb_count; i++)
		fprintf(out, "  %-14s%s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(out,
		"\n  help VERB, VERB --help      what a verb takes\n"
		"  --version                   the same as version\n\n"
		"Exit status:\n");
	for (const struct exit_text *e = exit_texts; e->says; e++)
		fprintf(out, "  %-4d%s\n", e->status, e->says);
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

	if (options_parse(&parsed, verb, argc, argv, &help)) {
		int status = overwrites_refuse(&parsed);
		return status ? status : verb->run(&parsed);
	}
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
	if (strcmp(word, "--version") == 0)
		return verb_version.run(NULL);
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
