/*
 * The profile winnow ships, on every node it names: what its filters answer, worked out from the
 * text of the profile by hand. Each call is put to the policy and to the compiled program.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/notation.h"

#include "backends/bpf/sim.h"
#include "compiler/kernel/caps.h"
#include "tools/lib/build.h"

#define PROFILE "profiles/docker-default-2018.json"


/* What does not depend on the node. */
#define EVERYWHERE(abi) \
	abi ":read() ALLOW;" abi ":fchmodat() ALLOW;" abi ":prctl(-1,-1) ALLOW;" abi ":ioctl(0,0x5401) ALLOW;" \
	abi ":ptrace() ALLOW;" abi ":seccomp() ALLOW;" abi ":setsockopt() ALLOW;" \
	abi ":keyctl() ERRNO(1);" abi ":add_key() ERRNO(1);" abi ":swapon() ERRNO(1);" \
	abi ":reboot() ERRNO(1);" abi ":clone3() ERRNO(1);" abi ":pivot_root() ERRNO(1);" \
	abi ":open_by_handle_at() ERRNO(1);" abi ":init_module() ERRNO(1);" abi ":0x3ffffff0() ERRNO(1);" \
	abi ":personality() ALLOW;" abi ":personality(8) ALLOW;" abi ":personality(0x20000) ALLOW;" \
	abi ":personality(0x20008) ALLOW;" abi ":personality(0xffffffff) ALLOW;" \
	abi ":personality(1) ERRNO(1);" abi ":personality(0xfffffffe) ERRNO(1);" abi ":-1() ERRNO(1);"

/* 64 bits of an argument count, or 32. */
#define WIDE(abi) \
	abi ":personality(-1) ERRNO(1);" abi ":personality(0x100000000) ERRNO(1);"
#define NARROW(abi) \
	abi ":personality(-1) ALLOW;" abi ":personality(0x100000008) ALLOW;"

#define UNPRIVILEGED(abi) \
	abi ":mount() ERRNO(1);" abi ":umount2() ERRNO(1);" abi ":setns() ERRNO(1);" \
	abi ":unshare() ERRNO(1);" abi ":bpf() ERRNO(1);" abi ":sethostname() ERRNO(1);"
#define ADMIN(abi) \
	abi ":mount() ALLOW;" abi ":umount2() ALLOW;" abi ":setns() ALLOW;" abi ":unshare() ALLOW;" \
	abi ":bpf() ALLOW;" abi ":clone(-1,-1) ALLOW;" abi ":syslog() ALLOW;" abi ":chroot() ERRNO(1);"

/* clone(2) without a new namespace; s390 takes the flags second. */
#define CLONE(abi) \
	abi ":clone(0x1200011) ALLOW;" abi ":clone(0x10000000) ERRNO(1);" abi ":clone(0x7e020000) ERRNO(1);" \
	abi ":clone(0,-1) ALLOW;" abi ":clone(0xf00000011) ALLOW;"
#define CLONE_S390(abi) \
	abi ":clone(0,0x1200011) ALLOW;" abi ":clone(0,0x10000000) ERRNO(1);" abi ":clone(-1,0) ALLOW;" \
	abi ":clone(0,0x20000) ERRNO(1);"

#define WAYS_IN(abi) \
	abi ":socketcall() ALLOW;" abi ":socketcall(1) ALLOW;" abi ":socketcall(99) ALLOW;" \
	abi ":ipc(21) ALLOW;" abi ":ipc(0x10015) ALLOW;"

