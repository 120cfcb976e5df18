#ifndef TESTS_LIB_PEER_H
#define TESTS_LIB_PEER_H

/*
 * libseccomp as a second opinion: a ruleset handed to it the way runc does. It decides about the
 * order of conflicting rules, so it is asked only in classes where its answer is sound; outside
 * these classes the plain set semantics of policy.h hold.
 */

#include "backends/bpf/bpf.h"
#include "compiler/meaning/select_rules.h"

#define PEER_LEVELS 2 /* of SCMP_FLTATR_CTL_OPTIMIZE: 1 and 2 */

enum peer {
	PEER_DONE,
	PEER_CONFLICT, /* a rule was refused with EEXIST */
	PEER_FAILED,   /* for any other reason */
};

/* Writes "2.5.4". */
void peer_version(char text[static 32]);

bool peer_has_abi(const struct abi *);

/* Has it ever heard of the syscall? */
bool peer_knows(uint16_t syscall);

/* Do its tables and ours say the same of a syscall on every ABI of the ruleset? */
bool peer_agrees(const struct ruleset *, uint16_t syscall);

/* Where programs are exported to, one after the other. False: libseccomp cannot be asked here. */
struct peer_file {
	int fd;
};
bool peer_open(struct peer_file *);
void peer_close(struct peer_file *);

enum peer peer_filter(struct arena *, struct peer_file *, const struct ruleset *, unsigned level,
	struct program *);

/* Does it refuse a rule with EEXIST? No filter is written. */
bool peer_refuses(const struct ruleset *);

#endif
