/*
 * The ABIs winnow compiles for, and what their syscalls are called.
 *
 * In: words people write (architectures in any dialect, syscall names) and words the kernel writes
 * (AUDIT_ARCH_* values, syscall numbers). Out: descriptors, ids and numbers. Everything here is
 * constant data: nothing is set up, allocated or remembered between calls.
 *
 * What stays true: an ABI is one row below, and code elsewhere asks the row, never for one ABI by
 * name. A numbering (a column of tables/syscalls.tbl) may serve several ABIs: byte order does not
 * change a number. Within a numbering a number has one name.
 */

#include "arch.h"
#include "ids.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

#define ABI(abi_name, audit_arch, ...) {.name = #abi_name, .audit = (audit_arch), __VA_ARGS__},
#define HEADERS(...)
#define WORDS(...) (const char *const[]){__VA_ARGS__, NULL}
const struct abi arch_abis[] = {
#include "tables/abis.tbl"
};
#undef ABI
#undef HEADERS
#undef WORDS

const size_t arch_abi_count = countof(arch_abis);

#define KERNEL(text, major, minor) const char arch_tables_kernel[] = text;
#include "tables/version.tbl"
#undef KERNEL

#define KERNEL(text, major, minor) const unsigned arch_tables_kernel_version[2] = {major, minor};
#include "tables/version.tbl"
#undef KERNEL

/* No call has number -1: it is what a tracer writes to have a call skipped. */
#define __ UINT32_MAX

enum { NAME_CAP = 32 };

/* Bytes, not pointers to them: the loader has nothing to relocate. */
static const char names[][NAME_CAP] = {
#define S(name, ...) #name,
#include "tables/syscalls.tbl"
#undef S
};

static const uint32_t numbers[][NUMBERINGS] = {
#define S(name, ...) {__VA_ARGS__},
#include "tables/syscalls.tbl"
#undef S
};

