/*
 * winnow info: what a blob says of itself, and whether its code still is what it says. Everything
 * but the semantic hash is the blob's own claim; the hash is computed from the instructions again.
 */

#include "../cli/as_json.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/quote.h"
#include "../cli/comparison.h"
#include "../lib/compile_facts.h"

#include "../../backends/prove/hash.h"
#include "../../backends/prove/symbolic.h"
#include "../../compiler/kernel/caps.h"
#include "../../compiler/logic/settle.h"
#include "../../compiler/logic/verdict.h"
#include "../../compiler/base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "whose byte order to read it in; default: the one that fits"},
	TAKE(FORMAT),
};

static void key(struct buf *b, const char *name)
{
	buf_text(b, name);
	buf_pad(b, 16);
}

static void hex_line(struct buf *b, const char *name, const uint8_t *digest)
{
	char hex[SHA256_HEX];

	key(b, name);
	sha256_hex(digest, SHA256_SIZE, hex);
	buf_printf(b, "%s\n", hex);
}

static void plain_line(struct buf *b, const char *name, const char *text)
{
	key(b, name);
	utf8_print(b, text, strlen(text));
	buf_text(b, "\n");
}

static void caps_line(struct buf *b, const char *name, const char *text)
{
	key(b, name);
	caps_print(b, strtoull(text, NULL, 0), ",");
	buf_text(b, "\n");
}

/* A fact of the table that the trailer has, and in what words. */
struct claim {
	const struct fact *fact;
	const char *value;
};

/* In the order they are told in; how many. */
static size_t find_claims(struct arena *arena, const struct trailer *t, struct claim claim[static FACTS])
{
	size_t claims = 0;

	for (unsigned group = 0; group < FACT_GROUPS; group++) {
		for (size_t i = 0; i < FACTS; i++) {
			const struct fact *f = &compile_facts[i];
			const char *value = f->group == group && f->trailer.key
				? trailer_value(arena, t, f->trailer.key)
				: NULL;
			if (value)
				claim[claims++] = (struct claim){f, value};
		}
	}
	return claims;
}

static void claims_print(struct buf *b, const struct trailer *t)
{
	struct claim claim[FACTS];
	size_t claims = find_claims(b->arena, t, claim);

	for (size_t i = 0; i < claims; i++) {
		if (claim[i].fact->group == FACT_OF_CAPS)
			caps_line(b, claim[i].fact->told, claim[i].value);
		else
			plain_line(b, claim[i].fact->told, claim[i].value);
	}
	hex_line(b, "profile", t->profile);
}

static void text_print(struct buf *b, const struct comparand *side, const uint8_t *meaning)
{
	size_t code = side->described ? side->trailer.code : side->filters.program->len;

	key(b, "instructions");
	buf_printf(b, "%zu, and %zu of trailer; %s-endian\n", code, side->filters.program->len - code,
		side->order == ORDER_BIG ? "big" : "little");
	if (side->described)
		claims_print(b, &side->trailer);
	if (meaning)
		hex_line(b, "meaning", meaning);
	else
		plain_line(b, "meaning", "unknown");
}

/* --- for programs --- */

/* Or null. */
static void json_digest(struct buf *b, const uint8_t *digest)
{
	char hex[SHA256_HEX];

	if (digest)
		sha256_hex(digest, SHA256_SIZE, hex);
	buf_printf(b, digest ? "\"%s\"" : "%s", digest ? hex : "null");
}

static void json_claims(struct buf *b, const struct trailer *t)
{
	struct claim claim[FACTS];
	size_t claims = find_claims(b->arena, t, claim);

	buf_text(b, "{\"profile\": ");
	json_digest(b, t->profile);
	buf_text(b, ", \"meaning\": ");
	json_digest(b, trailer_hashed(t) ? t->meaning : NULL);
	for (size_t i = 0; i < claims; i++) {
		buf_printf(b, ", \"%s\": ", claim[i].fact->trailer.key);
		quote_json(b, claim[i].value);
	}
	buf_text(b, "}");
}

static void json_print(struct buf *b, const struct comparand *side, const uint8_t *meaning)
{
	size_t code = side->described ? side->trailer.code : side->filters.program->len;

	as_json_begin(b, "info");
	buf_text(b, ", \"file\": ");
	quote_json(b, side->name);
	buf_printf(b, ", \"instructions\": %zu, \"trailer\": %zu, \"order\": \"%s\", \"meaning\": ", code,
		side->filters.program->len - code, side->order == ORDER_BIG ? "big" : "little");
	json_digest(b, meaning);
	buf_text(b, ", \"claims\": ");
	if (side->described)
		json_claims(b, &side->trailer);
	else
		buf_text(b, "null");
	buf_text(b, "}\n");
}

