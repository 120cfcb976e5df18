/*
 * libyaml's events become nodes; it alone knows YAML's grammar, this file alone knows libyaml. An
 * event carries marks that count characters; `places` turns them into bytes, walking the text once.
 *
 * Refused: anchors and aliases, tags, merge keys, directives, a second document, keys that are no
 * scalars, and plain scalars that YAML 1.1 (which Kubernetes reads) and 1.2 take for different
 * things. Other plain scalars are resolved by the core schema of YAML 1.2, 10.3.2.
 *
 * libyaml allocates for itself. Running out of the arena must pass by its destructor, so the jump
 * is caught here and made again.
 */

#include "yaml.h"

#include "recognise.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct places {
	const struct source *source;
	size_t index; /* characters before `at` */
	size_t at;
};

struct open {
	uint32_t node;
	uint32_t last; /* element or key; JSON_NONE: none yet */
	bool value;    /* a key waits for its value */
};

struct builder {
	struct arena *arena;
	struct diags *diags;
	struct places places;
	yaml_parser_t parser;
	yaml_event_t event;
	struct json_node *node;
	struct json_decoded *decoded;
	uint32_t nodes, room;
	struct open open[JSON_DEPTH_MAX];
	uint32_t depth;
	uint32_t documents;
};

/* --- places --- */

/* The byte a mark stands at. libyaml counts UTF-8 characters. */
static uint32_t byte_of(struct places *p, size_t index)
{
	const struct source *s = p->source;

	if (index < p->index)
		p->index = p->at = 0;
	for (; p->index < index && p->at < s->len; p->index++) {
		do
			p->at++;
		while (p->at < s->len && ((unsigned char)s->bytes[p->at] & 0xc0) == 0x80);
	}
	return (uint32_t)p->at;
}

static bool refuse(struct builder *b, const yaml_event_t *event, const char *what)
{
	uint32_t at = byte_of(&b->places, event->start_mark.index);

	return diag(b->diags, DIAG_YAML_FEATURE, at,
		byte_of(&b->places, event->end_mark.index) - at, "%s", what);
}

/* --- nodes --- */

static void link_node(struct builder *b, uint32_t node)
{
	if (!b->depth)
		return;
	struct open *open = &b->open[b->depth - 1];
	if (open->value) {
		b->node[open->last].child = node;
		b->node[open->last].count = 1;
		open->value = false;
		return;
	}
	if (open->last == JSON_NONE)
		b->node[open->node].child = node;
	else
		b->node[open->last].next = node;
	b->node[open->node].count++;
	open->last = node;
	open->value = b->node[open->node].type == JSON_OBJECT;
}

static uint32_t add_node(struct builder *b, const yaml_event_t *event, enum json_type type)
{
	if (b->nodes == b->room) {
		uint32_t room = b->room ? b->room * 2 : 256;
		b->node = arena_grow(b->arena, b->node, b->room, room, sizeof(*b->node));
		b->decoded = arena_grow(b->arena, b->decoded, b->room, room, sizeof(*b->decoded));
		b->room = room;
	}
	uint32_t at = byte_of(&b->places, event->start_mark.index);
	uint32_t end = byte_of(&b->places, event->end_mark.index);
	b->node[b->nodes] = (struct json_node){
		.type = type, .at = at, .len = end - at, .child = JSON_NONE, .next = JSON_NONE};
	link_node(b, b->nodes);
	return b->nodes++;
}

static bool wants_key(const struct builder *b)
{
	if (!b->depth)
		return false;
	const struct open *open = &b->open[b->depth - 1];
	return !open->value && b->node[open->node].type == JSON_OBJECT;
}

static bool open_node(struct builder *b, const yaml_event_t *event, enum json_type type)
{
	if (wants_key(b))
		return refuse(b, event, "a key has to be a string");
	if (b->depth == JSON_DEPTH_MAX)
		return diag(b->diags, DIAG_DEPTH, byte_of(&b->places, event->start_mark.index), 1,
			"mappings and sequences are nested more than %d deep", JSON_DEPTH_MAX);
	uint32_t node = add_node(b, event, type);
	b->open[b->depth++] = (struct open){.node = node, .last = JSON_NONE};
	return true;
}

static bool close_node(struct builder *b, const yaml_event_t *event)
{
	struct json_node *node = &b->node[b->open[--b->depth].node];
	uint32_t end = byte_of(&b->places, event->end_mark.index);

	node->len = end > node->at ? end - node->at : 1;
	return true;
}

/* --- scalars --- */

struct word {
	const char *s;
	size_t len;
};

