/*
 * Facts of arch/, against numbers known from elsewhere: kernel sources read by hand, the manual
 * pages, and libseccomp where it is linked (-DHAVE_LIBSECCOMP -lseccomp). Nothing here asks the
 * headers of the machine it runs on.
 */

#include "../arch/arch.h"

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

static void abis_keep_their_order(void **state)
{
	const char *rest = "x86_64 x86 x32 aarch64 arm mips mipsel mips64 mipsel64 mips64n32 "
			   "mipsel64n32 s390x s390 riscv64 ppc ppc64 ppc64le loongarch64 m68k "
			   "parisc parisc64 sh sheb";
	char name[40];
	size_t i = 0;

	(void)state;
	while (next_word(&rest, name))
		assert_string_equal(arch_abis[i++].name, name);
	assert_int_equal(arch_abi_count, i);
}

static void audit_words_are_elf_machine_width_and_order(void **state)
{
	static const struct {
		const char *abi;
		uint32_t machine; /* EM_* of elf-em.h */
		uint32_t register_bits, convention;
	} rows[] = {
		{"x86_64", 62, 64, 0},
		{"x86", 3, 32, 0},
		{"x32", 62, 64, 0},
		{"aarch64", 183, 64, 0},
		{"arm", 40, 32, 0},
		{"mips", 8, 32, 0},
		{"mipsel", 8, 32, 0},
		{"mips64", 8, 64, 0},
		{"mipsel64", 8, 64, 0},
		{"mips64n32", 8, 64, 0x20000000},
		{"mipsel64n32", 8, 64, 0x20000000},
		{"s390x", 22, 64, 0},
		{"s390", 22, 32, 0},
		{"riscv64", 243, 64, 0},
		{"ppc", 20, 32, 0},
		{"ppc64", 21, 64, 0},
		{"ppc64le", 21, 64, 0},
		{"loongarch64", 258, 64, 0},
		{"m68k", 4, 32, 0},
		{"parisc", 15, 32, 0},
		{"parisc64", 15, 64, 0},
		{"sh", 42, 32, 0},
		{"sheb", 42, 32, 0},
	};

	(void)state;
	assert_int_equal(countof(rows), arch_abi_count);
	for (size_t i = 0; i < countof(rows); i++) {
		const struct abi *abi = abi_of(rows[i].abi);
		uint32_t audit = rows[i].machine | rows[i].convention;

		audit |= rows[i].register_bits == 64 ? 0x80000000 : 0;
		audit |= abi->order == ORDER_LITTLE ? 0x40000000 : 0;
		if (abi->audit != audit)
			fail_msg("%s has %#x, not %#x", abi->name, abi->audit, audit);
	}
}

/* Who is what; whoever is not listed is not. */
static void traits_hold_of_exactly_these_abis(void **state)
{
	static const struct {
		const char *trait, *abis;
	} rows[] = {
		{"32 bits",
			" x86 x32 arm mips mipsel mips64n32 mipsel64n32 s390 ppc m68k parisc "
			"sh sheb "},
		{"big endian",
			" mips mips64 mips64n32 s390x s390 ppc ppc64 m68k parisc parisc64 "
			"sheb "},
		{"multiplexed", " x86 mips mipsel s390x s390 ppc ppc64 ppc64le m68k sh sheb "},
		{"uncached", " x32 mips mipsel mips64 mipsel64 mips64n32 mipsel64n32 "},
		{"guest", " x32 "},
		{"ENOSYS is 89", " mips mipsel mips64 mipsel64 mips64n32 mipsel64n32 "},
		{"ENOSYS is 251", " parisc parisc64 "},
		{"upper halves are 0", " arm s390 ppc m68k sh sheb "},
		{"stacked arguments are extended", " mips mipsel "},
		{"unknown to Docker", " x32 mips m68k parisc parisc64 sh sheb "},
	};

	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct abi *abi = &arch_abis[i];
		const bool has[] = {
			abi->bits == 32,
			abi->order == ORDER_BIG,
			abi->multiplexed,
			!abi->cached,
			abi->guest,
			abi->enosys == 89,
			abi->enosys == 251,
			arch_upper(abi, 0) == UPPER_ZERO && arch_upper(abi, 5) == UPPER_ZERO,
			arch_upper(abi, 3) == UPPER_ANY && arch_upper(abi, 4) == UPPER_EXTENDED,
			!abi->moby,
		};
		char word[32] = " ";

		strcat(strcat(word, abi->name), " ");
		for (size_t t = 0; t < countof(rows); t++)
			if (has[t] != (strstr(rows[t].abis, word) != NULL))
				fail_msg("%s: %s?", abi->name, rows[t].trait);
		assert_true(abi->bits == 32 || abi->bits == 64);
		assert_true(abi->bits == 32 || !(abi->upper || abi->upper_stack));
		assert_true(abi->enosys == 38 || abi->enosys == 89 || abi->enosys == 251);
	}
}

