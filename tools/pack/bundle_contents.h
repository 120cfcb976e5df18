#ifndef TOOLS_PACK_BUNDLE_CONTENTS_H
#define TOOLS_PACK_BUNDLE_CONTENTS_H

/* What is in a bundle (bundle.h), and in its manifest. */

#include "../cli/node_options.h"

#include "../../backends/bpf/sha256.h"
#include "../../compiler/say/source.h"

#include <stdbool.h>

#define BUNDLE_MAX      ((size_t)256 << 20) /* bytes of a bundle */
#define BUNDLE_NAME_MAX 128                 /* bytes of a profile's name */

struct bundle_file {
	const char *path; /* of the member */
	const char *bytes;
	size_t len;
	uint8_t digest[SHA256_SIZE];
};

/* What a profile is on one kind of node. */
struct bundle_filter {
	const struct abi *node; /* the ABI of the node's own programs */
	uint64_t caps;
	const char *abis;    /* all of the filter, the node's own first, parted by blanks */
	size_t instructions; /* without the trailer */
	unsigned longest_path;
	uint8_t meaning[SHA256_SIZE]; /* hash.h */
	struct bundle_file bpf, json;
};

struct bundle_profile {
	const char *name; /* bundle_name_ok() */
	struct bundle_file text; /* the profile as it was given */
	struct bundle_filter *filter; /* sorted by capabilities and name of the ABI */
	size_t filters;
};

/* What all filters of a bundle were made with. */
struct bundle_options {
	struct node_facts node;  /* but for ABI and capabilities, which each filter has */
	enum enosys json_enosys; /* of the JSON: a runtime adds its own to that */
	bool strict;
	struct input_options wish;
};

struct bundle {
	const char *name;            /* the archive's, for messages */
	const char *winnow, *tables; /* versions it was made with */
	struct bundle_options options;
	struct bundle_profile *profile; /* sorted by name */
	size_t profiles;
	struct bundle_file manifest;
};

/* Letters, digits, "._-", no "." in front, 128 bytes at most. */
bool bundle_name_ok(const char *name, size_t len);

#endif
