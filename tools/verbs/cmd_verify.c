/* winnow verify: is this blob that profile? Any blob, whoever made it. winnow subset: is all that
 * one side allows allowed by the other? Both answer for every call there is, or show one. */

#include "../cli/as_json.h"
#include "../lib/call_json.h"
#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/quote.h"
#include "../cli/comparison.h"

#include "../../compiler/logic/diff.h"
#include "../../backends/prove/prove.h"
#include "../../backends/bpf/sim.h"
#include "../../compiler/base/utf8.h"

static const struct taken takes[] = {
	TAKES_COMPARISON, TAKE(FORMAT), TAKE(FOLLOW),
};

static void answer_print(struct buf *b, const struct comparand *side, uint64_t ret)
{
	buf_printf(b, "  %s: ", utf8_string(b->arena, side->name));
	action_print(b, sim_returned(ret));
	buf_text(b, "\n");
}

static void json_sides(struct buf *b, const struct comparison *s, const char *answer)
{
	as_json_begin(b, s->parsed->verb->name);
	buf_text(b, ", \"sides\": [");
	quote_json(b, s->side[0].name);
	buf_text(b, ", ");
	quote_json(b, s->side[1].name);
	buf_printf(b, "], \"answer\": %s", answer);
}

/* Nothing differs, for people or for programs. */
static int say_yes(struct comparison *s, const char *yes)
{
	struct buf b;
	bool json;

	buf_init(&b, &s->arena);
	if (as_json_wanted(s->parsed, &json))
		return EXIT_USAGE;
	if (json) {
		json_sides(&b, s, "true");
		buf_text(&b, ", \"call\": null, \"verdicts\": null}\n");
	} else {
		buf_printf(&b, "%s\n", yes);
	}
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

static void print_witness(struct buf *b, const struct comparison *s, const struct call *call, const uint64_t answer[2],
	const char *what)
{
	buf_printf(b, "%s\n  ", what);
	call_print(b, call, 0);
	buf_text(b, "\n");
	answer_print(b, &s->side[0], answer[0]);
	answer_print(b, &s->side[1], answer[1]);
}

static void json_witness(struct buf *b, const struct comparison *s, const struct call *call, const uint64_t answer[2])
{
	json_sides(b, s, "false");
	buf_text(b, ", \"call\": ");
	call_json(b, call);
	buf_text(b, ", \"verdicts\": [");
	verdict_json(b, sim_returned(answer[0]));
	buf_text(b, ", ");
	verdict_json(b, sim_returned(answer[1]));
	buf_text(b, "]}\n");
}

/* Shows a call of the difference, once those who know nothing of functions have confirmed it. */
static int show_witness(struct comparison *s, uint32_t difference, const char *what)
{
	struct call call;
	struct buf b;
	uint64_t leaf = diff_witness(&s->bdd, difference, &call);
	const uint64_t answer[2] = {comparand_answer(&s->side[0], &call), comparand_answer(&s->side[1], &call)};
	bool json;

	if (!comparand_says(answer[0], diff_left(leaf)) || !comparand_says(answer[1], diff_right(leaf))) {
		message_mistake("prover and simulator disagree on a call");
		return EXIT_MISTAKE;
	}
	buf_init(&b, &s->arena);
	if (as_json_wanted(s->parsed, &json))
		return EXIT_USAGE;
	if (json)
		json_witness(&b, s, &call, answer);
	else
		print_witness(&b, s, &call, answer, what);
	return files_print(&b) ? EXIT_FINDING : EXIT_HOST;
}

/* The difference is empty, or has a witness, or was not found. */
static int judge(struct comparison *s, uint32_t difference, bool (*undecided)(struct comparison *), const char *yes,
	const char *no)
{
	int status = comparison_compared(s, "proof", true);

	if (status)
		return status;
	bool open = undecided(s);
	if (difference != bdd_leaf(&s->bdd, DIFF_SAME))
		return show_witness(s, difference, no);
	if (open)
		return EXIT_HOST;
	return say_yes(s, yes);
}

#define EQUAL "equal for every audit arch, number and argument"

static int verify(struct comparison *s)
{
	const struct comparand *side = s->side;
	bool json; /* a word that is no format is told before anything is read */
	int status = as_json_wanted(s->parsed, &json);

	s->to_be_blob[1] = true;
	s->unread = true;
	status = status ? status : comparison_read(s, 0, 2);
	if (status)
		return status;
	if (!side[0].is_profile || side[1].is_profile)
		return usage(s->parsed->verb, "'%s' is a %s; expected %s",
			side[side[0].is_profile].name, side[0].is_profile ? "profile" : "blob",
			s->parsed->verb->operands);
	if (side[1].filters.count == 1 && prove_cheaply(&s->arena, side[1].filters.program, side[0].policy))
		return say_yes(s, EQUAL);
	status = comparison_understand(s);
	if (status)
		return status;
	return judge(s, diff_function(&s->bdd, side[0].meaning, side[1].meaning),
		comparison_undecided, EQUAL, "different:");
}

static int run_verify(const struct parsed *p)
{
	return comparison_run(p, verify);
}

const struct verb verb_verify = {
	.name = "verify",
	.operands = "PROFILE BLOB|pid:PID",
	.summary = "prove a filter equal to a profile, or show a call that differs",
	.about = "Takes any filter the kernel takes, whoever made it, and proves for every call "
		 "there "
		 "is that\n"
		 "the kernel treats it as the profile says. Exits 0 if so, 1 with a call and both "
		 "verdicts\n"
		 "if not, 5 if the kernel refuses the filter, kernels differ on it, or nothing was "
		 "decided\n"
		 "within 240 MiB and a few seconds. Of several filters of a process the strictest answer\n"
		 "counts, as in the kernel. What a blob of winnow's says of itself is the "
		 "default of\n"
		 "the options.\n",
	.examples = "winnow verify web.json web.bpf\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2,
	.run = run_verify,
};

/* Is it for want of what a blob decides that nothing is known? */
static bool strictness_undecided(struct comparison *s)
{
	uint32_t left = s->side[0].meaning, right = s->side[1].meaning;
	bool first = comparand_undecided(s, &s->side[0], diff_left_undecided(&s->bdd, left, right));

	return comparand_undecided(s, &s->side[1], diff_right_undecided(&s->bdd, left, right)) || first;
}

static int subset(struct comparison *s)
{
	bool json;
	int status = as_json_wanted(s->parsed, &json);

	status = status ? status : comparison_read(s, 0, 2);
	if (status)
		return status;
	return judge(s, diff_laxer(&s->bdd, s->side[0].meaning, s->side[1].meaning),
		strictness_undecided, "yes: the first is at least as strict for every call", "no: the first is laxer:");
}

static int run_subset(const struct parsed *p)
{
	return comparison_run(p, subset);
}

const struct verb verb_subset = {
	.name = "subset",
	.operands = "A B",
	.summary = "prove that A allows nothing that B does not",
	.about = "Each side is a profile or a filter. Verdicts are ranked as the kernel does: "
		 "KILL_PROCESS,\n"
		 "KILL_THREAD, TRAP, ERRNO, NOTIFY, TRACE, LOG, ALLOW; two errnos are equally "
		 "strict. "
		 "Exits 0\n"
		 "if A is at least as strict as B for every call, 1 with a call where it is not, 5 "
		 "if "
		 "that\n"
		 "was not decided.\n",
	.examples = "winnow subset -a x86_64 web.json docker.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 2,
	.most = 2,
	.run = run_subset,
};
