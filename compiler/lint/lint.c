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

	if (lint_lacks_base(l))
		return false;
	bool extreme = lint_extremes(l);
	for (size_t i = 0; i < countof(check) && !extreme; i++)
		check[i](l);
	if (node_dialect(l->node) != &dialect_author) /* records are lost by a wrong filter, too */
		classes_check(l->arena, l->set, l->diags);
	return !extreme;
}
