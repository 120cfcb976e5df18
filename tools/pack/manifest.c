/*
 * The reader takes what the bundle needs and leaves strictness to the writer: manifest_write() of
 * what was read is what was read, or it is no manifest. Words in it are of sets that need no
 * escape, so that there is one way to write each.
 */

#include "manifest.h"

#include "../../compiler/meaning/enosys.h"
#include "../../compiler/profile/input.h"

#include <string.h>

/* --- paths --- */

void manifest_paths(struct bundle *bundle, struct arena *arena)
{
	bundle->manifest.path = MANIFEST_NAME;
	for (size_t i = 0; i < bundle->profiles; i++) {
		struct bundle_profile *p = &bundle->profile[i];
		p->text.path = buf_print(arena, "profiles/%s/profile", p->name);
		for (size_t k = 0; k < p->filters; k++) {
			struct bundle_filter *f = &p->filter[k];
			unsigned long long caps = f->caps;
			f->bpf.path = buf_print(arena, "profiles/%s/caps-0x%llx/%s.bpf", p->name, caps,
				f->node->name);
			f->json.path = buf_print(arena, "profiles/%s/caps-0x%llx/%s.json", p->name,
				caps, f->node->name);
		}
	}
}

/* --- writing --- */

static void write_word(struct buf *b, const char *key, const char *word)
{
	buf_printf(b, word ? "\"%s\": \"%s\"" : "\"%s\": null", key, word);
}

static void write_hex(struct buf *b, const char *key, const uint8_t digest[static SHA256_SIZE])
{
	char hex[SHA256_HEX];

	sha256_hex(digest, SHA256_SIZE, hex);
	buf_printf(b, "\"%s\": \"%s\"", key, hex);
}

/* The facts of a group that the manifest has, each with a blank or what is `before`. */
static void write_facts(struct buf *b, enum fact_group group, const struct origin *o, const char *before)
{
	for (enum fact_id i = 0; i < FACTS; i++) {
		const struct fact *f = &compile_facts[i];
		bool null;
		if (f->group != group || !f->manifest.key)
			continue;
		const char *word = fact_word(b->arena, i, &f->manifest, o, &null);
		if (!word && !null)
			continue;
		buf_text(b, before);
		write_word(b, f->manifest.key, word);
		before = ", ";
	}
}

static void write_options(struct buf *b, const struct bundle_options *o)
{
	const struct origin origin = {.node = &o->node, .wish = &o->wish};

	buf_text(b, "\t\"options\": {");
	write_facts(b, FACT_OF_NODE, &origin, "");
	buf_text(b, ", ");
	write_word(b, "jsonEnosys", enosys_name(o->json_enosys));
	if (!o->node.without_key)
		buf_text(b, ", \"cacheKey\": true");
	buf_printf(b, ", \"strict\": %s,", o->strict ? "true" : "false");
	write_facts(b, FACT_OF_INPUT, &origin, "\n\t\t");
	buf_text(b, "},\n");
}

static void write_file(struct buf *b, const char *key, const struct bundle_file *f)
{
	buf_printf(b, "\"%s\": {\"path\": \"%s\", \"size\": %zu, ", key, f->path, f->len);
	write_hex(b, "sha256", f->digest);
	buf_text(b, "}");
}

static void write_filter(struct buf *b, const struct bundle_filter *f)
{
	buf_printf(b, "\t\t\t\t{\"node\": \"%s\", \"caps\": \"0x%llx\", \"abis\": \"%s\",\n",
		f->node->name, (unsigned long long)f->caps, f->abis);
	buf_printf(b, "\t\t\t\t\t\"instructions\": %zu, \"longestPath\": %u,\n\t\t\t\t\t",
		f->instructions, f->longest_path);
	write_hex(b, "meaning", f->meaning);
	buf_text(b, ",\n\t\t\t\t\t");
	write_file(b, "bpf", &f->bpf);
	buf_text(b, ",\n\t\t\t\t\t");
	write_file(b, "json", &f->json);
	buf_text(b, "}");
}

