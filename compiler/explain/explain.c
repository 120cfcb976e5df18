/*
 * A call and a profile in, the story of its verdict out. Rules are walked in file order; each that
 * names the syscall (or the one behind a multiplexer's code) is told once: it decides, or the first
 * thing that kept it from deciding, in the order in which the passes would have met it:
 *
 *   select_rules()  the runtime does not read it, its conditions on the node fail, equal to default
 *   rules_policy()  no number on this ABI, a condition on an argument fails
 *   merge()         it matches, and another one goes first
 *
 * A part of a rule is tried by asking the pass itself about a rule that holds nothing else: so the
 * words can be wrong, the reasons cannot.
 */

#include "explain.h"

#include "../meaning/rule_applies.h"
#include "../meaning/ret_value.h"
#include "../meaning/rules.h"
#include "../base/utf8.h"
#include "words.h"

#include <string.h>

#define NEAR_MAX 200u /* rules told of */

struct teller {
	struct buf *out;
	const struct question *q;
	struct source_index index;
	struct diags quiet;           /* takes what was said before, when the profile was read */
	const struct clause *decides; /* NULL: there is no call */
	size_t near;
};

/* --- the call --- */

bool question_call(struct question *q, const char *name, bool is_number, uint32_t nr)
{
	uint32_t code;

	q->call.arch = q->abi->audit;
	if (is_number)
		name = arch_nr_name(q->abi, nr);
	q->has_name = name && arch_syscall_find(name, strlen(name), &q->syscall);
	q->has_call = is_number;
	q->call.nr = nr;
	if (is_number || !q->has_name)
		return is_number;
	q->has_call = arch_nr(q->abi, q->syscall, &q->call.nr);
	if (!q->has_call && arch_multiplexer(q->abi, q->syscall, &q->call.nr, &code)) {
		q->has_call = true;
		memmove(q->call.args + 1, q->call.args,
			sizeof(q->call.args) - sizeof(*q->call.args));
		q->call.args[0] = code;
	}
	return true;
}

/* Is a rule for `id` about the call? *argument_zero: the rule's own argument 0 is not looked at. */
static bool concerns(const struct question *q, uint16_t id, bool *argument_zero)
{
	uint32_t nr, code;

	*argument_zero = false;
	if (!q->has_call)
		return id == q->syscall;
	if (arch_nr(q->abi, id, &nr) && nr == q->call.nr)
		return true;
	*argument_zero = true;
	return arch_multiplexer(q->abi, id, &nr, &code) && nr == q->call.nr &&
		(uint32_t)q->call.args[0] == code;
}

/* --- places --- */

static void print_place(struct teller *t, uint32_t at)
{
	struct source_line line = source_line(&t->index, at);

	utf8_print(t->out, t->q->source->name, strlen(t->q->source->name));
	buf_printf(t->out, ":%u:%u: ", line.number, at - line.start + 1);
}

static void print_excerpt(struct teller *t, uint32_t at, uint32_t len)
{
	buf_text(t->out, "\n");
	source_print(t->out, &t->index, at, len, "", "");
}

/* --- why not: the node --- */

static bool filter_applies(struct teller *t, struct profile_filter in, struct profile_filter ex)
{
	struct profile_rule rule = {.includes = in, .excludes = ex};

	return rule_applies(&rule, t->q->node, &t->quiet);
}

/* The node's own kernel, or that of the tables (applies.c). */
static void print_kernel(struct teller *t)
{
	const struct kernel_version v = node_kernel(t->q->node);

	buf_printf(t->out, "%u.%u", v.major, v.minor);
}

/* One part of includes that fails by itself. */
static bool tell_includes(struct teller *t, const struct profile_filter *in)
{
	const struct profile_filter none = {0};

	for (size_t i = 0; i < in->caps.count; i++) {
		struct profile_filter one = {.present = true, .caps = {&in->caps.text[i], 1, true}};
		if (filter_applies(t, one, none))
			continue;
		buf_text(t->out, "not for this container: it lacks ");
		utf8_print(t->out, in->caps.text[i].s, in->caps.text[i].len);
		return true;
	}
	if (!filter_applies(
		    t, (struct profile_filter){.present = true, .arches = in->arches}, none)) {
		buf_printf(t->out, "not for this node: its 'includes' do not name %s",
			t->q->node->native->name);
		return true;
	}
	if (filter_applies(t,
		    (struct profile_filter){.present = true, .min_kernel = in->min_kernel}, none))
		return false;
	buf_text(t->out, "not for this node: kernel ");
	print_kernel(t);
	buf_printf(t->out, " is older than %u.%u", in->min_kernel.major, in->min_kernel.minor);
	return true;
}

