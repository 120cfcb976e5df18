/*
 * JSON within a string of JSON or YAML. The string is decoded and read as a text of its own; then
 * its nodes are moved to where they stand in the outer source, so that nobody behind here has to
 * know.
 *
 * Where a decoded byte stands is told by `place`, an entry a byte: exact for JSON's escapes, for lines that
 * stand in the source as they are (YAML's block scalars) and for those that YAML folds. Of a spelling that cannot
 * be followed every byte stands where the string begins.
 */

#include "configmap.h"

#include <string.h>

#define NAMES_SHOWN 8u
#define TRIES_MAX   64u

bool configmap_is(const struct json *outer, struct arena *arena)
{
	uint32_t kind = json_look_up(outer, arena, 0, "kind");

	if (kind == JSON_NONE || outer->node[kind].type != JSON_STRING)
		return false;
	struct text text = json_text(outer, arena, kind);
	return text.len == strlen("ConfigMap") && memcmp(text.s, "ConfigMap", text.len) == 0;
}

/* --- which entry --- */

static bool refuse_entries(const struct json *outer, struct arena *arena, uint32_t data,
	const char *name, struct diags *diags)
{
	uint32_t at = outer->node[data].at, shown = 0;

	if (name)
		diag(diags, DIAG_ENTRY, at, 1, "the ConfigMap has no entry '%s'", name);
	else
		diag(diags, DIAG_ENTRY, at, 1,
			"the ConfigMap has %u entries: the option entry takes one, as in --entry NAME",
			outer->node[data].count);
	for (uint32_t k = outer->node[data].child; k != JSON_NONE && shown < NAMES_SHOWN;
		k = outer->node[k].next, shown++)
		diag_note(diags, outer->node[k].at, outer->node[k].len, "entry '%s'",
			json_text(outer, arena, k).s);
	return false;
}

/* The key of the entry, or JSON_NONE with a diagnostic. */
static uint32_t find_entry(
	const struct json *outer, struct arena *arena, const char *name, struct diags *diags)
{
	uint32_t data = json_look_up(outer, arena, 0, "data");

	if (data == JSON_NONE || outer->node[data].type != JSON_OBJECT) {
		diag(diags, DIAG_ENTRY, outer->node[0].at, 1, "the ConfigMap has no data");
		return JSON_NONE;
	}
	uint32_t key = outer->node[data].child;
	for (; name && key != JSON_NONE; key = outer->node[key].next) {
		struct text text = json_text(outer, arena, key);
		if (text.len == strlen(name) && memcmp(text.s, name, text.len) == 0)
			return key;
	}
	if (!name && outer->node[data].count == 1)
		return key;
	refuse_entries(outer, arena, data, name, diags);
	return JSON_NONE;
}

/* --- where its bytes stand --- */

struct placing {
	const char *outer; /* the outer source's bytes */
	uint32_t at, end;  /* the string in it */
	const struct text *text;
	uint32_t *place;
};

/* The bytes that the escape at `at` takes. JSON's: it is no more than one character or two units.
 */
static uint32_t escape_len(const struct placing *p, uint32_t at)
{
	if (p->outer[at + 1] != 'u')
		return 2;
	bool pair = at + 12 < p->end && strchr("dD", p->outer[at + 2]) &&
		strchr("89abAB", p->outer[at + 3]) && p->outer[at + 6] == '\\';
	return pair ? 12 : 6;
}

