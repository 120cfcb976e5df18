#ifndef TOOLS_API_OPTIONS_H
#define TOOLS_API_OPTIONS_H

#include "handle.h"

/* All that this library knows; false: they are not what they say. `from` may be NULL. */
bool options_take(const struct winnow_options *from, struct winnow_options *to, struct arena_memory *);

/* Facts, wish and layout of a profile's handle. WINNOW_DONE, or WINNOW_USAGE with its error. */
enum winnow_status options_read(struct winnow_side *, const struct winnow_options *);

/* The nodes of a profile that was read. The same. */
enum winnow_status options_targets(struct winnow_side *, const struct winnow_options *);

/* "native", or any spelling. NULL, and the side's error: the word is none. */
const struct abi *options_abi(struct winnow_side *, const char *word, size_t len);

#endif
