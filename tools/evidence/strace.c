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

#include "reader.h"

struct cursor {
	struct reader *r;
	const struct line *line;
	const char *s, *end;
	uint64_t pid;
	bool numbered, foreign; /* -n; it could not tell the number */
	uint32_t nr;
	struct process *process; /* NULL: nothing is remembered */
};

/* What came of a call that was waited for. */
struct outcome {
	enum event_answer answer; /* ANSWER_UNSAID: as its line has it */
	const char *data;         /* of a trap */
	size_t data_len;
};

static void settle(struct cursor *, struct outcome);
static void settle_unsaid(struct reader *, struct process *);

/* --- what is in front --- */

static const char *behind(const char *s, const char *end, char c)
{
	const char *at = memchr(s, c, (size_t)(end - s));

	return at ? at + 1 : NULL;
}

/* "[pid 77] ", "[pid 77<comm>] ", "[ 102] ", "[???] ", "[00007f0c2b3e1a57] " */
static bool take_bracket(struct cursor *c)
{
	const char *s = skip_blanks(c->s + 1, c->end), *close = behind(s, c->end, ']');
	uint64_t value;

	if (!close)
		return false;
	size_t len = (size_t)(close - 1 - s);
	if (starts(s, close, "pid ")) {
		s = skip_blanks(s + 4, close);
		if (!read_decimal(&s, close, &c->pid))
			return false;
	} else if (len && *s == '?') {
		c->foreign = len < 8; /* as many for an address that is not known */
	} else if (len == 16 || len == 8) {
		if (!read_hex(&s, close, &value) || *s != ']')
			return false;
	} else {
		if (!read_decimal(&s, close, &value) || *s != ']' || value > UINT32_MAX)
			return false;
		c->numbered = true;
		c->nr = (uint32_t)value;
	}
	c->s = skip_blanks(close, c->end);
	return true;
}

/* "77 ", "77<comm> ", "12:00:00.123 ", "1700000000.123 " */
static bool take_digits(struct cursor *c, bool *first)
{
	const char *s = c->s;
	uint64_t value;

	if (!read_decimal(&s, c->end, &value))
		return false;
	if (s < c->end && (*s == '.' || *s == ':')) {
		while (s < c->end && (is_digit(*s) || *s == '.' || *s == ':' || *s == '-' || *s == '+' || *s == 'T'))
			s++;
	} else if (*first) {
		c->pid = value;
		*first = false;
		if (s < c->end && *s == '<' && !(s = behind(s, c->end, '>')))
			return false;
	}
	if (s == c->end || !is_blank(*s))
		return false;
	c->s = skip_blanks(s, c->end);
	return true;
}

static bool take_front(struct cursor *c)
{
	bool first = true;

	c->s = skip_blanks(c->s, c->end);
	while (c->s < c->end) {
		if (is_digit(*c->s)) {
			if (!take_digits(c, &first))
				return false;
		} else if (*c->s == '[' && !starts(c->s, c->end, "[ Process PID=")) {
			if (!take_bracket(c))
				return false;
		} else if (starts(c->s, c->end, "(+")) {
			const char *s = behind(c->s, c->end, ')');
			if (!s)
				return false;
			c->s = skip_blanks(s, c->end);
		} else {
			break;
		}
	}
	return c->s < c->end;
}

/* --- a call --- */

/* The '=' of " = RESULT", sought from the end; NULL: none that cannot be a part of an argument. */
static const char *find_result_fast(const char *s, const char *end)
{
	const char *at = end - 2;

	if (end > s && end[-1] == ')') { /* an error's words in brackets */
		while (at > s && *at != '(' && *at != '"')
			at--;
	}
	for (; at > s; at--) {
		if (*at == '=' && at[1] == ' ' && at[-1] == ' ')
			return at;
		if (*at == '"' || *at == '>')
			return NULL;
	}
	return NULL;
}

