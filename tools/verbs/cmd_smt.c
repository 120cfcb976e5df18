/* winnow smt: the question whether two sides are equal, for somebody else to answer. */

#include "../cli/files.h"
#include "../cli/comparison.h"

#include "../../backends/prove/smt.h"

static const struct taken takes[] = {
	TAKES_COMPARISON, TAKE(FOLLOW),
};

static void side_print(struct buf *b, const char *name, const struct comparand *side)
{
	if (side->policy)
		smt_policy(b, name, side->policy);
	else
		smt_program(b, name, side->filters.program, side->order);
}

static bool shifts(const struct comparand *side)
{
	return !side->policy && smt_shifts_by_x(side->filters.program);
}

static int smt(struct comparison *s)
{
	struct buf b;
	int status;

	s->unread = true;
	status = comparison_read(s, 0, 2);
	if (status)
		return status;
	for (size_t i = 0; i < s->count; i++) {
		if (s->side[i].filters.count > 1)
			return usage(s->parsed->verb, "'%s' is %zu filters: winnow dump makes a file of each",
				s->side[i].name, s->side[i].filters.count);
	}
	buf_init(&b, &s->arena);
	smt_begin(&b, shifts(&s->side[0]) || shifts(&s->side[1]));
	smt_existing(&b);
	side_print(&b, "left", &s->side[0]);
	side_print(&b, "right", &s->side[1]);
	smt_end(&b, "left", "right");
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static int run(const struct parsed *p)
{
	return comparison_run(p, smt);
}

const struct verb verb_smt = {
	.name = "smt",
	.operands = "PROFILE|BLOB BLOB|PROFILE",
	.summary = "write the equality of two sides as SMT-LIB 2, for z3 or cvc5",
	.about =
		"A second opinion on verify: 'winnow smt PROFILE BLOB | z3 -in' says unsat if "
		"there "
		"is no call\n"
		"that the two treat differently. The logic is QF_BV; nothing of winnow's prover is "
		"in it.\n"
		"What a shift by 32 or more leaves is any number (QF_UFBV): sat then says that "
		"they "
		"differ on\n"
		"some kernel, perhaps.\n",
	.examples = "winnow smt web.json web.bpf >web.smt2\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2,
	.run = run,
};
