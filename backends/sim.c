/*
 * A machine of two registers and sixteen cells, run on one call.
 *
 * In: a program that check_program() has nothing against, a call, and the byte order that says
 * which word of the call an offset means. Out: the value of the RET that was reached. Jumps go
 * forward only, so no instruction runs twice and the loop ends.
 *
 * What the classic instructions mean is what the eBPF the kernel turns them into does: A, X and M[]
 * begin as zero, arithmetic and comparisons are unsigned and 32 bits wide (net/core/filter.c
 * bpf_convert_filter(), kernel/bpf/core.c ___bpf_prog_run()).
 */

#include "sim.h"

#include "../compiler/base.h"
#include "bytes.h"

struct machine {
	const struct call *call;
	enum byte_order order;
	size_t pc;
	uint32_t a, x, m[BPF_MEMWORDS];
	uint32_t ret; /* once a RET was executed */
};

static bool jump(struct machine *m, const struct insn *insn, bool taken)
{
	m->pc += taken ? insn->jt : insn->jf;
	return true;
}

/* The program is over. */
static bool leave(struct machine *m, uint32_t ret)
{
	m->ret = ret;
	return false;
}

static bool set(uint32_t *reg, uint32_t value)
{
	*reg = value;
	return true;
}

/* One instruction; pc is already behind it. False: it was a return. */
static bool step(struct machine *m, const struct insn *insn)
{
	const uint32_t k = insn->k, a = m->a, x = m->x;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return set(&m->a, call_word(m->call, word_at(k, m->order)));
	case BPF_LD | BPF_W | BPF_LEN:
		return set(&m->a, DATA_SIZE);
	case BPF_LDX | BPF_W | BPF_LEN:
		return set(&m->x, DATA_SIZE);
	case BPF_LD | BPF_IMM:
		return set(&m->a, k);
	case BPF_LDX | BPF_IMM:
		return set(&m->x, k);
	case BPF_LD | BPF_MEM:
		return set(&m->a, m->m[k]);
	case BPF_LDX | BPF_MEM:
		return set(&m->x, m->m[k]);
	case BPF_ST:
		return set(&m->m[k], a);
	case BPF_STX:
		return set(&m->m[k], x);
	case BPF_MISC | BPF_TAX:
		return set(&m->x, a);
	case BPF_MISC | BPF_TXA:
		return set(&m->a, x);

	case BPF_ALU | BPF_ADD | BPF_K:
		return set(&m->a, a + k);
	case BPF_ALU | BPF_ADD | BPF_X:
		return set(&m->a, a + x);
	case BPF_ALU | BPF_SUB | BPF_K:
		return set(&m->a, a - k);
	case BPF_ALU | BPF_SUB | BPF_X:
		return set(&m->a, a - x);
	case BPF_ALU | BPF_MUL | BPF_K:
		return set(&m->a, a * k);
	case BPF_ALU | BPF_MUL | BPF_X:
		return set(&m->a, a * x);
	case BPF_ALU | BPF_DIV | BPF_K:
		return set(&m->a, a / k);
	case BPF_ALU | BPF_DIV | BPF_X: /* by zero: the filter returns 0 (bpf_convert_filter) */
		return x ? set(&m->a, a / x) : leave(m, 0);
	case BPF_ALU | BPF_AND | BPF_K:
		return set(&m->a, a & k);
	case BPF_ALU | BPF_AND | BPF_X:
		return set(&m->a, a & x);
	case BPF_ALU | BPF_OR | BPF_K:
		return set(&m->a, a | k);
	case BPF_ALU | BPF_OR | BPF_X:
		return set(&m->a, a | x);
	case BPF_ALU | BPF_XOR | BPF_K:
		return set(&m->a, a ^ k);
	case BPF_ALU | BPF_XOR | BPF_X:
		return set(&m->a, a ^ x);
	case BPF_ALU | BPF_LSH | BPF_K:
		return set(&m->a, a << k);
	case BPF_ALU | BPF_LSH | BPF_X: /* the low five bits of X count (___bpf_prog_run) */
		return set(&m->a, a << (x & 31));
	case BPF_ALU | BPF_RSH | BPF_K:
		return set(&m->a, a >> k);
	case BPF_ALU | BPF_RSH | BPF_X:
		return set(&m->a, a >> (x & 31));
	case BPF_ALU | BPF_NEG:
		return set(&m->a, 0 - a);

	case BPF_JMP | BPF_JA:
		m->pc += k;
		return true;
	case BPF_JMP | BPF_JEQ | BPF_K:
		return jump(m, insn, a == k);
	case BPF_JMP | BPF_JEQ | BPF_X:
		return jump(m, insn, a == x);
	case BPF_JMP | BPF_JGT | BPF_K:
		return jump(m, insn, a > k);
	case BPF_JMP | BPF_JGT | BPF_X:
		return jump(m, insn, a > x);
	case BPF_JMP | BPF_JGE | BPF_K:
		return jump(m, insn, a >= k);
	case BPF_JMP | BPF_JGE | BPF_X:
		return jump(m, insn, a >= x);
	case BPF_JMP | BPF_JSET | BPF_K:
		return jump(m, insn, a & k);
	case BPF_JMP | BPF_JSET | BPF_X:
		return jump(m, insn, a & x);

	case BPF_RET | BPF_K:
		return leave(m, k);
	case BPF_RET | BPF_A:
		return leave(m, a);
	}
	assert(false && "check_program() refuses every other opcode");
	unreachable();
}

uint32_t sim_run(const struct program *p, enum byte_order order, const struct call *call,
	size_t *executed, const struct sim_trace *trace)
{
	struct machine m = {.call = call, .order = order};
	const struct insn *insn;
	size_t count = 0;

	do {
		assert(m.pc < p->len);
		if (trace && trace->step)
			trace->step(trace->data, m.pc, m.a, m.x);
		insn = &p->insn[m.pc++];
		count++;
	} while (step(&m, insn));
	if (executed)
		*executed = count;
	return m.ret;
}
