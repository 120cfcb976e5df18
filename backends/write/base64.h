#ifndef BACKENDS_WRITE_BASE64_H
#define BACKENDS_WRITE_BASE64_H

/* Bytes as base64 (RFC 4648, 4), on one line. */

#include "../../compiler/base/buf.h"

void base64_write(struct buf *, const char *bytes, size_t len);

#endif
