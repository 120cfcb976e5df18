#include "baseline.h"

#include "../../compiler/base/utf8.h"

#include <string.h>

static size_t digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

/* Over "./" and further slashes, which say nothing, where a name of a path begins. */
static size_t name_start(const char *path, size_t len, size_t at)
{
	for (;;) {
		if (at + 1 < len && path[at] == '.' && path[at + 1] == '/')
			at += 2;
		else if (at > 0 && at < len && path[at] == '/')
			at++;
		else
			return at;
	}
}

/* Behind the path, if the line starts with it, "./a//b" being "a/b"; 0: it does not. */
static size_t behind_path(const char *line, size_t len, const char *path, size_t path_len)
{
	size_t at = name_start(line, len, 0), i = name_start(path, path_len, 0);

	while (i < path_len && at < len && line[at] == path[i]) {
		bool ends = path[i++] == '/';
		at++;
		if (ends) {
			i = name_start(path, path_len, i);
			at = name_start(line, len, at);
		}
	}
	return i == path_len ? at : 0;
}

/* Behind "PATH:LINE:COLUMN: ", "PATH: " if it starts with the path; 0: it does not. */
static size_t behind_place(const char *line, size_t len, const char *path, size_t path_len)
{
	size_t at = behind_path(line, len, path, path_len);

	if (!at)
		return 0;
	for (unsigned i = 0; i < 2; i++) {
		size_t n = at < len && line[at] == ':' ? digits(line + at + 1, len - at - 1) : 0;
		at += n ? n + 1 : 0;
	}
	return len >= at + 2 && memcmp(line + at, ": ", 2) == 0 ? at + 2 : 0;
}

/* Behind the severity. */
static size_t behind_severity(const char *line, size_t len, size_t at)
{
	static const char *const words[] = {"error: ", "warning: ", "note: "};

	for (size_t i = 0; i < countof(words); i++) {
		size_t word = strlen(words[i]);
		if (len - at >= word && memcmp(line + at, words[i], word) == 0)
			return at + word;
	}
	return 0;
}

/* "[W001 unknown-syscall]" somewhere behind a severity. */
static bool is_finding(const char *line, size_t len)
{
	for (size_t at = 0; at + 2 < len; at++) {
		size_t words = line[at] == ':' && line[at + 1] == ' ' ? behind_severity(line, len, at + 2) : 0;
		for (size_t i = words; words && i + 6 < len; i++) {
			if (line[i] == '[' && line[i + 1] >= 'A' && line[i + 1] <= 'Z' &&
				digits(line + i + 2, len - i - 2) == 3 && line[i + 5] == ' ')
				return true;
		}
	}
	return false;
}

static bool has_finding(const struct source *text)
{
	for (size_t at = 0, len; at < text->len; at += len + 1) {
		const char *start = text->bytes + at, *end = memchr(start, '\n', text->len - at);
		len = end ? (size_t)(end - start) : text->len - at;
		if (is_finding(start, len))
			return true;
	}
	return false;
}

const char *baseline_doubt(const struct source *text, size_t *at)
{
	const char *nul = text->len ? memchr(text->bytes, '\0', text->len) : NULL;

	*at = 0;
	while (*at < text->len && strchr(" \t\r\n", text->bytes[*at]))
		++*at;
	if (nul) {
		*at = (size_t)(nul - text->bytes);
		return "it is no text: it has a byte 0x00";
	}
	if (*at == text->len || has_finding(text))
		return NULL;
	return strchr("{[", text->bytes[*at]) ? "it is JSON, and what lint prints as text is wanted"
					      : "no line of it is a finding as lint prints it";
}

struct known {
	const char *path, *words; /* as they are printed */
	const char *place;        /* where in the file: ":2:14: " */
	size_t path_len, words_len;
};

static bool is_line(const struct known *k, const char *line, size_t len, bool in_place)
{
	size_t at = behind_place(line, len, k->path, k->path_len), place = strlen(k->place);
	size_t path = in_place && at ? behind_path(line, len, k->path, k->path_len) : 0;

	if (in_place && (!at || at - path != place || memcmp(line + path, k->place, place) != 0))
		return false;
	at = at ? behind_severity(line, len, at) : 0;
	return at && len - at >= k->words_len && memcmp(line + at, k->words, k->words_len) == 0;
}

/* A line of it that no other finding was. */
static bool take(struct baseline *b, const struct known *k, bool in_place)
{
	const struct source *text = &b->text;
	size_t number = 0;

	for (size_t at = 0, len; at < text->len; at += len + 1, number++) {
		const char *line = text->bytes + at;
		const char *end = memchr(line, '\n', text->len - at);
		len = end ? (size_t)(end - line) : text->len - at;
		if (b->taken[number] || !is_line(k, line, len, in_place))
			continue;
		b->taken[number] = true;
		return true;
	}
	return false;
}

/* As the diagnostic is printed, without severity. */
static struct known known_of(struct arena *arena, const struct source *source, const struct diag *d)
{
	struct buf name, words;
	uint32_t line, column;

	buf_init(&name, arena);
	utf8_print(&name, source->name, strlen(source->name));
	buf_init(&words, arena);
	utf8_print(&words, d->text, strlen(d->text));
	buf_printf(&words, " [%s ", diag_kinds[d->id].code);
	const char *path = buf_string(&name), *place = ": ";
	if (d->at != NOWHERE) {
		source_place(source, d->at, &line, &column);
		place = buf_print(arena, ":%u:%u: ", line, column);
	}
	return (struct known){path, words.bytes, place, strlen(path), words.len};
}

void baseline_begin(struct baseline *b, struct arena *arena)
{
	size_t lines = 1;

	for (size_t i = 0; i < b->text.len; i++)
		lines += b->text.bytes[i] == '\n';
	b->taken = arena_alloc(arena, lines, sizeof(*b->taken));
}

size_t baseline_drop(struct baseline *b, struct arena *arena, struct findings *f)
{
	struct diags old = f->diags;
	size_t n = 0, kept = 0, dropped = 0;

	for (const struct diag *d = old.first; d; d = d->next)
		n++;
	uint32_t *readers = arena_alloc(arena, n, sizeof(*readers));
	uint32_t *nodes = arena_alloc(arena, n, sizeof(*nodes));
	bool *known = arena_alloc(arena, n, sizeof(*known));
	for (unsigned anywhere = 0; anywhere < 2; anywhere++) {
		n = 0;
		for (const struct diag *d = old.first; d; d = d->next, n++) {
			const struct known k = known_of(arena, old.source, d);
			known[n] = known[n] || take(b, &k, !anywhere);
		}
	}
	diags_init(&f->diags, old.arena, old.source);
	n = 0;
	for (struct diag *d = old.first, *next; d; d = next, n++) {
		next = d->next;
		if (known[n]) {
			dropped++;
			continue;
		}
		d->next = NULL;
		f->diags.count[d->severity]++;
		f->diags.last = *f->diags.tail = d;
		f->diags.tail = &d->next;
		readers[kept] = f->readers[n];
		nodes[kept++] = f->nodes[n];
	}
	f->diags.unshown = old.unshown;
	f->readers = readers;
	f->nodes = nodes;
	return dropped;
}
