#ifndef TESTS_LIB_REFERENCE_H
#define TESTS_LIB_REFERENCE_H

/*
 * The meaning of a sample, decided rule by rule for one call at a time: slow, and without any of
 * the compiler's passes and structs. Only the tables of arch/ are shared.
 */

#include "compiler/kernel/call.h"
#include "random.h"

/* Does libseccomp refuse the rules of this sample (merge.h, X) on one of its ABIs? */
enum refuses { REFUSES_NOT, REFUSES_PERHAPS, REFUSES };
enum refuses reference_refuses(const struct sample *);

/*
 * What the filter may return for a call. More than one value: rules of different actions match, and
 * which of them decides is not known from what is known of libseccomp.
 */
struct expected {
	uint32_t ret[SAMPLE_RULES];
	size_t rets;
};

void reference_decide(const struct sample *, const struct call *, struct expected *);
bool reference_expects(const struct expected *, uint32_t ret);

#endif
