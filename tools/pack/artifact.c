/*
 * KEP-6061 (alpha): a manifest with the one media type of profiles as artifactType, as that of its config, which is
 * empty, and of its layer, which is runtime-spec JSON of 1 MiB and 128 entries a syscall at most and without a listener:
 * the row kep6061 of dialect.c. Pushed by what pushes layouts: skopeo, oras, regctl.
 */

#include "artifact.h"

#include "bundle.h"

#include "../cli/base_files.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/one_profile.h"
#include "../cli/targets.h"
#include "../lib/oci_layout.h"
#include "../lib/flatten_proved.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EMPTY "{}" /* image-spec manifest.md, "Guidance for an Empty Descriptor" */

struct output {
	const char *folder;
	struct arena *arena;
};

struct blob {
	char hex[SHA256_HEX];
	size_t len;
};

static bool make_folders(const struct output *l)
{
	return files_make_directory(l->folder) &&
		files_make_directory(buf_print(l->arena, "%s/blobs", l->folder)) &&
		files_make_directory(buf_print(l->arena, "%s/blobs/sha256", l->folder));
}

static bool put_blob(const struct output *l, const char *bytes, size_t len, struct blob *blob)
{
	uint8_t digest[SHA256_SIZE];

	sha256_of(bytes, len, digest);
	sha256_hex(digest, SHA256_SIZE, blob->hex);
	blob->len = len;
	return files_write(buf_print(l->arena, "%s/blobs/sha256/%s", l->folder, blob->hex), bytes, len);
}

/* Its descriptor, but for annotations and the brace that closes it. */
static void describe(struct buf *b, const char *type, const struct blob *blob)
{
	buf_printf(b, "{\"mediaType\": \"%s\", \"digest\": \"sha256:%s\", \"size\": %zu", type, blob->hex, blob->len);
}

static void write_manifest(struct buf *b, const struct blob *config, const struct blob *layer, const char *name)
{
	buf_printf(b,
		"{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"" OCI_MANIFEST "\",\n  \"artifactType\": \"" OCI_PROFILE
		"\",\n  \"config\": ");
	describe(b, OCI_PROFILE, config);
	buf_text(b, "},\n  \"layers\": [\n    ");
	describe(b, OCI_PROFILE, layer);
	buf_printf(b, ",\n      \"annotations\": {\"org.opencontainers.image.title\": \"%s.json\"}}\n  ]\n}\n", name);
}

static void write_index(struct buf *b, const struct blob *manifest, const char *name)
{
	buf_text(b, "{\n  \"schemaVersion\": 2,\n  \"manifests\": [\n    ");
	describe(b, OCI_MANIFEST, manifest);
	buf_printf(b,
		", \"artifactType\": \"" OCI_PROFILE
		"\",\n      \"annotations\": {\"" OCI_REF_NAME "\": \"%s\"}}\n  ]\n}\n",
		name);
}

static bool write_text(const struct output *l, const char *name, const struct buf *b)
{
	return files_write(buf_print(l->arena, "%s/%s", l->folder, name), b->bytes, b->len);
}

static bool write_layout(const struct output *l, const struct buf *json, const char *name, struct blob *manifest)
{
	struct buf text, index, mark;
	struct blob config, layer;

	buf_init(&text, l->arena);
	buf_init(&index, l->arena);
	buf_init(&mark, l->arena);
	if (!make_folders(l) || !put_blob(l, json->bytes, json->len, &layer) ||
		!put_blob(l, EMPTY, strlen(EMPTY), &config))
		return false;
	write_manifest(&text, &config, &layer, name);
	if (!put_blob(l, text.bytes, text.len, manifest))
		return false;
	write_index(&index, manifest, name);
	buf_text(&mark, "{\"imageLayoutVersion\": \"1.0.0\"}\n");
	return write_text(l, "oci-layout", &mark) && write_text(l, "index.json", &index);
}

/* --- what is there already --- */

