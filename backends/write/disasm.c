/*
 * A program as text, with what each line means.
 *
 * In: any instructions whatever, those check_program() refuses included. Out: a line for each, in
 * the words of the kernel's assembler (Documentation/networking/filter.rst), jump targets by line:
 *
 *	   0  ld    [4]                             ; arch
 *	   1  jeq   #0xc000003e     ? 2 : 5         ; arch == x86_64/x32
 *	   2  ld    [0]                             ; nr on x86_64/x32
 *	   3  jeq   #257            ? 4 : 5         ; nr == openat
 *
 * What stands behind the semicolon comes from one walk forward: jumps go forward only, so when an
 * instruction's turn comes, all ways to it have been seen. The walk knows which ABIs the call may
 * still be on and which word of it A holds; where ways disagree it knows less, and never guesses.
 */

#include "disasm.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"
#include "../bpf/bytes.h"
#include "../bpf/check.h"

#include <string.h>

enum operand {
	OPERAND_NONE,
	OPERAND_A,
	OPERAND_X,
	OPERAND_LEN,
	OPERAND_NUMBER, /* k as a count or a number */
	OPERAND_BITS,   /* k as bits */
	OPERAND_VALUE,  /* k as a returned value */
	OPERAND_ABS,    /* seccomp_data or packet at k */
	OPERAND_IND,    /* ... at X + k */
	OPERAND_MSH,    /* ... length of the header at k */
	OPERAND_MEM,
};

#define K_AND_X(code, name, operand)                                                               \
	[(code) | BPF_K] = {name, operand}, [(code) | BPF_X] = {name, OPERAND_X}

/* All of classic BPF: what seccomp does not take should still read as what it is. */
static const struct form {
	char name[7];    /* in place, so that the loader has nothing to relocate; "": there is none */
	uint8_t operand; /* enum operand */
} forms[0x100] = {
	[BPF_LD | BPF_W | BPF_ABS] = {"ld", OPERAND_ABS},
	[BPF_LD | BPF_H | BPF_ABS] = {"ldh", OPERAND_ABS},
	[BPF_LD | BPF_B | BPF_ABS] = {"ldb", OPERAND_ABS},
	[BPF_LD | BPF_W | BPF_IND] = {"ld", OPERAND_IND},
	[BPF_LD | BPF_H | BPF_IND] = {"ldh", OPERAND_IND},
	[BPF_LD | BPF_B | BPF_IND] = {"ldb", OPERAND_IND},
	[BPF_LD | BPF_W | BPF_LEN] = {"ld", OPERAND_LEN},
	[BPF_LD | BPF_IMM] = {"ld", OPERAND_NUMBER},
	[BPF_LD | BPF_MEM] = {"ld", OPERAND_MEM},
	[BPF_LDX | BPF_W | BPF_LEN] = {"ldx", OPERAND_LEN},
	[BPF_LDX | BPF_B | BPF_MSH] = {"ldx", OPERAND_MSH},
	[BPF_LDX | BPF_IMM] = {"ldx", OPERAND_NUMBER},
	[BPF_LDX | BPF_MEM] = {"ldx", OPERAND_MEM},
	[BPF_ST] = {"st", OPERAND_MEM},
	[BPF_STX] = {"stx", OPERAND_MEM},
	[BPF_MISC | BPF_TAX] = {"tax", OPERAND_NONE},
	[BPF_MISC | BPF_TXA] = {"txa", OPERAND_NONE},
	K_AND_X(BPF_ALU | BPF_ADD, "add", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_SUB, "sub", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_MUL, "mul", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_DIV, "div", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_MOD, "mod", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_AND, "and", OPERAND_BITS),
	K_AND_X(BPF_ALU | BPF_OR, "or", OPERAND_BITS),
	K_AND_X(BPF_ALU | BPF_XOR, "xor", OPERAND_BITS),
	K_AND_X(BPF_ALU | BPF_LSH, "lsh", OPERAND_NUMBER),
	K_AND_X(BPF_ALU | BPF_RSH, "rsh", OPERAND_NUMBER),
	[BPF_ALU | BPF_NEG] = {"neg", OPERAND_NONE},
	[BPF_JMP | BPF_JA] = {"ja", OPERAND_NONE},
	K_AND_X(BPF_JMP | BPF_JEQ, "jeq", OPERAND_NUMBER),
	K_AND_X(BPF_JMP | BPF_JGT, "jgt", OPERAND_NUMBER),
	K_AND_X(BPF_JMP | BPF_JGE, "jge", OPERAND_NUMBER),
	K_AND_X(BPF_JMP | BPF_JSET, "jset", OPERAND_BITS),
	[BPF_RET | BPF_K] = {"ret", OPERAND_VALUE},
	[BPF_RET | BPF_A] = {"ret", OPERAND_A},
};

