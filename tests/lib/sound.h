#ifndef TESTS_LIB_SOUND_H
#define TESTS_LIB_SOUND_H

/* Random profiles of the classes in which libseccomp's answer is sound, for versus.h. */

#include "versus.h"

size_t sound_classes(void);

/* One sample of a class; what differs is counted, and printed with the sample as small as can be. */
bool sound_try(struct versus *, size_t which, uint64_t seed);

#endif
