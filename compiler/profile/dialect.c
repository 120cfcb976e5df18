/*
 * One row a runtime. Sources, read and run:
 *
 *   moby     moby/profiles seccomp/seccomp_linux.go, cd3bed80 (Docker 28); 20.10's in Debian 12
 *   common   containers/common pkg/seccomp/seccomp_linux.go, 0.67.1; 0.50.1's in Debian 12
 *   ctrd     containerd contrib/seccomp/seccomp.go WithProfile, 2.1: json.Unmarshal into specs-go
 *   runc     opencontainers/runc libcontainer/seccomp, specconv/spec_linux.go, 1.3.6 and 76d9cf5d
 *   crun     containers/crun src/libcrun/seccomp.c, 1.8.1 and 1.27.1; libocispec reads the JSON
 *   kep      kubernetes KEP-6061 (alpha), as the Security Profiles Operator restates it
 *
 * Filters that they load were held against the rows: of Debian 12's runc 1.1.5, crun 1.8.1, podman 4.3.1 by `make
 * check-runtimes`, of runc 1.3.6, crun 1.28, podman 5.8.6, Docker 28.5.2, containerd 2.1.9 by `make check-today`.
 *
 * Docker and containerd hand to runc unless configured otherwise, podman and CRI-O (since 1.31) to
 * crun. What all of them share is no column: unknown names are dropped, rules equal to the default
 * action are skipped, a repeated index makes alternatives, the node's own ABI is always there.
 */

#include "dialect.h"

#include "../../arch/arch.h"
#include "../base/base.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* libseccomp: src/db.c db_action_valid() takes errno data below MAX_ERRNO, which is 4095 */
#define LIBSECCOMP_ERRNO_LAST 4094
#define KERNEL_ERRNO_LAST     4095

#define OLD_FLAGS (FLAG_TSYNC | FLAG_LOG | FLAG_SPEC_ALLOW)
#define ALL_FLAGS (OLD_FLAGS | FLAG_WAIT_KILLABLE)

const struct dialect dialect_author = {
	.name = "author",
	.says = "Docker",
	.keys = KEYS_DOCKER | KEYS_KERNEL | KEYS_ERRNO,
	.takes_native = true,
	.errno_last = KERNEL_ERRNO_LAST,
	.flags = ALL_FLAGS,
	.takes_base_spec = true,
	.refuses_foreign = true,
};

/*
 * runc: config.go archs, flags; seccomp_linux.go InitSeccomp; patchbpf/enosys_linux.go. Seen with 1.1.5
 * and 1.3.6; 1.5, of which only the flags are other ones, was read.
 */
#define RUNC_ANY .errno_last = LIBSECCOMP_ERRNO_LAST, .notify = NOTIFY_GUARDED, .enosys = ENOSYS_RUNC
#define ENGINE_RUNC .version = "1.3", .measured = "1.3.6", .arch_list = LIST_RUNC, .flags = OLD_FLAGS, RUNC_ANY

/*
 * crun: seccomp.c libcrun_generate_seccomp(), seccomp_action_supports_errno(). Seen with 1.8.1, which has
 * no cache yet, and 1.28.
 */
#define CRUN_ANY                                                                                   \
	.plain_arches = true, .errno_last = LIBSECCOMP_ERRNO_LAST, .strict_errno = true,           \
	.conds_max = 6, .flags = ALL_FLAGS, .loses_flags = true
#define ENGINE_CRUN .version = "1.28", .measured = "1.28", .caches = true, CRUN_ANY

