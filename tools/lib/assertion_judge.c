/*
 * For each ABI an assertion is about, the calls it speaks of are a boolean function, made by way of
 * a policy with one clause. Where the side's answer there is not what was asserted, a call shows
 * it. An assertion that calls are not made holds for the effect, so other ways to it are asked for
 * as well: multiplexers, whose arguments lie in memory, and io_uring, whose operations no filter
 * sees.
 */

#include "assertion_judge.h"

#include "bypass.h"

#include "../../compiler/explain/words.h"
#include "../../compiler/logic/combine.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/meaning/narrow.h"

#include "../../arch/width.h"

#include <string.h>

/* --- what an answer has to be --- */

/*
 * The second function is constant: what was asserted. Where it is met there is no difference, nor
 * where the first one is UNDECIDED, which note_undecided() sees to.
 */
static uint64_t unless(bool met, uint64_t f)
{
	return met || is_undecided(f) ? DIFF_SAME : f;
}

static uint64_t want_allow(uint64_t f, uint64_t g)
{
	(void)g;
	return unless(verdict_lets_through((uint32_t)f), f);
}

static uint64_t want_deny(uint64_t f, uint64_t g)
{
	(void)g;
	return unless(verdict_rank((uint32_t)f) <= ACTION_ERRNO, f);
}

static uint64_t want_kill(uint64_t f, uint64_t g)
{
	(void)g;
	return unless(verdict_rank((uint32_t)f) <= ACTION_KILL_THREAD, f);
}

static uint64_t want_action(uint64_t f, uint64_t g)
{
	return unless(RET_ACTION((uint32_t)f) == RET_ACTION((uint32_t)g), f);
}

static uint64_t want_ret(uint64_t f, uint64_t g)
{
	return unless(f == g, f);
}

/* The answers that are not what was asserted, DIFF_SAME where they are. */
static uint32_t find_wrong(struct asserting *j, uint32_t answers)
{
	struct bdd *b = j->bdd;
	uint32_t ret = action_ret(j->a->action, 0) | assertion_data(j->a, j->abi);

	switch (j->a->claim) {
	case CLAIM_ALLOW:
		return combine(b, answers, answers, want_allow);
	case CLAIM_DENY:
		return combine(b, answers, answers, want_deny);
	case CLAIM_KILL:
		return combine(b, answers, answers, want_kill);
	case CLAIM_ACTION:
		return combine(b, answers, bdd_leaf(b, verdict_of(ret)),
			j->a->has_data ? want_ret : want_action);
	}
	unreachable();
}

/* --- which calls --- */

static uint32_t numbered(struct asserting *j, uint32_t function, uint32_t nr)
{
	return meaning_given(j->bdd,
		meaning_given(j->bdd, function, WORD_ARCH, j->abi->audit), WORD_NR, nr);
}

/* Boolean: can the call exist, and do all conditions hold? */
static uint32_t conditions(struct asserting *j, const struct cond *cond, size_t conds)
{
	const struct clause clause[] = {{.ret = 1, .cond = cond, .conds = conds}, {.ret = 0}};
	const struct range range = {0, UINT32_MAX, clause, conds ? 2 : 1};
	const struct domain domain = {j->abi->audit, &range, 1};
	const struct policy policy = {.domain = &domain, .domains = 1};

	return bdd_ite(j->bdd, settle_possible(j->bdd, j->abi),
		numbered(j, meaning_policy(j->bdd, &policy), 0), BDD_FALSE);
}

/* --- findings --- */

