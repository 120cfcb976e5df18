/*
 * Audit records, of the kernel's own writing (ring buffer, journal), auditd's, or ausearch -i's:
 *
 *	[ 9.1] audit: type=1326 audit(1700000000.100:7): ... comm="web" ... sig=0 arch=c000003e syscall=41
 *		compat=0 ip=0x7f0000001000 code=0x50000
 *	type=SECCOMP msg=audit(...): ...               type=SYSCALL msg=audit(...): arch=... a0=26 a1=5 ...
 *	type=SECCOMP msg=audit(...) : ... arch=i386 syscall=socket ... code=errno
 *	audit[91]: SECCOMP auid=...                    the journal's
 *
 * What a program chose (comm, exe) stands in front of the numbers: a value in quotes is passed over as a
 * whole, and where ausearch -i lost the quotes, the last of two fields of a name is the kernel's. 'arch'
 * and bit 30 of the number say which ABI it is: 'compat' is 1 for x32, too.
 *
 * A call that a filter had logged and made has a seccomp record and, where calls are audited, one of the
 * call, with other serials: they are one event, so the first waits for the second.
 */

#include "reader.h"

#include <stdlib.h>

enum record { RECORD_NONE, RECORD_SECCOMP, RECORD_SYSCALL, RECORD_ABEND, RECORD_CONFIG, RECORD_OTHER };

/* Fields that are looked at. */
enum key {
	KEY_ARCH,
	KEY_SYSCALL,
	KEY_PID,
	KEY_CODE,
	KEY_COMM,
	KEY_SIG,
	KEY_EXIT,
	KEY_SUCCESS,
	KEY_OP,
	KEY_ACTIONS,
	KEYS
};

struct fields {
	const char *s, *end;
	bool interpreted; /* ausearch -i */
	struct {
		const char *s; /* without its quotes; NULL: there is none */
		size_t len;
	} value[KEYS];
};

static bool is_number(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(s[i]))
			return false;
	}
	return len > 0;
}

static enum record record_type(const char *s, size_t len)
{
	static const struct {
		const char *name, *number;
		enum record record;
	} types[] = {{"SECCOMP", "1326", RECORD_SECCOMP}, {"SYSCALL", "1300", RECORD_SYSCALL},
		{"ANOM_ABEND", "1701", RECORD_ABEND}, {"CONFIG_CHANGE", "1305", RECORD_CONFIG}};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (is_text(s, len, types[i].name) || is_text(s, len, types[i].number))
			return types[i].record;
	}
	if (is_number(s, len))
		return RECORD_OTHER;
	for (size_t i = 0; i < len; i++) {
		if (!(s[i] >= 'A' && s[i] <= 'Z') && s[i] != '_' && !is_digit(s[i]))
			return RECORD_NONE;
	}
	return len ? RECORD_OTHER : RECORD_NONE;
}

static const char *word_end(const char *s, const char *end)
{
	while (s < end && !is_blank(*s))
		s++;
	return s;
}

static enum key find_key(const char *s, size_t len)
{
	static const char *const names[KEYS] = {
		"arch", "syscall", "pid", "code", "comm", "sig", "exit", "success", "op", "actions"};

	for (unsigned key = 0; len && key < KEYS; key++) {
		if (*s == *names[key] && is_text(s, len, names[key]))
			return (enum key)key;
	}
	return KEYS;
}

/* What is behind '=': *end is its end, which is returned with the quote behind it. */
static const char *take_value(const char **start, const char **end, const char *line_end)
{
	if (*start == line_end || **start != '"') {
		*end = word_end(*start, line_end);
		return *end;
	}
	++*start;
	const char *quote = memchr(*start, '"', (size_t)(line_end - *start));
	*end = quote ? quote : line_end;
	return quote ? quote + 1 : line_end;
}

/* All of them, in one go. Of ausearch's, which has lost the quotes, the last of a name is the kernel's. */
static void read_fields(struct fields *f)
{
	const char *s = f->s;

	while (s < f->end) {
		const char *word = s = skip_blanks(s, f->end), *end;
		while (s < f->end && !is_blank(*s) && *s != '=')
			s++;
		if (s == f->end || *s != '=')
			continue;
		enum key key = find_key(word, (size_t)(s - word));
		const char *value = s + 1;
		s = take_value(&value, &end, f->end);
		if (key < KEYS && (!f->value[key].s || f->interpreted)) {
			f->value[key].s = value;
			f->value[key].len = (size_t)(end - value);
		}
	}
}

static const char *field(const struct fields *f, enum key key, size_t *len)
{
	*len = f->value[key].len;
	return f->value[key].s;
}

static bool field_is(const struct fields *f, enum key key, const char *text)
{
	return f->value[key].s && is_text(f->value[key].s, f->value[key].len, text);
}

/* Which record it is, and its fields. */
static enum record find_record(const struct line *l, struct fields *f)
{
	const char *type = starts(l->s, l->end, "type=") ? l->s : find(l->s, l->end, " type="), *at;

