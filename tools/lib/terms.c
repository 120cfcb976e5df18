/* In: text. Out: numbers and names, each of which is known on some ABI. */

#include "terms.h"

#include "number.h"

#include "../../arch/constant.h"
#include "../../arch/errno.h"
#include "../../compiler/base/suggest.h"

#include <string.h>

#define BLANKS " \t\r"
#define PARTS  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

static const char *nearest_name(const char *name, size_t len, bool errnos)
{
	struct suggestion near = suggest_start(name, len);

	for (size_t i = 0; errnos && i < arch_errno_count(); i++)
		suggest_offer(&near, arch_errno_word(i));
	for (size_t i = 0; !errnos && i < arch_constant_count(); i++)
		suggest_offer(&near, arch_constant_name((uint16_t)i));
	return near.best;
}

static bool known_errno(const char *name, size_t len)
{
	for (size_t i = 0; i < arch_errno_count(); i++) {
		const char *word = arch_errno_word(i);
		if (strlen(word) == len && memcmp(word, name, len) == 0)
			return true;
	}
	return false;
}

static bool read_name(struct term *t, bool errnos, struct term_fault *fault)
{
	uint64_t unused;

	t->kind = errnos ? TERM_ERRNO : TERM_CONSTANT;
	if (errnos ? known_errno(t->text, t->len) : arch_constant_find(t->text, t->len, &t->id))
		return true;
	fault->what = errnos ? "no errno" : "no constant";
	if (!number_read_hex(t->text, t->len, &unused))
		fault->what = "neither a name nor a number: hexadecimal needs 0x in front";
	else
		fault->near = nearest_name(t->text, t->len, errnos);
	return false;
}

static bool read_term(const char **at, bool errnos, struct term *t, struct term_fault *fault)
{
	*at += strspn(*at, BLANKS);
	*t = (struct term){.text = *at, .len = strspn(*at, PARTS)};
	*fault = (struct term_fault){.what = "no value", .at = t->text, .len = t->len};
	*at += t->len;
	if (!t->len)
		return false;
	if (*t->text != '-' && (*t->text < '0' || *t->text > '9'))
		return read_name(t, errnos, fault);
	fault->what = number_read(t->text, t->len, &t->number);
	return !fault->what;
}

bool terms_read(const char **at, bool errnos, struct value *v, struct term_fault *fault)
{
	*v = (struct value){.text = *at + strspn(*at, BLANKS)};
	for (;;) {
		if (v->terms == TERMS_MAX) {
			const char *word = *at + strspn(*at, BLANKS);
			*fault = (struct term_fault){
				.what = "one term more than the 16 that a value may have",
				.at = word,
				.len = strspn(word, PARTS)};
			return false;
		}
		if (!read_term(at, errnos, &v->term[v->terms], fault))
			return false;
		v->terms++;
		v->len = (size_t)(*at - v->text);
		const char *next = *at + strspn(*at, BLANKS);
		if (*next != '|')
			return true;
		*at = next + 1;
	}
}

bool terms_on(
	const struct value *v, const struct abi *abi, uint64_t *number, const struct term **missing)
{
	*number = 0;
	for (size_t i = 0; i < v->terms; i++) {
		const struct term *t = &v->term[i];
		uint64_t part = t->number;
		uint16_t code = 0;
		*missing = t;
		if (t->kind == TERM_CONSTANT && !arch_constant_value(abi, t->id, &part))
			return false;
		if (t->kind == TERM_ERRNO && !arch_errno_find(abi, t->text, t->len, &code))
			return false;
		*number |= t->kind == TERM_ERRNO ? code : part;
	}
	return true;
}
