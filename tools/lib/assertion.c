/*
 * In: text. Out: assertions, with names looked up as far as they do not depend on an ABI. Reading
 * goes on at the next line after a mistake, so that all of them are told at once.
 *
 * What a line means on an ABI is found by assertion_on.c.
 */

#include "assertion.h"

#include "number.h"

#include "../../compiler/base/base.h"
#include "../../compiler/meaning/misnomer.h"
#include "../../compiler/base/suggest.h"

#include <stdio.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const struct source *source;
	const struct assertion_ear *ear;
	char *text; /* the line, NUL-ended, without comment */
	const char *at;
	size_t start; /* of the line, in the source */
	bool failed;
};

void assertion_error(
	const struct source *source, const struct assertion_ear *ear, size_t at, const char *fmt, ...)
{
	char text[1024];
	uint32_t line, column;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	source_place(source, (uint32_t)at, &line, &column);
	ear->tell(ear->context, source, line, column, text);
}

/* Always false. */
static bool complain(struct reader *r, const char *at, const char *what, size_t len,
	const char *word, const char *near)
{
	const char *unshown = ""; /* nor what is like it */

	if (r->source->hidden && word) {
		word = near = NULL;
		unshown = " (the word is not shown: it is in no plain file, or a link leads there; "
			  "--follow shows it)";
	}
	assertion_error(r->source, r->ear, r->start + (size_t)(at - r->text), "%s%s%.*s%s%s%s%s%s", what,
		word ? " '" : "", (int)len, word ? word : "", word ? "'" : "",
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", unshown);
	r->failed = true;
	return false;
}

/* --- words --- */

static void skip(struct reader *r)
{
	r->at += strspn(r->at, " \t\r");
}

static bool take(struct reader *r, const char *token)
{
	size_t len = strlen(token);

	skip(r);
	if (strncmp(r->at, token, len) != 0)
		return false;
	r->at += len;
	return true;
}

/* Letters, digits and what else names hold. */
static size_t word(struct reader *r, const char **start)
{
	static const char part[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";

	skip(r);
	*start = r->at;
	size_t len = strspn(r->at, part);
	r->at += len;
	return len;
}

static bool is(const char *text, size_t len, const char *known)
{
	return strlen(known) == len && memcmp(text, known, len) == 0;
}

static bool expected(struct reader *r, const char *what)
{
	skip(r);
	size_t len = strcspn(r->at, " \t\r,()|");

	if (!*r->at)
		return complain(r, r->at, buf_print(r->arena, "%s the line's end", what), 0, NULL, NULL);
	return complain(r, r->at, what, len ? len : 1, r->at, NULL);
}

static bool read_value(struct reader *r, struct value *v, bool errnos)
{
	struct term_fault f;

	if (terms_read(&r->at, errnos, v, &f))
		return true;
	if (!f.len)
		return expected(r, "expected a value before");
	if (r->source->hidden)
		return complain(r, f.at, f.what, f.len, f.at, NULL);
	assertion_error(r->source, r->ear, r->start + (size_t)(f.at - r->text), "'%.*s' is %s%s%s%s",
		(int)f.len, f.at, f.what, f.near ? "; did you mean '" : "", f.near ? f.near : "",
		f.near ? "'?" : "");
	r->failed = true;
	return false;
}

/* --- parts of a line --- */

static const struct {
	const char *word;
	enum claim claim;
	enum action action;
	bool takes_data;
} verdicts[] = {
	{"allow", CLAIM_ALLOW, ACTION_ALLOW, false},
	{"deny", CLAIM_DENY, ACTION_ERRNO, false},
	{"errno", CLAIM_ACTION, ACTION_ERRNO, true},
	{"kill", CLAIM_KILL, ACTION_KILL_THREAD, false},
	{"kill_process", CLAIM_ACTION, ACTION_KILL_PROCESS, false},
	{"kill_thread", CLAIM_ACTION, ACTION_KILL_THREAD, false},
	{"log", CLAIM_ACTION, ACTION_LOG, false},
	{"notify", CLAIM_ACTION, ACTION_NOTIFY, false},
	{"trace", CLAIM_ACTION, ACTION_TRACE, true},
	{"trap", CLAIM_ACTION, ACTION_TRAP, false},
};

static bool read_verdict(struct reader *r, struct assertion *a)
{
	const char *start;
	size_t len = word(r, &start), i = 0;
	struct suggestion near = suggest_start(start, len);

	while (i < countof(verdicts) && !is(start, len, verdicts[i].word))
		suggest_offer(&near, verdicts[i++].word);
	if (i == countof(verdicts) && len)
		return complain(r, start, "unknown verdict", len, start, near.best);
	if (!len)
		return expected(r, "expected a verdict before");
	a->claim = verdicts[i].claim;
	a->action = verdicts[i].action;
	a->has_data = verdicts[i].takes_data && take(r, "(");
	if (!a->has_data)
		return true;
	return read_value(r, &a->data, a->action == ACTION_ERRNO) &&
		(take(r, ")") || expected(r, "expected ')' before"));
}

/* "a0=26": argument 0 as an audit record has it. False: it is none; *mistaken: told as a mistake. */
static bool read_recorded(struct reader *r, struct value *v, size_t place, bool *mistaken)
{
	skip(r);
	const char *digits = r->at + 3;
	size_t len = r->at[0] == 'a' && strspn(r->at + 1, "012345") == 1 && r->at[2] == '=' && r->at[3] != '='
			 ? strspn(digits, "0123456789abcdefABCDEFx")
			 : 0;

	if (!len)
		return false;
	const char *wrong = (size_t)(r->at[1] - '0') == place ? NULL : "the record's argument stands elsewhere";
	*v = (struct value){.text = r->at, .len = len + 3, .terms = 1};
	v->term[0] = (struct term){.text = r->at, .len = len + 3, .kind = TERM_NUMBER};
	if (!wrong)
		wrong = number_read_hex(digits, len, &v->term[0].number);
	*mistaken = wrong != NULL;
	if (wrong)
		return complain(r, r->at, wrong, len + 3, r->at, NULL);
	r->at = digits + len;
	return true;
}

static bool read_arg(struct reader *r, struct assertion_arg *arg, size_t place)
{
	static const struct {
		const char *token;
		enum cond_op op;
	} ops[] = {{"==", COND_EQ}, {"!=", COND_NE}, {"<=", COND_LE}, {">=", COND_GE},
		{"<", COND_LT}, {">", COND_GT}};

	bool mistaken = false;

	skip(r);
	arg->at = r->at;
	arg->op = COND_EQ;
	arg->any = take(r, "*");
	if (arg->any || read_recorded(r, &arg->value, place, &mistaken))
		return true;
	if (mistaken)
		return false;
	arg->masked = take(r, "&");
	if (arg->masked) {
		if (!read_value(r, &arg->mask, false))
			return false;
		arg->value = arg->mask; /* all of its bits are set */
		if (!take(r, "=="))
			return true;
		arg->value = (struct value){.terms = 0};
		return read_value(r, &arg->value, false);
	}
	for (size_t i = 0; i < countof(ops); i++) {
		if (take(r, ops[i].token)) {
			arg->op = ops[i].op;
			break;
		}
	}
	return read_value(r, &arg->value, false);
}

static bool read_args(struct reader *r, struct assertion *a)
{
	if (!take(r, "(") || take(r, ")"))
		return true;
	do {
		if (a->args == CALL_ARGS)
			return expected(r, "a syscall has six arguments: expected ')' before");
		if (!read_arg(r, &a->arg[a->args], a->args))
			return false;
		a->args++;
	} while (take(r, ","));
	return take(r, ")") || expected(r, "expected ',' or ')' before");
}

static bool read_call(struct reader *r, struct assertion *a)
{
	const char *start;
	size_t len = word(r, &start);

	if (!len)
		return expected(r, "expected a syscall before");
	if (!arch_syscall_find(start, len, &a->syscall)) {
		const char *meant = misnomer_meant(NULL, start, len);
		return complain(r, start, "unknown syscall", len, start, meant);
	}
	return read_args(r, a);
}

static bool read_where(struct reader *r, struct assertion *a)
{
	const char *start;
	size_t len;

	a->abi = arena_alloc(r->arena, arch_abi_count, sizeof(*a->abi));
	do {
		len = word(r, &start);
		if (!len)
			return expected(r, "expected 'all' or an ABI before");
		if (is(start, len, "all") && !a->abis) {
			a->everywhere = true;
			return true;
		}
		const struct abi *abi = arch_find(start, len);
		if (!abi)
			abi = arch_find_audit(start, len);
		if (!abi)
			return complain(r, start, "unknown ABI", len, start, NULL);
		if (a->abis == arch_abi_count)
			return complain(r, start, "more ABIs than there are", 0, NULL, NULL);
		a->abi[a->abis++] = abi;
	} while (take(r, ","));
	return true;
}

static bool read_line(struct reader *r, struct assertion *a)
{
	const char *start, *end;

	if (!read_verdict(r, a) || !read_call(r, a))
		return false;
	end = r->at;
	if (word(r, &start)) {
		if (!is(start, (size_t)(r->at - start), "on"))
			return complain(r, start, "expected 'on' before", (size_t)(r->at - start),
				start, NULL);
		if (!read_where(r, a))
			return false;
		end = r->at;
	}
	skip(r);
	if (*r->at)
		return expected(r, "expected the end of the line before");
	size_t blank = strspn(r->text, " \t");
	a->text = r->text + blank;
	a->start = r->start + blank;
	while (end > r->text && strchr(" \t\r", end[-1]))
		end--;
	r->text[end - r->text] = '\0'; /* what lies behind was read */
	return true;
}

/* --- the file --- */

/* Always false. */
static bool complain_of_all(struct reader *r, const char *what)
{
	r->start = 0;
	r->text = arena_text(r->arena, "", 0);
	r->at = r->text;
	return complain(r, r->text, what, 0, NULL, NULL);
}

/* A line without its comment; a NUL in it ends it. */
static void start_line(struct reader *r, size_t start, size_t len)
{
	const char *text = r->source->bytes + start, *comment = memchr(text, '#', len);

	r->start = start;
	r->text = arena_text(r->arena, text, comment ? (size_t)(comment - text) : len);
	r->at = r->text;
	skip(r);
}

bool assertion_read(struct arena *arena, const struct source *source, const struct assertion_ear *ear,
	struct assertion **assertions, size_t *count)
{
	struct reader r = {.arena = arena, .source = source, .ear = ear};
	uint32_t line = 1;
	size_t room = 16;

	*assertions = arena_alloc(arena, room, sizeof(**assertions));
	*count = 0;
	for (size_t at = 0; at < source->len; line++) {
		const char *text = source->bytes + at;
		const char *newline = memchr(text, '\n', source->len - at);
		size_t len = newline ? (size_t)(newline - text) : source->len - at;
		struct assertion a = {.line = line};
		start_line(&r, at, len);
		if (memchr(text, 0, len))
			complain(&r, r.text, "a NUL byte in the line", 0, NULL, NULL);
		else if (*r.at && read_line(&r, &a))
			(*assertions)[(*count)++] = a;
		if (*count == room) {
			*assertions = arena_grow(
				arena, *assertions, room, 2 * room, sizeof(**assertions));
			room *= 2;
		}
		at += len + 1;
	}
	if (!*count && !r.failed)
		return complain_of_all(&r, "nothing is asserted");
	return !r.failed;
}

/* --- an option --- */

static bool read_wished(struct reader *r, struct assertion *a, bool errnos)
{
	skip(r);
	const char *start = r->at;

	if (!read_call(r, a))
		return false;
	if (errnos && !take(r, "="))
		return expected(r, "expected '=' and an errno before");
	a->has_data = errnos;
	a->start = (size_t)(start - r->text);
	a->text = start;
	return !errnos || read_value(r, &a->data, true);
}

bool assertion_calls(struct arena *arena, const struct source *source, const struct assertion_ear *ear,
	const struct assertion *like, bool errnos, struct assertion **assertions, size_t *count)
{
	struct reader r = {.arena = arena, .source = source, .ear = ear};
	size_t most = 1;

	for (size_t i = 0; i < source->len; i++)
		most += source->bytes[i] == ',';
	*assertions = arena_alloc(arena, most, sizeof(**assertions));
	*count = 0;
	r.text = arena_text(arena, source->bytes, source->len);
	r.at = r.text;
	do {
		struct assertion a = *like;
		a.line = 1;
		if (!read_wished(&r, &a, errnos))
			return false;
		(*assertions)[(*count)++] = a;
		skip(&r);
		if (*r.at == ',')
			r.text[r.at++ - r.text] = '\0'; /* the text of what was read ends here */
		else
			break;
	} while (true);
	skip(&r);
	return !*r.at || expected(&r, "expected ',' before");
}
