#ifndef TOOLS_LIB_CHOICE_H
#define TOOLS_LIB_CHOICE_H

/* One profile of a file that holds several (parts.h), by the name that the wish's entry is. */

#include "../../compiler/say/diag.h"
#include "input_options.h"

enum choice {
	CHOICE_NONE, /* the file is one profile or none: there is nothing to choose */
	CHOICE_TAKEN,
	CHOICE_REFUSED, /* none has that name, several have, or there is no name; the diagnostics say so */
};

/*
 * *chosen has the document alone, each byte of it where it stands in the file, so that places in it are
 * places in the file; *own says which item and entry of it.
 */
enum choice choice_make(struct arena *, const struct source *, const struct input_options *, struct diags *,
	struct source *chosen, struct input_options *own);

#endif
