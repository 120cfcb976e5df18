#ifndef BENCH_RIVAL_H
#define BENCH_RIVAL_H

/* libseccomp, where it is installed: tests/lib/peer.h behind a door that may be shut. */

#include "../backends/bpf/bpf.h"
#include "../compiler/meaning/select_rules.h"

#include <stdbool.h>

/* Writes "2.5.4"; "" where there is none. */
void rival_version(char text[static 32]);

/* Knows every ABI of the set. */
bool rival_knows(const struct ruleset *);

/* Numbers the syscall as we do on every ABI of the set. */
bool rival_agrees(const struct ruleset *, uint16_t syscall);

/* NULL, or why not. */
const char *rival_program(struct arena *, const struct ruleset *, unsigned level, struct program *);

#endif
