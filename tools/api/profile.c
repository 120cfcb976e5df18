/* Text to profile, profile to blobs. */

#include "make.h"
#include "options.h"
#include "told.h"

#include "../lib/node_words.h"

#include "../../backends/bpf/bytes.h"
#include "../../backends/bpf/path.h"

#include <string.h>

/* That of the command, for errors that are among the diagnostics. */
static enum winnow_status failed(const struct diags *diags)
{
	switch (diags_exit(diags)) {
	case WINNOW_INPUT:
		return WINNOW_INPUT;
	case WINNOW_NOT_COMPILED:
		return WINNOW_NOT_COMPILED;
	default:
		return WINNOW_UNDECIDED;
	}
}

/* One byte more than any reader takes is as good as all of them. */
static void copy_text(struct winnow_side *s, const struct reading *r)
{
	size_t len = r->length <= SOURCE_MAX ? r->length : SOURCE_MAX + 1;
	const char *name = r->name ? r->name : "profile";

	s->source = (struct source){.name = arena_text(&s->owned.arena, name, strlen(name)),
		.bytes = arena_text(&s->owned.arena, r->bytes, len),
		.len = len};
}

static enum winnow_status read_profile(void *context)
{
	const struct reading *r = context;
	struct winnow_side *s = r->s;

	copy_text(s, r);
	diags_init(&s->diags, &s->owned.arena, &s->source);
	enum winnow_status status = options_read(s, &r->known);
	if (status)
		return status;
	s->diags.strict = s->strict;
	s->is_profile = true;
	s->profile = build_input(&s->owned.arena, &s->source, &s->wish, &s->diags, NULL);
	told_take(s);
	return s->profile ? options_targets(s, &r->known) : failed(&s->diags);
}

enum winnow_status winnow_profile(const struct winnow_options *options, const char *name, const void *text,
	size_t length, struct winnow_side **side)
{
	struct reading reading = {.options = options, .name = name, .bytes = text, .length = length};

	return side_make(&reading, read_profile, side);
}

/* --- made --- */

static struct winnow_blob take_blob(struct arena *arena, const struct target *t, const struct product *made)
{
	const struct program *program = &made->filter.program;
	const struct policy *policy = made->filter.policy;
	struct winnow_blob blob = {.size = sizeof(blob), .arch = t->node[0].native->name};
	struct buf bytes;

	buf_init(&bytes, arena);
	bytes_write(&bytes, &made->written, policy->order);
	blob.bytes = bytes.bytes;
	blob.length = bytes.len;
	blob.abis = words_abis(arena, policy);
	blob.insns = (uint32_t)program->len;
	blob.trailer = (uint32_t)(made->written.len - program->len);
	blob.longest_path = path_longest(arena, program);
	blob.big_endian = policy->order == ORDER_BIG;
	blob.hashed = made->filter.proven.hashed;
	if (blob.hashed)
		memcpy(blob.hash, made->filter.proven.meaning, sizeof(blob.hash));
	return blob;
}

static enum winnow_status compile(void *context)
{
	struct winnow_side *s = context;
	struct arena *arena = &s->owned.arena;
	const struct recipe recipe = {.source = &s->source, .profile = s->profile, .wish = &s->wish,
		.layout = s->laid_out ? &s->layout : NULL, .max_insns = s->max_insns,
		.max_insns_called = "max_insns", .no_trailer = s->no_trailer};
	struct product *made = arena_alloc(arena, s->targets.count, sizeof(*made));
	struct mistake mistake;
	enum build built = targets_build(arena, &s->targets, &recipe, &s->diags, made, &mistake);

	told_take(s);
	if (built == BUILD_MISTAKEN) {
		s->error = mistake.what;
		return WINNOW_MISTAKE;
	}
	if (built == BUILD_REFUSED)
		return failed(&s->diags);
	struct winnow_blob *blob = arena_alloc(arena, s->targets.count, sizeof(*blob));
	for (size_t i = 0; i < s->targets.count; i++)
		blob[i] = take_blob(arena, &s->targets.target[i], &made[i]);
	s->blob = blob;
	s->blobs = s->targets.count;
	return WINNOW_DONE;
}

/* What is wrong with what was read stays said. */
static enum winnow_status refuse(struct winnow_side *s)
{
	if (s && !s->error) {
		s->error = "the handle is a filter, and profiles are compiled";
		s->compiled = WINNOW_USAGE;
	}
	return WINNOW_USAGE;
}

enum winnow_status winnow_compile(struct winnow_side *s)
{
	if (!s || !s->is_profile || s->read)
		return refuse(s);
	if (!s->tried)
		s->compiled = side_work(s, compile, s);
	s->tried = true;
	return s->compiled;
}
