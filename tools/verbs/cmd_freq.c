/* winnow freq: recorded calls in, a frequency file out. */

#include "../cli/blob.h"
#include "../cli/files.h"
#include "../evidence/trace.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	const char *name;
	double count;
};

static const struct taken takes[] = {TAKE(FOLLOW)};

static int by_count(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool is_whole(double count)
{
	return count == (double)(uint64_t)count;
}

static void print_counts(struct buf *b, const double *count)
{
	struct entry *entry = arena_alloc(b->arena, arch_syscall_count(), sizeof(*entry));
	size_t entries = 0;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (count[id] > 0)
			entry[entries++] =
				(struct entry){arch_syscall_name((uint16_t)id), count[id]};
	}
	qsort(entry, entries, sizeof(*entry), by_count);
	for (size_t i = 0; i < entries; i++)
		buf_printf(b, is_whole(entry[i].count) ? "%s\t%.0f\n" : "%s\t%.9g\n", entry[i].name,
			entry[i].count);
}

static int freq(struct blob *blob, const struct parsed *p)
{
	struct trace trace;
	struct buf b;

	trace_init(&trace, &blob->arena);
	for (size_t i = 0; i < p->operands; i++) {
		int status = trace_read(&trace, p->operand[i], p->value[OPT_FOLLOW] != NULL);
		if (status)
			return status;
	}
	evidence_tell(&trace.evidence);
	buf_init(&b, &blob->arena);
	print_counts(&b, trace.count);
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return blob_run(p, freq);
}

const struct verb verb_freq = {
	.name = "freq",
	.operands = "TRACE|-...",
	.summary = "make a frequency file of recorded syscalls",
	.about = "Reads tables (strace -c, perf trace -s), logs (strace -f, perf trace, audit), "
		 "recorded\n"
		 "profiles and frequency files, each told by its content, and prints "
		 "'name<TAB>count' "
		 "lines,\n"
		 "the commonest first. Several are added up. compile --freq takes any of these "
		 "too.\n",
	.examples = "winnow freq strace.log >web.freq\n",
	.least = 1,
	.most = SIZE_MAX,
	.takes = takes,
	.taken = countof(takes),
	.run = run,
};
