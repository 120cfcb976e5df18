/*
 * Any bytes as a profile of any format, on a node and under a runtime that eight bytes in front
 * choose, through every pass: what is refused has an error at a place; what is compiled is a filter
 * the kernel takes, proved and as the simulator has it; as plain JSON it means the same; bytes,
 * trailer and every output format come out whole.
 */

#include "target.h"

#include "backends/bpf/bytes.h"
#include "backends/bpf/check.h"
#include "compiler/logic/diff.h"
#include "backends/write/disasm.h"
#include "backends/write/format.h"
#include "backends/prove/hash.h"
#include "compiler/logic/meaning.h"
#include "backends/bpf/sim.h"
#include "backends/prove/symbolic.h"
#include "backends/bpf/trailer.h"
#include "compiler/logic/verdict.h"
#include "compiler/kernel/caps.h"
#include "compiler/say/findings.h"
#include "compiler/explain/flatten.h"
#include "compiler/meaning/rules.h"
#include "tools/lib/build.h"

#include <string.h>

#define CHOICES   8
#define TEXT_MAX  ((size_t)64 << 10)
#define ARENA_CAP ((size_t)512 << 20)
#define CALLS     64
#define NODES     2

struct options {
	struct node_facts node[NODES];
	size_t nodes;
	struct input_options wish;
	struct layout layout;
	bool strict;
};

static const struct abi *choose_native(struct choice *c, size_t extra)
{
	size_t i = choose(c, arch_abi_count + extra);

	return i < arch_abi_count && !arch_abis[i].guest ? &arch_abis[i] : NULL;
}

static struct options choose_options(struct arena *arena, struct choice c)
{
	struct options o = {.nodes = 1};
	struct node_facts *facts = &o.node[0];
	size_t n = choose(&c, dialect_count + 1);

	facts->dialect = n ? &dialects[n - 1] : NULL;
	facts->enosys = node_dialect(facts)->enosys;
	o.wish.input = (enum input)choose(&c, INPUTS);
	facts->native = choose_native(&c, 0);
	if (!facts->native)
		facts->native = &arch_abis[0];
	const struct abi *second = choose_native(&c, 40);
	n = choose(&c, CAPS + 2);
	facts->caps = n == 0 ? 0 : n == 1 ? (UINT64_C(1) << CAPS) - 1 : UINT64_C(1) << (n - 2);
	n = choose(&c, 64);
	facts->kernel = (struct kernel_version){
		.present = n > 0, .major = (unsigned)n / 8, .minor = (unsigned)n % 8};
	n = choose(&c, 2 * (OBJECTIVE_SIZE + 1));
	o.layout.objective = (enum objective)(n / 2);
	o.layout.share = n % 2 ? NULL : layout_mix(arena);
	n = choose(&c, 8);
	o.strict = n >= 4;
	if (n % 4)
		facts->enosys = (enum enosys)(n % 4 - 1);
	if (second) {
		o.node[1] = o.node[0];
		o.node[o.nodes++].native = second;
	}
	return o;
}

/* --- what was compiled --- */

static void check_calls(const struct filter *f)
{
	for (uint32_t i = 0; i < CALLS; i++) {
		const struct call call = make_call(f->policy, 16 * i);
		size_t executed;
		uint32_t ret = sim_returned(
			sim_run(&f->program, f->policy->order, &call, &executed, NULL));
		assert(ret == policy_decide(f->policy, &call)->ret);
		assert(executed > 0 && executed <= f->program.len);
	}
}

static void check_bytes(struct arena *arena, const struct program *p, enum byte_order order)
{
	enum byte_order guessed;
	struct buf b;

	buf_init(&b, arena);
	bytes_write(&b, p, order);
	assert(bytes_guess(b.bytes, b.len, &guessed) && guessed == order);
	const struct program back = bytes_read(arena, b.bytes, b.len, order);
	assert(back.len == p->len);
	for (size_t i = 0; i < p->len; i++)
		assert(memcmp(&back.insn[i], &p->insn[i], sizeof(p->insn[i])) == 0);
}

/* The text of the profile stands for what a trailer holds: any text without NUL. */
static void check_trailer(struct bdd *b, const struct filter *f, const struct source *source)
{
	struct trailer t = {.text = arena_text(b->arena, source->bytes, source->len)}, found;
	struct program with;
	struct fault *fault;
	uint8_t meaning[SHA256_SIZE];

	uint32_t function = symbolic_run(b, &f->program, f->policy->order);
	sha256_of(source->bytes, source->len, t.profile);
	if (!hash_function(b, function, t.meaning)) {
		assert(b->full);
		return;
	}
	assert(!trailer_find(b->arena, &f->program, &found));
	if (!trailer_add(b->arena, &f->program, &t, &with)) {
		assert(strlen(t.text) > TRAILER_TEXT_MAX || f->program.len > PROGRAM_MAX / 2);
		return;
	}
	assert(check_program(b->arena, &with, &fault) == 0);
	assert(trailer_find(b->arena, &with, &found));
	assert(found.code == f->program.len && strcmp(found.text, t.text) == 0);
	assert(memcmp(found.profile, t.profile, SHA256_SIZE) == 0);
	assert(memcmp(found.meaning, t.meaning, SHA256_SIZE) == 0);
	assert(symbolic_run(b, &with, f->policy->order) == function);
	assert(hash_function(b, function, meaning) && memcmp(meaning, t.meaning, SHA256_SIZE) == 0);
}

