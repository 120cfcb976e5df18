/*
 * derive_random [-n COUNT] [-s SEED]: random profiles edited, against brute force.
 *
 * Each seed makes a profile for a node drawn at random and up to three wishes about syscalls of it or others:
 * allowed, refused, an errno, killed, for all calls or those that conditions hold for. Rules ask about two
 * capabilities; the four sets of these are gone through here, whatever derive looked at. At calls on the edges
 * of what went in, of what came out and of the wishes, what came out has to do where something is wished, and
 * answer as what went in does elsewhere. Every rule about other syscalls has to be there byte by byte, in order,
 * and so has all before and behind the list; a second run has to change nothing. Every YAML-th text is written as
 * YAML first.
 *
 * A failure is printed with the texts; exit status 1.
 */

#include "tests/lib/boundary.h"
#include "tests/lib/random.h"
#include "tests/lib/seeds.h"
#include "tests/lib/within.h"

#include "arch/width.h"
#include "compiler/kernel/caps.h"
#include "compiler/meaning/narrow.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/derived.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YAML       4
#define WISHES_MAX 3
#define AIMED      48 /* calls within a wish's region, or next to it, by ABI */

static const struct sample_class classes[] = {
	{.name = "anything", .names = 6, .rules = 6, .conds = 3, .actions = 4, .plain = 50,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "one action", .names = 5, .rules = 6, .conds = 2, .actions = 1, .plain = 50, .ops = ANY_OP},
	{.name = "arguments", .names = 2, .rules = 3, .conds = 2, .actions = 2, .plain = 10,
	 .ops = ANY_OP, .wide = true},
	{.name = "multiplexed", .names = 4, .rules = 4, .conds = 2, .actions = 2, .plain = 60,
	 .ops = ANY_OP, .multiplexed = true},
	{.name = "plain", .names = 8, .rules = 6, .conds = 1, .actions = 3, .plain = 90, .ops = ANY_OP},
};

struct tally {
	size_t pairs, edited, as_it_was, yaml, refused, base_refused, contradicted, budget, calls, wrong;
};

struct run {
	uint64_t seed;
	struct tally tally;
	struct sample sample;
	struct derive_wish wish[WISHES_MAX];
	size_t wishes;
	struct buf base, text;
	const struct policy *before, *after;
	const char *wrong;
	struct call call;
	uint32_t was, is;
};

/* --- what has to be, once more --- */

static bool will_do(const struct derive_claim *c, uint32_t ret)
{
	static const uint32_t actions[ACTIONS] = {0x80000000, 0, 0x00030000, 0x00050000, 0x7fc00000, 0x7ff00000,
		0x7ffc0000, 0x7fff0000};

	if (c->exact)
		return ret == c->ret;
	for (unsigned a = 0; a < ACTIONS; a++) {
		if ((c->actions >> a & 1) && (ret & 0xffff0000) == actions[a])
			return true;
	}
	return false;
}

static bool holds(const struct derive_on *on, const struct call *call)
{
	for (size_t i = 0; i < on->conds; i++) {
		const struct cond *c = &on->cond[i];
		uint64_t arg = call->args[c->arg] & c->mask;
		bool ok = c->op == COND_EQ ? arg == c->value : c->op == COND_NE ? arg != c->value
			: c->op == COND_LT ? arg < c->value : c->op == COND_LE ? arg <= c->value
			: c->op == COND_GE ? arg >= c->value : arg > c->value;
		if (!ok)
			return false;
	}
	return true;
}

enum about { NOTHING, FOLLOWS, WISHED };

/* What the wish says of the call. */
static enum about about(const struct run *r, const struct derive_wish *w, const struct call *call)
{
	uint32_t nr, code;

