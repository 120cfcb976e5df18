/*
 * Which calls a kernel is to be asked, and what it has to answer:
 *
 *	plan OUT NATIVE ABI,... PROFILE...
 *
 * In: profiles, the ABI of a kernel, the ABIs of its programs. Each profile is compiled for that
 * kernel and proved. Out:
 *
 *	OUT/blobs/PROFILE   the filter
 *	OUT/ABI.calls       what a program of that ABI is to do (init/init.c reads it)
 *	OUT/ABI.answers     what it is to see, in the same order (`run` reads it):
 *
 *		blob PROFILE COUNT TAKEN PATHS RETURNED...
 *		RETURNED NR ARCH A0 A1 A2 A3 A4 A5 MADE
 *
 * RETURNED is what the filter returns for the call, by the simulator and by the policy, which must
 * agree; in a header, all it can ever return. Of the PATHS through the filter that were found, the
 * calls chosen take TAKEN. MADE is about a call the filter allows: y if it must be seen to be made,
 * n if the kernel can have no such call, - if neither is known.
 *
 * A call is two things: the registers it is made with, and what the kernel shows of them to a
 * filter. Answers are about the latter, which differs by ABI and kernel: see specimen_shown().
 */

#include "harmless.h"

#include "tests/lib/boundary.h"
#include "tests/lib/specimen.h"

#include "backends/bpf/bytes.h"
#include "backends/bpf/sim.h"
#include "tools/lib/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CALLS_MAX   1800  /* for one blob and ABI, beside tables'; init.c has room for 2048 */
#define CALLS_WISH  100   /* beyond those there is a reason for */
#define CHOICES_MAX 60000 /* calls to choose from */
#define RANGES_MANY 64    /* from so many ranges of numbers on, every syscall is called */
#define ERRNO_OWN   200   /* what calls fail with by themselves is below */
#define ERRNO_SHIFT 3000

/* A call as it is made, as it is shown, and what is decided about it. */
struct choice {
	struct call made, shown;
	uint32_t ret;
	bool chosen;
};

#define PATH_SLOTS ((size_t)1 << 18)

/* A set of paths, each known by a hash of the instructions on it. */
struct paths {
	uint64_t slot[PATH_SLOTS]; /* 0: free */
	size_t count;
};

struct plan {
	struct arena arena;
	const char *out;
	const struct abi *native;
	struct random random;

	/* of a profile */
	const char *name;
	struct filter filter;
	bool returns_success; /* ERRNO(0), which looks like a call that was made */

	/* of a profile and an ABI */
	const struct abi *abi;
	struct choice *choice;
	size_t choices;
	struct paths *found, *taken;
	struct buf calls, answers;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "plan: %s: %s\n", what, why);
	exit(2);
}

/* --- paths --- */

static void follow(void *data, size_t pc, const struct sim_reg *a, const struct sim_reg *x)
{
	uint64_t *path = data;

	(void)a;
	(void)x;
	*path = (*path ^ (pc + 1)) * 0x100000001b3u; /* FNV-1a */
}

/* Whether it was not there. A full set has seen enough. */
static bool paths_add(struct paths *set, uint64_t path)
{
	size_t i = (path ^ path >> 32) % PATH_SLOTS;

	while (set->slot[i] && set->slot[i] != path)
		i = (i + 1) % PATH_SLOTS;
	if (set->slot[i] == path || set->count == PATH_SLOTS / 2)
		return false;
	set->slot[i] = path;
	set->count++;
	return true;
}

/* What the filter returns; its path goes into a set. Whether that was not there. */
static bool run(const struct plan *p, const struct call *shown, struct paths *set, uint32_t *ret)
{
	uint64_t path = 1;
	const struct sim_trace trace = {follow, &path};

	*ret = sim_returned(
		sim_run(&p->filter.program, p->filter.policy->order, shown, NULL, &trace));
	return paths_add(set, path);
}

/* --- choosing calls --- */

/* A call that could be made: its path is one, and it may become one to choose from. */
static bool consider(void *data, const struct call *wanted)
{
	struct plan *p = data;
	struct choice c = {.shown = specimen_shown(wanted, p->abi, p->native)};

	if (wanted->arch != p->abi->audit)
		return true;
	run(p, &c.shown, p->found, &c.ret);
	c.made = c.shown;
	if (!harmless(p->abi, &c.made, p->returns_success))
		return true;
	c.made.nr = wanted->nr;
	c.shown = specimen_shown(&c.made, p->abi, p->native);
	run(p, &c.shown, p->found, &c.ret);
	if (c.ret != policy_decide(p->filter.policy, &c.shown)->ret)
		die(p->name, "simulator and policy disagree");
	if (p->choices < CHOICES_MAX)
		p->choice[p->choices++] = c;
	return true;
}

