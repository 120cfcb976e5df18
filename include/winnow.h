#ifndef WINNOW_H
#define WINNOW_H

/*
 * Filters into the calling process: the loading half of winnow, for sandbox authors.
 *
 * A blob is an array of struct sock_filter in this machine's byte order, as `winnow compile` writes
 * it; nothing is in front of it. Every function here is async-signal-safe and may run between fork
 * and exec of a program with threads: it makes its system calls itself, allocates nothing, touches
 * neither errno nor any global, and keeps nothing of what it was given.
 *
 * Link with libwinnow-load.a.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * May be or-ed. The first six are the kernel's SECCOMP_FILTER_FLAG_* (include/uapi/linux/seccomp.h)
 * and go to seccomp(2); what it allows together: kernel/seccomp.c seccomp_set_mode_filter().
 */
enum winnow_flag {
	WINNOW_TSYNC = 1 << 0,       /* the filter is for all threads of the process, or for none */
	WINNOW_LOG = 1 << 1,         /* log what is not allowed */
	WINNOW_SPEC_ALLOW = 1 << 2,  /* no speculative store bypass mitigation for the process */
	WINNOW_LISTENER = 1 << 3,    /* return a descriptor that answers NOTIFY; close-on-exec */
	WINNOW_TSYNC_ESRCH = 1 << 4, /* implied by TSYNC with LISTENER, where the kernel wants it */
	WINNOW_WAIT_KILLABLE = 1 << 5, /* a call under NOTIFY waits killably; with LISTENER only */

	WINNOW_NO_CHECK = 1 << 16,   /* whatever winnow_check() would say */
	WINNOW_KEEP_PRIVS = 1 << 17, /* leave no_new_privs alone: the caller has CAP_SYS_ADMIN in
					its user namespace, or has set it */
};

/* Why not. The file of the kernel whose rule it is stands behind each. */
enum winnow_reason {
	WINNOW_OK,

	/* the blob as a whole: kernel/seccomp.c seccomp_prepare_filter() */
	WINNOW_SIZE,       /* its size is no multiple of 8 */
	WINNOW_EMPTY,      /* no instruction */
	WINNOW_TOO_LONG,   /* more than 4096 */
	WINNOW_BYTE_ORDER, /* it makes sense in the other byte order only */

	/* an instruction: net/core/filter.c bpf_check_classic(), kernel/seccomp.c
	 * seccomp_check_filter() */
	WINNOW_OPCODE,    /* one that seccomp does not take */
	WINNOW_OFFSET,    /* a load outside seccomp_data, or not at a multiple of 4 */
	WINNOW_CELL,      /* M[16] or beyond */
	WINNOW_UNWRITTEN, /* reads M[k] where the kernel does not see it written */
	WINNOW_DIVISION,  /* by the constant 0 */
	WINNOW_SHIFT,     /* by a constant of 32 or more */
	WINNOW_JUMP,      /* beyond the end */
	WINNOW_NO_RETURN, /* the last instruction is not a RET */

	/* the words behind the filter, doc/blob.md: ours */
	WINNOW_TRAILER, /* they are not what winnow wrote */

	/* not for this machine: ours, the kernel takes such filters and then kills */
	WINNOW_ARCH_UNSEEN, /* a RET other than a kill, on a way that has not compared the arch */
	WINNOW_ARCH_OTHER,  /* never compares the arch with this machine's */
	WINNOW_ARCH_KILLED, /* kills each and every call of this machine */

	/* the load */
	WINNOW_FLAGS,       /* unknown flags, or WAIT_KILLABLE without LISTENER */
	WINNOW_READ,        /* the descriptor cannot be read */
	WINNOW_PRIVS,       /* no_new_privs cannot be set: kernel/sys.c prctl() */
	WINNOW_UNAVAILABLE, /* no seccomp filters here, or not with these flags */
	WINNOW_THREADS,     /* TSYNC: a thread has filters of its own: kernel/seccomp.c
			       seccomp_can_sync_threads() */
	WINNOW_BUDGET,      /* MAX_INSNS_PER_PATH: kernel/seccomp.c seccomp_attach_filter() */
	WINNOW_REFUSED,     /* the kernel said no; the errno returned is all it says */
	WINNOW_REASONS
};

struct winnow_fault {
	enum winnow_reason reason;
	uint32_t insn; /* 0..4095, for reasons about one instruction (WINNOW_OPCODE to
			  WINNOW_ARCH_UNSEEN) */
	uint32_t arch; /* AUDIT_ARCH_* that a WINNOW_ARCH_OTHER blob compares with first; 0: none */
};

/*
 * Would the kernel take the blob, and is it meant for this machine? 0, or a negative errno: -EINVAL
 * where the kernel would say that, -ENOEXEC for a blob that is not for this machine. `fault` is
 * filled in either way and may be NULL. Stack: 12 KiB at most.
 */
int winnow_check(const void *blob, size_t size, struct winnow_fault *fault);

/*
 * winnow_check(), then no_new_privs, then the filter on top of those already there. 0 or, with
 * WINNOW_LISTENER, a descriptor that is the caller's; or a negative errno with the reason in
 * `fault`, which may be NULL. After a failure no filter was added, but no_new_privs may be set.
 * Where seccomp(2) is missing, prctl(2) serves if no flag is asked for. Stack: 12 KiB at most.
 */
int winnow_load(const void *blob, size_t size, unsigned flags, struct winnow_fault *fault);

/*
 * winnow_load() of what is left to read in `fd`, which may be a pipe and stays open. Stack: 44 KiB
 * at most, the blob being kept there.
 */
int winnow_load_fd(int fd, unsigned flags, struct winnow_fault *fault);

/* For people, to follow the blob's name: "divides by 0". Static; never NULL for a reason above. */
const char *winnow_reason_text(enum winnow_reason);

#ifdef __cplusplus
}
#endif

#endif