	for (size_t a = 0; a < r->before->abis; a++) {
		const struct abi *abi = r->before->abi[a];
		const struct derive_on *on = &w->on[abi - arch_abis];
		if (abi->audit != call->arch)
			continue;
		if (arch_nr(abi, w->syscall, &nr) && nr == call->nr && holds(on, call))
			return WISHED;
		if (!on->conds && arch_multiplexer(abi, w->syscall, &nr, &code) && nr == call->nr &&
			(uint32_t)call->args[0] == code)
			return FOLLOWS;
	}
	return NOTHING;
}

static bool try_call(void *data, const struct call *call)
{
	struct run *r = data;
	uint32_t was = policy_decide(r->before, call)->ret, is = policy_decide(r->after, call)->ret;
	bool wished = false, right = true, follows = false;

	r->tally.calls++;
	for (size_t i = 0; i < r->wishes; i++) {
		const struct derive_claim *claim = NULL;
		for (size_t a = 0; a < r->before->abis; a++) {
			if (r->before->abi[a]->audit == call->arch)
				claim = &r->wish[i].on[r->before->abi[a] - arch_abis].claim;
		}
		enum about what = about(r, &r->wish[i], call);
		wished |= what == WISHED;
		right &= what != WISHED || will_do(claim, is);
		follows |= what == FOLLOWS && will_do(claim, is);
	}
	if (wished ? right : is == was || follows)
		return true;
	r->wrong = wished ? "a wish" : "what nothing is wished of";
	r->call = *call;
	r->was = was;
	r->is = is;
	return false;
}

/* --- calls --- */

static bool try_aimed(struct run *r, struct random *random)
{
	for (size_t i = 0; i < r->wishes; i++) {
		for (size_t a = 0; a < r->before->abis; a++) {
			const struct abi *abi = r->before->abi[a];
			const struct derive_on *on = &r->wish[i].on[abi - arch_abis];
			struct call call = {.arch = abi->audit};
			for (size_t n = 0; n < AIMED && arch_nr(abi, r->wish[i].syscall, &call.nr); n++) {
				uint64_t all = abi->bits == 32 ? UINT32_MAX : UINT64_MAX;
				for (size_t k = 0; k < CALL_ARGS; k++)
					call.args[k] = random_next(random) & all;
				for (size_t k = 0; k < on->conds; k++) {
					const struct cond *c = &on->cond[k];
					uint64_t near = c->value + random_below(random, 3) - 1;
					uint64_t above = random_chance(random, 50) ? 0 : call.args[c->arg] & ~c->mask;
					call.args[c->arg] = (near & c->mask) | above;
				}
				if (!try_call(r, &call))
					return false;
			}
		}
	}
	return true;
}

static const struct policy *read_policy(struct arena *arena, const struct buf *text, const struct node_facts *node)
{
	struct source source = {"text", text->bytes, text->len, false};
	struct diags diags;

	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	return profile ? build_meaning(arena, profile, node, 1, &diags) : NULL;
}

static bool try_caps(struct arena *arena, struct run *r, unsigned set)
{
	struct node_facts node = {.native = r->sample.native[0], .caps = set};
	struct random random = random_start(r->seed + set);

	r->before = read_policy(arena, &r->base, &node);
	r->after = read_policy(arena, &r->text, &node);
	if (!r->before)
		return true; /* libseccomp refuses that set's rules, so that nobody can have them */
	if (!r->after) {
		r->wrong = "the text is not taken";
		return false;
	}
	const struct policy *edges[] = {r->before, r->after};
	for (size_t i = 0; i < countof(edges); i++) {
		struct boundary b = {.policy = edges[i], .args_max = UINT64_MAX, .rounds = 1, .visit = try_call,
			.data = r};
		if (!boundary_visit(&random, &b))
			return false;
	}
	return try_aimed(r, &random);
}

/* --- bytes --- */

static bool is_wished(const struct run *r, const struct profile_rule *rule)
{
	for (size_t i = 0; i < rule->names.count; i++) {
		for (size_t k = 0; k < r->wishes; k++) {
			if (text_is(&rule->names.text[i], arch_syscall_name(r->wish[k].syscall)))
				return true;
		}
	}
	return false;
}

