/* Byte order: where words of a call lie, how instructions are stored, what a blob gives away. */

#include "backends/bpf/bytes.h"
#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	unsigned word;
	uint32_t little, big;
} places[] = {
	{WORD_NR, 0, 0},
	{WORD_ARCH, 4, 4},
	{WORD_IP_LO, 8, 12},
	{WORD_IP_HI, 12, 8},
	{WORD_LO(0), 16, 20},
	{WORD_HI(0), 20, 16},
	{WORD_LO(1), 24, 28},
	{WORD_HI(1), 28, 24},
	{WORD_LO(5), 56, 60},
	{WORD_HI(5), 60, 56},
};

static void word_offset_swaps_halves_on_big_endian(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(places); i++) {
		assert_int_equal(word_offset(places[i].word, ORDER_LITTLE), places[i].little);
		assert_int_equal(word_offset(places[i].word, ORDER_BIG), places[i].big);
	}
}

static void word_at_undoes_word_offset(void **state)
{
	(void)state;
	for (unsigned word = 0; word < WORDS; word++) {
		assert_int_equal(word_at(word_offset(word, ORDER_LITTLE), ORDER_LITTLE), word);
		assert_int_equal(word_at(word_offset(word, ORDER_BIG), ORDER_BIG), word);
	}
}

static const struct insn insns[] = {
	{INSN_LD, 0, 0, 0x04030201},
	{INSN_JEQ, 1, 2, 0xc000003e},
	{INSN_RET, 255, 254, 0x7fff0000},
};
static const struct program program = {insns, countof(insns)};

static const uint8_t little[] = {0x20, 0, 0, 0, 1, 2, 3, 4, 0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0, 0x06,
	0, 255, 254, 0, 0, 0xff, 0x7f};
static const uint8_t big[] = {0, 0x20, 0, 0, 4, 3, 2, 1, 0, 0x15, 1, 2, 0xc0, 0, 0, 0x3e, 0, 0x06,
	255, 254, 0x7f, 0xff, 0, 0};

static const struct {
	enum byte_order order;
	const uint8_t *bytes;
} stored[] = {{ORDER_LITTLE, little}, {ORDER_BIG, big}};

static void bytes_write_stores_fields_in_the_order_asked_for(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (size_t i = 0; i < countof(stored); i++) {
		struct buf b;
		buf_init(&b, &arena);
		bytes_write(&b, &program, stored[i].order);
		assert_int_equal(b.len, sizeof(little));
		assert_memory_equal(b.bytes, stored[i].bytes, b.len);
	}
	arena_free(&arena);
}

static void bytes_read_undoes_bytes_write(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(setjmp(arena.out), 0);
	for (size_t i = 0; i < countof(stored); i++) {
		struct program p =
			bytes_read(&arena, stored[i].bytes, sizeof(little), stored[i].order);
		assert_int_equal(p.len, countof(insns));
		assert_memory_equal(p.insn, insns, sizeof(insns));
	}
	assert_int_equal(bytes_read(&arena, little, 0, ORDER_LITTLE).len, 0);
	arena_free(&arena);
}

static const struct {
	const char *name;
	const void *bytes;
	size_t len;
	bool known;
	enum byte_order order;
} guesses[] = {
	{"little", little, sizeof(little), true, ORDER_LITTLE},
	{"big", big, sizeof(big), true, ORDER_BIG},
	{"nothing", "", 0, false, 0},
	{"less than an instruction", "\x20\0\0\0\0\0\0", 7, false, 0},
	{"opcode 0 fits both", "\0\0\1\1\1\1\1\1", 8, false, 0},
	{"opcode 0 does not speak against big", "\0\0\1\1\1\1\1\1\0\x06\0\0\0\0\0\0", 16, true,
		ORDER_BIG},
	{"both bytes set fit neither", "\x20\x20\0\0\0\0\0\0", 8, false, 0},
	{"one of each fits neither", "\x20\0\0\0\0\0\0\0\0\x20\0\0\0\0\0\0", 16, false, 0},
	{"a rest is ignored", "\0\x06\0\0\0\0\0\0\xff\xff", 10, true, ORDER_BIG},
};

static void bytes_guess_goes_by_opcodes(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(guesses); i++) {
		enum byte_order order = ORDER_LITTLE;
		bool known = bytes_guess(guesses[i].bytes, guesses[i].len, &order);
		if (known != guesses[i].known || (known && order != guesses[i].order))
			fail_msg("%s: known %d, order %d", guesses[i].name, known, (int)order);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(word_offset_swaps_halves_on_big_endian),
		cmocka_unit_test(word_at_undoes_word_offset),
		cmocka_unit_test(bytes_write_stores_fields_in_the_order_asked_for),
		cmocka_unit_test(bytes_read_undoes_bytes_write),
		cmocka_unit_test(bytes_guess_goes_by_opcodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