const struct dialect dialects[] = {
	{	/* moby: setupSeccomp(); Syscall has no errno, so its name is an unknown key */
		.name = "docker", .says = "Docker", .keys = KEYS_DOCKER | KEYS_KERNEL,
		.map_list = LIST_MOBY_MAP, .drops_no_flags = true, ENGINE_RUNC,
	},
	{	/* common: setupSeccomp(), types.go Filter has no minKernel, errno_list.go */
		.name = "podman", .says = "podman", .keys = KEYS_DOCKER | KEYS_ERRNO,
		.golang_words = true, .map_list = LIST_COMMON_MAP, .common_errnos = true,
		.drops_no_flags = true, ENGINE_CRUN,
	},
	{	/* ctrd: specs.LinuxSeccomp holds the OCI's keys and no other */
		.name = "containerd", .says = "containerd", .takes_base_spec = true,
		.drops_no_flags = true, ENGINE_RUNC,
	},
	{	/* common, by CRI-O internal/config/seccomp */
		.name = "crio", .says = "CRI-O", .keys = KEYS_DOCKER | KEYS_ERRNO,
		.golang_words = true, .map_list = LIST_COMMON_MAP, .common_errnos = true,
		.drops_no_flags = true, ENGINE_CRUN,
	},
	{	/* runc: specconv/spec_linux.go SetupSeccomp() */
		.name = "runc", .says = "runc", .announces = "org.opencontainers.runc.version",
		ENGINE_RUNC,
	},
	{	/* crun: libocispec wants names and compares keys byte by byte */
		.name = "crun", .says = "crun", .announces = "run.oci.crun.version", .exact_keys = true, .needs_names = true,
		.takes_base_spec = true, ENGINE_CRUN,
	},
	{	/* kep: one layer of runtime-spec JSON, 1 MiB, 128 entries a syscall, no listener */
		.name = "kep6061", .says = "KEP-6061", .arch_list = LIST_RUNC, .flags = ALL_FLAGS,
		.strict_errno = true, .errno_last = LIBSECCOMP_ERRNO_LAST, .notify = NOTIFY_NEVER,
		.bytes_max = (size_t)1 << 20, .rules_max = 128,
	},
};

const size_t dialect_count = countof(dialects);

const struct dialect dialect_versions[] = {
	{	/* 1.1.5: "seccomp flags are not yet supported by runc"; its stub asks the profile's list */
		.name = "runc@1.1", .says = "runc 1.1", .version = "1.1", .measured = "1.1.5",
		.arch_list = LIST_RUNC_1_1, .stub_listed = true, RUNC_ANY,
	},
	{	/* 1.5.0-rc.2: config.go flags */
		.name = "runc@1.5", .says = "runc 1.5", .version = "1.5", .arch_list = LIST_RUNC,
		.flags = ALL_FLAGS, RUNC_ANY,
	},
	{	/* 1.8.1 */
		.name = "crun@1.8", .says = "crun 1.8", .version = "1.8", .measured = "1.8.1",
		.exact_keys = true, .needs_names = true, .takes_base_spec = true, CRUN_ANY,
	},
};

const size_t dialect_version_count = countof(dialect_versions);

static bool is_named(const struct dialect *d, const char *name, size_t len)
{
	return strlen(d->name) == len && strncasecmp(d->name, name, len) == 0;
}

/*
 * Programs that hand profiles on through one of those above: buildah by containers/common, nerdctl and
 * k3s to containerd.
 */
static const struct {
	const char *name, *dialect;
} others[] = {
	{"cri-o", "crio"},
	{"buildah", "podman"},
	{"nerdctl", "containerd"},
	{"k3s", "containerd"},
};

/* Runtimes that make filters in a way of their own. */
static const char *const strange[] = {"youki", "runsc", "gvisor"};

bool dialect_is_strange(const char *name, size_t len)
{
	for (size_t i = 0; i < countof(strange); i++) {
		if (strlen(strange[i]) == len && strncasecmp(strange[i], name, len) == 0)
			return true;
	}
	return false;
}

/* Of one of that name; `version` may have more behind its second number. */
static bool is_version(const struct dialect *d, const char *version, size_t len)
{
	size_t known = d->version ? strlen(d->version) : 0;

	return known && len >= known && memcmp(d->version, version, known) == 0 &&
		(len == known || version[known] == '.');
}

/* "runc" is the start of "runc@1.1". */
static bool is_version_of(const struct dialect *d, const char *name, size_t len)
{
	return strncasecmp(d->name, name, len) == 0 && d->name[len] == '@';
}

static const struct dialect *find_newest(const char *name, size_t len)
{
	for (size_t i = 0; i < countof(others); i++) {
		if (strlen(others[i].name) == len && strncasecmp(others[i].name, name, len) == 0) {
			name = others[i].dialect;
			len = strlen(name);
		}
	}
	for (size_t i = 0; i < dialect_count; i++) {
		if (is_named(&dialects[i], name, len))
			return &dialects[i];
	}
	return is_named(&dialect_author, name, len) ? &dialect_author : NULL;
}

/* Only those of which more than one version is known have one that may be asked for. */
static bool has_versions(const char *name, size_t len)
{
	for (size_t i = 0; i < dialect_version_count; i++) {
		if (is_version_of(&dialect_versions[i], name, len))
			return true;
	}
	return false;
}