/* Is there a rule that has its names only, so that names may have come in? */
static bool may_grow(const struct profile_rule *rule)
{
	return !rule->conds && !rule->includes.present && !rule->excludes.present;
}

/* A line of the base that no wish is about is a line of the text, behind those before it. */
static bool try_bytes(struct arena *arena, struct run *r, const struct profile *p)
{
	const char *at = arena_text(arena, r->text.bytes, r->text.len), *text = at;
	const char *base = arena_text(arena, r->base.bytes, r->base.len);

	for (size_t i = 0; i < p->rules; i++) {
		const struct profile_rule *rule = &p->rule[i];
		const char *start = base + rule->at, *end = i + 1 < p->rules ? base + p->rule[i + 1].at : NULL;
		if (is_wished(r, rule) || may_grow(rule) || !end)
			continue;
		size_t len = (size_t)(end - start);
		while (len && strchr(" \n,-{", start[len - 1]))
			len--;
		const char *found = strstr(at, arena_text(arena, start, len));
		if (!found) {
			r->wrong = "a rule that nothing is wished of was touched";
			return false;
		}
		at = found + len;
	}
	size_t head = (size_t)(strstr(base, "syscalls") - base);
	if (strncmp(base, text, head) != 0)
		r->wrong = "what stands before the rules was touched";
	return !r->wrong;
}

/* --- texts --- */

/* Rules of a sample are lines that begin so. */
#define RULE "    {\"names\""

static void write_base(struct buf *b, struct random *random, struct arena *arena, const struct sample *s)
{
	struct buf plain;
	size_t rule = 0;

	buf_init(&plain, arena);
	sample_write(&plain, s);
	for (const char *at = buf_string(&plain), *next; *at; at = next) {
		next = strstr(at + 1, RULE);
		next = next ? next : at + strlen(at);
		if (strncmp(at, RULE, sizeof(RULE) - 1) == 0) {
			const char *key = s->rule[rule++].only || random_chance(random, 50) ? "excludes" : "includes";
			buf_text(b, "    {");
			if (random_chance(random, 30))
				buf_printf(b, "\"%s\": {\"caps\": [\"%s\"]}, ", key, caps_name(random_below(random, 2)));
			at += strlen("    {");
		}
		buf_add(b, at, (size_t)(next - at));
	}
}

/* The value in brackets, as JSON has it. */
static void flow(struct buf *b, const struct json *json, uint32_t node)
{
	buf_add(b, json->source->bytes + json->node[node].at, json->node[node].len);
}

static void write_yaml(struct buf *b, const struct json *json, uint32_t object, const char *indent, bool dashed)
{
	for (uint32_t k = json->node[object].child; k != JSON_NONE; k = json->node[k].next) {
		uint32_t value = json_value(json, k);
		const struct json_node *v = &json->node[value];
		bool block = v->type == JSON_ARRAY && v->count && json->node[v->child].type != JSON_NUMBER;
		buf_text(b, dashed && k == json->node[object].child ? "" : indent);
		buf_add(b, json->source->bytes + json->node[k].at + 1, json->node[k].len - 2);
		buf_text(b, block ? ":   # list\n" : ": ");
		if (!block) {
			flow(b, json, value);
			buf_text(b, "\n");
		}
		for (uint32_t i = block ? v->child : JSON_NONE; i != JSON_NONE; i = json->node[i].next) {
			bool rule = json->node[i].type == JSON_OBJECT && !dashed && json->node[i].count > 1 &&
				json->source->bytes[json->node[k].at + 1] == 's';
			buf_printf(b, "%s- ", indent);
			if (rule)
				write_yaml(b, json, i, "  ", true);
			else
				flow(b, json, i);
			buf_text(b, rule ? "" : " # one\n");
		}
	}
}

