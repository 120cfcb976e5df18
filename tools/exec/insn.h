#ifndef TOOLS_EXEC_INSN_H
#define TOOLS_EXEC_INSN_H

/* What the passes over a blob share. */

#include "../../backends/bpf/bpf.h"
#include "../../include/winnow.h"

#include <stdbool.h>

/* Nothing but bytes, so it may lie at any address. */
static inline struct insn insn_at(const void *blob, size_t pc)
{
	struct __attribute__((packed, may_alias)) insn_anywhere {
		uint16_t code;
		uint8_t jt, jf;
		uint32_t k;
	};
	const struct insn_anywhere *at = (const struct insn_anywhere *)blob + pc;

	return (struct insn){at->code, at->jt, at->jf, at->k};
}

/* Where a jump goes; a JA goes to one place either way. */
static inline void insn_targets(const struct insn *insn, size_t pc, size_t *yes, size_t *no)
{
	const bool always = insn->code == INSN_JA;

	*yes = pc + 1 + (always ? insn->k : insn->jt);
	*no = pc + 1 + (always ? insn->k : insn->jf);
}

/* Returns false, so that failing is one statement. */
static inline bool fault_set(struct winnow_fault *fault, enum winnow_reason reason, size_t pc)
{
	*fault = (struct winnow_fault){.reason = reason, .insn = (uint32_t)pc};
	return false;
}

#endif
