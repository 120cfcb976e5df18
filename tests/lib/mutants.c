/*
 * One scratch copy holds the mutant; what was changed in it is changed back. Only instructions gone or
 * there twice move others, and jumps over them get shorter or longer by one.
 */

#include "mutants.h"

#include "codes.h"

#include "compiler/kernel/action.h"
#include "compiler/base/base.h"
#include "compiler/kernel/call.h"

#include <string.h>

const char *const mutation_names[MUTATIONS] = {
	[MUTATION_OPCODE] = "opcode",
	[MUTATION_JUMPS] = "jumps",
	[MUTATION_CONSTANT] = "constant",
	[MUTATION_RETURN] = "return",
	[MUTATION_OFFSET] = "offset",
	[MUTATION_GONE] = "gone",
	[MUTATION_TWICE] = "twice",
};

#define COSTLY_EVERY 16 /* instructions */

struct maker {
	const struct program *from;
	struct insn *insn; /* one more than `from` has */
	size_t every, count;
	bool (*visit)(void *data, const struct program *, const struct mutation *);
	void *data;
};

bool mutants_costly(unsigned code)
{
	unsigned op = code & 0xf0;

	return code == (BPF_RET | BPF_A) || ((code & 7) == BPF_ALU && (op == BPF_MUL || op == BPF_DIV));
}

static bool is_due(struct maker *m)
{
	return m->count++ % m->every == 0;
}

/* Visit with another instruction at pc. */
static bool change(struct maker *m, enum mutation_kind kind, size_t pc, struct insn is)
{
	const struct mutation mutation = {kind, pc, m->from->insn[pc], is};
	const struct program p = {m->insn, m->from->len};

	if (memcmp(&mutation.was, &is, sizeof(is)) == 0 || !is_due(m))
		return true;
	m->insn[pc] = is;
	bool go_on = m->visit(m->data, &p, &mutation);
	m->insn[pc] = mutation.was;
	return go_on;
}

static bool change_opcode(struct maker *m, size_t pc)
{
	bool go_on = true;

	for (size_t i = 0; i < countof(seccomp_codes) && go_on; i++) {
		struct insn is = m->from->insn[pc];
		is.code = seccomp_codes[i];
		if (mutants_costly(is.code) && pc % COSTLY_EVERY)
			continue;
		go_on = change(m, MUTATION_OPCODE, pc, is);
	}
	return go_on;
}

static bool change_jumps(struct maker *m, size_t pc)
{
	const struct insn was = m->from->insn[pc];
	const uint8_t to[][2] = {{was.jf, was.jt}, {was.jt, was.jt}, {was.jf, was.jf},
		{(uint8_t)(was.jt + 1), was.jf}, {(uint8_t)(was.jt - 1), was.jf},
		{was.jt, (uint8_t)(was.jf + 1)}, {was.jt, (uint8_t)(was.jf - 1)}};
	bool go_on = true;

	if ((was.code & 7) != BPF_JMP)
		return true;
	for (size_t i = 0; i < countof(to) && go_on; i++)
		go_on = change(m, MUTATION_JUMPS, pc, (struct insn){was.code, to[i][0], to[i][1], was.k});
	return go_on;
}

static bool change_constant(struct maker *m, size_t pc)
{
	struct insn is = m->from->insn[pc];
	const uint32_t k = is.k;
	bool go_on = true;

	for (unsigned bit = 0; bit < 34 && go_on; bit++) {
		is.k = bit < 32 ? k ^ 1u << bit : bit == 32 ? k + 1 : k - 1;
		go_on = change(m, MUTATION_CONSTANT, pc, is);
	}
	return go_on;
}

static bool change_return(struct maker *m, size_t pc)
{
	struct insn is = m->from->insn[pc];
	bool go_on = true;

	if (is.code != INSN_RET)
		return true;
	for (unsigned action = 0; action < ACTIONS && go_on; action++) {
		for (uint16_t data = 0; data < 2 && go_on; data++) {
			is.k = action_ret((enum action)action, 0) | data;
			go_on = change(m, MUTATION_RETURN, pc, is);
		}
	}
	return go_on;
}

static bool change_offset(struct maker *m, size_t pc)
{
	struct insn is = m->from->insn[pc];
	bool go_on = true;

	if (is.code != INSN_LD)
		return true;
	for (uint32_t word = 0; word < WORDS && go_on; word++) {
		is.k = 4 * word;
		go_on = change(m, MUTATION_OFFSET, pc, is);
	}
	return go_on;
}

/*
 * A way of `step` from `from`, where `by` (1 or -1) instructions come in or go out at pc; *step is
 * then another. False: farther than can be said.
 */
static bool stretch(size_t from, size_t pc, int by, uint32_t most, uint32_t *step)
{
	size_t to = from + 1 + *step;

	if (from >= pc || to <= pc)
		return true;
	if (by > 0 && *step == most)
		return false;
	*step += (uint32_t)by;
	return true;
}

static bool stretch_insn(struct insn *insn, size_t from, size_t pc, int by)
{
	uint32_t jt = insn->jt, jf = insn->jf;

	if (insn->code == INSN_JA)
		return stretch(from, pc, by, UINT32_MAX, &insn->k);
	if ((insn->code & 7) != BPF_JMP)
		return true;
	if (!stretch(from, pc, by, UINT8_MAX, &jt) || !stretch(from, pc, by, UINT8_MAX, &jf))
		return false;
	insn->jt = (uint8_t)jt;
	insn->jf = (uint8_t)jf;
	return true;
}

/* Without the instruction, or with it twice. */
static bool change_length(struct maker *m, size_t pc, bool twice)
{
	const size_t len = m->from->len, tail = len - pc - 1;
	const struct mutation mutation = {.kind = twice ? MUTATION_TWICE : MUTATION_GONE,
		.pc = pc,
		.was = m->from->insn[pc],
		.is = twice ? m->from->insn[pc] : (struct insn){0}};
	const struct program p = {m->insn, twice ? len + 1 : len - 1};
	bool possible = p.len > 0, go_on = true;

	if (!is_due(m))
		return true;
	for (size_t from = 0; from < pc && possible; from++)
		possible = stretch_insn(&m->insn[from], from, pc, twice ? 1 : -1);
	if (possible) {
		memmove(&m->insn[pc + 2 * twice], &m->from->insn[pc + 1], tail * sizeof(*m->insn));
		if (twice)
			m->insn[pc + 1] = mutation.was;
		go_on = m->visit(m->data, &p, &mutation);
	}
	memcpy(m->insn, m->from->insn, len * sizeof(*m->insn));
	return go_on;
}

bool mutants_visit(struct arena *arena, const struct program *program, size_t every,
	bool (*visit)(void *data, const struct program *, const struct mutation *), void *data)
{
	struct maker m = {.from = program,
		.insn = arena_alloc(arena, program->len + 1, sizeof(*m.insn)),
		.every = every,
		.visit = visit,
		.data = data};

	memcpy(m.insn, program->insn, program->len * sizeof(*m.insn));
	for (size_t pc = 0; pc < program->len; pc++) {
		if (!change_opcode(&m, pc) || !change_jumps(&m, pc) || !change_constant(&m, pc) ||
			!change_return(&m, pc) || !change_offset(&m, pc) ||
			!change_length(&m, pc, false) || !change_length(&m, pc, true))
			return false;
	}
	return true;
}
