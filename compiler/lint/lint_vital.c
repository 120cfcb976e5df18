/*
 * Calls that a program cannot start, end or return from a signal without, where it can do what
 * makes them needed.
 */

#include "treatment.h"

static const struct {
	bool some; /* not all programs need it */
	const char *name;
	const char *needs[2]; /* only if one of these is allowed; none: always */
	const char *why;
} vital[] = {
	{false, "exit_group", {NULL}, "a program that ends calls it; refused, it crashes instead"},
	{true, "exit", {"clone", "clone3"},
		"a thread of the C library that ends calls it; refused, the program crashes (Go's "
		"threads hardly ever end)"},
	{false, "rt_sigreturn", {"rt_sigaction"},
		"a signal handler returns through it; refused, the program crashes"},
};

static bool is_refused(enum treats how)
{
	return how == TREATS_REFUSED || how == TREATS_ENOSYS;
}

static bool is_needed(const struct lint *l, size_t i)
{
	bool needed = !vital[i].needs[0];

	for (size_t k = 0; k < countof(vital[i].needs) && vital[i].needs[k]; k++) {
		enum treats how = treatment_of_name(l, l->policy->abi[0], vital[i].needs[k]).how;
		needed |= how != TREATS_ABSENT && !is_refused(how);
	}
	return needed;
}

/* By the default: all of them are one finding, unless rules refuse them one by one. */
void lint_vital(const struct lint *l)
{
	const struct profile_action *otherwise = &l->profile->default_action;
	struct word_list missing = {.count = 0};
	bool listed[countof(vital)] = {false}, all = false;

	for (size_t i = 0; i < countof(vital); i++) {
		struct treatment t = treatment_of_name(l, l->policy->abi[0], vital[i].name);
		if (!is_refused(t.how) || !is_needed(l, i))
			continue;
		if (t.by_rule) {
			diag(l->diags, DIAG_VITAL_REFUSED, t.at, treatment_len(l, t.at),
				"'%s' is refused: %s", vital[i].name, vital[i].why);
			continue;
		}
		word_list_add(&missing, vital[i].name);
		listed[i] = true;
		all |= !vital[i].some;
	}
	if (!missing.count)
		return;
	diag(l->diags, DIAG_VITAL_REFUSED, otherwise->at, otherwise->len,
		all ? "no rule allows %s, which programs cannot do without"
		    : "no rule allows %s, which threads of C programs cannot do without",
		word_list_text(l->arena, &missing));
	for (size_t i = 0; i < countof(vital); i++) {
		if (listed[i])
			diag_note(l->diags, NOWHERE, 1, "add \"%s\": %s", vital[i].name,
				vital[i].why);
	}
}
