/*
 * Facts of arch/, against numbers known from elsewhere: kernel sources read by hand, the manual
 * pages, and libseccomp where it is linked (-DHAVE_LIBSECCOMP -lseccomp). Nothing here asks the
 * headers of the machine it runs on.
 */

#include "arch/arch.h"
#include "arch/since.h"
#include "arch/tables/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static const struct abi *abi_of(const char *spelling)
{
	return arch_find(spelling, strlen(spelling));
}

static bool find(const char *name, uint16_t *id)
{
	return arch_syscall_find(name, strlen(name), id);
}

/* The number of a name that is there. */
static uint32_t number(const struct abi *abi, const char *name)
{
	uint16_t id;
	uint32_t nr;

	if (!find(name, &id))
		fail_msg("%s is no syscall", name);
	if (!arch_nr(abi, id, &nr))
		fail_msg("%s is not there on %s", name, abi->name);
	return nr;
}

static bool absent(const struct abi *abi, const char *name)
{
	uint16_t id;
	uint32_t nr;

	return find(name, &id) && !arch_nr(abi, id, &nr);
}

/* The next word of a list, as lists of words are kept in one string. False at its end. */
static bool next_word(const char **rest, char word[static 40])
{
	size_t len;

	*rest += strspn(*rest, " ");
	len = strcspn(*rest, " ");
	assert_true(len < 40);
	memcpy(word, *rest, len);
	word[len] = '\0';
	*rest += len;
	return len > 0;
}

/* --- ABIs --- */

/* A row an ABI, abis.tbl. */
static const struct known {
	const char *name;
	uint32_t machine, register_bits, convention;
	enum errno_numbering errnos;
	const char *traits, *spellings, *numbers;
} known[] = {
#define ABI(name, machine, bits, convention, errnos, traits, spellings, numbers)                   \
	{#name, machine, bits, convention, ERRNO_##errnos, traits, spellings, numbers},
#include "tests/data/abis.tbl"
#undef ABI
};

static void every_abi_has_a_row_in_its_place(void **state)
{
	(void)state;
	assert_int_equal(countof(known), arch_abi_count);
	for (size_t i = 0; i < arch_abi_count; i++)
		assert_string_equal(arch_abis[i].name, known[i].name);
}

static bool is_among(const char *word, const char *words)
{
	char one[40];

	while (next_word(&words, one))
		if (strcmp(one, word) == 0)
			return true;
	return false;
}

static void audit_words_are_elf_machine_width_and_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t audit = known[i].machine | known[i].convention;

		audit |= known[i].register_bits == 64 ? 0x80000000 : 0;
		if (abi->order == ORDER_LITTLE && !is_among("orderless", known[i].traits))
			audit |= 0x40000000;
		if (abi->audit != audit)
			fail_msg("%s has %#x, not %#x", abi->name, abi->audit, audit);
	}
}

/* What is not listed is not so, and nothing else is. */
static void abis_have_exactly_the_traits_listed(void **state)
{
	struct since since;
	uint16_t read;

	(void)state;
	assert_true(find("read", &read));
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		const struct {
			const char *word;
			bool has;
		} traits[] = {
			{"32-bit", abi->bits == 32},
			{"big-endian", abi->order == ORDER_BIG},
			{"multiplexed", abi->multiplexed},
			{"uncached", !abi->cached},
			{"guest", abi->guest},
			{"upper-0", arch_upper(abi, 0) == UPPER_ZERO && arch_upper(abi, 5) == UPPER_ZERO},
			{"stack-extended",
				arch_upper(abi, 3) == UPPER_ANY && arch_upper(abi, 4) == UPPER_EXTENDED},
			{"no-docker", !abi->moby},
			{"no-libseccomp", abi->lists & LIST_NO_LIBSECCOMP},
			{"orderless", abi->order == ORDER_LITTLE && !(abi->audit & 0x40000000)},
			{"undated", !arch_since(abi, read, &since)},
		};
		const char *rest = known[i].traits;
		char word[40];
		size_t listed = 0, had = 0;

		while (next_word(&rest, word))
			listed++;
		for (size_t t = 0; t < countof(traits); t++) {
			had += traits[t].has;
			if (traits[t].has != is_among(traits[t].word, known[i].traits))
				fail_msg("%s: %s?", abi->name, traits[t].word);
		}
		assert_int_equal(listed, had);
		assert_int_equal(abi->errnos, known[i].errnos);
		assert_true(abi->bits == 32 || abi->bits == 64);
		assert_true(abi->bits == 32 || !(abi->upper || abi->upper_stack));
	}
}