/* The bytes of decoded text that the escape means: UTF-8, by its first byte. */
static uint32_t decoded_len(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* In double quotes, each byte itself or a JSON escape. */
static bool place_escaped(const struct placing *p)
{
	uint32_t at = p->at + 1, i = 0;

	if (p->outer[p->at] != '"')
		return false;
	while (i < p->text->len && at + 1 < p->end) {
		bool escape = p->outer[at] == '\\';
		uint32_t meant = escape ? decoded_len((unsigned char)p->text->s[i]) : 1;
		if (!escape && p->outer[at] != p->text->s[i])
			return false;
		for (uint32_t k = 0; k < meant && i < p->text->len; k++)
			p->place[i++] = at;
		at += escape ? escape_len(p, at) : 1;
	}
	return i == p->text->len && at + 1 == p->end;
}

/*
 * Where `len` bytes stand in the string from `from` on; p->end if nowhere near. Only indentation, or
 * the head of a block scalar, comes before a line that stands as it is, so few tries are enough.
 */
static uint32_t find_bytes(const struct placing *p, uint32_t from, const char *s, uint32_t len)
{
	for (unsigned tries = 0; tries < TRIES_MAX && from + len <= p->end; tries++, from++) {
		const char *first = memchr(p->outer + from, s[0], p->end - from - len + 1);
		if (!first)
			break;
		from = (uint32_t)(first - p->outer);
		if (memcmp(first, s, len) == 0)
			return from;
	}
	return p->end;
}

/* Line by line as it is, but for indentation. */
static bool place_lines(const struct placing *p)
{
	uint32_t at = p->at, i = 0;

	while (i < p->text->len) {
		const char *line = p->text->s + i;
		const char *newline = memchr(line, '\n', p->text->len - i);
		uint32_t len = newline ? (uint32_t)(newline - line) : p->text->len - i;
		uint32_t blank = 0;
		while (blank < len && (line[blank] == ' ' || line[blank] == '\t'))
			blank++;
		if (blank < len) {
			uint32_t found = find_bytes(p, at, line + blank, len - blank);
			if (found == p->end || found < blank)
				return false;
			for (uint32_t k = 0; k < len; k++)
				p->place[i + k] = found - blank + k;
			at = found + len - blank;
		} else {
			for (uint32_t k = 0; k < len; k++)
				p->place[i + k] = at;
		}
		i += len;
		if (newline)
			p->place[i++] = at < p->end ? at : p->end - 1;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The bytes of an escape of YAML 1.2, 5.7; of JSON's pair of units both. */
static uint32_t yaml_escape_len(const struct placing *p, uint32_t at)
{
	switch (p->outer[at + 1]) {
	case 'u':
		return escape_len(p, at);
	case 'x':
		return 4;
	case 'U':
		return 10;
	default:
		return 2;
	}
}

/*
 * Blanks that became others: of one break a space, of several one break less; below ">" lines that are indented more
 * keep theirs, so that there is no telling how many.
 */
static uint32_t place_blanks(const struct placing *p, uint32_t *i, uint32_t at, uint32_t end)
{
	uint32_t from = at, first = *i, breaks = 0;

	for (; at < end && is_blank(p->outer[at]); at++)
		breaks += p->outer[at] == '\n';
	uint32_t most = p->outer[p->at] == '>' || !breaks ? at - from : breaks == 1 ? 1 : breaks - 1;
	for (; *i < p->text->len && *i - first < most && is_blank(p->text->s[*i]); ++*i)
		p->place[*i] = from + (*i - first);
	return at;
}

/* An escape, or two quotes for one; what is meant by it stands there as a whole. */
static uint32_t place_meant(const struct placing *p, uint32_t *i, uint32_t at, uint32_t end)
{
	bool quote = p->outer[at] == '\'';
	uint32_t len = quote ? 2 : yaml_escape_len(p, at);
	uint32_t meant = quote ? 1 : decoded_len((unsigned char)p->text->s[*i]);

	for (uint32_t k = 0; k < meant && *i < p->text->len; k++)
		p->place[(*i)++] = at;
	return at + len < end ? at + len : end;
}

/* YAML 1.2, 6.5 and 7.3: quoted, plain or below ">", lines are folded. */
static bool place_folded(const struct placing *p)
{
	char style = p->outer[p->at];
	bool quoted = style == '"' || style == '\'';
	uint32_t at = p->at + quoted, end = p->end - quoted, i = 0;

	while (style == '>' && at < end && p->outer[at] != '\n')
		at++;
	while (i < p->text->len && at < end) {
		char c = p->outer[at];
		bool escape = style == '"' && c == '\\' && at + 1 < end;
		if (escape && is_blank(p->outer[at + 1]) && p->outer[at + 1] != ' ' && p->outer[at + 1] != '\t')
			at += 2; /* a line goes on, without a blank */
		else if (escape || (style == '\'' && c == '\'' && at + 1 < end))
			at = place_meant(p, &i, at, end);
		else if (is_blank(c) && is_blank(p->text->s[i]))
			at = place_blanks(p, &i, at, end);
		else if (is_blank(c))
			at++; /* indented, or before an escaped break */
		else if (c != p->text->s[i])
			return false;
		else
			p->place[i++] = at++;
	}
	for (; i < p->text->len && is_blank(p->text->s[i]); i++)
		p->place[i] = p->end - 1;
	return i == p->text->len;
}

static const uint32_t *find_places(
	struct arena *arena, const struct json *outer, uint32_t node, const struct text *text)
{
	struct placing p = {.outer = outer->source->bytes,
		.at = outer->node[node].at,
		.end = outer->node[node].at + outer->node[node].len,
		.text = text,
		.place = arena_alloc(arena, (size_t)text->len + 1, sizeof(*p.place))};

	if (!place_escaped(&p) && !place_lines(&p) && !place_folded(&p)) {
		for (uint32_t i = 0; i < text->len; i++)
			p.place[i] = p.at;
	}
	p.place[text->len] = text->len ? p.place[text->len - 1] : p.at;
	return p.place;
}

/* --- the entry as JSON --- */

/* What was said about the entry, said about the outer source. */
static void repeat(
	struct diags *diags, const struct diags *said, const uint32_t *place, const char *name)
{
	for (const struct diag *d = said->first; d; d = d->next) {
		uint32_t at = d->at == NOWHERE ? NOWHERE : place[d->at];
		diag(diags, d->id, at, d->len, "in '%s': %s", name, d->text);
		for (const struct diag *note = d->note; note; note = note->note)
			diag_note(diags, note->at == NOWHERE ? NOWHERE : place[note->at], note->len,
				"%s", note->text);
	}
}

static struct json_decoded decode(const struct json *inner, struct arena *arena, uint32_t node)
{
	const struct json_node *n = &inner->node[node];

	if (n->type == JSON_STRING) {
		struct text text = json_text(inner, arena, node);
		return (struct json_decoded){text.s, text.len};
	}
	return (struct json_decoded){inner->source->bytes + n->at, n->len};
}

static void move_nodes(struct json *json, struct arena *arena, const struct json *inner,
	const struct json *outer, const uint32_t *place)
{
	struct json_node *node = arena_alloc(arena, inner->nodes, sizeof(*node));
	struct json_decoded *decoded = arena_alloc(arena, inner->nodes, sizeof(*decoded));

	for (uint32_t i = 0; i < inner->nodes; i++) {
		node[i] = inner->node[i];
		uint32_t last = place[node[i].at + node[i].len - 1];
		decoded[i] = decode(inner, arena, i);
		node[i].at = place[inner->node[i].at];
		node[i].len = last >= node[i].at ? last - node[i].at + 1 : 1;
	}
	*json = (struct json){outer->source, node, inner->nodes, decoded};
}

bool configmap_read(struct json *json, struct arena *arena, const struct json *outer, const char *name,
	const char **found, struct diags *diags)
{
	struct source *source = arena_alloc(arena, 1, sizeof(*source));
	struct diags said;
	struct json inner;
	uint32_t key = find_entry(outer, arena, name, diags);

	if (key == JSON_NONE)
		return false;
	uint32_t value = json_value(outer, key);
	*found = json_text(outer, arena, key).s;
	if (outer->node[value].type != JSON_STRING)
		return diag(diags, DIAG_TYPE, outer->node[value].at, outer->node[value].len,
			"an entry of a ConfigMap is a string, this is %s",
			json_type_name(outer->node[value].type));
	struct text text = json_text(outer, arena, value);
	*source = (struct source){*found, text.s, text.len, diags->source && diags->source->hidden};
	diags_init(&said, arena, source);
	const uint32_t *place = find_places(arena, outer, value, &text);
	if (!json_read(&inner, arena, source, &said)) {
		repeat(diags, &said, place, *found);
		return false;
	}
	move_nodes(json, arena, &inner, outer, place);
	return true;
}
