/*
 * The side's meaning, where calls pass, is a function of the call like any other: it is narrowed to the calls
 * that a way is about, and what is left of it, if anything, has a call that passes. That call is put to the side
 * once more before it is shown.
 */

#include "audit_looks.h"

#include "../../compiler/explain/words.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/meaning/narrow.h"

#include "../../arch/ids.h"
#include "../../arch/width.h"

#include <string.h>

#define SHOWN 4u /* calls of a way */

/* --- what passes --- */

static uint64_t passing(uint64_t f, uint64_t g)
{
	(void)g;
	return is_undecided(f) || verdict_rank((uint32_t)f) <= ACTION_ERRNO ? DIFF_SAME : f;
}

/* What is let through, or given to somebody to decide; DIFF_SAME elsewhere. */
static uint32_t passes(struct asserting *j)
{
	return combine(j->bdd, j->side->meaning, j->side->meaning, passing);
}

static uint64_t is_difference(uint64_t f, uint64_t g)
{
	(void)g;
	return f != DIFF_SAME;
}

static uint32_t to_boolean(struct bdd *b, uint32_t difference)
{
	return combine(b, difference, difference, is_difference);
}

/* "x86_64 ptrace(0): ALLOW" */
static void print_passing(struct asserting *j, struct buf *why, const struct call *call, uint64_t leaf)
{
	j->mistaken = j->mistaken || !comparand_says(comparand_answer(j->side, call), leaf);
	call_print(why, call, 0);
	buf_text(why, ": ");
	action_print(why, (uint32_t)leaf);
}

/* The calls of the region that pass, or those nobody can decide. */
static enum finding judge_region(struct asserting *j, uint32_t region, struct buf *why, const char *says)
{
	struct bdd *b = j->bdd;
	uint32_t same = bdd_leaf(b, DIFF_SAME);
	uint32_t open = bdd_ite(b, region, passes(j), same);
	struct call call = {0};

	if (b->full)
		return UNDECIDABLE;
	if (open != same) {
		uint64_t leaf = diff_witness(b, open, &call);
		print_passing(j, why, &call, leaf);
		buf_printf(why, "%s\n", says);
		return FAILS;
	}
	open = bdd_ite(b, region, diff_undecided(b, j->side->meaning), same);
	if (open == same || b->full)
		return b->full ? UNDECIDABLE : HOLDS;
	uint64_t leaf = diff_witness(b, open, &call);
	call_print(why, &call, 0);
	buf_text(why, ": ");
	undecided_print(why, leaf);
	buf_text(why, "\n");
	return UNDECIDABLE;
}

static enum finding worse(enum finding a, enum finding b)
{
	return a > b ? a : b;
}

/* --- ABIs --- */

static bool is_before(size_t abi)
{
	for (size_t i = 0; i < abi; i++) {
		if (arch_abis[i].audit == arch_abis[abi].audit)
			return true;
	}
	return false;
}

/*
 * An audit arch that no ABI of winnow's tables has, nor any kernel: who lets its calls pass does not ask, or asks
 * for the wrong ones. A call of another ABI of such a machine shows it best.
 */
enum finding look_arch(struct asserting *j, const struct abi *native, struct buf *why)
{
	struct bdd *b = j->bdd;
	uint32_t unknown = BDD_TRUE, others = BDD_FALSE, same = bdd_leaf(b, DIFF_SAME);

	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (is_before(i))
			continue;
		unknown = meaning_on(b, abi->audit, BDD_FALSE, unknown);
		if (abi->order == native->order && abi->audit != native->audit && abi->host &&
			strcmp(abi->host, native->name) == 0)
			others = meaning_on(b, abi->audit, BDD_TRUE, others);
	}
	if (bdd_ite(b, unknown, passes(j), same) != same && bdd_ite(b, others, passes(j), same) != same)
		return judge_region(j, others, why, ", and so of any audit arch: the filter does not ask for it");
	return judge_region(j, unknown, why, ": the filter does not ask for the audit arch");
}

/* Does the machine run programs of that ABI beside its own? */
static bool is_companion(const struct abi *native, const struct abi *abi)
{
	if (abi->order != native->order)
		return false;
	return arch_reaches(native, abi) || (abi->host && strcmp(abi->host, native->name) == 0);
}