static const struct {
	const char *node, *cap, *calls;
} rows[] = {
	{"x86_64", NULL,
		EVERYWHERE("x86_64") WIDE("x86_64") UNPRIVILEGED("x86_64") CLONE("x86_64")
		"0() ALLOW; arch_prctl() ALLOW; modify_ldt() ALLOW; iopl() ERRNO(1); settimeofday() ERRNO(1)"},
	{"x86_64", NULL,
		EVERYWHERE("x86") NARROW("x86") UNPRIVILEGED("x86") CLONE("x86") WAYS_IN("x86")
		"x86:3() ALLOW; x86:stat64() ALLOW; x86:modify_ldt() ALLOW; x86:stime() ERRNO(1);"
		"x86:0x40000003() ERRNO(1); x86:vm86() ERRNO(1); x86:socket(40) ALLOW"},
	{"x86_64", NULL,
		EVERYWHERE("x32") NARROW("x32") UNPRIVILEGED("x32") CLONE("x32")
		"0x40000000() ALLOW; 0x40000202() ALLOW; 0x40000010() ERRNO(1); x32:execve() ALLOW;"
		"520() ERRNO(1); 0x7fffffff() ERRNO(1); 0x80000000() ERRNO(1)"},
	{"x86_64", "CAP_SYS_ADMIN",
		ADMIN("x86_64") ADMIN("x86") ADMIN("x32") "keyctl() ERRNO(1); x86:umount() ALLOW; -1() ERRNO(1)"},
	{"x86_64", "CAP_SYS_PTRACE", "kcmp() ALLOW; x86:kcmp() ALLOW; mount() ERRNO(1)"},
	{"x86_64", NULL, "aarch64:read() KILL; s390x:read() KILL; 0x0:0() KILL; 0xffffffff:0() KILL"},

	{"x86", NULL,
		EVERYWHERE("x86") NARROW("x86") UNPRIVILEGED("x86") CLONE("x86") WAYS_IN("x86")
		"modify_ldt() ALLOW; x86_64:read() KILL; arch_prctl() ERRNO(1)"},
	{"x86", "CAP_SYS_ADMIN", ADMIN("x86")},

	{"aarch64", NULL,
		EVERYWHERE("aarch64") WIDE("aarch64") UNPRIVILEGED("aarch64") CLONE("aarch64")
		"63() ALLOW; sync_file_range() ALLOW; 0xf0005() ERRNO(1)"},
	{"aarch64", NULL,
		EVERYWHERE("arm") NARROW("arm") UNPRIVILEGED("arm") CLONE("arm")
		"arm:set_tls() ALLOW; arm:cacheflush() ALLOW; arm:breakpoint() ALLOW; arm:0xf0003() ERRNO(1);"
		"arm:arm_fadvise64_64() ALLOW; arm:102() ERRNO(1); arm:arm_sync_file_range() ALLOW; x86_64:0() KILL"},
	{"aarch64", "CAP_SYS_ADMIN", ADMIN("aarch64") ADMIN("arm")},

	{"mips64", NULL,
		EVERYWHERE("mips64") WIDE("mips64") UNPRIVILEGED("mips64") CLONE("mips64")
		EVERYWHERE("mips") NARROW("mips") UNPRIVILEGED("mips") CLONE("mips") WAYS_IN("mips")
		EVERYWHERE("mips64n32") NARROW("mips64n32") UNPRIVILEGED("mips64n32") CLONE("mips64n32")
		"5000() ALLOW; mips:4003() ALLOW; mips64n32:6000() ALLOW; 0() ERRNO(1); mips:4000() ERRNO(1);"
		"mips:5000() KILL_THREAD; mips64n32:5000() KILL_THREAD; mipsel64:5000() KILL; cacheflush() ERRNO(1);"
		"set_thread_area() ALLOW"},
	{"mips64", "CAP_SYS_ADMIN", ADMIN("mips64") ADMIN("mips") ADMIN("mips64n32")},
	{"mips64n32", NULL,
		EVERYWHERE("mips64n32") NARROW("mips64n32") UNPRIVILEGED("mips64n32") CLONE("mips64n32")
		EVERYWHERE("mips") NARROW("mips") EVERYWHERE("mips64") WIDE("mips64")},
	{"mips64n32", "CAP_SYS_ADMIN", ADMIN("mips64n32") ADMIN("mips") ADMIN("mips64")},
	{"mipsel64", NULL,
		EVERYWHERE("mipsel64") WIDE("mipsel64") UNPRIVILEGED("mipsel64") CLONE("mipsel64")
		EVERYWHERE("mipsel") NARROW("mipsel") UNPRIVILEGED("mipsel") CLONE("mipsel") WAYS_IN("mipsel")
		EVERYWHERE("mipsel64n32") NARROW("mipsel64n32") UNPRIVILEGED("mipsel64n32") CLONE("mipsel64n32")
		"mips64:5000() KILL; mipsel:4102(1) ALLOW"},
	{"mipsel64", "CAP_SYS_ADMIN", ADMIN("mipsel64") ADMIN("mipsel") ADMIN("mipsel64n32")},
	{"mipsel64n32", NULL,
		EVERYWHERE("mipsel64n32") NARROW("mipsel64n32") UNPRIVILEGED("mipsel64n32") CLONE("mipsel64n32")
		EVERYWHERE("mipsel") NARROW("mipsel") EVERYWHERE("mipsel64") WIDE("mipsel64")},
	{"mipsel64n32", "CAP_SYS_ADMIN", ADMIN("mipsel64n32") ADMIN("mipsel") ADMIN("mipsel64")},

	{"s390x", NULL,
		EVERYWHERE("s390x") WIDE("s390x") UNPRIVILEGED("s390x") CLONE_S390("s390x") WAYS_IN("s390x")
		"s390_pci_mmio_read() ALLOW; s390_runtime_instr() ALLOW; 3() ALLOW; 0() ERRNO(1)"},
	{"s390x", NULL,
		EVERYWHERE("s390") NARROW("s390") UNPRIVILEGED("s390") CLONE_S390("s390") WAYS_IN("s390")
		"s390:s390_pci_mmio_write() ALLOW; s390:clone(0,0xf00000011) ALLOW; x86_64:0() KILL"},
	{"s390x", "CAP_SYS_ADMIN", ADMIN("s390x") ADMIN("s390")},

	{"riscv64", NULL,
		EVERYWHERE("riscv64") WIDE("riscv64") UNPRIVILEGED("riscv64") CLONE("riscv64")
		"63() ALLOW; arm:read() KILL"},
	{"ppc64le", NULL,
		EVERYWHERE("ppc64le") WIDE("ppc64le") UNPRIVILEGED("ppc64le") CLONE("ppc64le") WAYS_IN("ppc64le")
		"sync_file_range2() ALLOW; ppc64:read() KILL"},
	{"ppc64", NULL, "sync_file_range2() ERRNO(1); read() ALLOW"},
	{"loongarch64", "CAP_SYS_ADMIN", ADMIN("loongarch64") "63() ALLOW"},
};

