#ifndef BACKENDS_PROVE_PROVE_H
#define BACKENDS_PROVE_PROVE_H

/*
 * Does a program mean its policy? Sees instructions and policy, never the tree or the emitter, so
 * that it cannot share a mistake with them. Exact: every audit arch, every number of 2^32, every
 * value of every argument.
 */

#include "../../compiler/base/arena.h"
#include "../../compiler/meaning/policy.h"
#include "../../compiler/logic/bdd.h"
#include "../bpf/bpf.h"
#include "../bpf/sha256.h"
#include "symbolic.h"

enum proof {
	PROOF_HOLDS,
	PROOF_FAILS,     /* witness is a call where they differ */
	/* check_program() objects, out of budget, it is left to the kernel, or our fault; why says
	   it */
	PROOF_UNDECIDED,
};

struct witness {
	struct call call;
	uint32_t program, policy; /* what each returns for it */
	const char *why;          /* a sentence without its full stop; NULL if it holds */
};

/* The program returns policy_decide()'s action for every call. */
enum proof prove(struct arena *, const struct program *, const struct policy *, struct witness *);

/*
 * Is it known with little room and time (10 MiB, 0.3 s)? False says nothing. A policy and a program that
 * have no diagrams to compare may still be equal clause by clause (flow.h).
 */
bool prove_cheaply(struct arena *, const struct program *, const struct policy *);

/*
 * The same of one program and several policies: what the program means is found out once. Each
 * policy has prove()'s whole budget: if those before it have left too little, it gets a new store.
 */
struct prover {
	struct arena *arena;
	const struct program *program;
	struct bdd b;
	struct symbolic both; /* what the program means, once `asked`, in that byte order */
	enum byte_order order;
	bool refused, asked;
	bool crowded; /* a store was too small: policies are asked of in parts (prove.c) */
};

void prover_init(struct prover *, struct arena *, const struct program *);
enum proof prover_ask(struct prover *, const struct policy *, struct witness *);

/*
 * Every number the policy allows without a look at its arguments is decided as the kernel's
 * constant-action emulator (kernel/seccomp.c seccomp_is_const_allow) can follow: no argument is
 * loaded on its path and no instruction outside the emulator's. That is where all clauses up to the
 * first one without conditions say ALLOW. On failure the witness is such a number.
 */
enum proof prove_cacheable(
	struct arena *, const struct program *, const struct policy *, struct witness *);

/* Both of a filter that is to be used, and its semantic hash, for the price of little more than one. */
struct proven {
	enum proof means;       /* prove() */
	enum proof caches;      /* prove_cacheable(), asked if that holds */
	struct witness witness; /* of the first that does not hold */
	bool hashed;            /* asked if it means the policy; false: not within HASH_NODES and HASH_STEPS (hash.h) */
	uint8_t meaning[SHA256_SIZE];
};

struct proven prove_all(struct arena *, const struct program *, const struct policy *);

/*
 * Does a program that passes check_program() do what one that was proved does, as it only has instructions
 * more behind it? All of a program that passes leads to a RET within it, so those are never reached.
 */
bool prove_longer(struct arena *, const struct program *proved, const struct program *longer);

#endif
