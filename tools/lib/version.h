#ifndef TOOLS_LIB_VERSION_H
#define TOOLS_LIB_VERSION_H

#define WINNOW_VERSION "0.1.0"

#endif
