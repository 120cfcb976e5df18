#ifndef TOOLS_EXEC_LOAD_H
#define TOOLS_EXEC_LOAD_H

/* The steps of winnow_load(), for a caller that takes several blobs through each. */

#include "../../include/winnow.h"

#include "insn.h"

#define BLOB_MAX (PROGRAM_MAX * sizeof(struct insn)) /* bytes of the longest the kernel takes */

#define SECCOMP_SET_MODE_FILTER 1 /* include/uapi/linux/seccomp.h */

/* What is left to read in `fd`, `room` bytes at most. 0 or -errno. */
int load_read(int fd, void *bytes, size_t room, size_t *size);

/* For this thread and what it starts; cannot be undone. 0 or -errno. */
int load_no_new_privs(void);

/*
 * The filter on top of those there, unchecked. `flags`: the kernel's part of enum winnow_flag.
 * 0, a descriptor or -errno.
 */
int load_install(const void *blob, size_t size, unsigned flags, struct winnow_fault *fault);

#endif
