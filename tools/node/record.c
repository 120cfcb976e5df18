/* One table of keys serves writer and reader, so that neither knows one the other does not. */

#include "record.h"

#include "../cli/quote.h"

#include "../../compiler/read/json.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *key;
	size_t at;
} texts[] = {
#define TEXT(field)                                                                                \
	{                                                                                          \
#field, offsetof(struct record, field)                                             \
	}
#define FACT(id, key)                                                                              \
	{                                                                                          \
#key, offsetof(struct record, fact[FACT_##id])                                     \
	}
	TEXT(profile),
	FACT(BY, by),
	FACT(TABLES, tables),
	TEXT(source),
	TEXT(source_sha256),
	FACT(ARCH, arch),
	FACT(KERNEL, kernel),
	TEXT(kernel_from),
	FACT(RUNTIME, runtime),
	FACT(CAPS, caps),
	FACT(ENOSYS, enosys),
	TEXT(base_spec),
	FACT(ABIS, abis),
	TEXT(meaning),
#undef FACT
#undef TEXT
};

static const struct {
	const char *key;
	size_t at;
} numbers[] = {
	{"generation", offsetof(struct record, generation)},
	{"instructions", offsetof(struct record, instructions)},
	{"worst_path", offsetof(struct record, worst_path)},
	{"jit_bytes", offsetof(struct record, jit_bytes)},
};

/* One that a record has or has not: the others that it has are UNSAID_DEFAULT, and among the texts above. */
static bool is_optional(enum fact_id id)
{
	return compile_facts[id].record.key && compile_facts[id].record.unsaid != UNSAID_DEFAULT;
}

static const char *text_of(const struct record *r, size_t at)
{
	const char *text;

	memcpy(&text, (const char *)r + at, sizeof(text));
	return text;
}

static unsigned number_of(const struct record *r, size_t at)
{
	unsigned number;

	memcpy(&number, (const char *)r + at, sizeof(number));
	return number;
}

const char *record_hex(struct arena *arena, const uint8_t digest[static SHA256_SIZE])
{
	char *text = arena_alloc(arena, DIGEST_TEXT, 1);

	sha256_hex(digest, SHA256_SIZE, text);
	return text;
}

const char *record_digest(struct arena *arena, const void *bytes, size_t len)
{
	uint8_t digest[SHA256_SIZE];

	sha256_of(bytes, len, digest);
	return record_hex(arena, digest);
}

/* --- out --- */

static void write_files(struct buf *b, const struct record *r)
{
	const char *comma = "";

	buf_text(b, ",\n  \"files\": {");
	for (size_t i = 0; i < PLACES; i++) {
		if (!r->file[i].sha256)
			continue;
		buf_printf(b, "%s\n    \"%s\": {\"path\": ", comma, place_names[i]);
		quote_json(b, place_path(b->arena, (enum place)i, r->profile));
		buf_printf(b, ", \"sha256\": \"%s\", \"bytes\": %zu}", r->file[i].sha256,
			r->file[i].size);
		comma = ",";
	}
	buf_text(b, "\n  }");
}

static void write_lines(struct buf *b, const char *key, const struct record_lines *lines)
{
	buf_printf(b, ",\n    \"%s\": [", key);
	for (size_t i = 0; i < lines->count; i++) {
		buf_text(b, i ? ",\n      " : "\n      ");
		quote_json(b, lines->line[i]);
	}
	buf_text(b, lines->count ? "\n    ]" : "]");
}

static void write_baseline(struct buf *b, const struct record_baseline *baseline)
{
	if (!baseline->sha256)
		return;
	buf_printf(b, ",\n  \"baseline\": {\n    \"sha256\": \"%s\",\n    \"syscalls\": %u", baseline->sha256,
		baseline->syscalls);
	write_lines(b, "lost", &baseline->lost);
	write_lines(b, "rounded", &baseline->rounded);
	buf_text(b, "\n  }");
}

void record_write(struct buf *b, const struct record *r)
{
	buf_printf(b, "{\n  \"version\": %d", RECORD_VERSION);
	for (size_t i = 0; i < countof(texts); i++) {
		buf_printf(b, ",\n  \"%s\": ", texts[i].key);
		quote_json(b, text_of(r, texts[i].at));
	}
	for (enum fact_id i = 0; i < FACTS; i++) {
		if (!is_optional(i) || !r->fact[i])
			continue;
		buf_printf(b, ",\n  \"%s\": ", compile_facts[i].record.key);
		quote_json(b, r->fact[i]);
	}
	for (size_t i = 0; i < countof(numbers); i++)
		buf_printf(b, ",\n  \"%s\": %u", numbers[i].key, number_of(r, numbers[i].at));
	write_files(b, r);
	write_baseline(b, &r->baseline);
	if (r->options)
		buf_printf(b, ",\n  \"options\": \"%s\"", r->options);
	if (r->refused)
		buf_printf(b, ",\n  \"refused\": \"%s\"", r->refused);
	buf_text(b, "\n}\n");
}

bool record_same(struct arena *arena, const struct record *a, const struct record *b)
{
	struct record c = *a, d = *b;
	struct buf one, two;

	c.generation = d.generation = 0;
	c.refused = d.refused = NULL;
	c.source = d.source = "";
	buf_init(&one, arena);
	buf_init(&two, arena);
	record_write(&one, &c);
	record_write(&two, &d);
	return one.len == two.len && memcmp(one.bytes, two.bytes, one.len) == 0;
}

/* --- in --- */

