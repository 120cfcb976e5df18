/* In: a refused call. Out: a change of the profile, found by making changes and asking again. */

#include "allow.h"

#include "../base/utf8.h"
#include "../kernel/caps.h"
#include "../meaning/partial_call.h"
#include "../meaning/rules.h"

#include <inttypes.h>
#include <string.h>

struct asker {
	struct buf *out;
	const struct question *q;
	const char *name; /* of the syscall a rule would be for */
	const struct clause *decides;
};

/* Does the profile, on that node, allow the call? */
static bool allows(const struct asker *a, const struct profile *p, const struct node_facts *node)
{
	const struct question *q = a->q;
	struct diags quiet;

	diags_init(&quiet, q->arena, q->source);
	const struct ruleset *set = select_rules(q->arena, p, node, &quiet);
	const struct policy *policy = set ? rules_policy(q->arena, &set, 1, &quiet) : NULL;
	return policy && policy_decide(policy, &q->call)->ret == RET_ALLOW;
}

/* The profile and one more rule, or without the names at `out_of` (NOWHERE: none). */
static struct profile change(const struct asker *a, const struct profile_rule *more, uint32_t out_of)
{
	const struct profile *p = a->q->profile;
	struct profile changed = *p;
	struct profile_rule *rule = arena_alloc(a->q->arena, p->rules + 1, sizeof(*rule));

	memcpy(rule, p->rule, p->rules * sizeof(*rule));
	for (size_t i = 0; i < p->rules && out_of != NOWHERE; i++) {
		struct text *kept = arena_alloc(a->q->arena, rule[i].names.count, sizeof(*kept));
		size_t count = 0;
		for (size_t n = 0; n < rule[i].names.count; n++) {
			if (rule[i].names.text[n].at != out_of)
				kept[count++] = rule[i].names.text[n];
		}
		rule[i].names.text = kept;
		rule[i].names.count = count;
	}
	if (more)
		rule[p->rules] = *more;
	changed.rule = rule;
	changed.rules = p->rules + (more != NULL);
	return changed;
}

/* --- a capability --- */

static bool names(const struct profile_rule *rule, const char *name)
{
	for (size_t n = 0; n < rule->names.count; n++) {
		if (text_is(&rule->names.text[n], name))
			return true;
	}
	return false;
}

static bool by_capability(struct asker *a)
{
	for (size_t i = 0; i < a->q->profile->rules; i++) {
		const struct profile_rule *rule = &a->q->profile->rule[i];
		struct node_facts node = *a->q->node;
		if (rule->action.action != ACTION_ALLOW || !rule->includes.caps.count ||
			!names(rule, a->name))
			continue;
		for (size_t c = 0; c < rule->includes.caps.count; c++) {
			const struct text *cap = &rule->includes.caps.text[c];
			unsigned bit;
			if (caps_find(cap->s, cap->len, &bit))
				node.caps |= UINT64_C(1) << bit;
		}
		if (node.caps == a->q->node->caps || !allows(a, a->q->profile, &node))
			continue;
		buf_text(a->out, "To allow it by a rule that is there: give the container ");
		for (size_t c = 0; c < rule->includes.caps.count; c++) {
			buf_text(a->out, c ? ", " : "");
			utf8_print(a->out, rule->includes.caps.text[c].s, rule->includes.caps.text[c].len);
		}
		buf_text(a->out, ".\n");
		return true;
	}
	return false;
}

/* --- a rule --- */

static void print_rule(struct asker *a, const struct profile_rule *rule)
{
	buf_printf(a->out, "{\"names\": [\"%s\"], \"action\": \"SCMP_ACT_ALLOW\"", a->name);
	for (size_t i = 0; i < rule->conds; i++)
		buf_printf(a->out, "%s{\"index\": %u, \"value\": %" PRIu64 ", \"op\": \"SCMP_CMP_EQ\"}",
			i ? ", " : ", \"args\": [", rule->cond[i].index, rule->cond[i].value);
	buf_text(a->out, rule->conds ? "]}\n" : "}\n");
}

/* Equal to the call in every argument that a rule looks at, and that is known. */
static size_t exact_conds(const struct asker *a, struct profile_cond cond[CALL_ARGS])
{
	const struct question *q = a->q;
	uint64_t bits[CALL_ARGS] = {0};
	size_t conds = 0;
	uint32_t nr;

	if (!arch_nr(q->abi, q->syscall, &nr) || nr != q->call.nr)
		return 0; /* a multiplexer's: the arguments lie in memory */
	for (size_t i = 0; i < q->profile->rules; i++) {
		const struct profile_rule *rule = &q->profile->rule[i];
		for (size_t c = 0; c < rule->conds && names(rule, a->name); c++)
			bits[rule->cond[c].index] = 1;
	}
	for (uint8_t arg = 0; arg < CALL_ARGS; arg++) {
		if (bits[arg] && !(q->unknown >> arg & 1))
			cond[conds++] =
				(struct profile_cond){.index = arg, .op = OP_EQ, .value = q->call.args[arg]};
	}
	return conds;
}

static bool try_rule(struct asker *a, const struct profile_cond *cond, size_t conds, uint32_t out_of)
{
	const struct text name = {a->name, (uint32_t)strlen(a->name), a->q->profile->default_action.at, 1};
	const struct profile_rule rule = {
		.names = {&name, 1, true}, .action = {.action = ACTION_ALLOW}, .cond = cond, .conds = conds};
	const struct profile changed = change(a, &rule, out_of);

	if (!allows(a, &changed, a->q->node))
		return false;
	if (out_of != NOWHERE)
		buf_printf(a->out, "To allow it: take %s out of the rule that decides, and add ", a->name);
	else
		buf_text(a->out, "To allow it: add ");
	print_rule(a, &rule);
	return true;
}

static bool try_without(struct asker *a)
{
	const struct profile changed = change(a, NULL, a->decides->at);

	if (!allows(a, &changed, a->q->node))
		return false;
	buf_printf(a->out, "To allow it: take %s out of the rule that decides.\n", a->name);
	return true;
}

static bool covers(const struct question *q)
{
	for (size_t i = 0; i < q->policy->abis; i++) {
		if (q->policy->abi[i] == q->abi)
			return true;
	}
	return false;
}

void allow_call(struct buf *out, const struct question *q)
{
	struct asker a = {.out = out, .q = q, .decides = policy_decide(q->policy, &q->call)};
	struct profile_cond cond[CALL_ARGS];

	if (a.decides->ret == RET_ALLOW)
		return;
	if (!covers(q)) {
		buf_printf(out, "To allow it, the filter has to cover %s: name %s in architectures.\n",
			q->abi->name, q->abi->oci);
		return;
	}
	if (!q->has_name) {
		buf_text(out, "No rule can allow it: the number has no name.\n");
		return;
	}
	a.name = arch_syscall_name(q->syscall);
	by_capability(&a);
	size_t conds = exact_conds(&a, cond);
	if ((conds && try_rule(&a, cond, conds, NOWHERE)) || try_rule(&a, NULL, 0, NOWHERE))
		return;
	if (try_without(&a) || (conds && try_rule(&a, cond, conds, a.decides->at)) ||
		try_rule(&a, NULL, 0, a.decides->at))
		return;
	buf_text(out, "No single rule allows it.\n");
}