static void write_profile(struct buf *b, const struct bundle_profile *p)
{
	buf_printf(b, "\t\t{\n\t\t\t\"name\": \"%s\",\n\t\t\t", p->name);
	write_file(b, "profile", &p->text);
	buf_text(b, ",\n\t\t\t\"filters\": [\n");
	for (size_t i = 0; i < p->filters; i++) {
		write_filter(b, &p->filter[i]);
		buf_text(b, i + 1 < p->filters ? ",\n" : "\n");
	}
	buf_text(b, "\t\t\t]\n\t\t}");
}

void manifest_write(struct buf *b, const struct bundle *bundle)
{
	buf_printf(b, "{\n\t\"winnowBundle\": %d,\n\t", MANIFEST_VERSION);
	write_word(b, compile_facts[FACT_BY].manifest.key, bundle->winnow);
	buf_text(b, ", ");
	write_word(b, compile_facts[FACT_TABLES].manifest.key, bundle->tables);
	buf_text(b, ",\n");
	write_options(b, &bundle->options);
	buf_text(b, "\t\"profiles\": [\n");
	for (size_t i = 0; i < bundle->profiles; i++) {
		write_profile(b, &bundle->profile[i]);
		buf_text(b, i + 1 < bundle->profiles ? ",\n" : "\n");
	}
	buf_text(b, "\t]\n}\n");
}

/* --- reading --- */

struct reading {
	struct arena *arena;
	const struct source *source;
	struct diags *diags;
	struct json json;
	size_t files; /* of the archive: no list has more elements */
	bool failed; /* and said so */
};

static void fault(struct reading *r, uint32_t node, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The first fault is told; the rest mostly follow from it. */
static void fault(struct reading *r, uint32_t node, const char *fmt, ...)
{
	struct buf b;
	va_list args;
	uint32_t line = 1, column = 1;

	if (r->failed)
		return;
	r->failed = true;
	buf_init(&b, r->arena);
	va_start(args, fmt);
	buf_vprintf(&b, fmt, args);
	va_end(args);
	if (node != JSON_NONE)
		source_place(r->source, r->json.node[node].at, &line, &column);
	diag(r->diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "%s:%u:%u: %.*s", MANIFEST_NAME, line, column,
		(int)b.len, b.bytes);
}

/* The value of a key, which has to be there. JSON_NONE once something failed. */
static uint32_t value(struct reading *r, uint32_t object, const char *key)
{
	uint32_t node = JSON_NONE;

	if (r->failed)
		return JSON_NONE;
	if (r->json.node[object].type == JSON_OBJECT)
		node = json_look_up(&r->json, r->arena, object, key);
	if (node == JSON_NONE)
		fault(r, object, "there is no '%s' here", key);
	return node;
}

/* Letters, digits and what versions and names have beside them. */
static bool plain_word(const struct text *t)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+ -";

	for (uint32_t i = 0; i < t->len; i++) {
		if (!t->s[i] || !strchr(set, t->s[i]))
			return false;
	}
	return t->len > 0;
}

/* A word, or NULL for null. */
static const char *read_word(struct reading *r, uint32_t object, const char *key)
{
	uint32_t node = value(r, object, key);

	if (node == JSON_NONE || r->json.node[node].type == JSON_NULL)
		return NULL;
	if (r->json.node[node].type == JSON_STRING) {
		struct text t = json_text(&r->json, r->arena, node);
		if (plain_word(&t))
			return t.s;
	}
	fault(r, node, "'%s' is no word", key);
	return NULL;
}

/* Not null either; "" once something failed. */
static const char *need_word(struct reading *r, uint32_t object, const char *key)
{
	const char *word = read_word(r, object, key);

	if (!word)
		fault(r, object, "'%s' is missing", key);
	return word ? word : "";
}

