#ifndef COMPILER_PROFILE_DIALECT_H
#define COMPILER_PROFILE_DIALECT_H

/*
 * What a runtime makes of a profile, as data: which keys reach it, how it takes what they hold,
 * what it refuses to start. A runtime is a loader (Docker's daemon, containers/common, Go's
 * decoder) with an engine behind it (runc or crun); a row is the pair people run. select_rules() asks
 * the row and never for one runtime by name. doc/formats.md is the same table for people.
 */

#include "../say/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys that not every loader reads; all of them read the rest. Bits of dialect.keys. */
enum dialect_keys {
	KEYS_DOCKER = 1, /* archMap, includes, excludes, name */
	KEYS_KERNEL = 2, /* minKernel within includes and excludes */
	KEYS_ERRNO = 4,  /* errno, defaultErrno: by name */
};

/* The runtime-spec's flags, as seccomp(2) takes them. */
enum filter_flags {
	FLAG_TSYNC = 1,
	FLAG_LOG = 2,
	FLAG_SPEC_ALLOW = 4,
	FLAG_WAIT_KILLABLE = 32, /* the kernel wants a listener with it, kernel/seccomp.c 6.12 */
};
#define FILTER_FLAGS 4

/* How syscalls newer than the profile are answered (enosys.h). */
enum enosys { ENOSYS_OFF, ENOSYS_TABLE, ENOSYS_RUNC };

enum dialect_notify {
	NOTIFY_TAKEN,   /* anywhere, with a listener or without */
	NOTIFY_GUARDED, /* neither as default nor for write(2), and only with a listenerPath */
	NOTIFY_NEVER,
};

struct dialect {
	const char *name; /* as --runtime takes it */
	const char *version; /* of its engine, "1.3"; NULL: of no one version */
	const char *measured; /* the one of those that was run, "1.3.6"; NULL: its source was read */
	const char *says; /* who speaks, in messages: "containerd" */

	const char *announces; /* the annotation of its `features` that has its version; NULL: none */
	uint8_t keys;
	bool exact_keys;   /* a key in another case is another key */
	bool needs_names;  /* a rule without the key names is refused */
	bool golang_words; /* arches in containers/common's words, not Docker's */
	uint8_t map_list;  /* enum arch_list: who is looked up in archMap; 0: everyone */

	uint8_t arch_list; /* enum arch_list: names it takes, exactly; 0: any spelling of any ABI */
	bool plain_arches; /* of those, libseccomp's own names alone, with SCMP_ARCH_ or without */
	bool takes_native; /* SCMP_ARCH_NATIVE is a name */
	bool common_errnos;  /* of errno names it knows containers/common's alone */
	bool strict_errno;   /* refuses errnoRet beside an action that carries none */
	uint16_t errno_last; /* of SCMP_ACT_ERRNO */
	uint8_t conds_max;   /* conditions of a rule it looks at; 0: all */
	enum dialect_notify notify;

	uint8_t flags;        /* enum filter_flags that it takes */
	bool drops_no_flags;  /* `"flags": []` reaches its engine as no key: SPEC_ALLOW is set */
	bool loses_flags;     /* what the kernel refuses with flags is loaded without any */
	bool caches; /* filters, by a key without the errnoRet of rules (meaning/cache_key.h) */

	size_t bytes_max; /* of a file; 0: no bound */
	size_t rules_max; /* of one syscall; 0: no bound */

	enum enosys enosys; /* what it puts in front of the filter */
	bool stub_listed;   /* ... for ABIs alone that the profile lists */
	bool refuses_foreign; /* other ABIs' numbers (arch_foreign()), whatever the default action */
	bool takes_base_spec; /* starts from a containerd base spec and loads the filter in there */
};

/* Runtimes in the newest version that was measured. */
extern const struct dialect dialects[];
extern const size_t dialect_count;

/* Others of their versions, named "runc@1.1". */
extern const struct dialect dialect_versions[];
extern const size_t dialect_version_count;

/* The meaning its author wrote down: Docker's, with nothing refused that a node could be told. */
extern const struct dialect dialect_author;

/*
 * By name, in any case; "author" too, and programs that use one of these: "buildah". A version is taken
 * behind an '@', with or without what follows its second number: "runc@1.1.5". NULL if there is none.
 */
const struct dialect *dialect_find(const char *name, size_t len);

/* Where the version behind the '@' lies, that is none of the known ones: *below and *above are those next to it. */
enum dialect_place {
	PLACE_NONE,    /* older than all, or no version */
	PLACE_BETWEEN,
	PLACE_BEYOND,  /* newer than all: *above is NULL */
	PLACE_ANY,     /* no version of that runtime is told from another: *below is how all are read */
};
enum dialect_place dialect_between(
	const char *name, size_t len, const struct dialect **below, const struct dialect **above);

/*
 * Of a version that has a row, but was not itself run: "runc 1.3.0 itself was not measured: it is read as 1.3.6".
 * False: there is nothing to say.
 */
bool dialect_stands_in(char *text, size_t size, const char *name, size_t len);

/* The versions there are of the runtime before the '@', as "1.3, 1.1"; "" if it has none. */
void dialect_list_versions(char *list, size_t size, const char *name, size_t len);

/* The flag's bit; 0: none of the runtime-spec's. Names by index below FILTER_FLAGS. */
uint8_t dialect_flag(const char *name, size_t len);
const char *dialect_flag_name(size_t index);

/* A runtime that makes its filter without runc's or crun's code: how it reads is not known here. */
bool dialect_is_strange(const char *name, size_t len);

/* The key's bit in enum dialect_keys; 0: every loader reads it, or none. */
uint8_t dialect_key(const char *key);

/* Does the key, spelt right, mean something to it? True for keys nobody reads. */
bool dialect_reads(const struct dialect *, const char *key);

/* Of a finding: "containerd does". */
static inline struct diag_doer dialect_does(const struct dialect *d)
{
	return (struct diag_doer){d->says, "does", "do"};
}

static inline struct diag_doer dialect_refuses(const struct dialect *d)
{
	return (struct diag_doer){d->says, "refuses", "refuse"};
}

/* "X refuses the profile: WHY" as an error. */
void dialect_refuse(
	const struct dialect *, struct diags *, uint32_t at, uint32_t len, const char *why);

/* Is the errno name one that containers/common knows? */
bool dialect_common_errno(const char *name, size_t len);

#endif