static void tell_excludes(struct teller *t, const struct profile_filter *ex)
{
	const struct profile_filter none = {0};

	for (size_t i = 0; i < ex->caps.count; i++) {
		struct profile_filter one = {.present = true, .caps = {&ex->caps.text[i], 1, true}};
		if (filter_applies(t, none, one))
			continue;
		buf_text(t->out, "not for this container: it has ");
		utf8_print(t->out, ex->caps.text[i].s, ex->caps.text[i].len);
		return;
	}
	if (!filter_applies(
		    t, none, (struct profile_filter){.present = true, .arches = ex->arches})) {
		buf_printf(t->out, "not for this node: its 'excludes' name %s",
			t->q->node->native->name);
		return;
	}
	buf_text(t->out, "not for this node: kernel ");
	print_kernel(t);
	buf_printf(t->out, " is %u.%u or newer", ex->min_kernel.major, ex->min_kernel.minor);
}

/* False: the rule reaches the list that libseccomp is handed. */
static bool tell_left_out(struct teller *t, const struct profile_rule *rule)
{
	const struct dialect *dialect = node_dialect(t->q->node);

	if (rule->legacy && !(dialect->keys & KEYS_DOCKER)) {
		buf_printf(t->out, "%s does not read 'name': the rule is gone", dialect->says);
		return true;
	}
	if (!rule_applies(rule, t->q->node, &t->quiet)) {
		if (!tell_includes(t, &rule->includes))
			tell_excludes(t, &rule->excludes);
		return true;
	}
	if (ret_value(&rule->action, t->q->node, &t->quiet) != t->q->set->default_ret)
		return false;
	buf_text(t->out, "dropped: its action is the default action");
	return true;
}

/* --- why not: the arguments --- */

/* The conditions the runtime looks at. */
static size_t count_conds(const struct teller *t, const struct profile_rule *rule)
{
	uint8_t max = node_dialect(t->q->node)->conds_max;

	return max && rule->conds > max ? max : rule->conds;
}

/* Does the call pass a rule of that condition alone? */
static bool cond_holds(struct teller *t, uint16_t id, const struct profile_cond *cond)
{
	const struct question *q = t->q;
	const struct rule rule = {
		.syscall = id, .ret = RET_ALLOW, .cond = cond, .conds = 1, .at = 0};
	const struct ruleset set = {.abi = &q->abi,
		.abis = 1,
		.default_at = NOWHERE,
		.default_ret = RET_KILL_THREAD,
		.rule = &rule,
		.rules = 1,
		.narrow = q->set->narrow,
		.handed = q->set->handed,
		.known = q->set->known};
	const struct ruleset *only = &set;
	const struct policy *policy = rules_policy(q->arena, &only, 1, &t->quiet);

	return policy && policy_decide(policy, &q->call)->ret == RET_ALLOW;
}