#define S(name, ...)                                                                               \
	static_assert(sizeof(#name) <= NAME_CAP, #name " fits");                                   \
	static_assert(countof(((uint32_t[]){__VA_ARGS__})) == NUMBERINGS, #name " is complete");
#include "tables/syscalls.tbl"
#undef S

static_assert(countof(names) == IDS && countof(numbers) == IDS, "a row an id");
static_assert(IDS <= UINT16_MAX, "ids are 16 bits wide");

/* Is it `word`, in any case? */
static bool same(const char *word, const char *spelling, size_t len)
{
	return word && strlen(word) == len && strncasecmp(word, spelling, len) == 0;
}

static bool abi_named(const struct abi *abi, const char *spelling, size_t len)
{
	if (same(abi->name, spelling, len) || same(abi->oci, spelling, len) ||
		same(abi->moby, spelling, len))
		return true;
	for (const char *const *alias = abi->aliases; alias && *alias; alias++)
		if (same(*alias, spelling, len))
			return true;
	return false;
}

/* "c000003e", "0xc000003e", and "0x16" for s390: a number that is short needs 0x to be one */
static bool read_audit(const char *s, size_t len, uint32_t *audit)
{
	static const char digits[] = "0123456789abcdef";
	bool prefix = len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X');

	s += prefix ? 2 : 0;
	len -= prefix ? 2 : 0;
	*audit = 0;
	for (size_t i = 0; i < len; i++) {
		char lower = s[i];
		if (lower >= 'A' && lower <= 'F')
			lower = (char)(lower - 'A' + 'a');
		const char *digit = memchr(digits, lower, 16);
		if (!digit)
			return false;
		*audit = *audit << 4 | (uint32_t)(digit - digits);
	}
	return len == 8 || (prefix && len < 8);
}

const struct abi *arch_find(const char *spelling, size_t len)
{
	static const char platform[] = "linux/";
	const size_t prefix = sizeof(platform) - 1;

	if (len > prefix && same(platform, spelling, prefix)) {
		spelling += prefix;
		len -= prefix;
	}
	for (size_t i = 0; i < arch_abi_count; i++)
		if (abi_named(&arch_abis[i], spelling, len))
			return &arch_abis[i];
	return NULL;
}

const struct abi *arch_find_audit(const char *word, size_t len)
{
	uint32_t audit;

	return read_audit(word, len, &audit) ? arch_of_call(audit, 0) : NULL;
}

const struct abi *arch_of_mode(const struct abi *native, const char *mode, size_t len)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		if (abi->host && strcmp(abi->host, native->name) == 0 && same(abi->mode, mode, len))
			return abi;
	}
	return same("64 bit", mode, len) && native->bits == 64 ? native : NULL;
}

/*
 * The one place that asks what the compiler compiles for. Byte orders and widths that are missing
 * have no seccomp filters, or no descriptor above.
 */
#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#if !defined(__linux__)
#define NATIVE ""
#elif defined(__x86_64__) /* an x32 program too: it runs beside x86_64 programs */
#define NATIVE "x86_64"
#elif defined(__i386__)
#define NATIVE "x86"
#elif defined(__aarch64__) && LITTLE
#define NATIVE "aarch64"
#elif defined(__arm__) && LITTLE
#define NATIVE "arm"
#elif defined(__mips__) && _MIPS_SIM == _ABIO32
#define NATIVE (LITTLE ? "mipsel" : "mips")
#elif defined(__mips__) && _MIPS_SIM == _ABI64
#define NATIVE (LITTLE ? "mipsel64" : "mips64")
#elif defined(__mips__) && _MIPS_SIM == _ABIN32
#define NATIVE (LITTLE ? "mipsel64n32" : "mips64n32")
#elif defined(__s390x__)
#define NATIVE "s390x"
#elif defined(__s390__)
#define NATIVE "s390"
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE "riscv64"
#elif defined(__riscv) && __riscv_xlen == 32
#define NATIVE "riscv32"
#elif defined(__powerpc64__)
#define NATIVE (LITTLE ? "ppc64le" : "ppc64")
#elif defined(__powerpc__) && !LITTLE
#define NATIVE "ppc"
#elif defined(__loongarch__) && __loongarch_grlen == 64
#define NATIVE "loongarch64"
#elif defined(__m68k__)
#define NATIVE "m68k"
#elif defined(__hppa__) && defined(__LP64__)
#define NATIVE "parisc64"
#elif defined(__hppa__)
#define NATIVE "parisc"
#elif defined(__alpha__)
#define NATIVE "alpha"
#elif defined(__sh__)
#define NATIVE (LITTLE ? "sh" : "sheb")
#else
#define NATIVE ""
#endif

const struct abi *arch_native(void)
{
	return arch_find(NATIVE, strlen(NATIVE));
}

const struct abi *arch_of_call(uint32_t audit, uint32_t nr)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		bool owned = abi->nr_first <= nr && nr <= abi->nr_last;

		if (abi->audit == audit && (owned || nr == UINT32_MAX))
			return abi;
	}
	return NULL;
}

size_t arch_syscall_count(void)
{
	return IDS;
}

/*
 * Names are found by open addressing: tools/maintain/gen-tables puts each in the first free slot from its
 * hash on, so a search follows occupied slots and ends at the first free one.
 */
enum { SLOTS = 1024 };

static const uint16_t slots[SLOTS] = {
#define SLOT(slot, name) [slot] = ID_##name + 1,
#include "tables/slots.tbl"
#undef SLOT
};

static_assert(IDS <= SLOTS / 4 * 3, "searches are short, and end");

/* FNV-1a of 32 bits, its better half folded in. Known to gen-tables as name_hash. */
static uint32_t name_hash(const char *name, size_t len)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619;
	return hash ^ hash >> 16;
}

bool arch_syscall_find(const char *name, size_t len, uint16_t *id)
{
	for (uint32_t at = name_hash(name, len) % SLOTS; slots[at]; at = (at + 1) % SLOTS) {
		const char *found = names[slots[at] - 1];

		if (len < NAME_CAP && memcmp(found, name, len) == 0 && !found[len]) {
			*id = (uint16_t)(slots[at] - 1);
			return true;
		}
	}
	return false;
}

