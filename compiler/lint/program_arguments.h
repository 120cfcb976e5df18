#ifndef COMPILER_LINT_PROGRAM_ARGUMENTS_H
#define COMPILER_LINT_PROGRAM_ARGUMENTS_H

/*
 * With what flags programs were measured to make the calls of their start and end (program_arguments.tbl, made by
 * tools/maintain/gen-program-arguments), and what becomes of these where a policy has conditions on the call. Addresses
 * and descriptors are not known, so of conditions on such nothing is claimed; nor of ABIs that were not measured, whose
 * flags and libraries differ.
 */

#include "syscall_outcome.h"

/*
 * What becomes of a call by which a program of programs.tbl starts or ends, on the ABI it was measured on: as of any
 * (outcome_of_name()), but where arguments decide, refused if one is that the program fails without, and open if all that
 * it makes are. Of a refused one *shown is how people write it, "arch_prctl(ARCH_SET_FS)"; else it stays.
 */
struct syscall_outcome program_arguments_outcome(
	const struct lint *, const struct abi *, size_t program, uint16_t id, const char **shown);

#endif
