#include "target.h"

#include "compiler/base/base.h"
#include "compiler/base/utf8.h"

#include <string.h>

size_t choose(struct choice *c, size_t n)
{
	if (!c->len)
		return 0;
	c->len--;
	return (uint8_t)(*c->byte++ - '0') % n;
}

struct choice choice_start(const uint8_t **bytes, size_t *len, size_t choices)
{
	struct choice c = {*bytes, choices < *len ? choices : *len};

	*bytes += c.len;
	*len -= c.len;
	return c;
}

/* --- what is said --- */

void check_shown(const char *text, size_t len)
{
	uint32_t code;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_read(text + at, len - at, &code);
		assert(n > 0);
		assert(code == '\n' || code == '\t' || code >= 0x20);
		assert(code < 0x7f || code > 0x9f);
	}
}

static void check_place(const struct diag *d, size_t len)
{
	assert(d->id < DIAG_IDS && d->text && *d->text && d->len > 0);
	assert(d->at == NOWHERE || (d->at <= len && d->len <= len - d->at + 1));
}

void check_diags(struct diags *diags)
{
	size_t count[3] = {0}, kept = 0;
	struct buf b;

	for (const struct diag *d = diags->first; d; d = d->next, kept++) {
		check_place(d, diags->source->len);
		count[d->severity]++;
		for (const struct diag *note = d->note; note; note = note->note)
			check_place(note, diags->source->len);
	}
	assert(count[0] <= diags->count[0] && count[1] <= diags->count[1]);
	assert((count[SEVERITY_ERROR] != 0) == diags_failed(diags));
	assert((diags_exit(diags) != 0) == diags_failed(diags));
	assert(kept + diags->unshown == diags->count[0] + diags->count[1] + diags->count[2]);
	buf_init(&b, diags->arena);
	diags_print(&b, diags, SEVERITY_NOTE, false);
	check_shown(b.bytes, b.len);
}

/* --- calls --- */

static uint32_t mix(uint32_t salt)
{
	uint64_t z = (salt + UINT64_C(1)) * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	return (uint32_t)(z >> 29);
}

static uint64_t near_cond(const struct range *r, unsigned arg, uint32_t salt)
{
	const struct clause *clause = &r->clause[mix(salt) % r->clauses];
	uint64_t anything = (uint64_t)mix(salt + 1) << 32 | mix(salt + 2);

	for (size_t i = 0; i < clause->conds; i++) {
		const struct cond *c = &clause->cond[i];
		if (c->arg == arg)
			return (c->value + salt % 3 - 1) | (anything & ~c->mask);
	}
	return salt % 2 ? anything : salt % 64;
}

struct call make_call(const struct policy *p, uint32_t salt)
{
	struct call call = {.arch = mix(salt), .nr = mix(salt + 1), .ip = mix(salt + 2)};

	if (!p->domains)
		return call;
	const struct domain *d = &p->domain[mix(salt + 3) % p->domains];
	const struct range *r = &d->range[mix(salt + 4) % d->ranges];
	call.arch = d->audit;
	call.nr = mix(salt + 5) % 2 ? r->first : r->last;
	for (unsigned arg = 0; arg < CALL_ARGS; arg++)
		call.args[arg] = near_cond(r, arg, mix(salt + 6 + arg));
	return call;
}
