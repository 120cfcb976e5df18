#include "c_source.h"

#include "../bpf/bytes.h"
#include "../bpf/sha256.h"

#include <ctype.h>
#include <string.h>

static void write_identifier(struct buf *b, const char *name)
{
	if (isdigit((unsigned char)*name))
		buf_text(b, "_");
	for (; *name; name++)
		buf_printf(b, "%c", isalnum((unsigned char)*name) ? *name : '_');
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
	write_identifier(b, f->profile);
	buf_printf(b, "_%s", f->abi->name);
	write_array(b, f);
}

/* --- for several --- */

/* Programs of the ABI, and of those that are entered beside it alone (x32). */
static void write_condition(struct buf *b, const struct format_facts *f, bool first)
{
	buf_printf(b, "%s (%s)", first ? "#if" : "#elif", f->abi->predefined);
	for (size_t k = 0; k < f->covers; k++) {
		if (f->cover[k]->guest && f->cover[k]->audit == f->abi->audit)
			buf_printf(b, " || \\\n\t(%s)", f->cover[k]->predefined);
	}
	buf_text(b, "\n");
}

static void write_about(struct buf *b, const struct format_facts *f, size_t filters)
{
	buf_text(b, "/*\n * Seccomp filters of profile ");
	write_comment_text(b, f->profile);
	buf_printf(b, ", made by %s:\n", f->made_by);
	for (size_t i = 0; i < filters; i++)
		buf_printf(b, " *   on %s: %zu instructions, for %s\n", f[i].abi->name, f[i].program->len, f[i].abis);
	buf_text(b, " * Each is proved equal to the profile on such a machine. What is compiled for says which is taken.\n */\n");
}

/* Two headers that say the same are one, and no others. */
static const char *guard(struct arena *arena, const struct format_facts *f, size_t filters, const char *name)
{
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct buf all;

	buf_init(&all, arena);
	for (size_t i = 0; i < filters; i++) {
		buf_text(&all, f[i].abi->name);
		bytes_write(&all, f[i].program, f[i].order);
	}
	sha256_of(all.bytes, all.len, digest);
	sha256_hex(digest, 8, hex);
	return buf_print(arena, "WINNOW_%s_%s", name, hex);
}

void c_source_write_header(struct buf *b, const struct format_facts *f, size_t filters)
{
	struct buf word;

	buf_init(&word, b->arena);
	write_identifier(&word, f->profile);
	const char *name = buf_string(&word), *once = guard(b->arena, f, filters, name);
	write_about(b, f, filters);
	buf_printf(b, "#ifndef %s\n#define %s\n\n#include <linux/filter.h>\n\n", once, once);
	for (size_t i = 0; i < filters; i++) {
		write_condition(b, &f[i], !i);
		buf_printf(b, "#define %s_filter_len %zu\nstatic const struct sock_filter %s_filter", name,
			f[i].program->len, name);
		write_array(b, &f[i]);
	}
	buf_printf(b, "#else\n#error \"%s_filter: none for this ABI\"\n#endif\n\n", name);
	buf_printf(b,
		"/* The kernel reads the filter, and writes nothing to it: see prctl(2) and seccomp(2). */\n"
		"static __inline__ struct sock_fprog %s_fprog(void)\n{\n\tstruct sock_fprog fprog;\n\n"
		"\tfprog.len = %s_filter_len;\n\tfprog.filter = (struct sock_filter *)(__UINTPTR_TYPE__)%s_filter;\n"
		"\treturn fprog;\n}\n\n#endif\n",
		name, name, name);
}
