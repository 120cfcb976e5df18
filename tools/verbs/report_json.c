/*
 * {"version": 1, "tool": ..., "files": [{"path", "profile" (of several in the file), "errors", "warnings", "notes", "findings":
 * [...]}]}
 *
 * A finding has code, slug, severity, message, runtimes (those asked for under which it is so; empty:
 * it is so for all), architectures (those asked for on which; empty: on all), place and notes. Line and column count from 1, columns and length in bytes; all
 * are null for what has no place. Keys may be added without a new version.
 */

#include "../cli/quote.h"
#include "report.h"
#include "../lib/version.h"

static void write_place(struct buf *b, const struct source_index *index, const struct diag *d)
{
	if (d->at == NOWHERE) {
		buf_text(b, "\"line\": null, \"column\": null, \"length\": null");
		return;
	}
	struct source_line line = source_line(index, d->at);
	buf_printf(b, "\"line\": %u, \"column\": %u, \"length\": %u", line.number,
		d->at - line.start + 1, d->len);
}

static const char *runtime_name(const struct report *r, size_t i)
{
	return r->reader[i];
}

static const char *abi_name(const struct report *r, size_t i)
{
	return r->abi[i]->name;
}

static void write_names(struct buf *b, const struct report *r,
	const char *(*name)(const struct report *, size_t), size_t names, uint32_t bits)
{
	const char *comma = "";

	buf_text(b, "[");
	for (size_t i = 0; i < names; i++) {
		if (!(bits >> i & 1))
			continue;
		buf_text(b, comma);
		quote_json(b, name(r, i));
		comma = ", ";
	}
	buf_text(b, "]");
}

void report_for(struct buf *b, const struct report *r, const struct findings *f, size_t at)
{
	buf_text(b, "\"runtimes\": ");
	write_names(b, r, runtime_name, r->readers, f->readers[at]);
	buf_text(b, ", \"architectures\": ");
	write_names(b, r, abi_name, r->abis, f->nodes[at]);
}

static void write_notes(struct buf *b, const struct source_index *index, const struct diag *note)
{
	buf_text(b, ", \"notes\": [");
	for (const char *comma = ""; note; note = note->note, comma = ", ") {
		buf_printf(b, "%s{\"message\": ", comma);
		quote_json(b, note->text);
		buf_text(b, ", ");
		write_place(b, index, note);
		buf_text(b, "}");
	}
	buf_text(b, "]");
}

static void write_finding(struct buf *b, const struct report *r, const struct source_index *index,
	const struct findings *findings, const struct diag *d, size_t at)
{
	const struct diag_kind *kind = &diag_kinds[d->id];

	buf_printf(b,
		"\n      {\"code\": \"%s\", \"slug\": \"%s\", \"severity\": \"%s\", \"message\": ",
		kind->code, kind->slug, severity_names[d->severity]);
	quote_json(b, d->text);
	buf_text(b, ", ");
	write_place(b, index, d);
	buf_text(b, ", ");
	report_for(b, r, findings, at);
	write_notes(b, index, d->note);
	buf_text(b, "}");
}

static void write_file(struct buf *b, const struct report *r, const struct report_file *file)
{
	const struct diags *diags = &file->findings.diags;
	struct source_index index = {0};
	size_t n = 0;

	if (diags->source)
		source_index(&index, b->arena, diags->source);
	buf_text(b, "\n    {\"path\": ");
	quote_json(b, file->path);
	if (file->profile) {
		buf_text(b, ", \"profile\": ");
		quote_json(b, file->profile);
	}
	buf_printf(b,
		", \"read\": %s, \"errors\": %zu, \"warnings\": %zu, \"notes\": %zu, \"findings\": "
		"[",
		file->read ? "true" : "false", diags->count[SEVERITY_ERROR],
		diags->count[SEVERITY_WARNING], diags->count[SEVERITY_NOTE]);
	for (const struct diag *d = diags->first; d; d = d->next, n++) {
		buf_text(b, n ? "," : "");
		write_finding(b, r, &index, &file->findings, d, n);
	}
	buf_text(b, "]}");
}

void report_json(struct buf *b, const struct report *r)
{
	buf_printf(b,
		"{\n  \"version\": %d,\n  \"tool\": {\"name\": \"winnow\", \"version\": \"%s\"},\n",
		REPORT_VERSION, WINNOW_VERSION);
	buf_text(b, "  \"files\": [");
	for (size_t i = 0; i < r->files; i++) {
		buf_text(b, i ? "," : "");
		write_file(b, r, &r->file[i]);
	}
	buf_text(b, "\n  ]\n}\n");
}
