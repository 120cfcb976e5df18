/*
 * perf trace, whose columns no version keeps:
 *
 *	     0.000 ( 0.011 ms): ls/1234 openat(dfd: CWD, filename: "x") = 3
 *	       1.2 (         ): web/77 poll(...) ...
 *	       1.3 ( 0.1 ms): web/77  ... [continued]: poll()) = -1 (unknown) (Operation not permitted)
 *
 * Arguments have names and those that are 0 are left out, so that none has a place. "[continued]" is the
 * end of a call before; without one, of clone in the child, or of a call that began before perf did.
 *
 * And ftrace's events, of which raw_syscalls has a number without an ABI:
 *
 *	web-77 [000] ..... 1.2: sys_exit: NR 41 = -1       web-77 [000] ..... 1.2: sys_newfstat(fd: 3, ...)
 */

#include "reader.h"

#include <stdio.h>

/* "= 3", "= -1 EPERM (Operation not permitted)", "= -1 (unknown) (Operation not permitted)" */
static void read_result(struct event *e, const char *s, const char *end)
{
	const char *text;

	e->answer = ANSWER_DONE;
	if (s == end || *s != '-')
		return;
	s = skip_blanks(s + 1, end);
	while (s < end && is_digit(*s))
		s++;
	s = skip_blanks(s, end);
	for (text = s; s < end && is_name_part(*s); s++)
		;
	if (s == text && end > s && end[-1] == ')') {
		for (text = end - 1; text > s && text[-1] != '('; text--)
			;
		s = end - 1; /* strerror's words */
	} else if (!event_is_error(text, (size_t)(s - text))) {
		for (s = end; s > text && is_blank(s[-1]); s--)
			;
	}
	e->answer = ANSWER_ERROR;
	e->error = text;
	e->error_len = (size_t)(s - text);
}

/* ": comm/77 " */
static const char *take_task(const char *s, const char *end, uint64_t *pid)
{
	for (const char *at = s; at < end; at++) {
		const char *digits = at + 1;
		if (*at == '/' && read_decimal(&digits, end, pid) && digits < end && is_blank(*digits))
			return skip_blanks(digits, end);
	}
	return NULL;
}

/* "    0.000 ( 0.011 ms): " */
static const char *take_times(const char *s, const char *end)
{
	s = skip_blanks(s, end);
	if (s == end || (!is_digit(*s) && *s != '?'))
		return NULL;
	while (s < end && (is_digit(*s) || *s == '.' || *s == '?'))
		s++;
	s = skip_blanks(s, end);
	if (s == end || *s++ != '(')
		return NULL;
	while (s < end && (is_digit(*s) || is_blank(*s) || *s == '.' || *s == 'm' || *s == 's' || *s == '?'))
		s++;
	return starts(s, end, "): ") ? s + 3 : NULL;
}

/* A call that was not seen to return. */
static void settle(struct reader *r, struct process *p)
{
	const struct line l = {p->text, p->text + p->len, p->at};
	struct event e = reader_event(r, &l);

	p->held = NULL;
	e.pid = p->pid;
	reader_name(r, &e, p->text, p->len);
	r->called++;
	reader_emit(r, &e, KIND_PERF);
}

static bool take_continued(struct reader *r, struct event *e, const char *s, const char *end)
{
	const char *name = s, *equals;

	while (s < end && is_name_part(*s))
		s++;
	if (s == name || s == end || *s != '(')
		return false;
	reader_name(r, e, name, (size_t)(s - name));
	equals = find(s, end, ") = ");
	if (equals)
		read_result(e, equals + 4, end);
	struct process *p = process_find(&r->processes, e->pid);
	bool began = p && p->held == settle && p->len == e->name_len && memcmp(p->text, name, p->len) == 0;
	if (began) {
		e->at = p->at;
		p->held = NULL;
	} else if (starts(name, s, "clone") || starts(name, s, "fork") || starts(name, s, "vfork")) {
		return true; /* the child's return */
	}
	r->called++;
	reader_emit(r, e, KIND_PERF);
	return true;
}

bool perf_line(struct reader *r, const struct line *l)
{
	static const char continued[] = "... [continued]: ";
	const char *s = take_times(l->s, l->end), *name, *equals = NULL;
	struct event e = reader_event(r, l);

	if (!s || !(s = take_task(s, l->end, &e.pid)))
		return false;
	if (starts(s, l->end, continued))
		return take_continued(r, &e, s + sizeof(continued) - 1, l->end);
	for (name = s; s < l->end && is_name_part(*s); s++)
		;
	if (s == name || s == l->end || *s != '(')
		return false;
	reader_name(r, &e, name, (size_t)(s - name));
	for (const char *at = find(s, l->end, ") = "); at; at = find(at + 1, l->end, ") = "))
		equals = at;
	if (!equals && find(s, l->end, ") ...")) {
		struct process *p = process_get(&r->processes, e.pid);
		if (p && p->held)
			p->held(r, p);
		if (p)
			process_hold(p, settle, name, e.name_len, l->at);
		if (p)
			return true;
	}
	if (equals)
		read_result(&e, equals + 4, l->end);
	r->called++;
	reader_emit(r, &e, KIND_PERF);
	return true;
}

/* --- ftrace --- */

