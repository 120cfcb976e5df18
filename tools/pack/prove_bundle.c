/* What a bundle claims of a filter, held against the profile packed with it. Nothing else that was
 * packed takes part in finding out what the profile means. */

#include "bundle.h"

#include "../lib/add_trailer.h"
#include "../lib/flatten_proved.h"
#include "../cli/targets.h"
#include "../lib/version.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/check.h"
#include "../../backends/bpf/path.h"
#include "../../backends/bpf/trailer.h"

#include <string.h>

struct proof_of {
	struct arena *arena;
	const struct bundle *bundle;
	const struct bundle_profile *packed;
	const struct bundle_filter *filter;
	struct diags *diags;
	/* found out */
	const struct profile *profile;
	struct node_facts facts;
	const struct policy *policy;
	struct program program;
	struct proven proven;
	struct trailer trailer;
	bool described;
};

static bool fault(struct proof_of *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

static bool fault(struct proof_of *p, const char *fmt, ...)
{
	const struct bundle *b = p->bundle;
	struct buf text;
	va_list args;

	buf_init(&text, p->arena);
	va_start(args, fmt);
	buf_vprintf(&text, fmt, args);
	va_end(args);
	diag(p->diags, DIAG_UNPROVED, NOWHERE, 1, "%s: %.*s", p->filter->bpf.path, (int)text.len,
		text.bytes);
	if (strcmp(b->winnow, WINNOW_VERSION) != 0 || strcmp(b->tables, arch_tables_kernel) != 0)
		diag_note(p->diags, NOWHERE, 1,
			"it was packed by winnow %s with syscall tables of Linux %s; this is "
			"winnow %s with those of %s",
			b->winnow, b->tables, WINNOW_VERSION, arch_tables_kernel);
	return false;
}

struct source bundle_source(
	struct arena *arena, const struct bundle *bundle, const struct bundle_profile *p)
{
	struct buf b;

	buf_init(&b, arena);
	buf_printf(&b, "%s:%s%c", bundle->name, p->name, 0);
	return (struct source){b.bytes, p->text.bytes, p->text.len, false};
}

/* --- what the profile means --- */

static bool read_profile(struct proof_of *p)
{
	const struct bundle_options *o = &p->bundle->options;

	p->diags->strict = o->strict;
	p->profile = build_input(p->arena, p->diags->source, &o->wish, p->diags, NULL);
	p->facts = o->node;
	p->facts.native = p->filter->node;
	p->facts.caps = p->filter->caps;
	if (p->profile)
		p->policy = build_meaning(p->arena, p->profile, &p->facts, 1, p->diags);
	return p->policy != NULL;
}

/* --- the blob --- */

static bool check_blob(struct proof_of *p)
{
	const struct bundle_file *bpf = &p->filter->bpf;
	struct fault *faults;

	if (bpf->len % INSN_SIZE || bpf->len / INSN_SIZE > PROGRAM_MAX)
		return fault(p, "%zu bytes are no filter", bpf->len);
	p->program = bytes_read(p->arena, bpf->bytes, bpf->len, p->filter->node->order);
	if (check_program(p->arena, &p->program, &faults))
		return fault(p, "the kernel would not load it: %s", fault_text(p->arena, &p->program, faults));
	p->described = trailer_find(p->arena, &p->program, &p->trailer);
	return true;
}

static bool prove_blob(struct proof_of *p)
{
	const struct witness *w = &p->proven.witness;
	struct buf call;

	p->proven = prove_all(p->arena, &p->program, p->policy);
	switch (p->proven.means) {
	case PROOF_HOLDS:
		return true;
	case PROOF_FAILS:
		buf_init(&call, p->arena);
		for (size_t i = 0; i < CALL_ARGS; i++)
			buf_printf(&call, " 0x%llx", (unsigned long long)w->call.args[i]);
		buf_text(&call, ": it says ");
		action_print(&call, w->program);
		buf_text(&call, ", the profile ");
		action_print(&call, w->policy);
		return fault(p, "not what the profile means for audit arch 0x%08x, number %u,%.*s",
			w->call.arch, w->call.nr, (int)call.len, call.bytes);
	case PROOF_UNDECIDED:
		return fault(p, "not proved: %s", w->why);
	}
	unreachable();
}

/* --- what is said of it --- */

static bool same_insn(const struct insn *a, const struct insn *b)
{
	return a->code == b->code && a->jt == b->jt && a->jf == b->jf && a->k == b->k;
}

/* The trailer is made again, as of a filter that has none yet, and compared word by word. */
static bool check_trailer(struct proof_of *p)
{
	const struct source text = bundle_source(p->arena, p->bundle, p->packed);
	const struct origin origin = {
		.source = &text, .node = &p->facts, .nodes = 1, .wish = &p->bundle->options.wish, .policy = p->policy};
	const struct filter filter = {.policy = p->policy,
		.program = {p->program.insn, p->described ? p->trailer.code : p->program.len},
		.proven = p->proven};
	struct program with;
	struct mistake mistake;
	size_t i = 0;

	if (add_trailer(p->arena, &filter, &origin, &with, &mistake) != BUILD_DONE)
		return !p->described || fault(p, "its trailer should not fit");
	while (i < with.len && i < p->program.len && same_insn(&with.insn[i], &p->program.insn[i]))
		i++;
	return (i == with.len && i == p->program.len) ||
		fault(p, "its trailer says other things than are true of it");
}

/* What is not code any more is never reached, so the whole blob means what its code does. */
static bool find_meaning(const struct proof_of *p, uint8_t meaning[static SHA256_SIZE])
{
	memcpy(meaning, p->proven.meaning, SHA256_SIZE);
	return p->proven.hashed;
}

static bool check_claims(struct proof_of *p)
{
	const struct bundle_filter *f = p->filter;
	uint8_t meaning[SHA256_SIZE];
	size_t code = p->described ? p->trailer.code : p->program.len;

	if (strcmp(words_abis(p->arena, p->policy), f->abis) != 0)
		return fault(p, "it is for %s, the manifest says %s",
			words_abis(p->arena, p->policy), f->abis);
	if (code != f->instructions)
		return fault(p, "it has %zu instructions, the manifest says %zu", code,
			f->instructions);
	if (path_longest(p->arena, &p->program) != f->longest_path)
		return fault(p, "its longest path has %u instructions, the manifest says %u",
			path_longest(p->arena, &p->program), f->longest_path);
	if (!check_trailer(p))
		return false;
	if (!find_meaning(p, meaning))
		return fault(p, "its semantic hash was not found within the budget");
	return memcmp(meaning, f->meaning, SHA256_SIZE) == 0 ||
		fault(p, "its semantic hash is not the manifest's");
}

/* The JSON has flags and a listener too, of which no proof speaks: it is made again. */
static bool check_json(struct proof_of *p)
{
	const struct bundle_file *json = &p->filter->json;
	struct node_facts facts = p->facts;
	struct mistake mistake;
	struct buf again;

	facts.enosys = p->bundle->options.json_enosys;
	switch (flatten_proved(p->arena, p->profile, &facts, NULL, p->diags, &again, &mistake)) {
	case BUILD_DONE:
		break;
	case BUILD_REFUSED:
		return false;
	case BUILD_MISTAKEN:
		return fault(p, "winnow's own mistake, please report it: %s", mistake.what);
	}
	if (again.len == json->len && memcmp(again.bytes, json->bytes, again.len) == 0)
		return true;
	return fault(p, "%s is not the profile flattened", json->path);
}

static bool prove_filter(struct proof_of *p)
{
	return read_profile(p) && check_blob(p) && prove_blob(p) && check_claims(p);
}

bool bundle_prove_filter(struct arena *arena, const struct bundle *bundle,
	const struct bundle_profile *packed, const struct bundle_filter *filter,
	struct diags *diags, struct bundle_proved *proved)
{
	struct proof_of p = {.arena = arena,
		.bundle = bundle,
		.packed = packed,
		.filter = filter,
		.diags = diags};
	bool ok = prove_filter(&p) && !diags_failed(diags);

	*proved = (struct bundle_proved){p.profile, p.policy, p.program,
		p.described ? p.trailer.code : p.program.len, p.proven};
	return ok;
}

bool bundle_prove(struct arena *arena, const struct bundle *bundle,
	const struct bundle_profile *packed, const struct bundle_filter *filter,
	struct diags *diags)
{
	struct proof_of p = {.arena = arena,
		.bundle = bundle,
		.packed = packed,
		.filter = filter,
		.diags = diags};

	return prove_filter(&p) && check_json(&p) && !diags_failed(diags);
}
