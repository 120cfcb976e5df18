/*
 * One reading makes the filter and one the flattened JSON; what both find is told once. Whatever is
 * not asked for is not made, but the filter always is: it is the proof, and the record tells what
 * it costs.
 */

#include "prepare.h"

#include "base_spec.h"

#include "../cli/options.h"
#include "../lib/plain.h"
#include "../cli/targets.h"
#include "../lib/version.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/prove/hash.h"
#include "../../backends/bpf/jit.h"
#include "../../backends/bpf/path.h"
#include "../../backends/bpf/trailer.h"
#include "../../compiler/meaning/enosys.h"
#include "../../compiler/say/findings.h"

struct job {
	struct prepared *out;
	struct arena *arena;
	const struct profile_source *source;
	const struct node_wish *node;
	const struct profile *profile;
	struct product product;
	struct diags read, built, plain; /* by reading; joined at the end */
};

/* --- the record --- */

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

static const char *kernel(struct job *job)
{
	const struct kernel_version *k = &job->node->facts.kernel;
	struct buf b;

	if (!k->present)
		return arch_tables_kernel;
	buf_init(&b, job->arena);
	buf_printf(&b, "%u.%u%c", k->major, k->minor, 0);
	return b.bytes;
}

static const char *caps(struct job *job)
{
	struct buf b;

	buf_init(&b, job->arena);
	buf_printf(&b, "0x%llx%c", (unsigned long long)job->node->facts.caps, 0);
	return b.bytes;
}

static void fill_record(struct job *job)
{
	const struct node_wish *o = job->node;
	const struct source *text = &job->source->text;
	struct record *r = &job->out->record;

	r->profile = job->source->name;
	r->by = WINNOW_VERSION;
	r->tables = arch_tables_kernel;
	r->source = text->name;
	r->source_sha256 = record_digest(job->arena, text->bytes, text->len);
	r->arch = o->facts.native->name;
	r->kernel = kernel(job);
	r->kernel_from = o->kernel_from;
	r->runtime = node_dialect(&o->facts)->name;
	r->caps = caps(job);
	r->enosys = enosys_name(o->facts.enosys);
	r->base_spec = o->base_spec
		? record_digest(job->arena, o->base_spec->bytes, o->base_spec->len)
		: "";
	r->abis = targets_abis(job->arena, job->product.filter.policy);
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

/* How the text is to be taken, which a bundle says and a file does not. */
static const struct wish *wish_of(const struct profile_source *source)
{
	static const struct wish none = {0};

	return source->packed ? &source->packed->bundle->options.wish : &none;
}

static enum build compile(struct job *job)
{
	struct target target = {&job->node->facts, 1};
	struct targets one = {&target, 1};
	struct recipe recipe = {
		.source = &job->source->text,
		.profile = job->profile,
		.wish = wish_of(job->source)};

	return targets_build(
		job->arena, &one, &recipe, &job->built, &job->product, &job->out->mistake);
}

static enum build make_filter(struct job *job)
{
	const struct packed *packed = job->source->packed;
	struct product *product = &job->product;

	if (!packed)
		return compile(job);
	switch (packed_take(job->arena, packed, &job->node->facts, &job->built, &product->filter,
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

static enum build make_files(struct job *job)
{
	const bool *place = job->node->place;
	struct buf *file = job->out->file;
	const struct program *proved = &job->product.filter.program;
	struct node_facts facts = job->node->facts;
	enum build built = BUILD_DONE;

	facts.enosys = job->node->json_enosys;
	for (size_t i = 0; i < PLACES; i++)
		buf_init(&file[i], job->arena);
	bytes_write(&file[PLACE_BPF], &job->product.written, job->product.filter.policy->order);
	if (place[PLACE_JSON])
		built = plain_build(job->arena, job->profile, &facts,
			facts.enosys == job->node->facts.enosys ? proved : NULL, &job->plain,
			&file[PLACE_JSON], &job->out->mistake);
	if (built == BUILD_DONE && place[PLACE_BASE_SPEC])
		base_spec_write(&file[PLACE_BASE_SPEC], job->node->base_spec, &file[PLACE_BPF],
			job->profile);
	return built;
}

static enum build make(struct job *job)
{
	job->profile = build_input(job->arena, &job->source->text, wish_of(job->source),
		&job->read, NULL);
	if (!job->profile)
		return BUILD_REFUSED;
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
	const struct reading reading[] = {{&job->read, 0}, {&job->built, 0}, {&job->plain, 0}};
	struct weights *weights = arena_alloc(job->arena, 1, sizeof(*weights));
	struct findings *all = arena_alloc(job->arena, 1, sizeof(*all));

	findings_join(all, job->arena, &job->source->text, reading, countof(reading), weights);
	job->out->diags = &all->diags;
}

void prepare(struct prepared *p, struct arena *arena, const struct profile_source *source,
	const struct node_wish *node)
{
	struct job *job = arena_alloc(arena, 1, sizeof(*job));

	*p = (struct prepared){0};
	*job = (struct job){.out = p, .arena = arena, .source = source, .node = node};
	diags_init(&job->read, arena, &source->text);
	diags_init(&job->built, arena, &source->text);
	diags_init(&job->plain, arena, &source->text);
	job->read.strict = job->built.strict = job->plain.strict = node->strict;
	enum build built = make(job);
	join_findings(job);
	p->filter = &job->product.filter;
	if (built == BUILD_MISTAKEN)
		p->status = EXIT_MISTAKE;
	else if (built == BUILD_REFUSED)
		p->status = diags_exit(p->diags);
}