#undef K_AND_X

enum { COLUMN_NAME = 6, COLUMN_OPERAND = 12, COLUMN_TARGETS = 28, COLUMN_MEANING = 44 };

#define ELSEWHERE (UINT64_C(1) << 63) /* in a set of ABIs: an audit arch that none of them has */
#define NAMES_MAX 4                   /* ABIs named on one line */

/* What is known before an instruction, whichever way led there. */
struct known {
	bool reached;
	uint8_t a;     /* A holds this word of the call; WORDS: something else */
	uint32_t mask; /* ... or only these bits of it */
	uint64_t abis; /* bit i: the call may be on arch_abis[i] */
};

struct disasm {
	struct buf *b;
	const struct program *p;
	enum byte_order order;
	const struct abi *abi; /* the user's hint */
	struct known *known;   /* one an instruction */
};

static const struct form *form_of(unsigned code)
{
	return code < countof(forms) && forms[code].name[0] ? &forms[code] : NULL;
}

static unsigned jump_op(const struct insn *insn)
{
	return insn->code & 0xf0;
}

/* What A holds behind an instruction. */
static void known_follow(struct known *known, const struct insn *insn, enum byte_order order)
{
	unsigned class = insn->code % 8;

	if (insn->code == INSN_LD && insn->k < DATA_SIZE && insn->k % 4 == 0) {
		known->a = (uint8_t)word_at(insn->k, order);
		known->mask = UINT32_MAX;
	} else if (insn->code == INSN_AND && known->a < WORDS) {
		known->mask &= insn->k;
	} else if (!form_of(insn->code) || class == BPF_LD || class == BPF_ALU ||
		insn->code == (BPF_MISC | BPF_TXA)) {
		known->a = WORDS;
	}
}

static bool jump_taken(unsigned op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	}
	return a & k; /* BPF_JSET */
}

/* The ABIs a test of the audit arch leaves on its one way (taken) or the other. */
static uint64_t abis_behind(const struct known *known, const struct insn *insn, bool taken)
{
	uint64_t abis = known->abis;

	if (known->a != WORD_ARCH || insn->code & BPF_X || insn->code == INSN_JA)
		return abis;
	for (size_t i = 0; i < arch_abi_count; i++) {
		uint32_t audit = arch_abis[i].audit;
		if (jump_taken(jump_op(insn), audit & known->mask, insn->k) != taken)
			abis &= ~(UINT64_C(1) << i);
		else if (taken && jump_op(insn) == BPF_JEQ && known->mask == UINT32_MAX)
			abis &= ~ELSEWHERE;
	}
	return abis;
}

/* One more way to an instruction. */
static void known_join(struct known *there, const struct known *here)
{
	if (!there->reached) {
		*there = *here;
		return;
	}
	there->abis |= here->abis;
	if (there->a != here->a || there->mask != here->mask)
		there->a = WORDS;
}

static void known_send(struct disasm *d, uint64_t target, const struct known *here, uint64_t abis)
{
	struct known way = *here;

	way.abis = abis;
	if (target < d->p->len)
		known_join(&d->known[target], &way);
}

static void known_find(struct disasm *d)
{
	const struct program *p = d->p;

	assert(arch_abi_count < 63);
	const uint64_t any = ELSEWHERE | ((UINT64_C(1) << arch_abi_count) - 1);
	if (p->len)
		d->known[0] = (struct known){.reached = true, .a = WORDS, .abis = any};
	for (size_t pc = 0; pc < p->len; pc++) {
		const struct insn *insn = &p->insn[pc];
		struct known here = d->known[pc];
		uint64_t yes, no;
		if (!here.reached || (form_of(insn->code) && insn->code % 8 == BPF_RET))
			continue;
		known_follow(&here, insn, d->order);
		if (check_targets(p, pc, &yes, &no)) {
			known_send(d, yes, &here, abis_behind(&here, insn, true));
			known_send(d, no, &here, abis_behind(&here, insn, false));
		} else {
			known_send(d, pc + 1, &here, here.abis);
		}
	}
}

static void number_print(struct buf *b, uint32_t k, bool bits)
{
	buf_printf(b, bits || k > UINT16_MAX ? "0x%x" : "%u", k);
}

