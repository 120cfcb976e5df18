/*
 * cgroups(7): /proc/self/cgroup has a line "ID:CONTROLLERS:PATH" for each hierarchy, version 2 without
 * controllers. Where both versions are mounted, systemd has version 2 in "unified"; whichever has the
 * memory controller has the files. Beyond memory.high a process is not killed but held up until it
 * hardly runs (Documentation/admin-guide/cgroup-v2.rst), so it is a limit here. A container often sees
 * another PATH than is mounted for it, so that what is not there is passed over and the way up ends at
 * the mount, which is the container's own cgroup then.
 */

#include "limits.h"

#include "../lib/build.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct {
	bool v2;
	const char *top, *file;
} places[] = {
	{false, "/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
	{true, "/sys/fs/cgroup", "memory.max"},
	{true, "/sys/fs/cgroup", "memory.high"},
	{true, "/sys/fs/cgroup/unified", "memory.max"},
	{true, "/sys/fs/cgroup/unified", "memory.high"},
};

#define LEAST  ((size_t)1 << 20)
#define SHARE  2 /* one of so many parts is for a profile */
#define TEXTS  8 /* and one of so many for the texts */

/* "max", and what version 1 has in place of it, are no limit. */
static size_t read_limit(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[32], *end = line;
	unsigned long long limit = 0;

	if (f && fgets(line, sizeof(line), f))
		limit = strtoull(line, &end, 10);
	if (f)
		fclose(f);
	return end > line && limit < BUILD_ARENA * SHARE ? (size_t)limit : 0;
}

static size_t smaller(size_t a, size_t b)
{
	return !a || (b && b < a) ? b : a;
}

static size_t limit_at(bool v2, const char *path)
{
	char name[2 * PATH_MAX];
	size_t limit = 0;

	for (size_t i = 0; i < countof(places); i++) {
		snprintf(name, sizeof(name), "%s%s/%s", places[i].top, path, places[i].file);
		if (places[i].v2 == v2)
			limit = smaller(limit, read_limit(name));
	}
	return limit;
}

/* On the way up; `path` begins with a slash and is cut from its end. */
static size_t smallest(bool v2, char *path)
{
	size_t limit = limit_at(v2, path);

	for (char *slash; (slash = strrchr(path, '/'));) {
		*slash = 0;
		limit = smaller(limit, limit_at(v2, path));
	}
	return limit;
}

/* "memory" among "cpu,memory". */
static bool has_memory(const char *controllers)
{
	const size_t len = strlen("memory");

	for (;;) {
		size_t word = strcspn(controllers, ",");
		if (word == len && memcmp(controllers, "memory", len) == 0)
			return true;
		if (!controllers[word])
			return false;
		controllers += word + 1;
	}
}

size_t limits_cgroup(void)
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	size_t limit = 0;

	while (f && fgets(line, sizeof(line), f)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			continue;
		*controllers++ = *path++ = 0;
		path[strcspn(path, "\n")] = 0;
		if (!*controllers || has_memory(controllers))
			limit = smaller(limit, smallest(!*controllers, path));
	}
	if (f)
		fclose(f);
	return limit;
}

static size_t address_space(void)
{
	struct rlimit space;

	return getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur < BUILD_ARENA * SHARE
		? (size_t)space.rlim_cur
		: 0;
}

void limits_read(struct limits *l, unsigned mib, unsigned seconds)
{
	size_t most = smaller(limits_cgroup(), address_space()), share = most / SHARE;

	if (!most || share > PROFILE_ARENA)
		share = PROFILE_ARENA;
	else if (share < LEAST)
		share = LEAST;
	*l = (struct limits){.memory = mib ? (size_t)mib << 20 : share,
		.seconds = seconds,
		.text = most ? most / TEXTS : SIZE_MAX,
		.most = most,
		.space = address_space() != 0,
		.asked = mib != 0};
}
