/*
 * For each ABI the rules are written out as entries (number, conditions, action), sorted by number
 * and merged number by number; each run of equal decision becomes a range. The ABIs of one audit
 * arch are then laid end to end (x86_64 below bit 30, x32 above), and what no ABI of the filter owns
 * is killed, except the number -1, which a tracer writes to skip a call.
 *
 * Numbers of the other MIPS ABIs' tables are killed (arch.h arch_reaches()), be these ABIs in the filter
 * or not: no program of an ABI makes such calls, and rules cannot be held against them, since the kernel
 * makes them with other arguments than it shows (of an o32 thread it shows the stack's, and uses n64's
 * registers).
 *
 * A name that some ABI has but this one has not is an entry as well, under a key above all numbers: it
 * takes part in the conflict check, as in libseccomp, and is never emitted. On ABIs with multiplexers
 * libseccomp has such entries for names that are multiplexed, with the conditions of the rule as it is
 * written, and for no others.
 */

#include "rules.h"

#include "enosys.h"
#include "merge.h"
#include "narrow.h"
#include "../base/scratch.h"

#include "../../arch/width.h"

#include <stdlib.h>
#include <string.h>

#define ABSENT(id) ((uint64_t)1 << 32 | (id)) /* key of a syscall the ABI lacks */

struct entry {
	uint16_t id; /* the syscall of the rule, or its multiplexer */
	struct merge_rule rule;
};

/* Where an entry goes; the key is a number or ABSENT(id). */
struct place {
	uint64_t key;
	const struct entry *entry;
};

struct builder {
	struct arena *arena;
	struct scratch *scratch; /* for the entries */
	struct diags *diags;
	const struct ruleset *set;
	const struct abi *abi;
	struct entry *entry; /* in file order */
	struct place *place; /* of each entry; sorted by key in the end */
	struct clause *plain; /* one a place, for the rule that is alone and without conditions */
	size_t entries;
	struct clause otherwise;
};

/* --- conditions at the ABI's width --- */

static enum cond_op cond_op(enum profile_op op)
{
	switch (op) {
	case OP_NE:
		return COND_NE;
	case OP_LT:
		return COND_LT;
	case OP_LE:
		return COND_LE;
	case OP_EQ:
	case OP_MASKED_EQ:
		return COND_EQ;
	case OP_GE:
		return COND_GE;
	case OP_GT:
		return COND_GT;
	case PROFILE_OPS:
		break;
	}
	unreachable();
}

static unsigned kept_bits(const struct builder *b, uint16_t id, unsigned arg)
{
	return b->set->narrow ? arch_param_bits(b->abi, id, arg) : b->abi->bits;
}

/* The condition will be cut to what the kernel takes of the parameter: does its value go beyond? */
static void check_width(
	struct builder *b, uint16_t id, const struct profile_cond *from, struct cond cond)
{
	unsigned bits = kept_bits(b, id, cond.arg);
	enum narrowed narrowed = bits < b->abi->bits ? narrow_cond(&cond, bits) : NARROWED;

	if (narrowed != NARROWED && (from->value | from->value_two) >> bits)
		diag(b->diags, DIAG_VALUE_WIDE, from->at, from->len,
			"argument %u of %s has %u bits: compared with this value the condition %s",
			from->index, arch_syscall_name(id), bits,
			narrowed == NARROWED_HOLDS ? "always holds" : "never holds");
}

/*
 * Does the condition say something of bits that the ABI's arguments do not have? That they are 0 is
 * nothing: an equality says so, too.
 */
static bool is_cut(const struct profile_cond *c, uint64_t width)
{
	bool masked = c->op == OP_MASKED_EQ;
	uint64_t above = (c->value | (masked ? c->value_two : 0)) & ~width;
	bool zero = masked && c->value & width && !(~c->value & ~width) && !(c->value_two & ~width);

	return above && !zero;
}

/*
 * Syscall `id` is the one that is called. False: the mask is empty at this width, the condition
 * always holds and does not count.
 */