static bool make_yaml(struct arena *arena, struct run *r)
{
	struct source source = {"text", r->base.bytes, r->base.len, false};
	struct json json;
	struct diags diags;
	struct buf yaml;

	diags_init(&diags, arena, &source);
	if (!json_read(&json, arena, &source, &diags))
		return false;
	buf_init(&yaml, arena);
	write_yaml(&yaml, &json, 0, "", false);
	r->base = yaml;
	r->tally.yaml++;
	return true;
}

/* --- wishes --- */

static struct derive_claim draw_claim(struct random *random)
{
	switch (random_below(random, 5)) {
	case 0:
	case 1:
		return (struct derive_claim){1u << ACTION_ALLOW, RET_ALLOW, false};
	case 2:
		return (struct derive_claim){0xf, action_ret(ACTION_ERRNO, 1), false};
	case 3:
		return (struct derive_claim){
			1u << ACTION_ERRNO, action_ret(ACTION_ERRNO, (uint16_t)(1 + random_below(random, 40))), true};
	default:
		return (struct derive_claim){1u << ACTION_KILL_PROCESS | 1u << ACTION_KILL_THREAD, RET_KILL_THREAD, false};
	}
}

/* A condition on what the kernel takes of it, near a value of the profile or small. */
static struct cond draw_cond(struct random *random, const struct sample *s, const struct abi *abi, uint16_t id, unsigned arg)
{
	uint64_t low = narrow_low(arch_param_bits(abi, id, arg)), value = random_below(random, 64);
	const struct sample_rule *rule = &s->rule[random_below(random, s->rules)];

	if (rule->conds && random_chance(random, 60))
		value = rule->cond[random_below(random, rule->conds)].value + random_below(random, 2);
	struct cond c = {.arg = (uint8_t)arg, .op = (enum cond_op)random_below(random, 6), .mask = low,
		.value = value & low};
	if (random_chance(random, 25)) {
		c.mask = low & (uint64_t)(random_chance(random, 50) ? 0xff : 0x10030001);
		c.op = COND_EQ;
		c.value &= c.mask;
	}
	return c;
}

static void draw_wish(struct arena *arena, struct run *r, struct random *random, struct derive_wish *w)
{
	struct derive_on *on = arena_alloc(arena, arch_abi_count, sizeof(*on));
	const struct sample_rule *rule = &r->sample.rule[random_below(random, r->sample.rules)];
	struct derive_on here = {.meant = true, .claim = draw_claim(random)};

	w->syscall = rule->name[random_below(random, rule->names)];
	if (w->syscall == NAME_UNKNOWN || random_chance(random, 10))
		w->syscall = (uint16_t)random_below(random, arch_syscall_count());
	for (unsigned arg = 0; arg < 3 && random_chance(random, 35); arg += 1 + random_below(random, 2))
		here.cond[here.conds++] = draw_cond(random, &r->sample, r->sample.native[0], w->syscall, arg);
	for (size_t a = 0; a < arch_abi_count; a++) {
		on[a] = here;
		for (size_t i = 0; i < here.conds; i++) {
			uint64_t low = narrow_low(arch_param_bits(&arch_abis[a], w->syscall, here.cond[i].arg));
			on[a].cond[i].mask &= low;
			on[a].cond[i].value &= on[a].cond[i].mask;
		}
	}
	w->on = on;
}

/* --- one seed --- */

static bool again(struct arena *arena, struct run *r, const struct node_facts *node)
{
	struct source source = {"text", r->text.bytes, r->text.len, false};
	struct diags diags;
	struct derive d = {.source = &source, .node = node, .nodes = 1, .keyed = true, .diags = &diags};
	struct mistake mistake;
	struct buf text;

	diags_init(&diags, arena, &source);
	if (!derive_open(arena, &d) || derive_text(arena, &d, r->wish, r->wishes, &text, &mistake) != BUILD_DONE)
		r->wrong = "a second run is refused";
	else if (text.len != r->text.len || memcmp(text.bytes, r->text.bytes, text.len) != 0)
		r->wrong = "a second run changes something";
	return !r->wrong;
}

