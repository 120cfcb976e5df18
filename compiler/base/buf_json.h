#ifndef COMPILER_BASE_BUF_JSON_H
#define COMPILER_BASE_BUF_JSON_H

#include "buf.h"

/*
 * Text as a string of JSON, with the quotation marks. Escaped is also what is not to be shown as it
 * is (utf8.h); what is not UTF-8 becomes U+FFFD.
 */
void buf_json(struct buf *, const char *text, size_t len);

#endif