static void every_spelling_means_its_abi(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(known); i++) {
		const char *rest = known[i].spellings;
		char spelling[40];

		while (next_word(&rest, spelling)) {
			const struct abi *abi = abi_of(spelling);

			if (!abi || strcmp(abi->name, known[i].name) != 0)
				fail_msg("%s means %s", spelling, abi ? abi->name : "nothing");
		}
	}
}

/* Found first and only here: a word of two ABIs would mean the earlier one. */
static void assert_means(const char *spelling, const struct abi *abi)
{
	if (abi_of(spelling) != abi)
		fail_msg("%s of %s means another", spelling, abi->name);
}

static void no_word_means_two_abis(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		size_t alias = 0;

		assert_means(abi->name, abi);
		assert_means(abi->oci, abi);
		assert_int_equal(strncmp(abi->oci, "SCMP_ARCH_", 10), 0);
		assert_means(abi->oci + 10, abi);
		if (abi->moby)
			assert_means(abi->moby, abi);
		for (; abi->aliases && abi->aliases[alias]; alias++)
			assert_means(abi->aliases[alias], abi);
	}
}

static void other_words_mean_no_abi(void **state)
{
	const char *rest = "x x86_6 x86_644 linux linux/ linux/linux/amd64 SCMP_ARCH_ "
			   "SCMP_ARCH_NATIVE sparc64 sparc hexagon darwin/amd64";
	char word[40];

	(void)state;
	while (next_word(&rest, word))
		if (abi_of(word))
			fail_msg("%s means %s", word, abi_of(word)->name);
	assert_null(abi_of(""));
	assert_null(abi_of("arm "));
	assert_null(arch_find("arm\0", 4));
	assert_ptr_equal(arch_find("armhf", 3), abi_of("arm"));
}

static void calls_belong_to_the_abi_of_their_audit_word_and_number(void **state)
{
	static const struct {
		uint32_t audit, nr;
		const char *abi;
	} rows[] = {
		{0xc000003e, 0, "x86_64"},
		{0xc000003e, 0x3fffffff, "x86_64"},
		{0xc000003e, 0x40000000, "x32"},
		{0xc000003e, 0x80000000, "x32"},
		{0xc000003e, UINT32_MAX - 1, "x32"},
		{0xc000003e, UINT32_MAX, "x86_64"},
		{0x40000003, 0x40000000, "x86"},
		{0x40000003, UINT32_MAX, "x86"},
		{0x40000028, 0xf0005, "arm"},
		{0x00000008, 4003, "mips"},
		{0xe0000008, 6003, "mipsel64n32"},
		{0x80000016, 0, "s390x"},
		{0x4000002a, 1, "sh"},
		{0x4000003e, 0, NULL}, /* libseccomp's own token for x32 */
		{0x00000028, 0, NULL},
		{0, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		const struct abi *want = rows[i].abi ? abi_of(rows[i].abi) : NULL;

		if (arch_of_call(rows[i].audit, rows[i].nr) != want)
			fail_msg("%#x %#x", rows[i].audit, rows[i].nr);
	}
}

/* Numbers of MIPS kernels' tables, each for the ABIs of one byte order that do not own it. */
static void only_mips_has_foreign_numbers(void **state)
{
	static const char *const owner[] = {"mips", "mips64", "mips64n32", "mipsel", "mipsel64", "mipsel64n32"};
	static const uint32_t numbers[] = {0, 3999, 4000, 4999, 5000, 5999, 6000, 6999, 7000, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		bool mips = strncmp(abi->name, "mips", 4) == 0;
		for (size_t n = 0; n < countof(numbers); n++) {
			uint32_t table = numbers[n] / 1000;
			const struct abi *want = NULL;
			if (mips && table >= 4 && table <= 6)
				want = abi_of(owner[table - 4 + (abi->order == ORDER_LITTLE ? 3 : 0)]);
			assert_ptr_equal(arch_foreign(abi, numbers[n]), want == abi ? NULL : want);
		}
		for (size_t id = 0; id < arch_syscall_count(); id++) {
			uint32_t nr;
			if (mips && arch_nr(abi, (uint16_t)id, &nr))
				assert_in_range(nr, abi->table_first, abi->table_last);
		}
		assert_true(mips == (abi->table_last != 0));
	}
}

static void native_abi_has_the_byte_order_of_this_machine(void **state)
{
	const struct abi *native = arch_native();
	const uint16_t one = 1;

	(void)state;
	if (!native)
		skip();
	assert_int_equal(native->order, *(const unsigned char *)&one ? ORDER_LITTLE : ORDER_BIG);
	assert_false(native->guest);
}

/* --- names --- */

static void names_are_sorted_and_unique(void **state)
{
	(void)state;
	for (size_t id = 1; id < arch_syscall_count(); id++) {
		const char *name = arch_syscall_name((uint16_t)id);

		if (strcmp(arch_syscall_name((uint16_t)(id - 1)), name) >= 0)
			fail_msg("%s is out of order", name);
	}
}

/* The committed hash table and the hash of arch.c have one and the same idea of where a name is. */
static void every_name_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		const char *name = arch_syscall_name((uint16_t)i);
		uint16_t id;

		if (!find(name, &id) || id != i)
			fail_msg("%s is not found", name);
	}
}