	if (type) {
		type += *type == ' ' ? 6 : 5;
		at = word_end(type, l->end);
		enum record record = record_type(type, (size_t)(at - type));
		const char *stamp = find(at, l->end, "audit(");
		const char *colon = stamp ? memchr(stamp, ')', (size_t)(l->end - stamp)) : NULL;
		if (record == RECORD_NONE || !colon || stamp - at > 8)
			return RECORD_NONE;
		f->interpreted = starts(colon, l->end, ") :");
		f->s = colon + 1;
		read_fields(f);
		return record;
	}
	type = find(l->s, l->end, " audit["); /* the journal's */
	at = type ? memchr(type, ']', (size_t)(l->end - type)) : NULL;
	if (!at || !starts(at, l->end, "]: "))
		return RECORD_NONE;
	type = at + 3;
	at = word_end(type, l->end);
	f->s = at;
	read_fields(f);
	return record_type(type, (size_t)(at - type));
}

static uint64_t read_pid(const struct fields *f)
{
	size_t len;
	const char *value = field(f, KEY_PID, &len);
	uint64_t pid = 0;

	if (value)
		read_decimal(&value, value + len, &pid);
	return pid;
}

/* arch= and syscall=, numbers or, from ausearch -i, names. False: there is no call in it. */
static bool read_what(struct reader *r, const struct fields *f, struct event *e)
{
	size_t arch_len, len;
	const char *arch = field(f, KEY_ARCH, &arch_len), *call = field(f, KEY_SYSCALL, &len);
	uint64_t audit, nr = 0;

	if (!arch || !call || !len)
		return false;
	const char *s = call + (*call == '-');
	bool numbered = read_decimal(&s, call + len, &nr) && s == call + len;
	const struct abi *abi = f->interpreted ? arch_find(arch, arch_len) : NULL;
	s = arch;
	if (abi)
		audit = abi->audit;
	else if (!read_hex(&s, arch + arch_len, &audit) || s != arch + arch_len || audit > UINT32_MAX)
		return false; /* s390's is 16 */
	if (numbered && nr > UINT32_MAX)
		return false; /* no kernel writes it */
	e->abi_said = true;
	if (numbered) {
		reader_number(r, e, (uint32_t)audit, *call == '-' ? (uint32_t)-nr : (uint32_t)nr);
		return true;
	}
	e->abi = arch_of_call((uint32_t)audit, 0);
	reader_name(r, e, call, len);
	return e->abi != NULL;
}

/* SECCOMP_RET_* without its data (kernel: kernel/auditsc.c audit_seccomp()), or ausearch's word */
static enum event_answer read_code(const struct fields *f)
{
	static const struct {
		uint64_t code;
		const char *word;
		enum event_answer answer;
	} codes[] = {{0x80000000, "kill-process", ANSWER_KILLED}, {0, "kill-thread", ANSWER_KILLED},
		{0, "kill", ANSWER_KILLED}, {0x30000, "trap", ANSWER_TRAPPED},
		{0x50000, "errno", ANSWER_REFUSED}, {0x7fc00000, "user-notif", ANSWER_NOTIFIED},
		{0x7ff00000, "trace", ANSWER_TRACED}, {0x7ffc0000, "log", ANSWER_LOGGED},
		{0x7fff0000, "allow", ANSWER_DONE}};
	size_t len;
	const char *code = field(f, KEY_CODE, &len);

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(*codes); i++) {
		uint64_t value;
		const char *s = code + 2;
		bool number = starts(code, code + len, "0x") && read_hex(&s, code + len, &value);
		if (number ? value == codes[i].code : is_text(code, len, codes[i].word))
			return codes[i].answer;
	}
	return ANSWER_UNSAID;
}

/* A name with quotes, blanks or worse in it is hexadecimal, without quotes of its own. */
static void read_comm(struct reader *r, const struct fields *f, struct event *e)
{
	size_t len, decoded = 0;
	const char *comm = field(f, KEY_COMM, &len);

	e->comm = comm;
	e->comm_len = len;
	if (!comm || f->interpreted || comm[-1] == '"' || len % 2 || len / 2 > sizeof(r->comm))
		return;
	for (size_t i = 0; i < len; i += 2) {
		const char *s = comm + i;
		uint64_t byte;
		if (!read_hex(&s, s + 2, &byte) || s != comm + i + 2)
			return;
		r->comm[decoded++] = (char)byte;
	}
	e->comm = r->comm;
	e->comm_len = decoded;
}

/* A logged call that waits for the record of the call itself, told. */
static void settle(struct reader *r, struct process *p)
{
	const struct line line = {p->text, p->text + p->len, p->at};
	struct event e = reader_event(r, &line);
	struct fields f = {.end = line.end};

	p->held = NULL;
	if (find_record(&line, &f) == RECORD_NONE || !read_what(r, &f, &e))
		return;
	e.pid = p->pid;
	e.answer = read_code(&f);
	read_comm(r, &f, &e);
	reader_emit(r, &e, KIND_AUDIT);
}

