/*
 * strace 4.x to 7.x. A line is
 *
 *	[pid 77] | 77 | 77<comm>   with -f, -Y           [00007f0c2b3e1a57]  with -i
 *	12:00:00.1 | 1700000000.1 | (+ 0.1)  -t, -r       [ 102] | [???]      with -n
 *
 * in any of the orders versions have, and then one of
 *
 *	NAME(ARGUMENTS) = RESULT                          a call
 *	NAME(ARGUMENTS <unfinished ...>                   its beginning, and
 *	<... NAME resumed>ARGUMENTS) = RESULT             its end
 *	--- SIGNAL {...} ---, +++ exited with 0 +++       what happened to the process
 *	[ Process PID=77 runs in 32 bit mode. ]           which ABI the next calls are of
 *	 > /lib/libc.so.6(...) [0x1234]                   a stack, with -k
 *
 * A call that a filter killed does not say so: it returns its own number, or '?', and the next line of
 * its process is the end of that by SIGSYS. So a call that returned its own number waits for the next
 * line. One that was trapped does the same, and its signal says what the filter's data was.
 */

#include "strace.h"

/* What came of a call that was waited for. */
struct outcome {
	enum event_answer answer; /* ANSWER_UNSAID: as its line has it */
	const char *data; /* of a trap */
	size_t data_len;
};

static void settle(struct cursor *, struct outcome);

/* --- a call --- */

/* "syscall_0x1ce": the number, where strace knows no name */
static bool read_nameless(const struct cursor *c, struct event *e)
{
	static const char prefix[] = "syscall_0x";
	const char *s = e->name + sizeof(prefix) - 1, *end = e->name + e->name_len;
	uint64_t nr;

	if (!starts(e->name, end, prefix) || !read_hex(&s, end, &nr) || s != end)
		return false;
	if (e->abi && !c->numbered) {
		uint32_t low = (uint32_t)nr;
		if (nr == low && low < e->abi->nr_first)
			low += e->abi->nr_first; /* x32, as strace takes its bit away */
		reader_number(c->r, e, e->abi->audit, low);
		e->by_number = true;
	}
	return true;
}

/* With -n: a number beside the name, which may be a multiplexer's. False: the two do not go together. */
static bool join_number(struct cursor *c, struct event *e)
{
	const struct abi *assumed = e->abi;

	for (size_t i = 0; i <= arch_abi_count && assumed; i++) {
		const struct abi *abi = i ? &arch_abis[i - 1] : arch_of_call(assumed->audit, c->nr);
		uint32_t nr, code;
		if (!abi || (i && (!abi->host || strcmp(abi->host, assumed->name) != 0)))
			continue;
		bool plain = e->has_id && arch_nr(abi, e->id, &nr) && nr == c->nr;
		bool selected = e->has_id && arch_multiplexer(abi, e->id, &nr, &code) && nr == c->nr;
		if (!plain && !selected && e->has_id)
			continue;
		e->abi = abi;
		e->has_nr = e->by_number = true;
		e->nr = c->nr;
		if (selected)
			e->form = ARGS_NONE; /* those shown lie in memory */
		return true;
	}
	return !assumed;
}

static void emit(struct cursor *c, struct event *e)
{
	c->r->called++;
	reader_emit(c->r, e, KIND_STRACE);
}

/* Is what it returned its own number, or its multiplexer's, or '?'? Then it may be that it was not made. */
static bool may_be_refused(const struct event *e)
{
	uint32_t door, code;

	if (e->answer == ANSWER_DONE && e->abi && e->has_id &&
		arch_multiplexer(e->abi, e->id, &door, &code) && e->value == door)
		return true;
	return e->answer == ANSWER_UNSAID || (e->answer == ANSWER_DONE && e->has_nr && e->value == e->nr);
}

/* False: there are too many processes to wait for it. */
static bool hold(struct cursor *c, bool open)
{
	struct process *p = c->process ? c->process : process_get(&c->r->processes, c->pid);

	if (!p)
		return false;
	process_hold(p, strace_settle, c->line->s, (size_t)(c->end - c->line->s), c->line->at);
	p->open = open;
	return true;
}

static bool ends_in(const char *s, const char *end, const char *tail)
{
	size_t len = strlen(tail);

	return (size_t)(end - s) >= len && memcmp(end - len, tail, len) == 0;
}

/* rt_sigreturn({mask=[]}) = -1 EPERM (...): what the call came to that the signal had interrupted. */
static bool shows_another(const struct event *e)
{
	return e->answer == ANSWER_ERROR && (!e->error_len || event_suspects(e->error, e->error_len)) &&
		(is_text(e->name, e->name_len, "rt_sigreturn") || is_text(e->name, e->name_len, "sigreturn"));
}

