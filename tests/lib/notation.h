#ifndef TESTS_LIB_NOTATION_H
#define TESTS_LIB_NOTATION_H

/*
 * Profiles, calls and verdicts in a line each, for tables of what a filter must do.
 *
 *   profile := action ABI* ":" [ rule { ";" rule } ]     the default action, further ABIs; rules
 *                                                        parted by "|" may stand in either order
 *   rule    := name { "," name } action cond*
 *   cond    := "a" N op value | "a" N "&" mask "==" value     blanks separate conditions
 *   call    := [ ABI ":" | "0x" AUDIT ":" ] name-or-number "(" [ value { "," value } ] ")"
 *   calls   := call verdict { ";" call verdict }
 *   action, verdict := ALLOW KILL KILL_PROCESS LOG TRAP NOTIFY TRACE(n) ERRNO(n) A B C
 *
 * A, B and C are ERRNO(11), ERRNO(12), ERRNO(13). In profiles ERRNO and TRACE go without number.
 */

#include "attempt.h"

#include <errno.h>
#include <inttypes.h>

/* A word of the notation. */
struct word_text {
	const char *s;
	size_t len;
};

/* Skips blanks; the bytes up to one of `stops`, without trailing blanks. */
static inline struct word_text notation_word(const char **at, const char *stops)
{
	*at += strspn(*at, " ");
	struct word_text word = {*at, strcspn(*at, stops)};
	*at += word.len;
	while (word.len && word.s[word.len - 1] == ' ')
		word.len--;
	return word;
}

static inline bool notation_take(const char **at, const char *token)
{
	*at += strspn(*at, " ");
	bool taken = strncmp(*at, token, strlen(token)) == 0;
	*at += taken ? strlen(token) : 0;
	return taken;
}

static inline uint64_t notation_number(const char **at)
{
	char *end;

	errno = 0;
	uint64_t value = strtoull(*at, &end, 0);
	if (errno || end == *at)
		fail_msg("no number at '%s'", *at);
	*at = end;
	return value;
}

/* "ERRNO(5)" or "A" as the two keys of an action. */
static inline void write_action(struct buf *b, const char **at, bool is_default)
{
	const char *action = is_default ? "defaultAction" : "action";
	const char *errnum = is_default ? "defaultErrnoRet" : "errnoRet";
	struct word_text word = notation_word(at, " (:;|");

	if (word.len == 1)
		buf_printf(
			b, "'%s': 'SCMP_ACT_ERRNO', '%s': %d", action, errnum, *word.s - 'A' + 11);
	else
		buf_printf(b, "'%s': 'SCMP_ACT_%.*s'", action, (int)word.len, word.s);
	if (notation_take(at, "(")) {
		buf_printf(b, ", '%s': %" PRIu64, errnum, notation_number(at));
		notation_take(at, ")");
	}
}

static inline void write_cond(struct buf *b, const char **at)
{
	static const struct {
		const char *sign, *name;
	} ops[] = {
		{"==", "EQ"}, {"!=", "NE"}, {"<=", "LE"}, {">=", "GE"}, {"<", "LT"}, {">", "GT"}};
	size_t i = 0;
	uint64_t mask = 0;

	buf_printf(b, "{'index': %" PRIu64 ", ", notation_number(at));
	bool masked = notation_take(at, "&");
	if (masked)
		mask = notation_number(at);
	while (i < countof(ops) && !notation_take(at, ops[i].sign))
		i++;
	if (i == countof(ops))
		fail_msg("no operator at '%s'", *at);
	uint64_t value = notation_number(at);
	if (masked)
		buf_printf(b,
			"'op': 'SCMP_CMP_MASKED_EQ', 'value': %" PRIu64 ", 'valueTwo': %" PRIu64
			"}",
			mask, value);
	else
		buf_printf(b, "'op': 'SCMP_CMP_%s', 'value': %" PRIu64 "}", ops[i].name, value);
}

static inline void write_rule(struct buf *b, const char **at)
{
	size_t names = 0, conds = 0;

	do {
		struct word_text name = notation_word(at, ", ");
		buf_printf(b, "%s'%.*s'", names++ ? ", " : "{'names': [", (int)name.len, name.s);
	} while (notation_take(at, ","));
	buf_text(b, "], ");
	write_action(b, at, false);
	while (notation_take(at, "a")) {
		buf_text(b, conds++ ? ", " : ", 'args': [");
		write_cond(b, at);
	}
	buf_text(b, conds ? "]}" : "}");
}

/* The rules one after the other, or the last first. */
static inline void write_rules(struct buf *b, const char *at, bool reversed)
{
	const char *rule[32];
	size_t count = 0;

	at += strspn(at, " ");
	while (*at) {
		if (count == countof(rule))
			fail_msg("more than %zu rules", countof(rule));
		rule[count++] = at;
		at += strcspn(at, ";|");
		at += strspn(at, ";| ");
	}
	for (size_t i = 0; i < count; i++) {
		const char *from = rule[reversed ? count - 1 - i : i];
		buf_text(b, i ? ", " : "");
		write_rule(b, &from);
		from += strspn(from, " ");
		if (*from && !strchr(";|", *from))
			fail_msg("stray '%s' behind a rule", from);
	}
}

