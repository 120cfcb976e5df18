#ifndef TOOLS_CLI_NODE_OPTIONS_H
#define TOOLS_CLI_NODE_OPTIONS_H

/* Options that say how a profile is to be read, and for what node and runtime. */

#include "../lib/compile_facts.h"
#include "../lib/node_words.h"
#include "options.h"

#include "../../compiler/meaning/select_rules.h"

/* The option that sets a fact; OPT_NONE: none does. */
extern const enum option_id fact_option[FACTS];

/* Says so, with what is near. EXIT_USAGE */
int unknown_runtime(const struct verb *, const char *text);

/* --arch, this machine's unless it is given: an ABI that a node is. EXIT_DONE, or EXIT_USAGE, told. */
int node_native(const struct parsed *, struct node_facts *);

/* What TAKES_NODE lists: all but the ABI. EXIT_DONE, or EXIT_USAGE when a value makes no sense, which has
 * been said. */
int node_read(const struct parsed *, struct node_facts *, struct input_options *);

/* How flattened JSON is to answer newer syscalls: a runtime that has a way adds it when it reads the
 * JSON, so that it is off unless --enosys asks for one. */
enum enosys node_json_enosys(const struct parsed *, enum enosys of_filter);

/* All of it for one profile that becomes JSON: --arch, what TAKES_NODE lists, an --output that is no empty
 * path. The same. */
int node_read_json(const struct parsed *, struct node_facts *, struct input_options *);

/* A list of capabilities, none if text is NULL. */
int node_read_caps(const struct verb *, const char *text, uint64_t *caps);

/* X.Y and what may follow in a kernel's own version; left alone if text is NULL. */
int node_read_kernel(const struct verb *, const char *text, struct kernel_version *);

#endif
