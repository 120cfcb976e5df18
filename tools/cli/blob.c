/* A blob has no header: its byte order is that of --arch, or the one in which its opcodes are
 * opcodes. */

#include "blob.h"

#include "files.h"
#include "message.h"

#include "../../backends/bpf/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *order_name(enum byte_order order)
{
	return order == ORDER_BIG ? "big" : "little";
}

int blob_program(struct arena *arena, const struct source *source, const struct abi *abi,
	enum byte_order *order, struct program *program)
{
	enum byte_order guess = ORDER_LITTLE; /* not used where there is none */

	if (!source->len) {
		message("%s: the filter is empty: there are no instructions", source->name);
		return EXIT_INPUT;
	}
	if (source->len % INSN_SIZE) {
		message("%s: %zu bytes are no filter: instructions have %d each", source->name,
			source->len, INSN_SIZE);
		return EXIT_INPUT;
	}
	bool guessed = bytes_guess(source->bytes, source->len, &guess);
	if (!abi && !guessed) {
		message("%s: no byte order makes sense of it; --arch says which to take",
			source->name);
		return EXIT_INPUT;
	}
	*order = abi ? abi->order : guess;
	if (guessed && *order != guess) {
		message("%s: the filter is %s-endian, %s is not", source->name, order_name(guess),
			abi->name);
		return EXIT_INPUT;
	}
	*program = bytes_read(arena, source->bytes, source->len, *order);
	return EXIT_DONE;
}

int blob_read(struct blob *b, const struct parsed *p, const char *arch, const char *path)
{
	struct source source;

	if (arch) {
		b->abi = option_abi(p->verb, arch, strlen(arch));
		if (!b->abi)
			return EXIT_USAGE;
	}
	if (!files_read(&b->arena, path, BLOB_MAX, &source))
		return EXIT_INPUT;
	b->name = source.name;
	return blob_program(&b->arena, &source, b->abi, &b->order, &b->program);
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
