#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

/*
 * What fuzzers call, libFuzzer and AFL++ alike, and replay.c with the seeds. A target holds what it
 * was given against what is promised of any input; a promise that is broken aborts.
 */

#include "compiler/say/diag.h"
#include "compiler/meaning/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Bytes in front of an input that choose options; those that are not there are 0. */
struct choice {
	const uint8_t *byte;
	size_t len;
};

/* The next choice: 0..n-1. '0' is 0, so that seeds can be written by hand. */
size_t choose(struct choice *, size_t n);

/* The first `choices` bytes; the rest is moved to the front of *bytes. */
struct choice choice_start(const uint8_t **bytes, size_t *len, size_t choices);

/* UTF-8, and nothing that gives a terminal orders. Newlines and tabs are let through. */
void check_shown(const char *text, size_t len);

/* Every finding has a place in the source or none, a text, a row; all print fit for a terminal. */
void check_diags(struct diags *);

/* A call made of the salt, often one of the policy's numbers on one of its archs. */
struct call make_call(const struct policy *, uint32_t salt);

#endif
