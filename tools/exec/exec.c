/*
 * winnow-exec [OPTION...] BLOB... -- PROGRAM [ARG...]: PROGRAM under the filters in the blobs.
 *
 * In: the stack as the kernel hands it to a new program. Out: another program, or an exit status:
 * 125 for what is our own failure, 126 for a program that cannot be executed, 127 for one that is
 * not there.
 *
 * All blobs are read and checked before the first is loaded, so that a mistake in the last leaves
 * no filter behind, and so that the first need not allow what reading the second takes. There is no
 * libc, and no writable memory but the stack and, as stacks may be small, a heap for the blobs.
 */

#include "load.h"
#include "path.h"
#include "permits.h"
#include "say.h"
#include "syscalls.h"

#define AT_FDCWD  (-100)
#define O_CLOEXEC 02000000 /* but on alpha, parisc and sparc */

enum { EXIT_OWN = 125, EXIT_NOEXEC = 126, EXIT_NOENT = 127 };

/*
 * Room for all blobs together: what the kernel lets a task have, 32768 instructions in all (kernel/
 * seccomp.c MAX_INSNS_PER_PATH), and a byte that tells of too much.
 */
#define PILE_MAX  (32768 * sizeof(struct insn) + 1)
#define BLOBS_MAX 256

struct pile {
	size_t size[BLOBS_MAX];
	unsigned char bytes[PILE_MAX];
};

/* The command line, cut into its parts. */
struct command {
	unsigned flags;
	const char *blob[BLOBS_MAX];
	size_t blobs;
	char **program; /* and its arguments; "--" is in front */
};

static const char usage[] =
	"winnow-exec [OPTION...] BLOB... -- PROGRAM [ARG...]\n"
	"    Runs PROGRAM, searched for in PATH, under the seccomp filters in the BLOBs, loaded "
	"in\n"
	"    their order. Nothing is loaded unless all are sound. A - is standard input. Each has\n"
	"    to allow what loads those behind it: seccomp, or prctl where Linux is older than 3.17.\n"
	"\n"
	"  --log            log what the filters do not allow\n"
	"  --tsync          load for all threads; here there is one\n"
	"  --spec-allow     leave out the mitigation of speculative store bypass\n"
	"  --wait-killable  calls under NOTIFY wait killably; kernels take it with a listener "
	"only\n"
	"  --no-check       load whatever the kernel takes\n"
	"  --help           this text\n"
	"\n"
	"Exit status: PROGRAM's; 125 if winnow-exec fails, 126 if PROGRAM cannot be executed, 127 "
	"if\n"
	"it is not there.";

static _Noreturn void leave(int status)
{
	syscall5(NR_exit_group, status, 0, 0, 0, 0);
	__builtin_trap(); /* a filter of ours would not let us */
}

static _Noreturn void misused(const char *what, const char *word)
{
	struct line line;

	line_begin(&line);
	line_add(&line, what);
	line_word(&line, word);
	line_add(&line, "; see winnow-exec --help");
	line_send(&line, 2);
	leave(EXIT_OWN);
}

/* "FILE: instruction 7: jumps beyond the end", "FILE: cannot be read: is a directory" */
static _Noreturn void refused(const char *blob, const struct winnow_fault *fault, int error)
{
	struct line line;

	line_begin(&line);
	line_word(&line, blob);
	line_add(&line, ": ");
	if (fault->reason >= WINNOW_OPCODE && fault->reason <= WINNOW_ARCH_UNSEEN) {
		line_add(&line, "instruction ");
		line_number(&line, fault->insn);
		line_add(&line, ": ");
	}
	line_add(&line, winnow_reason_text(fault->reason));
	if (fault->reason == WINNOW_ARCH_OTHER && fault->arch) {
		line_add(&line, " (");
		line_arch(&line, fault->arch);
		line_add(&line, ", not ");
		line_arch(&line, HOST_AUDIT);
		line_add(&line, ")");
	} else if (fault->reason >= WINNOW_READ) {
		line_add(&line, ": ");
		line_error(&line, -error);
	}
	line_send(&line, 2);
	leave(EXIT_OWN);
}

static bool same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

static _Noreturn void help(void)
{
	struct line line;

	line.len = 0;
	line_add(&line, usage);
	line_send(&line, 1);
	leave(0);
}

static unsigned option_flag(const char *word)
{
	static const struct {
		const char *word;
		unsigned flag;
	} rows[] = {
		{"--log", WINNOW_LOG},
		{"--tsync", WINNOW_TSYNC},
		{"--spec-allow", WINNOW_SPEC_ALLOW},
		{"--wait-killable", WINNOW_WAIT_KILLABLE},
		{"--no-check", WINNOW_NO_CHECK},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (same(word, rows[i].word))
			return rows[i].flag;
	}
	if (same(word, "--help") || same(word, "-h"))
		help();
	misused("unknown option ", word);
}

static void command_read(struct command *c, char **argv)
{
	c->flags = 0;
	c->blobs = 0;
	for (; *argv && !same(*argv, "--"); argv++) {
		if ((*argv)[0] == '-' && (*argv)[1])
			c->flags |= option_flag(*argv);
		else if (c->blobs == BLOBS_MAX)
			misused("too many blobs from here on: ", *argv);
		else
			c->blob[c->blobs++] = *argv;
	}
	if (!*argv)
		misused("no -- and no program", "");
	if (!c->blobs)
		misused("no blob in front of --", "");
	if (!argv[1])
		misused("no program behind --", "");
	c->program = argv + 1;
}

