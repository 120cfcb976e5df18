/*
 * Profiles are drawn from small pools: few syscalls, few values, few actions, so that rules meet,
 * repeat, extend and contradict each other as often as random ones can. The generator is ours,
 * since what rand() returns is the C library's affair and a seed must mean the same everywhere.
 */

#include "random.h"

#include "compiler/kernel/call.h"

#include <string.h>

#define UNKNOWN_NAME "no_such_syscall"
#define VALUES       5   /* different ones in a sample */
#define IDS_MAX      400 /* syscalls in a sample */

struct random random_start(uint64_t seed)
{
	struct random r = {seed * 0x9e3779b97f4a7c15u + 0x6a09e667f3bcc909u};

	r.state += !r.state;
	for (int i = 0; i < 8; i++)
		random_next(&r);
	return r;
}

/* xorshift64* */
uint64_t random_next(struct random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1du;
}

uint32_t random_below(struct random *r, size_t n)
{
	return (uint32_t)((random_next(r) >> 32) % n);
}

bool random_chance(struct random *r, unsigned percent)
{
	return random_below(r, 100) < percent;
}

/* --- profiles --- */

const struct sample_class sample_classes[] = {
	{.name = "anything", .names = 12, .rules = 24, .conds = 3, .actions = 4, .plain = 40,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "arguments", .names = 2, .rules = 10, .conds = 6, .actions = 3, .plain = 4,
	 .ops = ANY_OP, .wide = true, .repeats = true},
	{.name = "numbers", .names = 400, .rules = 160, .conds = 1, .actions = 4, .plain = 98,
	 .ops = ANY_OP},
	{.name = "two actions", .names = 3, .rules = 12, .conds = 2, .actions = 2, .ops = ANY_OP},
	{.name = "multiplexed", .names = 6, .rules = 10, .conds = 3, .actions = 2, .plain = 20,
	 .ops = ANY_OP, .wide = true, .repeats = true, .multiplexed = true},
	{.name = "one condition", .names = 3, .rules = 10, .conds = 1, .actions = 4, .ops = ANY_OP},
	{.name = "equalities", .names = 3, .rules = 10, .conds = 4, .actions = 4,
	 .ops = OP_BIT(OP_EQ), .wide = true},
};
const size_t sample_class_count = countof(sample_classes);

struct maker {
	struct random *random;
	const struct sample_class *class;
	struct sample *sample;
	uint16_t id[IDS_MAX]; /* the syscalls it is about */
	size_t ids;
	uint64_t value[VALUES], mask[VALUES];
	struct sample_rule action[4]; /* action and data only */
};

