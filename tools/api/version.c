#include "guard.h"

#include "../lib/version.h"

#include "../../arch/arch.h"

const char *winnow_version(void)
{
	return WINNOW_VERSION;
}

const char *winnow_tables(void)
{
	return arch_tables_kernel;
}
