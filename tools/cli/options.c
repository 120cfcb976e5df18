/* getopt_long does the parsing; its tables and the help text are made from what the verb takes. */

#include "options.h"

#include "message.h"
#include "../lib/node_words.h"
#include "../lib/number.h"

#include "../../compiler/base/suggest.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NATIVE      "native"
#define HELP_COLUMN 30 /* where explanations start */
#define HELP_WIDTH  80

int usage(const struct verb *verb, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "winnow %s: ", verb->name);
	va_start(args, fmt);
	message_from("", fmt, args);
	va_end(args);
	fprintf(stderr, "Try 'winnow help %s'.\n", verb->name);
	return EXIT_USAGE;
}

int option_output(const struct parsed *p)
{
	const char *path = p->value[OPT_OUTPUT];

	return path && !*path ? usage(p->verb, "empty output path") : EXIT_DONE;
}

int option_number(const struct verb *verb, const char *option, const char *text, unsigned least,
	unsigned most, unsigned *number)
{
	uint64_t value;
	const char *wrong = number_read(text, strlen(text), &value);

	if (wrong)
		return usage(verb, "--%s: '%s' is %s; it takes a number from %u to %u", option, text,
			wrong, least, most);
	if (value < least || value > most)
		return usage(
			verb, "--%s %s: it takes a number from %u to %u", option, text, least, most);
	*number = (unsigned)value;
	return EXIT_DONE;
}

int option_diag(const struct verb *verb, const char *word, enum diag_id *id)
{
	struct suggestion near = suggest_start(word, strlen(word));

	if (diag_find(word, id))
		return EXIT_DONE;
	for (size_t i = 0; i < DIAG_IDS; i++)
		suggest_offer(&near, diag_kinds[i].slug);
	if (near.best)
		return usage(verb, "no diagnostic is called '%s'; did you mean '%s'?", word, near.best);
	return usage(verb, "no diagnostic is called '%s'; 'winnow explain-code' lists them", word);
}

static const char *nearest_abi(const char *word, size_t len)
{
	struct suggestion near = suggest_start(word, len);

	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		suggest_offer(&near, abi->name);
		if (abi->moby)
			suggest_offer(&near, abi->moby);
		for (const char *const *alias = abi->aliases; alias && *alias; alias++)
			suggest_offer(&near, *alias);
		suggest_offer(&near, abi->oci);
	}
	suggest_offer(&near, NATIVE);
	return near.best;
}

const struct abi *option_abi(const struct verb *verb, const char *word, size_t len)
{
	bool native = len == strlen(NATIVE) && strncasecmp(word, NATIVE, len) == 0;
	const struct abi *abi = native ? arch_native() : arch_find(word, len);

	if (!abi && !native)
		abi = arch_find_audit(word, len);
	const char *near = abi ? NULL : nearest_abi(word, len);

	if (native && !abi)
		usage(verb, "this machine has no seccomp filters; give --arch");
	else if (!abi && near)
		usage(verb, "unknown architecture '%.*s'; did you mean '%s'?", (int)len, word,
			near);
	else if (!abi)
		usage(verb, "unknown architecture '%.*s'; 'winnow arches' lists them", (int)len,
			word);
	return abi;
}

int option_nodes(const struct verb *verb, const char *list, const struct abi **abi, size_t *abis)
{
	const char *word;
	size_t len;

	while (next_word(&list, &word, &len)) {
		const struct abi *one = option_abi(verb, word, len);
		size_t i = 0;
		if (!one)
			return EXIT_USAGE;
		if (one->guest)
			return usage(verb, "no node is %s by itself", one->name);
		while (i < *abis && abi[i] != one)
			i++;
		abi[i] = one;
		*abis += i == *abis;
	}
	return EXIT_DONE;
}

struct option_row option_row(const struct taken *taken)
{
	static const struct option_row set[OPTS] = {
#define OPTION_ROW(id, letter, name, arg, help) [OPT_##id] = {letter, name, arg, help},
		OPTION_SET(OPTION_ROW)
#undef OPTION_ROW
	};
	struct option_row row = set[taken->option];

	row.arg = taken->arg ? taken->arg : row.arg;
	row.help = taken->help ? taken->help : row.help;
	return row;
}

const char *option_name(enum option_id option)
{
	return option_row(&(struct taken){option, NULL, NULL}).name;
}

/* Long options carry 256 + their place as value, so that those without a letter work too. */
static void make_tables(const struct verb *verb, char *letters, struct option *longs)
{
	size_t n = 0;

	letters[n++] = verb->options_first ? '+' : '-';
	letters[n++] = ':';
	for (size_t i = 0; i < verb->taken; i++) {
		const struct option_row row = option_row(&verb->takes[i]);
		bool optional = row.arg && row.arg[0] == '[';
		int takes = optional ? optional_argument
			: row.arg    ? required_argument
				     : no_argument;
		longs[i] = (struct option){row.name, takes, NULL, 256 + (int)i};
		if (!row.letter)
			continue;
		letters[n++] = row.letter;
		if (row.arg)
			letters[n++] = ':';
	}
	letters[n++] = 'h';
	longs[verb->taken] = (struct option){"help", no_argument, NULL, 'h'};
}

/* Its place in what the verb takes, which is the end of that for what is not there. */
static size_t find_taken(const struct verb *verb, int c)
{
	size_t i = 0;

	if (c >= 256)
		return (size_t)(c - 256);
	while (i < verb->taken && option_row(&verb->takes[i]).letter != c)
		i++;
	return i;
}