#define TABLE_STEP 16 /* of so many names of another ABI's table one is called: most are killed */

/* Every syscall of the ABI with arguments it does not like, and some of its neighbours' tables. */
static void consider_names(struct plan *p)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		for (size_t id = 0; id < arch_syscall_count(); id++) {
			struct call call = {.arch = p->abi->audit};
			if (specimen_machine(&arch_abis[i]) != specimen_machine(p->abi) ||
				!arch_nr(&arch_abis[i], (uint16_t)id, &call.nr) ||
				(id % TABLE_STEP && arch_foreign(p->abi, call.nr)))
				continue;
			harmless_ones(&call);
			consider(p, &call);
		}
	}
}

/* Calls that return a number above 0 wherever they are made. */
static bool is_telling(const char *name)
{
	return name && (strcmp(name, "getpid") == 0 || strcmp(name, "gettid") == 0);
}

/* The ABI in whose table the kernel finds the number; NULL: it is in none. */
static const struct abi *table_of(const struct plan *p, uint32_t nr)
{
	const struct abi *foreign = arch_foreign(p->abi, nr);

	if (foreign) /* a kernel of 32 bits has o32's table alone */
		return p->native->bits == 64 ? foreign : NULL;
	return p->abi->table_first <= nr && nr <= p->abi->table_last ? p->abi : NULL;
}

/* See above: what becomes of a call that is allowed. */
static char made_of(const struct plan *p, const struct choice *c)
{
	if (c->ret != RET_ALLOW || !p->abi->table_last || c->made.nr == UINT32_MAX)
		return '-';
	const struct abi *table = table_of(p, c->made.nr);
	if (!table)
		return 'n';
	return is_telling(arch_nr_name(table, c->made.nr)) ? 'y' : '-';
}

/*
 * One number, with arguments that show where they come from if the call is not made; one that is
 * made has to be telling.
 */
static void consider_table_number(struct plan *p, uint32_t nr)
{
	struct choice c = {.chosen = true,
		.made = {.arch = p->abi->audit,
			.nr = nr,
			.args = {0xf122334455667788, UINT64_MAX - 1, 0x80000001, 3,
				0x1000000fedcba98, 0x70000000a}}};

	c.shown = specimen_shown(&c.made, p->abi, p->native);
	run(p, &c.shown, p->found, &c.ret);
	if (c.ret != policy_decide(p->filter.policy, &c.shown)->ret)
		die(p->name, "simulator and policy disagree");
	bool made = c.ret == RET_ALLOW, asked = RET_ACTION(c.ret) == action_ret(ACTION_NOTIFY, 0);
	if ((asked || (made && made_of(p, &c) != '-')) && p->choices < CHOICES_MAX)
		p->choice[p->choices++] = c;
}

/* Calls of the other ABIs' tables, and numbers outside all tables, where a kernel goes by these. */
static void consider_tables(struct plan *p)
{
	static const uint32_t outside[] = {0, 20, 39, 3999, 7000, 7038, 0x7fffffff};
	uint32_t nr;

	if (!p->abi->table_last)
		return;
	for (size_t i = 0; i < arch_abi_count; i++) {
		for (size_t id = 0; id < arch_syscall_count(); id++) {
			const struct abi *other = &arch_abis[i];
			if (arch_reaches(p->abi, other) && arch_nr(other, (uint16_t)id, &nr) &&
				(other->upper_stack == UPPER_ANY || nr <= SPECIMEN_O32_KNOWN) &&
				(id % TABLE_STEP == 0 ||
					is_telling(arch_syscall_name((uint16_t)id))))
				consider_table_number(p, nr);
		}
	}
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		consider_table_number(p, outside[i]);
}

static void consider_edges(struct plan *p)
{
	const struct boundary boundary = {
		.policy = p->filter.policy,
		.args_max = specimen_shows_whole(p->abi) ? UINT64_MAX : UINT32_MAX,
		.rounds = 3,
		.visit = consider,
		.data = p,
	};

	boundary_visit(&p->random, &boundary);
}

