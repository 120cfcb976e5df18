#include "c_source.h"

#include <ctype.h>
#include <string.h>

static void write_identifier(struct buf *b, const char *name, int (*in_case)(int))
{
	if (isdigit((unsigned char)*name))
		buf_text(b, "_");
	for (; *name; name++)
		buf_printf(b, "%c", isalnum((unsigned char)*name) ? in_case((unsigned char)*name) : '_');
}

static int as_it_is(int c)
{
	return c;
}

/* A comment that the profile's name cannot end, nor be an order to who shows it. */
static void write_comment_text(struct buf *b, const char *text)
{
	for (; *text; text++)
		buf_printf(b, "%c", strchr("*\\#", *text) || !isprint((unsigned char)*text) ? '_' : *text);
}

static void write_array(struct buf *b, const struct format_facts *f)
{
	buf_printf(b, "[%zu] = {\n", f->program->len);
	for (size_t i = 0; i < f->program->len; i++) {
		const struct insn *n = &f->program->insn[i];
		buf_printf(b, "\t{0x%02x, %3u, %3u, 0x%08x},\n", n->code, n->jt, n->jf, n->k);
	}
	buf_text(b, "};\n");
}

void c_source_write(struct buf *b, const struct format_facts *f, size_t filters)
{
	(void)filters;
	buf_text(b, "/*\n * Seccomp filter of profile ");
	write_comment_text(b, f->profile);
	buf_printf(b, " for %s, made by %s.\n", f->abis, f->made_by);
	buf_printf(b, " * %zu instructions, proved equal to the profile. For a %s-endian target: the fields\n",
		f->program->len, f->order == ORDER_BIG ? "big" : "little");
	buf_text(b, " * are numbers, but the offsets of argument halves depend on it.\n */\n");
	buf_text(b, "#include <linux/filter.h>\n\nstatic const struct sock_filter ");
	write_identifier(b, f->profile, as_it_is);
	buf_printf(b, "_%s", f->abi->name);
	write_array(b, f);
}

/* --- for several --- */

/* Is the ABI decided for by an earlier filter, or the own one of a later? */
static bool has_another(const struct format_facts *f, size_t filters, size_t own, const struct abi *abi)
{
	for (size_t i = 0; i < filters; i++) {
		if (i != own && f[i].abi == abi)
			return true;
		for (size_t k = 0; i < own && k < f[i].covers; k++) {
			if (f[i].cover[k] == abi)
				return true;
		}
	}
	return false;
}

/* The ABIs whose programs take the i-th filter. */
static void write_condition(struct buf *b, const struct format_facts *f, size_t filters, size_t i)
{
	buf_printf(b, "%s (%s)", i ? "#elif" : "#if", f[i].abi->predefined);
	for (size_t k = 0; k < f[i].covers; k++) {
		const struct abi *abi = f[i].cover[k];
		if (abi != f[i].abi && !has_another(f, filters, i, abi))
			buf_printf(b, " || \\\n\t(%s)", abi->predefined);
	}
	buf_text(b, "\n");
}

static void write_about(struct buf *b, const struct format_facts *f, size_t filters)
{
	buf_text(b, "/*\n * Seccomp filters of profile ");
	write_comment_text(b, f->profile);
	buf_printf(b, ", made by %s:\n", f->made_by);
	for (size_t i = 0; i < filters; i++)
		buf_printf(b, " *   %zu instructions for %s\n", f[i].program->len, f[i].abis);
	buf_text(b, " * Each is proved equal to the profile. What is compiled for says which is taken.\n */\n");
}

void c_source_write_header(struct buf *b, const struct format_facts *f, size_t filters)
{
	struct buf plain, upper;

	buf_init(&plain, b->arena);
	buf_init(&upper, b->arena);
	write_identifier(&plain, f->profile, as_it_is);
	write_identifier(&upper, f->profile, toupper);
	const char *name = buf_string(&plain), *macro = buf_string(&upper);
	write_about(b, f, filters);
	buf_printf(b, "#ifndef WINNOW_%s_H\n#define WINNOW_%s_H\n\n#include <linux/filter.h>\n\n", macro, macro);
	for (size_t i = 0; i < filters; i++) {
		write_condition(b, f, filters, i);
		buf_printf(b, "#define %s_LEN %zu\nstatic const struct sock_filter %s", macro, f[i].program->len, name);
		write_array(b, &f[i]);
	}
	buf_printf(b, "#else\n#error \"%s: no filter for this ABI\"\n#endif\n\n", name);
	buf_printf(b,
		"/* The kernel reads the filter, and writes nothing to it: see prctl(2) and seccomp(2). */\n"
		"static inline struct sock_fprog %s_fprog(void)\n{\n\tstruct sock_fprog prog;\n\n"
		"\tprog.len = %s_LEN;\n\tprog.filter = (struct sock_filter *)(__UINTPTR_TYPE__)%s;\n"
		"\treturn prog;\n}\n\n#endif\n",
		name, macro, name);
}
