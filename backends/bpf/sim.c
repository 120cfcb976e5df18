/*
 * A machine of two registers and sixteen cells, run on one call.
 *
 * In: a program that check_program() has nothing against, a call, and the byte order that says
 * which word of the call an offset means. Out: the value of the RET that was reached, or that there
 * is none which all kernels return. Jumps go forward only, so no instruction runs twice and the
 * loop ends.
 *
 * What the classic instructions mean is what the eBPF the kernel turns them into does: A, X and M[]
 * begin as zero, arithmetic and comparisons are unsigned and 32 bits wide (net/core/filter.c
 * bpf_convert_filter(), kernel/bpf/core.c ___bpf_prog_run()). But for shifts by 32 or more: their
 * result is unknown, and so is what is computed from it, until a way or a returned value hangs on
 * it.
 */

#include "sim.h"

#include "../../compiler/base/base.h"
#include "bytes.h"

struct machine {
	const struct call *call;
	enum byte_order order;
	size_t pc;
	struct sim_reg a, x, m[BPF_MEMWORDS];
	uint64_t ret; /* once the program is over */
};

/* The program is over. */
static bool leave(struct machine *m, uint64_t ret)
{
	m->ret = ret;
	return false;
}

/* It is over, too, where nobody knows how it goes on. */
static bool leave_if_known(struct machine *m, const struct sim_reg *reg, uint64_t ret)
{
	return leave(m, reg->unknown ? UNDECIDED + reg->unknown - 1 : ret);
}

static bool copy(struct sim_reg *to, const struct sim_reg *from)
{
	*to = *from;
	return true;
}

static bool set(struct sim_reg *reg, uint32_t value)
{
	*reg = (struct sim_reg){.value = value};
	return true;
}

/* A, which depends on what it was. */
static bool compute(struct machine *m, uint32_t value)
{
	m->a.value = value;
	return true;
}

/* A, which depends on what it and X were. */
static bool compute_x(struct machine *m, uint32_t value)
{
	if (!m->a.unknown)
		m->a.unknown = m->x.unknown;
	return compute(m, value);
}

/* By X: to the left, or to the right. */
static bool shift(struct machine *m, bool left)
{
	const uint32_t a = m->a.value, by = m->x.value & SHIFT_MAX;

	compute_x(m, left ? a << by : a >> by);
	if (!m->a.unknown && m->x.value > SHIFT_MAX)
		m->a.unknown = (uint32_t)m->pc;
	return true;
}

/* By zero: the filter returns 0 (bpf_convert_filter). */
static bool divide_x(struct machine *m)
{
	const uint32_t x = m->x.value;

	if (m->x.unknown || !x)
		return leave_if_known(m, &m->x, 0);
	return compute_x(m, m->a.value / x);
}

static bool jump(struct machine *m, const struct insn *insn, bool taken)
{
	if (insn->jt != insn->jf && m->a.unknown)
		return leave_if_known(m, &m->a, 0);
	m->pc += taken ? insn->jt : insn->jf;
	return true;
}

static bool jump_x(struct machine *m, const struct insn *insn, bool taken)
{
	if (insn->jt != insn->jf && !m->a.unknown && m->x.unknown)
		return leave_if_known(m, &m->x, 0);
	return jump(m, insn, taken);
}

/* One instruction; pc is already behind it. False: it was a return. */
static bool step(struct machine *m, const struct insn *insn)
{
	const uint32_t k = insn->k, a = m->a.value, x = m->x.value;

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
		return copy(&m->a, &m->m[k]);
	case BPF_LDX | BPF_MEM:
		return copy(&m->x, &m->m[k]);
	case BPF_ST:
		return copy(&m->m[k], &m->a);
	case BPF_STX:
		return copy(&m->m[k], &m->x);
	case BPF_MISC | BPF_TAX:
		return copy(&m->x, &m->a);
	case BPF_MISC | BPF_TXA:
		return copy(&m->a, &m->x);

	case BPF_ALU | BPF_ADD | BPF_K:
		return compute(m, a + k);
	case BPF_ALU | BPF_ADD | BPF_X:
		return compute_x(m, a + x);
	case BPF_ALU | BPF_SUB | BPF_K:
		return compute(m, a - k);
	case BPF_ALU | BPF_SUB | BPF_X:
		return compute_x(m, a - x);
	case BPF_ALU | BPF_MUL | BPF_K:
		return compute(m, a * k);
	case BPF_ALU | BPF_MUL | BPF_X:
		return compute_x(m, a * x);
	case BPF_ALU | BPF_DIV | BPF_K:
		return compute(m, a / k);
	case BPF_ALU | BPF_DIV | BPF_X:
		return divide_x(m);
	case BPF_ALU | BPF_AND | BPF_K:
		return compute(m, a & k);
	case BPF_ALU | BPF_AND | BPF_X:
		return compute_x(m, a & x);
	case BPF_ALU | BPF_OR | BPF_K:
		return compute(m, a | k);
	case BPF_ALU | BPF_OR | BPF_X:
		return compute_x(m, a | x);
	case BPF_ALU | BPF_XOR | BPF_K:
		return compute(m, a ^ k);
	case BPF_ALU | BPF_XOR | BPF_X:
		return compute_x(m, a ^ x);
	case BPF_ALU | BPF_LSH | BPF_K:
		return compute(m, a << k);
	case BPF_ALU | BPF_LSH | BPF_X:
		return shift(m, true);
	case BPF_ALU | BPF_RSH | BPF_K:
		return compute(m, a >> k);
	case BPF_ALU | BPF_RSH | BPF_X:
		return shift(m, false);
	case BPF_ALU | BPF_NEG:
		return compute(m, 0 - a);

	case BPF_JMP | BPF_JA:
		m->pc += k;
		return true;
	case BPF_JMP | BPF_JEQ | BPF_K:
		return jump(m, insn, a == k);
	case BPF_JMP | BPF_JEQ | BPF_X:
		return jump_x(m, insn, a == x);
	case BPF_JMP | BPF_JGT | BPF_K:
		return jump(m, insn, a > k);
	case BPF_JMP | BPF_JGT | BPF_X:
		return jump_x(m, insn, a > x);
	case BPF_JMP | BPF_JGE | BPF_K:
		return jump(m, insn, a >= k);
	case BPF_JMP | BPF_JGE | BPF_X:
		return jump_x(m, insn, a >= x);
	case BPF_JMP | BPF_JSET | BPF_K:
		return jump(m, insn, a & k);
	case BPF_JMP | BPF_JSET | BPF_X:
		return jump_x(m, insn, a & x);

	case BPF_RET | BPF_K:
		return leave(m, k);
	case BPF_RET | BPF_A:
		return leave_if_known(m, &m->a, a);
	}
	assert(false && "check_program() refuses every other opcode");
	unreachable();
}

uint64_t sim_run(const struct program *p, enum byte_order order, const struct call *call,
	size_t *executed, const struct sim_trace *trace)
{
	struct machine m = {.call = call, .order = order};
	const struct insn *insn;
	size_t count = 0;

	do {
		assert(m.pc < p->len);
		if (trace && trace->step)
			trace->step(trace->data, m.pc, &m.a, &m.x);
		insn = &p->insn[m.pc++];
		count++;
	} while (step(&m, insn));
	if (executed)
		*executed = count;
	return m.ret;
}
