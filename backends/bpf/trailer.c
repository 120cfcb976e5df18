/*
 * In: a program and what to say of it; out: the longer program; and the way back. The words are the
 * constants of `ld #k`, which every kernel with seccomp filters takes and, at a place no jump leads
 * to, never executes:
 *
 *	magic (2 words) | words in all | profile digest (8) | semantic hash (8) | bytes of text |
 *	text, four bytes a word, the first one in the low byte | check | words in all
 *	ret #KILL_PROCESS
 *
 * Words follow the byte order of the filter like all constants in it, so nothing here depends on
 * it. The check is the first word of the SHA-256 over all before it, each word's heavy byte first.
 * It is found from the end: the last instruction is the return, the one before tells the length.
 */

#include "trailer.h"

#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"
#include "check.h"

#include <string.h>

#define MAGIC_1 0x4e4e4957u /* "WINN" */
#define MAGIC_2 0x0001574fu /* "OW", version 1 */

#define DIGEST_WORDS (SHA256_SIZE / 4)
enum {
	AT_MAGIC = 0,
	AT_WORDS = 2,
	AT_PROFILE = 3,
	AT_MEANING = AT_PROFILE + DIGEST_WORDS,
	AT_LEN = AT_MEANING + DIGEST_WORDS,
	AT_TEXT = AT_LEN + 1,
	WORDS_LEAST = AT_TEXT + 2,
};

static_assert(WORDS_LEAST + TRAILER_TEXT_MAX / 4 < PROGRAM_MAX, "there is room for any text");

static size_t words_for(size_t text)
{
	return WORDS_LEAST + (text + 3) / 4;
}

static uint32_t check_of(const uint32_t *word, size_t words)
{
	struct sha256 sha;
	uint8_t digest[SHA256_SIZE], bytes[4];

	sha256_start(&sha);
	for (size_t i = 0; i < words; i++) {
		for (unsigned k = 0; k < 4; k++)
			bytes[k] = (uint8_t)(word[i] >> (24 - 8 * k) & 0xff);
		sha256_add(&sha, bytes, sizeof(bytes));
	}
	sha256_end(&sha, digest);
	return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 |
		digest[3];
}

/* Bytes in words, the first one lowest. */
static void pack(uint32_t *word, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++)
		word[i / 4] |= (uint32_t)byte[i] << 8 * (i % 4);
}

static void unpack(void *bytes, const uint32_t *word, size_t len)
{
	uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++)
		byte[i] = (uint8_t)(word[i / 4] >> 8 * (i % 4) & 0xff);
}

bool trailer_add(struct arena *arena, const struct program *program, const struct trailer *t,
	struct program *with)
{
	size_t len = strlen(t->text), words = words_for(len), total = program->len + words + 1;
	uint32_t *word = arena_alloc(arena, words, sizeof(*word));

	if (len > TRAILER_TEXT_MAX || total > PROGRAM_MAX)
		return false;
	word[AT_MAGIC] = MAGIC_1;
	word[AT_MAGIC + 1] = MAGIC_2;
	word[AT_WORDS] = word[words - 1] = (uint32_t)words;
	pack(word + AT_PROFILE, t->profile, SHA256_SIZE);
	pack(word + AT_MEANING, t->meaning, SHA256_SIZE);
	word[AT_LEN] = (uint32_t)len;
	pack(word + AT_TEXT, t->text, len);
	word[words - 2] = check_of(word, words - 2);

	struct insn *insn = arena_alloc(arena, total, sizeof(*insn));
	memcpy(insn, program->insn, program->len * sizeof(*insn));
	for (size_t i = 0; i < words; i++)
		insn[program->len + i] = (struct insn){.code = BPF_LD | BPF_IMM, .k = word[i]};
	insn[total - 1] = (struct insn){.code = INSN_RET, .k = action_ret(ACTION_KILL_PROCESS, 0)};
	*with = (struct program){insn, total};
	return true;
}

/* The words of what may be a trailer, NULL if its outline is not that of one. */
static uint32_t *read_words(struct arena *arena, const struct program *p, size_t *words)
{
	if (p->len < WORDS_LEAST + 2 || p->insn[p->len - 1].code != INSN_RET)
		return NULL;
	size_t end = p->len - 1;
	*words = p->insn[end - 1].k;
	if (*words < WORDS_LEAST || *words >= end)
		return NULL;
	uint32_t *word = arena_alloc(arena, *words, sizeof(*word));
	for (size_t i = 0; i < *words; i++) {
		const struct insn *insn = &p->insn[end - *words + i];
		if (insn->code != (BPF_LD | BPF_IMM) || insn->jt || insn->jf)
			return NULL;
		word[i] = insn->k;
	}
	return word;
}

/* Is nothing from `code` on ever executed? */
static bool is_dead(const struct program *p, size_t code)
{
	uint64_t yes, no;

	if (!code || (p->insn[code - 1].code & 0x07) != BPF_RET)
		return false;
	for (size_t pc = 0; pc < code; pc++) {
		if (check_targets(p, pc, &yes, &no) && (yes >= code || no >= code))
			return false;
	}
	return true;
}

bool trailer_find(struct arena *arena, const struct program *p, struct trailer *t)
{
	size_t words;
	const uint32_t *word = read_words(arena, p, &words);

	if (!word || word[AT_MAGIC] != MAGIC_1 || word[AT_MAGIC + 1] != MAGIC_2 ||
		word[AT_WORDS] != words || word[AT_LEN] > TRAILER_TEXT_MAX ||
		words_for(word[AT_LEN]) != words || word[words - 2] != check_of(word, words - 2))
		return false;
	t->code = p->len - 1 - words;
	if (!is_dead(p, t->code))
		return false;
	unpack(t->profile, word + AT_PROFILE, SHA256_SIZE);
	unpack(t->meaning, word + AT_MEANING, SHA256_SIZE);
	char *text = arena_alloc(arena, word[AT_LEN] + 1, 1);
	unpack(text, word + AT_TEXT, word[AT_LEN]);
	t->text = text;
	return true;
}

bool trailer_hashed(const struct trailer *t)
{
	static const uint8_t none[SHA256_SIZE];

	return memcmp(t->meaning, none, SHA256_SIZE) != 0;
}

const char *trailer_value(struct arena *arena, const struct trailer *t, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = t->text; *line;) {
		const char *end = strchr(line, '\n');
		if (!end)
			return NULL;
		if (strncmp(line, key, len) == 0 && line[len] == '=')
			return arena_text(arena, line + len + 1, (size_t)(end - line) - len - 1);
		line = end + 1;
	}
	return NULL;
}