static size_t read_number(struct reading *r, uint32_t object, const char *key, size_t most)
{
	uint32_t node = value(r, object, key);
	uint64_t number = 0;

	if (node != JSON_NONE &&
		(r->json.node[node].type != JSON_NUMBER ||
			json_uint(&r->json, node, &number) != JSON_UINT_OK || number > most))
		fault(r, node, "'%s' is no number up to %zu", key, most);
	return r->failed ? 0 : (size_t)number;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_hex(
	struct reading *r, uint32_t object, const char *key, uint8_t digest[static SHA256_SIZE])
{
	const char *word = need_word(r, object, key);
	bool ok = strlen(word) == 2 * SHA256_SIZE && strspn(word, "0123456789abcdef") == 64;

	if (!ok) {
		fault(r, object, "'%s' is no SHA-256 in hexadecimal", key);
		return;
	}
	for (size_t i = 0; i < SHA256_SIZE; i++)
		digest[i] = (uint8_t)(digit(word[2 * i]) << 4 | digit(word[2 * i + 1]));
}

static uint64_t read_caps(struct reading *r, uint32_t object)
{
	const char *word = need_word(r, object, "caps");
	size_t len = strlen(word);
	uint64_t caps = 0;

	if (len < 3 || len > 2 + 16 || memcmp(word, "0x", 2) != 0)
		fault(r, object, "'caps' is no mask in hexadecimal");
	for (size_t i = 2; i < len && !r->failed; i++) {
		if (digit(word[i]) < 0)
			fault(r, object, "'caps' is no mask in hexadecimal");
		caps = caps << 4 | (uint64_t)(digit(word[i]) & 15);
	}
	return caps;
}

static void read_file(
	struct reading *r, uint32_t object, const char *key, struct bundle_file *f)
{
	uint32_t node = value(r, object, key);

	if (r->failed)
		return;
	f->len = read_number(r, node, "size", SOURCE_MAX);
	read_hex(r, node, "sha256", f->digest);
}

static void read_filter(struct reading *r, uint32_t node, struct bundle_filter *f)
{
	const char *name = need_word(r, node, "node");

	f->node = arch_find(name, strlen(name));
	if (!f->node || f->node->guest)
		fault(r, node, "no node is '%s'", name);
	f->caps = read_caps(r, node);
	f->abis = need_word(r, node, "abis");
	f->instructions = read_number(r, node, "instructions", PROGRAM_MAX);
	f->longest_path = (unsigned)read_number(r, node, "longestPath", PROGRAM_MAX);
	read_hex(r, node, "meaning", f->meaning);
	read_file(r, node, "bpf", &f->bpf);
	read_file(r, node, "json", &f->json);
}

/* The first element of a list that has to be there, and how many it has. */
static uint32_t list(struct reading *r, uint32_t object, const char *key, size_t *count)
{
	uint32_t node = value(r, object, key);

	*count = 0;
	if (node != JSON_NONE && r->json.node[node].type != JSON_ARRAY)
		fault(r, node, "'%s' is no list", key);
	if (!r->failed && r->json.node[node].count > r->files)
		fault(r, node, "'%s' has more elements than the bundle has files", key);
	if (r->failed)
		return JSON_NONE;
	*count = r->json.node[node].count;
	return r->json.node[node].child;
}

static void read_profile(struct reading *r, uint32_t node, struct bundle_profile *p)
{
	p->name = need_word(r, node, "name");
	if (!r->failed && !bundle_name_ok(p->name, strlen(p->name)))
		fault(r, node, "'%s' is no name of a profile", p->name);
	read_file(r, node, "profile", &p->text);
	uint32_t element = list(r, node, "filters", &p->filters);
	p->filter = arena_alloc(r->arena, p->filters, sizeof(*p->filter));
	for (size_t i = 0; i < p->filters && !r->failed; i++) {
		read_filter(r, element, &p->filter[i]);
		element = r->json.node[element].next;
	}
}

static void read_fact(struct reading *r, uint32_t object, enum fact_id id, struct bundle_options *o)
{
	const struct fact *f = &compile_facts[id];
	const struct fact_in *in = &f->manifest;

	if (in->unsaid == UNSAID_OMITTED && json_look_up(&r->json, r->arena, object, in->key) == JSON_NONE)
		return;
	const char *word = in->unsaid == UNSAID_NULL ? read_word(r, object, in->key) : need_word(r, object, in->key);
	if (!r->failed && word && !fact_read(id, word, &o->node, &o->wish))
		fault(r, object, "'%s' is no %s%s%s", word, f->is_a, f->one_of ? ": none of " : "", f->one_of ? f->one_of : "");
}

static void read_facts(struct reading *r, uint32_t object, enum fact_group group, struct bundle_options *o)
{
	for (enum fact_id i = 0; i < FACTS; i++) {
		if (compile_facts[i].group == group && compile_facts[i].manifest.key)
			read_fact(r, object, i, o);
	}
}

static void read_options(struct reading *r, uint32_t root, struct bundle_options *o)
{
	uint32_t node = value(r, root, "options");

	if (r->failed)
		return;
	read_facts(r, node, FACT_OF_NODE, o);
	if (!enosys_find(need_word(r, node, "jsonEnosys"), &o->json_enosys))
		fault(r, node, "'jsonEnosys' is none of off, table, runc");
	uint32_t key = json_look_up(&r->json, r->arena, node, "cacheKey"); /* older bundles: none */
	o->node.without_key = key == JSON_NONE || r->json.node[key].type != JSON_TRUE;
	uint32_t strict = value(r, node, "strict");
	o->strict = strict != JSON_NONE && r->json.node[strict].type == JSON_TRUE;
	read_facts(r, node, FACT_OF_INPUT, o);
}

static void read_root(struct reading *r, struct bundle *bundle)
{
	size_t version = read_number(r, 0, "winnowBundle", UINT32_MAX);

	if (!r->failed && version != MANIFEST_VERSION)
		fault(r, 0, "it is of version %zu; this winnow reads version %d", version,
			MANIFEST_VERSION);
	bundle->winnow = need_word(r, 0, compile_facts[FACT_BY].manifest.key);
	bundle->tables = need_word(r, 0, compile_facts[FACT_TABLES].manifest.key);
	read_options(r, 0, &bundle->options);
	uint32_t element = list(r, 0, "profiles", &bundle->profiles);
	bundle->profile = arena_alloc(r->arena, bundle->profiles, sizeof(*bundle->profile));
	for (size_t i = 0; i < bundle->profiles && !r->failed; i++) {
		read_profile(r, element, &bundle->profile[i]);
		element = r->json.node[element].next;
	}
}

/* Written again, with the paths that belong there. */
static void compare(struct reading *r, struct bundle *bundle)
{
	uint32_t line, column;
	struct buf again;
	size_t same = 0;

	manifest_paths(bundle, r->arena);
	buf_init(&again, r->arena);
	manifest_write(&again, bundle);
	while (same < again.len && same < r->source->len &&
		again.bytes[same] == r->source->bytes[same])
		same++;
	if (same == again.len && same == r->source->len)
		return;
	source_place(r->source, (uint32_t)same, &line, &column);
	diag(r->diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "%s:%u:%u: not as winnow writes it",
		MANIFEST_NAME, line, column);
	r->failed = true;
}

bool manifest_read(struct bundle *bundle, struct arena *arena, const struct source *source,
	size_t files, struct diags *diags)
{
	struct reading r = {.arena = arena, .source = source, .diags = diags, .files = files};
	struct diags own;

	diags_init(&own, arena, source);
	if (!json_read(&r.json, arena, source, &own)) {
		const struct diag *d = own.first;
		uint32_t line = 1, column = 1;
		if (d->at != NOWHERE)
			source_place(source, d->at, &line, &column);
		return diag(diags, DIAG_BAD_BUNDLE, NOWHERE, 1, "%s:%u:%u: %s", MANIFEST_NAME,
			line, column, d->text);
	}
	read_root(&r, bundle);
	if (!r.failed)
		compare(&r, bundle);
	return !r.failed;
}