static bool make_cond(struct builder *b, uint16_t id, const struct rule *rule,
	const struct profile_cond *from, struct cond *to)
{
	uint64_t width = b->abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
	bool masked = from->op == OP_MASKED_EQ;

	to->arg = from->index;
	to->op = cond_op(from->op);
	to->mask = masked ? from->value & width : width;
	to->value = (masked ? from->value_two : from->value) & to->mask;
	if (is_cut(from, width))
		diag(b->diags, DIAG_VALUE_WIDE, from->at, from->len,
			"arguments have 32 bits on %s: the value is cut to its low half there",
			b->abi->name);
	if (!to->mask)
		return false;
	if (id == rule->syscall)
		check_width(b, id, from, *to);
	return true;
}

/* The rule's conditions as those of syscall `id`, sorted by argument; one on `skip` is left out. */
static size_t make_conds(struct builder *b, uint16_t id, const struct rule *rule, unsigned skip,
	struct cond *cond)
{
	const struct profile_cond *by_arg[CALL_ARGS] = {NULL};
	size_t conds = 0;

	for (size_t i = 0; i < rule->conds; i++)
		by_arg[rule->cond[i].index] = &rule->cond[i];
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		if (by_arg[arg] && arg != skip && make_cond(b, id, rule, by_arg[arg], &cond[conds]))
			conds++;
	}
	return conds;
}

/* --- entries --- */

/* Bit n: the condition on argument n is a MASKED_EQ. */
static unsigned masked_args(const struct rule *rule)
{
	unsigned args = 0;

	for (size_t i = 0; i < rule->conds; i++) {
		if (rule->cond[i].op == OP_MASKED_EQ)
			args |= 1u << rule->cond[i].index;
	}
	return args;
}

static void add_entry(struct builder *b, uint64_t key, uint16_t id, const struct rule *rule,
	const struct cond *cond, size_t conds, unsigned masked)
{
	struct entry *e = &b->entry[b->entries];

	*e = (struct entry){.id = id, .rule = {.cond = cond, .conds = conds, .ret = rule->ret,
		.at = rule->at, .len = rule->len, .alternative = rule->alternative,
		.masked = (uint8_t)masked}};
	if (id != rule->syscall) {
		uint32_t own;
		e->rule.via = arch_syscall_name(rule->syscall);
		e->rule.has_own = arch_nr(b->abi, rule->syscall, &own);
	}
	b->place[b->entries++] = (struct place){key, e};
}

/* socketcall(code, ...) or ipc(code, ...): the condition on argument 0 becomes the call's code. */
static void add_multiplexed(struct builder *b, const struct rule *rule)
{
	uint32_t nr, code;

	if (!arch_multiplexer(b->abi, rule->syscall, &nr, &code))
		return;
	uint16_t id = arch_multiplexer_of(rule->syscall);
	struct cond *cond = arena_alloc(b->arena, CALL_ARGS, sizeof(*cond));
	cond[0] = (struct cond){.arg = 0, .op = COND_EQ, .value = code,
		.mask = b->abi->bits == 32 ? UINT32_MAX : UINT64_MAX};
	size_t conds = 1 + make_conds(b, id, rule, 0, cond + 1);
	add_entry(b, nr, id, rule, cond, conds, masked_args(rule) & ~1u);
}

static void add_direct(struct builder *b, const struct rule *rule)
{
	struct cond *cond = rule->conds ? arena_raw(b->arena, rule->conds, sizeof(*cond)) : NULL;
	size_t conds = rule->conds ? make_conds(b, rule->syscall, rule, CALL_ARGS, cond) : 0;
	uint32_t nr, door, code;
	bool there = arch_nr(b->abi, rule->syscall, &nr);

	if (!there && b->abi->multiplexed && !arch_multiplexer(b->abi, rule->syscall, &door, &code))
		return;
	add_entry(b, there ? nr : ABSENT(rule->syscall), rule->syscall, rule, cond, conds,
		masked_args(rule));
}

#define DIGIT_BITS 9
#define DIGITS     (1u << DIGIT_BITS)