/* Its own, and those beside, as far as the filter is for them. */
static bool is_asked_about(struct asserting *j, const struct abi *native, size_t abi)
{
	bool own = abi == (size_t)(native - arch_abis);

	return (own || is_companion(native, &arch_abis[abi])) && asserting_is_for(j, &arch_abis[abi]);
}

/* As a filter sees them in a thread of an audit arch. */
static uint32_t numbers_under(struct bdd *b, uint32_t audit, const struct abi *abi, uint32_t first)
{
	uint32_t last = abi->table_last ? abi->table_last : abi->nr_last;

	return meaning_numbers(b, audit, first, last == UINT32_MAX ? last - 1 : last);
}

static uint32_t numbers_of(struct bdd *b, const struct abi *abi, uint32_t first)
{
	return numbers_under(b, abi->audit, abi, first);
}

static enum finding look_table(struct asserting *j, const struct abi *thread, const struct abi *table, struct buf *why)
{
	uint32_t first = table->table_last ? table->table_first : table->nr_first;

	return judge_region(j, numbers_under(j->bdd, thread->audit, table, first), why, "");
}

/* Where the kernel finds the table by the number (64-bit MIPS), a filter sees it with the arch of the thread. */
enum finding look_companions(struct asserting *j, const struct abi *native, struct buf *why)
{
	enum finding worst = HOLDS;

	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		bool own = abi == native, beside = is_companion(native, abi);
		if (beside)
			worst = worse(worst, look_table(j, abi, abi, why));
		for (size_t k = 0; (own || beside) && k < arch_abi_count; k++) {
			if (arch_reaches(abi, &arch_abis[k]))
				worst = worse(worst, look_table(j, abi, &arch_abis[k], why));
		}
	}
	return worst;
}

/* Behind the last number that has a name today; if all is well there, in the holes of the table. */
static enum finding look_nameless(struct asserting *j, const struct abi *abi, struct buf *why)
{
	struct bdd *b = j->bdd;
	uint32_t holes = numbers_of(b, abi, abi->nr_first), last = abi->nr_first, nr;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_nr(abi, (uint16_t)id, &nr))
			continue;
		holes = bdd_ite(b, meaning_numbers(b, abi->audit, nr, nr), BDD_FALSE, holes);
		last = nr > last ? nr : last;
	}
	enum finding tail = judge_region(j, numbers_of(b, abi, last + 1), why, ": no table has such a number yet");
	return tail != HOLDS ? tail : judge_region(j, holes, why, ": a hole in today's table");
}

enum finding look_new(struct asserting *j, const struct abi *native, struct buf *why)
{
	enum finding worst = HOLDS;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (is_asked_about(j, native, i))
			worst = worse(worst, look_nameless(j, &arch_abis[i], why));
	}
	return worst;
}

/* --- arguments --- */

/* Walks over functions of one number's arguments. */
struct walk {
	struct bdd *bdd;
	struct arena *arena;
	uint32_t *stamp, *kept; /* by node: the walk that saw it last, and what came of it */
	uint32_t room, walks;
	uint64_t depends[CALL_ARGS]; /* bits that are looked at */
};

static void start_walk(struct walk *w)
{
	uint32_t count = w->bdd->count;

	if (count > w->room) {
		w->stamp = arena_grow(w->arena, w->stamp, w->room, (size_t)2 * count, sizeof(*w->stamp));
		w->kept = arena_grow(w->arena, w->kept, w->room, (size_t)2 * count, sizeof(*w->kept));
		w->room = 2 * count;
	}
	w->walks++;
}

/* The argument and bit of a variable; false: it is none of an argument. */
static bool find_bit(uint32_t var, unsigned *arg, uint64_t *bit)
{
	struct call call = {0};

	meaning_set(&call, var);
	for (*arg = 0; *arg < CALL_ARGS; ++*arg) {
		*bit = call.args[*arg];
		if (*bit)
			return true;
	}
	return false;
}

/* Depth is bounded by the variables. */
static void find_bits(struct walk *w, uint32_t node)
{
	uint64_t bit;
	unsigned arg;

	if (bdd_is_leaf(w->bdd, node) || w->stamp[node] == w->walks)
		return;
	w->stamp[node] = w->walks;
	if (find_bit(w->bdd->node[node].var, &arg, &bit))
		w->depends[arg] |= bit;
	find_bits(w, w->bdd->node[node].lo);
	find_bits(w, w->bdd->node[node].hi);
}