static uint64_t random_value(struct maker *m)
{
	static const uint64_t edges[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
	static const uint64_t wide[] = {(uint64_t)1 << 32, ((uint64_t)1 << 32) + 5,
		(uint64_t)5 << 32, (uint64_t)1 << 63, UINT64_MAX, UINT64_MAX - 1};

	switch (random_below(m->random, m->class->wide ? 6 : 4)) {
	case 0:
		return edges[random_below(m->random, countof(edges))];
	case 1:
		return random_next(m->random) >> 32;
	case 4:
		return wide[random_below(m->random, countof(wide))];
	case 5:
		return random_next(m->random);
	}
	return random_below(m->random, 48);
}

static uint64_t random_mask(struct maker *m)
{
	static const uint64_t masks[] = {0, 0xff, 0xf, 0xffffffff, 0xfffffff0, 0x7e020000};

	switch (random_below(m->random, m->class->wide ? 5 : 3)) {
	case 0:
		return masks[random_below(m->random, countof(masks))];
	case 3:
		return UINT64_MAX << random_below(m->random, 64);
	case 4:
		return random_next(m->random);
	}
	return (uint64_t)1 << random_below(m->random, 32);
}

static void random_action(struct maker *m, struct sample_rule *a)
{
	a->action = random_chance(m->random, 60) ? ACTION_ERRNO
						 : (enum action)random_below(m->random, ACTIONS);
	a->data = 0;
	if (a->action == ACTION_ERRNO)
		a->data = (uint16_t)(random_chance(m->random, 50) ? 1
								  : random_below(m->random, 4095));
	if (a->action == ACTION_TRACE)
		a->data = (uint16_t)random_below(m->random, 65536);
}

static bool is_multiplexed(uint16_t id)
{
	const char *name = arch_syscall_name(id);
	uint32_t nr, code;

	return arch_multiplexer(arch_find("x86", 3), id, &nr, &code) ||
		strcmp(name, "socketcall") == 0 || strcmp(name, "ipc") == 0;
}

static uint16_t random_id(struct maker *m)
{
	bool multiplexed = m->class->multiplexed && random_chance(m->random, 90);
	uint32_t nr;

	for (;;) {
		uint16_t id = (uint16_t)random_below(m->random, arch_syscall_count());
		bool there = arch_nr(m->sample->native[0], id, &nr) || random_chance(m->random, 10);
		if (m->class->once && is_multiplexed(id))
			continue;
		if (multiplexed ? is_multiplexed(id) : there)
			return id;
	}
}

/* ids in random order, none twice */
static void draw_ids(struct maker *m)
{
	size_t most = 1 + random_below(m->random, m->class->names);

	assert(most <= IDS_MAX);
	for (size_t tries = 0; m->ids < most && tries < 4 * most; tries++) {
		uint16_t id = random_id(m);
		size_t i = 0;
		while (i < m->ids && m->id[i] != id)
			i++;
		if (i == m->ids)
			m->id[m->ids++] = id;
	}
}

static void draw_abis(struct maker *m, const struct abi *native)
{
	struct sample *s = m->sample;
	size_t subs = random_below(m->random, SAMPLE_SUBS);

	s->native[s->natives++] = native;
	for (size_t tries = 0; tries < 2 * subs; tries++) {
		const struct abi *abi = &arch_abis[random_below(m->random, arch_abi_count)];
		if (random_chance(m->random, 25)) /* x32 is rare otherwise */
			abi = arch_find("x32", 3);
		if (abi->order != native->order || s->subs == subs)
			continue;
		s->sub[s->subs++] = abi;
	}
	const struct abi *second = &arch_abis[random_below(m->random, arch_abi_count)];
	if (random_chance(m->random, 10) && second->order == native->order && !second->guest)
		s->native[s->natives++] = second;
	s->mapped = s->subs && random_chance(m->random, 30);
}

static void draw_conds(struct maker *m, struct sample_rule *rule)
{
	size_t conds = random_chance(m->random, m->class->plain)
		? 0
		: 1 + random_below(m->random, m->class->conds);
	unsigned used = 0;

	while (rule->conds < conds) {
		struct profile_cond *c = &rule->cond[rule->conds];
		c->index = (uint8_t)random_below(m->random, random_chance(m->random, 70) ? 3 : 6);
		bool repeat = used >> c->index & 1;
		if (repeat && used == (1u << CALL_ARGS) - 1 && !m->class->repeats)
			return;
		if (repeat && !(m->class->repeats && random_chance(m->random, 10)))
			continue;
		used |= 1u << c->index;
		do
			c->op = (enum profile_op)random_below(m->random, PROFILE_OPS);
		while (!(m->class->ops & OP_BIT(c->op)));
		c->value = m->value[random_below(m->random, VALUES)];
		c->value_two = 0;
		if (c->op == OP_MASKED_EQ) {
			c->value_two = c->value;
			c->value = m->mask[random_below(m->random, VALUES)];
		}
		rule->conds++;
	}
}

static void draw_names(struct maker *m, struct sample_rule *rule)
{
	size_t names = random_chance(m->random, 70) ? 1 : 1 + random_below(m->random, SAMPLE_NAMES);

	while (rule->names < names && m->ids) {
		size_t i = random_below(m->random, m->ids);
		uint16_t id = m->id[i];
		if (m->class->once)
			m->id[i] = m->id[--m->ids];
		else if (random_chance(m->random, 2))
			id = NAME_UNKNOWN;
		rule->name[rule->names++] = id;
	}
}

static void draw_rule(struct maker *m, struct sample_rule *rule)
{
	*rule = m->action[random_below(m->random, m->class->actions)];
	draw_names(m, rule);
	draw_conds(m, rule);
	if (random_chance(m->random, 3))
		rule->only = &arch_abis[random_below(m->random, arch_abi_count)];
	if (rule->only && !rule->only->moby)
		rule->only = NULL;
}

void sample_make(struct random *random, const struct sample_class *class, const struct abi *native,
	struct sample *sample)
{
	struct maker m = {.random = random, .class = class, .sample = sample};
	struct sample_rule otherwise = {0};

	*sample = (struct sample){0};
	draw_abis(&m, native);
	draw_ids(&m);
	for (size_t i = 0; i < VALUES; i++) {
		m.value[i] = random_value(&m);
		m.mask[i] = random_mask(&m);
	}
	random_action(&m, &otherwise);
	sample->action = otherwise.action;
	sample->data = otherwise.data;
	for (size_t i = 0; i < countof(m.action); i++)
		random_action(&m, &m.action[i]);
	m.action[0].action = ACTION_ALLOW;
	m.action[0].data = 0;
	size_t rules = 1 + random_below(random, class->rules);
	while (sample->rules < rules && m.ids)
		draw_rule(&m, &sample->rule[sample->rules++]);
}

/* --- as text --- */

static const char *const op_names[PROFILE_OPS] = {
	[OP_NE] = "NE",
	[OP_LT] = "LT",
	[OP_LE] = "LE",
	[OP_EQ] = "EQ",
	[OP_GE] = "GE",
	[OP_GT] = "GT",
	[OP_MASKED_EQ] = "MASKED_EQ",
};

/* "key": "SCMP_ACT_X", and its errno if 1 is not what it has. */
static void write_action(
	struct buf *b, const char *key, const char *errno_key, enum action action, uint16_t data)
{
	buf_printf(b, "\"%s\": \"%s\"", key, action_oci_name(action));
	if ((action == ACTION_ERRNO || action == ACTION_TRACE) && data != 1)
		buf_printf(b, ", \"%s\": %u", errno_key, data);
}

static void write_abis(struct buf *b, const struct abi *const *abi, size_t abis)
{
	buf_text(b, "[");
	for (size_t i = 0; i < abis; i++)
		buf_printf(b, "%s\"%s\"", i ? ", " : "", abi[i]->oci);
	buf_text(b, "]");
}

static void write_arches(struct buf *b, const struct sample *s)
{
	if (!s->mapped) {
		buf_text(b, "  \"architectures\": ");
		write_abis(b, s->sub, s->subs);
		buf_text(b, ",\n");
		return;
	}
	buf_text(b, "  \"archMap\": [\n");
	for (size_t i = 0; i < s->natives; i++) {
		buf_printf(b,
			"    {\"architecture\": \"%s\", \"subArchitectures\": ", s->native[i]->oci);
		write_abis(b, s->sub, s->subs);
		buf_text(b, i + 1 < s->natives ? "},\n" : "}\n");
	}
	buf_text(b, "  ],\n");
}

static void write_cond(struct buf *b, const struct profile_cond *c)
{
	buf_printf(b, "{\"index\": %u, \"value\": %llu", c->index, (unsigned long long)c->value);
	if (c->value_two)
		buf_printf(b, ", \"valueTwo\": %llu", (unsigned long long)c->value_two);
	buf_printf(b, ", \"op\": \"SCMP_CMP_%s\"}", op_names[c->op]);
}

static void write_rule(struct buf *b, const struct sample_rule *r)
{
	buf_text(b, "    {\"names\": [");
	for (size_t i = 0; i < r->names; i++)
		buf_printf(b, "%s\"%s\"", i ? ", " : "",
			r->name[i] == NAME_UNKNOWN ? UNKNOWN_NAME : arch_syscall_name(r->name[i]));
	buf_text(b, "], ");
	write_action(b, "action", "errnoRet", r->action, r->data);
	if (r->only)
		buf_printf(b, ", \"includes\": {\"arches\": [\"%s\"]}", r->only->moby);
	buf_text(b, ",\n     \"args\": [");
	for (size_t i = 0; i < r->conds; i++) {
		buf_text(b, i ? ",\n              " : "");
		write_cond(b, &r->cond[i]);
	}
	buf_text(b, "]}");
}

void sample_write(struct buf *b, const struct sample *s)
{
	buf_text(b, "{\n  ");
	write_action(b, "defaultAction", "defaultErrnoRet", s->action, s->data);
	buf_text(b, ",\n");
	write_arches(b, s);
	buf_text(b, "  \"syscalls\": [\n");
	for (size_t i = 0; i < s->rules; i++) {
		write_rule(b, &s->rule[i]);
		buf_text(b, i + 1 < s->rules ? ",\n" : "\n");
	}
	buf_text(b, "  ]\n}\n");
}

/* --- shrinking --- */

struct shrinker {
	struct sample *sample, *trial;
	bool (*fails)(void *data, const struct sample *);
	void *data;
	bool shrunk; /* something was cut off in this round */
};

/* `trial` is the sample with a part cut off: keep it if it still fails. */
static bool keep(struct shrinker *s)
{
	bool fails = s->fails(s->data, s->trial);

	if (fails)
		*s->sample = *s->trial;
	*s->trial = *s->sample;
	s->shrunk |= fails;
	return fails;
}

#define CUT(list, count, i, n)                                                                     \
	(memmove(&(list)[i], &(list)[(i) + (n)], ((count) - (i) - (n)) * sizeof((list)[0])),       \
		(count) -= (n))

static void shrink_rules(struct shrinker *s)
{
	for (size_t n = s->sample->rules; n > 0; n /= 2) {
		for (size_t i = 0; i + n <= s->sample->rules;) {
			CUT(s->trial->rule, s->trial->rules, i, n);
			if (!keep(s))
				i += n;
		}
	}
}

static void shrink_rule(struct shrinker *s, size_t r)
{
	struct sample_rule *rule = &s->trial->rule[r];

	for (size_t i = 0; rule->names > 1 && i < rule->names;) {
		CUT(rule->name, rule->names, i, 1);
		i += !keep(s);
	}
	for (size_t i = 0; i < rule->conds;) {
		CUT(rule->cond, rule->conds, i, 1);
		i += !keep(s);
	}
	if (rule->only) {
		rule->only = NULL;
		keep(s);
	}
}

static void shrink_abis(struct shrinker *s)
{
	for (size_t i = 0; i < s->trial->subs;) {
		CUT(s->trial->sub, s->trial->subs, i, 1);
		i += !keep(s);
	}
	for (size_t i = 0; s->trial->natives > 1 && i < s->trial->natives;) {
		CUT(s->trial->native, s->trial->natives, i, 1);
		i += !keep(s);
	}
	if (s->trial->mapped) {
		s->trial->mapped = false;
		keep(s);
	}
}

void sample_shrink(
	struct sample *sample, bool (*fails)(void *data, const struct sample *), void *data)
{
	struct sample trial = *sample;
	struct shrinker s = {.sample = sample, .trial = &trial, .fails = fails, .data = data};

	do {
		s.shrunk = false;
		shrink_rules(&s);
		shrink_abis(&s);
		for (size_t i = 0; i < sample->rules; i++)
			shrink_rule(&s, i);
	} while (s.shrunk);
}
