/*
 * A program as one function of the call.
 *
 * In: a program the kernel takes. Out: the function of what it returns. On the way forward each
 * instruction is executed on numbers that depend on the call (bits.h), once for each different
 * content of the registers it can be reached with: a point. A conditional jump is executed both
 * ways; its condition is a boolean function. On the way back each point's function is put together
 * from those of the points it leads to, last instruction first.
 *
 * What a shift by X leaves in A where X is 32 or more is unknown, and so is what is computed from
 * it. For those calls the function is not decided where something depends on that: a jump that has
 * two ways, or what is returned. Nobody has to show that X is below 32: where it is on every way
 * to the shift, no such call is left.
 *
 * Most tests are of the number, in trees: a point is reached with a few numbers, and its function need not
 * be right for others. The first instruction is reached with all.
 *
 * Jumps go forward only, so the points of an instruction are all known when it is reached, and
 * there is no loop and no recursion. Most programs have one point an instruction or two; one that
 * computes its way into very many is given up.
 */

#include "symbolic.h"

#include "../../compiler/base/base.h"
#include "bits.h"
#include "../bpf/bytes.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/base/tuples.h"

#include <string.h>

#define POINTS_MAX (1u << 16)
#define FIRST_ARGUMENT (2 * 32u) /* variables before are the audit arch's and the number's (meaning.c) */

/* The fields of an opcode. */
#define CLASS(code) ((code)&0x07)
#define MODE(code)  ((code)&0xe0)
#define OP(code)    ((code)&0xf0)
#define BY_X(code)  (((code)&BPF_X) != 0)

/*
 * A number, for the calls for which `unknown` is 0; elsewhere that is 1 + the instruction that made
 * it unknown, and the bits, which mean nothing, are 0.
 */
struct value {
	struct bits bits;
	uint32_t unknown;
};
#define VALUE_WORDS (BITS + 1)

/* What the machine holds: indices of values in walk.values, 0 is the number 0. */
struct state {
	uint32_t pc;
	uint32_t a, x, m[BPF_MEMWORDS];
};
#define STATE_WORDS (3 + BPF_MEMWORDS)

static_assert(sizeof(struct state) == STATE_WORDS * sizeof(uint32_t), "a state is a tuple");
static_assert(sizeof(struct value) == VALUE_WORDS * sizeof(uint32_t), "a value is a tuple");

/* Point 0 is none. */
struct point {
	struct chain chain; /* the condition; if its mask is 0, `test` is */
	uint32_t test;      /* boolean */
	uint32_t yes, no;   /* points of higher pc; none: this one returns */
	uint32_t unknown;   /* as a value's: where it is not 0, nobody knows which way it goes */
	uint32_t function;  /* what is returned from here on */
	uint32_t emulated;  /* the same as the kernel's emulator sees it, where it comes by */
	bool followed;      /* it does */
	uint32_t where;     /* boolean: audit archs and numbers it may be reached with */
	struct words numbers; /* it is reached with these at most; for others `function` says anything */
	uint32_t next;      /* of those with the same pc */
};

struct walk {
	struct bdd *bdd;
	const struct program *program;
	enum byte_order order;
	bool somewhere; /* not all calls are asked about */
	bool emulates;  /* what the emulator sees is asked, too */
	struct tuples values, states;
	struct point *point; /* by index of state */
	uint32_t room;
	uint32_t number;      /* variable of the number's top bit */
	uint32_t *first;      /* by pc: a point */
	uint32_t word[WORDS]; /* values already loaded; 0: not yet */
};

static uint32_t value_index(struct walk *w, struct value value)
{
	uint32_t tuple[VALUE_WORDS];

	memcpy(tuple, &value, sizeof(value));
	return tuples_index(&w->values, tuple);
}

static struct value value_at(const struct walk *w, uint32_t index)
{
	struct value value;

	memcpy(&value, tuples_at(&w->values, index), sizeof(value));
	return value;
}

static struct value known(struct bits bits)
{
	return (struct value){.bits = bits, .unknown = BDD_FALSE};
}

static struct value constant(uint32_t number)
{
	return known(bits_constant(number));
}

static uint64_t is_zero(uint64_t f, uint64_t g)
{
	(void)g;
	return f == 0;
}

