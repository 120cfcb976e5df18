#ifndef TOOLS_LIB_DERIVE_RULES_H
#define TOOLS_LIB_DERIVE_RULES_H

/*
 * Edits of a document so that a syscall is answered as is wished. Each rule that answers it otherwise is cut to
 * the calls that nothing is wished of, for the containers it is for; rules for what is left open then come to the
 * end. Whether the text means what it is to is for who reads it again to say.
 */

#include "../../compiler/read/edit.h"
#include "../../compiler/synthesis/boxes.h"
#include "derive.h"

struct derive_plan {
	struct arena *arena;
	struct derive *d;
	struct edits edits;
	uint32_t rules;      /* the array in the document */
	const uint32_t *rule; /* its elements, one by rule of the profile */
	enum box_style style;
	struct derive_new *fresh; /* rules without conditions that are to be made */
	size_t news;
	bool failed; /* no rules were found, or too many */
};

/* False (and a diagnostic): the document has no list of rules that can be edited. */
bool derive_plan(struct derive_plan *, struct arena *, struct derive *, enum box_style);

/* All of these syscalls, each once. */
void derive_edit(struct derive_plan *, const uint16_t *syscall, size_t syscalls);

/*
 * A syscall's name that is twice in a rule goes once; one that no ABI has and that can only be another becomes that, or goes if that is
 * there. syscall[] (room for one a name): which those are. Returns how many edits.
 */
size_t derive_mend(struct derive_plan *, uint16_t *syscall, size_t *syscalls);

/* The array of a rule's names; JSON_NONE: it has the legacy key. */
uint32_t derive_names_of(const struct derive_plan *, size_t rule);

#endif
