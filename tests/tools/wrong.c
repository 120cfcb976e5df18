/*
 * Linked into a winnow of its own (build/tests/tools/wrong), in place of parts that may be mistaken:
 * WINNOW_WRONG says which, and what is wrong. What guards against such a part has to see it.
 *
 *	meaning     the emitter: an instruction that allows refuses
 *	stray       the emitter: a jump leads behind the end
 *	argument    the emitter: right, but an argument is looked at before every verdict
 *	undecided   the prover has no answer
 *	uncertain   the prover does not know whether the kernel caches
 *	simulator   the simulator never answers the same as the prover
 */

#include "backends/bpf/sim.h"
#include "backends/emit/emit.h"
#include "backends/prove/prove.h"
#include "compiler/kernel/action.h"

#include <stdlib.h>
#include <string.h>

#define REFUSAL 0x00050000u /* SECCOMP_RET_ERRNO, linux/seccomp.h */

/* ld -Wl,--wrap=NAME: calls of NAME come to __wrap_NAME, __real_NAME is what is replaced. */
bool __real_emit(struct arena *, const struct tree *, enum byte_order, struct program *);
bool __wrap_emit(struct arena *, const struct tree *, enum byte_order, struct program *);
struct proven __real_prove_all(struct arena *, const struct program *, const struct policy *);
struct proven __wrap_prove_all(struct arena *, const struct program *, const struct policy *);
enum proof __real_prove(
	struct arena *, const struct program *, const struct policy *, struct witness *);
enum proof __wrap_prove(
	struct arena *, const struct program *, const struct policy *, struct witness *);
enum proof __real_prove_cacheable(
	struct arena *, const struct program *, const struct policy *, struct witness *);
enum proof __wrap_prove_cacheable(
	struct arena *, const struct program *, const struct policy *, struct witness *);
uint64_t __real_sim_run(const struct program *, enum byte_order, const struct call *, size_t *,
	const struct sim_trace *);
uint64_t __wrap_sim_run(const struct program *, enum byte_order, const struct call *, size_t *,
	const struct sim_trace *);

static bool wrong(const char *what)
{
	const char *asked = getenv("WINNOW_WRONG");

	return asked && strcmp(asked, what) == 0;
}

static void refuse_what_is_allowed(struct insn *insn, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (insn[i].code == INSN_RET && insn[i].k == RET_ALLOW) {
			insn[i].k = REFUSAL | 1;
			return;
		}
	}
}

static void jump_too_far(struct insn *insn, size_t len)
{
	for (size_t i = len; i-- > 0;) {
		if (insn[i].code == INSN_JEQ || insn[i].code == INSN_JGE || insn[i].code == INSN_JGT) {
			insn[i].jf = 255;
			return;
		}
	}
}

/* Offsets are relative: what comes first changes none. */
static void load_an_argument(struct arena *arena, struct program *p)
{
	struct insn *insn = arena_alloc(arena, p->len + 1, sizeof(*insn));

	insn[0] = (struct insn){INSN_LD, 0, 0, 16};
	memcpy(insn + 1, p->insn, p->len * sizeof(*insn));
	*p = (struct program){insn, p->len + 1};
}

bool __wrap_emit(
	struct arena *arena, const struct tree *tree, enum byte_order order, struct program *program)
{
	if (!__real_emit(arena, tree, order, program))
		return false;
	struct insn *insn = arena_alloc(arena, program->len, sizeof(*insn));
	memcpy(insn, program->insn, program->len * sizeof(*insn));
	program->insn = insn;
	if (wrong("meaning"))
		refuse_what_is_allowed(insn, program->len);
	if (wrong("stray"))
		jump_too_far(insn, program->len);
	if (wrong("argument"))
		load_an_argument(arena, program);
	return true;
}

enum proof __wrap_prove(
	struct arena *arena, const struct program *p, const struct policy *policy, struct witness *w)
{
	if (!wrong("undecided"))
		return __real_prove(arena, p, policy, w);
	w->why = "nobody knows";
	return PROOF_UNDECIDED;
}

enum proof __wrap_prove_cacheable(
	struct arena *arena, const struct program *p, const struct policy *policy, struct witness *w)
{
	if (!wrong("uncertain"))
		return __real_prove_cacheable(arena, p, policy, w);
	w->why = "nobody knows";
	return PROOF_UNDECIDED;
}

struct proven __wrap_prove_all(struct arena *arena, const struct program *p, const struct policy *policy)
{
	struct proven all = __real_prove_all(arena, p, policy);

	if (wrong("undecided"))
		all = (struct proven){.means = PROOF_UNDECIDED, .witness.why = "nobody knows"};
	if (wrong("uncertain"))
		all = (struct proven){.caches = PROOF_UNDECIDED, .witness.why = "nobody knows"};
	return all;
}

uint64_t __wrap_sim_run(const struct program *p, enum byte_order order, const struct call *call,
	size_t *executed, const struct sim_trace *trace)
{
	uint64_t ret = __real_sim_run(p, order, call, executed, trace);

	return wrong("simulator") ? REFUSAL | 77 : ret;
}
