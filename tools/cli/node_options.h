#ifndef TOOLS_CLI_NODE_OPTIONS_H
#define TOOLS_CLI_NODE_OPTIONS_H

/* Options that say how a profile is to be read, and for what node and runtime. */

#include "../lib/build.h"
#include "options.h"

#include "../../compiler/meaning/resolve.h"

#define NODE_ROW_CAPS                                                                              \
	{                                                                                          \
		0, "caps", "CAP[,CAP...]", "capabilities the container has: all, none (default)"   \
	}
#define NODE_ROW_KERNEL                                                                            \
	{                                                                                          \
		0, "kernel", "X.Y", "kernel that minKernel is compared with"                       \
	}
#define NODE_ROW_RUNTIME                                                                           \
	{                                                                                          \
		0, "runtime", "NAME",                                                              \
			"whose reading: author (default), docker, podman, containerd, crio, runc, crun, kep6061"     \
	}
#define NODE_ROW_ENOSYS                                                                            \
	{                                                                                          \
		0, "enosys", "HOW",                                                                \
			"ENOSYS for newer syscalls: off, table, runc; default the runtime's way"   \
	}
#define NODE_ROW_NARROW                                                                            \
	{                                                                                          \
		0, "narrow-int-args", NULL,                                                        \
			"compare no more of an argument than the kernel takes"                     \
	}
#define NODE_ROW_COMPLAIN                                                                          \
	{                                                                                          \
		0, "complain", NULL, "log what the default action refuses, and let it be made"     \
	}
#define NODE_ROW_INPUT                                                                             \
	{                                                                                          \
		0, "input-format", "NAME",                                                         \
			"any (default), docker, oci, common, config, spo, configmap"               \
	}
#define NODE_ROW_ENTRY                                                                             \
	{                                                                                          \
		0, "entry", "NAME", "entry of a ConfigMap with several"                            \
	}

/* Values of the rows above; NULL: not given. */
struct node_options {
	const char *caps, *kernel, *runtime, *enosys, *narrow, *complain, *input, *entry;
};

/* Says so, with what is near. EXIT_USAGE */
int unknown_runtime(const struct verb *, const char *text);

/* All but the ABI. EXIT_DONE, or EXIT_USAGE when a value makes no sense, which has been said. */
int node_read(const struct verb *, const struct node_options *, struct node_facts *, struct wish *);

/* How flattened JSON is to answer newer syscalls: a runtime that has a way adds it when it reads the
 * JSON, so that it is off unless --enosys asks for one. */
enum enosys node_json_enosys(const struct node_options *, enum enosys of_filter);

/* X.Y and what may follow in a kernel's own version; left alone if text is NULL. */
int node_read_kernel(const struct verb *, const char *text, struct kernel_version *);

/* The next word of a comma list; false at its end. */
bool next_word(const char **list, const char **word, size_t *len);

#endif
