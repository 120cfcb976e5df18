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
	const char *is_a;   /* of what is read: what the word is to be */
	const char *one_of; /* the words it takes, if they are few; NULL */

	/* The word for it, as the option takes it; what holds by default, or NULL, where it was not said. */
	const char *(*word)(struct arena *, const struct origin *);
	/* Was it said? NULL: whenever there is a word. */
	bool (*said)(const struct origin *);
	/*
	 * Sets what the word says; false, and nothing is set: it is none. NULL: a word of its own for each filter
	 * (--arch), or nothing that can be said. Rows are read in order: a runtime brings its --enosys.
	 */
	bool (*read)(const char *word, struct node_facts *, struct input_options *);
};

/*
 * The rows, in the order of the trailer: ID, the option that sets it (OPT_ID, or OPT_NONE), its fields. A fact is
 * added here, with its functions in compile_facts.c, and to no output by itself.
 */
#define COMPILE_FACTS(X)                                                                               \
	X(ABIS, NONE, .group = FACT_OF_NODE, .told = "ABIs", .trailer = {"abis", UNSAID_OMITTED},       \
		.record = {"abis", UNSAID_DEFAULT}, .word = abis_word)                                  \
	X(ARCH, ARCH, .group = FACT_OF_NODE, .told = "node", .trailer = {"arch", UNSAID_OMITTED},       \
		.record = {"arch", UNSAID_DEFAULT}, .word = arch_word)                                  \
	X(CAPS, CAPS, .group = FACT_OF_CAPS, .told = "capabilities", .trailer = {"caps", UNSAID_OMITTED}, \
		.record = {"caps", UNSAID_DEFAULT}, .is_a = "list of capabilities",                     \
		.word = caps_word, .read = caps_read)                                                   \
	X(KERNEL, KERNEL, .group = FACT_OF_NODE, .told = "kernel", .trailer = {"kernel", UNSAID_DEFAULT}, \
		.record = {"kernel", UNSAID_DEFAULT}, .manifest = {"kernel", UNSAID_NULL},              \
		.is_a = "kernel's version", .word = kernel_word, .said = kernel_said, .read = kernel_read) \
	X(RUNTIME, RUNTIME, .group = FACT_OF_NODE, .told = "runtime", .trailer = {"runtime", UNSAID_OMITTED}, \
		.record = {"runtime", UNSAID_DEFAULT}, .manifest = {"runtime", UNSAID_NULL},            \
		.is_a = "runtime", .word = runtime_word, .said = runtime_said, .read = runtime_read)    \
	X(LIBSECCOMP, LIBSECCOMP, .group = FACT_OF_NODE, .told = "libseccomp",                          \
		.trailer = {"libseccomp", UNSAID_OMITTED}, .is_a = "version of libseccomp", .one_of = "2.5, 2.6", \
		.word = libseccomp_word, .read = libseccomp_read)                                       \
	X(ENOSYS, ENOSYS, .group = FACT_OF_NODE, .told = "enosys", .trailer = {"enosys", UNSAID_OMITTED}, \
		.record = {"enosys", UNSAID_DEFAULT}, .manifest = {"enosys", UNSAID_DEFAULT},           \
		.is_a = "way of enosys", .one_of = "off, table, runc", .word = enosys_word, .said = enosys_said, .read = enosys_read) \
	X(NARROW, NARROW_INT_ARGS, .group = FACT_OF_NODE, .told = "narrowed",                           \
		.trailer = {"narrow", UNSAID_OMITTED}, .is_a = "flag", .word = narrow_word, .read = narrow_read) \
	X(COMPLAIN, COMPLAIN, .group = FACT_OF_NODE, .told = "complains",                               \
		.trailer = {"complain", UNSAID_OMITTED}, .is_a = "flag", .word = complain_word, .read = complain_read) \
	X(INPUT, INPUT_FORMAT, .group = FACT_OF_INPUT, .told = "input format",                          \
		.trailer = {"input", UNSAID_OMITTED}, .manifest = {"inputFormat", UNSAID_DEFAULT},      \
		.is_a = "format of profiles", .one_of = "docker, oci, common, config, spo, configmap",  \
		.word = input_word, .said = input_said, .read = input_read)                             \
	X(ENTRY, ENTRY, .group = FACT_OF_INPUT, .told = "entry", .trailer = {"entry", UNSAID_OMITTED},  \
		.manifest = {"entry", UNSAID_NULL}, .is_a = "key", .word = entry_word, .read = entry_read) \
	X(BASES, NONE, .group = FACT_OF_PROFILE, .told = "bases", .trailer = {"bases", UNSAID_OMITTED}, \
		.word = bases_word)                                                                     \
	X(MERGED, NONE, .group = FACT_OF_PROFILE, .told = "merged", .trailer = {"merged", UNSAID_OMITTED}, \
		.word = merged_word)                                                                    \
	X(BY, NONE, .group = FACT_OF_WINNOW, .told = "made by", .maker = "winnow ",                     \
		.trailer = {"by", UNSAID_OMITTED}, .record = {"by", UNSAID_DEFAULT},                    \
		.manifest = {"winnow", UNSAID_DEFAULT}, .word = by_word)                                \
	X(TABLES, NONE, .group = FACT_OF_WINNOW, .told = "syscall tables",                              \
		.trailer = {"tables", UNSAID_OMITTED}, .record = {"tables", UNSAID_DEFAULT},            \
		.manifest = {"tables", UNSAID_DEFAULT}, .word = tables_word)

enum fact_id {
#define FACT_ID(id, option, ...) FACT_##id,
	COMPILE_FACTS(FACT_ID)
#undef FACT_ID
	FACTS
};

extern const struct fact compile_facts[FACTS];

/* What an output writes: the word, in the arena, or NULL for none; *null: it is to say so. */
const char *fact_word(struct arena *, enum fact_id, const struct fact_in *, const struct origin *, bool *null);

#endif
