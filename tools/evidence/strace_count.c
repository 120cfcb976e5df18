/* The short way: half of the time that reading a log takes is spent here. */

#include "strace.h"

#include <string.h>

/* What is remembered of the process, which is mostly that of the line before. */
static struct process *find_process(struct reader *r, uint64_t pid)
{
	struct processes *p = &r->processes;

	if (!p->count)
		return NULL;
	if (p->last_pid != pid || p->last_change != p->changes) {
		p->last = process_find(p, pid);
		p->last_pid = pid;
		p->last_change = p->changes;
	}
	return p->last;
}

/* "77  ", "77 12:00:00.1 ", or nothing. NULL: something else. */
static const char *take_front(const char *s, const char *end, uint64_t *pid)
{
	const char *start = s;

	for (*pid = 0; s < end && is_digit(*s); s++)
		*pid = 10 * *pid + (uint64_t)(*s - '0');
	if (s == start)
		return s;
	if (s - start > 18 || s == end || *s != ' ')
		return NULL;
	while (s < end && *s == ' ')
		s++;
	if (s == end || !is_digit(*s))
		return s;
	for (start = s; s < end && (is_digit(*s) || *s == '.' || *s == ':'); s++)
		;
	return s - start > 2 && s < end && *s == ' ' ? s + 1 : NULL;
}

/* ") = 3": a number, and not the call's own. */
static bool returned(const char *args, const char *end, uint32_t nr)
{
	const char *equals = strace_find_result(args, end), *close = equals;
	uint64_t value;

	if (!equals || !is_digit(equals[2]))
		return false;
	while (is_blank(close[-1]))
		close--;
	const char *s = equals + 2;
	bool hex = starts(s, end, "0x");
	s += hex ? 2 : 0;
	return close[-1] == ')' && (hex ? read_hex(&s, end, &value) : read_decimal(&s, end, &value)) &&
		value != nr;
}

/* Of an ABI with multiplexers a call may return another number than its own and not have been made. */
static struct named *find_counted(struct reader *r, const char *name, size_t len)
{
	const struct abi *abi = r->mode ? r->mode : r->to->abi;
	struct named *n = reader_named(r, abi, name, len);

	return n && n->counts && !(abi && abi->multiplexed) ? n : NULL;
}

static void count(struct reader *r, struct named *n, uint64_t at)
{
	if (!n->count++)
		n->at = at;
	r->called++;
}

/* Is the call that is held of that name? */
static bool holds(const struct process *p, const char *name, size_t len)
{
	uint64_t pid;
	const char *end = p->text + p->len, *held = take_front(p->text, end, &pid);

	return held && (size_t)(end - held) > len && memcmp(held, name, len) == 0 && held[len] == '(';
}

/* <... read resumed>"x", 1) = 1: what was held is of no more use. */
static bool count_resumed(struct reader *r, const char *s, const struct line *l, struct process *p)
{
	static const char resumed[] = " resumed>";
	const char *name = s + 5;

	if (!p || p->held != strace_settle || !p->open || p->mode || !starts(s, l->end, "<... "))
		return false;
	for (s = name; s < l->end && is_name_part(*s); s++)
		;
	struct named *n = s > name ? find_counted(r, name, (size_t)(s - name)) : NULL;
	if (!n || !starts(s, l->end, resumed) || !holds(p, name, (size_t)(s - name)))
		return false;
	s += sizeof(resumed) - 1;
	if (!returned(s, strace_cut_duration(s, l->end), n->nr))
		return false;
	count(r, n, p->at);
	p->held = NULL;
	return true;
}

/* read(3,  <unfinished ...> */
static bool hold_open(struct reader *r, const struct line *l, uint64_t pid, struct process *p)
{
	p = p ? p : process_get(&r->processes, pid);
	if (!p)
		return false;
	process_hold(p, strace_settle, l->s, (size_t)(l->end - l->s), l->at);
	p->open = true;
	return true;
}

bool strace_count(struct reader *r, const struct line *l)
{
	uint64_t pid;
	const char *name = take_front(l->s, l->end, &pid), *s = name;

	if (!name || name == l->end)
		return false;
	if (*name == '<')
		return count_resumed(r, name, l, find_process(r, pid));
	while (s < l->end && is_name_part(*s))
		s++;
	if (s == name || s == l->end || *s != '(')
		return false;
	struct named *n = find_counted(r, name, (size_t)(s - name));
	if (!n)
		return false;
	struct process *p = find_process(r, pid);
	if (p && (p->held || p->mode || p->killed))
		return false;
	if (starts(l->end - 16 > s ? l->end - 16 : s, l->end, "<unfinished ...>"))
		return hold_open(r, l, pid, p);
	if (!returned(s + 1, strace_cut_duration(s, l->end), n->nr))
		return false;
	count(r, n, l->at);
	return true;
}
