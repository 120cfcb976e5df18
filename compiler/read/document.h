#ifndef COMPILER_READ_DOCUMENT_H
#define COMPILER_READ_DOCUMENT_H

/* A text in whatever notation it is: JSON or YAML, bare or an entry of a ConfigMap. */

#include "json.h"

struct document {
	struct json json;
	bool yaml;
	bool config_map;
	const char *entry; /* of the ConfigMap; NULL if it is none */
};

/*
 * False (and diagnostics) if it is neither. `entry` names an entry, NULL takes the only one; a
 * document that is to be a ConfigMap and is none is refused.
 */
bool document_read(struct document *, struct arena *, const struct source *, bool config_map,
	const char *entry, struct diags *);

#endif
