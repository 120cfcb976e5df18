#ifndef COMPILER_MEANING_CACHE_KEY_H
#define COMPILER_MEANING_CACHE_KEY_H

/*
 * crun keeps the filters it has made under a key that it makes of the profile, but not of the errnoRet
 * of its rules (src/libcrun/seccomp.c, crun issue 2237; seen with 1.28): a profile of which such an
 * errno alone was mended goes on as it was. The key does see names, so JSON that winnow writes of
 * rules with an errno ends with one that is the default action, of a name made of what the filter
 * means. No ABI has a syscall of that name, and no runtime puts a rule that is the default action into
 * its filter; crun asks for that first, so that run.oci.seccomp_fail_unknown_syscall does not mind it.
 */

#include "../profile/profile.h"

#define CACHE_KEY_BYTES 16 /* of the digest */
#define CACHE_KEY_SIZE  (sizeof("winnow-") + 2 * CACHE_KEY_BYTES)

/* "winnow-" and the digest's first bytes in hexadecimal. */
void cache_key_name(char name[static CACHE_KEY_SIZE], const uint8_t digest[static CACHE_KEY_BYTES]);

/* Has the rule a name like that, and no other? */
bool cache_key_is(const struct profile_rule *);

#endif
