/* One row a format, one writer each. */

#include "format.h"

#include "base64.h"
#include "../bpf/bytes.h"
#include "disasm.h"
#include "oci.h"

#include <ctype.h>
#include <string.h>

static void write_bpf(struct buf *b, const struct program *p, const struct format_facts *f)
{
	bytes_write(b, p, f->order);
}

static struct buf raw_bytes(struct arena *arena, const struct program *p, enum byte_order order)
{
	struct buf raw;

	buf_init(&raw, arena);
	bytes_write(&raw, p, order);
	return raw;
}

static void write_base64(struct buf *b, const struct program *p, const struct format_facts *f)
{
	struct buf raw = raw_bytes(b->arena, p, f->order);

	base64_write(b, raw.bytes, raw.len);
	buf_text(b, "\n");
}

static void write_oci(struct buf *b, const struct program *p, const struct format_facts *f)
{
	struct buf raw = raw_bytes(b->arena, p, f->order);

	oci_write(b, raw.bytes, raw.len, f->from);
}

static void write_hook(struct buf *b, const struct program *p, const struct format_facts *f)
{
	struct buf raw = raw_bytes(b->arena, p, f->order);

	oci_write_hook(b, raw.bytes, raw.len, f->from, f->profile);
}

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

static void write_c(struct buf *b, const struct program *p, const struct format_facts *f)
{
	buf_text(b, "/*\n * Seccomp filter of profile ");
	write_comment_text(b, f->profile);
	buf_printf(b, " for %s, made by %s.\n", f->abis, f->made_by);
	buf_printf(b, " * %zu instructions, proved equal to the profile. For a %s-endian target: the fields\n",
		p->len, f->order == ORDER_BIG ? "big" : "little");
	buf_text(b, " * are numbers, but the offsets of argument halves depend on it.\n */\n");
	buf_text(b, "#include <linux/filter.h>\n\nstatic const struct sock_filter ");
	write_identifier(b, f->profile);
	buf_printf(b, "_%s[%zu] = {\n", f->abi->name, p->len);
	for (size_t i = 0; i < p->len; i++) {
		const struct insn *n = &p->insn[i];
		buf_printf(b, "\t{0x%02x, %3u, %3u, 0x%08x},\n", n->code, n->jt, n->jf, n->k);
	}
	buf_text(b, "};\n");
}

static void write_asm(struct buf *b, const struct program *p, const struct format_facts *f)
{
	disasm_print(b, p, f->order, f->abi);
}

const struct format formats[] = {
	{"bpf", "bpf", "raw struct sock_filter array in the target's byte order", true, write_bpf},
	{"c", "h", "C array of struct sock_filter", false, write_c},
	{"base64", "b64", "for crun's annotation run.oci.seccomp_bpf_data", false, write_base64},
	{"asm", "asm", "annotated disassembly", false, write_asm},
	{"oci", "oci.json", "part of a config.json, for crun", false, write_oci},
	{"hook", "hook.json", "precreate hook for podman and CRI-O, with crun and jq", false, write_hook},
};
const size_t format_count = sizeof(formats) / sizeof(formats[0]);

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < format_count; i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}