/* Boolean; small, as `unknown` is. */
static uint32_t known_where(struct bdd *b, uint32_t unknown)
{
	return combine(b, unknown, unknown, is_zero);
}

/* Unknown where one of two is; the first one's reason goes before. */
static uint32_t unknown_in(struct bdd *b, uint32_t first, uint32_t second)
{
	if (first == BDD_FALSE || first == second)
		return second;
	return second == BDD_FALSE ? first : bdd_ite(b, known_where(b, first), second, first);
}

static struct value value_of(struct bdd *b, struct bits bits, uint32_t unknown)
{
	if (unknown == BDD_FALSE)
		return known(bits);
	uint32_t is_known = known_where(b, unknown);
	for (unsigned i = 0; i < BITS; i++)
		bits.bit[i] = bdd_ite(b, is_known, bits.bit[i], BDD_FALSE);
	return (struct value){bits, unknown};
}

static uint64_t undecided_of(uint64_t f, uint64_t g)
{
	(void)g;
	return f ? UNDECIDED + f - 1 : 0;
}

/* A function where it is known what it depends on. */
static uint32_t decided(struct bdd *b, uint32_t unknown, uint32_t function)
{
	if (unknown == BDD_FALSE)
		return function;
	uint32_t open = combine(b, unknown, unknown, undecided_of);
	return bdd_ite(b, known_where(b, unknown), function, open);
}

static struct state state_at(const struct walk *w, uint32_t point)
{
	struct state s;

	memcpy(&s, tuples_at(&w->states, point), sizeof(s));
	return s;
}

/* The point of a state, new or known. */
static uint32_t reach(struct walk *w, struct state s)
{
	uint32_t tuple[STATE_WORDS], known = w->states.count;

	assert(s.pc <= w->program->len);
	memcpy(tuple, &s, sizeof(s));
	uint32_t point = tuples_index(&w->states, tuple);
	if (point < known)
		return point;
	if (point == POINTS_MAX)
		w->bdd->full = true;
	if (point == w->room) {
		struct point *more = arena_raw(w->bdd->arena, 2 * (size_t)point, sizeof(*more));
		memcpy(more, w->point, point * sizeof(*more));
		w->point = more;
		w->room = 2 * point;
	}
	w->point[point] = (struct point){.numbers = NO_WORDS, .next = w->first[s.pc]};
	w->first[s.pc] = point;
	return point;
}

/* Where an instruction leads. */

static struct point leave(uint32_t function)
{
	return (struct point){.function = function};
}

static struct point proceed(struct walk *w, struct state s)
{
	uint32_t next = reach(w, s);

	return (struct point){.test = BDD_TRUE, .yes = next, .no = next};
}

static struct point branch(struct walk *w, uint32_t test, struct state yes, struct state no)
{
	if (test == BDD_TRUE)
		return proceed(w, yes);
	if (test == BDD_FALSE)
		return proceed(w, no);
	return (struct point){.test = test, .yes = reach(w, yes), .no = reach(w, no)};
}

/* By x RELATION y: as a chain if it is one. */
static struct point compare(struct walk *w, const struct bits *x, const struct bits *y,
	struct relation relation, const struct state to[2])
{
	struct chain c = {.relation = relation};

	if (!bits_known(y, &c.k) || !bits_masked(w->bdd, x, &c.first, &c.mask))
		return branch(w, bits_compare(w->bdd, x, y, relation), to[true], to[false]);
	return (struct point){.chain = c, .yes = reach(w, to[true]), .no = reach(w, to[false])};
}

/* What a load puts into A or X. */
static uint32_t load(struct walk *w, const struct insn *insn, const struct state *s)
{
	unsigned word;

	switch (MODE(insn->code)) {
	case BPF_IMM:
		return value_index(w, constant(insn->k));
	case BPF_LEN:
		return value_index(w, constant(DATA_SIZE));
	case BPF_MEM:
		return s->m[insn->k];
	case BPF_ABS:
		word = word_at(insn->k, w->order);
		if (!w->word[word])
			w->word[word] =
				value_index(w, known(bits_word(w->bdd, meaning_variable(word))));
		return w->word[word];
	}
	unreachable();
}

static struct bits operate(
	struct bdd *b, unsigned op, const struct bits *a, const struct bits *operand)
{
	struct bits zero = bits_constant(0);