static void word_print(struct buf *b, unsigned word)
{
	static const char *const names[] = {
		[WORD_NR] = "nr",
		[WORD_ARCH] = "arch",
		[WORD_IP_LO] = "ip.lo",
		[WORD_IP_HI] = "ip.hi",
	};

	if (word < countof(names))
		buf_text(b, names[word]);
	else
		buf_printf(b, "a%u.%s", (word - WORD_ARG_LO) / 2, word % 2 ? "hi" : "lo");
}

static bool has(uint64_t abis, size_t i)
{
	return abis >> i & 1;
}

/* "x86_64/x32" */
static void abis_print(struct buf *b, uint64_t abis)
{
	unsigned count = 0;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!has(abis, i))
			continue;
		if (count++ == NAMES_MAX) {
			buf_text(b, "/...");
			return;
		}
		buf_printf(b, "%s%s", count > 1 ? "/" : "", arch_abis[i].name);
	}
}

static uint64_t abis_of(uint32_t audit)
{
	uint64_t abis = 0;

	for (size_t i = 0; i < arch_abi_count; i++)
		abis |= (uint64_t)(arch_abis[i].audit == audit) << i;
	return abis;
}

/* The ABIs whose names a number has here: the program's word first, then the user's. */
static uint64_t abis_naming(const struct disasm *d, const struct known *known)
{
	if (!(known->abis & ELSEWHERE))
		return known->abis;
	return d->abi ? known->abis & abis_of(d->abi->audit) : 0;
}

/* NULL if the ABI is not in the set, does not own the number or has no name for it. */
static const char *nr_name(uint64_t abis, size_t i, uint32_t nr, bool *owned)
{
	const struct abi *abi = &arch_abis[i];

	*owned = has(abis, i) && nr >= abi->nr_first && nr <= abi->nr_last;
	return *owned ? arch_nr_name(abi, nr) : NULL;
}

/* Whether all ABIs of the set that own the number have one name for it. */
static bool nr_agreed(uint64_t abis, uint32_t nr)
{
	const char *first = NULL;
	bool owned;

	for (size_t i = 0; i < arch_abi_count; i++) {
		const char *name = nr_name(abis, i, nr, &owned);
		if (!owned)
			continue;
		if (!name || (first && strcmp(name, first) != 0))
			return false;
		first = name;
	}
	return first != NULL;
}

/* "openat"; "read on x32"; "read on x86_64, io_setup on aarch64"; nothing if it has no name. */
static unsigned names_print(struct buf *b, uint64_t abis, uint32_t nr, bool agreed)
{
	unsigned count = 0;
	bool owned;

	for (size_t i = 0; i < arch_abi_count && !(agreed && count); i++) {
		const char *name = nr_name(abis, i, nr, &owned);
		if (!name)
			continue;
		if (count++ == NAMES_MAX) {
			buf_text(b, ", ...");
			break;
		}
		buf_printf(b, "%s%s", count > 1 ? ", " : "", name);
		if (!agreed || arch_abis[i].guest)
			buf_printf(b, " on %s", arch_abis[i].name);
	}
	return count;
}

/* "openat"; as a bound, or with several names, the number leads: "257 (openat)". */
static void nr_print(struct disasm *d, const struct known *known, uint32_t nr, bool bound)
{
	const uint64_t abis = abis_naming(d, known);
	const bool agreed = nr_agreed(abis, nr);

	if (agreed && !bound) {
		names_print(d->b, abis, nr, agreed);
		return;
	}
	number_print(d->b, nr, false);
	size_t bare = d->b->len;
	buf_text(d->b, " (");
	if (names_print(d->b, abis, nr, agreed))
		buf_text(d->b, ")");
	else
		d->b->len = bare;
}

static void audit_print(struct buf *b, uint32_t audit)
{
	uint64_t abis = abis_of(audit);

	if (abis)
		abis_print(b, abis);
	else
		buf_printf(b, "0x%08x", audit);
}

/* "a1.lo", "a1.lo & 0xff" */
static void a_print(struct buf *b, const struct known *known, bool parens)
{
	bool masked = known->mask != UINT32_MAX;

	buf_text(b, masked && parens ? "(" : "");
	word_print(b, known->a);
	if (masked)
		buf_printf(b, " & 0x%x%s", known->mask, parens ? ")" : "");
}

