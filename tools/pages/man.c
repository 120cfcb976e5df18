/* Pages for man(1): what `help` says, in roff. */

#include "pages.h"

#include "../lib/version.h"

#include <ctype.h>
#include <string.h>

/* A run of text: what roff would take for its own is spelt out. */
static void put_text(FILE *out, const char *text, size_t len)
{
	if (len && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (size_t i = 0; i < len; i++) {
		switch (text[i]) {
		case '\\': fputs("\\e", out); break;
		case '-': fputs("\\-", out); break;
		case '\'': fputs("\\(aq", out); break;
		case '`': fputs("\\(ga", out); break;
		case '^': fputs("\\(ha", out); break;
		case '~': fputs("\\(ti", out); break;
		default: fputc(text[i], out);
		}
	}
}

static void put_string(FILE *out, const char *text)
{
	put_text(out, text, strlen(text));
}

static void put_title(FILE *out, const char *verb)
{
	fputs(".\\\" made from winnow's table of verbs\n.TH WINNOW", out);
	for (const char *c = verb ? verb : ""; *c; c++)
		fputs(*c == '-' ? "\\-" : (char[]){(char)toupper((unsigned char)*c), '\0'}, out);
	fputs(" 1 \"\" \"winnow " WINNOW_VERSION "\" \"winnow\"\n.SH NAME\nwinnow", out);
	put_string(out, verb ? verb : "");
}

/* Lines; those that start with two blanks stay as they are, an empty one starts a paragraph. */
static void put_paragraphs(FILE *out, const char *text)
{
	bool as_is = false;

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		bool verbatim = strncmp(line, "  ", 2) == 0;
		if (verbatim != as_is)
			fputs(verbatim ? ".PP\n.RS 4\n.nf\n" : ".fi\n.RE\n", out);
		as_is = verbatim;
		if (len == 0) {
			const char *next = line + 1;
			if (*next && strncmp(next, "  ", 2) != 0)
				fputs(as_is ? "" : ".PP\n", out);
		} else {
			put_text(out, line + (verbatim ? 2 : 0), len - (verbatim ? 2 : 0));
			fputc('\n', out);
		}
		line += len + (line[len] == '\n');
	}
	if (as_is)
		fputs(".fi\n.RE\n", out);
}

static void put_option(FILE *out, const struct option_row *row)
{
	fputs(".TP\n", out);
	if (row->letter)
		fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
	fputs("\\fB\\-\\-", out);
	put_string(out, row->name);
	fputs("\\fR", out);
	if (row->arg) {
		fputs(row->arg[0] == '[' ? "\\fI" : "=\\fI", out);
		put_string(out, row->arg);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	put_string(out, row->help);
	fputc('\n', out);
}

static void put_exit(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (const struct exit_text *e = exit_texts; e->says; e++) {
		fprintf(out, ".TP\n.B %d\n", e->status);
		put_string(out, e->says);
		fputc('\n', out);
	}
}

static void put_see_also(FILE *out, const struct verb *but)
{
	fputs(".SH SEE ALSO\n", out);
	if (but)
		fputs(".BR winnow (1),\n", out);
	else
		for (size_t i = 0; i < verb_count; i++) {
			fputs(".BR winnow\\-", out);
			put_string(out, verbs[i]->name);
			fputs(" (1),\n", out);
		}
	fputs(".BR winnow\\-exec (1),\n.BR winnow.h (3),\n.BR winnow (7),\n.BR seccomp (2)\n", out);
}

void man_verb(FILE *out, const struct verb *verb)
{
	char title[64];

	snprintf(title, sizeof(title), "-%s", verb->name);
	put_title(out, title);
	fputs(" \\- ", out);
	put_string(out, verb->summary);
	fputs("\n.SH SYNOPSIS\n\\fBwinnow ", out);
	put_string(out, verb->name);
	fprintf(out, "\\fR%s ", verb->taken ? " [\\fIOPTION\\fR...]" : "");
	put_string(out, verb->operands);
	fputc('\n', out);
	if (verb->about) {
		fputs(".SH DESCRIPTION\n", out);
		put_paragraphs(out, verb->about);
	}
	if (verb->taken)
		fputs(".SH OPTIONS\n", out);
	for (size_t i = 0; i < verb->taken; i++) {
		struct option_row row = option_row(&verb->takes[i]);
		put_option(out, &row);
	}
	put_exit(out);
	fputs(".SH EXAMPLES\n.nf\n", out);
	put_string(out, verb->examples);
	fputs(".fi\n", out);
	put_see_also(out, verb);
}

void man_overview(FILE *out)
{
	put_title(out, NULL);
	fputs(" \\- compile seccomp profiles to filters, proved\n"
	      ".SH SYNOPSIS\n\\fBwinnow\\fR \\fIVERB\\fR [\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n"
	      ".SH DESCRIPTION\n"
	      "Compiles seccomp profiles (the JSON of Docker, the OCI runtime\\-spec, podman and\n"
	      "Kubernetes) to raw classic\\-BPF filters for every Linux ABI that has them. Each filter is\n"
	      "proved equal to its profile before it is written.\n"
	      ".PP\n"
	      "What a profile means, and how the reading of runtimes differs, is in\n"
	      ".BR winnow (7).\n"
	      ".SH VERBS\n",
		out);
	for (size_t i = 0; i < verb_count; i++) {
		fputs(".TP\n.B ", out);
		put_string(out, verbs[i]->name);
		fputc('\n', out);
		put_string(out, verbs[i]->summary);
		fputc('\n', out);
	}
	fputs(".TP\n.B help \\fIVERB\\fR\nwhat a verb takes\n", out);
	put_exit(out);
	fputs(".SH EXAMPLES\n.nf\n", out);
	put_string(out, verb_compile.examples);
	fputs(".fi\n", out);
	put_see_also(out, NULL);
}