const char *arch_syscall_name(uint16_t id)
{
	return names[id];
}

#define MACHINE 0xffffu /* of an audit arch: the machine's ELF number */

bool arch_reaches(const struct abi *abi, const struct abi *other)
{
	return abi != other && abi->table_last && other->table_last && abi->order == other->order &&
		(abi->audit & MACHINE) == (other->audit & MACHINE);
}

const struct abi *arch_foreign(const struct abi *abi, uint32_t nr)
{
	for (size_t i = 0; abi->table_last && i < arch_abi_count; i++) {
		const struct abi *other = &arch_abis[i];
		if (arch_reaches(abi, other) && other->table_first <= nr && nr <= other->table_last)
			return other;
	}
	return NULL;
}

enum upper arch_upper(const struct abi *abi, unsigned arg)
{
	return arg < 4 ? abi->upper : abi->upper_stack;
}

bool arch_nr(const struct abi *abi, uint16_t id, uint32_t *nr)
{
	*nr = numbers[id][abi->numbering];
	return *nr != __;
}

const char *arch_nr_name(const struct abi *abi, uint32_t nr)
{
	for (size_t id = 0; id < IDS; id++)
		if (numbers[id][abi->numbering] == nr && nr != __)
			return names[id];
	return NULL;
}

size_t arch_nr_count(const struct abi *abi)
{
	size_t count = 0;

	for (size_t id = 0; id < IDS; id++)
		count += numbers[id][abi->numbering] != __;
	return count;
}

/* kernel: include/uapi/linux/net.h SYS_*, include/uapi/linux/ipc.h */
static const struct door {
	uint16_t multiplexer;
	uint8_t code; /* 0: the syscall has no door */
} doors[IDS] = {
	[ID_socket] = {ID_socketcall, 1},
	[ID_bind] = {ID_socketcall, 2},
	[ID_connect] = {ID_socketcall, 3},
	[ID_listen] = {ID_socketcall, 4},
	[ID_accept] = {ID_socketcall, 5},
	[ID_getsockname] = {ID_socketcall, 6},
	[ID_getpeername] = {ID_socketcall, 7},
	[ID_socketpair] = {ID_socketcall, 8},
	[ID_send] = {ID_socketcall, 9},
	[ID_recv] = {ID_socketcall, 10},
	[ID_sendto] = {ID_socketcall, 11},
	[ID_recvfrom] = {ID_socketcall, 12},
	[ID_shutdown] = {ID_socketcall, 13},
	[ID_setsockopt] = {ID_socketcall, 14},
	[ID_getsockopt] = {ID_socketcall, 15},
	[ID_sendmsg] = {ID_socketcall, 16},
	[ID_recvmsg] = {ID_socketcall, 17},
	[ID_accept4] = {ID_socketcall, 18},
	[ID_recvmmsg] = {ID_socketcall, 19},
	[ID_sendmmsg] = {ID_socketcall, 20},
	[ID_semop] = {ID_ipc, 1},
	[ID_semget] = {ID_ipc, 2},
	[ID_semctl] = {ID_ipc, 3},
	[ID_semtimedop] = {ID_ipc, 4},
	[ID_msgsnd] = {ID_ipc, 11},
	[ID_msgrcv] = {ID_ipc, 12},
	[ID_msgget] = {ID_ipc, 13},
	[ID_msgctl] = {ID_ipc, 14},
	[ID_shmat] = {ID_ipc, 21},
	[ID_shmdt] = {ID_ipc, 22},
	[ID_shmget] = {ID_ipc, 23},
	[ID_shmctl] = {ID_ipc, 24},
};

bool arch_multiplexer(const struct abi *abi, uint16_t id, uint32_t *nr, uint32_t *code)
{
	if (!abi->multiplexed || !doors[id].code)
		return false;
	*code = doors[id].code;
	return arch_nr(abi, doors[id].multiplexer, nr);
}

uint16_t arch_multiplexer_of(uint16_t id)
{
	return doors[id].code ? doors[id].multiplexer : id;
}
