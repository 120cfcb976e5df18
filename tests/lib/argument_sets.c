/* Values come from small pools where rules of one syscall are to have something in common. */

#include "argument_sets.h"

#include "compiler/kernel/call.h"

enum kind { VALUE, SMALL, UNDER_MASK, FLAGS, RANGE, RANGE_LOW };
#define BIT(kind) (1u << (kind))

const struct argument_class argument_classes[] = {
	{"values", 4, 48, 1, 1, BIT(VALUE) | BIT(SMALL), true},
	{"pairs of values", 4, 24, 2, 2, BIT(SMALL), true},
	{"values under a mask", 3, 48, 1, 1, BIT(UNDER_MASK), true},
	{"flags", 6, 8, 1, 3, BIT(FLAGS), false},
	{"ranges", 24, 1, 1, 6, BIT(RANGE) | BIT(RANGE_LOW), false},
	{"rules of ranges", 2, 6, 3, 4, BIT(RANGE), false},
	{"all kinds", 6, 10, 1, 4,
		BIT(VALUE) | BIT(SMALL) | BIT(UNDER_MASK) | BIT(FLAGS) | BIT(RANGE) | BIT(RANGE_LOW), false},
};
const size_t argument_class_count = sizeof(argument_classes) / sizeof(*argument_classes);

#define NUMBERS    300 /* of x86_64, all older than libseccomp's tables */
#define EXIT_GROUP 231

/* A syscall's rules. */
struct subject {
	struct random *random;
	uint32_t kinds;
	unsigned args;  /* bits of those asked, where all rules ask the same */
	uint64_t mask;
	size_t conds;   /* written */
};

static uint64_t some_bits(struct random *r, unsigned count)
{
	uint64_t bits = 0;

	while (count--)
		bits |= UINT64_C(1) << random_below(r, 32);
	return bits;
}

static enum kind any_kind(const struct subject *s)
{
	unsigned kind;

	do
		kind = random_below(s->random, RANGE_LOW + 1);
	while (!(s->kinds >> kind & 1));
	return (enum kind)kind;
}

static void write_cond(struct buf *b, const struct subject *s, unsigned arg)
{
	static const char *const orders[] = {"LE", "GE", "LT", "GT"};
	struct random *r = s->random;
	uint64_t value = 0, two = 0;
	const char *op = "EQ";

	switch (any_kind(s)) {
	case VALUE:
		value = random_next(r) >> 32;
		break;
	case SMALL:
		value = random_below(r, 64);
		break;
	case UNDER_MASK:
		op = "MASKED_EQ";
		value = s->mask;
		two = random_next(r) & s->mask;
		break;
	case FLAGS:
		op = "MASKED_EQ";
		value = some_bits(r, 1 + random_below(r, 6));
		two = random_chance(r, 60) ? 0 : value;
		break;
	case RANGE:
		op = orders[random_below(r, random_chance(r, 80) ? 2 : 4)];
		value = random_next(r) >> (4 + random_below(r, 28));
		break;
	case RANGE_LOW:
		op = orders[random_below(r, 4)];
		value = 1 + random_below(r, 65535);
		break;
	}
	buf_printf(b, "{\"index\":%u,\"op\":\"SCMP_CMP_%s\",\"value\":%llu,\"valueTwo\":%llu}", arg, op,
		(unsigned long long)value, (unsigned long long)two);
}

static unsigned any_args(struct random *r, unsigned count)
{
	unsigned args = 0;

	while ((unsigned)__builtin_popcount(args) < count)
		args |= 1u << random_below(r, CALL_ARGS);
	return args;
}

static void write_rule(struct buf *b, struct subject *s, const char *name, unsigned args)
{
	const char *before = "";

	buf_printf(b, ",\n{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[", name);
	for (unsigned arg = 0; arg < CALL_ARGS; arg++) {
		if (!(args >> arg & 1))
			continue;
		buf_text(b, before);
		write_cond(b, s, arg);
		s->conds++;
		before = ",";
	}
	buf_text(b, "]}");
}

/* How many conditions it has. */
static size_t write_syscall(struct buf *b, struct random *r, const struct argument_class *c, const char *name)
{
	static const uint64_t masks[] = {0xffff, 0xff, 0xfff, 0xf0f, UINT64_C(0xffffffff0000ffff)};
	struct subject s = {.random = r, .kinds = c->kinds, .mask = masks[random_below(r, 5)]};
	size_t rules = 1 + random_below(r, c->rules), conds = c->conds_max - c->conds_min + 1u;
	unsigned args = any_args(r, c->conds_min + random_below(r, conds));

	if (random_chance(r, 50))
		s.kinds = BIT(any_kind(&s));
	for (size_t i = 0; i < rules; i++) {
		write_rule(b, &s, name, args);
		if (!c->alike)
			args = any_args(r, c->conds_min + random_below(r, conds));
	}
	return s.conds;
}

/* The name of a number that no rule has yet. */
static const char *next_name(uint32_t *nr)
{
	const struct abi *abi = arch_find("x86_64", sizeof("x86_64") - 1);
	const char *name;

	while (++*nr < NUMBERS) {
		if (*nr != EXIT_GROUP && (name = arch_nr_name(abi, *nr)))
			return name;
	}
	return NULL;
}

void argument_set(struct buf *b, struct random *r, const struct argument_class *c, const char *architectures, size_t conds)
{
	size_t syscalls = 1 + random_below(r, c->syscalls), done = 0;
	uint32_t nr = random_below(r, 30);
	const char *name;

	buf_printf(b, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[%s],\"syscalls\":[\n"
		    "{\"names\":[\"exit_group\"],\"action\":\"SCMP_ACT_ALLOW\"}", architectures);
	for (size_t i = 0; (conds ? done < conds : i < syscalls) && (name = next_name(&nr)); i++) {
		done += write_syscall(b, r, c, name);
		nr += conds ? 0 : random_below(r, 1u + NUMBERS / (size_t)c->syscalls);
	}
	buf_text(b, "]}\n");
}

/* --- calls --- */

/* A value for which the condition holds, or one beside it. */
static uint64_t meet(struct random *r, const struct cond *c, bool holds)
{
	uint64_t away = 1 + random_below(r, random_chance(r, 50) ? 16 : UINT32_MAX), other = random_next(r) & ~c->mask;
	bool small = c->op == COND_LE || c->op == COND_LT || (c->op == COND_NE && random_chance(r, 50));

	if (c->op == COND_EQ || c->op == COND_NE)
		return ((c->op == COND_EQ) == holds ? c->value : c->value ^ (away & c->mask)) | (holds ? 0 : other);
	if (small == holds)
		return c->value > away ? c->value - away : 0;
	return c->value + away;
}

struct call argument_call(struct random *r, const struct policy *policy)
{
	const struct domain *domain = &policy->domain[policy->domains > 1 ? random_below(r, policy->domains) : 0];
	const struct range *range;
	struct call call = {.arch = domain->audit};

	do
		range = &domain->range[random_below(r, domain->ranges)];
	while (range->clauses == 1);
	const struct clause *clause = &range->clause[random_below(r, range->clauses - 1)];
	call.nr = range->first;
	for (unsigned i = 0; i < CALL_ARGS; i++)
		call.args[i] = random_chance(r, 75) ? random_below(r, 64) : random_next(r) >> random_below(r, 64);
	for (size_t i = 0; i < clause->conds; i++)
		call.args[clause->cond[i].arg] = meet(r, &clause->cond[i], random_chance(r, 85));
	return call;
}