static bool take_seccomp(struct reader *r, const struct line *l, const struct fields *f)
{
	struct event e = reader_event(r, l);

	if (!read_what(r, f, &e))
		return false;
	e.pid = read_pid(f);
	e.answer = read_code(f);
	read_comm(r, f, &e);
	struct process *p = process_get(&r->processes, e.pid);
	if (p && p->held)
		p->held(r, p);
	if (p)
		p->killed = e.answer == ANSWER_KILLED || e.answer == ANSWER_TRAPPED;
	if (p && e.answer == ANSWER_LOGGED && l->end - l->s <= PROCESS_TEXT)
		process_hold(p, settle, l->s, (size_t)(l->end - l->s), l->at);
	else
		reader_emit(r, &e, KIND_AUDIT);
	return true;
}

/* exit=-13, or from ausearch -i exit=EACCES(Permission denied) */
static void read_exit(const struct fields *f, struct event *e)
{
	size_t len;
	const char *value = field(f, KEY_EXIT, &len);

	if (!value || !len)
		return;
	e->answer = ANSWER_DONE;
	if (!field_is(f, KEY_SUCCESS, "no"))
		return;
	e->error = value + (*value == '-');
	for (e->error_len = 0; e->error + e->error_len < value + len && is_name_part(e->error[e->error_len]);)
		e->error_len++;
	e->answer = ANSWER_ERROR;
}

static bool take_syscall(struct reader *r, const struct line *l, const struct fields *f)
{
	struct event e = reader_event(r, l);

	if (!read_what(r, f, &e))
		return false;
	e.pid = read_pid(f);
	e.form = ARGS_RECORD;
	e.args = f->s;
	e.args_len = (size_t)(f->end - f->s);
	read_exit(f, &e);
	read_comm(r, f, &e);
	struct process *p = process_find(&r->processes, e.pid);
	if (p && p->held == settle) {
		/* of the logged call itself, or that one has no record */
		const struct line line = {p->text, p->text + p->len, p->at};
		struct event logged = reader_event(r, &line);
		struct fields held = {.end = line.end};
		bool same = find_record(&line, &held) != RECORD_NONE && read_what(r, &held, &logged) &&
			logged.abi == e.abi && (logged.has_id ? logged.id == e.id : logged.nr == e.nr);
		if (!same)
			settle(r, p);
		p->held = NULL;
	}
	reader_emit(r, &e, KIND_AUDIT);
	return true;
}

/* An end by SIGSYS: the only trace of a trap that nobody caught, where traps are not logged. */
static void take_abend(struct reader *r, const struct fields *f)
{
	struct process *p = process_find(&r->processes, read_pid(f));
	bool told = p && p->killed;

	r->to->seen[KIND_AUDIT] = true;
	if (!told && (field_is(f, KEY_SIG, "31") || field_is(f, KEY_SIG, "SIGSYS")))
		r->to->nameless++; /* of this very process */
	if (p && !p->held)
		process_forget(&r->processes, p->pid);
}

/* op=seccomp-logging actions=kill_process,trap old-actions=... */
static void take_config(struct reader *r, const struct fields *f)
{
	size_t len;
	const char *actions = field(f, KEY_ACTIONS, &len);

	if (!field_is(f, KEY_OP, "seccomp-logging") || !actions)
		return;
	len = len < sizeof(r->to->logged) ? len : sizeof(r->to->logged) - 1;
	memcpy(r->to->logged, actions, len);
	r->to->logged[len] = '\0';
}

/* "kauditd_printk_skb: 190 callbacks suppressed" */
static bool take_loss(struct reader *r, const struct line *l)
{
	static const char skb[] = "kauditd_printk_skb: ";
	const char *s = find(l->s, l->end, skb);
	uint64_t count;

	if (!s)
		return false;
	s += sizeof(skb) - 1;
	if (!read_decimal(&s, l->end, &count) || !starts(s, l->end, " callbacks suppressed"))
		return false;
	r->to->lost += count;
	r->to->seen[KIND_AUDIT] = true;
	return true;
}

bool audit_line(struct reader *r, const struct line *l)
{
	struct fields f = {.end = l->end};
	const char *enriched = memchr(l->s, 0x1d, (size_t)(l->end - l->s));

	if (enriched)
		f.end = enriched; /* auditd's own words for what stands before */
	switch (find_record(l, &f)) {
	case RECORD_NONE:
		return take_loss(r, l);
	case RECORD_SECCOMP:
		return take_seccomp(r, l, &f);
	case RECORD_SYSCALL:
		return take_syscall(r, l, &f);
	case RECORD_ABEND:
		take_abend(r, &f);
		return true;
	case RECORD_CONFIG:
		take_config(r, &f);
		return true;
	case RECORD_OTHER:
		return true;
	}
	return false;
}
