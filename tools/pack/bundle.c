/* An archive, the manifest in it, and the files that one names: read together, none left over. */

#include "bundle.h"

#include "manifest.h"
#include "ustar.h"

#include "../cli/message.h"
#include "../lib/single.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool bundle_name_ok(const char *name, size_t len)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < len; i++) {
		if (!name[i] || !strchr(set, name[i]))
			return false;
	}
	return len && len <= BUNDLE_NAME_MAX && name[0] != '.';
}

bool bundle_digest_ok(const char *sha256)
{
	size_t len = strlen(sha256);

	return len == 2 * SHA256_SIZE && strspn(sha256, "0123456789abcdefABCDEF") == len;
}

bool bundle_is(const struct source *source, const char *sha256, const char *so)
{
	uint8_t digest[SHA256_SIZE];
	char found[SHA256_HEX];

	sha256_of(source->bytes, source->len, digest);
	sha256_hex(digest, SHA256_SIZE, found);
	if (strcasecmp(found, sha256) == 0)
		return true;
	message("%s: its SHA-256 is %s, not the one of --sha256%s", source->name, found, so);
	return false;
}

bool bundle_recognise(const struct source *source)
{
	return source->len > sizeof(MANIFEST_NAME) &&
		memcmp(source->bytes, MANIFEST_NAME, sizeof(MANIFEST_NAME)) == 0;
}

/* --- reading --- */

struct contents {
	const struct member *member;
	size_t members;
};

static const struct member *find(const struct contents *c, const char *name)
{
	size_t low = 0, high = c->members;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, c->member[middle].name);
		if (order == 0)
			return &c->member[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The bytes, which have to be those the manifest has the digest of. */
static bool take(struct bundle_file *f, const struct contents *c, struct diags *diags)
{
	const struct member *m = find(c, f->path);
	uint8_t digest[SHA256_SIZE];

	if (!m)
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "there is no %s in it", f->path);
	if (m->len != f->len)
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
			"%s has %zu bytes, the manifest says %zu", f->path, m->len, f->len);
	sha256_of(m->bytes, m->len, digest);
	if (memcmp(digest, f->digest, SHA256_SIZE) != 0)
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
			"%s was changed: its digest is not the manifest's", f->path);
	f->bytes = m->bytes;
	return true;
}

static bool take_profile(struct bundle_profile *p, const struct contents *c, struct diags *diags)
{
	bool ok = take(&p->text, c, diags);

	for (size_t i = 0; i < p->filters && ok; i++) {
		struct bundle_filter *f = &p->filter[i];
		if (i && strcmp(p->filter[i - 1].bpf.path, f->bpf.path) >= 0)
			return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
				"%s: the manifest lists %s out of order or twice", p->name,
				f->bpf.path);
		ok = take(&f->bpf, c, diags) && take(&f->json, c, diags);
	}
	return ok;
}

static bool take_all(struct bundle *b, const struct contents *c, struct diags *diags)
{
	size_t named = 1;

	for (size_t i = 0; i < b->profiles; i++) {
		struct bundle_profile *p = &b->profile[i];
		if (i && strcmp(b->profile[i - 1].name, p->name) >= 0)
			return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
				"the manifest lists profile %s out of order or twice", p->name);
		if (!take_profile(p, c, diags))
			return false;
		named += 1 + 2 * p->filters;
	}
	return named == c->members ||
		diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
			"it holds %zu files, of which its manifest names %zu", c->members, named);
}

static bool take_manifest(struct bundle *b, struct arena *arena, const struct contents *c,
	struct diags *diags)
{
	const struct member *m = find(c, MANIFEST_NAME);

	if (!m)
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "there is no %s in it",
			MANIFEST_NAME);
	struct source source = {MANIFEST_NAME, m->bytes, m->len, false};
	if (!manifest_read(b, arena, &source, c->members, diags))
		return false;
	b->manifest = (struct bundle_file){.path = m->name, .bytes = m->bytes, .len = m->len};
	sha256_of(m->bytes, m->len, b->manifest.digest);
	return true;
}

