/*
 * A blob into the kernel: read, checked, no_new_privs, seccomp(2).
 *
 * In: bytes or a descriptor. Out: a filter on top of the task's others, or a reason. This runs in
 * signal handlers, after fork in programs with threads, and in a program without a libc: calls go
 * to the kernel directly, errors come back as values, and memory is the stack.
 */

#include "load.h"

#include "admit.h"
#include "claims.h"
#include "insn.h"
#include "native.h"
#include "syscalls.h"

/* include/uapi/linux/seccomp.h, include/uapi/linux/prctl.h */
#define SECCOMP_MODE_FILTER     2
#define PR_SET_SECCOMP          22
#define PR_SET_NO_NEW_PRIVS     38

#define KERNEL_FLAGS                                                                               \
	(WINNOW_TSYNC | WINNOW_LOG | WINNOW_SPEC_ALLOW | WINNOW_LISTENER | WINNOW_TSYNC_ESRCH |    \
		WINNOW_WAIT_KILLABLE)
#define OWN_FLAGS (WINNOW_NO_CHECK | WINNOW_KEEP_PRIVS)

/* struct sock_fprog of include/uapi/linux/filter.h */
struct fprog {
	uint16_t len;
	const void *insn;
};

static int refuse(struct winnow_fault *fault, enum winnow_reason reason, int error)
{
	*fault = (struct winnow_fault){.reason = reason};
	return error;
}

int load_read(int fd, void *bytes, size_t room, size_t *size)
{
	*size = 0;
	while (*size < room) {
		REG got = syscall5(
			NR_read, fd, REG_OF((char *)bytes + *size), (REG)(room - *size), 0, 0);
		if (got == 0)
			break;
		if (got > 0)
			*size += (size_t)got;
		else if (got != -ERR_EINTR)
			return (int)got;
	}
	return 0;
}

int load_no_new_privs(void)
{
	return (int)syscall5(NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* What the kernel's answer means. */
static int install_answer(REG ret, unsigned flags, struct winnow_fault *fault)
{
	/* TSYNC names the thread that stands in the way, which is no use to anybody */
	bool in_the_way = ret == -ERR_ESRCH || (ret > 0 && !(flags & WINNOW_LISTENER));

	if ((flags & WINNOW_TSYNC) && in_the_way)
		return refuse(fault, WINNOW_THREADS, -ERR_ESRCH);
	if (ret >= 0)
		return (int)ret;
	if (ret == -ERR_EINVAL && (flags & WINNOW_WAIT_KILLABLE) && !(flags & WINNOW_LISTENER))
		return refuse(fault, WINNOW_FLAGS, (int)ret);
	if (ret == -ERR_ENOSYS || (ret == -ERR_EINVAL && flags))
		return refuse(fault, WINNOW_UNAVAILABLE, (int)ret);
	return refuse(fault, ret == -ERR_ENOMEM ? WINNOW_BUDGET : WINNOW_REFUSED, (int)ret);
}

int load_install(const void *blob, size_t size, unsigned flags, struct winnow_fault *fault)
{
	const struct fprog fprog = {(uint16_t)(size / sizeof(struct insn)), blob};

	if ((flags & WINNOW_TSYNC) && (flags & WINNOW_LISTENER))
		flags |= WINNOW_TSYNC_ESRCH;
	REG ret = syscall5(NR_seccomp, SECCOMP_SET_MODE_FILTER, (REG)flags, REG_OF(&fprog), 0, 0);
	if (ret == -ERR_ENOSYS && !flags) { /* Linux 3.5 has filters, 3.17 this call */
		ret = syscall5(NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, REG_OF(&fprog), 0, 0);
		if (ret == -ERR_EINVAL) /* neither has it */
			ret = -ERR_ENOSYS;
	}
	return install_answer(ret, flags, fault);
}

int winnow_check(const void *blob, size_t size, struct winnow_fault *fault)
{
	struct winnow_fault unasked;

	if (!fault)
		fault = &unasked;
	*fault = (struct winnow_fault){.reason = WINNOW_OK};
	if (!admit(blob, size, fault))
		return fault->reason == WINNOW_BYTE_ORDER ? -ERR_ENOEXEC : -ERR_EINVAL;
	if (!claims_check(blob, size, fault))
		return -ERR_EINVAL;
	return native_check(blob, size, HOST_AUDIT, fault) ? 0 : -ERR_ENOEXEC;
}

int winnow_load(const void *blob, size_t size, unsigned flags, struct winnow_fault *fault)
{
	struct winnow_fault unasked;
	int error = 0;

	if (!fault)
		fault = &unasked;
	*fault = (struct winnow_fault){.reason = WINNOW_OK};
	if (flags & ~(unsigned)(KERNEL_FLAGS | OWN_FLAGS))
		return refuse(fault, WINNOW_FLAGS, -ERR_EINVAL);
	if (size > BLOB_MAX) /* sock_fprog.len has 16 bits: not even unchecked */
		return refuse(fault, WINNOW_TOO_LONG, -ERR_EINVAL);
	if (!(flags & WINNOW_NO_CHECK))
		error = winnow_check(blob, size, fault);
	if (error)
		return error;
	if (!(flags & WINNOW_KEEP_PRIVS))
		error = load_no_new_privs();
	if (error)
		return refuse(fault, WINNOW_PRIVS, error);
	return load_install(blob, size, flags & KERNEL_FLAGS, fault);
}

int winnow_load_fd(int fd, unsigned flags, struct winnow_fault *fault)
{
	unsigned char blob[BLOB_MAX + 1]; /* a byte more than fits tells of too much */
	struct winnow_fault unasked;
	size_t size;

	int error = load_read(fd, blob, sizeof(blob), &size);
	if (error)
		return refuse(fault ? fault : &unasked, WINNOW_READ, error);
	return winnow_load(blob, size, flags, fault);
}