/* The function where bits of `mask` of an argument are all 0 or all 1. Depth is bounded by the variables. */
static uint32_t force(struct walk *w, uint32_t node, unsigned arg, uint64_t mask, bool one)
{
	struct bdd *b = w->bdd;
	uint64_t bit;
	unsigned of;

	if (bdd_is_leaf(b, node))
		return node;
	if (w->stamp[node] == w->walks)
		return w->kept[node];
	uint32_t var = b->node[node].var, lo = b->node[node].lo, hi = b->node[node].hi, made;
	if (find_bit(var, &of, &bit) && of == arg && bit & mask) {
		made = force(w, one ? hi : lo, arg, mask, one);
	} else {
		lo = force(w, lo, arg, mask, one);
		hi = force(w, hi, arg, mask, one);
		made = bdd_node(b, var, lo, hi);
	}
	w->stamp[node] = w->walks;
	w->kept[node] = made;
	return made;
}

static uint32_t forced(struct walk *w, uint32_t function, unsigned arg, uint64_t mask, bool one)
{
	start_walk(w);
	return force(w, function, arg, mask, one);
}

/* Boolean: bits of an argument are that. */
static uint32_t argument_is(struct bdd *b, unsigned arg, uint64_t mask, uint64_t value)
{
	const struct cond cond = {.arg = (uint8_t)arg, .op = COND_EQ, .mask = mask, .value = value};
	const struct clause clause = {.cond = &cond, .conds = 1};

	return meaning_clause(b, &clause);
}

/* A named number of an ABI of 64 bits, and where it passes: a function of the arguments. */
struct numbered {
	struct asserting *j;
	struct walk *walk;
	const struct abi *abi;
	uint16_t id;
	uint32_t nr;
	uint32_t open; /* DIFF_SAME where it does not pass */
	struct buf *why;
	unsigned *shown;
};

static void show(struct numbered *n, uint32_t where, const char *between)
{
	struct call call = {.arch = n->abi->audit, .nr = n->nr};
	uint64_t leaf = diff_call(n->j->bdd, where, &call);

	if ((*n->shown)++ >= SHOWN)
		return;
	print_passing(n->j, n->why, &call, leaf);
	buf_printf(n->why, "%s\n", between);
}

static bool look_at_low_half(struct numbered *n)
{
	struct bdd *b = n->j->bdd;
	bool found = false;

	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		uint64_t depends = n->walk->depends[arg];
		if (arch_param_bits(n->abi, n->id, arg) < 64 || arg >= arch_params(n->abi, n->id) ||
			(uint32_t)depends != UINT32_MAX || depends >> 32)
			continue;
		uint32_t where = bdd_ite(b, argument_is(b, arg, ~(uint64_t)UINT32_MAX, UINT64_C(1) << 32), n->open,
			bdd_leaf(b, DIFF_SAME));
		struct buf says;
		buf_init(&says, n->why->arena);
		buf_printf(&says, ": the upper half of argument %u is not looked at", arg);
		show(n, where, buf_string(&says));
		found = true;
	}
	return found;
}

/*
 * The kernel takes some low bits of each argument. Who writes a number there leaves what is above 0, or all ones if
 * it is negative; a call that passes, though neither would, gets past a rule. On all arguments at once.
 */
static bool look_at_int(struct numbered *n)
{
	struct bdd *b = n->j->bdd;
	uint32_t plain = to_boolean(b, n->open);
	bool cut = false;

	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		unsigned bits = arch_param_bits(n->abi, n->id, arg);
		uint64_t above = ~narrow_low(bits);
		if (!(n->walk->depends[arg] & above))
			continue;
		uint32_t zero = forced(n->walk, plain, arg, above, false);
		uint32_t ones = bdd_ite(b, zero, BDD_TRUE, forced(n->walk, plain, arg, above, true));
		uint64_t sign = UINT64_C(1) << (bits - 1);
		plain = bdd_ite(b, argument_is(b, arg, sign, sign), ones, zero);
		cut = true;
	}
	uint32_t same = bdd_leaf(b, DIFF_SAME), past = cut ? bdd_ite(b, plain, same, n->open) : same;
	if (past == same)
		return false;
	show(n, past, ": not without the bits that the kernel cuts off");
	return true;
}