	switch (op) {
	case BPF_ADD:
		return bits_add(b, a, operand);
	case BPF_SUB:
		return bits_sub(b, a, operand);
	case BPF_MUL:
		return bits_mul(b, a, operand);
	case BPF_DIV:
		return bits_div(b, a, operand);
	case BPF_OR:
		return bits_or(b, a, operand);
	case BPF_AND:
		return bits_and(b, a, operand);
	case BPF_LSH:
		return bits_lsh(b, a, operand);
	case BPF_RSH:
		return bits_rsh(b, a, operand);
	case BPF_XOR:
		return bits_xor(b, a, operand);
	case BPF_NEG:
		return bits_sub(b, &zero, a);
	}
	unreachable();
}

static struct value operand_of(const struct walk *w, const struct insn *insn, const struct state *s)
{
	return BY_X(insn->code) ? value_at(w, s->x) : constant(insn->k);
}

/* What instruction `pc` makes unknown that was not. */
static uint32_t excess(struct bdd *b, const struct insn *insn, uint32_t pc, const struct bits *x)
{
	const struct relation above = {.more = true};
	const struct bits most = bits_constant(SHIFT_MAX);

	if (!is_shift_by_x(insn))
		return BDD_FALSE;
	return bdd_ite(b, bits_compare(b, x, &most, above), bdd_leaf(b, pc + 1), BDD_FALSE);
}

static struct point compute(struct walk *w, const struct insn *insn, struct state s)
{
	const struct relation equal = {.equal = true};
	struct bdd *b = w->bdd;
	struct value a = value_at(w, s.a), operand = operand_of(w, insn, &s);
	struct bits zero = bits_constant(0);
	struct state stopped = s;

	stopped.pc = (uint32_t)w->program->len;
	uint32_t unknown = unknown_in(b, a.unknown, operand.unknown);
	unknown = unknown_in(b, unknown, excess(b, insn, s.pc - 1, &operand.bits));
	struct bits result = operate(b, OP(insn->code), &a.bits, &operand.bits);
	s.a = value_index(w, value_of(b, result, unknown));
	if (OP(insn->code) != BPF_DIV)
		return proceed(w, s);
	struct point p = branch(w, bits_compare(b, &operand.bits, &zero, equal), stopped, s);
	p.unknown = operand.unknown;
	return p;
}

static struct point jump_if(struct walk *w, const struct insn *insn, const struct bits *a,
	const struct bits *operand, const struct state to[2])
{
	const struct relation equal = {.equal = true}, above = {.more = true};
	const struct relation least = {.equal = true, .more = true};
	struct bits common, zero = bits_constant(0);

	switch (OP(insn->code)) {
	case BPF_JEQ:
		return compare(w, a, operand, equal, to);
	case BPF_JGT:
		return compare(w, a, operand, above, to);
	case BPF_JGE:
		return compare(w, a, operand, least, to);
	case BPF_JSET:
		common = bits_and(w->bdd, a, operand);
		return compare(w, &common, &zero, above, to);
	}
	unreachable();
}

/* Which of the call's words is it, as it was loaded? WORDS: none. */
static unsigned loaded_word(const struct walk *w, uint32_t value)
{
	unsigned word = 0;

	while (word < WORDS && (!w->word[word] || w->word[word] != value))
		word++;
	return word;
}

/* What most jumps are: a word against a constant. False: not this one. */
static bool jump_by_word(struct walk *w, const struct insn *insn, uint32_t a, const struct state to[2], struct point *p)
{
	const unsigned op = OP(insn->code), word = BY_X(insn->code) || op == BPF_JSET ? WORDS : loaded_word(w, a);

	if (word == WORDS)
		return false;
	const struct chain c = {meaning_variable(word), UINT32_MAX, insn->k,
		{.equal = op != BPF_JGT, .more = op != BPF_JEQ}};
	*p = (struct point){.chain = c, .yes = reach(w, to[true]), .no = reach(w, to[false])};
	return true;
}

static struct point jump(struct walk *w, const struct insn *insn, struct state s)
{
	struct state to[2] = {s, s};
	struct point p;

	if (insn->code == INSN_JA) {
		s.pc += insn->k;
		return proceed(w, s);
	}
	to[true].pc += insn->jt;
	to[false].pc += insn->jf;
	if (jump_by_word(w, insn, s.a, to, &p))
		return p;
	struct value a = value_at(w, s.a), operand = operand_of(w, insn, &s);
	p = jump_if(w, insn, &a.bits, &operand.bits, to);
	if (insn->jt != insn->jf)
		p.unknown = unknown_in(w->bdd, a.unknown, operand.unknown);
	return p;
}

