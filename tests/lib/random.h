#ifndef TESTS_LIB_RANDOM_H
#define TESTS_LIB_RANDOM_H

/* Random profiles, the same for the same seed on every host. */

#include "arch/arch.h"
#include "compiler/base/buf.h"
#include "compiler/profile/profile.h"

struct random {
	uint64_t state; /* never 0 */
};

struct random random_start(uint64_t seed);
uint64_t random_next(struct random *);
uint32_t random_below(struct random *, size_t n);
bool random_chance(struct random *, unsigned percent);

/* --- profiles --- */

#define SAMPLE_RULES 200
#define SAMPLE_NAMES 8
#define SAMPLE_CONDS 7 /* more than arguments, so that some are tested twice */
#define SAMPLE_SUBS  4
#define SAMPLE_NODES 2
#define NAME_UNKNOWN UINT16_MAX /* stands for a name that no ABI has */

struct sample_rule {
	enum action action;
	uint16_t data;               /* errnoRet; left out of the text where it says nothing new */
	uint16_t name[SAMPLE_NAMES]; /* ids of syscalls, or NAME_UNKNOWN */
	size_t names;
	struct profile_cond cond[SAMPLE_CONDS];
	size_t conds;
	const struct abi *only; /* includes.arches; NULL: the rule is for every node */
};

/* A profile as its author thinks of it, and the nodes it is compiled for. */
struct sample {
	enum action action; /* the default */
	uint16_t data;
	const struct abi *native[SAMPLE_NODES];
	size_t natives;
	const struct abi *sub[SAMPLE_SUBS];
	size_t subs;
	bool mapped; /* spelt as archMap, else as architectures */
	struct sample_rule rule[SAMPLE_RULES];
	size_t rules;
};

#define OP_BIT(op) (1u << (op))
#define ANY_OP     (OP_BIT(PROFILE_OPS) - 1)

/* What the samples of a class have in common. */
struct sample_class {
	const char *name;
	uint16_t names;   /* syscalls a sample is about, at most */
	uint16_t rules;   /* at most */
	uint8_t conds;    /* a rule, at most */
	uint8_t actions;  /* of rules, at most */
	uint8_t plain;    /* percentage of rules without conditions */
	unsigned ops;     /* OP_BIT of each operator there is */
	bool wide;        /* values of 64 bits, else below 2^32 */
	bool once;        /* no number is in two rules */
	bool repeats;     /* an argument may be tested twice */
	bool multiplexed; /* socket and IPC names */
};

/* Classes for which the compiler has to be right; others are made as needed. */
extern const struct sample_class sample_classes[];
extern const size_t sample_class_count;

void sample_make(
	struct random *, const struct sample_class *, const struct abi *native, struct sample *);

/* The profile's JSON text. */
void sample_write(struct buf *, const struct sample *);

/* Cuts parts off the sample as long as `fails` says so of the rest. */
void sample_shrink(struct sample *, bool (*fails)(void *data, const struct sample *), void *data);

#endif
