/*
 * What is written of arguments, as registers would hold it. A word that is not understood is no value: of
 * a flag word in which there is one, the other flags are known to be set and nothing more.
 */

#include "event.h"

#include "text.h"

#include "../../compiler/base/base.h"

#include "../lib/number.h"

#include "../../arch/constant.h"
#include "../../arch/errno.h"
#include "../../arch/width.h"

#include <stdio.h>

/* --- one value --- */

struct value {
	uint64_t value, known;
	bool negative;
};

static bool is_word_part(char c)
{
	return is_name_part(c) || c == '-';
}

/* NAME, 0x26, 38, 0644 or -1. False: not known on the ABI, or no such thing. */
static bool read_term(const struct abi *abi, const char *s, size_t len, uint64_t *value, bool *negative)
{
	uint16_t id;

	*negative = len && *s == '-';
	if (len && (is_digit(*s) || *negative))
		return !number_read(s, len, value);
	if (is_text(s, len, "NULL")) {
		*value = 0;
		return true;
	}
	if (!arch_constant_find(s, len, &id) || !arch_constant_value(abi, id, value))
		return false;
	*negative = (int64_t)*value < 0;
	return true;
}

/* Behind a value: a comment, a descriptor's name, the other names of an ioctl. */
static bool ends_value(const char *s, const char *end)
{
	return s == end || *s == '<' || is_blank(*s);
}

/* value := term { '|' term } */
static struct value read_value(const struct abi *abi, const char *s, const char *end)
{
	struct value v = {0, UINT64_MAX, false};
	bool whole = true;
	size_t terms = 0;

	for (;; terms++) {
		const char *word = s;
		uint64_t part;
		bool negative;
		while (s < end && is_word_part(*s))
			s++;
		if (read_term(abi, word, (size_t)(s - word), &part, &negative)) {
			v.value |= part;
			v.negative = v.negative || negative;
		} else {
			whole = false;
			while (s < end && *s != '|' && !is_blank(*s))
				s++; /* 1<<7, makedev(0x1, 0x3), a flag that is not known */
		}
		if (s == end || *s != '|')
			break;
		s++;
	}
	if (whole && !ends_value(s, end))
		return (struct value){0, 0, false};
	if (!whole)
		v.known = terms && ends_value(s, end) ? v.value : 0;
	return v;
}

/* --- strace --- */

/* The end of an argument: the comma or the end of all. Strings and brackets hold anything. */
static const char *argument_end(const char *s, const char *end)
{
	unsigned depth = 0;

	for (; s < end; s++) {
		if (*s == '"') {
			for (s++; s < end && *s != '"'; s++)
				s += *s == '\\';
		} else if (*s == '<' && s + 1 < end && is_name_part(s[-1]) && s[1] != '<') {
			while (s + 1 < end && !(*s == '>' && memchr(",)|] }", s[1], 6)))
				s++;
		} else if (starts(s, end, "/*")) {
			const char *close = find(s, end, "*/");
			s = close ? close + 1 : end - 1;
		} else if (*s == '(' || *s == '[' || *s == '{') {
			depth++;
		} else if (*s == ')' || *s == ']' || *s == '}') {
			depth -= depth > 0;
		} else if (*s == ',' && !depth) {
			return s;
		}
	}
	return end;
}

/*
 * From which argument on what strace shows has no register of its own. It writes an offset of 64 bits as
 * one number, which takes two registers of a 32-bit ABI, some with one left out before them; of preadv
 * and its kin on every ABI; that of mmap2 in bytes (strace 6.1: src/util.c getllval(), src/io.c, src/mem.c).
 */
static unsigned places(const struct event *e)
{
	static const struct {
		const char *name;
		unsigned places;
		bool everywhere;
	} rows[] = {{"pread64", 3, false}, {"pwrite64", 3, false}, {"truncate64", 1, false},
		{"ftruncate64", 1, false}, {"readahead", 1, false}, {"fadvise64", 1, false},
		{"fadvise64_64", 1, false}, {"arm_fadvise64_64", 2, false}, {"sync_file_range", 1, false},
		{"sync_file_range2", 2, false}, {"arm_sync_file_range", 2, false}, {"fallocate", 2, false},
		{"fanotify_mark", 2, false}, {"lookup_dcookie", 0, false}, {"_llseek", 1, true},
		{"mmap2", 5, true}, {"preadv", 3, true}, {"pwritev", 3, true}, {"preadv2", 3, true},
		{"pwritev2", 3, true}};
	const char *name = arch_syscall_name(e->id);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if ((rows[i].everywhere || e->abi->bits == 32) && strcmp(rows[i].name, name) == 0)
			return rows[i].places;
	}
	return arch_args_in_memory(e->abi, e->id) ? 0 : CALL_ARGS;
}

/* clone's arguments have names, and stand in an order of strace's: "flags=CLONE_VM|SIGCHLD" */
static bool find_named(const struct event *e, const char **s, const char *end, unsigned *arg)
{
	const char *name = *s, *at = name;

	while (at < end && is_name_part(*at))
		at++;
	if (at == name || at == end || *at != '=')
		return true;
	*s = at + 1;
	*arg = is_text(name, (size_t)(at - name), "flags") ? e->abi->clone_swapped : CALL_ARGS;
	return is_text(name, (size_t)(at - name), "flags") && strcmp(arch_syscall_name(e->id), "clone") == 0;
}