static void other_names_are_not_found(void **state)
{
	const char *rest =
		"a READ Read rea readd 110 __ syscalls arch_specific_syscall unused18 "
		"reserved82 available4 sched_rr_get_interval_time64_ a_name_of_39_bytes_is_more_than_any_has";
	char name[40];
	uint16_t id;

	(void)state;
	while (next_word(&rest, name))
		if (find(name, &id))
			fail_msg("%s is found", name);
	assert_false(find("", &id));
	assert_false(find(" read", &id));
	assert_false(arch_syscall_find("read\0", 5, &id));
	assert_true(arch_syscall_find("readv", 4, &id));
	assert_string_equal(arch_syscall_name(id), "read");
}

/* Old, odd and new names that profiles and libseccomp's table hold. */
static void names_that_profiles_use_are_known(void **state)
{
	const char *rest = "_llseek _newselect _sysctl afs_syscall arch_prctl arm_fadvise64_64 "
			   "arm_sync_file_range bdflush breakpoint cachectl cacheflush cachestat "
			   "clock_adjtime64 create_module epoll_ctl_old epoll_wait_old fchmodat2 "
			   "futex_requeue futex_time64 futex_wait futex_waitv futex_wake "
			   "get_kernel_syms get_mempolicy get_tls getpmsg gtty idle "
			   "io_pgetevents_time64 iopl kexec_file_load landlock_add_rule "
			   "listmount lock lsm_get_self_attr map_shadow_stack memfd_secret mseal "
			   "multiplexer nfsservctl oldfstat oldlstat oldolduname oldstat "
			   "olduname pciconfig_iobase pciconfig_read pidfd_getfd "
			   "process_mrelease prof profil putpmsg query_module quotactl_fd "
			   "riscv_flush_icache rseq rtas s390_guarded_storage s390_pci_mmio_read "
			   "s390_pci_mmio_write s390_runtime_instr s390_sthyi security "
			   "set_mempolicy_home_node set_tls setxattrat spu_create spu_run "
			   "ssetmask statmount stty subpage_prot swapcontext switch_endian "
			   "sync_file_range2 sys_debug_setcontext sysfs sysmips timerfd tuxcall "
			   "ulimit uretprobe uselib userfaultfd usr26 usr32 ustat "
			   "utimensat_time64 vm86 vm86old vmsplice vserver";
	char name[40];
	uint16_t id;

	(void)state;
	while (next_word(&rest, name))
		if (!find(name, &id))
			fail_msg("%s is not known", name);
}

/* --- numbers --- */

/* One "name=number", or "name=-" for a call the ABI never had. */
static void assert_entry(const struct abi *abi, char *entry)
{
	char *value = strchr(entry, '=');

	assert_non_null(value);
	*value++ = '\0';
	if (strcmp(value, "-") == 0 ? !absent(abi, entry)
				    : number(abi, entry) != strtoul(value, NULL, 0))
		fail_msg("%s is not %s on %s", entry, value, abi->name);
}

static void numbers_are_the_kernels(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(known); i++) {
		const char *rest = known[i].numbers;
		char entry[40];

		while (next_word(&rest, entry))
			assert_entry(abi_of(known[i].name), entry);
	}
}

