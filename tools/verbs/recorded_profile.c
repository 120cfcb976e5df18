#include "recorded_profile.h"

#include "../../compiler/base/buf_json.h"
#include "../../compiler/base/utf8.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/lint/start.h"
#include "../../compiler/meaning/partial_call.h"

#include <inttypes.h>
#include <string.h>

static const struct need {
	const char *syscall, *of, *why;
} needs[] = {
#define NEED(syscall, of, why) {#syscall, of, why},
#include "record_needs.tbl"
#undef NEED
};

struct writer {
	struct buf *out;
	const struct recording *r;
	const struct recorded_wish *wish;
	size_t entries;
};

/* --- which syscalls --- */

static bool is_recorded(const struct recording *r, const char *name, size_t len)
{
	uint16_t id;

	return arch_syscall_find(name, len, &id) && r->call[id].path;
}

static bool any_recorded(const struct recording *r, const char *list)
{
	bool any = !*list;

	for (size_t len; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		any = any || is_recorded(r, list, len);
	}
	return any;
}

/* Has it a number or a multiplexer there? */
static bool is_there(const struct recording *r, uint16_t id)
{
	uint32_t nr, code;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (r->abi[i] &&
			(arch_nr(&arch_abis[i], id, &nr) || arch_multiplexer(&arch_abis[i], id, &nr, &code)))
			return true;
	}
	return false;
}

/* A call without which no container starts, or not each; or one that stands in for another. */
static bool is_vital(const struct recorded_wish *w, const struct start_call *c)
{
	return start_serves(start_engine(c->engine), w->runtime, w->version) &&
		c->no_new_privs == w->no_new_privs && (c->eperm != START_STARTS || c->unless[0]);
}

/* Reasons that are in no recording, "; " before each but the first. False: there is none. */
static bool print_reasons(struct buf *b, const struct writer *w, uint16_t id)
{
	const char *name = arch_syscall_name(id), *between = "";
	bool any = false;

	for (size_t i = 0; i < countof(needs); i++) {
		if (strcmp(needs[i].syscall, name) != 0 || !any_recorded(w->r, needs[i].of))
			continue;
		buf_printf(b, "%s%s", between, needs[i].why);
		between = "; ";
		any = true;
	}
	for (const struct start_call *c = start_calls(); w->wish->runtime && c->name[0]; c++) {
		const struct start_engine *engine = start_engine(c->engine);
		if (strcmp(c->name, name) != 0 || !is_vital(w->wish, c))
			continue;
		buf_printf(b, "%s%s %s calls it before the program is there", between, engine->name, engine->version);
		between = "; ";
		any = true;
	}
	return any;
}

/* --- what the base has --- */

/* Does it let the call be made, whatever else of it there is? `seen` NULL: whatever its arguments. */
static bool lets(const struct policy *p, const struct abi *abi, uint32_t nr, const struct seen *seen)
{
	const struct seen nothing = {.value = {0}};
	const struct clause *open,
		*clause = partly_decide(p, abi->audit, nr, seen ? seen : &nothing, &open);

	return clause && (RET_ACTION(clause->ret) == RET_ALLOW ||
				 RET_ACTION(clause->ret) == action_ret(ACTION_LOG, 0));
}

/* On each ABI it is made on; else *refuses is one. */
static bool lets_everywhere(const struct recording *r, const struct policy *p, uint16_t id, const struct use *use,
	const struct abi **refuses)
{
	const struct recorded *c = &r->call[id];
	struct seen seen = {.value = {0}}, door = {.known = {UINT64_MAX}};
	uint32_t nr, code;

	for (size_t i = 0; use && i < c->args; i++) {
		unsigned arg = c->arg[i]->arg;
		seen.known[arg] = recording_bits(r->native, id, c->arg[i]);
		if (c->arg[i]->flags) /* any of those that were set in some call */
			seen.known[arg] &= ~use->value[arg];
		else
			seen.value[arg] = use->value[arg] & seen.known[arg];
	}
	for (size_t i = 0; i < arch_abi_count; i++) {
		*refuses = &arch_abis[i];
		if (!r->abi[i])
			continue;
		if (arch_nr(*refuses, id, &nr) && !lets(p, *refuses, nr, &seen))
			return false;
		/* what may have been made through one has no uses, but is allowed whole */
		if (use || !arch_multiplexer(*refuses, id, &nr, &code))
			continue;
		door.value[0] = code;
		if (!lets(p, *refuses, nr, &door))
			return false;
	}
	return true;
}

static bool is_in_base(const struct writer *w, uint16_t id, const struct use *use)
{
	const struct abi *refuses;

	return w->wish->means && lets_everywhere(w->r, w->wish->means, id, use, &refuses);
}

/* --- entries --- */

static void print_place(struct buf *b, double count, const char *path, uint64_t at)
{
	buf_printf(b, "%.0f call%s, first %s:%" PRIu64, count, count == 1 ? "" : "s", path, at);
}

static void print_whole(struct buf *b, const struct recorded *c)
{
	static const char *const why[] = {[WHOLE_NOT] = "", [WHOLE_UNASKED] = "",
		[WHOLE_UNSAID] = "; whole, as not every record has its arguments",
		[WHOLE_MANY] = "; whole, as its arguments differ too often",
		[WHOLE_UNSEEN] = "; whole, as arguments are not where a filter could see them"};

	buf_text(b, why[c->whole]);
	if (c->refused > 0)
		buf_printf(b, "; %.0f were refused by a filter when they were recorded", c->refused);
}