/* What is negative strace may have taken for an int, whatever the kernel does: the low half is sure. */
static void put(struct event_args *args, unsigned arg, struct value v)
{
	if (v.negative && (int64_t)v.value >= INT32_MIN)
		v.known &= UINT32_MAX;
	args->known[arg] = v.known;
	args->value[arg] = v.value & v.known;
}

static void read_strace(const struct event *e, struct event_args *args)
{
	const char *s = e->args, *end = s + e->args_len;
	unsigned most = places(e);

	for (unsigned place = 0; place < most && s < end; place++) {
		s = skip_blanks(s, end);
		const char *next = argument_end(s, end), *last = next;
		unsigned arg = place;
		while (last > s && is_blank(last[-1]))
			last--;
		if (find_named(e, &s, last, &arg) && arg < CALL_ARGS && s < last)
			put(args, arg, read_value(e->abi, s, last));
		s = next < end ? next + 1 : end;
	}
}

/* --- audit records --- */

/* Four of them, as registers have them: hexadecimal; ausearch -i has words for some, and 0x for others. */
static void read_record(const struct event *e, struct event_args *args)
{
	const char *end = e->args + e->args_len;
	bool interpreted = e->name != NULL;

	for (unsigned arg = 0; arg < 4; arg++) {
		const char key[] = {' ', 'a', (char)('0' + arg), '=', '\0'};
		const char *s = find(e->args, end, key), *word;
		uint64_t value;
		if (!s)
			continue;
		for (word = s += 4; s < end && !is_blank(*s); s++)
			;
		struct value v = {0, 0, false};
		if (interpreted && !starts(word, s, "0x"))
			v = read_value(e->abi, word, s);
		else if (!number_read_hex(word, (size_t)(s - word), &value))
			v = (struct value){value, UINT64_MAX, false};
		put(args, arg, v);
	}
}

void event_args(const struct event *e, struct event_args *args)
{
	*args = (struct event_args){.value = {0}};
	if (!e->abi)
		return;
	if (e->form == ARGS_STRACE && e->has_id)
		read_strace(e, args);
	else if (e->form == ARGS_RECORD)
		read_record(e, args);
}

/* --- answers --- */

/* perf trace has the C library's words; 0: they are none. */
static uint16_t errno_of_words(const char *text, size_t len)
{
	for (uint16_t i = 1; i < 134; i++) {
		if (is_text(text, len, strerror(i)))
			return i;
	}
	return 0;
}

bool event_is_error(const char *text, size_t len)
{
	const char *s = text, *end = text + len;
	uint64_t value;

	if (read_decimal(&s, end, &value) && s == end)
		return true;
	if (len > 1 && *text == 'E' && (is_digit(text[1]) || (text[1] >= 'A' && text[1] <= 'Z')))
		return true;
	return errno_of_words(text, len);
}

bool event_errno(const struct event *e, const char *text, size_t len, uint16_t *number)
{
	const struct abi *native = arch_native();
	const char *s = text;
	uint64_t value;

	if (!e->abi)
		return false;
	if (read_decimal(&s, text + len, &value) && s == text + len && value <= UINT16_MAX) {
		*number = (uint16_t)value;
		return true;
	}
	if (arch_errno_find(e->abi, text, len, number))
		return true;
	uint16_t meant = native ? errno_of_words(text, len) : 0;
	const char *name = meant ? arch_errno_name(native, meant) : NULL;
	return name && arch_errno_find(e->abi, name, strlen(name), number);
}

static const char *const suspects[] = {"EPERM", "EACCES", "ENOSYS"};

bool event_suspects(const char *name, size_t len)
{
	for (size_t i = 0; i < countof(suspects); i++) {
		if (is_text(name, len, suspects[i]))
			return true;
	}
	return false;
}

bool event_is_suspect(const struct event *e)
{
	uint16_t number, other;

	if (e->answer != ANSWER_ERROR || event_suspects(e->error, e->error_len))
		return e->answer == ANSWER_ERROR;
	if (*e->error == 'E' || !event_errno(e, e->error, e->error_len, &number))
		return false;
	for (size_t i = 0; i < countof(suspects); i++) {
		if (arch_errno_find(e->abi, suspects[i], strlen(suspects[i]), &other) && other == number)
			return true;
	}
	return false;
}

const char *event_answer_words(const struct event *e, char *text, size_t room)
{
	static const char *const words[ANSWERS] = {[ANSWER_UNSAID] = "",
		[ANSWER_DONE] = "made",
		[ANSWER_ERROR] = "failed with ",
		[ANSWER_FAILED] = "failed with an errno that is not said",
		[ANSWER_REFUSED] = "refused by a filter with an errno",
		[ANSWER_KILLED] = "killed by a filter",
		[ANSWER_TRAPPED] = "trapped by a filter",
		[ANSWER_TRACED] = "given to a tracer by a filter",
		[ANSWER_NOTIFIED] = "given to a listener by a filter",
		[ANSWER_LOGGED] = "logged by a filter, and made"};

	snprintf(text, room, "%s%.*s", words[e->answer], e->answer == ANSWER_ERROR ? (int)e->error_len : 0,
		e->answer == ANSWER_ERROR ? e->error : "");
	return text;
}
