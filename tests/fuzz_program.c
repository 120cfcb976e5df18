/*
 * libFuzzer: any bytes as a program. Reading and writing undo each other in both orders, the
 * disassembler takes whatever comes, and what check_program() has nothing against runs to its end
 * on calls made of the program's own constants, in no more steps than it has instructions.
 */

#include "../backends/bytes.h"
#include "../backends/check.h"
#include "../backends/disasm.h"
#include "../backends/sim.h"

#include <string.h>

#define CALLS 8

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The constant of an instruction that depends on `salt`, or a neighbour of it. */
static uint32_t constant(const struct program *p, uint32_t salt)
{
	salt *= 0x9e3779b9;
	return p->insn[salt % p->len].k + (salt >> 28) % 3 - 1;
}

static struct call make_call(const struct program *p, uint32_t salt)
{
	struct call call = {.arch = constant(p, salt), .nr = constant(p, salt + 1)};

	call.ip = (uint64_t)constant(p, salt + 2) << 32 | constant(p, salt + 3);
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = (uint64_t)constant(p, salt + 4 + 2 * i) << 32 |
			constant(p, salt + 5 + 2 * i);
	return call;
}

static void run(const struct program *p, enum byte_order order)
{
	for (uint32_t i = 0; i < CALLS; i++) {
		const struct call call = make_call(p, 16 * i);
		size_t executed = 0;
		uint32_t ret = sim_run(p, order, &call, &executed, NULL);
		assert(executed > 0 && executed <= p->len);
		assert(ret == sim_run(p, order, &call, NULL, NULL));
	}
}

static void check(struct arena *arena, const struct program *p, enum byte_order order)
{
	struct fault *found;
	size_t count = check_program(arena, p, &found);

	for (size_t i = 0; i < count; i++)
		assert(found[i].pc <= p->len && (i == 0 || found[i - 1].pc <= found[i].pc));
	if (count)
		return;
	count = check_advice(arena, p, &found);
	for (size_t i = 0; i < count; i++)
		assert(found[i].pc < p->len && (i == 0 || found[i - 1].pc <= found[i].pc));
	assert(check_translated(p) >= p->len + 3 && check_translated(p) <= TASK_INSNS_MAX);
	run(p, order);
}

static void round_trip(struct arena *arena, const uint8_t *bytes, size_t len, enum byte_order order)
{
	struct program p = bytes_read(arena, bytes, len, order);
	struct buf b, text;

	buf_init(&b, arena);
	bytes_write(&b, &p, order);
	assert(b.len == len && (len == 0 || memcmp(b.bytes, bytes, len) == 0));
	buf_init(&text, arena);
	disasm_print(&text, &p, order, len % 16 ? arch_abis : NULL);
	check(arena, &p, ORDER_LITTLE);
	check(arena, &p, ORDER_BIG);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const size_t whole = len - len % INSN_SIZE;
	struct arena arena;
	enum byte_order order;

	bytes_guess(bytes, len, &order);
	arena_init(&arena, (size_t)256 << 20);
	if (setjmp(arena.out) == 0) {
		round_trip(&arena, bytes, whole, ORDER_LITTLE);
		round_trip(&arena, bytes, whole, ORDER_BIG);
	}
	arena_free(&arena);
	return 0;
}
