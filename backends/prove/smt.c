/*
 * The policy's ranges become a balanced tree of comparisons, its clauses a chain of ite.
 *
 * A program is executed forward, without paths: for each instruction that can be reached there are
 * terms for "control comes here" and for the registers on arrival, merged from all instructions
 * that lead to it. Jumps go forward, so every term is defined before it is used, and there are as
 * many terms as instructions, not as paths. What is returned is chosen by which return control
 * comes to.
 */

#include "smt.h"

#include "../../compiler/base/base.h"
#include "../bpf/bytes.h"

/* The fields of an opcode. */
#define CLASS(code) ((code)&0x07)
#define MODE(code)  ((code)&0xe0)
#define OP(code)    ((code)&0xf0)
#define BY_X(code)  (((code)&BPF_X) != 0)

bool smt_shifts_by_x(const struct program *p)
{
	for (size_t pc = 0; pc < p->len; pc++) {
		if (is_shift_by_x(&p->insn[pc]))
			return true;
	}
	return false;
}

void smt_begin(struct buf *b, bool by_x)
{
	buf_printf(b, "(set-logic QF_%sBV)\n", by_x ? "UF" : "");
	if (by_x)
		buf_text(b,
			"; shifts by 32 or more: what comes of them differs from kernel to kernel\n"
			"(declare-fun lsh ((_ BitVec 32) (_ BitVec 32)) (_ BitVec 32))\n"
			"(declare-fun rsh ((_ BitVec 32) (_ BitVec 32)) (_ BitVec 32))\n");
	buf_text(b, "(declare-const arch (_ BitVec 32))\n(declare-const nr (_ BitVec 32))\n");
	for (unsigned i = 0; i < CALL_ARGS; i++)
		buf_printf(b, "(declare-const a%u (_ BitVec 64))\n", i);
	buf_text(b,
		"(declare-const ip (_ BitVec 64))\n"
		"; what the kernel tells apart of returned values\n"
		"(define-fun action ((r (_ BitVec 32))) (_ BitVec 16) ((_ extract 31 16) r))\n"
		"(define-fun data ((r (_ BitVec 32))) (_ BitVec 16) ((_ extract 15 0) r))\n"
		"(define-fun verdict ((r (_ BitVec 32))) (_ BitVec 32)\n"
		"  (ite (or (= (action r) #x7fff) (= (action r) #x7ffc) (= (action r) #x7fc0))\n"
		"    (concat (action r) #x0000)\n"
		"  (ite (= (action r) #x0005)\n"
		"    (concat (action r) (ite (bvugt (data r) #x0fff) #x0fff (data r)))\n"
		"  (ite (or (= (action r) #x0000) (= (action r) #x0003) (= (action r) #x7ff0))\n"
		"    r\n"
		"    (concat #x8000 (data r))))))\n");
}

/* Calls that cannot exist are not asked about (arch.h enum upper). */
static void possible_print(struct buf *b, const struct abi *abi, unsigned arg, enum upper upper)
{
	if (upper == UPPER_ANY)
		return;
	buf_printf(b, "(assert (=> (= arch #x%08x) (or (= ((_ extract 63 32) a%u) #x00000000)",
		abi->audit, arg);
	if (upper == UPPER_EXTENDED)
		buf_printf(b, " (= ((_ extract 63 31) a%u) (bvnot (_ bv0 33)))", arg);
	buf_text(b, ")))\n");
}

void smt_existing(struct buf *b)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		for (unsigned arg = 0; arg < CALL_ARGS; arg++)
			possible_print(b, &arch_abis[i], arg, arch_upper(&arch_abis[i], arg));
	}
}

void smt_end(struct buf *b, const char *left, const char *right)
{
	buf_printf(b, "(assert (not (= (verdict %s) (verdict %s))))\n(check-sat)\n", left, right);
}

/* --- policies --- */

static void cond_print(struct buf *b, const struct cond *c)
{
	static const char *const ops[] = {[COND_EQ] = "=",
		[COND_NE] = "distinct",
		[COND_LT] = "bvult",
		[COND_LE] = "bvule",
		[COND_GE] = "bvuge",
		[COND_GT] = "bvugt"};

	buf_printf(b, "(%s (bvand a%u #x%016llx) #x%016llx)", ops[c->op], c->arg,
		(unsigned long long)c->mask, (unsigned long long)c->value);
}

