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
	for (start = s; s < end && is_time_part(*s); s++)
		;
	return s - start > 2 && s < end && *s == ' ' ? s + 1 : NULL;
}

/* "-1 ENOENT (No such file or directory)" */
static bool failed(const char *s, const char *end)
{
	const char *error = s + 3;

	if (!starts(s, end, "-1 E"))
		return false;
	for (s = error; s < end && is_name_part(*s); s++)
		;
	return !event_suspects(error, (size_t)(s - error));
}

enum came { CAME_OTHERWISE, CAME_BACK, CAME_OWN };

/* ") = 3": a number, or an error that no filter is suspected of. Its own number may be no answer (strace.c). */
static enum came came_to(const char *args, const char *end, uint32_t nr)
{
	const char *equals = strace_find_result(args, end), *close = equals;
	uint64_t value;

	if (!equals)
		return CAME_OTHERWISE;
	while (is_blank(close[-1]))
		close--;
	if (close[-1] != ')')
		return CAME_OTHERWISE;
	const char *s = equals + 2;
	if (*s == '-')
		return failed(s, end) ? CAME_BACK : CAME_OTHERWISE;
	bool hex = starts(s, end, "0x");
	s += hex ? 2 : 0;
	if (!(hex ? read_hex(&s, end, &value) : read_decimal(&s, end, &value)))
		return CAME_OTHERWISE;
	return value == nr ? CAME_OWN : CAME_BACK;
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

/* The name of the call that is held, its length; 0: there is none. */
static size_t held_name(const struct process *p, const char **name)
{
	uint64_t pid;
	const char *end = p->text + p->len, *s = *name = take_front(p->text, end, &pid);

	while (s && s < end && is_name_part(*s))
		s++;
	return s && s < end && *s == '(' ? (size_t)(s - *name) : 0;
}

/* <... read resumed>"x", 1) = 1: what was held is of no more use. */
static bool count_resumed(struct reader *r, const char *s, const struct line *l, struct process *p)
{
	static const char resumed[] = " resumed>";
	const char *name = s + 5, *held;

	if (!p || p->held != strace_settle || !p->open || p->mode || !starts(s, l->end, "<... "))
		return false;
	for (s = name; s < l->end && is_name_part(*s); s++)
		;
	size_t len = (size_t)(s - name);
	struct named *n = len ? find_counted(r, name, len) : NULL;
	if (!n || !starts(s, l->end, resumed) || held_name(p, &held) != len || memcmp(held, name, len) != 0)
		return false;
	s += sizeof(resumed) - 1;
	if (came_to(s, strace_cut_duration(s, l->end), n->nr) != CAME_BACK)
		return false;
	count(r, n, p->at);
	p->held = NULL;
	return true;
}

/* read(3,  <unfinished ...>, or read(3, "", 1) = 0: what came of it is told by the next line of its process. */
static bool hold(struct reader *r, const struct line *l, const char *end, uint64_t pid, bool open)
{
	struct process *p = process_get(&r->processes, pid);

	if (!p)
		return false;
	process_hold(p, strace_settle, l->s, (size_t)(end - l->s), l->at);
	p->open = open;
	return true;
}

/* As its process goes on, what is held returned what it says. */
static void count_held(struct reader *r, struct process *p)
{
	const char *name;
	size_t len = held_name(p, &name);
	struct named *n = len ? find_counted(r, name, len) : NULL;

	if (!n || p->cut || came_to(name + len + 1, p->text + p->len, n->nr) != CAME_OWN) {
		strace_settle(r, p);
		return;
	}
	count(r, n, p->at);
	p->held = NULL;
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
	if (p && (p->mode || p->killed || (p->held && (p->open || p->held != strace_settle))))
		return false;
	bool open = starts(l->end - 16 > s ? l->end - 16 : s, l->end, "<unfinished ...>");
	const char *end = open ? l->end : strace_cut_duration(s, l->end);
	enum came came = open ? CAME_OWN : came_to(s + 1, end, n->nr);
	if (came == CAME_OTHERWISE)
		return false;
	if (p && p->held)
		count_held(r, p);
	if (came == CAME_OWN)
		return hold(r, l, end, pid, open);
	count(r, n, l->at);
	return true;
}
