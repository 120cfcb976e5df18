/* winnow dump: the filters that a process is under, as blobs. */

#include "../cli/blob.h"
#include "../cli/files.h"
#include "../cli/message.h"

#include "../../backends/bpf/bytes.h"

#include <string.h>
#include <unistd.h>

static const struct taken takes[] = {
	{OPT_PID, "PID", "the process, or one of its threads by its own number (needed)"},
	{OPT_OUTPUT, "FILE", "where to; of several filters FILE.1, FILE.2, ..; default - for an only one"},
	{OPT_QUIET, NULL, "errors only"},
};

/* A blob does not hold flags. */
static const char *loaded(int log)
{
	if (log < 0)
		return "; whether it was loaded with SECCOMP_FILTER_FLAG_LOG this kernel does not say";
	return log ? "; loaded with SECCOMP_FILTER_FLAG_LOG (winnow-exec --log)" : "";
}

static int write_one(struct blob *b, const struct parsed *p, size_t i, const char *path)
{
	const struct program *program = &b->filters.program[i];
	struct buf bytes, which;

	buf_init(&bytes, &b->arena);
	bytes_write(&bytes, program, b->filters.order);
	if (!files_write(path, bytes.bytes, bytes.len))
		return EXIT_HOST;
	buf_init(&which, &b->arena);
	filters_which(&which, &b->filters, i);
	const char *colon = which.len ? ": " : "";  // buf_string() makes it longer

	if (!p->value[OPT_QUIET] && strcmp(path, "-") != 0)
		message("%s: %s%s%zu instructions%s", path, buf_string(&which), colon, program->len,
			loaded(b->filters.log[i]));
	return EXIT_DONE;
}

static int write_all(struct blob *b, const struct parsed *p)
{
	const char *output = p->value[OPT_OUTPUT] ? p->value[OPT_OUTPUT] : "-";
	int status = EXIT_DONE;

	if (b->filters.count == 1)
		return write_one(b, p, 0, output);
	if (strcmp(output, "-") == 0)
		return usage(p->verb, "'%s' is %zu filters: give -o FILE for FILE.1, FILE.2 and so on", b->name,
			b->filters.count);
	for (size_t i = 0; !status && i < b->filters.count; i++)
		status = write_one(b, p, i, buf_print(&b->arena, "%s.%zu", output, i + 1));
	return status;
}

static int dump(struct blob *b, const struct parsed *p)
{
	const char *output = p->value[OPT_OUTPUT];
	pid_t pid;

	if (!p->value[OPT_PID])
		return usage(p->verb, "--pid is needed: which process?");
	if (output && !*output)
		return usage(p->verb, "empty output path");
	if ((!output || strcmp(output, "-") == 0) && isatty(STDOUT_FILENO))
		return usage(p->verb, "binary output on a terminal; give -o FILE");
	b->name = buf_print(&b->arena, "pid:%s", p->value[OPT_PID]);
	if (!operand_pid(b->name, &pid))
		return usage(p->verb, "'%s' is no number of a process", p->value[OPT_PID]);
	int status = operand_process(&b->arena, b->name, pid, true, &b->filters);
	return status ? status : write_all(b, p);
}

static int run(const struct parsed *p)
{
	return blob_run(p, dump);
}

const struct verb verb_dump = {
	.name = "dump",
	.operands = "",
	.summary = "write the filters that a process is under as blobs",
	.about = "All of them, the oldest first: winnow-exec FILE.1 FILE.2 -- PROGRAM loads them again in that\n"
		 "order. Takes root (CAP_SYS_ADMIN), under no filter itself, and a kernel with\n"
		 "CONFIG_CHECKPOINT_RESTORE. Each thread has filters of its own: those of the main one are\n"
		 "written, and it is said which others are under other filters. Every thread is stopped for a\n"
		 "moment: system calls that wait may return EINTR. A file holds no flags: that a filter was\n"
		 "loaded with SECCOMP_FILTER_FLAG_LOG is said. explain, diff, subset, assert, verify, sim,\n"
		 "disasm, stats, check, audit and info take pid:PID in place of a file.\n",
	.examples = "winnow dump --pid 4711 -o live.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 0,
	.most = 0,
	.run = run,
};