/* One blob into `bytes`. The descriptor stays open: the program that follows does not see it. */
static size_t blob_read(const char *blob, unsigned char *bytes, size_t room)
{
	struct winnow_fault fault = {.reason = WINNOW_READ};
	size_t size = 0;
	REG fd = 0;

	if (!same(blob, "-"))
		fd = syscall5(NR_openat, AT_FDCWD, REG_OF(blob), O_CLOEXEC, 0, 0);
	int error = fd < 0 ? (int)fd : load_read((int)fd, bytes, room, &size);
	if (error)
		refused(blob, &fault, error);
	return size;
}

/* brk(2) has one argument and one way of passing it on every ABI, which mmap(2) has not. */
static struct pile *pile_make(const struct command *c)
{
	struct winnow_fault fault = {.reason = WINNOW_BUDGET};
	uintptr_t start = ((uintptr_t)syscall5(NR_brk, 0, 0, 0, 0, 0) + 15) & ~(uintptr_t)15;
	uintptr_t end = start + sizeof(struct pile);

	if ((uintptr_t)syscall5(NR_brk, (REG)end, 0, 0, 0, 0) != end)
		refused(c->blob[0], &fault, -ERR_ENOMEM);
	return (struct pile *)start;
}

static void pile_read(struct pile *pile, const struct command *c)
{
	size_t used = 0;

	for (size_t i = 0; i < c->blobs; i++) {
		struct winnow_fault fault = {.reason = WINNOW_BUDGET};
		unsigned char *blob = pile->bytes + used;
		size_t left = PILE_MAX - used;
		size_t size = blob_read(c->blob[i], blob, left <= BLOB_MAX ? left : BLOB_MAX + 1);
		int error = 0;
		if (size == left)
			error = -ERR_ENOMEM;
		else if (size > BLOB_MAX || !(c->flags & WINNOW_NO_CHECK))
			error = winnow_check(blob, size, &fault);
		if (error)
			refused(c->blob[i], &fault, error);
		pile->size[i] = size;
		used += size;
	}
}

/* A filter in front of it that ends what loads it; or, if the kernel said so, that may have. */
static void add_in_front(struct line *line, const char *before)
{
	line_word(line, before);
	line_add(line, ", which is loaded before it, has to allow seccomp(2)");
}

/* The kernel says what the filters before it answered, or what is wrong with this one. */
static _Noreturn void blocked(const char *blob, const char *before, int error)
{
	struct line line;

	line_begin(&line);
	line_word(&line, blob);
	line_add(&line, ": refused by the kernel: ");
	line_error(&line, -error);
	line_add(&line, "; ");
	add_in_front(&line, before);
	line_send(&line, 2);
	leave(EXIT_OWN);
}

/*
 * The process would be killed, and nobody told why. What loads a filter is judged by all that are
 * loaded before it.
 */
static void pile_foresee(const struct pile *pile, const struct command *c)
{
	const uint64_t args[3] = {SECCOMP_SET_MODE_FILTER, c->flags & ~(unsigned)WINNOW_NO_CHECK, 0};
	const unsigned char *blob = pile->bytes;
	struct line line;

	for (size_t i = 0; i + 1 < c->blobs; i++) {
		if (permits_not(blob, pile->size[i], HOST_AUDIT, NR_seccomp, args)) {
			line_begin(&line);
			line_word(&line, c->blob[i + 1]);
			line_add(&line, ": would not be loaded: ");
			add_in_front(&line, c->blob[i]);
			line_send(&line, 2);
			leave(EXIT_OWN);
		}
		blob += pile->size[i];
	}
}

static void pile_load(const struct pile *pile, const struct command *c)
{
	const unsigned char *blob = pile->bytes;
	struct winnow_fault fault = {.reason = WINNOW_PRIVS};
	int error = load_no_new_privs();

	if (error)
		refused(c->blob[0], &fault, error);
	for (size_t i = 0; i < c->blobs; i++) {
		error = load_install(
			blob, pile->size[i], c->flags & ~(unsigned)WINNOW_NO_CHECK, &fault);
		if (error && i && fault.reason != WINNOW_BUDGET && fault.reason != WINNOW_FLAGS)
			blocked(c->blob[i], c->blob[i - 1], error);
		if (error)
			refused(c->blob[i], &fault, error);
		blob += pile->size[i];
	}
}

static _Noreturn void not_executed(const char *program, int error)
{
	struct line line;

	line_begin(&line);
	line_word(&line, program);
	line_add(&line, ": ");
	line_error(&line, error);
	line_send(&line, 2);
	leave(error == ERR_ENOENT ? EXIT_NOENT : EXIT_NOEXEC);
}

/* The kernel's stack: argc, the arguments, NULL, the environment, NULL (fs/binfmt_elf.c
 * create_elf_tables()). */
_Noreturn void exec_main(char **stack);

_Noreturn void exec_main(char **stack)
{
	const size_t argc = (size_t)(uintptr_t)stack[0];
	char **argv = stack + 1, **env = argv + argc + 1;
	struct command command;

	command_read(&command, argc ? argv + 1 : argv);
	struct pile *pile = pile_make(&command);
	pile_read(pile, &command);
	pile_foresee(pile, &command);
	pile_load(pile, &command);
	const char *name = command.program[0];
	not_executed(name, path_exec(command.program, env));
}

START(exec_main);
