/* The words an option takes: ABIs, or what its explanation lists. */

#include "pages.h"

#include "../../arch/arch.h"
#include "../../compiler/base/base.h"

#include <string.h>

static void add_word(struct values *v, const char *word, size_t len)
{
	size_t had = strlen(v->words);

	if (had + len + 2 <= sizeof(v->words))
		snprintf(v->words + had, sizeof(v->words) - had, "%s%.*s", had ? " " : "", (int)len, word);
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
}

static const char *skip(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : text;
}

/*
 * "whose reading: author (default), docker or runc; or else": the words between the colon and the
 * semicolon, if there is nothing else. One word is a list only if it is called the default.
 */
static void listed_words(struct values *v, const char *help)
{
	size_t end = strcspn(help, ";"), words = 0;
	const char *colon = strstr(help, ": ");
	const char *at = colon && colon < help + end ? colon + 2 : help;
	bool has_default = false;

	while (at < help + end) {
		at = skip(at, "or ");
		size_t len = word_length(at);
		const char *next = skip(at + len, " (default)");
		has_default = has_default || next > at + len;
		if (len == 0 || (next != help + end && next == skip(skip(next, ", "), " or ")))
			break;
		add_word(v, at, len);
		words++;
		at = next < help + end ? skip(skip(next, ", "), " or ") : next;
	}
	if (at != help + end || (words < 2 && !has_default))
		v->words[0] = '\0';
}

static void abi_words(struct values *v)
{
	add_word(v, "native", strlen("native"));
	for (size_t i = 0; i < arch_abi_count; i++)
		add_word(v, arch_abis[i].name, strlen(arch_abis[i].name));
}

void values_find(struct values *v, const struct option_row *row)
{
	static const char *const files[] = {"FILE", "PATH", "DIR", "PROFILE"};

	*v = (struct values){.words = ""};
	if (!row->arg)
		return;
	v->optional = row->arg[0] == '[';
	for (size_t i = 0; i < countof(files); i++)
		v->files = v->files || strncmp(row->arg, files[i], strlen(files[i])) == 0;
	if (strncmp(row->arg, "ARCH", 4) == 0 || strcmp(row->arg, "ABI") == 0)
		abi_words(v);
	else if (!v->files)
		listed_words(v, row->help);
}

void quoted(FILE *out, const char *text, const char *of_shell)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs(of_shell, out);
		else
			fputc(*text, out);
	}
}