/* An argument tested twice makes every condition of the rule enough (resolve.c). */
static bool has_alternatives(const struct profile_rule *rule, size_t conds)
{
	unsigned seen = 0;

	for (size_t i = 0; i < conds; i++) {
		unsigned bit = 1u << rule->cond[i].index;
		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
}

static bool is_unknown(const struct question *q, unsigned arg)
{
	return q->unknown >> arg & 1;
}

static void tell_cond(struct teller *t, const struct profile_cond *cond, bool shifted)
{
	uint64_t value = t->q->call.args[cond->index];

	buf_printf(t->out, "argument %u %sis ", cond->index, shifted ? "of the multiplexer " : "");
	if (is_unknown(t->q, cond->index))
		buf_text(t->out, "not known");
	else
		words_value(t->out, t->q->abi->bits == 32 ? (uint32_t)value : value);
	buf_text(t->out, ", the rule wants ");
	words_wanted(t->out, cond);
}

/* The conditions that fail; false: the rule matches. */
static bool tell_conds(
	struct teller *t, const struct profile_rule *rule, uint16_t id, bool multiplexed)
{
	size_t conds = count_conds(t, rule), failed = 0;
	bool alternatives = has_alternatives(rule, conds);
	const struct profile_cond **fails =
		arena_alloc(t->q->arena, conds, sizeof(const struct profile_cond *));

	for (size_t i = 0; i < conds; i++) {
		if (is_unknown(t->q, rule->cond[i].index) || !cond_holds(t, id, &rule->cond[i]))
			fails[failed++] = &rule->cond[i];
	}
	if (!failed || (alternatives && failed < conds))
		return false;
	for (size_t i = 0; i < failed; i++) {
		buf_text(t->out, i ? "; " : "");
		tell_cond(t, fails[i], multiplexed);
	}
	if (alternatives)
		buf_text(t->out, " (one of them would do: an argument is tested twice)");
	return true;
}

/* --- one rule --- */

static void tell_beaten(struct teller *t, const struct profile_rule *rule)
{
	bool same = ret_value(&rule->action, t->q->node, &t->quiet) == t->decides->ret;

	if (t->decides->at == NOWHERE)
		buf_text(t->out, "matches, but the answer is given ahead of all rules");
	else if (same)
		buf_text(t->out, "matches too, and says the same");
	else if (!t->decides->conds && rule->conds)
		buf_text(t->out, "matches, but a rule without conditions beats it");
	else
		buf_text(t->out, "matches, but another one goes first in libseccomp's order");
}

static void tell_why_not(
	struct teller *t, const struct profile_rule *rule, uint16_t id, bool multiplexed)
{
	if (tell_left_out(t, rule))
		return;
	if (!t->q->has_call)
		buf_printf(t->out, "no number on %s: the rule is for other ABIs", t->q->abi->name);
	else if (!tell_conds(t, rule, id, multiplexed))
		tell_beaten(t, rule);
}

static void tell_action(struct teller *t, const struct profile_rule *rule)
{
	action_print(t->out, ret_value(&rule->action, t->q->node, &t->quiet));
	buf_text(t->out, ": ");
}

static void tell_rule(struct teller *t, const struct profile_rule *rule, const struct text *name)
{
	uint16_t id;
	bool multiplexed;

	if (!arch_syscall_find(name->s, name->len, &id) || !concerns(t->q, id, &multiplexed) ||
		(t->decides && t->decides->at == name->at) || ++t->near > NEAR_MAX)
		return;
	if (t->near == 1)
		buf_text(t->out, "\nRules that came near:\n");
	print_place(t, name->at);
	tell_action(t, rule);
	tell_why_not(t, rule, id, multiplexed);
	print_excerpt(t, name->at, name->at_len);
}

static void tell_near(struct teller *t)
{
	for (size_t i = 0; i < t->q->profile->rules; i++) {
		const struct profile_rule *rule = &t->q->profile->rule[i];
		for (size_t n = 0; n < rule->names.count; n++)
			tell_rule(t, rule, &rule->names.text[n]);
	}
	if (!t->near)
		buf_text(t->out, "\nNo other rule names it.\n");
	if (t->near > NEAR_MAX)
		buf_printf(t->out, "... and %zu more.\n", t->near - NEAR_MAX);
}

/* --- the verdict --- */

/* "ALLOW, allowed" */
static void tell_ret(struct teller *t, uint32_t ret)
{
	action_print(t->out, ret);
	buf_text(t->out, ", ");
	words_action(t->out, ret, t->q->abi);
}

/* What a multiplexer is asked for. */
static void tell_selected(struct teller *t)
{
	const struct call *call = &t->q->call;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		uint32_t nr, code;
		if (!arch_multiplexer(t->q->abi, (uint16_t)id, &nr, &code) || nr != call->nr ||
			code != (uint32_t)call->args[0])
			continue;
		buf_printf(t->out,
			"That is %s: its arguments are behind a pointer, which no filter "
			"follows.\n",
			arch_syscall_name((uint16_t)id));
	}
}

static void tell_question(struct teller *t)
{
	const struct question *q = t->q;
	const char *name = words_number(t->out->arena, q->abi, q->call.nr);

	if (!q->has_call) {
		buf_printf(t->out, "%s has no syscall %s: nothing calls it there.\n", q->abi->name,
			arch_syscall_name(q->syscall));
		return;
	}
	if (name)
		buf_text(t->out, name);
	else
		buf_printf(t->out, "number %u", q->call.nr);
	for (unsigned i = 0; i < CALL_ARGS; i++) {
		buf_text(t->out, i ? ", " : "(");
		if (is_unknown(q, i))
			buf_text(t->out, "?");
		else
			words_value(t->out, q->call.args[i]);
	}
	buf_printf(t->out, ") on %s: ", q->abi->name);
	if (t->decides)
		tell_ret(t, t->decides->ret);
	else
		buf_text(t->out, "not decided: it depends on what is not known");
	buf_text(t->out, "\n");
	tell_selected(t);
	buf_text(t->out, "\n");
}