static struct point answer(struct walk *w, const struct insn *insn, const struct state *s)
{
	if (insn->code == (BPF_RET | BPF_K))
		return leave(bdd_leaf(w->bdd, insn->k));
	struct value a = value_at(w, s->a);
	return leave(decided(w->bdd, a.unknown, bits_value(w->bdd, &a.bits)));
}

/* One instruction; s.pc is already behind it. */
static struct point execute(struct walk *w, const struct insn *insn, struct state s)
{
	switch (CLASS(insn->code)) {
	case BPF_LD:
		s.a = load(w, insn, &s);
		return proceed(w, s);
	case BPF_LDX:
		s.x = load(w, insn, &s);
		return proceed(w, s);
	case BPF_ST:
		s.m[insn->k] = s.a;
		return proceed(w, s);
	case BPF_STX:
		s.m[insn->k] = s.x;
		return proceed(w, s);
	case BPF_ALU:
		return compute(w, insn, s);
	case BPF_JMP:
		return jump(w, insn, s);
	case BPF_RET:
		return answer(w, insn, &s);
	case BPF_MISC:
		if (insn->code == (BPF_MISC | BPF_TAX))
			s.x = s.a;
		else
			s.a = s.x;
		return proceed(w, s);
	}
	unreachable();
}

/* Does the kernel's emulator go on behind this instruction, or at least know what it returns? */
static bool emulator_knows(const struct insn *insn, enum byte_order order)
{
	switch (insn->code) {
	case INSN_LD:
		return insn->k == word_offset(WORD_NR, order) ||
			insn->k == word_offset(WORD_ARCH, order);
	case INSN_AND:
	case INSN_JA:
	case INSN_JEQ:
	case INSN_JGT:
	case INSN_JGE:
	case INSN_JSET:
	case INSN_RET:
		return true;
	}
	return false;
}

/* Behind the program lies what a division by zero comes to: the filter returns 0. */
static struct point visit(struct walk *w, uint32_t point, bool emulated)
{
	struct state s = state_at(w, point);

	if (s.pc == w->program->len)
		return leave(bdd_leaf(w->bdd, 0));
	const struct insn *insn = &w->program->insn[s.pc];
	if (emulated && !emulator_knows(insn, w->order))
		return leave(bdd_leaf(w->bdd, SYMBOLIC_STUCK + s.pc));
	s.pc++;
	return execute(w, insn, s);
}

/* The calls of a point go on to where its test leads; a test of arguments lets all numbers through. */
static void hand_on(struct walk *w, const struct point *p)
{
	const struct chain *c = &p->chain;
	struct point *yes = &w->point[p->yes], *no = &w->point[p->no];
	uint32_t where[2] = {p->where, p->where};

	if (!p->yes)
		return;
	if (c->mask && c->first < FIRST_ARGUMENT) {
		where[true] = chain_choose(w->bdd, c, p->where, BDD_FALSE);
		where[false] = chain_choose(w->bdd, c, BDD_FALSE, p->where);
	}
	yes->where = bdd_ite(w->bdd, where[true], BDD_TRUE, yes->where);
	no->where = bdd_ite(w->bdd, where[false], BDD_TRUE, no->where);
}

static bool asks_number(const struct walk *w, const struct point *p)
{
	return p->chain.mask && p->chain.first == w->number;
}

/* Numbers go on to where they lead. A point of several ways has what lies between theirs, too. */
static void hand_numbers(struct walk *w, const struct point *p)
{
	for (unsigned way = 0; p->yes && way < 2; way++) {
		struct words some = asks_number(w, p) ? chain_words(&p->chain, way, p->numbers) : p->numbers;
		struct words *all = &w->point[way ? p->yes : p->no].numbers;
		if (words_none(some))
			continue;
		bool none = words_none(*all);
		all->first = none || some.first < all->first ? some.first : all->first;
		all->last = none || some.last > all->last ? some.last : all->last;
	}
}

/* Behind an instruction it does not know the emulator does not look. */
static bool gets_stuck(const struct walk *w, size_t pc)
{
	return pc == w->program->len || !emulator_knows(&w->program->insn[pc], w->order);
}

