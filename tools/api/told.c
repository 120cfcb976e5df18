/* Findings as data: a list in place of the chains of diag.h. */

#include "told.h"

static size_t count_all(const struct diags *diags)
{
	size_t count = 0;

	for (const struct diag *d = diags->first; d; d = d->next) {
		count++;
		for (const struct diag *note = d->note; note; note = note->note)
			count++;
	}
	return count;
}

static enum winnow_severity severity_of(enum severity severity)
{
	switch (severity) {
	case SEVERITY_NOTE:
		return WINNOW_NOTE;
	case SEVERITY_WARNING:
		return WINNOW_WARNING;
	case SEVERITY_ERROR:
		return WINNOW_ERROR;
	}
	unreachable();
}

static struct winnow_diagnostic make(const struct diag *d, const struct source_index *index, size_t of)
{
	struct winnow_diagnostic out = {
		.size = sizeof(out), .severity = severity_of(d->severity), .code = "", .slug = "", .text = d->text, .of = of};

	out.runtimes = d->whom ? d->whom : d->by.who;
	out.has_place = d->at != NOWHERE;
	if (!out.has_place)
		return out;
	struct source_line line = source_line(index, d->at);
	out.line = line.number;
	out.column = d->at - line.start + 1;
	out.offset = d->at;
	out.length = d->len;
	return out;
}

const char *told_error(const struct diags *diags)
{
	for (const struct diag *d = diags->first; d; d = d->next) {
		if (d->severity == SEVERITY_ERROR)
			return d->text;
	}
	return NULL;
}

void told_take(struct winnow_side *s)
{
	size_t count = count_all(&s->diags), at = 0;
	struct winnow_diagnostic *out = arena_alloc(&s->owned.arena, count, sizeof(*out));
	struct source_index index;

	source_index(&index, &s->owned.arena, &s->source);
	for (const struct diag *d = s->diags.first; d; d = d->next) {
		const struct diag_kind *kind = &diag_kinds[d->id];
		size_t of = at;
		out[at] = make(d, &index, of);
		out[at].code = kind->code;
		out[at].slug = kind->slug;
		out[at++].about = diag_about[d->id];
		for (const struct diag *note = d->note; note; note = note->note)
			out[at++] = make(note, &index, of);
	}
	s->diagnostic = out;
	s->diagnostics = count;
	if (!s->error)
		s->error = told_error(&s->diags);
}

size_t winnow_diagnostics(const struct winnow_side *s)
{
	return s ? s->diagnostics : 0;
}

enum winnow_status winnow_diagnostic(const struct winnow_side *s, size_t index, struct winnow_diagnostic *out)
{
	if (!s || !out || index >= s->diagnostics)
		return WINNOW_USAGE;
	return hand_out(out, &s->diagnostic[index], sizeof(*out));
}