/* columns.h, for those who cannot ask arch_nr(): the first column, the last, and one between. */
static void columns_have_the_numbers_of_their_names(void **state)
{
	static const struct {
		uint32_t first, middle, last;
	} rows[] = {
#define __ UINT32_MAX
#define S(name, ...)                                                                               \
	{COLUMN_x86_64(__VA_ARGS__), COLUMN_loongarch64(__VA_ARGS__), COLUMN_alpha(__VA_ARGS__)},
#include "arch/tables/syscalls.tbl"
#undef S
#undef __
	};

	(void)state;
	assert_int_equal(countof(rows), arch_syscall_count());
	for (size_t id = 0; id < countof(rows); id++) {
		const struct {
			const char *abi;
			uint32_t number;
		} cells[] = {
			{"x86_64", rows[id].first}, {"loongarch64", rows[id].middle}, {"alpha", rows[id].last}};

		for (size_t c = 0; c < countof(cells); c++) {
			uint32_t nr = UINT32_MAX;

			arch_nr(abi_of(cells[c].abi), (uint16_t)id, &nr);
			assert_int_equal(nr, cells[c].number);
		}
	}
}

/* Where the kernel starts to count, and ARM's private calls. */
static bool in_range(const struct abi *abi, uint32_t nr)
{
	static const uint32_t base[NUMBERINGS] = {
		[NUMBERING_x32] = 0x40000000,
		[NUMBERING_mips_o32] = 4000,
		[NUMBERING_mips_n64] = 5000,
		[NUMBERING_mips_n32] = 6000,
	};

	if (abi->numbering == NUMBERING_arm && nr > 0xf0000)
		return nr <= 0xf0006;
	return nr - base[abi->numbering] < 1000;
}

static void numbers_are_unique_and_owned_by_their_abi(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		size_t count = 0;

		for (size_t id = 0; id < arch_syscall_count(); id++) {
			const char *name = arch_syscall_name((uint16_t)id);
			uint32_t nr;

			if (!arch_nr(abi, (uint16_t)id, &nr))
				continue;
			count++;
			if (arch_nr_name(abi, nr) != name)
				fail_msg("%s shares %u on %s", name, nr, abi->name);
			if (arch_of_call(abi->audit, nr) != abi || !in_range(abi, nr))
				fail_msg("%s is %u on %s", name, nr, abi->name);
		}
		assert_int_equal(count, arch_nr_count(abi));
		assert_in_range(count, 300, 500);
	}
}

static void numbers_without_a_name_have_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		assert_null(arch_nr_name(&arch_abis[i], UINT32_MAX));
		assert_null(arch_nr_name(&arch_abis[i], 0x3fffffff));
	}
	assert_null(arch_nr_name(abi_of("x86_64"), 512));
	assert_null(arch_nr_name(abi_of("x32"), 0));
	assert_null(arch_nr_name(abi_of("mips"), 3));
}

/* kernel: arch/x86/entry/syscalls/syscall_64.tbl; the numbers from 548 on are x32's no more. */
static void x32_has_its_own_512_to_547_and_shares_the_rest(void **state)
{
	const char *rest = "rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg "
			   "recvmsg execve ptrace rt_sigpending rt_sigtimedwait rt_sigqueueinfo "
			   "sigaltstack timer_create mq_notify kexec_load waitid set_robust_list "
			   "get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo "
			   "recvmmsg sendmmsg process_vm_readv process_vm_writev setsockopt "
			   "getsockopt io_setup io_submit execveat preadv2 pwritev2";
	const struct abi *x32 = abi_of("x32"), *x86_64 = abi_of("x86_64");
	uint32_t own = 0x40000000 + 512;
	char name[40];

	(void)state;
	while (next_word(&rest, name))
		assert_int_equal(number(x32, name), own++);
	assert_int_equal(own, 0x40000000 + 548);
	for (size_t i = 0; i < arch_syscall_count(); i++) {
		uint32_t nr, wide;

		if (!arch_nr(x32, (uint16_t)i, &nr) || nr >= 0x40000000 + 512)
			continue;
		assert_true(arch_nr(x86_64, (uint16_t)i, &wide));
		assert_int_equal(nr, wide | 0x40000000);
	}
}

