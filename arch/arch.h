#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

/*
 * What is true of a machine: its ABIs as one descriptor row each, and their syscall numbers as one
 * row a syscall. Data and look-ups; knows nothing of profiles or programs, allocates nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum byte_order { ORDER_LITTLE, ORDER_BIG };

/* Lists of other programs that an ABI stands on or is left out of: bits of abi.lists. */
enum arch_list {
	LIST_MOBY_MAP = 1,   /* Docker finds its entry in an archMap: moby/profiles nativeToSeccomp */
	LIST_COMMON_MAP = 2, /* podman and CRI-O do: containers/common nativeToSeccomp */
	LIST_RUNC = 4,       /* runc takes its name: libcontainer/seccomp/config.go archs, 1.4 */
	LIST_RUNC_1_1 = 16,  /* runc 1.1 does: `runc features` of 1.1.5 */
	LIST_NO_LIBSECCOMP = 8, /* libseccomp has no such name: src/arch.c, 2.6.1 */
};

/* One numbering of the syscalls: a column of tables/syscalls.tbl. */
enum numbering {
#define NUMBERING(name, source) NUMBERING_##name,
#include "tables/numberings.tbl"
#undef NUMBERING
	NUMBERINGS
};

/* One numbering of errno names: a column of tables/errno.tbl. */
enum errno_numbering {
	ERRNO_GENERIC,
	ERRNO_MIPS,
	ERRNO_PARISC,
	ERRNO_POWERPC,
	ERRNO_ALPHA,
	ERRNO_NUMBERINGS
};

/*
 * What the upper half of an argument can be that a filter sees, on any kernel the filter may run
 * on: where a kernel of 32 bits and one of 64 differ, what either shows.
 */
enum upper {
	UPPER_ANY,      /* a whole register */
	UPPER_ZERO,     /* 0 */
	UPPER_EXTENDED, /* 0, or all ones if bit 31 is set */
};

/* Kernel version the tables were made from ("7.2"), and the same as two numbers. */
extern const char arch_tables_kernel[];
extern const unsigned arch_tables_kernel_version[2];

/*
 * One ABI: a way to enter the kernel that seccomp can tell apart.
 *
 * A filter sees seccomp_data.arch (`audit`, AUDIT_ARCH_* of include/uapi/linux/audit.h) and
 * seccomp_data.nr. x86_64 and x32 share one audit arch and divide its numbers: an ABI owns
 * nr_first..nr_last; UINT32_MAX (the -1 a tracer writes to skip a call) is owned by every ABI of
 * the audit arch.
 */
struct abi {
	const char *name;        /* winnow's name: "x86_64" */
	const char *oci;         /* OCI runtime-spec: "SCMP_ARCH_X86_64"; or as it would spell it */
	const char *moby;        /* word in includes/excludes.arches; NULL: Docker has none */
	const char *golang;      /* the same in podman's and CRI-O's; NULL: Docker's word */
	const char *const *aliases; /* further spellings, NULL-ended; NULL: there are none */
	uint32_t audit;
	uint32_t nr_first, nr_last;
	/* Of ABIs among which a kernel picks by the number alone: the numbers it takes for this one.
	 * Both 0: it goes by how it was entered. */
	uint32_t table_first, table_last;
	enum numbering numbering;
	enum byte_order order;
	uint8_t bits;     /* width in which arguments are compared: 32 or 64 */
	enum upper upper, upper_stack; /* of arguments 0 to 3; of 4 and 5 */
	bool multiplexed; /* socketcall(2) and ipc(2) exist */
	bool cached;      /* kernel keeps a constant-action bitmap (since 5.11) */
	bool zero_hides;  /* the kernel shows a number it does not know as 0 */
	bool clone_swapped; /* clone(2) takes its stack before its flags */
	uint8_t lists;    /* enum arch_list */
	/* The 64-bit ABI whose strace traces its processes, too, and what that calls them (strace 6.1
	 * syscall.c personality_names[]); NULL: none, or without a name. */
	const char *host, *mode;
	const char *predefined; /* what #if asks where its programs are compiled: gcc's and clang's macros */
	bool guest;       /* entered beside another ABI only; never a node's own (x32) */
	enum errno_numbering errnos;
	uint16_t enosys; /* what `errnos` has for ENOSYS */
};

/* All ABIs, in the order `winnow arches` prints them. */
extern const struct abi arch_abis[];
extern const size_t arch_abi_count;

/* The ABI a word means (OCI, Docker, Go, uname -m, linux/amd64), in any case. NULL if none. */
const struct abi *arch_find(const char *spelling, size_t len);

/*
 * The ABI of an audit arch in hexadecimal ("c000003e", "0xc000003e", "0x16"), as logs have it;
 * x86_64's rather than x32's, which has the same one. No runtime reads it in a profile. NULL if none.
 */
const struct abi *arch_find_audit(const char *word, size_t len);

/* What strace on a node of that ABI calls "32 bit", "64 bit" or "x32" mode. NULL: nothing. */
const struct abi *arch_of_mode(const struct abi *native, const char *mode, size_t len);

/* The ABI of the node this program was built for. NULL where there are no seccomp filters. */
const struct abi *arch_native(void);

/* The ABI that owns `nr` under `audit`, NULL if none does. */
const struct abi *arch_of_call(uint32_t audit, uint32_t nr);

/*
 * Syscall names. An id is an index into the union of all ABIs' names, sorted; ids are stable within
 * one build only.
 */
size_t arch_syscall_count(void);
bool arch_syscall_find(const char *name, size_t len, uint16_t *id);
const char *arch_syscall_name(uint16_t id);

/*
 * Can a program of the one ABI make the other's calls by their numbers alone? A 64-bit MIPS kernel
 * looks a number up in the table it lies in (other's table_first..table_last), and what it shows a
 * filter as the audit arch is the thread's (kernel: arch/mips/kernel/scall64-o32.S, asm/syscall.h
 * syscall_get_arch()).
 */
bool arch_reaches(const struct abi *, const struct abi *other);

/* The other ABI that such a number is for; NULL: none. */
const struct abi *arch_foreign(const struct abi *, uint32_t nr);

/* What the upper half of argument 0..5 can be. */
enum upper arch_upper(const struct abi *, unsigned arg);

/* The number as seccomp_data.nr shows it: x32 bit and MIPS base included. False: not there. */
bool arch_nr(const struct abi *, uint16_t id, uint32_t *nr);

/* The name behind a number, NULL if it has none. A linear scan: for people, not for passes. */
const char *arch_nr_name(const struct abi *, uint32_t nr);

/* How many syscalls the ABI has. */
size_t arch_nr_count(const struct abi *);

/*
 * Multiplexers (kernel: net/socket.c socketcall, ipc/syscall.c ipc). True when `id` is also reached
 * through one on this ABI: *nr is the multiplexer's number, *code the first argument that selects
 * it.
 */
bool arch_multiplexer(const struct abi *, uint16_t id, uint32_t *nr, uint32_t *code);

/* That multiplexer, whichever the ABI; `id` itself, if it is reached through none on any. */
uint16_t arch_multiplexer_of(uint16_t id);

#endif