static void choose(struct choice *c, size_t *left)
{
	if (!c->chosen && *left > 0) {
		c->chosen = true;
		--*left;
	}
}

static void choose_paths(struct plan *p, size_t from, size_t to, bool all, size_t *left)
{
	uint32_t ret;

	for (size_t i = from; i < to; i++) {
		if (run(p, &p->choice[i].shown, p->taken, &ret) || all)
			choose(&p->choice[i], left);
	}
}

/* Candidates come number by number, except that some numbers come several times. */
static void choose_numbers(struct plan *p, size_t from, size_t *left)
{
	for (size_t i = from; i < p->choices; i++) {
		if (i == from || p->choice[i].made.nr != p->choice[i - 1].made.nr)
			choose(&p->choice[i], left);
	}
}

/*
 * Every syscall, if the profile is about many; a call for every path; every number the
 * policy changes at; any others.
 */
static void choose_calls(struct plan *p, size_t names)
{
	bool many = p->filter.policy->domain->ranges >= RANGES_MANY;
	size_t left = CALLS_MAX;

	choose_paths(p, 0, names, many, &left);
	choose_paths(p, names, p->choices, false, &left);
	choose_numbers(p, names, &left);
	size_t wish = left < CALLS_WISH ? left : CALLS_WISH;
	for (size_t i = 0; i < CALLS_WISH && p->choices > names; i++)
		choose(&p->choice[names + random_below(&p->random, p->choices - names)], &wish);
}

/* --- writing --- */

static void write_args(struct buf *b, const struct call *c)
{
	for (size_t i = 0; i < CALL_ARGS; i++)
		buf_printf(b, " %llx", (unsigned long long)c->args[i]);
}

static void write_header(struct plan *p, size_t calls)
{
	buf_printf(&p->calls, "blob %s %zx\n", p->name, calls);
	buf_printf(&p->answers, "blob %s %zu %zu %zu", p->name, calls, p->taken->count,
		p->found->count);
	for (size_t i = 0; i < p->filter.program.len; i++) {
		if (p->filter.program.insn[i].code == INSN_RET)
			buf_printf(&p->answers, " %x", p->filter.program.insn[i].k);
	}
	buf_text(&p->answers, "\n");
}

static void write_chosen(struct plan *p)
{
	size_t calls = 0;

	for (size_t i = 0; i < p->choices; i++)
		calls += p->choice[i].chosen;
	write_header(p, calls);
	for (size_t i = 0; i < p->choices; i++) {
		const struct choice *c = &p->choice[i];
		if (!c->chosen)
			continue;
		buf_printf(&p->calls, "%x", c->made.nr);
		write_args(&p->calls, &c->made);
		buf_text(&p->calls, "\n");
		buf_printf(&p->answers, "%x %x %x", c->ret, c->shown.nr, c->shown.arch);
		write_args(&p->answers, &c->shown);
		buf_printf(&p->answers, " %c\n", made_of(p, c));
	}
}

static void write_file(struct plan *p, const char *name, const struct buf *b)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/%s", p->out, name) >= (int)sizeof(path))
		die(name, "path too long");
	FILE *f = fopen(path, "w");
	if (!f || fwrite(b->bytes, 1, b->len, f) != b->len || fclose(f))
		die(path, strerror(errno));
}

static struct source read_file(struct arena *arena, const char *path)
{
	FILE *f = fopen(path, "r");
	char bytes[4096];
	size_t got;
	struct buf b;

	buf_init(&b, arena);
	while (f && (got = fread(bytes, 1, sizeof(bytes), f)))
		buf_add(&b, bytes, got);
	if (!f || ferror(f))
		die(path, strerror(errno));
	fclose(f);
	return (struct source){path, b.bytes, b.len, false};
}

/* --- compiling --- */

/* 3038 for 38: an errno that only the filter can be the reason for. */
static void shift_errno(struct profile_action *action)
{
	struct profile_errno *e = &action->errnum;
	uint32_t value = e->present ? e->value : 1;

	if (action->action != ACTION_ERRNO || e->named || value == 0 || value >= ERRNO_OWN)
		return;
	*e = (struct profile_errno){
		.present = true, .numbered = true, .value = ERRNO_SHIFT + value};
}

static const struct profile *shift_errnos(struct arena *arena, const struct profile *profile)
{
	struct profile *copy = arena_alloc(arena, 1, sizeof(*copy));
	struct profile_rule *rule = arena_alloc(arena, profile->rules, sizeof(*rule));

	*copy = *profile;
	copy->rule = rule;
	shift_errno(&copy->default_action);
	for (size_t i = 0; i < profile->rules; i++) {
		rule[i] = profile->rule[i];
		shift_errno(&rule[i].action);
	}
	return copy;
}