static enum finding look_at_arguments(
	struct asserting *j, const struct abi *native, struct buf *why, bool (*at)(struct numbered *))
{
	struct bdd *b = j->bdd;
	struct walk walk = {.bdd = b, .arena = why->arena};
	unsigned shown = 0;
	struct numbered n = {.j = j, .walk = &walk, .why = why, .shown = &shown};
	uint32_t open = passes(j);
	bool found = false;

	for (size_t i = 0; i < arch_abi_count && !b->full; i++) {
		n.abi = &arch_abis[i];
		if (n.abi->bits != 64 || !is_asked_about(j, native, i))
			continue;
		for (size_t id = 0; id < arch_syscall_count() && !b->full; id++) {
			n.id = (uint16_t)id;
			if (!arch_nr(n.abi, n.id, &n.nr))
				continue;
			n.open = meaning_given(b, meaning_given(b, open, WORD_ARCH, n.abi->audit), WORD_NR, n.nr);
			if (bdd_is_leaf(b, n.open))
				continue;
			memset(walk.depends, 0, sizeof(walk.depends));
			start_walk(&walk);
			find_bits(&walk, n.open);
			found = at(&n) || found;
		}
	}
	if (shown > SHOWN)
		buf_printf(why, "and %u more\n", shown - SHOWN);
	if (b->full)
		return UNDECIDABLE;
	if (!found && diff_undecided(b, j->side->meaning) != bdd_leaf(b, DIFF_SAME)) {
		buf_text(why, "kernels differ on some calls, of which nothing is said\n");
		return UNDECIDABLE;
	}
	return found ? FAILS : HOLDS;
}

enum finding look_low_half(struct asserting *j, const struct abi *native, struct buf *why)
{
	return look_at_arguments(j, native, why, look_at_low_half);
}

enum finding look_int(struct asserting *j, const struct abi *native, struct buf *why)
{
	return look_at_arguments(j, native, why, look_at_int);
}

/* --- personality --- */

/* What execve of a set-user-ID program takes away: include/uapi/linux/personality.h, PER_CLEAR_ON_SETID. */
static const struct {
	uint32_t bit;
	const char *name;
} personality_bits[] = {
	{0x0040000, "ADDR_NO_RANDOMIZE"},
	{0x0100000, "MMAP_PAGE_ZERO"},
	{0x0200000, "ADDR_COMPAT_LAYOUT"},
	{0x0400000, "READ_IMPLIES_EXEC"},
};

/* A bit in any company but that of all others: 0xffffffff asks for the personality and sets none (kernel/exec_domain.c). */
static uint32_t sets(struct bdd *b, uint32_t bit)
{
	return bdd_ite(b, argument_is(b, 0, UINT32_MAX, UINT32_MAX), BDD_FALSE, argument_is(b, 0, bit, bit));
}

/* In threads of one audit arch, by the number of one table. */
static enum finding look_at_bits(struct asserting *j, uint32_t audit, uint32_t nr, struct buf *why)
{
	enum finding worst = HOLDS;
	struct bdd *b = j->bdd;

	for (size_t k = 0; k < countof(personality_bits); k++) {
		uint32_t region = bdd_ite(b, sets(b, personality_bits[k].bit), meaning_numbers(b, audit, nr, nr), BDD_FALSE);
		const char *says = buf_print(why->arena, ": has %s", personality_bits[k].name);
		worst = worse(worst, judge_region(j, region, why, says));
	}
	return worst;
}

enum finding look_personality(struct asserting *j, const struct abi *native, struct buf *why)
{
	enum finding worst = HOLDS;
	uint32_t nr;

	(void)native;
	for (size_t i = 0; i < arch_abi_count; i++) {
		for (size_t k = 0; k < arch_abi_count && asserting_is_for(j, &arch_abis[i]); k++) {
			bool made = k == i || arch_reaches(&arch_abis[i], &arch_abis[k]);
			if (made && arch_nr(&arch_abis[k], ID_personality, &nr))
				worst = worse(worst, look_at_bits(j, arch_abis[i].audit, nr, why));
		}
	}
	return worst;
}