/* Why the tags that the layout has cannot be told from that one; NULL: it has no other. */
static const char *other_tag(const struct output *l, const char *name)
{
	struct oci_profile *profile;
	const char *why;
	size_t count;

	if (!oci_layout_list(l->arena, &cli_base_files, l->folder, false, &profile, &count, &why))
		return buf_print(l->arena, "what is there already is not told: %s", why);
	for (size_t i = 0; i < count; i++) {
		if (!*profile[i].name)
			return "the layout there has a profile without a tag, which would be lost";
		if (strcmp(profile[i].name, name) != 0)
			return buf_print(l->arena, "the layout there has '%s', which would be lost", profile[i].name);
	}
	return NULL;
}

/* Why nothing may be written there, as what the folder holds would be lost or no longer looked at; NULL: it may. */
static const char *why_taken(const struct output *l, const char *name)
{
	struct base_entry *entry;
	struct stat st;
	const char *why;
	size_t count;
	bool index = false;

	if (stat(l->folder, &st) != 0)
		return NULL;
	if (!cli_base_files.list(l->arena, l->folder, &entry, &count, &why))
		return why;
	for (size_t i = 0; i < count; i++) {
		bool part = strcmp(entry[i].name, "blobs") == 0 || strcmp(entry[i].name, "oci-layout") == 0;
		bool is_index = strcmp(entry[i].name, "index.json") == 0;
		if (!part && !is_index)
			return buf_print(l->arena, "it is a folder of other files, such as '%s', and would become a layout",
				entry[i].name);
		index |= is_index;
	}
	return index ? other_tag(l, name) : NULL;
}

/* Does a runtime that keeps to the KEP take the JSON? Said of the profile it was made from. */
static bool keeps_to_kep(struct one_profile *o, const struct buf *json)
{
	static const char kep[] = "kep6061";
	struct source text = {.name = o->source.name, .bytes = json->bytes, .len = json->len, .hidden = true};
	const struct input_options wish = {.input = INPUT_OCI};
	struct node_facts facts = {.native = o->facts.native, .dialect = dialect_find(kep, strlen(kep))};
	struct diags diags;

	diags_init(&diags, &o->arena, &text);
	const struct profile *profile = build_input(&o->arena, &text, &wish, &diags, NULL);
	if (profile && build_meaning(&o->arena, profile, &facts, 1, &diags))
		return true;
	for (const struct diag *d = diags.first; d; d = d->next) {
		if (d->severity == SEVERITY_ERROR)
			diag(&o->diags, d->id, NOWHERE, 1, "%s", d->text);
	}
	return false;
}

/* "web" of "profiles/web.json" */
static const char *name_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path, *dot = strrchr(start, '.');

	return arena_text(arena, start, dot && dot > start ? (size_t)(dot - start) : strlen(start));
}

static int pack_one(struct one_profile *o)
{
	const struct output layout = {o->parsed->value[OPT_OUTPUT], &o->arena};
	const char *name = name_of(&o->arena, o->source.name);
	struct mistake mistake;
	struct blob manifest;
	struct buf json;

	if (!bundle_name_ok(name, strlen(name)))
		return usage(o->parsed->verb, "'%s' cannot be the name of a packed profile: letters, digits and ._-", name);
	const char *taken = why_taken(&layout, name);
	if (taken) {
		message("pack: %s: %s; a layout has one profile, so name a new folder", layout.folder, taken);
		return EXIT_USAGE;
	}
	enum build built =
		flatten_proved(&o->arena, o->profile, &o->facts, NULL, &o->diags, &json, &mistake);
	if (built == BUILD_DONE && !keeps_to_kep(o, &json))
		built = BUILD_REFUSED;
	int status = one_profile_findings(o);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&o->arena, o->source.name, &mistake);
	if (status)
		return status;
	if (!write_layout(&layout, &json, name, &manifest))
		return EXIT_HOST;
	if (one_profile_tells(o))
		message("%s: %s for %s, %zu bytes, proved; manifest sha256:%s", layout.folder, name,
			o->facts.native->name, json.len, manifest.hex);
	return EXIT_DONE;
}

int artifact_pack(const struct parsed *p)
{
	const char *out = p->value[OPT_OUTPUT];
	struct one_profile one;

	if (!out || !*out || strcmp(out, "-") == 0)
		return usage(p->verb, "-o FOLDER is needed: an OCI layout is one");
	if (p->operands != 1 || p->manys > 1)
		return usage(p->verb, "an artifact has one profile, for one set of capabilities");
	return one_profile_run(p, &one, NULL, pack_one);
}
