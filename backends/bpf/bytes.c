/*
 * Where the words of a call lie in memory, and how an instruction is stored there.
 *
 * In: a program, or the bytes of one, and the byte order of the machine it is for. Out: the other
 * of the two. The host's own order never matters: every field is put together byte by byte, so any
 * host reads and writes for any target.
 */

#include "bytes.h"

/* struct seccomp_data: nr and arch are 32 bits wide, all that follows is 64-bit fields, lo and hi.
 */
static_assert(WORD_NR == 0 && WORD_ARCH == 1 && WORD_IP_LO == 2 && WORD_IP_HI == 3 &&
		WORD_ARG_LO == 4 && WORD_ARG_HI == 5,
	"words are numbered as little-endian machines lay them out");
static_assert(4 * WORDS == DATA_SIZE, "the words are the whole of seccomp_data");

/* On big-endian machines the halves of a 64-bit field trade places; doing it twice undoes it. */
static unsigned place(unsigned word, enum byte_order order)
{
	return order == ORDER_BIG && word >= WORD_IP_LO ? word ^ 1u : word;
}

uint32_t word_offset(unsigned word, enum byte_order order)
{
	assert(word < WORDS);
	return 4 * place(word, order);
}

unsigned word_at(uint32_t offset, enum byte_order order)
{
	assert(offset < DATA_SIZE && offset % 4 == 0);
	return place(offset / 4, order);
}

/* How far up byte `i` of a field of `size` bytes belongs. */
static unsigned shift(size_t i, size_t size, enum byte_order order)
{
	return 8 * (unsigned)(order == ORDER_LITTLE ? i : size - 1 - i);
}

static void field_write(uint8_t *at, size_t size, uint32_t value, enum byte_order order)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> shift(i, size, order) & 0xff);
}

static uint32_t field_read(const uint8_t *at, size_t size, enum byte_order order)
{
	uint32_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint32_t)at[i] << shift(i, size, order);
	return value;
}

void bytes_write(struct buf *b, const struct program *p, enum byte_order order)
{
	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		uint8_t bytes[INSN_SIZE];
		field_write(bytes, 2, insn->code, order);
		bytes[2] = insn->jt;
		bytes[3] = insn->jf;
		field_write(bytes + 4, 4, insn->k, order);
		buf_add(b, bytes, sizeof(bytes));
	}
}

struct program bytes_read(struct arena *arena, const void *bytes, size_t len, enum byte_order order)
{
	const uint8_t *at = bytes;
	size_t count = len / INSN_SIZE;

	assert(len % INSN_SIZE == 0);
	struct insn *insn = arena_alloc(arena, count, sizeof(*insn));
	for (size_t pc = 0; pc < count; pc++, at += INSN_SIZE) {
		insn[pc] = (struct insn){
			.code = (uint16_t)field_read(at, 2, order),
			.jt = at[2],
			.jf = at[3],
			.k = field_read(at + 4, 4, order),
		};
	}
	return (struct program){insn, count};
}

bool bytes_guess(const void *bytes, size_t len, enum byte_order *order)
{
	const uint8_t *at = bytes;
	bool little = true, big = true;

	for (size_t left = len; left >= INSN_SIZE; left -= INSN_SIZE, at += INSN_SIZE) {
		little = little && field_read(at, 2, ORDER_LITTLE) <= 0xff;
		big = big && field_read(at, 2, ORDER_BIG) <= 0xff;
	}
	if (little == big)
		return false;
	*order = little ? ORDER_LITTLE : ORDER_BIG;
	return true;
}
