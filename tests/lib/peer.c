/*
 * In: a ruleset, which is the flat list a runtime adds rule by rule. Out: the program libseccomp
 * exports for it, read back in the target's byte order.
 *
 * libseccomp starts every filter with the ABI of the host it runs on; where the ruleset's node is
 * another, that one is removed before others are added, since all must share a byte order.
 */

#define _GNU_SOURCE /* memfd_create() */

#include "peer.h"

#include "backends/bpf/bytes.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define API_LEVEL 6 /* the one that has every action */
#define BLOB_MAX  (INSN_SIZE * 65536)

void peer_version(char text[static 32])
{
	const struct scmp_version *v = seccomp_version();

	snprintf(text, 32, "%u.%u.%u", v->major, v->minor, v->micro);
}

static uint32_t token_of(const struct abi *abi)
{
	return seccomp_arch_resolve_name(abi->name);
}

bool peer_has_abi(const struct abi *abi)
{
	return token_of(abi) != 0;
}

bool peer_knows(uint16_t id)
{
	return seccomp_syscall_resolve_name(arch_syscall_name(id)) != __NR_SCMP_ERROR;
}

static bool agrees_on(const struct abi *abi, uint16_t id)
{
	int theirs = seccomp_syscall_resolve_name_arch(token_of(abi), arch_syscall_name(id));
	uint32_t nr, multiplexer, code;
	bool there = arch_nr(abi, id, &nr);

	if (theirs == __NR_SCMP_ERROR)
		return false;
	if (arch_multiplexer(abi, id, &multiplexer, &code))
		return theirs < 0; /* its direct number is not told */
	return there ? theirs >= 0 && (uint32_t)theirs == nr : theirs < 0;
}

/*
 * libseccomp carries a name from ABI to ABI as the number it has on the host, real or made up. The
 * made-up ones are not all different.
 */
static bool survives(uint16_t id)
{
	int number = seccomp_syscall_resolve_name(arch_syscall_name(id));
	char *name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), number);
	bool same = name && strcmp(name, arch_syscall_name(id)) == 0;

	free(name);
	return same;
}

bool peer_agrees(const struct ruleset *set, uint16_t syscall)
{
	if (!survives(syscall))
		return false;
	for (size_t i = 0; i < set->abis; i++) {
		if (!agrees_on(set->abi[i], syscall))
			return false;
	}
	return true;
}

bool peer_open(struct peer_file *file)
{
	file->fd = memfd_create("filter", MFD_CLOEXEC);
	return file->fd >= 0 && seccomp_api_set(API_LEVEL) == 0;
}

void peer_close(struct peer_file *file)
{
	close(file->fd);
}

/* --- the filter --- */

static int add_abis(scmp_filter_ctx ctx, const struct ruleset *set)
{
	int error = 0;

	if (token_of(set->abi[0]) != seccomp_arch_native())
		error = seccomp_arch_remove(ctx, seccomp_arch_native());
	for (size_t i = 0; !error && i < set->abis; i++) {
		error = seccomp_arch_add(ctx, token_of(set->abi[i]));
		if (error == -EEXIST)
			error = 0;
	}
	return error;
}

static const enum scmp_compare compares[PROFILE_OPS] = {[OP_NE] = SCMP_CMP_NE,
	[OP_LT] = SCMP_CMP_LT,
	[OP_LE] = SCMP_CMP_LE,
	[OP_EQ] = SCMP_CMP_EQ,
	[OP_GE] = SCMP_CMP_GE,
	[OP_GT] = SCMP_CMP_GT,
	[OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ};

static int add_rule(scmp_filter_ctx ctx, const struct rule *rule)
{
	struct scmp_arg_cmp cmp[CALL_ARGS];
	int nr = seccomp_syscall_resolve_name(arch_syscall_name(rule->syscall));

	assert(rule->conds <= CALL_ARGS);
	for (size_t i = 0; i < rule->conds; i++) {
		const struct profile_cond *c = &rule->cond[i];
		cmp[i] = (struct scmp_arg_cmp){c->index, compares[c->op], c->value, c->value_two};
	}
	return seccomp_rule_add_array(ctx, rule->ret, nr, (unsigned)rule->conds, cmp);
}

static bool read_back(struct arena *arena, const struct peer_file *file, enum byte_order order,
	struct program *program)
{
	off_t len = lseek(file->fd, 0, SEEK_END);

	if (len <= 0 || len > BLOB_MAX || len % INSN_SIZE != 0)
		return false;
	void *bytes = arena_alloc(arena, 1, (size_t)len);
	if (pread(file->fd, bytes, (size_t)len, 0) != len)
		return false;
	*program = bytes_read(arena, bytes, (size_t)len, order);
	return true;
}

/* PEER_DONE if it takes all the rules. */
static enum peer add_rules(scmp_filter_ctx ctx, const struct ruleset *set)
{
	for (size_t i = 0; i < set->rules; i++) {
		int error = add_rule(ctx, &set->rule[i]);
		if (error)
			return error == -EEXIST ? PEER_CONFLICT : PEER_FAILED;
	}
	return PEER_DONE;
}

static enum peer fill(struct arena *arena, struct peer_file *file, const struct ruleset *set,
	unsigned level, scmp_filter_ctx ctx, struct program *program)
{
	if (seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, level) != 0 || add_abis(ctx, set) != 0)
		return PEER_FAILED;
	enum peer added = add_rules(ctx, set);
	if (added != PEER_DONE)
		return added;
	if (ftruncate(file->fd, 0) != 0 || lseek(file->fd, 0, SEEK_SET) != 0 ||
		seccomp_export_bpf(ctx, file->fd) != 0)
		return PEER_FAILED;
	return read_back(arena, file, set->abi[0]->order, program) ? PEER_DONE : PEER_FAILED;
}

enum peer peer_filter(struct arena *arena, struct peer_file *file, const struct ruleset *set,
	unsigned level, struct program *program)
{
	scmp_filter_ctx ctx = seccomp_init(set->default_ret);

	if (!ctx)
		return PEER_FAILED;
	enum peer result = fill(arena, file, set, level, ctx, program);
	seccomp_release(ctx);
	return result;
}

bool peer_refuses(const struct ruleset *set)
{
	scmp_filter_ctx ctx = seccomp_init(set->default_ret);

	if (!ctx)
		return false;
	bool refused = add_abis(ctx, set) == 0 && add_rules(ctx, set) == PEER_CONFLICT;
	seccomp_release(ctx);
	return refused;
}