static bool is_one_of(struct word w, const char *list)
{
	for (const char *s = list; *s; s += strcspn(s, " "), s += strspn(s, " ")) {
		if (strcspn(s, " ") == w.len && memcmp(s, w.s, w.len) == 0)
			return true;
	}
	return false;
}

static bool all_of(struct word w, const char *letters)
{
	for (size_t i = 0; i < w.len; i++) {
		if (!w.s[i] || !strchr(letters, w.s[i]))
			return false;
	}
	return w.len != 0;
}

static struct word behind(struct word w, size_t n)
{
	return n < w.len ? (struct word){w.s + n, w.len - n} : (struct word){w.s, 0};
}

#define DIGITS "0123456789"

static bool is_decimal(struct word w)
{
	size_t sign = w.len && (w.s[0] == '+' || w.s[0] == '-');

	return all_of(behind(w, sign), DIGITS);
}

static bool is_based(struct word w, char base, const char *digits)
{
	return w.len > 2 && w.s[0] == '0' && w.s[1] == base && all_of(behind(w, 2), digits);
}

/* [-+]? ( . [0-9]+ | [0-9]+ ( . [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? | [-+]? .inf | .nan */
static bool is_float(struct word w)
{
	w = behind(w, w.len && (w.s[0] == '+' || w.s[0] == '-'));
	if (is_one_of(w, ".inf .Inf .INF .nan .NaN .NAN"))
		return true;
	size_t whole = 0, part = 0;
	while (whole < w.len && strchr(DIGITS, w.s[whole]))
		whole++;
	w = behind(w, whole);
	if (w.len && w.s[0] == '.') {
		w = behind(w, 1);
		while (part < w.len && strchr(DIGITS, w.s[part]))
			part++;
		w = behind(w, part);
	}
	if (!whole && !part)
		return false;
	return !w.len || ((w.s[0] == 'e' || w.s[0] == 'E') && is_decimal(behind(w, 1)));
}

/* What the versions of YAML do not agree on; NULL: nothing. */
static const char *ambiguous(struct word w)
{
	struct word digits = behind(w, w.len && (w.s[0] == '+' || w.s[0] == '-'));

	if (is_one_of(w, "y Y yes Yes YES n N no No NO on On ON off Off OFF"))
		return "unquoted, this is true or false in YAML 1.1 and a string in 1.2: quote it";
	if (digits.len > 1 && digits.s[0] == '0' && all_of(digits, DIGITS))
		return "a number with a leading zero is octal in YAML 1.1 and decimal in 1.2";
	return NULL;
}

/* A number in another base as JSON writes it. */
static struct json_decoded decimal(struct arena *arena, struct word w)
{
	uint64_t base = w.s[1] == 'x' ? 16 : 8, value = 0;
	char text[32];

	for (size_t i = 2; i < w.len; i++) {
		uint64_t digit =
			(uint64_t)(w.s[i] <= '9' ? w.s[i] - '0' : (w.s[i] | 0x20) - 'a' + 10);
		if (value > (UINT64_MAX - digit) / base)
			return (struct json_decoded){"99999999999999999999", 20};
		value = value * base + digit;
	}
	int len = snprintf(text, sizeof(text), "%" PRIu64, value);
	return (struct json_decoded){arena_text(arena, text, (size_t)len), (uint32_t)len};
}

static enum json_type plain_type(struct word w)
{
	if (!w.len || is_one_of(w, "~ null Null NULL"))
		return JSON_NULL;
	if (is_one_of(w, "true True TRUE"))
		return JSON_TRUE;
	if (is_one_of(w, "false False FALSE"))
		return JSON_FALSE;
	if (is_decimal(w) || is_float(w) || is_based(w, 'x', "0123456789abcdefABCDEF") ||
		is_based(w, 'o', "01234567"))
		return JSON_NUMBER;
	return JSON_STRING;
}

static bool take_scalar(struct builder *b, const yaml_event_t *event)
{
	struct word w = {(const char *)event->data.scalar.value, event->data.scalar.length};
	bool key = wants_key(b), plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	const char *why = plain && !key ? ambiguous(w) : NULL;
	enum json_type type = plain && !key ? plain_type(w) : JSON_STRING;

	if (key && plain && is_one_of(w, "<<"))
		return refuse(b, event, "merge keys are not taken: write the keys out");
	if (why)
		return refuse(b, event, why);
	uint32_t node = add_node(b, event, type);
	if (type == JSON_NUMBER && w.len > 1 && (w.s[1] == 'x' || w.s[1] == 'o')) {
		b->decoded[node] = decimal(b->arena, w);
		return true;
	}
	if (type == JSON_NUMBER && w.s[0] == '+')
		w = behind(w, 1);
	b->decoded[node] = (struct json_decoded){arena_text(b->arena, w.s, w.len), (uint32_t)w.len};
	return true;
}