bool bundle_read(
	struct bundle *b, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct contents c;
	const char *why;

	*b = (struct bundle){.name = source->name};
	if (!bundle_recognise(source)) {
		const char *other = single_other(arena, source);
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1,
			"it does not begin with a manifest: it is no bundle of winnow's%s%s", other ? "; " : "",
			other ? other : "");
	}
	c.member = ustar_read(arena, source->bytes, source->len, &c.members, &why);
	if (!c.member)
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "%s", why);
	return take_manifest(b, arena, &c, diags) && take_all(b, &c, diags);
}

/* --- writing --- */

static int by_name(const void *a, const void *b)
{
	const struct bundle_profile *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int by_path(const void *a, const void *b)
{
	const struct bundle_filter *left = a, *right = b;

	return strcmp(left->bpf.path, right->bpf.path);
}

static int by_member(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void add(struct contents *c, struct member *member, struct bundle_file *f)
{
	sha256_of(f->bytes, f->len, f->digest);
	member[c->members++] = (struct member){f->path, f->bytes, f->len};
}

void bundle_write(struct buf *out, struct bundle *b)
{
	struct contents c = {0};
	struct buf manifest;
	size_t files = 1;

	manifest_paths(b, out->arena);
	qsort(b->profile, b->profiles, sizeof(*b->profile), by_name);
	for (size_t i = 0; i < b->profiles; i++) {
		struct bundle_profile *p = &b->profile[i];
		qsort(p->filter, p->filters, sizeof(*p->filter), by_path);
		files += 1 + 2 * p->filters;
	}
	struct member *member = arena_alloc(out->arena, files, sizeof(*member));
	for (size_t i = 0; i < b->profiles; i++) {
		struct bundle_profile *p = &b->profile[i];
		add(&c, member, &p->text);
		for (size_t k = 0; k < p->filters; k++) {
			add(&c, member, &p->filter[k].bpf);
			add(&c, member, &p->filter[k].json);
		}
	}
	buf_init(&manifest, out->arena);
	manifest_write(&manifest, b);
	b->manifest.bytes = manifest.bytes;
	b->manifest.len = manifest.len;
	add(&c, member, &b->manifest);
	qsort(member, c.members, sizeof(*member), by_member);
	ustar_write(out, member, c.members);
}

/* --- choosing --- */

const struct bundle_filter *bundle_find(
	const struct bundle_profile *p, const struct abi *node, uint64_t caps)
{
	for (size_t i = 0; i < p->filters; i++) {
		if (p->filter[i].node == node && p->filter[i].caps == caps)
			return &p->filter[i];
	}
	return NULL;
}

/* "kernel 6.1", "no kernel in particular" */
static void say_fact(struct buf *b, enum fact_id id, const struct origin *o)
{
	const struct fact *f = &compile_facts[id];

	if (fact_said(id, o))
		buf_printf(b, "%s %s", f->told, fact_value(b->arena, id, o));
	else
		buf_printf(b, "no %s in particular", f->told);
}

static bool same_fact(struct arena *arena, enum fact_id id, const struct origin *a, const struct origin *b)
{
	const char *one = fact_value(arena, id, a), *other = fact_value(arena, id, b);

	if (fact_said(id, a) != fact_said(id, b))
		return false;
	return one == other || (one && other && strcmp(one, other) == 0);
}

const char *bundle_differs(
	struct arena *arena, const struct bundle *bundle, const struct node_facts *node)
{
	const struct origin packed = {.node = &bundle->options.node}, here = {.node = node};
	struct buf b;

	for (enum fact_id id = 0; id < FACTS; id++) {
		const struct fact *f = &compile_facts[id];
		if (f->group != FACT_OF_NODE || !f->is_a || same_fact(arena, id, &packed, &here))
			continue;
		if (f->manifest.unsaid != UNSAID_NULL)
			return buf_print(arena, "it was packed with another --%s", option_name(fact_option[id]));
		buf_init(&b, arena);
		buf_text(&b, "it was packed for ");
		say_fact(&b, id, &packed);
		buf_text(&b, ", this node has ");
		say_fact(&b, id, &here);
		return buf_string(&b);
	}
	return NULL;
}