static void clauses_print(struct buf *b, const struct range *range)
{
	size_t depth = 0;

	for (const struct clause *c = range->clause; c->conds; c++, depth++) {
		buf_text(b, "(ite (and true");
		for (size_t i = 0; i < c->conds; i++) {
			buf_text(b, " ");
			cond_print(b, &c->cond[i]);
		}
		buf_printf(b, ") #x%08x ", c->ret);
	}
	buf_printf(b, "#x%08x", range->clause[depth].ret);
	while (depth--)
		buf_text(b, ")");
}

/* As deep as the logarithm of the ranges. */
static void ranges_print(struct buf *b, const struct range *range, size_t ranges)
{
	if (ranges == 1) {
		clauses_print(b, range);
		return;
	}
	buf_printf(b, "(ite (bvule nr #x%08x)\n", range[ranges / 2 - 1].last);
	ranges_print(b, range, ranges / 2);
	buf_text(b, "\n");
	ranges_print(b, range + ranges / 2, ranges - ranges / 2);
	buf_text(b, ")");
}

void smt_policy(struct buf *b, const char *name, const struct policy *policy)
{
	buf_printf(b, "(define-fun %s () (_ BitVec 32)\n", name);
	for (size_t i = 0; i < policy->domains; i++) {
		const struct domain *d = &policy->domain[i];
		buf_printf(b, "(ite (= arch #x%08x)\n", d->audit);
		ranges_print(b, d->range, d->ranges);
		buf_text(b, "\n");
	}
	buf_printf(b, "#x%08x", policy->elsewhere.ret);
	for (size_t i = 0; i < policy->domains; i++)
		buf_text(b, ")");
	buf_text(b, ")\n");
}

/* --- programs --- */

enum { REG_A = BPF_MEMWORDS, REG_X, REGISTERS };

enum when { ALWAYS, IF_TRUE, IF_FALSE };

/* A way from one instruction to another; all that lead to one are chained. */
struct edge {
	size_t from;
	enum when when;
	const struct edge *next;
};

/*
 * Registers are named by where they were set: pc + 1 is the term that instruction pc made, MERGED +
 * pc one of the arrival at pc, 0 the constant 0.
 */
struct arrival {
	const struct edge *edges;
	uint32_t set[REGISTERS];
};
#define MERGED UINT32_C(0x80000000)

struct writer {
	struct buf *b;
	const char *name;
	const struct program *p;
	enum byte_order order;
	struct arrival *at; /* by pc */
};

static void edge_add(struct writer *w, size_t from, size_t to, enum when when)
{
	struct edge *e = arena_alloc(w->b->arena, 1, sizeof(*e));

	*e = (struct edge){from, when, w->at[to].edges};
	w->at[to].edges = e;
}

/* A register as it is after an instruction, by what `set` says there. */
static void register_print(struct writer *w, unsigned reg, uint32_t set)
{
	if (!set)
		buf_text(w->b, "#x00000000");
	else if (set & MERGED)
		buf_printf(w->b, "%s.m%u.%u", w->name, set & ~MERGED, reg);
	else
		buf_printf(w->b, "%s.v%u", w->name, set - 1);
}

static void edge_print(struct writer *w, const struct edge *e)
{
	switch (e->when) {
	case ALWAYS:
		buf_printf(w->b, "%s.r%zu", w->name, e->from);
		return;
	case IF_TRUE:
		buf_printf(w->b, "(and %s.r%zu %s.c%zu)", w->name, e->from, w->name, e->from);
		return;
	case IF_FALSE:
		buf_printf(w->b, "(and %s.r%zu (not %s.c%zu))", w->name, e->from, w->name, e->from);
		return;
	}
	unreachable();
}

/* The register an instruction sets; REGISTERS: none. */
static unsigned writes(const struct insn *insn)
{
	switch (CLASS(insn->code)) {
	case BPF_LD:
	case BPF_ALU:
		return REG_A;
	case BPF_LDX:
		return REG_X;
	case BPF_ST:
	case BPF_STX:
		return insn->k;
	case BPF_MISC:
		return insn->code == (BPF_MISC | BPF_TAX) ? REG_X : REG_A;
	}
	return REGISTERS;
}

/* What instruction `pc` leaves in a register. */
static uint32_t left_by(const struct writer *w, size_t pc, unsigned reg)
{
	if (writes(&w->p->insn[pc]) == reg)
		return (uint32_t)pc + 1;
	return w->at[pc].set[reg];
}

