/* From what a line says to an event: names and numbers looked up, once each, and what is said beside calls. */

#include "reader.h"

#include "../../compiler/base/base.h"

#include <stdio.h>

struct event reader_event(const struct reader *r, const struct line *l)
{
	return (struct event){.abi = r->mode ? r->mode : r->to->abi,
		.count = 1,
		.path = r->path,
		.at = l->at,
		.line = l->s,
		.line_len = (size_t)(l->end - l->s),
		.hidden = r->hidden};
}

static bool find_name(const char *name, size_t len, uint16_t *id)
{
	/* tracepoints are named after the functions (kernel: fs/stat.c, kernel/sys.c, fs/read_write.c) */
	static const struct {
		const char *kernel, *call;
	} others[] = {{"newfstat", "fstat"}, {"newstat", "stat"}, {"newlstat", "lstat"},
		{"newuname", "uname"}, {"sendfile64", "sendfile"}};

	if (arch_syscall_find(name, len, id))
		return true;
	for (size_t i = 0; i < countof(others); i++) {
		if (is_text(name, len, others[i].kernel))
			return arch_syscall_find(others[i].call, strlen(others[i].call), id);
	}
	return false;
}

static struct named *slot_of(struct reader *r, const char *name, size_t len)
{
	size_t slot = len ? len * 67 + (unsigned char)name[0] * 5 + (unsigned char)name[len - 1] * 31 +
			(unsigned char)name[len / 2]
			  : 0;

	return &r->name[slot % countof(r->name)];
}

struct named *reader_named(struct reader *r, const struct abi *abi, const char *name, size_t len)
{
	struct named *n = slot_of(r, name, len);

	return n->len == len && n->abi == abi && memcmp(n->name, name, len) == 0 ? n : NULL;
}

void reader_flush(struct reader *r, struct named *n)
{
	const struct line l = {"", "", n->at};
	struct event e = reader_event(r, &l);

	if (!n->count)
		return;
	e.abi = n->abi;
	e.name = arch_syscall_name(n->id);
	e.name_len = strlen(e.name);
	e.has_id = true;
	e.id = n->id;
	e.has_nr = n->has_nr;
	e.nr = n->nr;
	e.answer = ANSWER_DONE;
	e.count = (double)n->count;
	r->to->calls += n->count - 1;
	n->count = 0;
	reader_emit(r, &e, KIND_STRACE);
}

void reader_name(struct reader *r, struct event *e, const char *name, size_t len)
{
	struct named *n = reader_named(r, e->abi, name, len);

	e->name = name;
	e->name_len = len;
	if (!n) {
		e->has_id = find_name(name, len, &e->id);
		e->has_nr = e->has_id && e->abi && arch_nr(e->abi, e->id, &e->nr);
		n = slot_of(r, name, len);
		if (!len || len > sizeof(n->name))
			return;
		reader_flush(r, n);
		*n = (struct named){.abi = e->abi,
			.len = len,
			.nr = e->nr,
			.id = e->id,
			.has_id = e->has_id,
			.has_nr = e->has_nr};
		memcpy(n->name, name, len);
		return;
	}
	e->has_id = n->has_id;
	e->id = n->id;
	e->has_nr = n->has_nr;
	e->nr = n->nr;
}

void reader_number(struct reader *r, struct event *e, uint32_t audit, uint32_t nr)
{
	size_t slot = (nr ^ audit) % countof(r->number);

	e->has_nr = e->by_number = true;
	e->nr = nr;
	e->abi = arch_of_call(audit, nr);
	if (!r->number[slot].filled || r->number[slot].nr != nr || r->number[slot].audit != audit) {
		const char *name = e->abi ? arch_nr_name(e->abi, nr) : NULL;
		uint16_t id = 0;
		bool named = name && arch_syscall_find(name, strlen(name), &id);
		r->number[slot].filled = true;
		r->number[slot].named = named;
		r->number[slot].audit = audit;
		r->number[slot].nr = nr;
		r->number[slot].id = id;
	}
	e->has_id = r->number[slot].named;
	e->id = r->number[slot].id;
}

void reader_keep(struct evidence_line *one, const struct event *e, const char *text, size_t len)
{
	one->path = e->path;
	one->at = e->at;
	if (e->hidden)
		len = 0;
	snprintf(one->text, sizeof(one->text), "%.*s", (int)(len < EVIDENCE_TEXT ? len : EVIDENCE_TEXT - 1),
		len ? text : "");
}

static void add_unnamed(struct evidence *to, const struct event *e)
{
	char number[24];
	struct evidence_line one;

	to->unnamed++;
	snprintf(number, sizeof(number), "%d", (int)e->nr);
	reader_keep(&one, e, e->name ? e->name : number, e->name ? e->name_len : strlen(number));
	for (size_t i = 0; i < to->names; i++) {
		if (strcmp(to->name[i].text, one.text) == 0)
			return;
	}
	if (to->names < EVIDENCE_SHOWN && *one.text)
		to->name[to->names++] = one;
}

static bool may_load(const struct event *e)
{
	return e->has_id && e->name &&
		(is_text(e->name, e->name_len, "seccomp") || is_text(e->name, e->name_len, "prctl"));
}

/* seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=9, filter=0x1000}) = 0; one of NULL asks what the kernel has. */
static void note_load(struct evidence *to, const struct event *e)
{
	const uint64_t set_seccomp = 22, mode_filter = 2,
		       set_mode_filter = 1; /* kernel: include/uapi/linux */
	struct event_args args;

	if (e->form != ARGS_STRACE || e->answer != ANSWER_DONE ||
		!find(e->args, e->args + e->args_len, "{len="))
		return;
	event_args(e, &args);
	bool is_prctl = *arch_syscall_name(e->id) == 'p';
	if (is_prctl ? args.value[0] != set_seccomp || args.value[1] != mode_filter
		     : args.value[0] != set_mode_filter)
		return;
	if (!to->loads++)
		reader_keep(&to->load, e, e->line, e->line_len);
}

void reader_emit(struct reader *r, struct event *e, enum evidence_kind kind)
{
	struct evidence *to = r->to;

	if (e->answer == ANSWER_ERROR && !event_is_error(e->error, e->error_len))
		e->answer = ANSWER_FAILED;
	to->seen[kind] = true;
	r->events++;
	r->stopped += e->answer == ANSWER_KILLED || e->answer == ANSWER_TRAPPED;
	to->calls++;
	if (!e->has_id)
		add_unnamed(to, e);
	if (may_load(e) && kind == KIND_STRACE)
		note_load(to, e);
	bool counts = to->take(to->context, e);
	struct named *n = counts && e->has_id && e->name && !e->by_number && kind == KIND_STRACE
		? reader_named(r, e->abi, e->name, e->name_len)
		: NULL;
	if (n && !may_load(e))
		n->counts = true;
}
