/* The operations of io_uring are those of include/uapi/linux/io_uring.h. */

#include "bypass.h"

#include "../../compiler/base/base.h"

#include <string.h>

static const struct {
	char name[24], op[24]; /* in place, so that the loader has nothing to relocate */
} uring[] = {
	{"accept", "ACCEPT"},
	{"accept4", "ACCEPT"},
	{"bind", "BIND"},
	{"close", "CLOSE"},
	{"connect", "CONNECT"},
	{"epoll_ctl", "EPOLL_CTL"},
	{"epoll_wait", "EPOLL_WAIT"},
	{"fadvise64", "FADVISE"},
	{"fadvise64_64", "FADVISE"},
	{"fallocate", "FALLOCATE"},
	{"fdatasync", "FSYNC"},
	{"fgetxattr", "FGETXATTR"},
	{"fsetxattr", "FSETXATTR"},
	{"fsync", "FSYNC"},
	{"ftruncate", "FTRUNCATE"},
	{"ftruncate64", "FTRUNCATE"},
	{"futex_wait", "FUTEX_WAIT"},
	{"futex_waitv", "FUTEX_WAITV"},
	{"futex_wake", "FUTEX_WAKE"},
	{"getsockopt", "URING_CMD"},
	{"getxattr", "GETXATTR"},
	{"link", "LINKAT"},
	{"linkat", "LINKAT"},
	{"listen", "LISTEN"},
	{"madvise", "MADVISE"},
	{"mkdir", "MKDIRAT"},
	{"mkdirat", "MKDIRAT"},
	{"open", "OPENAT"},
	{"openat", "OPENAT"},
	{"openat2", "OPENAT2"},
	{"pipe", "PIPE"},
	{"pipe2", "PIPE"},
	{"poll", "POLL_ADD"},
	{"ppoll", "POLL_ADD"},
	{"pread64", "READ"},
	{"preadv", "READV"},
	{"preadv2", "READV"},
	{"pwrite64", "WRITE"},
	{"pwritev", "WRITEV"},
	{"pwritev2", "WRITEV"},
	{"read", "READ"},
	{"readv", "READV"},
	{"recv", "RECV"},
	{"recvfrom", "RECV"},
	{"recvmsg", "RECVMSG"},
	{"rename", "RENAMEAT"},
	{"renameat", "RENAMEAT"},
	{"renameat2", "RENAMEAT"},
	{"rmdir", "UNLINKAT"},
	{"send", "SEND"},
	{"sendmsg", "SENDMSG"},
	{"sendto", "SEND"},
	{"setsockopt", "URING_CMD"},
	{"setxattr", "SETXATTR"},
	{"shutdown", "SHUTDOWN"},
	{"socket", "SOCKET"},
	{"splice", "SPLICE"},
	{"statx", "STATX"},
	{"symlink", "SYMLINKAT"},
	{"symlinkat", "SYMLINKAT"},
	{"sync_file_range", "SYNC_FILE_RANGE"},
	{"tee", "TEE"},
	{"unlink", "UNLINKAT"},
	{"unlinkat", "UNLINKAT"},
	{"waitid", "WAITID"},
	{"write", "WRITE"},
	{"writev", "WRITEV"},
};

unsigned bypass_place(const struct abi *abi, uint16_t syscall, unsigned arg)
{
	if (arg > 1 || !abi->clone_swapped || strcmp(arch_syscall_name(syscall), "clone") != 0)
		return arg;
	return 1 - arg;
}

const char *bypass_uring(uint16_t syscall)
{
	for (size_t i = 0; i < countof(uring); i++) {
		if (strcmp(uring[i].name, arch_syscall_name(syscall)) == 0)
			return uring[i].op;
	}
	return NULL;
}

/* net/socket.c socketcall(int call); ipc/syscall.c ksys_ipc() takes a version off the upper half.
 */
uint32_t bypass_code_mask(const struct abi *abi, uint32_t multiplexer)
{
	const char *name = arch_nr_name(abi, multiplexer);

	return name && strcmp(name, "ipc") == 0 ? 0xffff : UINT32_MAX;
}