static void merge(struct writer *w, size_t pc, unsigned reg)
{
	const struct edge *first = w->at[pc].edges;
	uint32_t set = left_by(w, first->from, reg);
	bool same = true;

	for (const struct edge *e = first->next; e; e = e->next)
		same = same && left_by(w, e->from, reg) == set;
	w->at[pc].set[reg] = set;
	if (same)
		return;
	w->at[pc].set[reg] = MERGED | (uint32_t)pc;
	buf_printf(w->b, "(define-fun %s.m%zu.%u () (_ BitVec 32) ", w->name, pc, reg);
	size_t depth = 0;
	for (const struct edge *e = first->next; e; e = e->next, depth++) {
		buf_text(w->b, "(ite ");
		edge_print(w, e);
		buf_text(w->b, " ");
		register_print(w, reg, left_by(w, e->from, reg));
		buf_text(w->b, " ");
	}
	register_print(w, reg, set);
	while (depth--)
		buf_text(w->b, ")");
	buf_text(w->b, ")\n");
}

static void arrive(struct writer *w, size_t pc)
{
	buf_printf(w->b, "(define-fun %s.r%zu () Bool ", w->name, pc);
	if (!pc) {
		buf_text(w->b, "true)\n");
		return;
	}
	buf_text(w->b, "(or false");
	for (const struct edge *e = w->at[pc].edges; e; e = e->next) {
		buf_text(w->b, " ");
		edge_print(w, e);
	}
	buf_text(w->b, "))\n");
	for (unsigned reg = 0; reg < REGISTERS; reg++)
		merge(w, pc, reg);
}

static void word_print(struct buf *b, unsigned word)
{
	if (word == WORD_NR || word == WORD_ARCH) {
		buf_text(b, word == WORD_NR ? "nr" : "arch");
		return;
	}
	buf_text(b, word % 2 ? "((_ extract 63 32) " : "((_ extract 31 0) ");
	if (word < WORD_ARG_LO)
		buf_text(b, "ip)");
	else
		buf_printf(b, "a%u)", (word - WORD_ARG_LO) / 2);
}

static void operand_print(struct writer *w, size_t pc)
{
	const struct insn *insn = &w->p->insn[pc];

	if (BY_X(insn->code))
		register_print(w, REG_X, w->at[pc].set[REG_X]);
	else
		buf_printf(w->b, "#x%08x", insn->k);
}

static void load_print(struct writer *w, size_t pc)
{
	const struct insn *insn = &w->p->insn[pc];

	switch (MODE(insn->code)) {
	case BPF_IMM:
		buf_printf(w->b, "#x%08x", insn->k);
		return;
	case BPF_LEN:
		buf_printf(w->b, "#x%08x", DATA_SIZE);
		return;
	case BPF_MEM:
		register_print(w, insn->k, w->at[pc].set[insn->k]);
		return;
	case BPF_ABS:
		word_print(w->b, word_at(insn->k, w->order));
		return;
	}
	unreachable();
}

static void alu_print(struct writer *w, size_t pc)
{
	static const char *const ops[] = {[BPF_ADD >> 4] = "bvadd",
		[BPF_SUB >> 4] = "bvsub",
		[BPF_MUL >> 4] = "bvmul",
		[BPF_DIV >> 4] = "bvudiv",
		[BPF_OR >> 4] = "bvor",
		[BPF_AND >> 4] = "bvand",
		[BPF_LSH >> 4] = "bvshl",
		[BPF_RSH >> 4] = "bvlshr",
		[BPF_NEG >> 4] = "bvneg",
		[BPF_MOD >> 4] = "bvurem",
		[BPF_XOR >> 4] = "bvxor"};
	unsigned op = OP(w->p->insn[pc].code);

	buf_printf(w->b, "(%s ", ops[op >> 4]);
	register_print(w, REG_A, w->at[pc].set[REG_A]);
	if (op != BPF_NEG) {
		buf_text(w->b, " ");
		operand_print(w, pc);
	}
	buf_text(w->b, ")");
}

static void shift_print(struct writer *w, size_t pc)
{
	buf_text(w->b, "(ite (bvugt ");
	operand_print(w, pc);
	buf_printf(w->b, " #x%08x) (%s ", SHIFT_MAX,
		OP(w->p->insn[pc].code) == BPF_LSH ? "lsh" : "rsh");
	register_print(w, REG_A, w->at[pc].set[REG_A]);
	buf_text(w->b, " ");
	operand_print(w, pc);
	buf_text(w->b, ") ");
	alu_print(w, pc);
	buf_text(w->b, ")");
}

