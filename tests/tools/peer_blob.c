/*
 * libseccomp's filter for a profile, written to a file: peer_blob PROFILE ARCH LEVEL BLOB. Exits 77
 * where it cannot be had, and says why.
 */

#include "tests/lib/peer.h"

#include "backends/bpf/bytes.h"
#include "tools/lib/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANNOT 77

static bool read_source(struct arena *arena, const char *path, struct source *source)
{
	FILE *file = fopen(path, "rb");
	char *bytes = arena_alloc(arena, SOURCE_MAX, 1);

	if (!file)
		return false;
	*source = (struct source){path, bytes, fread(bytes, 1, SOURCE_MAX, file), false};
	return fclose(file) == 0;
}

static bool write_blob(const char *path, const struct buf *b)
{
	FILE *file = fopen(path, "wb");

	return file && fwrite(b->bytes, 1, b->len, file) == b->len && fclose(file) == 0;
}

/* Why there is no filter: names it does not know, as a rule. */
static int complain(const struct ruleset *set, enum peer done)
{
	bool *told = calloc(arch_syscall_count(), sizeof(*told));
	const char *comma = " ";
	char version[32];

	peer_version(version);
	fprintf(stderr, "peer_blob: libseccomp %s makes no filter for %s: ", version,
		set->abi[0]->name);
	if (!peer_has_abi(set->abi[0]))
		fprintf(stderr, "it does not have that ABI");
	else if (done == PEER_CONFLICT)
		fprintf(stderr, "a rule contradicts another");
	else
		fprintf(stderr, "it refuses a rule; names it does not know:");
	for (size_t i = 0; told && done == PEER_FAILED && i < set->rules; i++) {
		uint16_t id = set->rule[i].syscall;
		if (peer_knows(id) || told[id])
			continue;
		told[id] = true;
		fprintf(stderr, "%s%s", comma, arch_syscall_name(id));
		comma = ", ";
	}
	fprintf(stderr, "\n");
	free(told);
	return CANNOT;
}

static int run(struct arena *arena, char **argv)
{
	const struct node_facts node = {.native = arch_find(argv[2], strlen(argv[2]))};
	struct source source;
	struct diags diags;
	struct peer_file file;
	struct program program;
	struct buf b;

	if (!node.native || !read_source(arena, argv[1], &source))
		return 1;
	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(arena, profile, &node, &diags) : NULL;
	if (!set)
		return 1;
	if (!peer_open(&file)) {
		fprintf(stderr, "peer_blob: libseccomp cannot be asked here\n");
		return CANNOT;
	}
	enum peer done =
		peer_filter(arena, &file, set, (unsigned)strtoul(argv[3], NULL, 10), &program);
	peer_close(&file);
	if (done != PEER_DONE)
		return complain(set, done);
	buf_init(&b, arena);
	bytes_write(&b, &program, set->abi[0]->order);
	return write_blob(argv[4], &b) ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct arena arena;

	if (argc != 5)
		return 2;
	arena_init(&arena, BUILD_ARENA);
	int status = setjmp(arena.out) ? 1 : run(&arena, argv);
	arena_free(&arena);
	return status;
}