static void print_cond(struct buf *b, const struct writer *w, uint16_t id, const struct recording_arg *arg,
	uint64_t value)
{
	uint64_t bits = recording_bits(w->r->native, id, arg);

	if (arg->flags)
		buf_printf(b, "{\"index\": %u, \"value\": %" PRIu64 ", \"valueTwo\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}",
			arg->arg, bits & ~value);
	else if (bits == UINT64_MAX || w->r->native->bits == 32)
		buf_printf(b, "{\"index\": %u, \"value\": %" PRIu64 ", \"op\": \"SCMP_CMP_EQ\"}", arg->arg, value);
	else
		buf_printf(b,
			"{\"index\": %u, \"value\": %" PRIu64 ", \"valueTwo\": %" PRIu64
			", \"op\": \"SCMP_CMP_MASKED_EQ\"}",
			arg->arg, bits, value);
}

/* `use` NULL: the syscall whole. */
static void print_entry(struct writer *w, uint16_t id, const char *comment, const struct use *use)
{
	struct buf *b = w->out;

	buf_text(b, w->entries++ ? ",\n    {\"comment\": " : "{\"comment\": ");
	buf_json(b, comment, strlen(comment));
	buf_printf(b, ",\n     \"names\": [\"%s\"], \"action\": \"SCMP_ACT_ALLOW\"", arch_syscall_name(id));
	for (size_t i = 0; use && i < w->r->call[id].args; i++) {
		const struct recording_arg *arg = w->r->call[id].arg[i];
		buf_text(b, i ? ", " : ",\n     \"args\": [");
		print_cond(b, w, id, arg, use->value[arg->arg]);
	}
	buf_text(b, use ? "]}" : "}");
}

/* For the program and besides: one that is needed besides is allowed whole. */
static void print_syscall(struct writer *w, uint16_t id)
{
	const struct recorded *c = &w->r->call[id];
	struct buf why, reasons;

	buf_init(&why, w->out->arena);
	buf_init(&reasons, w->out->arena);
	bool needed = print_reasons(&reasons, w, id) && is_there(w->r, id);
	if (!c->path && !needed)
		return;
	for (size_t i = 0; i < c->uses && c->whole == WHOLE_NOT && !needed; i++) {
		if (is_in_base(w, id, &c->use[i]))
			continue;
		why.len = 0;
		print_place(&why, c->use[i].count, c->use[i].path, c->use[i].at);
		print_entry(w, id, buf_string(&why), &c->use[i]);
	}
	if ((c->whole == WHOLE_NOT && !needed) || is_in_base(w, id, NULL))
		return;
	if (c->path) {
		print_place(&why, c->count, c->path, c->at);
		print_whole(&why, c);
	}
	if (needed)
		buf_printf(&why, "%s%s", why.len ? "; " : "", buf_string(&reasons));
	print_entry(w, id, buf_string(&why), NULL);
}

static void print_syscalls(struct writer *w)
{
	for (size_t id = 0; id < arch_syscall_count(); id++)
		print_syscall(w, (uint16_t)id);
}

/* --- the whole --- */

static void print_head(const struct writer *w)
{
	const struct recording *r = w->r;
	const size_t own = (size_t)(r->native - arch_abis);

	buf_printf(w->out, "{\n  \"defaultAction\": \"%s\",\n  \"architectures\": [\"%s\"",
		w->wish->complain ? "SCMP_ACT_LOG" : "SCMP_ACT_ERRNO", r->native->oci);
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (r->abi[i] && i != own)
			buf_printf(w->out, ", \"%s\"", arch_abis[i].oci);
	}
	buf_text(w->out, "],\n  \"syscalls\": [\n    ");
}

void recorded_profile(struct buf *out, const struct recording *r, const struct recorded_wish *wish, size_t *entries)
{
	struct writer w = {.out = out, .r = r, .wish = wish};
	const struct source *base = wish->base;

	if (base)
		buf_add(out, base->bytes, wish->base_at);
	else
		print_head(&w);
	print_syscalls(&w);
	if (base) {
		buf_text(out, w.entries ? ",\n    " : "");
		buf_add(out, base->bytes + wish->base_at, base->len - wish->base_at);
	} else {
		buf_text(out, "\n  ]\n}\n");
	}
	*entries = w.entries;
}

bool recorded_refused(const struct recording *r, const struct recorded_wish *wish, const struct policy *p,
	const struct abi **abi, uint16_t *id)
{
	struct buf reasons;
	const struct writer w = {.r = r, .wish = wish};

	buf_init(&reasons, r->evidence.arena);
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		const struct recorded *c = &r->call[i];
		*id = (uint16_t)i;
		bool needed = print_reasons(&reasons, &w, *id) && is_there(r, *id);
		for (size_t k = 0; k < c->uses && c->whole == WHOLE_NOT && !needed; k++) {
			if (!lets_everywhere(r, p, *id, &c->use[k], abi))
				return true;
		}
		if (!needed && (!c->path || c->whole == WHOLE_NOT))
			continue;
		if (!lets_everywhere(r, p, *id, NULL, abi))
			return true;
	}
	return false;
}