const struct dialect *dialect_find(const char *name, size_t len)
{
	const char *at = memchr(name, '@', len);
	const struct dialect *newest = find_newest(name, at ? (size_t)(at - name) : len);

	if (!at || !newest)
		return newest;
	size_t before = (size_t)(at - name), behind = len - before - 1;
	if (!has_versions(name, before))
		return NULL;
	for (size_t i = 0; i < dialect_version_count; i++) {
		const struct dialect *d = &dialect_versions[i];
		if (is_version_of(d, name, before) && is_version(d, at + 1, behind))
			return d;
	}
	return is_version(newest, at + 1, behind) ? newest : NULL;
}

/* "1.28.3" as 1 << 16 | 28; 0: no version. */
static uint32_t version_number(const char *text, size_t len)
{
	uint32_t part[2] = {0};
	size_t at = 0;

	for (size_t i = 0; i < countof(part); i++) {
		size_t start = at;
		for (; at < len && text[at] >= '0' && text[at] <= '9' && part[i] < 1000; at++)
			part[i] = part[i] * 10 + (uint32_t)(text[at] - '0');
		bool ends = i + 1 == countof(part);
		if (at == start || (at < len && text[at] != '.' && !ends) || part[i] >= 1000)
			return i && start == len ? part[0] << 16 : 0;
		at += at < len && text[at] == '.';
	}
	return part[0] << 16 | part[1];
}

static uint32_t number_of(const struct dialect *d)
{
	return version_number(d->version, strlen(d->version));
}

enum dialect_place dialect_between(
	const char *name, size_t len, const struct dialect **below, const struct dialect **above)
{
	const char *at = memchr(name, '@', len);
	size_t before = at ? (size_t)(at - name) : 0;
	const struct dialect *newest = at ? find_newest(name, before) : NULL;
	uint32_t asked = newest ? version_number(at + 1, len - before - 1) : 0;

	*below = *above = NULL;
	if (!asked || newest == &dialect_author)
		return PLACE_NONE;
	if (!has_versions(name, before)) {
		*below = newest;
		return PLACE_ANY;
	}
	for (size_t i = 0; i <= dialect_version_count; i++) {
		const struct dialect *d = i < dialect_version_count ? &dialect_versions[i] : newest;
		if (d != newest && !is_version_of(d, name, before))
			continue;
		if (number_of(d) < asked && (!*below || number_of(d) > number_of(*below)))
			*below = d;
		if (number_of(d) > asked && (!*above || number_of(d) < number_of(*above)))
			*above = d;
	}
	return !*below ? PLACE_NONE : *above ? PLACE_BETWEEN : PLACE_BEYOND;
}

/* "1.3" says no more than the row does; "1.3.6+ds1" is 1.3.6 as a distribution packages it, "1.28.0" is 1.28. */
static bool is_measured(const struct dialect *d, const char *asked, size_t len)
{
	size_t known = d->measured ? strlen(d->measured) : 0;

	if (len == strlen(d->version))
		return true;
	if (!known || len < known || memcmp(d->measured, asked, known) != 0)
		return false;
	size_t rest = known;
	if (strcmp(d->measured, d->version) == 0 && len - known >= 2 && memcmp(asked + known, ".0", 2) == 0)
		rest += 2;
	return rest == len || strchr("+-~", asked[rest]) != NULL;
}

bool dialect_stands_in(char *text, size_t size, const char *name, size_t len)
{
	const char *at = memchr(name, '@', len);
	const struct dialect *d = at ? dialect_find(name, len) : NULL;
	int before = at ? (int)(at - name) : 0;
	size_t behind = at ? len - (size_t)before - 1 : 0;

	if (!d || is_measured(d, at + 1, behind))
		return false;
	int shown = behind < 32 ? (int)behind : 32;
	if (d->measured)
		snprintf(text, size, "%.*s %.*s itself was not measured: it is read as %s", before, name, shown, at + 1,
			d->measured);
	else
		snprintf(text, size, "%.*s %.*s itself was not measured, nor any other %s: that is known from its source",
			before, name, shown, at + 1, d->version);
	return true;
}

void dialect_list_versions(char *list, size_t size, const char *name, size_t len)
{
	const struct dialect *newest = find_newest(name, len);

	*list = '\0';
	if (!newest || !has_versions(name, len))
		return;
	int used = snprintf(list, size, "%s", newest->version);
	for (size_t i = 0; i < dialect_version_count && used > 0 && (size_t)used < size; i++) {
		if (is_version_of(&dialect_versions[i], name, len))
			used += snprintf(list + used, size - (size_t)used, ", %s", dialect_versions[i].version);
	}
}