static void check_formats(struct arena *arena, const struct profile *profile, const struct filter *f)
{
	const struct format_facts facts = {.program = &f->program,
		.profile = "fuzz",
		.abis = f->policy->abi[0]->name,
		.made_by = "fuzz",
		.order = f->policy->order,
		.abi = f->policy->abi[0],
		.cover = f->policy->abi,
		.covers = f->policy->abis,
		.from = profile};
	struct buf b;

	for (size_t i = 0; i < format_count; i++) {
		buf_init(&b, arena);
		formats[i].write(&b, &facts, 1);
		assert(b.len > 0);
		if (!formats[i].binary)
			check_shown(b.bytes, b.len);
	}
	buf_init(&b, arena);
	policy_print(&b, f->policy);
	check_shown(b.bytes, b.len);
}

static void check_filter(struct arena *arena, const struct profile *profile,
	const struct source *source, const struct filter *f)
{
	struct fault *fault;
	struct bdd b;

	assert(check_program(arena, &f->program, &fault) == 0);
	check_calls(f);
	check_bytes(arena, &f->program, f->policy->order);
	check_formats(arena, profile, f);
	bdd_init(&b, arena);
	check_trailer(&b, f, source);
}

/* --- the profile as plain JSON --- */

static void check_flat(struct arena *arena, const struct profile *profile,
	const struct node_facts *node, const struct source *source)
{
	struct node_facts facts = *node;
	/* under the same runtime: what MIPS numbers of other ABIs get is not the author's to say there */
	struct node_facts plain = {.native = node->native, .kernel = node->kernel, .dialect = node->dialect};
	struct diags diags;
	struct buf json;
	struct bdd b;

	facts.enosys = ENOSYS_OFF;
	diags_init(&diags, arena, source);
	const struct ruleset *set = select_rules(arena, profile, &facts, &diags);
	const struct policy *policy = set ? rules_policy(arena, &set, 1, &diags) : NULL;
	if (!policy)
		return;
	buf_init(&json, arena);
	flatten(&json, set, profile, node_dialect(node)->enosys == ENOSYS_RUNC ? FLATTEN_KEEPS_STUB : 0, NULL);
	const struct source flat = {"flat.json", json.bytes, json.len, false};
	diags_init(&diags, arena, &flat);
	const struct profile *again = build_profile(arena, &flat, &diags);
	assert(again);
	const struct policy *other = build_meaning(arena, again, &plain, 1, &diags);
	assert(other);
	bdd_init(&b, arena);
	uint32_t ours = meaning_policy(&b, policy), theirs = meaning_policy(&b, other);
	assert(b.full || ours == theirs);
}

/* Findings of two readings, joined. */
static void check_findings(struct arena *arena, struct diags *diags)
{
	const struct reading reading[] = {{diags, 0, 0}, {diags, 1, 0}, {diags, 2, 1}};
	const struct weights weights = {.dropped = {true}};
	struct findings joined;

	findings_join(&joined, arena, diags->source, reading, countof(reading), &weights);
	assert(diags_failed(&joined.diags) == diags_failed(diags));
	check_diags(&joined.diags);
}

/* --- all --- */

static void check_refused(const struct diags *diags)
{
	int status = diags_exit(diags);

	assert(diags_failed(diags) && (status == 3 || status == 4 || status == 5));
}

static void compile(struct arena *arena, const struct options *o, const struct source *source,
	struct diags *diags)
{
	struct filter filter;
	struct mistake mistake;
	const char *recognised = NULL;
	const struct profile *profile = build_input(arena, source, &o->wish, diags, &recognised);

	if (!profile)
		return check_refused(diags);
	assert(!diags_failed(diags) || diags->strict);
	assert(recognised && *recognised);
	const struct policy *policy = build_meaning(arena, profile, o->node, o->nodes, diags);
	if (!policy)
		return check_refused(diags);
	check_flat(arena, profile, &o->node[0], source);
	enum build built = build_policy(arena, policy, &o->layout, diags, &filter, &mistake);
	assert(built != BUILD_MISTAKEN);
	if (built == BUILD_DONE)
		check_filter(arena, profile, source, &filter);
	else
		check_refused(diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct choice choice = choice_start(&bytes, &len, CHOICES);
	struct arena arena;

	if (len > TEXT_MAX)
		return 0;
	arena_init(&arena, ARENA_CAP);
	if (setjmp(arena.out) == 0) {
		const struct options o = choose_options(&arena, choice);
		struct source source = {"fuzz\033.json", (const char *)bytes, len, false};
		struct diags diags;
		diags_init(&diags, &arena, &source);
		diags.strict = o.strict;
		compile(&arena, &o, &source, &diags);
		check_diags(&diags);
		check_findings(&arena, &diags);
	}
	arena_free(&arena);
	return 0;
}