static char *file_read(const char *path, size_t *len)
{
	enum { MOST = 1 << 20 };
	FILE *f = fopen(path, "rb");
	char *text = malloc(MOST);

	if (!f || !text)
		fail_msg("%s: cannot be read from here", path);
	*len = fread(text, 1, MOST, f);
	fclose(f);
	return text;
}

static uint32_t program_answer(const void *filter, const struct call *call)
{
	const struct filter *f = filter;

	return sim_returned(sim_run(&f->program, f->policy->order, call, NULL, NULL));
}

static bool row_holds(
	struct attempt *a, const struct node_facts *node, const char *name, const char *calls)
{
	struct filter filter = {0};
	struct mistake mistake;

	ATTEMPT_CATCH(a);
	if (build_filter(&a->arena, a->profile, node, 1, NULL, &a->diags, &filter, &mistake) !=
		BUILD_DONE) {
		print_error("%s: not built\n", name);
		return false;
	}
	bool ok = notation_holds(name, calls, node->native, policy_answer, filter.policy);
	return notation_holds(name, calls, node->native, program_answer, &filter) && ok;
}

static void the_shipped_profile_answers_as_it_reads(void **state)
{
	size_t len;
	char *text = file_read(PROFILE, &len);
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct node_facts node = {.native = abi_named(rows[i].node)};
		struct attempt a;
		unsigned cap;
		if (rows[i].cap && caps_find(rows[i].cap, strlen(rows[i].cap), &cap))
			node.caps = (uint64_t)1 << cap;
		attempt_bytes(&a, text, len);
		assert_non_null(a.profile);
		ok = row_holds(&a, &node, rows[i].node, rows[i].calls) && ok;
		attempt_end(&a, false);
	}
	free(text);
	assert_true(ok);
}

/* ptrace(2) could be used to pass by a filter before 4.8; the profile knows. */
static void ptrace_depends_on_the_kernel(void **state)
{
	static const struct {
		unsigned kernel[2];
		const char *calls;
	} kernels[] = {
		{{4, 7}, "ptrace() ERRNO(1); x86:ptrace() ERRNO(1)"},
		{{4, 8}, "ptrace() ALLOW; x86:ptrace() ALLOW"},
		{{3, 10}, "ptrace() ERRNO(1)"},
		{{6, 1}, "ptrace() ALLOW"},
	};
	size_t len;
	char *text = file_read(PROFILE, &len);

	(void)state;
	for (size_t i = 0; i < countof(kernels); i++) {
		const unsigned *kernel = kernels[i].kernel;
		struct node_facts node = {.native = abi_named("x86_64"),
			.kernel = {.present = true, .major = kernel[0], .minor = kernel[1]}};
		struct attempt a;
		attempt_bytes(&a, text, len);
		assert_true(row_holds(&a, &node, "ptrace", kernels[i].calls));
		attempt_end(&a, false);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_profile_answers_as_it_reads),
		cmocka_unit_test(ptrace_depends_on_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