/* NAME(ARGUMENTS) = RESULT. False: the line is not like that. */
static bool read_returned(struct cursor *c, struct event *e, bool cut)
{
	const char *equals = strace_find_result(e->args, c->end), *close;

	if (!equals && !cut)
		equals = strace_find_result_slowly(e->args, c->end);
	for (close = equals; close && close > e->args && is_blank(close[-1]); close--)
		;
	if (!close || close == e->args || close[-1] != ')')
		return false;
	e->args_len = (size_t)(close - 1 - e->args);
	if (!strace_result(equals + 2, c->end, e))
		return false;
	if (shows_another(e))
		e->answer = ANSWER_UNSAID;
	return true;
}

/* ... <unfinished ...> */
static void read_unfinished(const struct cursor *c, struct event *e)
{
	const char *s = c->end - 1;

	while (s > e->args && *s != '<')
		s--;
	e->args_len = (size_t)(s - e->args);
}

/* A line of a call, or one that was `held` until what came of it was seen. */
static bool read_call(struct cursor *c, const char *name, size_t name_len, const struct process *held,
	struct outcome outcome)
{
	struct event e = reader_event(c->r, c->line);
	bool cut = held && held->cut;

	if (c->process && c->process->mode)
		e.abi = c->process->mode;
	reader_name(c->r, &e, name, name_len);
	e.pid = c->pid;
	e.form = cut ? ARGS_NONE : ARGS_STRACE;
	e.args = name + name_len + 1;
	if (!e.has_id)
		read_nameless(c, &e);
	c->end = strace_cut_duration(e.args, c->end);
	bool open = c->end[-1] == '>' && ends_in(e.args, c->end, "<unfinished ...>");
	if (open || (c->end[-1] == '>' && ends_in(e.args, c->end, "<detached ...>")))
		read_unfinished(c, &e);
	else if (!read_returned(c, &e, cut))
		return false;
	if (c->numbered && !join_number(c, &e))
		return false;
	if (!held && c->process && c->process->held)
		settle(c, (struct outcome){.answer = ANSWER_UNSAID});
	if (!held && c->process)
		c->process->killed = false;
	if (!held && (open || may_be_refused(&e)) && hold(c, open))
		return true;
	if (outcome.answer != ANSWER_UNSAID)
		e.answer = outcome.answer;
	e.data = outcome.data;
	e.data_len = outcome.data_len;
	emit(c, &e);
	return true;
}

/* What the process's last line left open is told, as what came of it. */
static void settle(struct cursor *c, struct outcome outcome)
{
	struct process *p = c->process;
	const struct line line = {p->text, p->text + p->len, p->at};
	struct cursor held = {.r = c->r, .line = &line, .s = line.s, .end = line.end, .process = p};
	const char *name;

	p->held = NULL;
	if (!strace_front(&held))
		return;
	for (name = held.s; held.s < held.end && is_name_part(*held.s); held.s++)
		;
	read_call(&held, name, (size_t)(held.s - name), p, outcome);
}

void strace_settle(struct reader *r, struct process *p)
{
	const struct line line = {p->text, p->text + p->len, p->at};
	struct cursor c = {.r = r, .line = &line, .pid = p->pid, .process = p};

	settle(&c, (struct outcome){.answer = ANSWER_UNSAID});
}

/* --- the other lines --- */

/* A call whose end has come: told at once, unless the next line of its process says whether it was refused. */
static void take_joined(struct cursor *c)
{
	struct process *p = c->process;
	const struct line line = {p->text, p->text + p->len, p->at};
	struct cursor whole = {.r = c->r, .line = &line, .s = line.s, .end = line.end, .process = p};
	const char *name;

	if (p->cut || !strace_front(&whole))
		return;
	for (name = whole.s; whole.s < whole.end && is_name_part(*whole.s); whole.s++)
		;
	p->held = NULL;
	if (!read_call(&whole, name, (size_t)(whole.s - name), NULL, (struct outcome){.answer = ANSWER_UNSAID}))
		p->held = strace_settle;
}

static bool take_resumed(struct cursor *c)
{
	const char *s = c->s + 5, *name = s;
	struct process *p = c->process;

	while (s < c->end && is_name_part(*s))
		s++;
	size_t len = (size_t)(s - name);
	if (!len || !starts(s, c->end, " resumed>"))
		return false;
	s += 9;
	if (p && p->held && p->open) {
		static const char tail[] = "<unfinished ...>";
		p->len -= p->len >= sizeof(tail) - 1 && !p->cut ? sizeof(tail) - 1 : 0;
		process_append(p, s, (size_t)(c->end - s));
		p->open = false;
		take_joined(c);
		return true;
	}
	struct event e = reader_event(c->r, c->line); /* it began before strace did */
	if (p && p->mode)
		e.abi = p->mode, e.abi_said = true;
	reader_name(c->r, &e, name, len);
	e.pid = c->pid;
	const char *result = strace_find_result(s, c->end);
	if (result)
		strace_result(result + 2, c->end, &e);
	emit(c, &e);
	return true;
}

static void tell_killed(struct cursor *c)
{
	struct process *p = c->process;

	if (p && p->held)
		settle(c, (struct outcome){.answer = ANSWER_KILLED});
	else if (!p || !p->killed)
		c->r->nameless++;
}

