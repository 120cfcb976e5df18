/* The rows of tables/since.tbl: those that were not defined are nothing. Included once for each use, so without a guard. */
#ifndef SINCE
#define SINCE(name, major, minor, patch, source)
#endif
#ifndef AFTER
#define AFTER(name, major, minor, patch)
#endif
#ifndef UNKNOWN
#define UNKNOWN(name)
#endif
#ifndef UNDATED
#define UNDATED(numbering)
#endif
#ifndef SINCE_ON
#define SINCE_ON(numbering, name, major, minor, patch, source)
#endif
#ifndef UNKNOWN_ON
#define UNKNOWN_ON(numbering, name)
#endif
#include "tables/since.tbl"
#undef SINCE
#undef AFTER
#undef UNKNOWN
#undef UNDATED
#undef SINCE_ON
#undef UNKNOWN_ON
