/* Bytes to a filter that the kernel would load. */

#include "make.h"
#include "options.h"

#include "../../backends/bpf/path.h"

#include <string.h>

static void take_blob(struct winnow_side *s, const struct source *bytes)
{
	struct arena *arena = &s->owned.arena;
	const struct comparand *f = &s->filter;
	const struct program *program = f->filters.program;
	struct winnow_blob *blob = arena_alloc(arena, 1, sizeof(*blob));
	const char *arch = NULL, *abis = NULL;

	if (f->described) {
		arch = trailer_value(arena, &f->trailer, "arch");
		abis = trailer_value(arena, &f->trailer, "abis");
	}
	size_t code = f->described ? f->trailer.code : program->len;
	*blob = (struct winnow_blob){.size = sizeof(*blob),
		.bytes = bytes->bytes,
		.length = bytes->len,
		.arch = arch ? arena_text(arena, arch, strcspn(arch, ",")) : "",
		.abis = abis ? abis : "",
		.insns = (uint32_t)code,
		.trailer = (uint32_t)(program->len - code),
		.longest_path = path_longest(arena, program),
		.big_endian = f->order == ORDER_BIG};
	s->blob = blob;
	s->blobs = 1;
}

static enum winnow_status read_filter(void *context)
{
	const struct reading *r = context;
	struct winnow_side *s = r->s;
	struct arena *arena = &s->owned.arena;
	struct program *program = arena_alloc(arena, 1, sizeof(*program));
	const char *arch = r->known.arch, *name = r->name ? r->name : "filter";
	const struct abi *abi = arch ? options_abi(s, arch, strcspn(arch, ",")) : NULL;

	if (arch && !abi)
		return WINNOW_USAGE;
	if (r->length > (size_t)PROGRAM_MAX * sizeof(struct insn)) {
		s->error = "a filter has 4096 instructions at most";
		return WINNOW_INPUT;
	}
	s->source = (struct source){.name = arena_text(arena, name, strlen(name)),
		.bytes = arena_text(arena, r->bytes, r->length),
		.len = r->length};
	struct comparand *f = &s->filter;
	f->name = s->source.name;
	s->error = comparand_program(arena, &s->source, abi, &f->order, program);
	if (s->error)
		return WINNOW_INPUT;
	f->filters = (struct filters){program, 1, f->order, NULL};
	s->error = comparand_fault(arena, f);
	if (s->error)
		return WINNOW_INPUT;
	f->described = trailer_find(arena, program, &f->trailer);
	take_blob(s, &s->source);
	return WINNOW_DONE;
}

enum winnow_status winnow_filter(const struct winnow_options *options, const char *name, const void *blob,
	size_t length, struct winnow_side **side)
{
	struct reading reading = {.options = options, .name = name, .bytes = blob, .length = length};

	return side_make(&reading, read_filter, side);
}
