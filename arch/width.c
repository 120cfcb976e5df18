/*
 * How wide the kernel takes a parameter. In: an ABI, a syscall's id, an argument. A row holds for
 * every 64-bit ABI that has the syscall, and a parameter of 16 bits in it for every ABI: the same
 * function serves them; an exception is for one numbering.
 */

#include "width.h"
#include "ids.h"

#include <stddef.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

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

/* arch/x/.../syscall.tbl: sys_old_mmap() and sys_old_select(), whose one parameter points to all */
static const struct {
	uint8_t numbering;
	uint16_t id;
} in_memory[] = {
	{NUMBERING_x86, ID_mmap},
	{NUMBERING_x86, ID_select},
	{NUMBERING_s390x, ID_mmap},
	{NUMBERING_s390, ID_mmap},
	{NUMBERING_ppc, ID_select},
	{NUMBERING_m68k, ID_mmap},
	{NUMBERING_m68k, ID_select},
};

bool arch_args_in_memory(const struct abi *abi, uint16_t id)
{
	for (size_t i = 0; i < countof(in_memory); i++) {
		if (in_memory[i].numbering == abi->numbering && in_memory[i].id == id)
			return true;
	}
	return false;
}

unsigned arch_params(const struct abi *abi, uint16_t id)
{
	const char *letters = letters_of(abi, id);

	if (abi->bits != 64 || strcmp(letters, NOT_KNOWN) == 0 || arch_args_in_memory(abi, id))
		return WIDTH_ARGS;
	return (unsigned)strlen(letters);
}

/*
 * kernel/uid16.c: where there is a setuid32, setuid's user has 16 bits; users and groups are what
 * stands from the parameter `from` on.
 */
static const struct {
	uint16_t id, wide;
	unsigned from;
} uid16[] = {
	{ID_chown, ID_chown32, 1},
	{ID_fchown, ID_fchown32, 1},
	{ID_lchown, ID_lchown32, 1},
	{ID_setfsgid, ID_setfsgid32, 0},
	{ID_setfsuid, ID_setfsuid32, 0},
	{ID_setgid, ID_setgid32, 0},
	{ID_setregid, ID_setregid32, 0},
	{ID_setresgid, ID_setresgid32, 0},
	{ID_setresuid, ID_setresuid32, 0},
	{ID_setreuid, ID_setreuid32, 0},
	{ID_setuid, ID_setuid32, 0},
};

static bool is_uid16(const struct abi *abi, uint16_t id, unsigned arg)
{
	uint32_t nr;

	for (size_t i = 0; i < countof(uid16); i++) {
		if (uid16[i].id == id)
			return arg >= uid16[i].from && arch_nr(abi, uid16[i].wide, &nr);
	}
	return false;
}

unsigned arch_param_bits(const struct abi *abi, uint16_t id, unsigned arg)
{
	const char *letters = letters_of(abi, id);

	if (arg >= strlen(letters))
		return abi->bits;
	if (letters[arg] == 'h' || is_uid16(abi, id, arg))
		return 16;
	return letters[arg] == 'i' || letters[arg] == 'u' ? 32 : abi->bits;
}
