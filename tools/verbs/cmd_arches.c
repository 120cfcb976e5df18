/* winnow arches, winnow syscalls: what the tables know. */

#include "../cli/as_json.h"
#include "../cli/call_words.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include "../../arch/arch.h"
#include "../../compiler/meaning/misnomer.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX    16
#define TABLES_ARENA ((size_t)4 << 20)

struct job {
	const struct parsed *parsed;
	struct arena arena;
};

/* All but its own and the OCI's. */
static size_t other_names(const struct abi *abi, const char *name[static NAMES_MAX])
{
	size_t names = 0;

	if (abi->moby && strcmp(abi->moby, abi->name) != 0)
		name[names++] = abi->moby;
	for (const char *const *alias = abi->aliases; alias && *alias; alias++) {
		assert(names < NAMES_MAX);
		if (!abi->moby || strcmp(*alias, abi->moby) != 0)
			name[names++] = *alias;
	}
	return names;
}

static void print_arches(struct buf *b)
{
	const char *name[NAMES_MAX];

	buf_printf(b, "%-12s %-10s %4s %-6s %8s  %-23s %s\n", "ABI", "audit arch", "bits", "endian",
		"syscalls", "OCI name", "other names");
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		buf_printf(b, "%-12s 0x%08x %4u %-6s %8zu  %-23s", abi->name, abi->audit, abi->bits,
			abi->order == ORDER_BIG ? "big" : "little", arch_nr_count(abi), abi->oci);
		size_t names = other_names(abi, name);
		for (size_t n = 0; n < names; n++)
			buf_printf(b, " %s", name[n]);
		buf_text(b, "\n");
	}
	buf_printf(b, "\nSyscall tables: Linux %s. Names are taken in any case, and as linux/NAME.\n",
		arch_tables_kernel);
}

static void json_arches(struct buf *b)
{
	const char *name[NAMES_MAX];

	as_json_begin(b, "arches");
	buf_printf(b, ", \"tables\": \"%s\", \"abis\": [", arch_tables_kernel);
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		buf_printf(b,
			"%s\n {\"name\": \"%s\", \"arch\": %u, \"bits\": %u, \"order\": \"%s\", \"syscalls\": %zu, "
			"\"oci\": \"%s\", \"names\": [",
			i ? "," : "", abi->name, abi->audit, abi->bits, abi->order == ORDER_BIG ? "big" : "little",
			arch_nr_count(abi), abi->oci);
		size_t names = other_names(abi, name);
		for (size_t n = 0; n < names; n++)
			buf_printf(b, "%s\"%s\"", n ? ", " : "", name[n]);
		buf_text(b, "]}");
	}
	buf_text(b, "]}\n");
}

static int run_arches(void *context)
{
	struct job *job = context;
	struct buf b;
	bool json;

	if (as_json_wanted(job->parsed, &json))
		return EXIT_USAGE;
	buf_init(&b, &job->arena);
	(json ? json_arches : print_arches)(&b);
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int arches(const struct parsed *p)
{
	struct job job = {.parsed = p};

	return in_arena(&job.arena, TABLES_ARENA, NULL, run_arches, &job);
}

static const struct taken arches_takes[] = {TAKE(FORMAT)};

const struct verb verb_arches = {
	.name = "arches",
	.operands = "",
	.summary = "list the ABIs, their names and tables",
	.examples = "winnow arches\n",
	.takes = arches_takes,
	.taken = countof(arches_takes),
	.run = arches,
};

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "the ABI (default native)"}, TAKE(FORMAT),
};

struct call_row {
	uint32_t nr;
	const char *name;
	const struct abi *through; /* its multiplexer has the number; NULL: it is the call's own */
	uint32_t code;
};

static int by_number(const void *pa, const void *pb)
{
	const struct call_row *a = pa, *b = pb;

	return a->nr < b->nr ? -1 : a->nr > b->nr ? 1 : strcmp(a->name, b->name);
}

