/* A line is a syscall, a tab, a count or share. Names the tables do not have are passed over. */

#include "freq.h"

#include "../compiler/tree/layout.h"

#include <stdio.h>
#include <string.h>

#define COUNTED 1e12 /* all calls together as integers: what layout_shares() takes */

static const char *base_name(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');

	return arena_text(arena, base, dot ? (size_t)(dot - base) : strlen(base));
}

static const uint32_t *shares(struct arena *arena, const double *count)
{
	uint64_t *whole = arena_alloc(arena, arch_syscall_count(), sizeof(*whole));
	double total = 0;

	for (size_t i = 0; i < arch_syscall_count(); i++)
		total += count[i];
	for (size_t i = 0; i < arch_syscall_count() && total > 0; i++)
		whole[i] = (uint64_t)(count[i] / total * COUNTED);
	return layout_shares(arena, whole);
}

bool freq_read(struct arena *arena, const char *path, struct freq *freq)
{
	double *count = arena_alloc(arena, arch_syscall_count(), sizeof(*count)), value;
	FILE *file = fopen(path, "r");
	char name[64];
	uint16_t id;

	if (!file) {
		perror(path);
		return false;
	}
	while (fscanf(file, "%63s %lf", name, &value) == 2) {
		if (arch_syscall_find(name, strlen(name), &id))
			count[id] += value;
	}
	bool whole = feof(file) && !ferror(file);
	fclose(file);
	if (!whole)
		fprintf(stderr, "%s: expected lines of a syscall and a count\n", path);
	*freq = (struct freq){base_name(arena, path), count, shares(arena, count)};
	return whole;
}
