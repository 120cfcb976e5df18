/*
 * pages DIR: manual pages and completion, made of the tables that `winnow help` reads.
 *
 * Exit status: 0, or 1 with the file that could not be written. Files that were begun stay: make runs
 * this into a folder of its own.
 */

#include "pages.h"

#include <limits.h>
#include <stdlib.h>

static void done(FILE *out, const char *path)
{
	bool bad = ferror(out) != 0;

	if (fclose(out) != 0 || bad) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

static FILE *begin(char path[PATH_MAX], const char *dir, const char *name, const char *suffix)
{
	int len = snprintf(path, PATH_MAX, "%s/%s%s", dir, name, suffix);
	FILE *out = len < PATH_MAX ? fopen(path, "w") : NULL;

	if (!out) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return out;
}

static void write_page(const char *dir, const char *name, void (*write)(FILE *))
{
	char path[PATH_MAX];
	FILE *out = begin(path, dir, name, "");

	write(out);
	done(out, path);
}

int main(int argc, char **argv)
{
	char path[PATH_MAX], name[64];

	if (argc != 2) {
		fprintf(stderr, "usage: pages DIR\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < verb_count; i++) {
		snprintf(name, sizeof(name), "winnow-%s", verbs[i]->name);
		FILE *out = begin(path, argv[1], name, ".1");
		man_verb(out, verbs[i]);
		done(out, path);
	}
	write_page(argv[1], "winnow.1", man_overview);
	write_page(argv[1], "winnow.bash", complete_bash);
	write_page(argv[1], "_winnow", complete_zsh);
	write_page(argv[1], "winnow.fish", complete_fish);
	return EXIT_SUCCESS;
}
