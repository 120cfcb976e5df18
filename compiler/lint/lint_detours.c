/* Allowed calls that do work the filter never sees. */

#include "syscall_outcome.h"

/*
 * What io_uring does on its own (kernel: io_uring/opdef.c), by the calls that would do it: a row is
 * undone if none of its calls is open. Names in place, so that the loader has nothing to relocate.
 */
static const char ring[][4][16] = {
	{"openat", "openat2", "open"},
	{"socket"},
	{"connect"},
	{"accept", "accept4"},
	{"bind"},
	{"listen"},
	{"sendmsg", "sendto", "sendmmsg"},
	{"recvmsg", "recvfrom", "recvmmsg"},
	{"unlinkat", "unlink", "rmdir"},
	{"renameat", "renameat2", "rename"},
	{"mkdirat", "mkdir"},
	{"symlinkat", "symlink"},
	{"linkat", "link"},
	{"setxattr", "lsetxattr", "fsetxattr"},
	{"getxattr", "lgetxattr", "fgetxattr"},
	{"ftruncate", "truncate"},
	{"fallocate"},
	{"splice"},
};

/* The first call of the row that is refused or conditional; NULL: the filter lets it be done. */
static const char *find_undone(const struct lint *l, const char (*row)[16])
{
	const char *undone = NULL;

	for (size_t i = 0; i < countof(ring[0]) && row[i][0]; i++) {
		enum outcome how = outcome_of_name(l, l->policy->abi[0], row[i]).how;
		if (how == OUTCOME_OPEN)
			return NULL;
		if (!undone && (how == OUTCOME_REFUSED || how == OUTCOME_PARTLY))
			undone = row[i];
	}
	return undone;
}

static void check_ring(const struct lint *l)
{
	const struct abi *abi = l->policy->abi[0];
	struct syscall_outcome setup = outcome_of_name(l, abi, "io_uring_setup");
	struct word_list undone = {.count = 0};

	if (setup.how != OUTCOME_OPEN)
		return;
	for (size_t i = 0; i < countof(ring); i++) {
		const char *name = find_undone(l, ring[i]);
		if (name)
			word_list_add(&undone, name);
	}
	if (undone.count) {
		diag(l->diags, DIAG_RING_UNDOES, setup.at, outcome_len(l, setup.at),
			"io_uring is allowed, and does what %s would do without asking the filter",
			word_list_text(l->arena, &undone));
		diag_note(l->diags, NOWHERE, 1,
			setup.by_rule ? "leave out io_uring_setup, io_uring_enter and "
					"io_uring_register"
				      : "refuse io_uring_setup, io_uring_enter and "
					"io_uring_register");
	} else {
		diag(l->diags, DIAG_RING, setup.at, outcome_len(l, setup.at),
			"io_uring is allowed: the filter sees none of the work it does");
	}
}

#define TRACER_SEEN_MAJOR 4u
#define TRACER_SEEN_MINOR 8u

static bool reaches(const struct kernel_version *k)
{
	return k->present &&
		(k->major > TRACER_SEEN_MAJOR ||
			(k->major == TRACER_SEEN_MAJOR && k->minor >= TRACER_SEEN_MINOR));
}

/* Does the rule at that place ask for such a kernel, and does the runtime ask? */
static bool is_guarded(const struct lint *l, uint32_t at)
{
	bool asks = node_dialect(l->node)->keys & KEYS_KERNEL;

	for (size_t i = 0; asks && i < l->profile->rules; i++) {
		const struct profile_rule *rule = &l->profile->rule[i];
		for (size_t k = 0; k < rule->names.count; k++) {
			if (rule->names.text[k].at == at)
				return reaches(&rule->includes.min_kernel);
		}
	}
	return false;
}

/* Before 4.8 (kernel: ce6526e8) seccomp looked first and the tracer changed the call then. */
static void check_tracer(const struct lint *l)
{
	struct syscall_outcome t = outcome_of_name(l, l->policy->abi[0], "ptrace");

	if (t.how != OUTCOME_OPEN || reaches(&l->node->kernel) || is_guarded(l, t.at))
		return;
	diag(l->diags, DIAG_TRACER, t.at, outcome_len(l, t.at),
		"ptrace is allowed: before Linux 4.8 a tracer makes any call past the filter");
	diag_note(l->diags, NOWHERE, 1,
		"Docker's profile has it under \"includes\": {\"minKernel\": \"4.8\"}; --kernel "
		"says "
		"which you have");
}

void lint_detours(const struct lint *l)
{
	check_ring(l);
	check_tracer(l);
}
