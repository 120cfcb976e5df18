#ifndef TESTS_LIB_SPECIMEN_H
#define TESTS_LIB_SPECIMEN_H

/*
 * Random programs that seccomp takes, of every opcode it knows, with calls to run them on: the same
 * for the same seed on every host. Kernels are asked about them, so what a program comes to has to
 * be seen from outside: as the errno of a call that does not exist.
 */

#include "arch/arch.h"
#include "backends/bpf/bpf.h"
#include "compiler/kernel/call.h"

#include <stdbool.h>

#define SPECIMEN_CALLS 4

struct specimen {
	uint64_t seed;
	struct insn insn[PROGRAM_MAX];
	struct program program;
	struct call
		call[SPECIMEN_CALLS]; /* as they are made; all of one address, which is not known */
};

void specimen_make(struct specimen *, uint64_t seed, const struct abi *);

/* One that returns 12 bits of the instruction pointer, as errno: bits 12 * part and above. */
#define SPECIMEN_IP_PARTS 6 /* three of either half */
void specimen_of_ip(struct specimen *, unsigned part, const struct abi *);
void specimen_ip_add(uint64_t *ip, unsigned part, uint32_t answer);

/* The ELF number of an ABI's machine. */
unsigned specimen_machine(const struct abi *);
/* n32 and x32 too: their registers have 64 bits, though the ABI uses 32. */
bool specimen_shows_whole(const struct abi *);
/* The last o32 call of Linux 5.17, which is in the table of all kernels that are asked. */
#define SPECIMEN_O32_KNOWN 4450u
/* The call as a filter sees it on a kernel of an ABI of its own. */
struct call specimen_shown(const struct call *, const struct abi *, const struct abi *native);

/*
 * What a caller without tracer, listener or handlers sees of a returned value: an errno of 0 to
 * 4095, or that it was killed.
 */
#define SPECIMEN_KILLED 0x10000u
uint32_t specimen_seen(uint32_t ret, const struct abi *);

#endif