static void list_all(const struct abi *abi, struct call_row *row, size_t *rows)
{
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		if (arch_nr(abi, (uint16_t)i, &row[*rows].nr))
			row[(*rows)++].name = arch_syscall_name((uint16_t)i);
	}
	qsort(row, *rows, sizeof(*row), by_number);
}

static void look_up_number(
	const struct abi *abi, uint32_t number, const char *text, struct call_row *row, size_t *rows)
{
	const char *name = arch_nr_name(abi, number);

	if (name)
		row[(*rows)++] = (struct call_row){.nr = number, .name = name};
	else
		message("%s has no syscall %s", abi->name, text);
}

static void unknown_name(const char *name)
{
	const char *meant = misnomer_meant(NULL, name, strlen(name));

	if (meant)
		message("no ABI has a syscall '%s'; did you mean '%s'?", name, meant);
	else
		message("no ABI has a syscall '%s'", name);
}

/* All ways in: by a number of its own, and through a multiplexer. */
static void look_up_name(const struct abi *abi, const char *name, struct call_row *row, size_t *rows)
{
	uint16_t id;
	uint32_t nr, code;

	if (!arch_syscall_find(name, strlen(name), &id)) {
		unknown_name(name);
		return;
	}
	if (arch_nr(abi, id, &nr))
		row[(*rows)++] = (struct call_row){.nr = nr, .name = name};
	if (arch_multiplexer(abi, id, &nr, &code))
		row[(*rows)++] = (struct call_row){.nr = nr, .name = name, .through = abi, .code = code};
	if (!*rows)
		message("%s has no syscall '%s', other ABIs do", abi->name, name);
}

static void print_rows(struct buf *b, const struct abi *abi, const struct call_row *row, size_t rows)
{
	(void)abi;
	for (size_t i = 0; i < rows; i++) {
		buf_printf(b, "%u %s", row[i].nr, row[i].name);
		if (row[i].through)
			buf_printf(b, " as %s(%u, ...)", arch_nr_name(row[i].through, row[i].nr), row[i].code);
		buf_text(b, "\n");
	}
}

static void json_rows(struct buf *b, const struct abi *abi, const struct call_row *row, size_t rows)
{
	as_json_begin(b, "syscalls");
	buf_printf(b, ", \"tables\": \"%s\", \"abi\": \"%s\", \"syscalls\": [", arch_tables_kernel, abi->name);
	for (size_t i = 0; i < rows; i++) {
		buf_printf(b, "%s\n {\"nr\": %u, \"name\": \"%s\", \"through\": ", i ? "," : "", row[i].nr,
			row[i].name);
		if (row[i].through)
			buf_printf(b, "{\"name\": \"%s\", \"code\": %u}}",
				arch_nr_name(row[i].through, row[i].nr), row[i].code);
		else
			buf_text(b, "null}");
	}
	buf_text(b, "]}\n");
}

static int run_syscalls(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	const char *name = p->value[OPT_ARCH] ? p->value[OPT_ARCH] : "native";
	const struct abi *abi = option_abi(p->verb, name, strlen(name));
	struct call_row *row = arena_alloc(&job->arena, arch_syscall_count() + 2, sizeof(*row));
	size_t rows = 0;
	uint32_t nr;
	struct buf b;
	bool json;

	if (!abi || as_json_wanted(p, &json))
		return EXIT_USAGE;
	if (!p->operands)
		list_all(abi, row, &rows);
	else if (call_nr(p->operand[0], abi, &nr))
		look_up_number(abi, nr, p->operand[0], row, &rows);
	else
		look_up_name(abi, p->operand[0], row, &rows);
	buf_init(&b, &job->arena);
	(json ? json_rows : print_rows)(&b, abi, row, rows);
	if (!files_print(&b))
		return EXIT_HOST;
	return rows ? EXIT_DONE : EXIT_FINDING;
}

static int syscalls(const struct parsed *p)
{
	struct job job = {.parsed = p};

	return in_arena(&job.arena, TABLES_ARENA, NULL, run_syscalls, &job);
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
