#ifndef TOOLS_LIB_INPUT_OPTIONS_H
#define TOOLS_LIB_INPUT_OPTIONS_H

#include "../../compiler/profile/input.h"

/* How a text is to be taken; all zero: by its content. */
struct input_options {
	enum input input;
	const char *entry; /* of a ConfigMap, or the name of one profile of several (choice.h) */
	size_t item;       /* of a List or Template, from 1; 0: the document itself */

	/* where the profiles are that it builds on (bases.h) */
	const char *base_dir; /* NULL: nobody looks for them */
	bool base_follow;     /* words of files that links lead to are shown */
	const struct base_files *base_files; /* who opens them */
	bool base_known;      /* whoever asks looks for them */
};

#endif
