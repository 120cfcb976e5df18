/* winnow arches, winnow syscalls: what the tables know. */

#include "../cli/call_words.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include "../../arch/arch.h"
#include "../../compiler/meaning/misnomer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int arches(const struct parsed *p)
{
	(void)p;
	printf("%-12s %-10s %4s %-6s %8s  %-23s %s\n", "ABI", "audit arch", "bits", "endian",
		"syscalls", "OCI name", "other names");
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		printf("%-12s 0x%08x %4u %-6s %8zu  %-23s", abi->name, abi->audit, abi->bits,
			abi->order == ORDER_BIG ? "big" : "little", arch_nr_count(abi), abi->oci);
		if (abi->moby && strcmp(abi->moby, abi->name) != 0)
			printf(" %s", abi->moby);
		for (const char *const *alias = abi->aliases; alias && *alias; alias++) {
			if (!abi->moby || strcmp(*alias, abi->moby) != 0)
				printf(" %s", *alias);
		}
		printf("\n");
	}
	printf("\nSyscall tables: Linux %s. Names are taken in any case, and as linux/NAME.\n",
		arch_tables_kernel);
	return EXIT_DONE;
}

const struct verb verb_arches = {
	.name = "arches",
	.operands = "",
	.summary = "list the ABIs, their names and tables",
	.examples = "winnow arches\n",
	.run = arches,
};

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "the ABI (default native)"},
};

struct call_row {
	uint32_t nr;
	const char *name;
};

static int by_number(const void *pa, const void *pb)
{
	const struct call_row *a = pa, *b = pb;

	return a->nr < b->nr ? -1 : a->nr > b->nr ? 1 : strcmp(a->name, b->name);
}

static int list_all(const struct abi *abi)
{
	struct call_row *row = calloc(arch_syscall_count(), sizeof(*row));
	size_t count = 0;

	if (!row) {
		perror("winnow");
		return EXIT_HOST;
	}
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		if (arch_nr(abi, (uint16_t)i, &row[count].nr))
			row[count++].name = arch_syscall_name((uint16_t)i);
	}
	qsort(row, count, sizeof(*row), by_number);
	for (size_t i = 0; i < count; i++)
		printf("%u %s\n", row[i].nr, row[i].name);
	free(row);
	return EXIT_DONE;
}

static int look_up_number(const struct abi *abi, uint64_t number, const char *text)
{
	const char *name = number <= UINT32_MAX ? arch_nr_name(abi, (uint32_t)number) : NULL;

	if (!name) {
		message("%s has no syscall %s", abi->name, text);
		return EXIT_FINDING;
	}
	printf("%u %s\n", (unsigned)number, name);
	return EXIT_DONE;
}

static int unknown_name(const char *name)
{
	const char *meant = misnomer_meant(NULL, name, strlen(name));

	if (meant)
		message("no ABI has a syscall '%s'; did you mean '%s'?", name, meant);
	else
		message("no ABI has a syscall '%s'", name);
	return EXIT_FINDING;
}

/* All ways in: by a number of its own, and through a multiplexer. */
static int look_up_name(const struct abi *abi, const char *name)
{
	uint16_t id;
	uint32_t nr, mux, code;

	if (!arch_syscall_find(name, strlen(name), &id))
		return unknown_name(name);
	bool direct = arch_nr(abi, id, &nr), multiplexed = arch_multiplexer(abi, id, &mux, &code);
	if (direct)
		printf("%u %s\n", nr, name);
	if (multiplexed)
		printf("%u %s as %s(%u, ...)\n", mux, name, arch_nr_name(abi, mux), code);
	if (direct || multiplexed)
		return EXIT_DONE;
	message("%s has no syscall '%s', other ABIs do", abi->name, name);
	return EXIT_FINDING;
}

static int look_up(const struct abi *abi, const char *text)
{
	uint32_t nr;

	return call_nr(text, abi, &nr) ? look_up_number(abi, nr, text) : look_up_name(abi, text);
}

static int syscalls(const struct parsed *p)
{
	const char *name = p->value[OPT_ARCH] ? p->value[OPT_ARCH] : "native";
	const struct abi *abi = option_abi(p->verb, name, strlen(name));

	if (!abi)
		return EXIT_USAGE;
	return p->operands ? look_up(abi, p->operand[0]) : list_all(abi);
}

const struct verb verb_syscalls = {
	.name = "syscalls",
	.operands = "[NAME|NR]",
	.summary = "list an ABI's syscalls, or resolve one either way",
	.examples = "winnow syscalls -a aarch64 openat\n"
		    "winnow syscalls -a x86_64 257\n",
	.takes = takes,
	.taken = countof(takes),
	.most = 1,
	.run = syscalls,
};
