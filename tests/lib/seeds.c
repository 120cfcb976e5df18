#include "seeds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool seeds_read(int argc, char **argv, struct seeds *s)
{
	int letter;

	while ((letter = getopt(argc, argv, "n:s:")) != -1) {
		uint64_t value = letter == '?' ? 0 : strtoull(optarg, NULL, 0);
		if (!value) {
			fprintf(stderr, "usage: %s [-n COUNT] [-s SEED]\n", argv[0]);
			return false;
		}
		*(letter == 'n' ? &s->count : &s->first) = value;
	}
	return true;
}

const struct abi *seeds_node(struct random *random, unsigned often)
{
	const struct abi *abi;

	do
		abi = &arch_abis[often && random_chance(random, often) ? 0 : random_below(random, arch_abi_count)];
	while (abi->guest);
	return abi;
}

void seeds_call(const struct call *call)
{
	printf(": audit arch 0x%08" PRIx32 ", number %" PRIu32 ", arguments", call->arch, call->nr);
	for (size_t i = 0; i < CALL_ARGS; i++)
		printf(" 0x%" PRIx64, call->args[i]);
}