static void tables_know_their_kernel(void **state)
{
	const unsigned *version = arch_tables_kernel_version;
	char *end;

	(void)state;
	assert_int_equal(strtoul(arch_tables_kernel, &end, 10), version[0]);
	assert_int_equal(*end, '.');
	assert_int_equal(strtoul(end + 1, &end, 10), version[1]);
	assert_int_equal(*end, '\0');
	assert_true(version[0] >= 7);
}

/* --- multiplexers --- */

/* The calls behind a multiplexer, each with the code after the one before. */
static const struct {
	const char *multiplexer;
	uint32_t first;
	const char *names;
} doors[] = {
	{"socketcall", 1, "socket bind connect listen accept getsockname getpeername socketpair"},
	{"socketcall", 9, "send recv sendto recvfrom shutdown setsockopt getsockopt sendmsg"},
	{"socketcall", 17, "recvmsg accept4 recvmmsg sendmmsg"},
	{"ipc", 1, "semop semget semctl semtimedop"},
	{"ipc", 11, "msgsnd msgrcv msgget msgctl"},
	{"ipc", 21, "shmat shmdt shmget shmctl"},
};

static void assert_behind(const struct abi *abi, const char *name, uint32_t door, uint32_t want)
{
	uint16_t id;
	uint32_t nr, code;

	assert_true(find(name, &id));
	assert_true(arch_multiplexer(abi, id, &nr, &code));
	assert_int_equal(nr, door);
	assert_int_equal(code, want);
	assert_string_equal(arch_syscall_name(arch_multiplexer_of(id)), arch_nr_name(abi, nr));
}

static void multiplexed_calls_have_their_codes(void **state)
{
	(void)state;
	for (size_t a = 0; a < arch_abi_count; a++) {
		const struct abi *abi = &arch_abis[a];

		for (size_t i = 0; abi->multiplexed && i < countof(doors); i++) {
			const char *rest = doors[i].names;
			uint32_t code = doors[i].first;
			char name[40];

			while (next_word(&rest, name))
				assert_behind(abi, name, number(abi, doors[i].multiplexer), code++);
		}
	}
}

static void other_calls_have_no_multiplexer(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		size_t count = 0;

		for (size_t id = 0; id < arch_syscall_count(); id++) {
			uint32_t nr, code;

			count += arch_multiplexer(&arch_abis[i], (uint16_t)id, &nr, &code);
		}
		assert_int_equal(count, arch_abis[i].multiplexed ? 32 : 0);
	}
}

static void an_abi_is_multiplexed_where_socketcall_has_a_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];

		assert_int_equal(absent(abi, "socketcall"), !abi->multiplexed);
		assert_int_equal(absent(abi, "ipc"), !abi->multiplexed);
	}
}

/* --- libseccomp as a second opinion --- */

#ifdef HAVE_LIBSECCOMP

#include <seccomp.h>

/*
 * libseccomp gives a name that is not on this ABI a number below -10000, and a multiplexed one -100
 * or -200 less its code, direct number or not. The latter are used on all ABIs, so they say nothing
 * about one that has no multiplexer.
 */
static void compare_name(const struct abi *abi, uint32_t token, uint16_t id)
{
	const char *name = arch_syscall_name(id);
	int theirs = seccomp_syscall_resolve_name_arch(token, name);
	uint32_t nr, code;

	if (theirs >= 0 && (!arch_nr(abi, id, &nr) || nr != (uint32_t)theirs))
		fail_msg("%s is %d on %s to libseccomp", name, theirs, abi->name);
	if (!abi->multiplexed || theirs >= -1 || theirs <= -1000)
		return;
	if (!arch_multiplexer(abi, id, &nr, &code))
		fail_msg("%s has a multiplexer on %s to libseccomp", name, abi->name);
	assert_int_equal(-theirs % 100, code);
	assert_int_equal(nr, number(abi, theirs < -200 ? "ipc" : "socketcall"));
}

/* Version 2.5 knows 19 of the ABIs. The others are named, as nothing is checked of them. */
static void libseccomp_agrees_on_every_name(void **state)
{
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		uint32_t token = seccomp_arch_resolve_name(arch_abis[i].name);

		if (!token) {
			print_message("not known to libseccomp: %s\n", arch_abis[i].name);
			continue;
		}
		for (size_t id = 0; id < arch_syscall_count(); id++)
			compare_name(&arch_abis[i], token, (uint16_t)id);
		compared++;
	}
	assert_in_range(compared, 19, arch_abi_count);
}

