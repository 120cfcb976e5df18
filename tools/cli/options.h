#ifndef TOOLS_CLI_OPTIONS_H
#define TOOLS_CLI_OPTIONS_H

/* Verbs: what each takes of the one set of options, its operands and its help. */

#include "option_set.h"

#include "../../arch/arch.h"
#include "../../compiler/say/diag.h"

#include <stdbool.h>
#include <stddef.h>

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FINDING = 1,
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,
	EXIT_COMPILE = 4,
	EXIT_HOST = 5,
	EXIT_MISTAKE = 70, /* winnow's own: EX_SOFTWARE of sysexits.h */
};

/* What each says, for people; the last row's is NULL. */
struct exit_text {
	int status;
	const char *says;
};

extern const struct exit_text exit_texts[];

#define MANY_MAX 16

struct verb;

struct parsed {
	const struct verb *verb;
	const char *value[OPTS];    /* NULL: not given; "" for a flag */
	const char *many[MANY_MAX]; /* all values of verb->many */
	size_t manys;
	char *const *operand;
	size_t operands;
};

struct verb {
	const char *name, *operands, *summary;
	const char *about; /* a paragraph for `help VERB`, may be NULL */
	const char *examples; /* command lines, each with its newline: tests/scripts/run-examples runs them */
	const struct taken *takes;
	size_t taken;
	size_t least, most; /* operands */
	size_t many; /* 1 + the option that may be given several times; 0: none */
	bool options_first; /* operands may look like options (negative numbers) */
	bool rewrites;      /* what it writes is what it reads, a profile: --output may name one of them */
	int (*run)(const struct parsed *);
};

extern const struct verb verb_compile, verb_resolve, verb_disasm, verb_sim, verb_check, verb_bench,
	verb_arches, verb_syscalls, verb_verify, verb_diff, verb_subset, verb_info, verb_assert,
	verb_smt, verb_lint, verb_explain, verb_explain_code, verb_stats, verb_tree, verb_freq,
	verb_install, verb_status, verb_pack, verb_rollback, verb_gc, verb_why, verb_replay,
	verb_merge, verb_minimize, verb_derive, verb_dump, verb_record, verb_audit, verb_version;

/* All of them, in the order of the overview. */
extern const struct verb *const verbs[];
extern const size_t verb_count;

/* False: the message is printed, exit with EXIT_USAGE; or help was asked for: *help. */
bool options_parse(struct parsed *, const struct verb *, int argc, char **argv, bool *help);
void options_help(const struct verb *);

struct option_row {
	char letter;      /* 0: none */
	const char *name; /* without -- */
	const char *arg, *help;
};

/* An option as the verb has it. */
struct option_row option_row(const struct taken *);

/* Without --. */
const char *option_name(enum option_id);

/* The ABI a word names, "native" being this machine's. NULL: told as a mistake in usage. */
const struct abi *option_abi(const struct verb *, const char *word, size_t len);

/*
 * The ABIs that a list names, each once, with room for all; *abis of them, 0 before. NULL: none. EXIT_DONE, or
 * EXIT_USAGE, told: of one that no node is by itself, too.
 */
int option_nodes(const struct verb *, const char *list, const struct abi **abi, size_t *abis);

/* The diagnostic that a code or slug names. EXIT_DONE, or EXIT_USAGE, told. */
int option_diag(const struct verb *, const char *word, enum diag_id *);

/* Is --output, if it is given, a path? EXIT_DONE, or EXIT_USAGE, told. */
int option_output(const struct parsed *);

/* An option's number within bounds, as number.h reads it. EXIT_DONE, or EXIT_USAGE, told. */
int option_number(const struct verb *, const char *option, const char *text, unsigned least,
	unsigned most, unsigned *number);

/* "winnow VERB: message" and a hint at help on stderr; returns EXIT_USAGE. */
int usage(const struct verb *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
