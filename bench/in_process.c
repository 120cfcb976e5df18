/*
 * What a runtime does at each start, in process, beside libseccomp: in_process CONFIG.json ARCH [ROUNDS]
 *
 * winnow has the text of config.json and makes a proved filter of its linux.seccomp. libseccomp is handed the rules
 * that winnow has found there, one by one as runc does, and exports its filter: reading JSON and finding out what
 * conditions come to is not counted for it. ROUNDS of each, the least and the median; one of each without, for those
 * who count instructions (bench/library).
 */

#include "../include/winnow-compile.h"
#include "../tools/lib/build.h"

#ifdef HAVE_LIBSECCOMP
#include "../tests/lib/peer.h"
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES_MAX ((size_t)16 << 20)

static char text[BYTES_MAX];
static size_t length;
static const char *arch;
static const struct ruleset *set;
static struct arena arena;

/* Each by a name of its own, which the profiler tells. Instructions, trailer included; 0: no filter. */
__attribute__((noinline)) size_t by_winnow(void);
__attribute__((noinline)) size_t by_libseccomp_level_1(void);
__attribute__((noinline)) size_t by_libseccomp_level_2(void);

size_t by_winnow(void)
{
	const struct winnow_options options = {.size = sizeof(options), .arch = arch};
	struct winnow_blob blob = {.size = sizeof(blob)};
	struct winnow_side *side;
	enum winnow_status status = winnow_profile(&options, "config.json", text, length, &side);

	status = status ? status : winnow_compile(side);
	status = status ? status : winnow_blob(side, 0, &blob);
	if (status)
		fprintf(stderr, "in_process: %s\n", winnow_error(side));
	winnow_free(side);
	return status ? 0 : blob.length / 8;
}

static size_t by_libseccomp(unsigned level)
{
#ifdef HAVE_LIBSECCOMP
	struct peer_file file;
	struct program program;
	struct arena_mark mark = arena_mark(&arena);

	if (!peer_open(&file))
		return 0;
	size_t len = peer_filter(&arena, &file, set, level, &program) == PEER_DONE ? program.len : 0;
	peer_close(&file);
	arena_release(&arena, mark);
	return len;
#else
	(void)level;
	return 0;
#endif
}

size_t by_libseccomp_level_1(void)
{
	return by_libseccomp(1);
}

size_t by_libseccomp_level_2(void)
{
	return by_libseccomp(2);
}

static const struct {
	const char *name;
	size_t (*make)(void);
} makers[] = {
	{"winnow, JSON to proved filter", by_winnow},
	{"libseccomp 1, rules to filter", by_libseccomp_level_1},
	{"libseccomp 2, rules to filter", by_libseccomp_level_2},
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(size_t maker, size_t rounds)
{
	double *took = arena_alloc(&arena, rounds + 1, sizeof(*took));
	size_t len = 0;

	for (size_t i = 0; i < rounds || !i; i++) {
		double start = now();
		len = makers[maker].make();
		took[i] = now() - start;
	}
	qsort(took, rounds, sizeof(*took), by_size);
	if (!len)
		printf("SKIP: %s: no filter\n", makers[maker].name);
	else if (rounds)
		printf("| %s | %zu | %.3f | %.3f |\n", makers[maker].name, len, took[0], took[rounds / 2]);
	else
		printf("| %s | %zu | %zu |\n", makers[maker].name, len, maker);
}

/* The rules as the node's runtime hands them over. */
static const struct ruleset *find_rules(const struct source *source)
{
	const struct node_facts node = {.native = arch_find(arch, strlen(arch))};
	struct diags diags;

	diags_init(&diags, &arena, source);
	const struct profile *profile = node.native ? build_profile(&arena, source, &diags) : NULL;
	return profile ? select_rules(&arena, profile, &node, &diags) : NULL;
}

int main(int argc, char **argv)
{
	FILE *in = argc > 2 ? fopen(argv[1], "rb") : NULL;

	if (!in) {
		fprintf(stderr, "usage: in_process CONFIG.json ARCH [ROUNDS]\n");
		return 2;
	}
	length = fread(text, 1, sizeof(text), in);
	fclose(in);
	arch = argv[2];
	arena_init(&arena, (size_t)1 << 30);
	if (setjmp(arena.out))
		return 5;
	const struct source source = {.name = argv[1], .bytes = text, .len = length};
	set = find_rules(&source);
	if (!set)
		return 3;
#ifdef HAVE_LIBSECCOMP
	char version[32];
	peer_version(version);
	printf("libseccomp %s\n", version);
#endif
	for (size_t i = 0; i < countof(makers); i++)
		measure(i, argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	arena_free(&arena);
	return 0;
}
