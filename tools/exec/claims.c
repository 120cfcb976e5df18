/*
 * A trailer is found from the end: a return, before it the number of its words, and so many before that
 * the magic. Its check word is the beginning of a SHA-256 over the others, each with its heavy byte
 * first. One that is not what it was tells of a blob that was cut, patched or mixed up on its way.
 */

#include "claims.h"

#include "../../backends/bpf/sha256.h"
#include "insn.h"

#define MAGIC_LOW   0x4e4e4957u /* "WINN" */
#define MAGIC_HIGH  0x0001574fu /* "OW", version 1 */
#define WORDS_LEAST 22u         /* without a text */

#define IS_WORD(insn) ((insn).code == (BPF_LD | BPF_IMM))

/* How many words, and where the first is; false: no trailer. */
static bool find(const void *blob, size_t len, size_t *first, size_t *words)
{
	if (len < WORDS_LEAST + 1)
		return false;
	const struct insn count = insn_at(blob, len - 2);
	if (!IS_WORD(count) || count.k < WORDS_LEAST || count.k > len - 1)
		return false;
	*words = count.k;
	*first = len - 1 - *words;
	return insn_at(blob, *first).k == MAGIC_LOW && insn_at(blob, *first + 1).k == MAGIC_HIGH;
}

bool claims_check(const void *blob, size_t size, struct winnow_fault *fault)
{
	const size_t len = size / sizeof(struct insn);
	uint8_t digest[SHA256_SIZE];
	struct sha256 hash;
	size_t first, words;

	if (!find(blob, len, &first, &words))
		return true;
	sha256_start(&hash);
	for (size_t i = 0; i < words - 2; i++) {
		const struct insn insn = insn_at(blob, first + i);
		const uint8_t bytes[4] = {(uint8_t)(insn.k >> 24), (uint8_t)(insn.k >> 16),
			(uint8_t)(insn.k >> 8), (uint8_t)insn.k};
		if (!IS_WORD(insn))
			return fault_set(fault, WINNOW_TRAILER, first + i);
		sha256_add(&hash, bytes, sizeof(bytes));
	}
	sha256_end(&hash, digest);
	const uint32_t check = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 |
			       (uint32_t)digest[2] << 8 | digest[3];
	return insn_at(blob, first + words - 2).k == check ||
	       fault_set(fault, WINNOW_TRAILER, first + words - 2);
}