#define FEW 24u /* as many are sorted sooner by insertion than the digits are counted */

static void sort_few(struct place *place, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct place one = place[i];
		size_t k = i;
		for (; k && place[k - 1].key > one.key; k--)
			place[k] = place[k - 1];
		place[k] = one;
	}
}

/* Those of one key stay in file order. Digit by digit, the least first; most have one value. */
static void sort_part(struct place *place, size_t count, struct place *room)
{
	struct place *from = place, *to = room, *other;
	uint64_t differ = 0;

	if (count <= FEW) {
		sort_few(place, count);
		return;
	}
	for (size_t i = 1; i < count; i++)
		differ |= from[i].key ^ from[0].key;
	for (unsigned shift = 0; differ >> shift; shift += DIGIT_BITS) {
		uint32_t start[DIGITS] = {0}, before = 0;
		if (!(differ >> shift & (DIGITS - 1)))
			continue;
		for (size_t i = 0; i < count; i++)
			start[from[i].key >> shift & (DIGITS - 1)]++;
		for (size_t digit = 0; digit < DIGITS; digit++) {
			uint32_t having = start[digit];
			start[digit] = before;
			before += having;
		}
		for (size_t i = 0; i < count; i++)
			to[start[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
		other = from;
		from = to;
		to = other;
	}
	if (from != place)
		memcpy(place, from, count * sizeof(*place));
}

/* Numbers first, then what the ABI lacks. */
static void sort_places(struct builder *b)
{
	struct place *room = scratch_take(b->scratch, b->entries, sizeof(*room)), *place = b->place;
	size_t numbers = 0, absent = 0;

	for (size_t i = 0; i < b->entries; i++) {
		if (place[i].key <= UINT32_MAX)
			place[numbers++] = place[i];
		else
			room[absent++] = place[i];
	}
	memcpy(place + numbers, room, absent * sizeof(*room));
	sort_part(place, numbers, room);
	sort_part(place + numbers, absent, room);
}

static void write_entries(struct builder *b)
{
	size_t most = b->set->rules * (b->abi->multiplexed ? 2 : 1);

	b->entry = scratch_take(b->scratch, most, sizeof(*b->entry));
	b->place = scratch_take(b->scratch, most, sizeof(*b->place));
	b->entries = 0;
	for (size_t i = 0; i < b->set->rules; i++) {
		if (libseccomp_lacks_on(b->set->libseccomp, b->abi, b->set->rule[i].syscall))
			continue;
		add_multiplexed(b, &b->set->rule[i]);
		add_direct(b, &b->set->rule[i]);
	}
	sort_places(b);
}

/* --- ranges of one ABI --- */

struct ranges {
	struct range *range;
	size_t count;
};

/* The numbers first..end - 1, if there are any. */
static void add_range(struct ranges *r, uint64_t first, uint64_t end, const struct clause *clause,
	size_t clauses)
{
	if (first >= end)
		return;
	assert(end <= (uint64_t)UINT32_MAX + 1);
	r->range[r->count++] = (struct range){(uint32_t)first, (uint32_t)(end - 1), clause, clauses};
}

/* The conditions cut to what the kernel takes; those that hold then are left out. False: one fails. */
static bool narrow_conds(struct builder *b, uint16_t id, struct clause *clause)
{
	struct cond *kept = arena_raw(b->arena, clause->conds, sizeof(*kept));
	size_t conds = 0;
	bool fails = false;

	for (size_t i = 0; i < clause->conds; i++) {
		struct cond cond = clause->cond[i];
		unsigned bits = kept_bits(b, id, cond.arg);
		enum narrowed narrowed = bits < b->abi->bits ? narrow_cond(&cond, bits) : NARROWED;
		fails |= narrowed == NARROWED_FAILS;
		if (narrowed != NARROWED_HOLDS)
			kept[conds++] = cond;
	}
	clause->cond = kept;
	clause->conds = conds;
	return !fails;
}

/*
 * --narrow-int-args: the clauses decide any call as they decided it without what the kernel cuts. They
 * are cut when they stand in their order: a rule whose conditions hold of themselves decides what is
 * left to it there, and has no more say than before.
 */
static void narrow_clauses(
	struct builder *b, uint16_t id, const struct clause **clause, size_t *clauses)
{
	struct clause *list = arena_raw(b->arena, *clauses, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < *clauses; i++) {
		struct clause next = (*clause)[i];
		if (next.conds && !narrow_conds(b, id, &next))
			continue;
		list[count++] = next;
		if (!next.conds)
			break;
	}
	*clause = list;
	*clauses = count;
}

/* Merge the entries of one key, first..first+count; false if libseccomp would refuse them. */
static bool merge_key(struct builder *b, size_t first, size_t count, const struct clause **clause,
	size_t *clauses)
{
	const struct entry *one = b->place[first].entry;

	if (count == 1 && !one->rule.conds) { /* nearly always */
		b->plain[first] = (struct clause){.ret = one->rule.ret, .at = one->rule.at};
		*clause = &b->plain[first];
		*clauses = 1;
		return true;
	}
	struct merge_rule *rule = arena_raw(b->arena, count, sizeof(*rule));
	for (size_t i = 0; i < count; i++)
		rule[i] = b->place[first + i].entry->rule;
	const struct merge_name name = {
		arch_syscall_name(one->id), b->abi, b->place[first].key > UINT32_MAX, b->set->loads};
	if (!merge(b->arena, rule, count, &b->otherwise, name, b->diags, clause, clauses))
		return false;
	if (b->set->narrow)
		narrow_clauses(b, one->id, clause, clauses);
	return true;
}

static const struct clause killed = {.ret = RET_KILL_THREAD, .at = NOWHERE};

/* The other ABI whose table comes first within first..end - 1; NULL: none does. */
static const struct abi *next_table(const struct abi *abi, uint64_t first, uint64_t end)
{
	const struct abi *found = NULL;

	for (size_t i = 0; abi->table_last && first < end && i < arch_abi_count; i++) {
		const struct abi *other = &arch_abis[i];
		if (arch_reaches(abi, other) && first <= other->table_first && other->table_first < end &&
			(!found || other->table_first < found->table_first))
			found = other;
	}
	return found;
}

/* The numbers first..end - 1, which no rule is about: they hold each table as a whole or not at all. */
static void add_gap(const struct builder *b, struct ranges *out, uint64_t first, uint64_t end,
	const struct clause *otherwise)
{
	const struct abi *other;

	while (b->set->refuses_foreign && (other = next_table(b->abi, first, end)) != NULL) {
		add_range(out, first, other->table_first, otherwise, 1);
		first = (uint64_t)other->table_last + 1;
		assert(first <= end);
		add_range(out, other->table_first, first, &killed, 1);
	}
	add_range(out, first, end, otherwise, 1);
}

static bool add_abi_ranges(struct builder *b, struct ranges *out)
{
	uint64_t next = b->abi->nr_first; /* first number not yet in a range */
	const struct clause *clause;
	struct clause *otherwise = arena_alloc(b->arena, 1, sizeof(*otherwise));
	size_t clauses;
	bool ok = true;

	*otherwise = b->otherwise;
	b->plain = arena_raw(b->arena, b->entries, sizeof(*b->plain));
	for (size_t i = 0, n; i < b->entries; i += n) {
		for (n = 1; i + n < b->entries && b->place[i + n].key == b->place[i].key;)
			n++;
		if (!merge_key(b, i, n, &clause, &clauses))
			ok = false;
		else if (b->place[i].key <= UINT32_MAX) {
			uint64_t nr = b->place[i].key;
			assert(nr >= next && nr <= b->abi->nr_last);
			add_gap(b, out, next, nr, otherwise);
			add_range(out, nr, nr + 1, clause, clauses);
			next = nr + 1;
		}
	}
	add_gap(b, out, next, (uint64_t)b->abi->nr_last + 1, otherwise);
	return ok;
}

/* --- domains --- */

#define TABLES_MAX 2u /* that a program reaches beside its own ABI's */

struct member {
	const struct ruleset *set;
	const struct abi *abi;
};

static int by_first_number(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;

	return a->abi->nr_first < b->abi->nr_first ? -1 : a->abi->nr_first > b->abi->nr_first;
}

/* The ABIs of one audit arch, end to end; what none of them owns is killed. */
static bool make_domain(struct arena *arena, struct scratch *scratch, struct diags *diags,
	struct member *member, size_t members, struct domain *domain)
{
	struct ranges out = {0};
	struct clause *skip = arena_alloc(arena, 1, sizeof(*skip));
	size_t most = 2;
	uint64_t next = 0;
	bool ok = true;

	*skip = (struct clause){.ret = member[0].set->default_ret, .at = member[0].set->default_at};
	qsort(member, members, sizeof(*member), by_first_number);
	for (size_t i = 0; i < members; i++)
		most += member[i].set->rules * (member[i].abi->multiplexed ? 4 : 2) + 2 + 2 * TABLES_MAX;
	out.range = arena_raw(arena, most, sizeof(*out.range));
	for (size_t i = 0; i < members; i++) {
		struct scratch_mark mark = scratch_mark(scratch);
		struct builder b = {.arena = arena, .scratch = scratch, .diags = diags, .set = member[i].set,
			.abi = member[i].abi, .otherwise = {.ret = member[i].set->default_ret,
				.at = member[i].set->default_at}};
		add_range(&out, next, b.abi->nr_first, &killed, 1);
		write_entries(&b);
		ok = add_abi_ranges(&b, &out) && ok;
		scratch_release(scratch, mark);
		next = (uint64_t)b.abi->nr_last + 1;
	}
	if (next <= UINT32_MAX) {
		add_range(&out, next, UINT32_MAX, &killed, 1);
		add_range(&out, UINT32_MAX, (uint64_t)UINT32_MAX + 1, skip, 1);
	}
	*domain = (struct domain){member[0].abi->audit, out.range, out.count};
	return ok;
}

/* Each ABI once, in order of the rulesets. */
static size_t find_members(const struct ruleset *const *set, size_t sets, struct member *member)
{
	size_t members = 0;

	for (size_t s = 0; s < sets; s++) {
		for (size_t a = 0; a < set[s]->abis; a++) {
			size_t i = 0;
			while (i < members && member[i].abi != set[s]->abi[a])
				i++;
			if (i == members)
				member[members++] = (struct member){set[s], set[s]->abi[a]};
		}
	}
	return members;
}

const struct policy *rules_policy(struct arena *arena, const struct ruleset *const *set, size_t sets,
	struct diags *diags)
{
	struct scratch scratch = {.arena = arena};
	struct policy *policy = arena_alloc(arena, 1, sizeof(*policy));
	struct domain *domain = arena_alloc(arena, arch_abi_count, sizeof(*domain));
	struct member *member = arena_alloc(arena, arch_abi_count, sizeof(*member));
	struct member *group = arena_alloc(arena, arch_abi_count, sizeof(*group));
	const struct abi **abi = arena_alloc(arena, arch_abi_count, sizeof(*abi));
	size_t members = find_members(set, sets, member);
	bool ok = true;

	for (size_t i = 0; i < members; i++)
		abi[policy->abis++] = member[i].abi;
	policy->abi = abi;
	for (size_t i = 0; i < members; i++) {
		size_t together = 0;
		bool seen = false;
		for (size_t k = 0; k < members; k++) {
			if (member[k].abi->audit != member[i].abi->audit)
				continue;
			seen |= k < i;
			group[together++] = member[k];
		}
		if (!seen)
			ok = make_domain(arena, &scratch, diags, group, together,
				     &domain[policy->domains++]) && ok;
	}
	policy->order = member[0].abi->order;
	policy->domain = domain;
	policy->elsewhere = (struct clause){.ret = RET_KILL_THREAD, .at = NOWHERE};
	enosys_apply(arena, policy, set, sets);
	return ok ? policy : NULL;
}
