#ifndef KERNELS_HARMLESS_H
#define KERNELS_HARMLESS_H

/* Calls that may be made for real, whatever a filter lets through. */

#include "compiler/kernel/call.h"
#include "arch/arch.h"

/*
 * Changes a call's arguments until it does no harm, does not block and leaves its caller alive.
 * False: it cannot be had, or what it returns says too little (`nonzero`: it must not return 0).
 */
bool harmless(const struct abi *, struct call *, bool nonzero);

/* All arguments -1, which few calls like. */
void harmless_ones(struct call *);

#endif
