/*
 * diag.tbl in, text out: for a terminal and as the page doc/diagnostics.md, which is made from here
 * and never by hand (make docs; a test holds the file against this). The table stands in the order
 * of the compiler's passes; people look a code up, so what is printed is sorted by code: errors,
 * notes, warnings as E, N, W fall in the alphabet.
 */

#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

#define LINE 80u /* columns of a paragraph */

/* Words of `text` in lines of LINE columns. */
static void print_paragraph(struct buf *b, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " ");
		if (column && column + 1 + word > LINE) {
			buf_text(b, "\n");
			column = 0;
		} else if (column) {
			buf_text(b, " ");
			column++;
		}
		buf_add(b, text, word);
		column += word;
		text += word + strspn(text + word, " ");
	}
	buf_text(b, "\n");
}

void catalogue_print(struct buf *b, enum diag_id id)
{
	const struct diag_kind *kind = &diag_kinds[id];

	buf_printf(b, "%s %s (%s", kind->code, kind->slug, severity_names[kind->severity]);
	if (kind->severity == SEVERITY_ERROR)
		buf_printf(b, ", exit status %d", kind->exit);
	buf_text(b, ")\n\n");
	print_paragraph(b, diag_about[id]);
}

static int by_code(const void *a, const void *b)
{
	const enum diag_id *left = a, *right = b;

	return strcmp(diag_kinds[*left].code, diag_kinds[*right].code);
}

static const enum diag_id *sorted(struct arena *arena)
{
	enum diag_id *id = arena_alloc(arena, DIAG_IDS, sizeof(*id));

	for (unsigned i = 0; i < DIAG_IDS; i++)
		id[i] = (enum diag_id)i;
	qsort(id, DIAG_IDS, sizeof(*id), by_code);
	return id;
}

void catalogue_list(struct buf *b)
{
	const enum diag_id *id = sorted(b->arena);

	for (size_t i = 0; i < DIAG_IDS; i++) {
		const struct diag_kind *kind = &diag_kinds[id[i]];
		buf_printf(
			b, "%s  %-8s %s\n", kind->code, severity_names[kind->severity], kind->slug);
	}
}

static void print_section(
	struct buf *b, const enum diag_id *id, enum severity severity, const char *title)
{
	buf_printf(b, "\n## %s\n", title);
	for (size_t i = 0; i < DIAG_IDS; i++) {
		const struct diag_kind *kind = &diag_kinds[id[i]];
		if (kind->severity != severity)
			continue;
		buf_printf(b, "\n### %s %s\n\n", kind->code, kind->slug);
		print_paragraph(b, diag_about[id[i]]);
		if (severity == SEVERITY_ERROR)
			buf_printf(b, "\nExit status %d.\n", kind->exit);
	}
}

void catalogue_page(struct buf *b)
{
	const enum diag_id *id = sorted(b->arena);

	buf_text(b,
		"<!-- Made by `make docs` from compiler/say/diag.tbl; changes belong there. -->\n"
		"# Diagnostics\n\n");
	print_paragraph(b,
		"What winnow says about a profile. Each finding ends in its code and "
		"slug, `[W001 unknown-syscall]`; both are stable, and "
		"`winnow explain-code` takes either.");
	buf_text(b, "\n");
	print_paragraph(b,
		"Errors end the run: with exit status 3 where the input is malformed, 4 "
		"where it is well-formed and cannot be compiled, 70 where winnow is at "
		"fault. Warnings and notes do not.");
	buf_text(b, "\n");
	print_paragraph(b,
		"For programs, `winnow lint -f json` writes what `report.schema.json` beside this "
		"page describes, with a version that is raised when a reader would go wrong, and "
		"`-f sarif` writes SARIF 2.1.0, with a fix where a likely word is known.");
	print_section(b, id, SEVERITY_ERROR, "Errors");
	print_section(b, id, SEVERITY_WARNING, "Warnings");
	print_section(b, id, SEVERITY_NOTE, "Notes");
}
