#ifndef TOOLS_CLI_QUOTE_H
#define TOOLS_CLI_QUOTE_H

/* Text from outside as a part of JSON and XML: what is not UTF-8 becomes U+FFFD. */

#include "../../compiler/base/buf.h"

/* With the quotation marks. */
void quote_json(struct buf *, const char *text);
/* A file's path as a relative URI (RFC 3986), with the quotation marks. */
void quote_uri(struct buf *, const char *path);
/* For content and attributes; what is not to be shown as it is (utf8.h) is U+FFFD, too. */
void quote_xml(struct buf *, const char *text);

#endif
