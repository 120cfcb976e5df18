/*
 * Calls that do each other's work. Refusing one and leaving another refuses nothing; allowing one
 * and refusing the one that C libraries call today breaks programs. Since when each call is there
 * is in arch/since.h.
 */

#include "programs.h"
#include "siblings.h"
#include "start.h"

#include "../../arch/since.h"

#include <string.h>

/* "'clone3' (since Linux 5.3)" */
static const char *name_since(const struct lint *l, const struct abi *abi, const char *name)
{
	struct since since;
	struct buf text;
	uint16_t id;

	buf_init(&text, l->arena);
	buf_printf(&text, "'%s'", name);
	if (arch_syscall_find(name, strlen(name), &id) && arch_since(abi, id, &since) &&
		since.major > 2)
		buf_printf(&text, " (%s Linux %u.%u)", since_word(since), since.major,
			since.minor);
	return buf_string(&text);
}

/*
 * Is the refusal meant? The default action is: nobody asked for the call. A rule that answers
 * ENOSYS sends programs to the older call.
 */
static bool is_meant(const struct syscall_outcome *t)
{
	return t->by_rule && (t->how == OUTCOME_REFUSED || t->how == OUTCOME_PARTLY);
}

static bool is_open(const struct lint *l, const struct abi *abi, const char *name)
{
	const char *with = siblings_needs(name);

	return (!with || outcome_of_name(l, abi, with).how == OUTCOME_OPEN) &&
		outcome_of_name(l, abi, name).how == OUTCOME_OPEN;
}

/* Was it told of the node's own ABI already that `other` is open beside the name? */
static bool is_told(const struct lint *l, const struct abi *abi, const char *name, const char *other)
{
	const struct abi *main = l->policy->abi[0];

	if (abi == main)
		return false;
	struct syscall_outcome own = outcome_of_name(l, main, name);
	return is_meant(&own) && is_open(l, main, other);
}

