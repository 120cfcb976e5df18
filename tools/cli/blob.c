/* In: a verb and its operand. Out: filters in an arena. */

#include "blob.h"

#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int blob_read(struct blob *b, const struct parsed *p, const char *arch, const char *path)
{
	struct operand operand;

	if (arch) {
		b->abi = option_abi(p->verb, arch, strlen(arch));
		if (!b->abi)
			return EXIT_USAGE;
	}
	int status = operand_read(&b->arena, p, path, BLOB_MAX, &operand);
	b->name = operand.name;
	return status ? status : operand_filters(&b->arena, &operand, b->abi, &b->filters);
}

int blob_run(const struct parsed *p, int (*verb)(struct blob *, const struct parsed *))
{
	struct blob *b = calloc(1, sizeof(*b));
	volatile int status = EXIT_HOST; /* survives the jump */

	if (!b) {
		perror("winnow");
		return EXIT_HOST;
	}
	arena_init(&b->arena, (size_t)256 << 20);
	if (setjmp(b->arena.out))
		message("out of memory");
	else
		status = verb(b, p);
	arena_free(&b->arena);
	free(b);
	return status;
}