static void note(struct asserting *j, enum finding finding, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void note(struct asserting *j, enum finding finding, const char *fmt, ...)
{
	va_list args;

	if (finding <= j->finding)
		return;
	j->finding = finding;
	j->why.len = 0;
	va_start(args, fmt);
	buf_vprintf(&j->why, fmt, args);
	va_end(args);
}

/* The condition asks for one number: as it was written, for people. */
static bool asks_for(struct asserting *j, unsigned place, uint64_t number, const struct value **value)
{
	for (unsigned i = 0; i < j->a->args; i++) {
		const struct assertion_arg *arg = &j->a->arg[i];
		if (arg->any || arg->masked || arg->op != COND_EQ ||
			bypass_place(j->abi, j->a->syscall, i) != place)
			continue;
		*value = &arg->value;
		return assertion_cond(j->a, j->abi, i).value == number;
	}
	return false;
}

/* "socket(AF_ALG)" */
static void print_taken(struct asserting *j, const struct call *call)
{
	const struct value *value;
	unsigned args = CALL_ARGS;

	while (args && !call->args[args - 1])
		args--;
	buf_text(&j->why, arch_syscall_name(j->a->syscall));
	for (unsigned i = 0; i < args; i++) {
		buf_text(&j->why, i ? ", " : "(");
		if (asks_for(j, i, call->args[i], &value))
			buf_add(&j->why, value->text, value->len);
		else
			buf_printf(&j->why, call->args[i] < 1024 ? "%llu" : "0x%llx",
				(unsigned long long)call->args[i]);
	}
	buf_text(&j->why, args ? ")" : "()");
}

/* The answer would be right without what the kernel cuts off: say so, and what helps. */
static void explain_cut(struct asserting *j, uint32_t wrong, const struct call *call)
{
	struct call cut = *call;
	const char *between = "  the kernel takes ";

	for (unsigned i = 0; i < CALL_ARGS; i++)
		cut.args[i] &= narrow_low(arch_param_bits(j->abi, j->a->syscall, i));
	if (meaning_at(j->bdd, wrong, &cut) != DIFF_SAME)
		return;
	buf_text(&j->why, "\n");
	for (unsigned i = 0; i < CALL_ARGS; i++) {
		if (cut.args[i] == call->args[i])
			continue;
		buf_printf(&j->why, "%s%u bits of argument %u", between,
			arch_param_bits(j->abi, j->a->syscall, i), i);
		between = ", ";
	}
	buf_text(&j->why, ": this is ");
	print_taken(j, &cut);
	buf_text(&j->why, j->side->policy ? "; with the option narrow-int-args filters compare no more"
					  : "; a filter compiled with the option narrow-int-args compares no more");
}

/* An argument that is written has another place here. */
static bool swapped(struct asserting *j)
{
	bool found = false;

	for (unsigned i = 0; i < j->a->args; i++)
		found = found || (!j->a->arg[i].any && bypass_place(j->abi, j->a->syscall, i) != i);
	return found;
}

static void fails(struct asserting *j, uint32_t wrong, uint32_t nr)
{
	struct call call = {.arch = j->abi->audit, .nr = nr};
	uint64_t leaf = diff_call(j->bdd, wrong, &call);

	if (j->finding == FAILS)
		return;
	j->mistaken = j->mistaken || !comparand_says(comparand_answer(j->side, &call), leaf);
	note(j, FAILS, "%s", "");
	call_print(&j->why, &call, 0);
	buf_text(&j->why, ": ");
	action_print(&j->why, (uint32_t)leaf);
	if (swapped(j))
		buf_printf(&j->why,
			"\n  %s takes the first two arguments of %s the other way round",
			j->abi->name, arch_syscall_name(j->a->syscall));
	uint32_t own;
	if (arch_nr(j->abi, j->a->syscall, &own) && own == nr)
		explain_cut(j, wrong, &call);
	else
		buf_printf(&j->why, "\n  that is %s on %s", arch_syscall_name(j->a->syscall),
			j->abi->name);
}

/* Where kernels differ, nothing is said of the calls of a region. */
static void note_undecided(struct asserting *j, uint32_t region, uint32_t answers, uint32_t nr)
{
	struct bdd *b = j->bdd;
	struct call call = {.arch = j->abi->audit, .nr = nr};
	uint32_t same = bdd_leaf(b, DIFF_SAME);
	uint32_t open = bdd_ite(b, region, diff_undecided(b, answers), same);

	if (open == same || b->full)
		return;
	uint64_t leaf = diff_call(b, open, &call);
	struct buf why;
	buf_init(&why, j->bdd->arena);
	call_print(&why, &call, 0);
	buf_text(&why, ": ");
	undecided_print(&why, leaf);
	note(j, UNDECIDABLE, "%s", buf_string(&why));
}

/* The number itself. */
static void judge_direct(struct asserting *j, const struct cond *cond, size_t conds, uint32_t nr)
{
	struct bdd *b = j->bdd;
	uint32_t same = bdd_leaf(b, DIFF_SAME);
	bool unseen = conds && arch_args_in_memory(j->abi, j->a->syscall);

	j->asked++;
	uint32_t region = conditions(j, cond, unseen ? 0 : conds);
	uint32_t answers = numbered(j, j->side->meaning, nr);
	uint32_t wrong = bdd_ite(b, region, find_wrong(j, answers), same);
	if (wrong != same && unseen)
		note(j, UNDECIDABLE,
			"%s %s takes its arguments from memory, where no filter sees them",
			j->abi->name, arch_nr_name(j->abi, nr));
	else if (wrong != same)
		fails(j, wrong, nr);
	note_undecided(j, region, answers, nr);
}

/* Through socketcall(2) or ipc(2): arguments are in memory, so nothing is said about them. */
static void judge_multiplexer(struct asserting *j, bool conditional)
{
	struct bdd *b = j->bdd;
	uint32_t same = bdd_leaf(b, DIFF_SAME), nr, code;

	if (!arch_multiplexer(j->abi, j->a->syscall, &nr, &code))
		return;
	const struct cond cond = {
		.op = COND_EQ, .mask = bypass_code_mask(j->abi, nr), .value = code};
	j->asked++;
	uint32_t region = conditions(j, &cond, 1), answers = numbered(j, j->side->meaning, nr);
	uint32_t wrong = bdd_ite(b, region, find_wrong(j, answers), same);
	note_undecided(j, region, answers, nr);
	if (wrong == same)
		return;
	if (!conditional)
		fails(j, wrong, nr);
	else
		note(j, UNDECIDABLE, "%s %s(%u, ...) is open, and its arguments lie in memory",
			j->abi->name, arch_nr_name(j->abi, nr), code);
}

/* Can a ring be set up, by the number of that table? What it is told to do no filter sees. */
static void judge_uring(struct asserting *j, const struct abi *table)
{
	struct bdd *b = j->bdd;
	const char *op = bypass_uring(j->a->syscall), *setup = "io_uring_setup";
	uint32_t nr;
	uint16_t id;

	if (!op || !arch_syscall_find(setup, strlen(setup), &id) || !arch_nr(table, id, &nr))
		return;
	uint32_t answers = numbered(j, j->side->meaning, nr);
	note_undecided(j, BDD_TRUE, answers, nr);
	if (combine(b, answers, answers, want_deny) != bdd_leaf(b, DIFF_SAME))
		note(j, UNDECIDABLE, "%s %s is open, and IORING_OP_%s does the same", j->abi->name,
			words_number(j->bdd->arena, j->abi, nr), op);
}

/* Whatever is not refused of the number, or where `cond` holds. */
static void judge_opening(
	struct asserting *j, uint32_t nr, const struct cond *cond, size_t conds, bool conditional)
{
	struct bdd *b = j->bdd;
	uint32_t same = bdd_leaf(b, DIFF_SAME), answers = numbered(j, j->side->meaning, nr);
	uint32_t wrong = bdd_ite(b, conditions(j, cond, conds),
		combine(b, answers, answers, j->a->claim == CLAIM_KILL ? want_kill : want_deny), same);

	j->asked++;
	if (wrong == same)
		return;
	if (!conditional)
		fails(j, wrong, nr);
	else
		note(j, UNDECIDABLE,
			"%s %s is open, and a filter may see other arguments than the kernel takes",
			j->abi->name, words_number(j->bdd->arena, j->abi, nr));
}

/* The same call through another ABI's table (arch.h arch_reaches()). */
static void judge_table(struct asserting *j, const struct abi *table, bool conditional)
{
	uint32_t nr, code;

	if (arch_nr(table, j->a->syscall, &nr))
		judge_opening(j, nr, NULL, 0, conditional);
	if (arch_multiplexer(table, j->a->syscall, &nr, &code)) {
		const struct cond cond = {.op = COND_EQ, .mask = UINT32_MAX, .value = code};
		judge_opening(j, nr, &cond, 1, conditional);
	}
	judge_uring(j, table);
}

/* Is there a way to the syscall? Where there is none, a line has nothing to be wrong about. */
static bool has_syscall(const struct abi *abi, uint16_t id)
{
	uint32_t nr, code;

	return arch_nr(abi, id, &nr) || arch_multiplexer(abi, id, &nr, &code);
}

static void judge_abi(struct asserting *j, const struct abi *abi)
{
	struct cond cond[CALL_ARGS];
	size_t conds = 0;
	uint32_t nr;

	j->abi = abi;
	for (unsigned i = 0; has_syscall(abi, j->a->syscall) && i < j->a->args; i++) {
		if (!j->a->arg[i].any)
			cond[conds++] = assertion_cond(j->a, abi, i);
	}
	if (arch_nr(abi, j->a->syscall, &nr))
		judge_direct(j, cond, conds, nr);
	if (j->a->claim == CLAIM_ALLOW ||
		(j->a->claim == CLAIM_ACTION && j->a->action >= ACTION_LOG))
		return;
	judge_multiplexer(j, conds != 0);
	judge_uring(j, abi);
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (arch_reaches(abi, &arch_abis[i]))
			judge_table(j, &arch_abis[i], conds != 0);
	}
}