/* The same by going through the arguments: strings and brackets hold anything. */
static const char *find_result(const char *s, const char *end)
{
	unsigned depth = 1;

	for (; s < end && depth; s++) {
		if (*s == '"') {
			for (s++; s < end && *s != '"'; s++)
				s += *s == '\\';
		} else if (*s == '<' && is_digit(s[-1])) {
			while (s + 1 < end && !(*s == '>' && memchr(",)|] }", s[1], 6)))
				s++;
		} else if (*s == '(' || *s == '[' || *s == '{') {
			depth++;
		} else if (*s == ')' || *s == ']' || *s == '}') {
			depth--;
		}
	}
	s = s < end ? skip_blanks(s, end) : end;
	return s + 1 < end && *s == '=' && s[1] == ' ' ? s : NULL;
}

/* -T: " <0.000012>" */
static const char *cut_duration(const char *s, const char *end)
{
	const char *at = end;

	if (end - s < 4 || end[-1] != '>')
		return end;
	for (at = end - 2; at > s && (is_digit(*at) || *at == '.'); at--)
		;
	if (*at != '<' || at == end - 2 || at[-1] != ' ')
		return end;
	while (at > s && is_blank(at[-1]))
		at--;
	return at;
}

/* "3", "0x7f00", "?", "-1 EPERM (Operation not permitted)", "-1 (errno 524)" */
static bool read_result(struct cursor *c, struct event *e, const char *s)
{
	uint64_t value = 0;
	const char *at = s;

	if (s == c->end)
		return false;
	if (*s == '?') {
		e->answer = ANSWER_UNSAID;
		return true;
	}
	bool minus = *at == '-';
	at += minus;
	if (starts(at, c->end, "0x")) {
		at += 2;
		if (!read_hex(&at, c->end, &value))
			return false;
	} else if (!read_decimal(&at, c->end, &value)) {
		return false;
	}
	e->answer = ANSWER_DONE;
	e->value = minus ? -value : value;
	e->has_value = true;
	if (!minus)
		return true;
	at = skip_blanks(at, c->end);
	if (starts(at, c->end, "(errno "))
		at += 7;
	for (e->error = at; at < c->end && is_name_part(*at); at++)
		;
	e->error_len = (size_t)(at - e->error);
	if (e->error_len)
		e->answer = ANSWER_ERROR;
	return true;
}

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

/* Is what it returned its own number, or '?'? Then it may be that it was not made. */
static bool may_be_refused(const struct event *e)
{
	return e->answer == ANSWER_UNSAID || (e->answer == ANSWER_DONE && e->has_nr && e->value == e->nr);
}

/* False: there are too many processes to wait for it. */
static bool hold(struct cursor *c, bool open)
{
	struct process *p = c->process ? c->process : process_get(&c->r->processes, c->pid);

	if (!p)
		return false;
	process_hold(p, settle_unsaid, c->line->s, (size_t)(c->end - c->line->s), c->line->at);
	p->open = open;
	return true;
}

static bool ends_in(const char *s, const char *end, const char *tail)
{
	size_t len = strlen(tail);

	return (size_t)(end - s) >= len && memcmp(end - len, tail, len) == 0;
}

/* NAME(ARGUMENTS) = RESULT. False: the line is not like that. */
static bool read_returned(struct cursor *c, struct event *e, bool cut)
{
	const char *equals = find_result_fast(e->args, c->end), *close;

	if (!equals && !cut)
		equals = find_result(e->args, c->end);
	for (close = equals; close && close > e->args && is_blank(close[-1]); close--)
		;
	if (!close || close == e->args || close[-1] != ')')
		return false;
	e->args_len = (size_t)(close - 1 - e->args);
	return read_result(c, e, equals + 2);
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
	c->end = cut_duration(e.args, c->end);
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
	if (!take_front(&held))
		return;
	for (name = held.s; held.s < held.end && is_name_part(*held.s); held.s++)
		;
	read_call(&held, name, (size_t)(held.s - name), p, outcome);
}