struct reading {
	struct json json;
	struct arena *arena;
	const char *missing; /* the first key that is not there, or not as it has to be */
};

static const char *read_text(struct reading *in, uint32_t object, const char *key)
{
	uint32_t value = json_look_up(&in->json, in->arena, object, key);
	struct text text = {0};

	if (value != JSON_NONE && in->json.node[value].type == JSON_STRING)
		text = json_text(&in->json, in->arena, value);
	if (text.s && strlen(text.s) == text.len)
		return text.s;
	in->missing = in->missing ? in->missing : key;
	return "";
}

static unsigned read_number(struct reading *in, uint32_t object, const char *key)
{
	uint32_t value = json_look_up(&in->json, in->arena, object, key);
	uint64_t number;

	if (value != JSON_NONE && in->json.node[value].type == JSON_NUMBER &&
		json_uint(&in->json, value, &number) == JSON_UINT_OK && number <= UINT32_MAX)
		return (unsigned)number;
	in->missing = in->missing ? in->missing : key;
	return 0;
}

static const char *read_digest(struct reading *in, uint32_t object, const char *key)
{
	const char *text = read_text(in, object, key);

	if (strlen(text) != DIGEST_TEXT - 1 || strspn(text, "0123456789abcdef") != DIGEST_TEXT - 1)
		in->missing = in->missing ? in->missing : key;
	return text;
}

static void read_files(struct record *r, struct reading *in)
{
	uint32_t files = json_look_up(&in->json, in->arena, 0, "files");

	for (size_t i = 0; i < PLACES; i++) {
		uint32_t one = json_look_up(&in->json, in->arena, files, place_names[i]);
		if (files == JSON_NONE || one == JSON_NONE)
			continue;
		r->file[i].sha256 = read_digest(in, one, "sha256");
		r->file[i].size = read_number(in, one, "bytes");
	}
}

static void read_lines(struct record_lines *lines, struct reading *in, uint32_t object, const char *key)
{
	uint32_t list = json_look_up(&in->json, in->arena, object, key);
	const char **line;

	if (list == JSON_NONE || in->json.node[list].type != JSON_ARRAY) {
		in->missing = in->missing ? in->missing : key;
		return;
	}
	line = arena_alloc(in->arena, in->json.node[list].count, sizeof(*line));
	for (uint32_t one = in->json.node[list].child; one != JSON_NONE; one = in->json.node[one].next) {
		if (in->json.node[one].type == JSON_STRING)
			line[lines->count++] = json_text(&in->json, in->arena, one).s;
		else
			in->missing = in->missing ? in->missing : key;
	}
	lines->line = line;
}

static void read_baseline(struct record_baseline *baseline, struct reading *in)
{
	uint32_t object = json_look_up(&in->json, in->arena, 0, "baseline");

	if (object == JSON_NONE)
		return;
	baseline->sha256 = read_digest(in, object, "sha256");
	baseline->syscalls = read_number(in, object, "syscalls");
	read_lines(&baseline->lost, in, object, "lost");
	read_lines(&baseline->rounded, in, object, "rounded");
}

/* A version this winnow does not know. */
static bool is_other(struct reading *in, uint64_t *version)
{
	uint32_t value = json_look_up(&in->json, in->arena, 0, "version");

	return value != JSON_NONE && in->json.node[value].type == JSON_NUMBER &&
		json_uint(&in->json, value, version) == JSON_UINT_OK &&
		*version != RECORD_VERSION;
}

enum record_kind record_read(struct record *r, struct arena *arena, const struct source *source,
	const char *name, const char **why)
{
	struct reading in = {.arena = arena};
	struct diags diags;
	uint64_t version;
	struct buf b;

	*r = (struct record){0};
	*why = "not JSON";
	diags_init(&diags, arena, source);
	if (!json_read(&in.json, arena, source, &diags))
		return RECORD_NONE;
	if (is_other(&in, &version)) {
		*why = buf_print(arena,
			"a record of version %" PRIu64 ", and this winnow knows version %d alone",
			version, RECORD_VERSION);
		return RECORD_OTHER;
	}
	read_number(&in, 0, "version"); /* which is wanted */
	for (size_t i = 0; i < countof(texts); i++) {
		const char *text = read_text(&in, 0, texts[i].key);
		memcpy((char *)r + texts[i].at, &text, sizeof(text));
	}
	for (enum fact_id i = 0; i < FACTS; i++) {
		if (is_optional(i) && json_look_up(&in.json, arena, 0, compile_facts[i].record.key) != JSON_NONE)
			r->fact[i] = read_text(&in, 0, compile_facts[i].record.key);
	}
	for (size_t i = 0; i < countof(numbers); i++) {
		unsigned number = read_number(&in, 0, numbers[i].key);
		memcpy((char *)r + numbers[i].at, &number, sizeof(number));
	}
	read_files(r, &in);
	read_baseline(&r->baseline, &in);
	if (json_look_up(&in.json, arena, 0, "options") != JSON_NONE)
		r->options = read_digest(&in, 0, "options");
	if (json_look_up(&in.json, arena, 0, "refused") != JSON_NONE)
		r->refused = read_digest(&in, 0, "refused");
	buf_init(&b, arena);
	buf_printf(&b, "no '%s' as winnow writes it%c", in.missing ? in.missing : "", 0);
	*why = in.missing ? b.bytes : "of another profile";
	return !in.missing && strcmp(r->profile, name) == 0 ? RECORD_OK : RECORD_NONE;
}
