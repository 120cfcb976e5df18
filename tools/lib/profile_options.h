#ifndef TOOLS_LIB_PROFILE_OPTIONS_H
#define TOOLS_LIB_PROFILE_OPTIONS_H

/*
 * What holds for one profile alone where it is installed (doc/install.md), as JSON in a file beside it or in an annotation:
 * {"caps": ["NET_BIND_SERVICE"], "runtime": "containerd", "enosys": "off"}, each as the option of that name says it.
 */

#include "../../compiler/meaning/enosys.h"
#include "../../compiler/profile/dialect.h"
#include "../../compiler/say/diag.h"

/* Of the value in the text. */
struct option_place {
	bool given;
	uint32_t at, len;
};

struct profile_options {
	uint64_t caps;
	const struct dialect *dialect;
	enum enosys enosys;
	struct option_place caps_at, runtime_at, enosys_at;
};

/* False: the diagnostics, about that text, say what is wrong; nothing in it is passed over. */
bool profile_options_read(struct profile_options *, struct arena *, const struct source *, struct diags *);

/*
 * The text in the annotation OWN_OPTIONS_KEY (parts.h) of a SeccompProfile or a ConfigMap; without a name: there is none.
 * False: what is there is no text, as the diagnostics about the document say.
 */
bool profile_options_annotated(
	struct arena *, const struct source *document, struct source *options, struct diags *);

/* Says what is wrong with that text, where it stands in the document. */
void profile_options_tell_of(struct arena *, const struct source *document, struct diags *);

#endif
