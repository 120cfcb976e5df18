#ifndef BACKENDS_BPF_CHECK_H
#define BACKENDS_BPF_CHECK_H

/*
 * Would the kernel take this program? The rules of net/core/filter.c bpf_check_classic() and
 * chk_code_allowed(), kernel/seccomp.c seccomp_check_filter() and seccomp_prepare_filter(),
 * restated, with a reason where the kernel has only EINVAL.
 */

#include "../../compiler/base/arena.h"
#include "bpf.h"

#include <stdbool.h>

/*
 * Translated instructions all filters of a task may have together, four more for each filter
 * already there (kernel/seccomp.c, MAX_INSNS_PER_PATH and seccomp_attach_filter()).
 */
#define TASK_INSNS_MAX    32768
#define TASK_INSNS_FILTER 4

struct fault {
	size_t pc;       /* instruction at fault; program length for faults of the whole */
	const char *why; /* to follow "instruction N" or "the program": "divides by 0" */
};

/* "instruction 4: divides by 0" or "it has 4097 instructions: ..." */
const char *fault_text(struct arena *, const struct program *, const struct fault *);

/*
 * Every rule the program breaks, in order of pc. Returns how many; 0: the kernel takes it. Of a
 * program of the wrong length nothing else is looked at.
 */
size_t check_program(struct arena *, const struct program *, struct fault **faults);

/*
 * What the kernel takes but nobody means, in order of pc: unreachable instructions, jumps to the
 * next instruction, returned values the kernel reads otherwise than written, numbers tested before
 * the audit arch. The program must have passed check_program().
 */
size_t check_advice(struct arena *, const struct program *, struct fault **advice);

/* What the kernel counts against TASK_INSNS_MAX. The program must have passed check_program(). */
size_t check_translated(const struct program *);

/*
 * Where the jump at `pc` goes, which may be outside the program; a JA goes to one place either way.
 * False: not a jump. For any program, refused ones too.
 */
bool check_targets(const struct program *, size_t pc, uint64_t *yes, uint64_t *no);

#endif
