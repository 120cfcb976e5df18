/* Numbers and names of a call, as operands. */

#include "call_words.h"

#include "message.h"
#include "../lib/number.h"
#include "../lib/terms.h"

#include "../../compiler/meaning/misnomer.h"

#include <string.h>

struct words {
	const struct verb *verb;
	const struct abi *abi;
	uint64_t *args;
	unsigned given; /* bits of arguments */
	bool quiet;
	bool told;
};

/* 2 to 16 digits without 0x are another number in hexadecimal: say what was taken. */
static void tell_decimal(struct words *w, const char *word, unsigned arg)
{
	size_t len = strlen(word);

	if (w->quiet || w->told || len < 2 || len > 16 || word[0] == '0' || strspn(word, "0123456789") != len)
		return;
	w->told = true;
	message("argument %u, %s, is taken as decimal, 0x%llx; as an audit record has it: a%u=%s",
		arg, word, (unsigned long long)w->args[arg], arg, word);
}

/* "a0=10000000" of an audit record */
static bool is_recorded(const char *word)
{
	return word[0] == 'a' && word[1] >= '0' && word[1] < '0' + CALL_ARGS && word[2] == '=';
}

static int read_recorded(struct words *w, const char *word, uint64_t *value)
{
	const char *wrong = number_read_hex(word + 3, strlen(word + 3), value);

	if (!wrong)
		return EXIT_DONE;
	return usage(w->verb, "'%s': %s; an audit record's numbers are hexadecimal", word, wrong);
}

static int read_value(struct words *w, const char *word, uint64_t *value)
{
	const char *at = word;
	struct term_fault f;
	const struct term *missing;
	struct value v;

	if (!terms_read(&at, false, &v, &f))
		return usage(w->verb, "argument '%s': '%.*s' is %s%s%s%s", word, (int)f.len, f.at,
			f.what, f.near ? "; did you mean '" : "", f.near ? f.near : "",
			f.near ? "'?" : "");
	if (*at)
		return usage(w->verb, "argument '%s': not a value", word);
	if (!terms_on(&v, w->abi, value, &missing))
		return usage(w->verb, "argument '%s': %s has no %.*s", word, w->abi->name,
			(int)missing->len, missing->text);
	for (size_t i = 0; i < v.terms; i++) {
		if (v.term[i].text[0] == '-' && w->abi->bits == 32)
			*value &= UINT32_MAX;
	}
	return EXIT_DONE;
}

static int read_arg(struct words *w, const char *word, unsigned place)
{
	bool recorded = is_recorded(word);
	unsigned arg = recorded ? (unsigned)(word[1] - '0') : place;

	if (w->given >> arg & 1)
		return usage(w->verb, "'%s': argument %u is given twice", word, arg);
	w->given |= 1u << arg;
	int status = recorded ? read_recorded(w, word, &w->args[arg])
			      : read_value(w, word, &w->args[arg]);
	if (!status)
		tell_decimal(w, word, arg);
	return status;
}

int call_args(const struct verb *verb, char *const *words, size_t count, const struct abi *abi,
	bool quiet, uint64_t args[CALL_ARGS])
{
	struct words w = {.verb = verb, .abi = abi, .args = args, .quiet = quiet};
	int status = EXIT_DONE;

	for (size_t i = 0; !status && i < count; i++)
		status = read_arg(&w, words[i], (unsigned)i);
	return status;
}

/* "mips:getpid" */
static bool foreign_nr(const char *word, const struct abi *abi, uint32_t *nr)
{
	const char *colon = strchr(word, ':');
	const struct abi *other = colon ? arch_find(word, (size_t)(colon - word)) : NULL;
	uint16_t id;

	return other && arch_reaches(abi, other) &&
		arch_syscall_find(colon + 1, strlen(colon + 1), &id) && arch_nr(other, id, nr);
}

bool call_nr(const char *word, const struct abi *abi, uint32_t *nr)
{
	uint64_t number;

	if (foreign_nr(word, abi, nr))
		return true;
	if (number_read(word, strlen(word), &number) ||
		(number > UINT32_MAX && number < (uint64_t)INT32_MIN))
		return false;
	*nr = (uint32_t)number;
	return true;
}

const struct abi *call_abi(const char *word, const struct abi *abi, uint32_t nr, bool quiet)
{
	const struct abi *owner = arch_of_call(abi->audit, nr);

	if (!owner || owner == abi || nr == UINT32_MAX)
		return abi;
	const char *name = arch_nr_name(owner, nr);
	if (!quiet)
		message("%s is a number of %s: %s", word, owner->name, name ? name : "no syscall has it");
	return owner;
}

int call_unknown(const struct verb *verb, const char *text, const struct abi *abi)
{
	const char *meant = misnomer_meant(abi, text, strlen(text));

	if (meant)
		return usage(verb, "%s has no syscall '%s'; did you mean '%s'?", abi->name, text,
			meant);
	return usage(verb, "%s has no syscall '%s'", abi->name, text);
}
