/*
 * Is a blob meant for an ABI? The kernel does not ask; a blob of another machine kills the first
 * call after it was loaded, and nobody is told why.
 *
 * In: a blob the kernel takes and an AUDIT_ARCH_*. Out: nothing, or why not. Two things are
 * followed down the program: which ways have compared the arch, and which of them a call of the
 * asked ABI goes. A filter is meant for it if no way decides blindly, if it is compared with by
 * name, and if some call of it is not killed. Several ABIs in one blob are fine, in any order.
 */

#include "native.h"

#include "insn.h"

/*
 * What some way to an instruction is like. Ways that meet are or-ed; WAY_BLURRED is a "may" so that
 * this errs on the side of taking both arms of a jump.
 */
enum {
	WAY_EXISTS = 1 << 0,
	WAY_HOST = 1 << 1,    /* a call of the asked arch can go it */
	WAY_BLIND = 1 << 2,   /* nothing on it has compared the arch */
	WAY_BLURRED = 1 << 3, /* A may hold something else than the arch at its end */
};

#define OFFSET_ARCH 4 /* of seccomp_data.arch, in either byte order */

/* include/uapi/linux/seccomp.h */
#define RET_KILL_PROCESS 0x80000000u
#define RET_KILL_THREAD  0x00000000u

/* Does `arch`, in A, make the comparison true? */
static bool holds(const struct insn *insn, uint32_t arch)
{
	switch (insn->code) {
	case INSN_JEQ:
		return arch == insn->k;
	case INSN_JGT:
		return arch > insn->k;
	case INSN_JGE:
		return arch >= insn->k;
	case INSN_JSET:
		return arch & insn->k;
	}
	return false;
}

/* A, after an instruction that is neither jump nor return. */
static uint8_t way_load(uint8_t way, const struct insn *insn)
{
	const unsigned class = insn->code % 8;

	if (insn->code == INSN_LD && insn->k == OFFSET_ARCH)
		return (uint8_t)(way & ~WAY_BLURRED);
	if (class == BPF_LD || class == BPF_ALU || insn->code == (BPF_MISC | BPF_TXA))
		return way | WAY_BLURRED;
	return way;
}

/* One of the two kills for certain; what RET A returns is anybody's guess. */
static bool kills(const struct insn *insn)
{
	const uint32_t action = insn->k & 0xffff0000;

	return insn->code == INSN_RET && (action == RET_KILL_PROCESS || action == RET_KILL_THREAD);
}

/* What the walk has seen of the whole program. */
struct sight {
	uint32_t arch;  /* the asked one */
	bool equal;     /* compared with it for equality, where its calls come by */
	uint32_t other; /* what was compared with first otherwise; 0: nothing */
	bool spared;    /* a call of it can end in something else than a kill */
};

static void see_jump(struct sight *seen, uint8_t *way, const struct insn *insn, size_t pc)
{
	const uint8_t here = way[pc];
	size_t yes, no;

	insn_targets(insn, pc, &yes, &no);
	if (yes == no || here & WAY_BLURRED || insn->code & BPF_X) {
		way[yes] |= here;
		way[no] |= here;
		return;
	}
	if (insn->code == INSN_JEQ && insn->k == seen->arch)
		seen->equal = seen->equal || here & WAY_HOST;
	else if (insn->code == INSN_JEQ && !seen->other)
		seen->other = insn->k;
	const uint8_t told = (uint8_t)(here & ~WAY_BLIND);
	const bool yes_host = holds(insn, seen->arch);
	way[yes] |= yes_host ? told : (uint8_t)(told & ~WAY_HOST);
	way[no] |= yes_host ? (uint8_t)(told & ~WAY_HOST) : told;
}

bool native_check(const void *blob, size_t size, uint32_t audit, struct winnow_fault *fault)
{
	uint8_t way[PROGRAM_MAX] = {WAY_EXISTS | WAY_HOST | WAY_BLIND | WAY_BLURRED};
	struct sight seen = {.arch = audit};

	for (size_t pc = 0; pc < size / sizeof(struct insn); pc++) {
		const struct insn insn = insn_at(blob, pc);
		if (!way[pc])
			continue;
		if (insn.code % 8 == BPF_JMP) {
			see_jump(&seen, way, &insn, pc);
		} else if (insn.code % 8 != BPF_RET) {
			way[pc + 1] |= way_load(way[pc], &insn);
		} else if (!kills(&insn)) {
			if (way[pc] & WAY_BLIND)
				return fault_set(fault, WINNOW_ARCH_UNSEEN, pc);
			seen.spared = seen.spared || way[pc] & WAY_HOST;
		}
	}
	if (!seen.equal) {
		fault_set(fault, WINNOW_ARCH_OTHER, 0);
		fault->arch = seen.other;
		return false;
	}
	return seen.spared || fault_set(fault, WINNOW_ARCH_KILLED, 0);
}
