#ifndef COMPILER_PROFILE_PROFILE_H
#define COMPILER_PROFILE_PROFILE_H

/*
 * What the file says: the spellings of Docker, the OCI runtime-spec, containers/common and the
 * SeccompProfile resource read into one struct. Syscall names are not looked up, conditions not
 * decided, nothing depends on an ABI; every part keeps its place in the source.
 */

#include "../kernel/action.h"
#include "../say/diag.h"
#include "../read/json.h"

#include <string.h>

#define ERRNO_MAX 4095 /* kernel: include/linux/err.h MAX_ERRNO; a filter's larger ones are clamped */

/*
 * Is it that word, which is not empty? strcmp() cannot tell: a text may hold NUL. Most texts are told
 * from most words by their first letters.
 */
static inline bool text_is(const struct text *text, const char *word)
{
	return text->len && text->s[0] == word[0] && text->len == strlen(word) &&
		memcmp(text->s, word, text->len) == 0;
}

enum profile_format { FORMAT_PROFILE, FORMAT_CONFIG_JSON, FORMAT_SECCOMP_PROFILE };

struct texts {
	const struct text *text;
	size_t count;
	bool present; /* the key is there and not null: absent and [] differ for flags */
};

/* errnoRet (a number) or containers/common's errno (a name, or a number in a string). */
struct profile_errno {
	bool present;
	bool named;       /* there is a name, which wins over the number */
	bool numbered;    /* there is a number */
	struct text name;
	uint32_t value;   /* 0..65535 */
	uint32_t at, len; /* of what wins */
};

struct profile_action {
	enum action action;
	struct profile_errno errnum;
	uint32_t at, len; /* of the action's name */
};

enum profile_op {
	OP_NE, OP_LT, OP_LE, OP_EQ, OP_GE, OP_GT,
	OP_MASKED_EQ, /* (arg & value) == (value_two & value) */
	PROFILE_OPS
};

/* "SCMP_CMP_MASKED_EQ" */
const char *profile_op_name(enum profile_op);

struct profile_cond {
	uint8_t index; /* 0..5 */
	enum profile_op op;
	uint64_t value, value_two;
	uint32_t at, len;
	bool two_given; /* valueTwo is written, be it 0; if not, or as null, value_two is 0 */
};

struct kernel_version {
	bool present;
	unsigned major, minor; /* 0..255 */
	uint32_t at, len;
};

/* includes or excludes of a rule */
struct profile_filter {
	bool present;
	uint32_t at, len;
	struct texts caps, arches;
	struct kernel_version min_kernel; /* 0.0 ("") in excludes alone */
	struct text bad_kernel; /* what is no version there: whoever reads it refuses the profile */
};

struct profile_rule {
	struct texts names;
	bool legacy; /* spelt "name" */
	bool lacks_names; /* the key names is not there */
	struct profile_action action;
	const struct profile_cond *cond;
	size_t conds;
	struct profile_filter includes, excludes;
	uint32_t at;
};

struct profile_arch {
	const struct abi *abi; /* NULL: SCMP_ARCH_NATIVE */
	bool exact;            /* spelt as in the OCI's list, to the letter */
	bool plain;            /* as crun takes it: libseccomp's name in any case, SCMP_ARCH_ or not */
	uint32_t at, len;
};

struct profile_arches {
	const struct profile_arch *arch;
	size_t count;
};

struct profile_arch_map {
	struct profile_arch main;
	struct profile_arches subs;
};

/* A key in other case than its format's. */
struct profile_key {
	struct text written;
	const char *meant;
	const struct profile_key *next;
};

struct profile {
	enum profile_format format;
	struct profile_action default_action;
	struct profile_arches architectures;
	const struct profile_arch_map *arch_map;
	size_t arch_maps;
	uint32_t arch_map_at, arch_map_len;
	struct texts flags;
	uint32_t flags_at; /* of the list; NOWHERE if there is none */
	bool listens; /* listenerPath is set */
	struct text base; /* baseProfileName of a SeccompProfile; empty: it builds on no other */
	const char *bases; /* SHA-256 of each file whose rules were added, in hexadecimal; NULL: of none */
	struct text listener_path, listener_metadata;
	const struct profile_key *inexact; /* keys that a runtime may not see */
	uint8_t keys; /* enum dialect_keys that the file uses */
	const struct profile_rule *rule;
	size_t rules;
};

/* Does it ask for records of what it refuses? */
static inline bool profile_logs(const struct profile *p)
{
	for (size_t i = 0; i < p->flags.count; i++) {
		if (text_is(&p->flags.text[i], "SECCOMP_FILTER_FLAG_LOG"))
			return true;
	}
	return false;
}

#endif