static const struct {
	const char *name;
	enum filter_flags flag;
} flags[FILTER_FLAGS] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", FLAG_TSYNC},
	{"SECCOMP_FILTER_FLAG_LOG", FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", FLAG_SPEC_ALLOW},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", FLAG_WAIT_KILLABLE},
};

uint8_t dialect_flag(const char *name, size_t len)
{
	for (size_t i = 0; i < FILTER_FLAGS; i++) {
		if (strlen(flags[i].name) == len && memcmp(flags[i].name, name, len) == 0)
			return (uint8_t)flags[i].flag;
	}
	return 0;
}

const char *dialect_flag_name(size_t index)
{
	return flags[index].name;
}

uint8_t dialect_key(const char *key)
{
	static const struct {
		const char *key;
		enum dialect_keys keys;
	} special[] = {
		{"archMap", KEYS_DOCKER},
		{"architecture", KEYS_DOCKER},
		{"subArchitectures", KEYS_DOCKER},
		{"name", KEYS_DOCKER},
		{"includes", KEYS_DOCKER},
		{"excludes", KEYS_DOCKER},
		{"caps", KEYS_DOCKER},
		{"arches", KEYS_DOCKER},
		{"minKernel", KEYS_KERNEL},
		{"errno", KEYS_ERRNO},
		{"defaultErrno", KEYS_ERRNO},
	};

	for (size_t i = 0; i < countof(special); i++) {
		if (special[i].key[0] == key[0] && strcmp(special[i].key, key) == 0)
			return (uint8_t)special[i].keys;
	}
	return 0;
}

bool dialect_reads(const struct dialect *d, const char *key)
{
	uint8_t keys = dialect_key(key);

	return !keys || d->keys & keys;
}

void dialect_refuse(
	const struct dialect *d, struct diags *diags, uint32_t at, uint32_t len, const char *why)
{
	diag_by(diags, DIAG_REFUSED, at, len, dialect_refuses(d), "the profile: %s", why);
}

/* containers/common pkg/seccomp/errno_list.go errnoArch, 0.50.1 to 0.67.1, without EINTR as there.
 */
static const char common_errnos[][16] = {
	"E2BIG",
	"EACCES",
	"EADDRINUSE",
	"EADDRNOTAVAIL",
	"EAFNOSUPPORT",
	"EAGAIN",
	"EALREADY",
	"EBADF",
	"EBADMSG",
	"EBUSY",
	"ECANCELED",
	"ECHILD",
	"ECONNABORTED",
	"ECONNREFUSED",
	"ECONNRESET",
	"EDEADLK",
	"EDESTADDRREQ",
	"EDOM",
	"EDQUOT",
	"EEXIST",
	"EFAULT",
	"EFBIG",
	"EHOSTDOWN",
	"EHOSTUNREACH",
	"EIDRM",
	"EILSEQ",
	"EINPROGRESS",
	"EINVAL",
	"EIO",
	"EISCONN",
	"EISDIR",
	"ELOOP",
	"EMEDIUMTYPE",
	"EMFILE",
	"EMLINK",
	"EMSGSIZE",
	"ENAMETOOLONG",
	"ENETDOWN",
	"ENETRESET",
	"ENETUNREACH",
	"ENFILE",
	"ENOBUFS",
	"ENODEV",
	"ENOENT",
	"ENOEXEC",
	"ENOLCK",
	"ENOMEDIUM",
	"ENOMEM",
	"ENOMSG",
	"ENOPROTOOPT",
	"ENOSPC",
	"ENOSYS",
	"ENOTBLK",
	"ENOTCONN",
	"ENOTDIR",
	"ENOTEMPTY",
	"ENOTRECOVERABLE",
	"ENOTSOCK",
	"ENOTSUP",
	"ENOTTY",
	"ENXIO",
	"EOPNOTSUPP",
	"EOVERFLOW",
	"EOWNERDEAD",
	"EPERM",
	"EPFNOSUPPORT",
	"EPIPE",
	"EPROTONOSUPPORT",
	"EPROTOTYPE",
	"ERANGE",
	"EREMOTE",
	"EROFS",
	"ESHUTDOWN",
	"ESOCKTNOSUPPORT",
	"ESPIPE",
	"ESRCH",
	"ESTALE",
	"ETIMEDOUT",
	"ETOOMANYREFS",
	"ETXTBSY",
	"EUSERS",
	"EXDEV",
};

bool dialect_common_errno(const char *name, size_t len)
{
	for (size_t i = 0; i < countof(common_errnos); i++) {
		if (strlen(common_errnos[i]) == len && memcmp(common_errnos[i], name, len) == 0)
			return true;
	}
	return false;
}