/* Of several letters in a word the one that is wrong: optopt, which of long options is 0 or their value, and of a byte
 * that is no ASCII negative. */
static bool refuse(const struct verb *verb, int c, const char *word)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	bool is_letter = optopt > ' ' && optopt < 127 && optopt != 'h';

	if (c == ':')
		usage(verb, "option '%s' needs a value", is_letter ? letter : word);
	else
		usage(verb, "unknown option '%s'", is_letter ? letter : word);
	return false;
}

/* Of those that say one thing the last counts, as everywhere; of one that lists things a part would be lost. */
static bool is_list(enum option_id option)
{
	return option == OPT_ALLOW || option == OPT_DENY || option == OPT_ERRNO || option == OPT_SATISFY ||
		option == OPT_FOR_CAPS || option == OPT_NO_WARN || option == OPT_WARNINGS;
}

static bool take_value(struct parsed *p, size_t place)
{
	const struct taken *taken = &p->verb->takes[place];
	const char *value = optarg ? optarg : "", *name = option_row(taken).name;
	const char *earlier = p->value[taken->option];

	if (earlier && is_list(taken->option) && p->verb->many != 1u + taken->option &&
		strcmp(earlier, value) != 0) {
		usage(p->verb, "--%s is given twice, as '%s' and as '%s'", name, earlier, value);
		return false;
	}
	p->value[taken->option] = value;
	if (taken->option == OPT_COLOR && strcmp(value, "auto") != 0 &&
		strcmp(value, "always") != 0 && strcmp(value, "never") != 0) {
		usage(p->verb, "unknown --color '%s'; one of auto, always, never", value);
		return false;
	}
	if (p->verb->many != 1u + taken->option)
		return true;
	if (p->manys == MANY_MAX) {
		usage(p->verb, "--%s is given more than %d times", name, MANY_MAX);
		return false;
	}
	p->many[p->manys++] = value;
	return true;
}

static bool count_operands(const struct parsed *p)
{
	const struct verb *verb = p->verb;

	if (p->operands >= verb->least && p->operands <= verb->most)
		return true;
	if (p->operands < verb->least)
		usage(verb, "expected %s", verb->operands);
	else
		usage(verb, "too many operands: '%s'", p->operand[verb->most]);
	return false;
}

/* Where operands end the options a -- may still come behind one of them. */
static int keep_rest(char **argv, int kept, int argc)
{
	bool ended = strcmp(argv[optind - 1], "--") == 0;

	for (; optind < argc; optind++) {
		if (ended || strcmp(argv[optind], "--") != 0)
			argv[kept++] = argv[optind];
		else
			ended = true;
	}
	return kept;
}

bool options_parse(struct parsed *p, const struct verb *verb, int argc, char **argv, bool *help)
{
	char letters[2 * OPTS + 4] = "";
	struct option longs[OPTS + 2] = {{0}};
	const char *word;
	int c, kept = 0;

	assert(verb->taken <= OPTS);
	make_tables(verb, letters, longs);
	*p = (struct parsed){.verb = verb, .operand = argv};
	*help = false;
	opterr = 0;
	optind = 1;
	while (word = argv[optind], (c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		size_t place = find_taken(verb, c);
		if (c == 1) {
			argv[kept++] = optarg; /* an operand among the options; its slot was read */
		} else if (c == 'h') {
			*help = true;
			return false;
		} else if (c == '?' || c == ':' || place == verb->taken) {
			return refuse(verb, c, word);
		} else if (!take_value(p, place)) {
			return false;
		}
	}
	kept = keep_rest(argv, kept, argc);
	p->operands = (size_t)kept;
	return count_operands(p);
}

/* An option and its explanation, which starts below where there is no room beside. */
static void print_row(const char *left, const char *help)
{
	int column = printf("  %s", left);

	if (column > HELP_COLUMN - 1)
		column = printf("\n") - 1;
	column += printf("%*s", HELP_COLUMN - column, "");
	for (const char *word = help; *word;) {
		int len = (int)strcspn(word, " ");
		if (column > HELP_COLUMN && column + 1 + len > HELP_WIDTH)
			column = printf("\n%*s", HELP_COLUMN, "") - 1;
		column += printf("%s%.*s", column > HELP_COLUMN ? " " : "", len, word);
		word += len;
		word += strspn(word, " ");
	}
	printf("\n");
}

void options_help(const struct verb *verb)
{
	printf("winnow %s%s%s%s\n    %s\n", verb->name, verb->taken ? " [OPTION...]" : "",
		*verb->operands ? " " : "", verb->operands, verb->summary);
	if (verb->about)
		printf("\n%s", verb->about);
	if (verb->taken)
		printf("\nOptions:\n");
	for (size_t i = 0; i < verb->taken; i++) {
		const struct option_row row = option_row(&verb->takes[i]);
		char left[64], letter[8] = "    ";
		if (row.letter)
			snprintf(letter, sizeof(letter), "-%c, ", row.letter);
		bool optional = row.arg && row.arg[0] == '[';
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, row.name,
			row.arg && !optional ? "=" : "", row.arg ? row.arg : "");
		print_row(left, row.help);
	}
	if (verb->examples)
		printf("\nExamples:\n");
	for (const char *line = verb->examples; line && *line;) {
		int len = (int)strcspn(line, "\n");
		printf("  %.*s\n", len, line);
		line += len + 1;
	}
}
