/*
 * A program's bytes come in with the profile they were made from; JSON comes out: either a fragment
 * of an OCI config.json or a precreate hook (oci-hooks(5)) that adds the same fragment.
 *
 * The filter travels in crun's annotation (crun: src/libcrun/seccomp.c,
 * "run.oci.seccomp_bpf_data"), which wins over the rules of linux.seccomp but not over its flags
 * and listener: those are kept. An absent list of flags means SPEC_ALLOW to runtimes and an empty
 * one means none, so absence is kept too. Of rules there are none and the default kills: a runtime
 * that does not know the annotation must not start the container unconfined, and so does not start
 * it at all.
 */

#include "oci.h"

#include "base64.h"

#include "../../compiler/base/buf_json.h"

#include <ctype.h>

static void write_flags(struct buf *b, const struct texts *flags)
{
	if (!flags->present)
		return;
	buf_text(b, ",\n\t\t\t\"flags\": [");
	for (size_t i = 0; i < flags->count; i++) {
		buf_text(b, i ? ", " : "");
		buf_json(b, flags->text[i].s, flags->text[i].len);
	}
	buf_text(b, "]");
}

static void write_listener(struct buf *b, const char *key, const struct text *value)
{
	if (!value->len)
		return;
	buf_printf(b, ",\n\t\t\t\"%s\": ", key);
	buf_json(b, value->s, value->len);
}

void oci_write_seccomp(struct buf *b, const struct profile *p)
{
	buf_text(b, "{\n\t\t\t\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\"");
	write_flags(b, &p->flags);
	write_listener(b, "listenerPath", &p->listener_path);
	write_listener(b, "listenerMetadata", &p->listener_metadata);
	buf_text(b, "\n\t\t}");
}

void oci_write(struct buf *b, const char *bytes, size_t len, const struct profile *p)
{
	buf_text(b, "{\n\t\"annotations\": {\n\t\t\"run.oci.seccomp_bpf_data\": \"");
	base64_write(b, bytes, len);
	buf_text(b, "\"\n\t},\n\t\"linux\": {\n\t\t\"seccomp\": ");
	oci_write_seccomp(b, p);
	buf_text(b, "\n\t}\n}\n");
}

/* A regular expression (Go's RE2) for the name alone; of bytes outside ASCII it takes any. */
static void write_pattern(struct buf *b, const char *name)
{
	buf_text(b, "^");
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;
		if (isalnum(c) || c == '-' || c == '_')
			buf_add(b, name, 1);
		else if (c > 0x20 && c < 0x7f)
			buf_printf(b, "\\%c", c);
		else
			buf_text(b, ".?");
	}
	buf_text(b, "$");
}

/* The hook is jq: config.json on its standard input, the changed one on its standard output. */
void oci_write_hook(
	struct buf *b, const char *bytes, size_t len, const struct profile *p, const char *name)
{
	struct buf program, pattern;

	buf_init(&program, b->arena);
	buf_text(&program, "del(.linux.seccomp) * ");
	oci_write(&program, bytes, len, p);
	buf_init(&pattern, b->arena);
	write_pattern(&pattern, name);
	buf_text(
		b, "{\n\t\"version\": \"1.0.0\",\n\t\"hook\": {\n\t\t\"path\": \"/usr/bin/jq\",\n");
	buf_text(b, "\t\t\"args\": [\"jq\", ");
	buf_json(b, program.bytes, program.len);
	buf_text(b,
		"]\n\t},\n\t\"when\": {\n\t\t\"annotations\": {\n\t\t\t\"^winnow\\\\.profile$\": ");
	buf_json(b, pattern.bytes, pattern.len);
	buf_text(b, "\n\t\t}\n\t},\n\t\"stages\": [\"precreate\"]\n}\n");
}