/* The other way round: every number libseccomp can name, its table's bases included or not. */
static void look_up_their_names(const struct abi *abi, uint32_t token, int first, int last)
{
	for (int nr = first; nr <= last; nr++) {
		char *name = seccomp_syscall_resolve_num_arch(token, nr);
		uint16_t id;
		uint32_t ours;

		if (name && (!find(name, &id) || !arch_nr(abi, id, &ours)))
			fail_msg("%d on %s is %s to libseccomp", nr, abi->name, name);
		free(name);
	}
}

static void libseccomp_knows_no_name_that_is_missing_here(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		uint32_t token = seccomp_arch_resolve_name(abi->name);

		if (!token)
			continue;
		look_up_their_names(abi, token, 0, 7000);
		look_up_their_names(abi, token, 0xf0000, 0xf00ff);
		look_up_their_names(abi, token, 0x40000000, 0x40000000 + 1000);
	}
}

#endif

static void audit_words_and_modes_mean_an_abi(void **state)
{
	static const struct {
		const char *word, *abi; /* NULL: none */
	} words[] = {{"c000003e", "x86_64"}, {"0xc000003e", "x86_64"}, {"0XC000003E", "x86_64"}, {"40000003", "x86"},
		{"c00000b7", "aarch64"}, {"0x16", "s390"}, {"16", NULL}, {"0x", NULL}, {"c000003f", NULL},
		{"c000003e0", NULL}, {"0x0c000003e", NULL}, {"c000003g", NULL}, {"", NULL}};
	static const struct {
		const char *native, *mode, *abi;
	} modes[] = {{"x86_64", "32 bit", "x86"}, {"x86_64", "x32", "x32"}, {"x86_64", "64 bit", "x86_64"},
		{"aarch64", "32 bit", "arm"}, {"ppc64", "32 bit", "ppc"}, {"s390x", "32 bit", "s390"},
		{"riscv64", "32 bit", NULL}, {"x86", "64 bit", NULL}, {"x86_64", "16 bit", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_ptr_equal(arch_find_audit(words[i].word, strlen(words[i].word)),
			words[i].abi ? abi_of(words[i].abi) : NULL);
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		assert_ptr_equal(arch_of_mode(abi_of(modes[i].native), modes[i].mode, strlen(modes[i].mode)),
			modes[i].abi ? abi_of(modes[i].abi) : NULL);
	assert_null(abi_of("c000003e")); /* no profile means that */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_abi_has_a_row_in_its_place),
		cmocka_unit_test(audit_words_are_elf_machine_width_and_order),
		cmocka_unit_test(abis_have_exactly_the_traits_listed),
		cmocka_unit_test(every_spelling_means_its_abi),
		cmocka_unit_test(audit_words_and_modes_mean_an_abi),
		cmocka_unit_test(no_word_means_two_abis),
		cmocka_unit_test(other_words_mean_no_abi),
		cmocka_unit_test(calls_belong_to_the_abi_of_their_audit_word_and_number),
		cmocka_unit_test(only_mips_has_foreign_numbers),
		cmocka_unit_test(native_abi_has_the_byte_order_of_this_machine),
		cmocka_unit_test(names_are_sorted_and_unique),
		cmocka_unit_test(every_name_is_found),
		cmocka_unit_test(other_names_are_not_found),
		cmocka_unit_test(names_that_profiles_use_are_known),
		cmocka_unit_test(numbers_are_the_kernels),
		cmocka_unit_test(columns_have_the_numbers_of_their_names),
		cmocka_unit_test(numbers_are_unique_and_owned_by_their_abi),
		cmocka_unit_test(numbers_without_a_name_have_none),
		cmocka_unit_test(x32_has_its_own_512_to_547_and_shares_the_rest),
		cmocka_unit_test(tables_know_their_kernel),
		cmocka_unit_test(multiplexed_calls_have_their_codes),
		cmocka_unit_test(other_calls_have_no_multiplexer),
		cmocka_unit_test(an_abi_is_multiplexed_where_socketcall_has_a_number),
#ifdef HAVE_LIBSECCOMP
		cmocka_unit_test(libseccomp_agrees_on_every_name),
		cmocka_unit_test(libseccomp_knows_no_name_that_is_missing_here),
#endif
	};

	return cmocka_run_group_tests_name("arch", tests, NULL, NULL);
}