#define MEANING_ARENA ((size_t)160 << 20)

enum found { FOUND, FOUND_NONE, FOUND_OPEN };

/* A filter made without a hash, as it was not found within its bounds, is not looked at beyond them again. */
static void bind(struct bdd *b, const struct comparand *side)
{
	if (!side->described || trailer_hashed(&side->trailer))
		return;
	b->most = HASH_NODES;
	b->steps = HASH_STEPS;
}

/*
 * Within an arena of its own: where there is none in that, all else is said before that is. FOUND_OPEN: there
 * is no such thing, and it was said why.
 */
static enum found find_meaning(
	struct comparison *s, struct comparand *side, struct arena *own, uint8_t meaning[static SHA256_SIZE])
{
	struct bdd *b = &s->bdd;

	arena_init(own, MEANING_ARENA);
	if (setjmp(own->out)) {
		b->full = true;
		return FOUND_NONE;
	}
	bdd_init(b, own);
	bind(b, side);
	side->meaning = symbolic_run(b, side->filters.program, side->order);
	if (b->full)
		return FOUND_NONE;
	side->meaning = settle(b, verdict_function(b, side->meaning));
	if (!b->full && hash_function(b, side->meaning, meaning))
		return FOUND;
	return !b->full && comparison_undecided(s) ? FOUND_OPEN : FOUND_NONE;
}

/* Is it what the trailer says? */
static int compare(const struct comparand *side, const uint8_t meaning[static SHA256_SIZE], bool found)
{
	struct bdd most = {.most = BDD_NODES, .steps = BDD_STEPS};

	if (!found) {
		bind(&most, side);
		message("%s: not decided: its meaning was not found within %u nodes, %llu steps and %zu MiB",
			side->name, most.most, (unsigned long long)most.steps, MEANING_ARENA >> 20);
		return EXIT_HOST;
	}
	if (!side->described) {
		message("%s: says nothing of itself", side->name);
		return EXIT_DONE;
	}
	if (!trailer_hashed(&side->trailer)) {
		message("%s: says nothing of its meaning", side->name);
		return EXIT_DONE;
	}
	if (memcmp(meaning, side->trailer.meaning, SHA256_SIZE) == 0)
		return EXIT_DONE;
	message("%s: the code does not mean what the trailer says: it was changed", side->name);
	return EXIT_FINDING;
}

static int info_in(struct comparison *s, struct arena *own)
{
	struct comparand *side = &s->side[0];
	uint8_t meaning[SHA256_SIZE];
	struct buf b;
	bool json;
	int status = as_json_wanted(s->parsed, &json);

	s->to_be_blob[0] = true;
	s->unread = true;
	status = status ? status : comparison_read(s, 0, 1);
	if (status)
		return status;
	if (side->is_profile)
		return usage(s->parsed->verb,
			"'%s' is a profile, no filter: winnow compile makes one, winnow explain and lint tell of it", side->name);
	if (side->filters.count > 1)
		return usage(s->parsed->verb, "'%s' is %zu filters: winnow dump makes a file of each", side->name,
			side->filters.count);
	enum found found = find_meaning(s, side, own, meaning);
	if (found == FOUND_OPEN)
		return EXIT_HOST;
	buf_init(&b, &s->arena);
	(json ? json_print : text_print)(&b, side, found == FOUND ? meaning : NULL);
	return files_print(&b) ? compare(side, meaning, found == FOUND) : EXIT_HOST;
}

static int info(struct comparison *s)
{
	struct arena own;

	arena_init(&own, 0);
	int status = info_in(s, &own);
	arena_free(&own);
	return status;
}

static int run(const struct parsed *p)
{
	return comparison_run(p, info);
}

const struct verb verb_info = {
	.name = "info",
	.operands = "BLOB|pid:PID|-",
	.summary = "print what a filter says of itself, and its semantic hash",
	.about = "The hash is computed from the instructions: it is the same for all filters that "
		 "treat every\n"
		 "call the same, however they are written. Exits 1 if the filter says another "
		 "one.\n",
	.examples = "winnow info web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
