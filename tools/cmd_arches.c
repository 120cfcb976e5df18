/* winnow arches, winnow syscalls: what the tables know. */

#include "files.h"
#include "options.h"

#include "../arch/arch.h"
#include "../compiler/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int arches(const struct parsed *p)
{
	(void)p;
	printf("%-12s %-10s %4s %-6s %8s  %-23s %s\n", "ABI", "audit arch", "bits", "endian", "syscalls",
		"OCI name", "other names");
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
	.run = arches,
};

enum { ARCH, ROWS };
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH", "the ABI (default native)"},
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

static int look_up(const struct parsed *p, const struct abi *abi, const char *text)
{
	struct suggestion near = suggest_start(text, strlen(text));
	char *end;
	uint16_t id;
	uint32_t nr;

	unsigned long long number = strtoull(text, &end, 0);
	if (*text && !*end) {
		const char *name = number <= UINT32_MAX ? arch_nr_name(abi, (uint32_t)number) : NULL;
		if (name)
			printf("%llu %s\n", number, name);
		else
			fprintf(stderr, "winnow: %s has no syscall %s\n", abi->name, text);
		return name ? EXIT_DONE : EXIT_FINDING;
	}
	if (!arch_syscall_find(text, strlen(text), &id)) {
		for (size_t i = 0; i < arch_syscall_count(); i++)
			suggest_offer(&near, arch_syscall_name((uint16_t)i));
		fprintf(stderr, "winnow: no ABI has a syscall '%s'", text);
		if (near.best)
			fprintf(stderr, "; did you mean '%s'?", near.best);
		fprintf(stderr, "\n");
		return EXIT_FINDING;
	}
	uint32_t mux, code;
	if (arch_nr(abi, id, &nr))
		printf("%u %s\n", nr, text);
	if (arch_multiplexer(abi, id, &mux, &code))
		printf("%u %s as %s(%u, ...)\n", mux, text, arch_nr_name(abi, mux), code);
	else if (!arch_nr(abi, id, &nr)) {
		fprintf(stderr, "winnow: %s has no syscall '%s', other ABIs do\n", abi->name, text);
		return EXIT_FINDING;
	}
	(void)p;
	return EXIT_DONE;
}

static int syscalls(const struct parsed *p)
{
	const char *name = p->value[ARCH] ? p->value[ARCH] : "native";
	const struct abi *abi = strcmp(name, "native") == 0 ? arch_native() : arch_find(name, strlen(name));

	if (!abi)
		return usage(p->verb, "unknown architecture '%s'; 'winnow arches' lists them", name);
	return p->operands ? look_up(p, abi, p->operand[0]) : list_all(abi);
}

const struct verb verb_syscalls = {
	.name = "syscalls",
	.operands = "[NAME|NR]",
	.summary = "list an ABI's syscalls, or resolve one either way",
	.option = rows,
	.options = ROWS,
	.most = 1,
	.run = syscalls,
};