/* --- all --- */

static bool named_in(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; at && (at = strstr(at, name)) != NULL; at += len) {
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	}
	return false;
}

/* Does the filter answer the arch's calls apart from others'? */
static bool tells_apart(struct asserting *j, const struct abi *abi)
{
	return !bdd_is_leaf(
		j->bdd, meaning_given(j->bdd, j->side->meaning, WORD_ARCH, abi->audit));
}

static bool tells_any_apart(struct asserting *j)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (arch_abis[i].order == j->side->order && tells_apart(j, &arch_abis[i]))
			return true;
	}
	return false;
}

/*
 * Is the filter for that ABI? A blob without a trailer is for all archs it tells from others, and one
 * that answers every call alike for all.
 */
bool asserting_is_for(struct asserting *j, const struct abi *abi)
{
	const struct comparand *side = j->side;

	if (side->policy) {
		for (size_t i = 0; i < side->policy->abis; i++) {
			if (side->policy->abi[i] == abi)
				return true;
		}
		return false;
	}
	const char *list =
		side->described ? trailer_value(j->bdd->arena, &side->trailer, "abis") : NULL;
	if (list)
		return named_in(list, abi->name);
	return tells_apart(j, abi) || !tells_any_apart(j);
}

static bool is_meant(struct asserting *j, const struct abi *abi)
{
	if (abi->order != j->side->order)
		return false; /* its calls never come to this filter */
	if (j->a->everywhere)
		return true;
	if (!j->a->abis)
		return asserting_is_for(j, abi);
	for (size_t i = 0; i < j->a->abis; i++) {
		if (j->a->abi[i] == abi)
			return true;
	}
	return false;
}

/* On all ABIs it is about; the first where it does not is told. */
bool asserting_fits(struct asserting *j, const struct assertion *a)
{
	j->a = a;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (is_meant(j, abi) && has_syscall(abi, a->syscall) &&
			!assertion_fits(a, abi, j->source, j->ear))
			return false;
	}
	return true;
}

enum finding asserting_judge(struct asserting *j, const struct assertion *a)
{
	j->a = a;
	j->finding = HOLDS;
	j->asked = 0;
	j->why.len = 0;
	j->nothing = "calls of no ABI it is about come to this filter";
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!is_meant(j, &arch_abis[i]))
			continue;
		judge_abi(j, &arch_abis[i]);
		j->nothing = "no ABI it is about has such calls";
	}
	if (j->asked)
		j->nothing = NULL;
	else if (a->claim != CLAIM_DENY)
		note(j, FAILS, "%s", j->nothing);
	return j->finding;
}

void asserting_start(
	struct asserting *j, struct bdd *b, const struct comparand *side, const struct source *source,
	const struct assertion_ear *ear)
{
	*j = (struct asserting){.bdd = b, .side = side, .source = source, .ear = ear};
	buf_init(&j->why, b->arena);
}
