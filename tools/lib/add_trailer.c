/*
 * In: a proven filter and what it was made from. Out: the filter with its trailer. The text holds
 * what decides a profile's meaning on a node, in the words the options take, and never the time, a
 * host or a path: the same input has the same bytes everywhere.
 */

#include "add_trailer.h"

#include "../../backends/bpf/trailer.h"

#include <string.h>

static const char *describe_text(struct arena *arena, const struct origin *o)
{
	struct buf b;
	bool null;

	buf_init(&b, arena);
	for (enum fact_id i = 0; i < FACTS; i++) {
		const struct fact *f = &compile_facts[i];
		const char *word = f->trailer.key ? fact_word(arena, i, &f->trailer, o, &null) : NULL;
		if (word && !strpbrk(word, "\r\n"))
			buf_printf(&b, "%s=%s%s\n", f->trailer.key, f->maker ? f->maker : "", word);
	}
	return buf_string(&b);
}

enum build add_trailer(struct arena *arena, const struct filter *f, const struct origin *o,
	struct program *with, struct mistake *m)
{
	struct trailer t = {.text = describe_text(arena, o)};

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
