/*
 * One reading makes the filter and one the flattened JSON; what both find is told once. Whatever is
 * not asked for is not made, but the filter always is: it is the proof, and the record tells what
 * it costs.
 */

#include "prepare.h"

#include "base_spec.h"

#include "../cli/options.h"
#include "../lib/flatten_proved.h"
#include "../cli/targets.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/prove/hash.h"
#include "../../backends/bpf/jit.h"
#include "../../backends/bpf/path.h"
#include "../../backends/bpf/trailer.h"
#include "../../compiler/say/findings.h"

/* What finds something about the profile: as it is, and bounded by the node's baseline. */
enum { READ, BUILT, PLAIN, BOUNDED, BOUNDED_PLAIN, READINGS };

struct job {
	struct prepared *out;
	struct arena *arena;
	const struct profile_source *source;
	const struct node_wish *node;
	const struct profile *profile;
	struct product product;
	struct bounded bounded; /* by the node's baseline, as a filter */
	struct diags found[READINGS]; /* joined at the end */
};

/* --- the record --- */

/* How the text is to be taken, which a bundle says and a file does not. */
static const struct input_options *wish_of(const struct job *job)
{
	const struct packed *packed = job->source->packed;

	return packed ? &packed->bundle->options.wish : &job->node->wish;
}

/* Hash of what the filter does; "" if it was not found within the budget. */
static const char *meaning(struct job *job)
{
	const struct filter *f = &job->product.filter;
	uint8_t digest[SHA256_SIZE];
	struct trailer trailer;

	if (trailer_find(job->arena, &job->product.written, &trailer))
		return trailer_hashed(&trailer) ? record_hex(job->arena, trailer.meaning) : "";
	if (f->proven.hashed)
		return record_hex(job->arena, f->proven.meaning);
	if (hash_program(job->arena, &f->program, f->policy->order, digest))
		return record_hex(job->arena, digest);
	return "";
}

static void fill_facts(struct job *job, const struct node_facts *node)
{
	const struct origin origin = {.node = node, .nodes = 1, .wish = wish_of(job),
		.policy = job->product.filter.policy};
	bool null;

	for (enum fact_id i = 0; i < FACTS; i++) {
		const struct fact_in *in = &compile_facts[i].record;
		if (in->key)
			job->out->record.fact[i] = fact_word(job->arena, i, in, &origin, &null);
	}
}

static void fill_record(struct job *job)
{
	const struct node_wish *o = job->node;
	const struct source *text = &job->source->text;
	struct record *r = &job->out->record;

	r->profile = job->source->name;
	r->source = text->name;
	r->source_sha256 = record_digest(job->arena, text->bytes, text->len);
	r->kernel_from = o->kernel_from;
	fill_facts(job, &o->facts);
	r->base_spec = o->base_spec
		? record_digest(job->arena, o->base_spec->bytes, o->base_spec->len)
		: "";
	r->options = job->source->options.len
		? record_digest(job->arena, job->source->options.bytes, job->source->options.len)
		: NULL;
	r->meaning = meaning(job);
	r->instructions = (unsigned)job->product.filter.program.len;
	r->worst_path = path_longest(job->arena, &job->product.filter.program);
	r->jit_bytes = (unsigned)jit_bytes(job->arena, &job->product.written);
	for (size_t i = 0; i < PLACES; i++) {
		const struct buf *b = &job->out->file[i];
		if (o->place[i])
			r->file[i] = (struct record_file){
				record_digest(job->arena, b->bytes, b->len), b->len};
	}
}

/* --- the files --- */

static enum build compile(struct job *job)
{
	struct target target = {&job->node->facts, 1};
	struct targets one = {&target, 1};
	struct recipe recipe = {
		.source = &job->source->text,
		.profile = job->profile,
		.wish = wish_of(job)};

	return targets_build(
		job->arena, &one, &recipe, &job->found[BUILT], &job->product, &job->out->mistake);
}

/* Of the profile as it is. */
static enum build make_own(struct job *job)
{
	const struct packed *packed = job->source->packed;
	struct product *product = &job->product;

	if (!packed)
		return compile(job);
	switch (packed_take(job->arena, packed, &job->node->facts, &job->found[BUILT], &product->filter,
		&product->written, &job->out->here)) {
	case PACKED_TAKEN:
		job->out->here = NULL;
		return BUILD_DONE;
	case PACKED_FALSE:
		return BUILD_REFUSED;
	case PACKED_OTHER:
		return compile(job);
	}
	unreachable();
}

/* What the trailer's digest is of: both texts. */
static const struct source *join_texts(struct job *job)
{
	struct source *all = arena_alloc(job->arena, 1, sizeof(*all));
	struct buf b;

	buf_init(&b, job->arena);
	buf_add(&b, job->node->baseline->text.bytes, job->node->baseline->text.len);
	buf_add(&b, job->source->text.bytes, job->source->text.len);
	*all = (struct source){.name = "merged", .bytes = b.bytes, .len = b.len};
	return all;
}

/* What the baseline leaves of it. */
static enum build make_bounded(struct job *job)
{
	struct target target = {&job->node->facts, 1};
	struct recipe recipe = {.source = join_texts(job), .wish = wish_of(job),
		.merged = buf_print(job->arena, "within baseline %.12s", job->node->baseline->sha256)};
	struct diags *diags = &job->found[BOUNDED];
	struct product *product = &job->product;
	enum build built = build_policy(job->arena, job->bounded.merge.policy, NULL, diags, &product->filter,
		&job->out->mistake);