static bool check(struct arena *arena, struct run *r, const struct derive *d, const struct node_facts *node)
{
	for (unsigned set = 0; set < 4; set++) {
		if (!try_caps(arena, r, set))
			return false;
	}
	return try_bytes(arena, r, d->profile) && again(arena, r, node);
}

static bool try_pair(struct arena *arena, void *data)
{
	struct run *r = data;
	struct random random = random_start(r->seed ^ 0x5bd1e995);
	const struct node_facts node = {.native = r->sample.native[0]};
	struct diags diags;
	struct mistake mistake;
	size_t one, other;

	buf_init(&r->base, arena);
	buf_init(&r->text, arena);
	write_base(&r->base, &random, arena, &r->sample);
	if (r->seed % YAML == 0 && !make_yaml(arena, r))
		return false;
	struct source source = {"text", r->base.bytes, r->base.len, false};
	diags_init(&diags, arena, &source);
	struct derive d = {.source = &source, .node = &node, .nodes = 1, .keyed = true, .diags = &diags};
	r->wishes = 1 + random_below(&random, WISHES_MAX);
	for (size_t i = 0; i < r->wishes; i++)
		draw_wish(arena, r, &random, &r->wish[i]);
	if (!derive_open(arena, &d)) {
		r->tally.base_refused++;
		return true;
	}
	while (derive_contradict(&d, r->wish, r->wishes, &one, &other, &(struct call){0})) {
		r->tally.contradicted++;
		r->wish[other] = r->wish[--r->wishes];
	}
	switch (derive_text(arena, &d, r->wish, r->wishes, &r->text, &mistake)) {
	case BUILD_MISTAKEN:
		r->wrong = mistake.what;
		break;
	case BUILD_REFUSED:
		*(d.views && d.view[d.views - 1].before ? &r->tally.refused : &r->tally.base_refused) += 1;
		break;
	case BUILD_DONE:
		*(d.changed ? &r->tally.edited : &r->tally.as_it_was) += 1;
		check(arena, r, &d, &node);
		break;
	}
	if (r->wrong)
		printf("%.*s\n%.*s\n", (int)r->base.len, r->base.bytes, (int)r->text.len, r->text.bytes);
	return true;
}

static void try_seed(struct run *r)
{
	struct random random = random_start(r->seed);
	const struct sample_class *class = &classes[random_below(&random, countof(classes))];
	const struct abi *abi = seeds_node(&random, 40);

	sample_make(&random, class, abi, &r->sample);
	r->wrong = NULL;
	r->tally.pairs++;
	if (!within_arena(try_pair, r))
		r->tally.budget++;
	if (!r->wrong)
		return;
	r->tally.wrong++;
	printf("seed %" PRIu64 ", class %s, node %s: %s", r->seed, class->name, abi->name, r->wrong);
	seeds_call(&r->call);
	printf(": was 0x%08" PRIx32 ", is 0x%08" PRIx32 "\n", r->was, r->is);
}

int main(int argc, char **argv)
{
	static struct run r;
	struct seeds seeds = {300, 1};

	if (!seeds_read(argc, argv, &seeds))
		return 2;
	for (uint64_t i = 0; i < seeds.count && r.tally.wrong < 5; i++) {
		r.seed = seeds.first + i;
		try_seed(&r);
	}
	const struct tally *t = &r.tally;
	printf("derive: %zu pairs, %zu edited, %zu were so already (%zu in YAML), %zu not to be had, %zu contradictions, "
	       "%zu bases refused by libseccomp, %zu over budget; %zu calls compared, %zu wrong\n",
		t->pairs, t->edited, t->as_it_was, t->yaml, t->refused, t->contradicted, t->base_refused, t->budget,
		t->calls, t->wrong);
	return t->wrong || !t->edited;
}