static bool take_end(struct cursor *c)
{
	bool killed = starts(c->s, c->end, "+++ killed by SIGSYS");

	if (killed)
		tell_killed(c);
	else if (c->process && c->process->held)
		settle(c, (struct outcome){.answer = ANSWER_UNSAID});
	if (c->process)
		process_forget(&c->r->processes, c->pid);
	return starts(c->s, c->end, "+++ ");
}

/* --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_errno=E2BIG, ..., si_syscall=__NR_socket, ...} --- */
static void take_trap(struct cursor *c)
{
	const char *code = find(c->s, c->end, "si_code=SYS_SECCOMP"), *data;
	struct process *p;

	if (!code)
		return; /* somebody sent it */
	struct event e = reader_event(c->r, c->line);
	if (c->process && c->process->mode)
		e.abi = c->process->mode;
	const char *arch = find(c->s, c->end, "si_arch=AUDIT_ARCH_"),
		   *name = find(c->s, c->end, "si_syscall=");
	e.pid = c->pid;
	e.answer = ANSWER_TRAPPED;
	data = find(c->s, c->end, "si_errno=");
	if (data) {
		for (e.data = data += 9; data < c->end && (is_name_part(*data)); data++)
			;
		e.data_len = (size_t)(data - e.data);
	}
	if (name) {
		name += 11;
		name += starts(name, c->end, "__NR_") ? 5 : 0;
		const char *end = name;
		while (end < c->end && is_name_part(*end))
			end++;
		reader_name(c->r, &e, name, (size_t)(end - name));
	}
	if (arch) {
		arch += 19;
		const char *end = arch;
		while (end < c->end && is_name_part(*end))
			end++;
		const struct abi *abi = arch_find(arch, (size_t)(end - arch));
		if (abi && (!e.abi || abi->audit != e.abi->audit))
			e.abi = abi;
		e.abi_said = abi != NULL;
	}
	p = c->process;
	if (p && p->held)
		settle(c, (struct outcome){ANSWER_TRAPPED, e.data, e.data_len});
	else
		emit(c, &e);
	p = process_get(&c->r->processes, c->pid);
	if (p)
		p->killed = true;
}

static bool take_signal(struct cursor *c)
{
	if (starts(c->s, c->end, "--- SIGSYS"))
		take_trap(c);
	else if (c->process && c->process->held && !c->process->open)
		settle(c, (struct outcome){.answer = ANSWER_UNSAID});
	return starts(c->s, c->end, "--- ");
}

/* [ Process PID=77 runs in 32 bit mode. ] */
static bool take_mode(struct cursor *c)
{
	static const char runs[] = " runs in ", mode[] = " mode. ]";
	const char *s = c->s + strlen("[ Process PID="), *end;
	uint64_t pid;

	if (!read_decimal(&s, c->end, &pid) || !starts(s, c->end, runs))
		return false;
	s += sizeof(runs) - 1;
	end = find(s, c->end, mode);
	if (!end)
		return false;
	const struct abi *native = c->r->to->abi;
	const struct abi *abi = native ? arch_of_mode(native, s, (size_t)(end - s)) : NULL;
	/* a line of one process alone has no number in front */
	uint64_t whose = c->pid ? c->pid : process_find(&c->r->processes, pid) ? pid : 0;
	struct process *p = process_get(&c->r->processes, c->pid ? pid : whose);
	if (p)
		p->mode = abi;
	if (!c->pid)
		c->r->mode = abi;
	return abi != NULL;
}

static bool is_notice(const struct cursor *c)
{
	const char *s = c->s;

	if (starts(s, c->end, "strace: "))
		return true;
	return starts(s, c->end, "Process ") &&
		(find(s, c->end, " attached") || find(s, c->end, " detached"));
}

static bool take_other(struct reader *r, const struct line *l)
{
	struct cursor c = {.r = r, .line = l, .s = l->s, .end = l->end};
	const char *name;

	if (starts(l->s, l->end, " > ")) {
		r->to->stacks++;
		return r->called > 0;
	}
	if (!strace_front(&c))
		return false;
	if (r->processes.count)
		c.process = process_find(&r->processes, c.pid);
	if (c.process && c.process->held && c.process->held != strace_settle)
		c.process->held(r, c.process); /* of another format */
	for (name = c.s; c.s < c.end && is_name_part(*c.s); c.s++)
		;
	if (c.s > name && c.s < c.end && *c.s == '(' && !is_digit(*name)) {
		const struct outcome none = {.answer = ANSWER_UNSAID};
		return read_call(&c, name, (size_t)(c.s - name), NULL, none);
	}
	c.s = name;
	switch (*name) {
	case '<':
		return starts(name, c.end, "<... ") && take_resumed(&c);
	case '+':
		return starts(name, c.end, "+++ ") && take_end(&c);
	case '-':
		return starts(name, c.end, "--- ") && take_signal(&c);
	case '[':
		return starts(name, c.end, "[ Process PID=") && take_mode(&c);
	default:
		return is_notice(&c);
	}
}

bool strace_line(struct reader *r, const struct line *l)
{
	return strace_count(r, l) || take_other(r, l);
}
