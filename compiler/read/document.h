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

/* Is it to be read as YAML? */
bool document_is_yaml(const struct source *);

/* The document as it is, JSON or YAML; false (and diagnostics) if it is neither. */
bool document_outer(struct document *, struct arena *, const struct source *, struct diags *);

/*
 * False (and diagnostics) if it is neither. `item` counts those of a List or Template from 1, 0 is the
 * document itself. `entry` names an entry, NULL takes the only one; a
 * document that is to be a ConfigMap and is none is refused.
 */
bool document_read(struct document *, struct arena *, const struct source *, size_t item,
	bool config_map, const char *entry, struct diags *);

#endif
