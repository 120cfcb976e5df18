/*
 * A list of calls the kernel refuses or answers at once, in order of preference: descriptors that
 * are not open, pointers to nowhere, commands that do not exist. Whatever a filter decides about
 * them, no harm comes of it. Each program is run on each; the best-serving ones are taken.
 */

#include "probe.h"

#include "../../backends/bpf/cached.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/kernel/action.h"
#include "../../compiler/base/base.h"

#include <string.h>

#define EACH   2    /* probes of one class */
#define NOBODY 4095 /* a syscall number no table has come near */

const char *const probe_class_names[PROBE_CLASSES] = {
	[PROBE_CACHED] = "cached allow",
	[PROBE_ARGUED] = "argument-checked",
	[PROBE_DENIED] = "denied",
};

struct candidate {
	char name[24]; /* in place, so that the loader has nothing to relocate */
	uint64_t args[3];
	uint8_t shown; /* arguments worth printing */
};

#define NONE    UINT64_MAX /* a descriptor that is not open */
#define NOWHAT  0x7ffffff0 /* no such option, command or process */
#define SIGHAND 0x800 /* CLONE_SIGHAND without CLONE_VM: refused, be the flags first or second */

static const struct candidate candidates[] = {
	/* cheap, and mostly allowed */
	{"getppid", {0}, 0},
	{"getuid", {0}, 0},
	{"getpid", {0}, 0},
	{"gettid", {0}, 0},
	{"close", {NONE}, 1},
	{"read", {NONE}, 1},
	{"write", {NONE}, 1},
	/* mostly denied */
	{"clone3", {0, 0}, 2},
	{"keyctl", {NOWHAT}, 1},
	{"mount", {0}, 0},
	{"bpf", {NOWHAT}, 1},
	{"ptrace", {NOWHAT, NOWHAT}, 2},
	{"pivot_root", {0}, 0},
	{"init_module", {0}, 0},
	{"delete_module", {0}, 0},
	{"open_by_handle_at", {NONE}, 1},
	{"add_key", {0}, 0},
	{"quotactl", {NOWHAT}, 1},
	/* mostly allowed by their arguments */
	{"clone", {SIGHAND, SIGHAND}, 2},
	{"socket", {1000}, 1},            /* no such family */
	{"personality", {UINT32_MAX}, 1}, /* only asks */
	{"ioctl", {NONE, 0x5401}, 2},
	{"fcntl", {NONE, 1}, 2},
	{"prctl", {NOWHAT}, 1},
	{"socketpair", {1000}, 1},
	{"setsockopt", {NONE, 1, 1}, 3},
	{"mprotect", {0, 0, 1}, 3}, /* of no page */
	{"mmap", {0, 0, 1}, 3},     /* of no page: refused */
	{"madvise", {0, 0, 0}, 3},
	{"futex", {0, 0x7f}, 2},
	{"kill", {NOWHAT, 0}, 2},
	{"tgkill", {NOWHAT, NOWHAT, 0}, 3},
	{"unshare", {0}, 1},
	{"setns", {NONE, 0}, 2},
	{"open", {0, 0}, 2},
	{"openat", {NONE, 0, 0}, 3},
	{"", {0}, 0},
};

bool probe_class_of(const struct program *p, enum byte_order order, const struct call *call,
	enum probe_class *class)
{
	enum action action;
	uint64_t ret = sim_run(p, order, call, NULL, NULL);
	bool known = !is_undecided(ret) && action_of(sim_returned(ret), &action);

	if (known && action == ACTION_ERRNO)
		*class = PROBE_DENIED;
	else if (known && action == ACTION_ALLOW)
		*class = cached_allows(p, order, call->arch, call->nr, NULL) ? PROBE_CACHED
									     : PROBE_ARGUED;
	else
		return false;
	return true;
}

static bool make_probe(const struct abi *abi, const struct candidate *c, struct probe *probe)
{
	uint16_t id;

	*probe = (struct probe){.name = c->name[0] ? c->name : NULL,
		.shown = c->shown,
		.call = {.arch = abi->audit, .nr = abi->nr_first + NOBODY}};
	memcpy(probe->call.args, c->args, sizeof(c->args));
	return !c->name[0] ||
		(arch_syscall_find(c->name, strlen(c->name), &id) &&
			arch_nr(abi, id, &probe->call.nr));
}

/* How many programs put the call into its class. */
static size_t served(const struct abi *abi, const struct program *program, size_t programs,
	const struct probe *probe)
{
	enum probe_class class;
	size_t count = 0;

	for (size_t i = 0; i < programs; i++)
		count += probe_class_of(&program[i], abi->order, &probe->call, &class) &&
			class == probe->class;
	return count;
}

/* The call that serves most programs in a class, of those not taken; countof(candidates) if none.
 */
static size_t best(const struct abi *abi, const struct program *program, size_t programs,
	enum probe_class class, const bool *taken, struct probe *probe)
{
	size_t most = 0, which = countof(candidates);

	for (size_t i = 0; i < countof(candidates); i++) {
		struct probe one;
		if (taken[i] || !make_probe(abi, &candidates[i], &one))
			continue;
		one.class = class;
		size_t count = served(abi, program, programs, &one);
		if (count > most) {
			most = count;
			which = i;
			*probe = one;
		}
	}
	return which;
}

size_t probe_choose(const struct abi *abi, const struct program *program, size_t programs,
	struct probe probe[static PROBES_MAX])
{
	bool taken[countof(candidates)] = {false};
	size_t probes = 0;

	_Static_assert(PROBES_MAX >= EACH * PROBE_CLASSES, "room for all");
	for (enum probe_class class = 0; class < PROBE_CLASSES; class ++) {
		for (size_t i = 0; i < EACH; i++) {
			size_t which = best(abi, program, programs, class, taken, &probe[probes]);
			if (which == countof(candidates))
				break;
			taken[which] = true;
			probes++;
		}
	}
	return probes;
}

size_t probe_list(const struct abi *abi, struct probe probe[static PROBE_LIST_MAX])
{
	size_t probes = 0;

	static_assert(countof(candidates) <= PROBE_LIST_MAX, "room for all");
	for (size_t i = 0; i < countof(candidates); i++)
		probes += make_probe(abi, &candidates[i], &probe[probes]);
	return probes;
}

void probe_print(struct buf *b, const struct probe *probe)
{
	if (probe->name)
		buf_printf(b, "%s(", probe->name);
	else
		buf_printf(b, "%u(", probe->call.nr);
	for (size_t i = 0; i < probe->shown; i++) {
		uint64_t arg = probe->call.args[i];
		buf_text(b, i ? ", " : "");
		if (arg == NONE)
			buf_text(b, "-1");
		else
			buf_printf(b, arg < 10 ? "%llu" : "%#llx", (unsigned long long)arg);
	}
	buf_text(b, ")");
}
