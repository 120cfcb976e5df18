/* One row a format, one writer each. */

#include "format.h"

#include "base64.h"
#include "../bpf/bytes.h"
#include "c_source.h"
#include "disasm.h"
#include "oci.h"

#include <string.h>

static void write_bpf(struct buf *b, const struct format_facts *f, size_t filters)
{
	(void)filters;
	bytes_write(b, f->program, f->order);
}

static struct buf raw_bytes(struct arena *arena, const struct format_facts *f)
{
	struct buf raw;

	buf_init(&raw, arena);
	bytes_write(&raw, f->program, f->order);
	return raw;
}

static void write_base64(struct buf *b, const struct format_facts *f, size_t filters)
{
	struct buf raw = raw_bytes(b->arena, f);

	(void)filters;
	base64_write(b, raw.bytes, raw.len);
	buf_text(b, "\n");
}

static void write_oci(struct buf *b, const struct format_facts *f, size_t filters)
{
	struct buf raw = raw_bytes(b->arena, f);

	(void)filters;
	oci_write(b, raw.bytes, raw.len, f->from);
}

static void write_hook(struct buf *b, const struct format_facts *f, size_t filters)
{
	struct buf raw = raw_bytes(b->arena, f);

	(void)filters;
	oci_write_hook(b, raw.bytes, raw.len, f->from, f->profile);
}

static void write_asm(struct buf *b, const struct format_facts *f, size_t filters)
{
	(void)filters;
	disasm_print(b, f->program, f->order, f->abi);
}

const struct format formats[] = {
	{"bpf", "bpf", "raw struct sock_filter array in the target's byte order", true, false, write_bpf},
	{"c", "h", "C array of struct sock_filter", false, false, c_source_write},
	{"header", "h", "C header with a filter for each ABI it may be compiled for", false, true, c_source_write_header},
	{"base64", "b64", "for crun's annotation run.oci.seccomp_bpf_data", false, false, write_base64},
	{"asm", "asm", "annotated disassembly", false, false, write_asm},
	{"oci", "oci.json", "part of a config.json, for crun", false, false, write_oci},
	{"hook", "hook.json", "precreate hook for podman and CRI-O, with crun and jq", false, false, write_hook},
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