/* "nr == openat", "(a1.lo & 0xff) > 3": when a conditional jump is taken. */
static void compare_print(struct disasm *d, const struct known *known, const struct insn *insn)
{
	const unsigned op = jump_op(insn);
	const char *sign = op == BPF_JEQ ? "==" : op == BPF_JGT ? ">" : op == BPF_JGE ? ">=" : "&";
	bool whole = known->mask == UINT32_MAX && op != BPF_JSET;

	a_print(d->b, known, true);
	buf_printf(d->b, " %s ", sign);
	if (insn->code & BPF_X)
		buf_text(d->b, "x");
	else if (known->a == WORD_ARCH && whole)
		audit_print(d->b, insn->k);
	else if (known->a == WORD_NR && whole)
		nr_print(d, known, insn->k, op != BPF_JEQ);
	else
		number_print(d->b, insn->k, op == BPF_JSET);
}

static void load_print(struct disasm *d, const struct known *before, const struct known *after)
{
	a_print(d->b, after, false);
	if (after->a == WORD_NR && before->abis && !(before->abis & ELSEWHERE)) {
		buf_text(d->b, " on ");
		abis_print(d->b, before->abis);
	}
}

/* What a line means, as far as anything is known. */
static void meaning_print(struct disasm *d, size_t pc)
{
	const struct insn *insn = &d->p->insn[pc];
	const struct known *before = &d->known[pc];
	struct known after = *before;
	bool jumps = form_of(insn->code) && insn->code % 8 == BPF_JMP && insn->code != INSN_JA;

	known_follow(&after, insn, d->order);
	if (!before->reached)
		buf_text(d->b, "unreachable");
	else if (insn->code == INSN_RET)
		action_print(d->b, insn->k);
	else if (jumps && before->a < WORDS)
		compare_print(d, before, insn);
	else if ((insn->code == INSN_LD || insn->code == INSN_AND) && after.a < WORDS)
		load_print(d, before, &after);
}

static void operand_print(struct buf *b, enum operand operand, uint32_t k)
{
	switch (operand) {
	case OPERAND_NONE:
		return;
	case OPERAND_A:
		buf_text(b, "a");
		return;
	case OPERAND_X:
		buf_text(b, "x");
		return;
	case OPERAND_LEN:
		buf_text(b, "len");
		return;
	case OPERAND_NUMBER:
	case OPERAND_BITS:
		buf_text(b, "#");
		number_print(b, k, operand == OPERAND_BITS);
		return;
	case OPERAND_VALUE:
		buf_printf(b, "#0x%08x", k);
		return;
	case OPERAND_ABS:
		buf_printf(b, "[%u]", k);
		return;
	case OPERAND_IND:
		buf_printf(b, "[x + %u]", k);
		return;
	case OPERAND_MSH:
		buf_printf(b, "4*([%u]&0xf)", k);
		return;
	case OPERAND_MEM:
		buf_printf(b, "M[%u]", k);
		return;
	}
	unreachable();
}

static void targets_print(struct disasm *d, size_t pc)
{
	uint64_t yes, no;

	if (!check_targets(d->p, pc, &yes, &no))
		return;
	buf_pad(d->b, COLUMN_TARGETS);
	if (d->p->insn[pc].code == INSN_JA)
		buf_printf(d->b, "-> %llu", (unsigned long long)yes);
	else
		buf_printf(d->b, "? %llu : %llu", (unsigned long long)yes, (unsigned long long)no);
}

static void line_print(struct disasm *d, size_t pc)
{
	const struct insn *insn = &d->p->insn[pc];
	const struct form *form = form_of(insn->code);

	buf_printf(d->b, "%4zu", pc);
	buf_pad(d->b, COLUMN_NAME);
	if (form) {
		buf_text(d->b, form->name);
		if (form->operand != OPERAND_NONE)
			buf_pad(d->b, COLUMN_OPERAND);
		operand_print(d->b, form->operand, insn->k);
		targets_print(d, pc);
	} else {
		buf_printf(d->b, ".insn 0x%04x, %u, %u, 0x%08x", insn->code, insn->jt, insn->jf,
			insn->k);
	}
	size_t bare = d->b->len;
	buf_pad(d->b, COLUMN_MEANING);
	buf_text(d->b, "; ");
	size_t meaning = d->b->len;
	meaning_print(d, pc);
	if (d->b->len == meaning)
		d->b->len = bare;
	buf_text(d->b, "\n");
}

void disasm_print(
	struct buf *b, const struct program *p, enum byte_order order, const struct abi *abi)
{
	struct disasm d = {.b = b, .p = p, .order = order, .abi = abi};

	d.known = arena_alloc(b->arena, p->len, sizeof(*d.known));
	known_find(&d);
	for (size_t pc = 0; pc < p->len; pc++)
		line_print(&d, pc);
}
