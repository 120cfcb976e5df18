#include "../meaning/classes.h"
#include "lint.h"

bool lint(const struct lint *l)
{
	static void (*const check[])(const struct lint *) = {
		lint_vital,
		lint_siblings,
		lint_errnos,
		lint_abis,
		lint_multiplex,
		lint_detours,
		lint_conds,
		lint_args,
		lint_together,
		lint_records,
	};

	if (lint_lacks_base(l) || lint_extremes(l))
		return false;
	for (size_t i = 0; i < countof(check); i++)
		check[i](l);
	if (node_dialect(l->node) != &dialect_author)
		classes_check(l->arena, l->set, l->diags);
	return true;
}