	if (built == BUILD_DONE &&
		!targets_trailer(job->arena, &target, &recipe, diags, product, &job->out->mistake))
		return BUILD_MISTAKEN;
	if (job->source->packed)
		job->out->here = "the node's baseline takes calls from it";
	return built == BUILD_DONE ? baseline_tell(&job->bounded, &job->out->record.baseline, diags,
					     &job->out->mistake)
				   : built;
}

/* A filter that comes packed has to be true, be it taken or not. */
static bool is_false(struct job *job)
{
	const char *why;
	struct product product = {0};

	return job->source->packed &&
		packed_take(job->arena, job->source->packed, &job->node->facts, &job->found[BUILT], &product.filter,
			&product.written, &why) == PACKED_FALSE;
}

static enum build make_filter(struct job *job)
{
	const struct baseline *baseline = job->node->baseline;

	if (!baseline)
		return make_own(job);
	enum build built = baseline_bound(job->arena, baseline, job->profile, &job->node->facts, false,
		&job->found[BOUNDED], &job->bounded, &job->out->mistake);
	if (built != BUILD_DONE)
		return built;
	job->profile = &job->bounded.profile;
	job->out->record.baseline.sha256 = baseline->sha256;
	if (job->bounded.whole)
		return make_own(job);
	return is_false(job) ? BUILD_REFUSED : make_bounded(job);
}

/* Rules, where they hold whatever the baseline says, are the profile's own. */
static enum build make_json(struct job *job, const struct node_facts *facts, struct buf *json)
{
	const struct filter *proved = &job->product.filter;
	struct bounded bounded = {.whole = true};
	struct mistake *mistake = &job->out->mistake;
	enum build built = BUILD_DONE;

	if (job->node->baseline)
		built = baseline_bound(job->arena, job->node->baseline, job->profile, facts, true,
			&job->found[BOUNDED_PLAIN], &bounded, mistake);
	if (built != BUILD_DONE)
		return built;
	if (!bounded.whole)
		return baseline_json(job->arena, &bounded, job->node->strict, json, &job->out->record.baseline,
			&job->found[BOUNDED_PLAIN], mistake);
	bool same = job->bounded.whole || !job->node->baseline;
	return flatten_proved(job->arena, job->profile, facts,
		same && facts->enosys == job->node->facts.enosys ? proved : NULL, &job->found[PLAIN], json, mistake);
}

static enum build make_files(struct job *job)
{
	const bool *place = job->node->place;
	struct buf *file = job->out->file;
	struct node_facts facts = job->node->facts;
	enum build built = BUILD_DONE;

	facts.enosys = job->node->json_enosys;
	for (size_t i = 0; i < PLACES; i++)
		buf_init(&file[i], job->arena);
	bytes_write(&file[PLACE_BPF], &job->product.written, job->product.filter.policy->order);
	if (place[PLACE_JSON] || place[PLACE_DOCKER])
		built = make_json(job, &facts, &file[PLACE_JSON]);
	file[PLACE_DOCKER] = file[PLACE_JSON];
	if (built == BUILD_DONE && place[PLACE_BASE_SPEC])
		base_spec_write(&file[PLACE_BASE_SPEC], job->node->base_spec, &file[PLACE_BPF],
			job->profile);
	return built;
}

static enum build make(struct job *job)
{
	job->profile = build_input(job->arena, &job->source->text, wish_of(job),
		&job->found[READ], NULL);
	if (!job->profile)
		return BUILD_REFUSED;
	job->out->builds_on =
		job->profile->bases || (job->node->baseline && job->node->baseline->profile->bases);
	enum build built = make_filter(job);
	if (built == BUILD_DONE)
		built = make_files(job);
	if (built == BUILD_DONE)
		fill_record(job);
	job->out->written = job->product.written;
	return built;
}

static void join_findings(struct job *job)
{
	struct reading reading[READINGS];
	struct weights *weights = arena_alloc(job->arena, 1, sizeof(*weights));
	struct findings *all = arena_alloc(job->arena, 1, sizeof(*all));

	for (size_t i = 0; i < READINGS; i++)
		reading[i] = (struct reading){&job->found[i], 0, 0};
	findings_join(all, job->arena, &job->source->text, reading, countof(reading), weights);
	job->out->diags = &all->diags;
}

void prepare(struct prepared *p, struct arena *arena, const struct profile_source *source,
	const struct node_wish *node)
{
	struct job *job = arena_alloc(arena, 1, sizeof(*job));

	*p = (struct prepared){0};
	*job = (struct job){.out = p, .arena = arena, .source = source, .node = node};
	for (size_t i = 0; i < READINGS; i++) {
		diags_init(&job->found[i], arena, &source->text);
		job->found[i].strict = node->strict;
	}
	enum build built = make(job);
	join_findings(job);
	p->filter = &job->product.filter;
	if (built == BUILD_MISTAKEN)
		p->status = EXIT_MISTAKE;
	else if (built == BUILD_REFUSED)
		p->status = diags_exit(p->diags);
}
