#ifndef TESTS_LIB_ATTEMPT_H
#define TESTS_LIB_ATTEMPT_H

/*
 * A profile taken from text as far as it gets, with all that was said on the way. For the tests of
 * what passes do together; include it behind cmocka.h.
 */

#include "compiler/read/json.h"
#include "compiler/meaning/merge.h"
#include "compiler/profile/profile_read.h"
#include "compiler/meaning/select_rules.h"
#include "compiler/meaning/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct attempt {
	struct arena arena;
	struct source source;
	struct diags diags;
	struct json json;
	const struct profile *profile; /* NULL: refused */
	const struct ruleset *ruleset;
	const struct policy *policy;
};

/* To be called again in each function that runs passes: a jump ends in a frame that is there. */
#define ATTEMPT_CATCH(a)                                                                           \
	do {                                                                                       \
		if (setjmp((a)->arena.out))                                                        \
			fail_msg("out of memory");                                                 \
	} while (0)

/* Read a profile of len bytes. */
static inline void attempt_bytes(struct attempt *a, const char *bytes, size_t len)
{
	*a = (struct attempt){.source = {"test.json", bytes, len, false}};
	arena_init(&a->arena, (size_t)64 << 20);
	ATTEMPT_CATCH(a);
	diags_init(&a->diags, &a->arena, &a->source);
	if (json_read(&a->json, &a->arena, &a->source, &a->diags))
		a->profile = profile_read(&a->arena, &a->json, &a->diags);
}

/* Read a profile written with ' for ". */
static inline void attempt_text(struct attempt *a, const char *quoted)
{
	size_t len = strlen(quoted);
	char *text = malloc(len + 1); /* outlives the arena, which begins in attempt_bytes() */

	assert_non_null(text);
	for (size_t i = 0; i <= len; i++)
		text[i] = quoted[i] == '\'' ? '"' : quoted[i];
	attempt_bytes(a, text, len);
}

/* Resolve what was read for a node, and make its policy. */
static inline void attempt_node(struct attempt *a, const struct node_facts *node)
{
	ATTEMPT_CATCH(a);
	if (a->profile)
		a->ruleset = select_rules(&a->arena, a->profile, node, &a->diags);
	if (a->ruleset)
		a->policy = rules_policy(&a->arena, &a->ruleset, 1, &a->diags);
}

static inline void attempt_end(struct attempt *a, bool owns_text)
{
	if (owns_text)
		free((void *)(uintptr_t)a->source.bytes);
	arena_free(&a->arena);
}

/*
 * "1:18 E016, 2:1 W002": where and what, in order of finding; "0:0" is nowhere. That refusals leave no
 * record is true of nearly every profile, and left out: attempt_says().
 */
static inline const char *attempt_findings(struct attempt *a)
{
	struct buf b;

	ATTEMPT_CATCH(a);
	buf_init(&b, &a->arena);
	for (const struct diag *d = a->diags.first; d; d = d->next) {
		uint32_t line = 0, column = 0;
		if (d->id == DIAG_NO_RECORD)
			continue;
		if (d->at != NOWHERE)
			source_place(&a->source, d->at, &line, &column);
		buf_printf(
			&b, "%s%u:%u %s", b.len ? ", " : "", line, column, diag_kinds[d->id].code);
	}
	buf_add(&b, "", 1);
	return b.bytes;
}

/* Is it in the text of a finding or of its notes? */
static inline bool attempt_says(const struct attempt *a, const char *words)
{
	for (const struct diag *d = a->diags.first; d; d = d->next) {
		if (strstr(d->text, words))
			return true;
		for (const struct diag *note = d->note; note; note = note->note) {
			if (strstr(note->text, words))
				return true;
		}
	}
	return false;
}

/* Complains unless findings and words are as expected; words may be NULL. */
static inline bool attempt_found(
	struct attempt *a, const char *row, const char *findings, const char *words)
{
	const char *found = attempt_findings(a);
	bool ok = strcmp(found, findings) == 0;

	if (!ok)
		print_error("%s: found '%s', expected '%s'\n", row, found, findings);
	if (words && !attempt_says(a, words)) {
		print_error("%s: nothing says '%s'\n", row, words);
		ok = false;
	}
	return ok;
}

static inline const struct abi *abi_named(const char *name)
{
	const struct abi *abi = arch_find(name, strlen(name));

	if (!abi)
		fail_msg("no ABI '%s'", name);
	return abi;
}

#endif