/* Is it what a container's start fails without, under some runtime that was measured? */
static bool starts_containers(const char *name, bool fair)
{
	for (const struct start_call *call = start_calls(); call->name[0]; call++) {
		enum start_outcome outcome = fair ? call->enosys : call->eperm;
		if (call->each && outcome == START_FAILS && strcmp(call->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Does some program that was measured fail without it in what all programs do, or a container to start; `fair`:
 * even if told so by ENOSYS?
 */
static bool is_needed(const struct abi *abi, const char *name, bool fair)
{
	static const bool everyday[WORKS] = {
		[WORK_START] = true, [WORK_END] = true, [WORK_FORK] = true, [WORK_SPAWN] = true,
		[WORK_THREAD] = true, [WORK_OPENDIR] = true, [WORK_STAT] = true, [WORK_FSTAT] = true,
		[WORK_LS] = true, [WORK_PIPE] = true, [WORK_CLOCK] = true, [WORK_NANOSLEEP] = true};

	if (starts_containers(name, fair))
		return true;
	for (const struct program_call *call = program_calls(); call->name[0]; call++) {
		bool does = fair ? call->enosys : call->eperm;
		if (everyday[call->work] && !does && strcmp(call->name, name) == 0 &&
			program_is_of(program_at(call->program), abi))
			return true;
	}
	return false;
}

/* Of those that are open: what is needed and what is not. */
struct remedies {
	struct word_list names, needed;
	bool clone;  /* one of the needed, which asks for namespaces by bits of its flags */
	bool itself; /* what is refused is needed */
};

#define NAMESPACES 0x7e020000u /* sched.h: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */

/* What to do must not keep every program from starting another one. */
static void note_remedy(const struct lint *l, const struct abi *abi, const char *name,
	const struct syscall_outcome *own, const struct remedies *r)
{
	const char *names = word_list_text(l->arena, &r->names), *needed = word_list_text(l->arena, &r->needed);
	bool one = r->names.count == 1;

	if (own->how == OUTCOME_PARTLY) {
		if (r->names.count)
			diag_note(l->diags, NOWHERE, 1,
				"refuse %s too, with ENOSYS if programs are to fall back on '%s'",
				r->needed.count ? names : one ? "it" : "them", name);
		if (r->needed.count)
			diag_note(l->diags, NOWHERE, 1,
				"give %s rules with the same conditions: programs or what starts containers "
				"cannot do without", needed);
		return;
	}
	if (r->clone && strcmp(name, "unshare") == 0) {
		diag_note(l->diags, NOWHERE, 1,
			"refuse 'clone' for namespaces alone, a rule for each bit of 0x%x: \"index\": %u, "
			"\"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": BIT, \"valueTwo\": BIT",
			NAMESPACES, abi->clone_swapped);
		diag_note(l->diags, NOWHERE, 1,
			"answer 'clone3' with ENOSYS (\"errnoRet\": %u), so that programs fall back on 'clone'; "
			"refused whole no program starts another one",
			(unsigned)l->node->native->enosys);
		return;
	}
	if (r->needed.count || r->itself) {
		diag_note(l->diags, NOWHERE, 1,
			"leave the rule out: programs or what starts containers cannot do without %s",
			r->itself ? name : needed);
		return;
	}
	diag_note(l->diags, NOWHERE, 1, "name %s in the same rule", one ? "it" : "them");
}

/*
 * A rule refuses the name, in part or always, and others that do the same are open. Of another ABI
 * than the node's own only what is so there alone, by its name.
 */
static void check_open(const struct lint *l, const struct abi *abi, const struct siblings *row)
{
	const char *name = row->name;
	struct syscall_outcome own = outcome_of_name(l, abi, name);
	struct word_list open = {.count = 0};
	struct remedies remedies = {.clone = false};

	if (!is_meant(&own))
		return;
	remedies.itself = is_needed(abi, name, false);
	for (size_t i = 0; i < row->others; i++) {
		const char *other = row->other[i];
		if (!is_open(l, abi, other) || is_told(l, abi, name, other))
			continue;
		bool needed = is_needed(abi, other, own.how == OUTCOME_PARTLY);
		word_list_add(&open, name_since(l, abi, other));
		word_list_add(needed ? &remedies.needed : &remedies.names, other);
		remedies.clone |= strcmp(other, "clone") == 0;
	}
	if (!open.count)
		return;
	const char *list = word_list_text(l->arena, &open);
	bool one = open.count == 1;
	const char *on = abi == l->policy->abi[0] ? "" : " on ", *where = *on ? abi->name : "";
	if (own.how == OUTCOME_PARTLY)
		diag(l->diags, DIAG_SIBLING_OPEN, own.at, outcome_len(l, own.at),
			"the conditions on '%s' refuse nothing%s%s: %s %s the same and %s allowed "
			"whatever the arguments",
			name, on, where, list, one ? "does" : "do", one ? "is" : "are");
	else
		diag(l->diags, DIAG_SIBLING_OPEN, own.at, outcome_len(l, own.at),
			"refusing '%s' refuses nothing%s%s: %s %s the same and %s allowed", name, on,
			where, list, one ? "does" : "do", one ? "is" : "are");
	note_remedy(l, abi, name, &own, &remedies);
}

static void check_detours(const struct lint *l, const struct abi *abi)
{
	struct siblings row;

	for (size_t at = 0; siblings_next(&at, &row);)
		check_open(l, abi, &row);
}

/* --- what libraries call today --- */

struct heir {
	const char *older, *newer;
	bool always;     /* false: only where the ABI lacks the older one */
	const char *who; /* "... newer for it" */
};

/*
 * Sources: run on Debian 12 (glibc 2.36, coreutils 9.1, Python 3.11) with the newer call refused;
 * glibc's NEWS for versions; Go's src/syscall and src/internal/runtime/syscall.
 */
static const struct heir heirs[] = {
	{"open", "openat", true, "glibc 2.26 and later call"},
	{"stat", "newfstatat", true, "glibc 2.33 and later call"},
	{"lstat", "newfstatat", true, "glibc 2.33 and later call"},
	{"fstat", "newfstatat", true, "glibc 2.33 to 2.38 call"},
	{"getrlimit", "prlimit64", true, "glibc calls"},
	{"setrlimit", "prlimit64", true, "glibc calls"},
	{"nanosleep", "clock_nanosleep", true, "glibc 2.31 and later call"},
	{"select", "pselect6", true, "glibc 2.36 and later call"},
	{"getdents", "getdents64", true, "glibc calls"},
	{"eventfd", "eventfd2", true, "glibc calls"},
	{"signalfd", "signalfd4", true, "glibc calls"},
	{"fork", "clone", true, "glibc calls"},
	{"pipe", "pipe2", true, "Python, Go and Rust call"},
	{"epoll_create", "epoll_create1", true, "Python and Go call"},
	{"unlink", "unlinkat", true, "rm of coreutils calls"},
	{"rmdir", "unlinkat", true, "rm -r of coreutils calls"},
	{"chmod", "fchmodat", true, "chmod of coreutils calls"},
	{"chown", "fchownat", true, "chown of coreutils calls"},
	{"link", "linkat", true, "ln of coreutils calls"},
	{"symlink", "symlinkat", true, "ln -s of coreutils calls"},
	{"utime", "utimensat", true, "glibc and touch of coreutils call"},
	{"utimes", "utimensat", true, "glibc and touch of coreutils call"},
	{"access", "faccessat", false, "programs call"},
	{"dup2", "dup3", false, "programs call"},
	{"epoll_wait", "epoll_pwait", false, "programs call"},
	{"poll", "ppoll", false, "programs call"},
	{"mkdir", "mkdirat", false, "programs call"},
	{"mknod", "mknodat", false, "programs call"},
	{"readlink", "readlinkat", false, "programs call"},
	{"lchown", "fchownat", false, "programs call"},
	{"inotify_init", "inotify_init1", false, "programs call"},
};

/* The rule that allows the name whatever its arguments, NULL if none does. */
static const struct rule *find_allowing(const struct lint *l, const char *name)
{
	for (size_t i = 0; i < l->set->rules; i++) {
		const struct rule *rule = &l->set->rule[i];
		if (!rule->conds && rule->ret == RET_ALLOW &&
			strcmp(arch_syscall_name(rule->syscall), name) == 0)
			return rule;
	}
	return NULL;
}

/* Is the heir refused where the older one is allowed, by the rule in *at? */
static bool is_missing(const struct lint *l, const struct heir *heir, const struct rule **by)
{
	const struct abi *abi = l->policy->abi[0];
	bool there = outcome_of_name(l, abi, heir->older).how != OUTCOME_ABSENT;
	enum outcome newer = outcome_of_name(l, abi, heir->newer).how;

	if (!outcome_is_refused(newer))
		return false;
	if (there && !heir->always)
		return false;
	*by = find_allowing(l, heir->older);
	return *by && (!there || outcome_of_name(l, abi, heir->older).how == OUTCOME_OPEN);
}

/* One finding a profile, at the first; a note for each. */
static void check_heirs(const struct lint *l)
{
	const struct rule *by[countof(heirs)] = {NULL}, *first = NULL;
	const struct abi *abi = l->policy->abi[0];
	struct word_list missing = {.count = 0};

	for (size_t i = 0; i < countof(heirs); i++) {
		if (!is_missing(l, &heirs[i], &by[i])) {
			by[i] = NULL;
			continue;
		}
		word_list_add(&missing, heirs[i].newer);
		if (!first || by[i]->at < first->at)
			first = by[i];
	}
	if (!first)
		return;
	diag(l->diags, DIAG_SIBLING_REFUSED, first->at, first->len,
		"refused on %s: %s, which programs call today for what is allowed here", abi->name,
		word_list_text(l->arena, &missing));
	for (size_t i = 0; i < countof(heirs); i++) {
		if (by[i])
			diag_note(l->diags, by[i]->at, by[i]->len, "%s %s%s: add \"%s\"",
				heirs[i].who, name_since(l, abi, heirs[i].newer),
				outcome_of_name(l, abi, heirs[i].older).how == OUTCOME_ABSENT
					? ", there is no other"
					: " for it",
				heirs[i].newer);
	}
}

void lint_siblings(const struct lint *l)
{
	for (size_t i = 0; i < l->policy->abis; i++)
		check_detours(l, l->policy->abi[i]);
	check_heirs(l);
}