/* --- events --- */

static bool plain_node(struct builder *b, const yaml_event_t *event, const yaml_char_t *anchor,
	const yaml_char_t *tag)
{
	if (anchor)
		return refuse(
			b, event, "anchors are not taken: write the value out where it is used");
	return !tag ||
		refuse(b, event, "tags are not taken: quote a string, leave the rest as it is");
}

static bool start_document(struct builder *b, const yaml_event_t *event)
{
	if (event->data.document_start.version_directive ||
		event->data.document_start.tag_directives.start !=
			event->data.document_start.tag_directives.end)
		return refuse(b, event, "directives are not taken");
	if (b->documents++)
		return refuse(b, event, "a second document starts here; one is taken");
	return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_DOCUMENT_START_EVENT:
		return start_document(b, event);
	case YAML_ALIAS_EVENT:
		return refuse(b, event, "aliases are not taken: write the value out");
	case YAML_SCALAR_EVENT:
		return plain_node(b, event, event->data.scalar.anchor, event->data.scalar.tag) &&
			take_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return plain_node(b, event, event->data.sequence_start.anchor,
			       event->data.sequence_start.tag) &&
			open_node(b, event, JSON_ARRAY);
	case YAML_MAPPING_START_EVENT:
		return plain_node(b, event, event->data.mapping_start.anchor,
			       event->data.mapping_start.tag) &&
			open_node(b, event, JSON_OBJECT);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_node(b, event);
	}
	unreachable();
}

/* libyaml's reason, and where the thing it was reading began. Out of memory is out of memory. */
static bool report_problem(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	bool encoding = p->error == YAML_READER_ERROR;

	if (p->error == YAML_MEMORY_ERROR || !p->problem)
		longjmp(b->arena->out, 1);
	uint32_t at =
		encoding ? (uint32_t)p->problem_offset : byte_of(&b->places, p->problem_mark.index);

	if (at > b->places.source->len)
		at = (uint32_t)b->places.source->len;
	diag(b->diags, encoding ? DIAG_NOT_UTF8 : DIAG_YAML_SYNTAX, at, 1, "%s", p->problem);
	if (!encoding && p->context)
		diag_note(
			b->diags, byte_of(&b->places, p->context_mark.index), 1, "%s", p->context);
	return false;
}

static bool read_events(struct builder *b)
{
	bool ok = true, end = false;

	while (ok && !end) {
		if (!yaml_parser_parse(&b->parser, &b->event))
			return report_problem(b);
		end = b->event.type == YAML_STREAM_END_EVENT;
		ok = take_event(b, &b->event);
		yaml_event_delete(&b->event);
	}
	if (ok && !b->nodes)
		return diag(b->diags, DIAG_EMPTY, 0, 1, "the text holds no document");
	return ok;
}

/* The parser is freed whichever way read_events() ends. */
static bool read_guarded(struct builder *b)
{
	jmp_buf out;

	memcpy(&out, &b->arena->out, sizeof(out));
	if (setjmp(b->arena->out)) {
		yaml_event_delete(&b->event);
		yaml_parser_delete(&b->parser);
		memcpy(&b->arena->out, &out, sizeof(out));
		longjmp(b->arena->out, 1);
	}
	bool ok = read_events(b);
	memcpy(&b->arena->out, &out, sizeof(out));
	yaml_parser_delete(&b->parser);
	return ok;
}

bool yaml_read(
	struct json *json, struct arena *arena, const struct source *source, struct diags *diags)
{
	struct builder *b = arena_alloc(arena, 1, sizeof(*b));

	if (source->len > SOURCE_MAX)
		return diag(diags, DIAG_TOO_BIG, NOWHERE, 1, "the text is larger than %u bytes",
			SOURCE_MAX);
	if (source->len >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0) /* as of JSON */
		return diag(diags, DIAG_BOM, 0, 3, "the text starts with a byte order mark");
	b->arena = arena;
	b->diags = diags;
	b->places.source = source;
	if (!yaml_parser_initialize(&b->parser))
		longjmp(arena->out, 1);
	yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b->parser, (const unsigned char *)source->bytes, source->len);
	if (!read_guarded(b))
		return false;
	*json = (struct json){
		.source = source, .node = b->node, .nodes = b->nodes, .decoded = b->decoded};
	return json_keys_plain(json, arena, diags);
}
