/*
 * In: a proven filter and what it was made from. Out: the filter with its trailer. The text holds
 * what decides a profile's meaning on a node, in the words the options take, and never the time, a
 * host or a path: the same input has the same bytes everywhere.
 */

#include "add_trailer.h"

#include "version.h"

#include "../../backends/bpf/trailer.h"
#include "../../compiler/meaning/enosys.h"
#include "../../compiler/profile/input.h"

#include <string.h>

static void list_abis(struct buf *b, const struct policy *policy)
{
	buf_text(b, "abis=");
	for (size_t i = 0; i < policy->abis; i++)
		buf_printf(b, "%s%s", i ? " " : "", policy->abi[i]->name);
	buf_text(b, "\narch=");
}

static void line(struct buf *b, const char *key, const char *value)
{
	if (value && !strpbrk(value, "\r\n"))
		buf_printf(b, "%s=%s\n", key, value);
}

static const char *describe_text(
	struct arena *arena, const struct filter *f, const struct origin *o)
{
	const struct node_facts *facts = &o->node[0];
	struct buf b;

	buf_init(&b, arena);
	list_abis(&b, f->policy);
	for (size_t i = 0; i < o->nodes; i++)
		buf_printf(&b, "%s%s", i ? "," : "", o->node[i].native->name);
	buf_printf(&b, "\ncaps=0x%llx\n", (unsigned long long)facts->caps);
	if (facts->kernel.present)
		buf_printf(&b, "kernel=%u.%u\n", facts->kernel.major, facts->kernel.minor);
	else
		buf_printf(&b, "kernel=%s\n", arch_tables_kernel);
	if (facts->dialect)
		line(&b, "runtime", facts->dialect->name);
	if (facts->libseccomp)
		line(&b, "libseccomp", libseccomp_version(facts->libseccomp));
	if (facts->enosys != ENOSYS_OFF || facts->dialect)
		line(&b, "enosys", enosys_name(facts->enosys));
	if (facts->narrow)
		line(&b, "narrow", "int-args");
	if (facts->complain)
		line(&b, "complain", "log");
	if (o->wish->input != INPUT_ANY)
		line(&b, "input", input_name(o->wish->input));
	line(&b, "entry", o->wish->entry);
	line(&b, "bases", o->bases);
	line(&b, "merged", o->merged);
	buf_printf(&b, "by=winnow %s\ntables=%s\n", WINNOW_VERSION, arch_tables_kernel);
	return buf_string(&b);
}

enum build add_trailer(struct arena *arena, const struct filter *f, const struct origin *o,
	struct program *with, struct mistake *m)
{
	struct trailer t = {.text = describe_text(arena, f, o)};

	*m = (struct mistake){0};
	sha256_of(o->source->bytes, o->source->len, t.profile);
	if (f->proven.hashed)
		memcpy(t.meaning, f->proven.meaning, SHA256_SIZE);
	if (!trailer_add(arena, &f->program, &t, with))
		return BUILD_REFUSED;
	if (prove_longer(arena, &f->program, with))
		return BUILD_DONE;
	m->what = "the filter with its trailer does not mean the profile";
	return BUILD_MISTAKEN;
}