static void settle_unsaid(struct reader *r, struct process *p)
{
	const struct line line = {p->text, p->text + p->len, p->at};
	struct cursor c = {.r = r, .line = &line, .pid = p->pid, .process = p};

	settle(&c, (struct outcome){.answer = ANSWER_UNSAID});
}

/* --- the other lines --- */

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
		/* whether it was refused, the next line of the process says */
		return true;
	}
	struct event e = reader_event(c->r, c->line); /* it began before strace did */
	if (p && p->mode)
		e.abi = p->mode, e.abi_said = true;
	reader_name(c->r, &e, name, len);
	e.pid = c->pid;
	const char *result = find_result_fast(s, c->end);
	if (result)
		read_result(c, &e, result + 2);
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
	const char *arch = find(c->s, c->end, "si_arch=AUDIT_ARCH_"), *name = find(c->s, c->end, "si_syscall=");
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
	return starts(s, c->end, "Process ") && (find(s, c->end, " attached") || find(s, c->end, " detached"));
}

/*
 * Most lines are of a call of which the number is enough, that returned something: they are looked at
 * no more than it takes to see that.
 */
static bool count_call(const struct cursor *c, const char *name)
{
	const struct abi *abi = c->r->mode ? c->r->mode : c->r->to->abi;
	struct named *n = reader_named(c->r, abi, name, (size_t)(c->s - name));
	uint64_t value;

	if (!n || !n->counts || c->numbered || (c->process && (c->process->held || c->process->mode)))
		return false;
	const char *end = cut_duration(c->s, c->end), *equals = find_result_fast(c->s + 1, end), *close = equals;
	if (!equals || !is_digit(equals[2]))
		return false;
	while (is_blank(close[-1]))
		close--;
	const char *s = equals + 2;
	bool hex = starts(s, end, "0x");
	s += hex ? 2 : 0;
	if (close[-1] != ')' || !(hex ? read_hex(&s, end, &value) : read_decimal(&s, end, &value)) || value == n->nr)
		return false;
	if (c->process)
		c->process->killed = false;
	if (!n->count++)
		n->at = c->line->at;
	c->r->called++;
	return true;
}

/* The same beginning as the last line's, and nothing more in front of what it is. */
static bool same_front(struct cursor *c)
{
	const struct reader *r = c->r;

	if (!r->front_len || (size_t)(c->end - c->s) <= r->front_len || memcmp(c->s, r->front, r->front_len) != 0)
		return false;
	char next = c->s[r->front_len];
	if (!is_name_part(next) || is_digit(next))
		return false;
	c->s += r->front_len;
	c->pid = r->front_pid;
	return true;
}

static bool find_front(struct cursor *c)
{
	struct reader *r = c->r;
	const char *start = c->s;

	if (same_front(c))
		return true;
	if (!take_front(c))
		return false;
	size_t len = (size_t)(c->s - start);
	bool plain = c->pid && len < sizeof(r->front) && !c->numbered && !c->foreign && !memchr(start, ':', len) &&
		!memchr(start, '.', len) && is_digit(*start);
	if (plain) {
		memcpy(r->front, start, len);
		r->front_len = len;
		r->front_pid = c->pid;
	}
	return true;
}

bool strace_line(struct reader *r, const struct line *l)
{
	struct cursor c = {.r = r, .line = l, .s = l->s, .end = l->end};
	const char *name;

	if (starts(l->s, l->end, " > ")) {
		r->to->stacks++;
		return r->called > 0;
	}
	if (!find_front(&c))
		return false;
	if (r->processes.count)
		c.process = process_find(&r->processes, c.pid);
	if (c.process && c.process->held && c.process->held != settle_unsaid)
		c.process->held(r, c.process); /* of another format */
	for (name = c.s; c.s < c.end && is_name_part(*c.s); c.s++)
		;
	if (c.s > name && c.s < c.end && *c.s == '(' && !is_digit(*name)) {
		const struct outcome none = {.answer = ANSWER_UNSAID};
		if (count_call(&c, name))
			return true;
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
