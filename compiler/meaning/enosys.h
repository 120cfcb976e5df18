#ifndef COMPILER_MEANING_ENOSYS_H
#define COMPILER_MEANING_ENOSYS_H

/*
 * ENOSYS for syscalls newer than the profile. C libraries probe for new syscalls and fall back when
 * told ENOSYS; a profile that has never heard of one answers its default, mostly EPERM, and the
 * program fails instead. Two ways to tell what is newer, neither taken unless asked for:
 *
 * ENOSYS_RUNC is runc's stub to the letter (libcontainer/seccomp/patchbpf/enosys_linux.go): on each
 * ABI, numbers above the largest of any name the runtime is handed on that ABI (whatever the rule
 * says, even one dropped for being the default) answer ENOSYS. It goes before the filter, so that
 * it decides for KILL defaults too, but not under ALLOW, LOG or TRACE. A name that is multiplexed on
 * the ABI (socket, msgctl ... on x86, s390, ppc, o32, m68k, sh) raises nothing there, whatever its
 * direct number: libseccomp resolves it to a negative one. Where ABIs share an audit
 * arch, a bit of the number tells which one is meant. s390's number 0 stands for numbers the kernel
 * does not know, so it answers ENOSYS as well. An ABI without any listed name has no stub, and what
 * is called ENOSYS is the number of the node's own ABI.
 *
 * ENOSYS_TABLE asks the table of arch/since.h. The newest kernel that one of the profile's names
 * came with on this ABI is what the profile knows (names of rules left out on this node count:
 * their author knew them). A syscall the profile does not name, whose row says it came with a later
 * kernel, answers ENOSYS of its ABI; so does every number above the newest one in the tables that
 * no name has. An unknown row is never newer. No rule is overruled: a number answers ENOSYS only
 * where it answered the default. Under ALLOW, LOG or TRACE nothing changes, nor for -1, which a
 * tracer writes.
 */

#include "../../arch/arch.h"
#include "../base/arena.h"
#include "../profile/dialect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy;
struct ruleset;

/* "off", "table", "runc"; exact. */
bool enosys_find(const char *name, enum enosys *);
const char *enosys_name(enum enosys);

/* Rewrites a policy made of these rulesets as each of them wants it. */
void enosys_apply(struct arena *, struct policy *, const struct ruleset *const *set, size_t sets);

/*
 * The name that sets runc's stub on that ABI: the largest number of those handed to the runtime. False:
 * there is none but perhaps 0, and no stub.
 */
bool enosys_highest(const struct ruleset *, const struct abi *, uint16_t *highest, uint32_t *largest);

/* By id, arch_syscall_count(): would the syscall, not named by the profile, answer ENOSYS on that ABI of the ruleset? */
void enosys_newer(const struct ruleset *, const struct abi *, bool *newer);

#endif
