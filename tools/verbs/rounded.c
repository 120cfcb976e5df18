/* The difference of two policies in one store, as diff prints it. */

#include "rounded.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../lib/difference.h"

#include "../../compiler/logic/diff.h"

#include <unistd.h>

void rounded_tell(struct merge *m, const struct merge_json *json, bool stricter)
{
	if (merge_difference(m, json) == bdd_leaf(&m->bdd, DIFF_SAME))
		return; /* but for ABIs left out, which was told */
	if (stricter)
		diag(m->diags, DIAG_ROUNDED, NOWHERE, 1,
			"JSON cannot say all of it: calls below are answered as at the right, which is stricter or "
			"another errno");
	else
		diag(m->diags, DIAG_NOT_IN_JSON, NOWHERE, 1,
			"JSON cannot say all of it: no rules were found that answer the calls below as at the left, "
			"but as at the right");
}

bool rounded_print(struct merge *m, const struct merge_json *json)
{
	const struct comparand side[2] = {{.policy = m->policy}, {.policy = json->means}};
	uint32_t difference = merge_difference(m, json);
	struct buf out;

	buf_init(&out, m->bdd.arena);
	bool right = difference_print(&out, &m->bdd, side, difference) && !m->bdd.full;
	files_write_fd(STDERR_FILENO, out.bytes, out.len);
	if (!right)
		message("the difference is not what the policies say: a mistake of winnow's, please report it");
	return right;
}
