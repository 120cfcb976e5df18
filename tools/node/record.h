#ifndef TOOLS_NODE_RECORD_H
#define TOOLS_NODE_RECORD_H

/*
 * What is installed under a profile's name, from what and how: a JSON file a profile in force, and
 * one in each generation. It is what tells winnow's files from others, so a file is written before
 * the record that names it. No time is in it: the same input gives the same record.
 */

#include "places.h"

#include "../lib/compile_facts.h"

#include "../../backends/bpf/sha256.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>

#define RECORD_VERSION 1                 /* raised when a reader of the old one would go wrong */
#define RECORD_MAX     ((size_t)1 << 20) /* bytes of the file */
#define DIGEST_TEXT    SHA256_HEX

struct record_file {
	const char *sha256; /* NULL: the profile is not installed in this place */
	size_t size;        /* bytes */
};

/* Lines of a text, without their ends. */
struct record_lines {
	const char *const *line;
	size_t count;
};

/* What the node's baseline took from the profile (baseline.h). */
struct record_baseline {
	const char *sha256;           /* of the baseline; NULL: there was none */
	unsigned syscalls;            /* of which it took calls that the profile does not refuse */
	struct record_lines lost;     /* which: "x86_64 socket ALLOW -> ERRNO(1) when a0 == 38, ..." */
	struct record_lines rounded;  /* what JSON refuses besides, as it cannot say it better */
};

struct record {
	unsigned generation;                /* from 1 */
	const char *profile;                /* its name */
	const char *source, *source_sha256; /* path and bytes of what it was made from */

	const char *fact[FACTS]; /* what the meaning depends on, as compile_facts.h has it; NULL: not said, or not here */
	const char *kernel_from; /* "option", "node" or "tables" */
	const char *base_spec;   /* digest of --base-spec; "" for winnow's own */
	const char *options;     /* digest of the profile's own options (own_options.h); NULL: it has none */

	const char *meaning; /* hash.h, in hexadecimal; "": none within its budget */
	unsigned instructions, worst_path;
	unsigned jit_bytes; /* what the kernel's JIT makes of the blob: an estimate (jit.h) */

	struct record_file file[PLACES];

	struct record_baseline baseline;
	const char *refused; /* digest of the source that a rollback turned away; NULL: none */
};

/* In hexadecimal, into the arena. */
const char *record_digest(struct arena *, const void *bytes, size_t len);
const char *record_hex(struct arena *, const uint8_t digest[static SHA256_SIZE]);

void record_write(struct buf *, const struct record *);

enum record_kind {
	RECORD_OK,
	RECORD_NONE,  /* no record, or not of this name */
	RECORD_OTHER, /* of another version of winnow, which knows what this one would lose */
};

/* Unless it is RECORD_OK, `why` says what is wrong. */
enum record_kind record_read(
	struct record *, struct arena *, const struct source *, const char *name, const char **why);

/*
 * Do they differ in nothing but generation, what was refused, and the path of the source, whose bytes
 * are compared?
 */
bool record_same(struct arena *, const struct record *, const struct record *);

#endif
