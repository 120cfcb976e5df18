/* A frequency file has a syscall and a count (or a share) a line; '#' begins a comment. */

#include "layout_options.h"

#include "files.h"

#include "../compiler/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FREQ_MAX   ((size_t)1 << 20)
#define FREQ_SCALE 1000000.0 /* shares below 1 keep six digits */

static int bad_line(const char *path, size_t line, const char *what)
{
	fprintf(stderr, "winnow: %s:%zu: %s\n", path, line, what);
	return EXIT_INPUT;
}

/* One line, NUL-ended; the count is added to its syscall's. */
static int read_line(char *text, const char *path, size_t line, uint64_t *count, size_t *unknown)
{
	char *end, *name = strtok(text, " \t\r");
	uint16_t id;

	if (!name || *name == '#')
		return EXIT_DONE;
	char *number = strtok(NULL, " \t\r");
	double value = number ? strtod(number, &end) : -1;
	if (!number || end == number || *end || !(value >= 0) || value > 1e12)
		return bad_line(path, line, "expected a syscall and a count");
	if (arch_syscall_find(name, strlen(name), &id))
		count[id] += (uint64_t)(value * FREQ_SCALE / 4096);
	else
		++*unknown;
	return EXIT_DONE;
}

static int read_freq(struct layout *layout, struct arena *arena, const char *path)
{
	uint64_t *count = arena_alloc(arena, arch_syscall_count(), sizeof(*count));
	struct source source;
	size_t line = 1, unknown = 0;

	if (!files_read(arena, path, FREQ_MAX, &source))
		return EXIT_INPUT;
	for (size_t at = 0; at < source.len; line++) {
		const char *text = source.bytes + at, *newline = memchr(text, '\n', source.len - at);
		size_t len = newline ? (size_t)(newline - text) : source.len - at;
		int status = read_line(arena_text(arena, text, len), path, line, count, &unknown);
		if (status)
			return status;
		at += len + 1;
	}
	if (unknown)
		fprintf(stderr, "winnow: %s: %zu unknown syscalls are left out\n", path, unknown);
	layout->share = layout_shares(arena, count);
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
	unsigned major, minor;
	char *end;
	int status = EXIT_DONE;

	*layout = (struct layout){.objective = OBJECTIVE_TODAY};
	if (o->kernel) {
		if (sscanf(o->kernel, "%3u.%3u", &major, &minor) != 2)
			return usage(verb, "kernel '%s' is not of the form 6.1", o->kernel);
		bool bitmap = major > 5 || (major == 5 && minor >= 11);
		layout->objective = bitmap ? OBJECTIVE_BITMAP : OBJECTIVE_MIX;
	}
	if (o->objective)
		status = read_objective(layout, verb, o->objective);
	if (!status && o->freq)
		status = read_freq(layout, arena, o->freq);
	else
		layout->share = layout_mix(arena);
	if (!status && o->max_path) {
		unsigned long path = strtoul(o->max_path, &end, 10);
		if (!path || path > 4096 || *end)
			return usage(verb, "--max-path takes a number from 1 to 4096");
		layout->max_path = (unsigned)path;
	}
	return status;
}
