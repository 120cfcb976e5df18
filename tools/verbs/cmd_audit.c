/*
 * winnow audit: what somebody tries first who is under the filter. Each row is a way: assertions that hold
 * where it is closed, or a look at the filter's whole meaning; each answer is proved, has a call that passes,
 * or is that it was not decided.
 */

#include "looks.h"

#include "../cli/assertion_told.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/side.h"

#include "../../compiler/base/buf_json.h"
#include "../../compiler/base/utf8.h"

#include <string.h>

static const struct taken takes[] = {
	TAKES_SIDE, TAKE(FOLLOW), {OPT_FORMAT, "FORMAT", "text (default), json"},
};

static const struct row {
	const char *id, *lines; /* lines NULL: `look` */
	look *look;
	const char *why;
} rows[] = {
#define CALLS(id, lines, why) {#id, lines, NULL, why},
#define LOOK(id, look, why)   {#id, NULL, look, why},
#include "audit.tbl"
#undef CALLS
#undef LOOK
};

struct outcome {
	enum finding finding;
	struct buf why; /* lines */
};

static const char *const words[] = {[HOLDS] = "closed", [UNDECIDABLE] = "not decided", [FAILS] = "open"};

struct audit {
	struct sides *s;
	struct asserting asserting;
	const struct abi *native;
	bool fits;
	struct outcome outcome[countof(rows)];
	size_t count[FAILS + 1];
};

/* --- the filter's machine --- */

/* --arch, the blob's word, the profile's node, or this machine if the byte order is its own. */
static int find_native(struct audit *a)
{
	const struct side *side = &a->s->side[0];
	const char *said = side->described ? trailer_value(&a->s->arena, &side->trailer, "arch") : NULL;

	a->native = a->s->abi;
	if (!a->native && side->policy)
		a->native = side->policy->abi[0];
	if (!a->native && said)
		a->native = arch_find(said, strcspn(said, " ,"));
	if (!a->native && arch_native() && arch_native()->order == side->order)
		a->native = arch_native();
	if (a->native)
		return EXIT_DONE;
	return usage(a->s->parsed->verb, "--arch is needed: '%s' does not say for which machine it is", side->name);
}

/* --- rows --- */

/* The worst of its lines; each that does not hold is told. */
static void judge_lines(struct audit *a, const struct row *row, struct outcome *o)
{
	struct source source = {row->id, row->lines, strlen(row->lines), false};
	struct asserting *j = &a->asserting;
	struct assertion *assertion;
	size_t count;

	j->source = &source;
	if (!assertion_read(&a->s->arena, &source, &assertion_told, &assertion, &count)) {
		a->fits = false;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!asserting_fits(j, &assertion[i])) {
			a->fits = false;
			continue;
		}
		enum finding finding = asserting_judge(j, &assertion[i]);
		if (finding == HOLDS)
			continue;
		o->finding = finding > o->finding ? finding : o->finding;
		buf_add(&o->why, j->why.bytes, j->why.len);
		buf_text(&o->why, "\n");
	}
}

static void judge_all(struct audit *a)
{
	a->fits = true;
	for (size_t i = 0; i < countof(rows); i++) {
		struct outcome *o = &a->outcome[i];
		*o = (struct outcome){.finding = HOLDS};
		buf_init(&o->why, &a->s->arena);
		if (rows[i].lines)
			judge_lines(a, &rows[i], o);
		else
			o->finding = rows[i].look(&a->asserting, a->native, &o->why);
		a->count[o->finding]++;
	}
}

/* --- what is said --- */

/* Line by line, indented. */
static void print_lines(struct buf *b, const struct buf *lines)
{
	const char *s = lines->bytes, *end = lines->len ? s + lines->len : s;

	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);
		size_t blank = strspn(s, " ");
		buf_printf(b, "    %s%.*s\n", blank ? "  " : "", (int)(len - blank), s + blank);
		s += len + 1;
	}
}

