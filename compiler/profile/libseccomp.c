/*
 * Rows by version. Source: each of the tables' names put to seccomp_syscall_resolve_name_arch(3) of 2.5.4
 * (Debian 12's 2.5.4-1+deb12u1) and 2.6.1 (Debian sid's 2.6.1-1), and each ABI's name to
 * seccomp_arch_resolve_name(3); tests/unit/compiler/profile/test_libseccomp.c does it again with the one that is here.
 */

#include "libseccomp.h"

#include "../base/base.h"

#include <string.h>

struct lack {
	const char *name; /* of a syscall; NULL: the ABI itself */
	const char *abi;  /* NULL: every one */
};

struct libseccomp {
	const char *version;
	const struct lack *lack;
	size_t lacks;
};

static const struct lack lacks_2_5[] = {
	{"atomic_barrier", NULL},
	{"atomic_cmpxchg_32", NULL},
	{"file_getattr", NULL},
	{"file_setattr", NULL},
	{"getpagesize", NULL},
	{"getxattrat", NULL},
	{"listmount", NULL},
	{"listns", NULL},
	{"listxattrat", NULL},
	{"llseek", NULL},
	{"lsm_get_self_attr", NULL},
	{"lsm_list_modules", NULL},
	{"lsm_set_self_attr", NULL},
	{"map_shadow_stack", "x32"},
	{"mseal", NULL},
	{"open_tree_attr", NULL},
	{"removexattrat", NULL},
	{"riscv_hwprobe", NULL},
	{"rseq_slice_yield", NULL},
	{"setxattrat", NULL},
	{"spill", NULL},
	{"statmount", NULL},
	{"uprobe", NULL},
	{"uretprobe", NULL},
	{"xtensa", NULL},
	{NULL, "alpha"},
	{NULL, "csky"},
	{NULL, "loongarch64"},
	{NULL, "m68k"},
	{NULL, "riscv32"},
	{NULL, "sh"},
	{NULL, "sheb"},
	{NULL, "xtensa"},
};

static const struct lack lacks_2_6[] = {
	{"_llseek", "parisc64"},
	{"llseek", NULL},
	{"memfd_secret", "loongarch64"},
	{"spill", NULL},
	{"xtensa", NULL},
	{NULL, "alpha"},
	{NULL, "csky"},
	{NULL, "riscv32"},
	{NULL, "xtensa"},
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

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has_lack(const struct libseccomp *l, const char *name, const char *abi)
{
	for (size_t i = 0; l && i < l->lacks; i++) {
		if (is_same(l->lack[i].name, name) && is_same(l->lack[i].abi, abi))
			return true;
	}
	return false;
}

bool libseccomp_lacks(const struct libseccomp *l, uint16_t syscall)
{
	return l && has_lack(l, arch_syscall_name(syscall), NULL);
}

bool libseccomp_lacks_on(const struct libseccomp *l, const struct abi *abi, uint16_t syscall)
{
	return l && (libseccomp_lacks(l, syscall) || has_lack(l, arch_syscall_name(syscall), abi->name));
}

bool libseccomp_lacks_abi(const struct libseccomp *l, const struct abi *abi)
{
	return has_lack(l, NULL, abi->name);
}
