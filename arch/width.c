/*
 * How wide the kernel takes a parameter. In: an ABI, a syscall's id, an argument. A row holds for
 * every 64-bit ABI that has the syscall; an exception is for one numbering.
 */

#include "width.h"

#include <stddef.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* An id is a row of syscalls.tbl. */
enum {
#define S(name, ...) ID_##name,
#include "tables/syscalls.tbl"
#undef S
	IDS
};

#define NOT_KNOWN "?"

/* A letter a parameter. */
static const char widths[IDS][WIDTH_ARGS + 1] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): ISO C has none around a string that fills an array */
#define WIDTHS(name, letters) [ID_##name] = letters,
#define UNKNOWN(name) [ID_##name] = NOT_KNOWN,
#define WIDTHS_ON(numbering, name, letters)
#define UNKNOWN_ON(numbering, name)
#include "tables/widths.tbl"
#undef WIDTHS
#undef UNKNOWN
#undef WIDTHS_ON
#undef UNKNOWN_ON
};

static const struct exception {
	uint16_t id;
	uint8_t numbering;
	char widths[WIDTH_ARGS + 1];
} exceptions[] = {
#define WIDTHS(name, letters)
#define UNKNOWN(name)
#define WIDTHS_ON(numbering, name, letters) {ID_##name, NUMBERING_##numbering, letters},
#define UNKNOWN_ON(numbering, name) {ID_##name, NUMBERING_##numbering, NOT_KNOWN},
#include "tables/widths.tbl"
#undef WIDTHS
#undef UNKNOWN
#undef WIDTHS_ON
#undef UNKNOWN_ON
};

static const char *letters_of(const struct abi *abi, uint16_t id)
{
	for (size_t i = 0; i < countof(exceptions); i++) {
		if (exceptions[i].id == id && exceptions[i].numbering == abi->numbering)
			return exceptions[i].widths;
	}
	return widths[id];
}

bool arch_args_in_memory(const struct abi *abi, uint16_t id)
{
	return letters_of(abi, id)[0] == 'm';
}

unsigned arch_params(const struct abi *abi, uint16_t id)
{
	const char *letters = letters_of(abi, id);

	if (abi->bits != 64 || strcmp(letters, NOT_KNOWN) == 0 || arch_args_in_memory(abi, id))
		return WIDTH_ARGS;
	return (unsigned)strlen(letters);
}

unsigned arch_param_bits(const struct abi *abi, uint16_t id, unsigned arg)
{
	const char *letters = letters_of(abi, id);

	if (abi->bits != 64 || arg >= strlen(letters))
		return abi->bits;
	switch (letters[arg]) {
	case 'i':
	case 'u':
		return 32;
	case 'h':
		return 16;
	default:
		return 64;
	}
}