/* The bytes of the name that stands at `at`. */
static uint32_t name_len(const struct profile *p, uint32_t at)
{
	for (size_t i = 0; i < p->rules; i++) {
		for (size_t n = 0; n < p->rule[i].names.count; n++) {
			const struct text *name = &p->rule[i].names.text[n];
			if (name->at == at)
				return name->at_len;
		}
	}
	return p->default_action.at == at ? p->default_action.len : 1;
}

static bool covered(const struct question *q)
{
	for (size_t i = 0; i < q->policy->abis; i++) {
		if (q->policy->abi[i] == q->abi)
			return true;
	}
	return false;
}

static void tell_decider(struct teller *t)
{
	uint32_t at = t->decides->at;
	const struct question *q = t->q;

	if (at != NOWHERE)
		print_place(t, at);
	if (!covered(q))
		buf_printf(t->out, "the filter does not cover %s", q->abi->name);
	else if (at == NOWHERE && arch_foreign(q->abi, q->call.nr))
		buf_printf(t->out,
			"no rule says so: the number is one of %s, whose call a 64-bit kernel would "
			"make",
			arch_foreign(q->abi, q->call.nr)->name);
	else if (at == NOWHERE)
		buf_text(t->out,
			"no rule says so: ENOSYS for what is newer than the profile, or a number "
			"that no ABI of the filter has");
	else if (at == q->set->default_at)
		buf_text(t->out, "the default action: no rule matches");
	else
		buf_text(t->out, "the rule that decides");
	if (at == NOWHERE)
		buf_text(t->out, "\n");
	else
		print_excerpt(t, at, name_len(q->profile, at));
}

/* A syscall with a number of its own may be had through a multiplexer as well. */
static void tell_other_way(struct teller *t)
{
	const struct question *q = t->q;
	struct call call = {.arch = q->abi->audit};
	uint32_t nr, code;

	if (!q->has_name || !q->has_call || !arch_multiplexer(q->abi, q->syscall, &nr, &code) ||
		nr == q->call.nr)
		return;
	call.nr = nr;
	call.args[0] = code;
	buf_printf(t->out, "\nAlso reached as %s(%u, ...): ", arch_nr_name(q->abi, nr), code);
	tell_ret(t, policy_decide(q->policy, &call)->ret);
	buf_text(t->out, "\n");
}

void explain_call(struct buf *out, const struct question *q)
{
	struct teller t = {.out = out, .q = q};

	source_index(&t.index, q->arena, q->source);
	diags_init(&t.quiet, q->arena, q->source);
	if (q->has_call)
		t.decides = policy_decide(q->policy, &q->call);
	tell_question(&t);
	if (t.decides) {
		tell_decider(&t);
		words_record(out, t.decides->ret, q->profile, q->is_record);
	}
	if (q->has_call && !covered(q))
		return;
	tell_near(&t);
	tell_other_way(&t);
}

static void tell_clause(struct teller *t, const struct clause *clause, unsigned seen, bool first)
{
	enum action action = ACTION_KILL_PROCESS;

	if (clause->at != NOWHERE)
		print_place(t, clause->at);
	action_of(clause->ret, &action);
	action_print(t->out, clause->ret);
	buf_text(t->out, clause->conds ? " where " : first ? "" : " otherwise");
	for (size_t i = 0; i < clause->conds; i++) {
		buf_text(t->out, i ? " and " : "");
		words_cond(t->out, &clause->cond[i], t->q->abi);
	}
	buf_text(t->out, seen >> action & 1 ? "  <- as it came\n" : "\n");
}

void explain_open(struct buf *out, const struct question *q, unsigned seen)
{
	struct teller t = {.out = out, .q = q};
	const struct clause *clause = &q->policy->elsewhere;

	source_index(&t.index, q->arena, q->source);
	diags_init(&t.quiet, q->arena, q->source);
	tell_question(&t);
	for (size_t d = 0; d < q->policy->domains; d++) {
		if (q->policy->domain[d].audit == q->call.arch)
			clause = domain_find(&q->policy->domain[d], q->call.nr)->clause;
	}
	for (size_t told = 0; told < NEAR_MAX; told++, clause++) {
		tell_clause(&t, clause, seen, !told);
		if (!clause->conds)
			break;
	}
}
