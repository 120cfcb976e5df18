#ifndef TOOLS_LIB_COMPILE_FACTS_H
#define TOOLS_LIB_COMPILE_FACTS_H

/*
 * What decides what a profile means on a node, once: a row a fact, which says how the fact is set, how it is
 * written and where. Trailers, records, manifests, what info tells and the options are this table, walked.
 *
 * Not in it is what changes no meaning: -O, --freq, --max-path and the like are in no output.
 */

#include "build.h"

/* What a filter was made from, and for what. */
struct origin {
	const struct source *source; /* the profile's bytes, as they were given */
	const struct node_facts *node;
	size_t nodes;
	const struct input_options *wish;
	const struct policy *policy; /* that the filter means */
	const char *bases;  /* profile.h */
	const char *merged; /* "intersection of 2": of profiles that became one (merged.h); else NULL */
};

/* What people are told together, in this order. */
enum fact_group { FACT_OF_NODE, FACT_OF_PROFILE, FACT_OF_INPUT, FACT_OF_WINNOW, FACT_OF_CAPS, FACT_GROUPS };

/* What an output has of a fact that was not said: nothing, what then holds, or null. */
enum unsaid { UNSAID_OMITTED, UNSAID_DEFAULT, UNSAID_NULL };

/* A fact in one output. */
struct fact_in {
	const char *key; /* NULL: it is not there */
	enum unsaid unsaid;
};

struct fact {
	enum fact_group group;
	struct fact_in trailer, record, manifest;
	const char *told;   /* what people are told it is */
	const char *maker;  /* the trailer writes it before the word; NULL: nothing */
	const char *is_a;   /* what the word is that sets it; NULL: nothing sets it, or (--arch) each filter has its own */
	const char *one_of; /* the words it takes, if they are few; NULL */
};

/*
 * The rows, in the order of the trailer: ID, the option that sets it (OPT_ID, or OPT_NONE), its fields. A fact is
 * added here and to the switches of compile_facts.c, and to no output by itself.
 */
#define COMPILE_FACTS(X)                                                                                \
	X(ABIS, NONE, .group = FACT_OF_NODE, .told = "ABIs", .trailer = {"abis", UNSAID_OMITTED},       \
		.record = {"abis", UNSAID_DEFAULT})                                                     \
	X(ARCH, ARCH, .group = FACT_OF_NODE, .told = "node", .trailer = {"arch", UNSAID_OMITTED},       \
		.record = {"arch", UNSAID_DEFAULT})                                                     \
	X(CAPS, CAPS, .group = FACT_OF_CAPS, .told = "capabilities",                                    \
		.trailer = {"caps", UNSAID_OMITTED}, .record = {"caps", UNSAID_DEFAULT},                \
		.is_a = "list of capabilities")                                                         \
	X(KERNEL, KERNEL, .group = FACT_OF_NODE, .told = "kernel",                                      \
		.trailer = {"kernel", UNSAID_DEFAULT}, .record = {"kernel", UNSAID_DEFAULT},            \
		.manifest = {"kernel", UNSAID_NULL}, .is_a = "kernel's version")                        \
	X(RUNTIME, RUNTIME, .group = FACT_OF_NODE, .told = "runtime",                                   \
		.trailer = {"runtime", UNSAID_OMITTED}, .record = {"runtime", UNSAID_DEFAULT},          \
		.manifest = {"runtime", UNSAID_NULL}, .is_a = "runtime")                                \
	X(LIBSECCOMP, LIBSECCOMP, .group = FACT_OF_NODE, .told = "libseccomp",                          \
		.trailer = {"libseccomp", UNSAID_OMITTED}, .is_a = "version of libseccomp",             \
		.one_of = "2.5, 2.6")                                                                   \
	X(ENOSYS, ENOSYS, .group = FACT_OF_NODE, .told = "enosys",                                      \
		.trailer = {"enosys", UNSAID_OMITTED}, .record = {"enosys", UNSAID_DEFAULT},            \
		.manifest = {"enosys", UNSAID_DEFAULT}, .is_a = "way of enosys",                        \
		.one_of = "off, table, runc")                                                           \
	X(NARROW, NARROW_INT_ARGS, .group = FACT_OF_NODE, .told = "narrowed",                           \
		.trailer = {"narrow", UNSAID_OMITTED}, .is_a = "flag")                                  \
	X(COMPLAIN, COMPLAIN, .group = FACT_OF_NODE, .told = "complains",                               \
		.trailer = {"complain", UNSAID_OMITTED}, .is_a = "flag")                                \
	X(INPUT, INPUT_FORMAT, .group = FACT_OF_INPUT, .told = "input format",                          \
		.trailer = {"input", UNSAID_OMITTED}, .manifest = {"inputFormat", UNSAID_DEFAULT},      \
		.is_a = "format of profiles",                                                           \
		.one_of = "docker, oci, common, config, spo, configmap")                                \
	X(ENTRY, ENTRY, .group = FACT_OF_INPUT, .told = "entry",                                        \
		.trailer = {"entry", UNSAID_OMITTED}, .manifest = {"entry", UNSAID_NULL},               \
		.is_a = "key")                                                                          \
	X(BASES, NONE, .group = FACT_OF_PROFILE, .told = "bases",                                       \
		.trailer = {"bases", UNSAID_OMITTED})                                                   \
	X(MERGED, NONE, .group = FACT_OF_PROFILE, .told = "merged",                                     \
		.trailer = {"merged", UNSAID_OMITTED})                                                  \
	X(BY, NONE, .group = FACT_OF_WINNOW, .told = "made by", .maker = "winnow ",                     \
		.trailer = {"by", UNSAID_OMITTED}, .record = {"by", UNSAID_DEFAULT},                    \
		.manifest = {"winnow", UNSAID_DEFAULT})                                                 \
	X(TABLES, NONE, .group = FACT_OF_WINNOW, .told = "syscall tables",                              \
		.trailer = {"tables", UNSAID_OMITTED}, .record = {"tables", UNSAID_DEFAULT},            \
		.manifest = {"tables", UNSAID_DEFAULT})

enum fact_id {
#define FACT_ID(id, option, ...) FACT_##id,
	COMPILE_FACTS(FACT_ID)
#undef FACT_ID
	FACTS
};

extern const struct fact compile_facts[FACTS];

/* The word for it, as the option takes it, in the arena: what holds where it was not said, or NULL if nothing does. */
const char *fact_value(struct arena *, enum fact_id, const struct origin *);
/* Was it said? True, too, of what is never said: then a value tells. */
bool fact_said(enum fact_id, const struct origin *);

/* What an output writes: the word, or NULL for none; *null: it is to say so. */
const char *fact_word(struct arena *, enum fact_id, const struct fact_in *, const struct origin *, bool *null);

/*
 * Sets what the word says, of one that `is_a`; false, and nothing is set: it is none. Read in order: a runtime
 * brings its --enosys. Flags take any word.
 */
bool fact_read(enum fact_id, const char *word, struct node_facts *, struct input_options *);

#endif