static void every_spelling_means_its_abi(void **state)
{
	static const struct {
		const char *abi, *spellings;
	} rows[] = {
		{"x86_64", "SCMP_ARCH_X86_64 scmp_arch_x86_64 amd64 AMD64 x86-64 x64"},
		{"x86_64", "linux/amd64 Linux/X86_64"},
		{"x86", "386 i386 i486 i586 i686 ia32 linux/386"},
		{"x32", "SCMP_ARCH_X32"},
		{"aarch64", "arm64 armv8 linux/arm64 linux/arm64/v8"},
		{"arm", "armhf armel armv6l armv7 armv7l armv8l arm/v7"},
		{"arm", "linux/arm linux/arm/v5 linux/arm/v6 linux/arm/v7"},
		{"mipsel", "mipsle linux/mipsle"},
		{"mipsel64", "mips64el mips64le linux/mips64le"},
		{"mips64n32", "mips64p32 mipsn32"},
		{"mipsel64n32", "mips3l64n32 mips64p32le mipsn32el"},
		{"s390x", "linux/s390x"},
		{"riscv64", "linux/riscv64"},
		{"ppc", "powerpc"},
		{"ppc64", "powerpc64"},
		{"ppc64le", "powerpc64le ppc64el linux/ppc64le"},
		{"loongarch64", "loong64 linux/loong64"},
		{"parisc", "hppa"},
		{"parisc64", "hppa64"},
		{"sh", "sh3 sh4 sh4a"},
		{"sheb", "sh3eb sh4eb sh4aeb"},
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		const char *rest = rows[i].spellings;
		char spelling[40];

		while (next_word(&rest, spelling)) {
			const struct abi *abi = abi_of(spelling);

			if (!abi || strcmp(abi->name, rows[i].abi) != 0)
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
		for (; abi->aliases[alias]; alias++) {
			assert_true(alias + 1 < countof(abi->aliases));
			assert_means(abi->aliases[alias], abi);
		}
	}
}

static void other_words_mean_no_abi(void **state)
{
	const char *rest = "x x86_6 x86_644 linux linux/ linux/linux/amd64 SCMP_ARCH_ "
			   "SCMP_ARCH_NATIVE sparc64 alpha riscv32 darwin/amd64";
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
		"reserved82 sched_rr_get_interval_time64_ a_name_of_39_bytes_is_more_than_any_has";
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
	static const struct {
		const char *abi, *entries;
	} rows[] = {
		{"x86_64", "read=0 execve=59 tuxcall=184 openat=257 seccomp=317 uretprobe=335"},
		{"x86_64", "io_uring_setup=425 clone3=435 socketcall=- stat64=- set_tls=-"},
		{"x86", "waitpid=7 socketcall=102 ipc=117 openat=295 seccomp=354 socket=359"},
		{"x86", "arch_prctl=384 clock_gettime64=403 accept=- send=- semop=-"},
		{"x32", "read=0x40000000 openat=0x40000101 seccomp=0x4000013d"},
		{"x32", "ioctl=0x40000202 execve=0x40000208 process_vm_readv=0x4000021b"},
		{"x32", "uselib=- _sysctl=-"},
		{"aarch64", "io_setup=0 openat=56 read=63 clone=220 execve=221 seccomp=277"},
		{"aarch64", "open=- fork=-"},
		{"arm", "read=3 arm_fadvise64_64=270 recv=291 openat=322"},
		{"arm", "arm_sync_file_range=341 seccomp=383 breakpoint=0xf0001"},
		{"arm", "cacheflush=0xf0002 set_tls=0xf0005 get_tls=0xf0006 socketcall=-"},
		{"arm", "time=- sync_file_range2=-"},
		{"mips", "syscall=4000 read=4003 socketcall=4102 ipc=4117 cacheflush=4147"},
		{"mips", "openat=4288"},
		{"mipsel", "seccomp=4352"},
		{"mips64", "read=5000 execve=5057 cacheflush=5197 clock_gettime64=-"},
		{"mipsel64", "openat=5247 seccomp=5312"},
		{"mips64n32", "read=6000 lseek=6008 execve=6057"},
		{"mipsel64n32", "openat=6251 seccomp=6316"},
		{"s390x", "read=3 select=142 getuid=199 openat=288 s390_runtime_instr=342"},
		{"s390x", "seccomp=348 accept=-"},
		{"s390", "restart_syscall=7 getuid=24 _newselect=142 getuid32=199"},
		{"s390", "fadvise64_64=264 openat=288 setxattrat=463 file_setattr=469"},
		{"s390", "waitpid=- listns=-"},
		{"riscv64", "openat=56 read=63 riscv_hwprobe=258 riscv_flush_icache=259"},
		{"riscv64", "seccomp=277 renameat=-"},
		{"ppc", "read=3 multiplexer=201 openat=286 socket=326 seccomp=358"},
		{"ppc", "clock_gettime64=403"},
		{"ppc64", "rtas=255 spu_run=278 openat=286 clock_gettime64=-"},
		{"ppc64le", "seccomp=358 switch_endian=363 semtimedop=392"},
		{"loongarch64", "openat=56 read=63 fstat=80 seccomp=277 statx=291 clone3=435"},
		{"loongarch64", "getrlimit=-"},
		{"m68k", "read=3 cacheflush=123 openat=288 get_thread_area=333 socket=356"},
		{"m68k", "seccomp=380"},
		{"parisc", "read=3 socket=17 accept=35 openat=275 seccomp=338 ipc=-"},
		{"parisc64", "socket=17 _llseek=140 clock_gettime=256 openat=275 seccomp=338"},
		{"sh", "read=3 socketcall=102 openat=295 socket=340 clone3=-"},
		{"sheb", "ipc=117 seccomp=372"},
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		const char *rest = rows[i].entries;
		char entry[40];

		while (next_word(&rest, entry))
			assert_entry(abi_of(rows[i].abi), entry);
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
	assert_string_equal(arch_multiplexer_name(id), arch_nr_name(abi, nr));
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
		cmocka_unit_test(abis_keep_their_order),
		cmocka_unit_test(audit_words_are_elf_machine_width_and_order),
		cmocka_unit_test(traits_hold_of_exactly_these_abis),
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
