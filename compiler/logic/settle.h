#ifndef COMPILER_LOGIC_SETTLE_H
#define COMPILER_LOGIC_SETTLE_H

/*
 * Not every value of an argument can come to a filter: a 32-bit ppc program has no upper halves to
 * fill, and the kernel shows 0 there (arch.h enum upper). What a filter does with calls that cannot
 * exist is no part of its meaning.
 *
 * Here and everywhere a call exists if its arguments can come with its audit arch. Numbers are not
 * asked about, nor is the instruction pointer: a tracer may write any.
 */

#include "../../arch/arch.h"
#include "../kernel/call.h"
#include "bdd.h"

/*
 * The function with the answers for calls that do not exist replaced by those of calls that do: two
 * settled functions are equal exactly if the two are equal for all calls that exist, and what is
 * returned for those is untouched. A function that says nothing of upper halves where they are
 * known is its own.
 *
 * diff_call() and diff_witness() of functions made of settled ones name calls that exist.
 */
uint32_t settle(struct bdd *, uint32_t function);

/* Boolean, of a call of the ABI's audit arch: can it exist? */
uint32_t settle_possible(struct bdd *, const struct abi *);

/* The same of one call of any audit arch. */
bool settle_exists(const struct call *);

#endif
