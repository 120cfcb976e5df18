#ifndef TOOLS_LIB_DERIVE_KEY_H
#define TOOLS_LIB_DERIVE_KEY_H

/*
 * The text of a plan, with a key for crun's cache (cache_key.h) where a rule has an errno: made of the text
 * without one, where one was or at the end. crun may read a config.json, or what becomes of a profile in JSON; it
 * reads neither YAML nor SeccompProfiles. False: it is laid out in a way that is not edited.
 */

#include "derive_rules.h"

bool derive_write(struct derive_plan *, struct buf *text);

#endif