/* The new value of the register the instruction sets. */
static void value_print(struct writer *w, size_t pc)
{
	const struct insn *insn = &w->p->insn[pc];
	const uint32_t *set = w->at[pc].set;

	buf_printf(w->b, "(define-fun %s.v%zu () (_ BitVec 32) ", w->name, pc);
	switch (CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		load_print(w, pc);
		break;
	case BPF_ST:
		register_print(w, REG_A, set[REG_A]);
		break;
	case BPF_STX:
		register_print(w, REG_X, set[REG_X]);
		break;
	case BPF_ALU:
		if (is_shift_by_x(insn))
			shift_print(w, pc);
		else
			alu_print(w, pc);
		break;
	case BPF_MISC:
		if (insn->code == (BPF_MISC | BPF_TAX))
			register_print(w, REG_A, set[REG_A]);
		else
			register_print(w, REG_X, set[REG_X]);
		break;
	}
	buf_text(w->b, ")\n");
}

static void condition_print(struct writer *w, size_t pc)
{
	unsigned op = OP(w->p->insn[pc].code);
	const char *open = op == BPF_JEQ ? "(= "
		: op == BPF_JGT          ? "(bvugt "
		: op == BPF_JGE          ? "(bvuge "
					 : "(distinct #x00000000 (bvand ";

	buf_printf(w->b, "(define-fun %s.c%zu () Bool %s", w->name, pc, open);
	register_print(w, REG_A, w->at[pc].set[REG_A]);
	buf_text(w->b, " ");
	operand_print(w, pc);
	buf_text(w->b, op == BPF_JSET ? ")))\n" : "))\n");
}

/* Division by an X of 0 ends the filter with 0: where that is not so, control goes on. */
static void divisor_print(struct writer *w, size_t pc)
{
	buf_printf(w->b, "(define-fun %s.c%zu () Bool (distinct #x00000000 ", w->name, pc);
	register_print(w, REG_X, w->at[pc].set[REG_X]);
	buf_text(w->b, "))\n");
}

static void leave(struct writer *w, size_t pc)
{
	const struct insn *insn = &w->p->insn[pc];

	if (CLASS(insn->code) == BPF_RET)
		return;
	if (insn->code == INSN_JA) {
		edge_add(w, pc, pc + 1 + insn->k, ALWAYS);
	} else if (CLASS(insn->code) == BPF_JMP) {
		condition_print(w, pc);
		edge_add(w, pc, pc + 1 + insn->jt, IF_TRUE);
		edge_add(w, pc, pc + 1 + insn->jf, IF_FALSE);
	} else {
		value_print(w, pc);
		bool divides = insn->code == (BPF_ALU | BPF_DIV | BPF_X);
		if (divides)
			divisor_print(w, pc);
		edge_add(w, pc, pc + 1, divides ? IF_TRUE : ALWAYS);
	}
}

/* Which return is reached; none is where a division by 0 ended it. */
static void answer_print(struct writer *w)
{
	size_t depth = 0;

	buf_printf(w->b, "(define-fun %s () (_ BitVec 32)", w->name);
	for (size_t pc = 0; pc < w->p->len; pc++) {
		const struct insn *insn = &w->p->insn[pc];
		if (CLASS(insn->code) != BPF_RET || (pc && !w->at[pc].edges))
			continue;
		buf_printf(w->b, "\n(ite %s.r%zu ", w->name, pc);
		if (insn->code == INSN_RET)
			buf_printf(w->b, "#x%08x", insn->k);
		else
			register_print(w, REG_A, w->at[pc].set[REG_A]);
		depth++;
	}
	buf_text(w->b, " #x00000000");
	while (depth--)
		buf_text(w->b, ")");
	buf_text(w->b, ")\n");
}

void smt_program(
	struct buf *b, const char *name, const struct program *program, enum byte_order order)
{
	struct writer w = {.b = b, .name = name, .p = program, .order = order};

	w.at = arena_alloc(b->arena, program->len, sizeof(*w.at));
	for (size_t pc = 0; pc < program->len; pc++) {
		if (pc && !w.at[pc].edges)
			continue; /* never reached: no term speaks of it */
		arrive(&w, pc);
		leave(&w, pc);
	}
	answer_print(&w);
}