static void walk_forth(struct walk *w, bool emulated)
{
	for (size_t pc = 0; pc <= w->program->len; pc++) {
		for (uint32_t i = w->first[pc]; i && !w->bdd->full; i = w->point[i].next) {
			const struct point *p = &w->point[i];
			uint32_t where = p->where, next = p->next;
			struct words numbers = p->numbers;
			bool followed = p->followed;
			if (w->somewhere && where == BDD_FALSE)
				continue;
			struct point visited = visit(w, i, emulated);
			visited.next = next;
			visited.where = where;
			visited.followed = followed;
			visited.numbers = numbers;
			w->point[i] = visited;
			hand_numbers(w, &visited);
			if (w->somewhere)
				hand_on(w, &visited);
			if (followed && visited.yes && !gets_stuck(w, pc))
				w->point[visited.yes].followed = w->point[visited.no].followed = true;
		}
	}
}

static uint32_t choose(struct walk *w, const struct point *p, uint32_t yes, uint32_t no)
{
	if (asks_number(w, p))
		return chain_choose_among(w->bdd, &p->chain, yes, no, p->numbers);
	return p->chain.mask ? chain_choose(w->bdd, &p->chain, yes, no) : bdd_ite(w->bdd, p->test, yes, no);
}

/* What it knows, A and what it is compared with, is never unknown to us. */
static uint32_t emulated_from(struct walk *w, size_t pc, const struct point *p)
{
	if (gets_stuck(w, pc))
		return bdd_leaf(w->bdd, SYMBOLIC_STUCK + pc);
	return p->yes ? choose(w, p, w->point[p->yes].emulated, w->point[p->no].emulated) : p->function;
}

static void walk_back(struct walk *w)
{
	for (size_t pc = w->program->len + 1; pc--;) {
		for (uint32_t i = w->first[pc]; i; i = w->point[i].next) {
			struct point *p = &w->point[i];
			if (p->yes) {
				p->function =
					choose(w, p, w->point[p->yes].function, w->point[p->no].function);
				p->function = decided(w->bdd, p->unknown, p->function);
			}
			if (p->followed)
				p->emulated = emulated_from(w, pc, p);
		}
	}
}

static struct symbolic walk(struct walk w, uint32_t where, bool emulated)
{
	struct bdd *b = w.bdd;
	const struct program *program = w.program;

	w.somewhere = where != BDD_TRUE;
	w.room = 256;
	while (w.room < program->len + 2)
		w.room *= 2;
	w.number = meaning_variable(WORD_NR);
	tuples_init(&w.values, b->arena, VALUE_WORDS, 0);
	tuples_init(&w.states, b->arena, STATE_WORDS, w.room);
	w.point = arena_raw(b->arena, w.room, sizeof(*w.point));
	w.first = arena_alloc(b->arena, program->len + 1, sizeof(*w.first));
	/* Value 0 is the constant 0, state 0 one that no point has. */
	value_index(&w, constant(0));
	tuples_index(&w.states, (const uint32_t[STATE_WORDS]){UINT32_MAX});
	uint32_t start = reach(&w, (struct state){.pc = 0});
	w.point[start].where = where;
	w.point[start].numbers = (struct words){0, UINT32_MAX};
	w.point[start].followed = w.emulates;
	walk_forth(&w, emulated);
	walk_back(&w);
	return (struct symbolic){w.point[start].function, w.point[start].emulated};
}

uint32_t symbolic_run(struct bdd *b, const struct program *program, enum byte_order order)
{
	return symbolic_run_where(b, program, order, BDD_TRUE);
}

uint32_t symbolic_run_where(
	struct bdd *b, const struct program *program, enum byte_order order, uint32_t where)
{
	struct walk w = {.bdd = b, .program = program, .order = order};

	return walk(w, where, false).found;
}

uint32_t symbolic_emulate(struct bdd *b, const struct program *program, enum byte_order order)
{
	struct walk w = {.bdd = b, .program = program, .order = order};

	return walk(w, BDD_TRUE, true).found;
}

struct symbolic symbolic_both(struct bdd *b, const struct program *program, enum byte_order order)
{
	struct walk w = {.bdd = b, .program = program, .order = order, .emulates = true};

	return walk(w, BDD_TRUE, false);
}