static void print_text(struct buf *b, const struct audit *a)
{
	for (size_t i = 0; i < countof(rows); i++) {
		const struct outcome *o = &a->outcome[i];
		buf_printf(b, "%-12s %s", words[o->finding], rows[i].id);
		buf_printf(b, o->finding == HOLDS ? "\n" : ": %s\n", rows[i].why);
		print_lines(b, &o->why);
	}
	buf_printf(b, "%zu open, %zu not decided, %zu closed for every call\n", a->count[FAILS],
		a->count[UNDECIDABLE], a->count[HOLDS]);
}

static void json_line(struct buf *b, const char *key, const char *text, const char *after)
{
	buf_printf(b, "\"%s\": ", key);
	buf_json(b, text, strlen(text));
	buf_text(b, after);
}

static void print_json(struct buf *b, const struct audit *a)
{
	buf_text(b, "{\"version\": 1, ");
	json_line(b, "file", a->s->side[0].name, ", ");
	json_line(b, "node", a->native->name, ",\n \"ways\": [");
	for (size_t i = 0; i < countof(rows); i++) {
		const struct outcome *o = &a->outcome[i];
		const char *s = o->why.len ? o->why.bytes : "", *end = s + o->why.len;
		buf_text(b, i ? ",\n  {" : "\n  {");
		json_line(b, "id", rows[i].id, ", ");
		json_line(b, "answer", words[o->finding], ", ");
		json_line(b, "why", rows[i].why, ", \"shown\": [");
		for (bool first = true; s < end; first = false) {
			const char *stop = memchr(s, '\n', (size_t)(end - s));
			size_t len = (size_t)((stop ? stop : end) - s);
			buf_text(b, first ? "" : ", ");
			buf_json(b, s, len);
			s += len + 1;
		}
		buf_text(b, "]}");
	}
	buf_printf(b, "],\n \"open\": %zu, \"not_decided\": %zu, \"closed\": %zu}\n", a->count[FAILS],
		a->count[UNDECIDABLE], a->count[HOLDS]);
}

static int audit(struct sides *s)
{
	struct audit *a = arena_alloc(&s->arena, 1, sizeof(*a));
	const char *format = s->parsed->value[OPT_FORMAT] ? s->parsed->value[OPT_FORMAT] : "text";
	bool json = strcmp(format, "json") == 0;
	struct buf out;

	if (!json && strcmp(format, "text") != 0)
		return usage(s->parsed->verb, "unknown format '%s'; one of text, json", format);
	int status = sides_read(s, 0, 1);
	a->s = s;
	asserting_start(&a->asserting, &s->bdd, &s->side[0], NULL, &assertion_told);
	status = status ? status : find_native(a);
	if (status)
		return status;
	judge_all(a);
	if (s->bdd.full) {
		message("not decided: the questions need more room or time than they are given");
		return EXIT_HOST;
	}
	if (a->asserting.mistaken || !a->fits) {
		message_mistake(
			a->fits ? "prover and simulator disagree on a call" : "a line of its own means nothing here");
		return EXIT_MISTAKE;
	}
	buf_init(&out, &s->arena);
	if (json)
		print_json(&out, a);
	else
		print_text(&out, a);
	if (!files_print(&out))
		return EXIT_HOST;
	return a->count[FAILS] ? EXIT_FINDING : a->count[UNDECIDABLE] ? EXIT_HOST : EXIT_DONE;
}

static int run(const struct parsed *p)
{
	return sides_run(p, audit);
}

const struct verb verb_audit = {
	.name = "audit",
	.operands = "PROFILE|BLOB|pid:PID",
	.summary = "try what somebody under the filter would try first",
	.about = "Other ABIs' numbers, calls that kernels get later, arguments of which a half is not looked at, and\n"
		 "the calls that break-outs are made of, one way a row: closed, which is proved for every call; open,\n"
		 "with a call that passes; or not decided (arguments in memory, io_uring, kernels that differ). It is\n"
		 "the filter that is asked: what passes may still take a capability. Exits 0 if all are closed, 1 if\n"
		 "one is open, 5 if none is and one was not decided. assert holds a filter against lines of one's own.\n",
	.examples = "winnow audit -a x86_64 docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
