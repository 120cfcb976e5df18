/*
 * Rows by version. Source: each of the tables' names put to seccomp_syscall_resolve_name_arch(3) of 2.5.4
 * (Debian 12's 2.5.4-1+deb12u1) and 2.6.1 (Debian sid's 2.6.1-1), and each ABI's name to
 * seccomp_arch_resolve_name(3); tests/unit/compiler/profile/test_libseccomp.c does it again with the one that is here.
 */

#include "libseccomp.h"

#include "../base/base.h"

#include <string.h>

struct lack {
	char name[24]; /* of a syscall, in place, so that the loader has nothing to relocate; "": the ABI itself */
	char abi[16];  /* "": every one */
};

struct libseccomp {
	const char *version;
	const struct lack *lack;
	size_t lacks;
};

static const struct lack lacks_2_5[] = {
	{"atomic_barrier", ""},
	{"atomic_cmpxchg_32", ""},
	{"file_getattr", ""},
	{"file_setattr", ""},
	{"getpagesize", ""},
	{"getxattrat", ""},
	{"listmount", ""},
	{"listns", ""},
	{"listxattrat", ""},
	{"llseek", ""},
	{"lsm_get_self_attr", ""},
	{"lsm_list_modules", ""},
	{"lsm_set_self_attr", ""},
	{"map_shadow_stack", "x32"},
	{"mseal", ""},
	{"open_tree_attr", ""},
	{"removexattrat", ""},
	{"riscv_hwprobe", ""},
	{"rseq_slice_yield", ""},
	{"setxattrat", ""},
	{"spill", ""},
	{"statmount", ""},
	{"uprobe", ""},
	{"uretprobe", ""},
	{"xtensa", ""},
	{"", "alpha"},
	{"", "csky"},
	{"", "loongarch64"},
	{"", "m68k"},
	{"", "riscv32"},
	{"", "sh"},
	{"", "sheb"},
	{"", "xtensa"},
};

static const struct lack lacks_2_6[] = {
	{"_llseek", "parisc64"},
	{"llseek", ""},
	{"memfd_secret", "loongarch64"},
	{"spill", ""},
	{"xtensa", ""},
	{"", "alpha"},
	{"", "csky"},
	{"", "riscv32"},
	{"", "xtensa"},
};

static const struct libseccomp versions[] = {
	{"2.6", lacks_2_6, countof(lacks_2_6)},
	{"2.5", lacks_2_5, countof(lacks_2_5)},
};

const struct libseccomp *libseccomp_find(const char *version)
{
	for (size_t i = 0; i < countof(versions); i++) {
		size_t len = strlen(versions[i].version);
		if (strncmp(version, versions[i].version, len) == 0 &&
			(!version[len] || version[len] == '.'))
			return &versions[i];
	}
	return NULL;
}

const char *libseccomp_version(const struct libseccomp *l)
{
	return l->version;
}

static bool has_lack(const struct libseccomp *l, const char *name, const char *abi)
{
	for (size_t i = 0; l && i < l->lacks; i++) {
		if (strcmp(l->lack[i].name, name) == 0 && strcmp(l->lack[i].abi, abi) == 0)
			return true;
	}
	return false;
}

bool libseccomp_lacks(const struct libseccomp *l, uint16_t syscall)
{
	return l && has_lack(l, arch_syscall_name(syscall), "");
}

bool libseccomp_lacks_on(const struct libseccomp *l, const struct abi *abi, uint16_t syscall)
{
	return l && (libseccomp_lacks(l, syscall) || has_lack(l, arch_syscall_name(syscall), abi->name));
}

bool libseccomp_lacks_abi(const struct libseccomp *l, const struct abi *abi)
{
	return has_lack(l, "", abi->name);
}