static void compile(struct plan *p, const char *path)
{
	const struct source source = read_file(&p->arena, path);
	const char *runtime = strncmp(p->name, "tables", 6) == 0 ? "podman" : "author";
	const struct node_facts node = {/* tables*: as runtimes take other ABIs' numbers */
		.native = p->native,
		.dialect = dialect_find(runtime, strlen(runtime))};
	struct diags diags;
	struct mistake mistake;
	struct buf findings;

	diags_init(&diags, &p->arena, &source);
	const struct profile *profile = build_profile(&p->arena, &source, &diags);
	enum build built = BUILD_REFUSED;
	if (profile)
		built = build_filter(&p->arena, shift_errnos(&p->arena, profile), &node, 1, NULL,
			&diags, &p->filter, &mistake);
	if (built != BUILD_DONE) {
		buf_init(&findings, &p->arena);
		diags_print(&findings, &diags, SEVERITY_ERROR, false);
		fwrite(findings.bytes, 1, findings.len, stderr);
		die(path, built == BUILD_MISTAKEN ? mistake.what : "does not compile");
	}
}

static void write_blob(struct plan *p)
{
	const struct program *program = &p->filter.program;
	char name[300];
	struct buf b;

	p->returns_success = false;
	for (size_t i = 0; i < program->len; i++)
		p->returns_success |= program->insn[i].code == INSN_RET &&
			program->insn[i].k == action_ret(ACTION_ERRNO, 0);
	buf_init(&b, &p->arena);
	bytes_write(&b, program, p->filter.policy->order);
	snprintf(name, sizeof(name), "blobs/%s", p->name);
	write_file(p, name, &b);
}

/* "docker" of "profiles/docker.json" */
static const char *profile_name(struct plan *p, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return arena_text(&p->arena, name, dot ? (size_t)(dot - name) : strlen(name));
}

/* --- one ABI --- */

static void plan_profile(struct plan *p, const char *path)
{
	p->name = profile_name(p, path);
	compile(p, path);
	write_blob(p);
	p->choices = 0;
	*p->found = *p->taken = (struct paths){0};
	consider_names(p);
	size_t names = p->choices;
	consider_edges(p);
	choose_calls(p, names);
	consider_tables(p);
	write_chosen(p);
}

static void plan_profiles(struct plan *p, char *const *profile)
{
	char name[64];

	p->choice = arena_alloc(&p->arena, CHOICES_MAX, sizeof(*p->choice));
	p->found = arena_alloc(&p->arena, 1, sizeof(*p->found));
	p->taken = arena_alloc(&p->arena, 1, sizeof(*p->taken));
	buf_init(&p->calls, &p->arena);
	buf_init(&p->answers, &p->arena);
	for (; *profile; profile++)
		plan_profile(p, *profile);
	snprintf(name, sizeof(name), "%s.calls", p->abi->name);
	write_file(p, name, &p->calls);
	snprintf(name, sizeof(name), "%s.answers", p->abi->name);
	write_file(p, name, &p->answers);
}

static void plan_abi(struct plan *p, const char *abi, char *const *profile)
{
	p->abi = arch_find(abi, strlen(abi));
	if (!p->abi)
		die(abi, "no such ABI");
	p->random = random_start(p->abi->audit + p->abi->bits);
	arena_init(&p->arena, (size_t)2 << 30);
	if (setjmp(p->arena.out))
		die(p->abi->name, "out of memory");
	plan_profiles(p, profile);
	arena_free(&p->arena);
}

int main(int argc, char **argv)
{
	static struct plan plan;
	char blobs[4096];

	if (argc < 5)
		die("usage", "plan OUT NATIVE ABI,... PROFILE...");
	plan.out = argv[1];
	plan.native = arch_find(argv[2], strlen(argv[2]));
	if (!plan.native)
		die(argv[2], "no such ABI");
	snprintf(blobs, sizeof(blobs), "%s/blobs", plan.out);
	if (mkdir(blobs, 0777) && errno != EEXIST)
		die(blobs, strerror(errno));
	for (char *abi = strtok(argv[3], ","); abi; abi = strtok(NULL, ","))
		plan_abi(&plan, abi, argv + 4);
	return 0;
}