/* A line of notation as JSON (with ' for "). */
static inline void write_profile(struct buf *b, const char *notation, bool reversed)
{
	size_t abis = 0;

	buf_text(b, "{");
	write_action(b, &notation, true);
	while (!notation_take(&notation, ":")) {
		struct word_text word = notation_word(&notation, " :");
		const struct abi *abi = arch_find(word.s, word.len);
		if (!abi)
			fail_msg("no ABI at '%s'", word.s);
		buf_printf(b, "%s'%s'", abis++ ? ", " : ", 'architectures': [", abi->oci);
	}
	buf_text(b, abis ? "], 'syscalls': [" : ", 'syscalls': [");
	write_rules(b, notation, reversed);
	buf_text(b, "]}");
	buf_add(b, "", 1);
}

/* Read a profile in notation. */
static inline void attempt_notation(struct attempt *a, const char *notation, bool reversed)
{
	struct arena arena;
	struct buf b;

	arena_init(&arena, (size_t)1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	buf_init(&b, &arena);
	write_profile(&b, notation, reversed);
	attempt_text(a, b.bytes);
	arena_free(&arena);
}

/* A call; `native` says what names and numbers mean where no ABI is written. */
static inline struct call notation_call(const char **at, const struct abi *native)
{
	struct call call = {.arch = native->audit};
	const char *colon = *at + strcspn(*at, ":;");
	uint16_t id;

	*at += strspn(*at, " ");
	if (*colon == ':' && strncmp(*at, "0x", 2) == 0) {
		call.arch = (uint32_t)notation_number(at);
	} else if (*colon == ':') {
		struct word_text word = notation_word(at, ":");
		native = arch_find(word.s, word.len);
		if (!native)
			fail_msg("no ABI at '%s'", word.s);
		call.arch = native->audit;
	}
	notation_take(at, ":");
	struct word_text name = notation_word(at, "(");
	if (arch_syscall_find(name.s, name.len, &id) && !arch_nr(native, id, &call.nr))
		fail_msg("%s has no syscall '%.*s'", native->name, (int)name.len, name.s);
	if (!arch_syscall_find(name.s, name.len, &id)) {
		const char *number = name.s;
		call.nr = (uint32_t)notation_number(&number);
	}
	for (size_t i = 0; !notation_take(at, ")"); i++) {
		if (!notation_take(at, i ? "," : "("))
			fail_msg("no argument at '%s'", *at);
		if (!i && notation_take(at, ")"))
			break;
		if (i == CALL_ARGS)
			fail_msg("more than %d arguments", CALL_ARGS);
		call.args[i] = notation_number(at);
	}
	return call;
}

/* "A" as "ERRNO(11)". */
static inline void write_verdict(struct buf *b, struct word_text verdict)
{
	if (verdict.len == 1)
		buf_printf(b, "ERRNO(%d)", *verdict.s - 'A' + 11);
	else if (verdict.len == 4 && memcmp(verdict.s, "KILL", 4) == 0)
		buf_text(b, "KILL_THREAD");
	else
		buf_add(b, verdict.s, verdict.len);
	buf_add(b, "", 1);
}

/* What a policy or a program answers; see notation_holds(). */
typedef uint32_t notation_decide(const void *filter, const struct call *);

static inline bool call_holds(struct arena *arena, const char *row, const char **calls,
	const struct abi *native, notation_decide *decide, const void *filter)
{
	struct buf expected, found;
	const char *from = *calls += strspn(*calls, " ");
	struct call call = notation_call(calls, native);

	buf_init(&expected, arena);
	buf_init(&found, arena);
	write_verdict(&expected, notation_word(calls, ";"));
	action_print(&found, decide(filter, &call));
	buf_add(&found, "", 1);
	notation_take(calls, ";");
	if (strcmp(expected.bytes, found.bytes) == 0)
		return true;
	print_error("%s: %.*s is %s, expected %s\n", row, (int)strcspn(from, ";"), from,
		found.bytes, expected.bytes);
	return false;
}

static inline bool calls_hold(struct arena *arena, const char *row, const char *calls,
	const struct abi *native, notation_decide *decide, const void *filter)
{
	bool ok = true;

	while (*calls)
		ok = call_holds(arena, row, &calls, native, decide, filter) && ok;
	return ok;
}

/* Complains about each call of a line that is decided otherwise than written there. */
static inline bool notation_holds(const char *row, const char *calls, const struct abi *native,
	notation_decide *decide, const void *filter)
{
	struct arena arena;

	arena_init(&arena, (size_t)1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	bool ok = calls_hold(&arena, row, calls, native, decide, filter);
	arena_free(&arena);
	return ok;
}

/* The policy of an attempt as something that decides. */
static inline uint32_t policy_answer(const void *policy, const struct call *call)
{
	return policy_decide(policy, call)->ret;
}

#endif
