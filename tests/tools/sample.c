/* A random profile on standard output: sample SEED ARCH. The same for the same seed on every host.
 */

#include "tests/lib/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	static struct arena arena;
	static struct sample sample;
	const struct abi *native = argc == 3 ? arch_find(argv[2], strlen(argv[2])) : NULL;
	struct buf text;

	if (!native || native->guest) {
		fprintf(stderr, "usage: sample SEED ARCH\n");
		return 2;
	}
	arena_init(&arena, (size_t)64 << 20);
	if (setjmp(arena.out))
		return 1;
	struct random random = random_start(strtoull(argv[1], NULL, 10) + 1);
	sample_make(&random, &sample_classes[random_below(&random, sample_class_count)], native,
		&sample);
	buf_init(&text, &arena);
	sample_write(&text, &sample);
	bool ok = fwrite(text.bytes, 1, text.len, stdout) == text.len;
	arena_free(&arena);
	return ok ? 0 : 1;
}
