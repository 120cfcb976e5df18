/* A profile to its filters and JSON: the steps of compile and resolve, for every kind of node. */

#include "pack_profile.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/flatten_proved.h"
#include "../lib/parts.h"
#include "../cli/targets.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/prove/hash.h"
#include "../../backends/bpf/path.h"

#include <string.h>

struct making {
	struct bundle *bundle;
	struct arena *kept, *arena, *each;
	const struct packing *packing;
	struct diags diags;
	struct recipe recipe;
	struct bundle_profile *out;
	struct mistake mistake;
};

/* "dir/web.json" is web. */
static const char *name_of(struct arena *arena, const char *path, size_t *len)
{
	static const char *const endings[] = {".json", ".yaml", ".yml"};
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	*len = strlen(base);
	for (size_t i = 0; i < countof(endings); i++) {
		size_t ending = strlen(endings[i]);
		if (*len > ending && strcmp(base + *len - ending, endings[i]) == 0) {
			*len -= ending;
			break;
		}
	}
	return arena_text(arena, base, *len);
}

static int find_name(struct making *m, const struct source *source)
{
	const struct bundle *b = m->bundle;
	size_t len;
	const char *name = name_of(m->kept, source->name, &len);

	if (!bundle_name_ok(name, len)) {
		message("%s: '%s' cannot be the name of a packed profile: letters, digits and ._- "
			"only, no dot in front, %d at most",
			source->name, name, BUNDLE_NAME_MAX);
		return EXIT_INPUT;
	}
	for (size_t i = 0; i < b->profiles; i++) {
		if (strcmp(b->profile[i].name, name) == 0) {
			message("%s: a profile named %s is packed already", source->name, name);
			return EXIT_INPUT;
		}
	}
	m->out->name = name;
	return EXIT_DONE;
}

static struct bundle_file keep(struct making *m, const char *bytes, size_t len)
{
	return (struct bundle_file){.bytes = arena_text(m->kept, bytes, len), .len = len};
}

static enum build add_blob(struct making *m, struct arena *arena, const struct targets *t,
	struct bundle_filter *f, struct product *made)
{
	struct buf bytes;
	enum build built = targets_build(arena, t, &m->recipe, &m->diags, made, &m->mistake);

	if (built != BUILD_DONE)
		return built;
	const struct policy *policy = made->filter.policy;
	const char *abis = words_abis(arena, policy);
	f->abis = arena_text(m->kept, abis, strlen(abis));
	f->instructions = made->filter.program.len;
	f->longest_path = path_longest(arena, &made->filter.program);
	if (!made->filter.proven.hashed) {
		diag(&m->diags, DIAG_HASH_BUDGET, NOWHERE, 1,
			"the filter for %s cannot be packed: a bundle names filters by their semantic hash, "
			"and its diagram takes more than %u nodes or %u steps",
			f->node->name, HASH_NODES, HASH_STEPS);
		return BUILD_REFUSED;
	}
	memcpy(f->meaning, made->filter.proven.meaning, SHA256_SIZE);
	buf_init(&bytes, arena);
	bytes_write(&bytes, &made->written, policy->order);
	f->bpf = keep(m, bytes.bytes, bytes.len);
	return BUILD_DONE;
}

static enum build add_json(struct making *m, struct arena *arena, const struct node_facts *node,
	const struct filter *proved, struct bundle_filter *f)
{
	struct node_facts facts = *node;
	struct buf json;

	facts.enosys = m->bundle->options.json_enosys;
	enum build built = flatten_proved(arena, m->recipe.profile, &facts,
		facts.enosys == node->enosys ? proved : NULL, &m->diags, &json, &m->mistake);
	if (built == BUILD_DONE)
		f->json = keep(m, json.bytes, json.len);
	return built;
}

/* In an arena of its own, the same for each: many nodes take no more room than one. */
static enum build add_filter(struct making *m, struct target *target)
{
	struct bundle_filter *f = &m->out->filter[m->out->filters++];
	const struct targets one = {target, 1};
	struct arena *each = m->each;

	each->cap = PROFILE_ARENA > m->arena->used ? PROFILE_ARENA - m->arena->used : 0;
	arena_reset(each);
	if (setjmp(each->out)) {
		m->arena->full = each->full;
		longjmp(m->arena->out, 1);
	}
	f->node = target->node[0].native;
	f->caps = target->node[0].caps;
	struct product made;
	enum build built = add_blob(m, each, &one, f, &made);
	if (built == BUILD_DONE)
		built = add_json(m, each, &target->node[0], &made.filter, f);
	if (built == BUILD_MISTAKEN)
		m->mistake.what = arena_text(m->arena, m->mistake.what, strlen(m->mistake.what));
	return built;
}

/* One set of capabilities after the other. */
static int add_sets(struct making *m, enum build *built)
{
	const struct packing *p = m->packing;
	const struct bundle_options *o = &m->bundle->options;
	struct targets t;

	*built = BUILD_DONE;
	for (size_t i = 0; i < p->caps_sets; i++) {
		struct node_facts facts = o->node;
		facts.caps = p->caps[i];
		int status = targets_read(
			&t, m->arena, p->verb, p->arch, m->recipe.profile, &facts, true);
		if (status)
			return status;
		if (!m->out->filter)
			m->out->filter = arena_alloc(
				m->kept, t.count * p->caps_sets, sizeof(*m->out->filter));
		for (size_t k = 0; k < t.count && *built != BUILD_MISTAKEN; k++) {
			/* an archMap may have two entries for one ABI */
			if (!bundle_find(m->out, t.target[k].node[0].native, p->caps[i]))
				*built = add_filter(m, &t.target[k]);
		}
	}
	return EXIT_DONE;
}

/* They are install's: the bundle's are those of this command. */
static void tell_own_options(struct making *m, const struct source *source)
{
	uint32_t value;
	const struct json *json = parts_own_options(m->arena, source, &value);

	if (json)
		diag(&m->diags, DIAG_OPTIONS_LEFT, json->node[value].at, json->node[value].len,
			OWN_OPTIONS_KEY " is not read here: a bundle has the options of pack");
}

int make_profile(struct bundle *bundle, struct arena *kept, struct arena *arena, struct arena *each,
	const struct packing *packing, const struct source *source)
{
	struct making m = {.bundle = bundle,
		.kept = kept,
		.arena = arena,
		.each = each,
		.packing = packing,
		.out = &bundle->profile[bundle->profiles]};
	enum build built = BUILD_DONE;
	int status = find_name(&m, source);

	if (status)
		return status;
	diags_init(&m.diags, arena, source);
	m.diags.strict = bundle->options.strict;
	tell_own_options(&m, source);
	m.recipe = (struct recipe){.source = source, .wish = &bundle->options.wish};
	m.recipe.profile = build_input(arena, source, m.recipe.wish, &m.diags, NULL);
	if (m.recipe.profile)
		status = add_sets(&m, &built);
	files_diags(arena, &m.diags, packing->quiet, packing->colour);
	if (status)
		return status;
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(arena, source->name, &m.mistake);
	if (diags_failed(&m.diags))
		return diags_exit(&m.diags);
	m.out->text = keep(&m, source->bytes, source->len);
	bundle->profiles++;
	return EXIT_DONE;
}