/* "web-77 " or, with the thread group, "web-77   (   70) "; 0 if it is not there. */
static uint64_t find_pid(const char *s, const char *end)
{
	uint64_t pid;

	for (const char *at = end; at > s; at--) {
		const char *digits = at;
		if (at[-1] == '-' && read_decimal(&digits, end, &pid))
			return pid;
	}
	return 0;
}

/* The end of " [000] ..... 1.234: ", sought from the first of it. */
static const char *take_head(const char *s, const char *end, uint64_t *pid)
{
	const char *cpu = find(s, end, " ["), *at;
	uint64_t value;

	if (!cpu)
		return NULL;
	*pid = find_pid(s, cpu);
	cpu += 2;
	if (!read_decimal(&cpu, end, &value) || cpu == end || *cpu != ']')
		return NULL;
	at = find(cpu, end, ": ");
	return at ? at + 2 : NULL;
}

/* Nothing is to be told of a call that was told when it began. */
static void forget(struct reader *r, struct process *p)
{
	(void)r;
	p->held = NULL;
}

static void note_enter(struct reader *r, const struct event *e, const char *name, const char *end)
{
	struct process *p = process_get(&r->processes, e->pid);

	r->entered++;
	if (p)
		process_hold(p, forget, name, (size_t)(end - name), e->at);
}

/*
 * Is it the end of a call that was told when it began? Seccomp comes before the event of the beginning
 * (kernel: syscall_trace_enter()), so that of what it refuses there is the end alone.
 */
static bool began(struct reader *r, const struct event *e, const char *name, const char *end)
{
	struct process *p = process_get(&r->processes, e->pid);
	size_t len = (size_t)(end - name);
	bool same = p && p->held == forget && p->len == len && memcmp(p->text, name, len) == 0;

	if (same)
		p->held = NULL;
	return same || !p;
}

static bool take_raw(struct reader *r, struct event *e, const char *s, const char *end, bool entered)
{
	const char *number = s;
	uint64_t nr;
	bool minus = s < end && *s == '-';

	s += minus;
	if (!read_decimal(&s, end, &nr) || nr > UINT32_MAX)
		return false;
	if (e->abi)
		reader_number(r, e, e->abi->audit, minus ? (uint32_t)-nr : (uint32_t)nr);
	if (entered)
		note_enter(r, e, number, s);
	else if (r->entered && began(r, e, number, s))
		return true;
	if (!entered && starts(s, end, " = "))
		e->answer = s + 3 < end && s[3] == '-' ? ANSWER_ERROR : ANSWER_DONE;
	if (!entered && r->entered && e->answer != ANSWER_ERROR)
		return true; /* of a call that began before the recording, or of a new process */
	if (e->answer == ANSWER_ERROR) {
		e->error = s + 4;
		e->error_len = (size_t)(end - e->error);
	}
	r->called++;
	reader_emit(r, e, KIND_FTRACE);
	return true;
}

static void name_event(struct reader *r, struct event *e, const char *name, size_t len)
{
	reader_name(r, e, name, len);
	if (is_text(name, len, "umount")) /* fs/namespace.c: SYSCALL_DEFINE2(umount, ...) */
		reader_name(r, e, "umount2", 7);
	r->called++;
	reader_emit(r, e, KIND_FTRACE);
}

/* The errno of what the kernel returns, a long in hexadecimal; 0: it is no error. */
static uint64_t errno_of(const struct event *e, const char *s, const char *end)
{
	const uint64_t most = 4095; /* kernel: MAX_ERRNO */
	uint64_t value;

	if (!starts(s, end, "0x") || (s += 2, !read_hex(&s, end, &value)))
		return 0;
	if (e->abi && e->abi->bits == 32 && value <= UINT32_MAX)
		value |= (uint64_t)UINT32_MAX << 32;
	return -value <= most ? -value : 0;
}

/* sys_mkdir -> 0xffffffffffffffff */
static bool take_end(struct reader *r, struct event *e, const char *name, const char *s, const char *end)
{
	uint64_t error = errno_of(e, s + 4, end);
	char digits[8];

	if (began(r, e, name, s) || !error)
		return true;
	snprintf(digits, sizeof(digits), "%u", (unsigned)error);
	e->answer = ANSWER_ERROR;
	e->error = digits;
	e->error_len = strlen(digits);
	name_event(r, e, name, (size_t)(s - name));
	return true;
}

bool ftrace_line(struct reader *r, const struct line *l)
{
	static const char enter[] = "sys_enter: NR ", left[] = "sys_exit: NR ";
	struct event e = reader_event(r, l);
	const char *s = take_head(l->s, l->end, &e.pid), *name;

	if (!s)
		return false;
	if (starts(s, l->end, enter))
		return take_raw(r, &e, s + sizeof(enter) - 1, l->end, true);
	if (starts(s, l->end, left))
		return take_raw(r, &e, s + sizeof(left) - 1, l->end, false);
	if (!starts(s, l->end, "sys_"))
		return false;
	for (name = s += 4; s < l->end && is_name_part(*s); s++)
		;
	if (s == name || s == l->end)
		return false;
	if (starts(s, l->end, " -> "))
		return take_end(r, &e, name, s, l->end);
	if (*s != '(')
		return false;
	note_enter(r, &e, name, s);
	name_event(r, &e, name, (size_t)(s - name));
	return true;
}
