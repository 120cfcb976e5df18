/*
 * winnow record: a profile from recordings.
 *
 * What is written has been compiled and proved, and every recorded call put to it: those that a recording
 * says nothing of but a name, too. What a recording does not say is never guessed, but told.
 */

#include "asked.h"
#include "recorded_profile.h"

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"

#include "../../compiler/base/utf8.h"

#include <inttypes.h>
#include <string.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH", "node's architecture, default native; of lines that do not say theirs"},
	TAKE(ARGS), TAKE(BASE),
	{OPT_COMPLAIN, NULL, "log what was not recorded, and let it be made"},
	TAKE(FOLLOW), TAKE(NO_NEW_PRIVS), TAKE(OUTPUT),
	{OPT_QUIET, NULL, "errors only"},
	{OPT_RUNTIME, "NAME", "allow what it takes to start a container, too: docker, podman, containerd, crio, runc, "
			      "crun; of one version: runc@1.1"},
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct asked asked; /* the base, and the node */
	struct recording recording;
	struct recorded_wish wish;
	struct buf text;
};

/* --- options --- */

static int read_level(const struct parsed *p, enum recording_level *level)
{
	static const char *const words[] = {
		[RECORD_NONE] = "none", [RECORD_FLAGS] = "flags", [RECORD_ALL] = "all"};
	const char *word = p->value[OPT_ARGS] ? p->value[OPT_ARGS] : words[RECORD_NONE];

	for (unsigned i = 0; i < countof(words); i++) {
		*level = (enum recording_level)i;
		if (strcmp(words[i], word) == 0)
			return EXIT_DONE;
	}
	return usage(p->verb, "--args is none, flags or all, not '%s'", word);
}

static int read_options(struct job *job, enum recording_level *level)
{
	const struct parsed *p = job->parsed;
	const char *nnp = p->value[OPT_NO_NEW_PRIVS];
	int status = read_level(p, level);

	status = status ? status : asked_options(&job->asked, p);
	if (status)
		return status;
	job->wish.runtime = p->value[OPT_RUNTIME] ? job->asked.facts.dialect : NULL;
	if (job->wish.runtime && strchr(p->value[OPT_RUNTIME], '@'))
		job->wish.version = job->wish.runtime->version;
	job->wish.no_new_privs = nnp && strcmp(nnp, "yes") == 0;
	job->wish.complain = p->value[OPT_COMPLAIN] != NULL;
	job->asked.facts.complain = false; /* it is the profile that logs */
	if (nnp && !job->wish.no_new_privs && strcmp(nnp, "no") != 0)
		return usage(p->verb, "--no-new-privs is yes or no, not '%s'", nnp);
	if (job->wish.complain && p->value[OPT_BASE])
		return usage(p->verb,
			"--complain goes without --base: what is added to has a default action of its own");
	if (p->value[OPT_OUTPUT] && !*p->value[OPT_OUTPUT])
		return usage(p->verb, "empty output path");
	return EXIT_DONE;
}

/* The rules are inserted before its first one. */
static int read_base(struct job *job)
{
	const char *path = job->parsed->value[OPT_BASE];
	struct asked *a = &job->asked;

	if (!path)
		return EXIT_DONE;
	a->facts.dialect = job->wish.runtime;
	int status = asked_read(a, &job->arena, job->parsed, path);
	if (status)
		return status;
	const struct source *source = &a->source;
	size_t blank = 0;
	while (blank < source->len && strchr(" \t\r\n", source->bytes[blank]))
		blank++;
	const struct profile *profile = a->question.profile;
	if (blank == source->len || source->bytes[blank] != '{' || !profile->rules) {
		message("%s: it is no JSON with a rule, in front of which others could stand; 'winnow resolve' makes "
			"JSON of it",
			path);
		return EXIT_INPUT;
	}
	job->wish.base = source;
	job->wish.means = a->question.policy;
	job->wish.base_at = profile->rule[0].at;
	return EXIT_DONE;
}

/* --- what is not in the profile, and what is there for want of better --- */

static void list_names(struct buf *b, const struct recording *r, bool (*wanted)(const struct recorded *))
{
	size_t count = 0;

	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!r->call[id].path || !wanted(&r->call[id]))
			continue;
		if (count++ < 12)
			buf_printf(b, "%s%s", count > 1 ? ", " : "", arch_syscall_name((uint16_t)id));
	}
	if (count > 12)
		buf_printf(b, " and %zu more", count - 12);
}

static bool is_unsaid(const struct recorded *c)
{
	return c->whole == WHOLE_UNSAID;
}

static bool is_varied(const struct recorded *c)
{
	return c->whole == WHOLE_MANY;
}

static bool was_refused(const struct recorded *c)
{
	return c->refused > 0;
}

static void tell_names(const struct job *job, bool (*wanted)(const struct recorded *), const char *what)
{
	struct buf b;

	buf_init(&b, job->recording.evidence.arena);
	list_names(&b, &job->recording, wanted);
	if (b.len)
		message("%s: %s", what, buf_string(&b));
}

static void tell(const struct job *job)
{
	const struct recording *r = &job->recording;

	evidence_tell(&r->evidence);
	evidence_tell_limits(&r->evidence);
	tell_names(job, is_unsaid, "allowed whole, as not every record has their arguments");
	tell_names(job, is_varied, "allowed whole, as their arguments differ too often");
	tell_names(job, was_refused, "allowed, though a filter refused them when they were recorded");
	if (r->nameless > 0)
		message("%.0f calls by numbers without a name, which no profile can have, the first %s:%" PRIu64,
			r->nameless, r->nameless_path, r->nameless_at);
	if (r->foreign > 0)
		message("%.0f calls left out: they are of ABIs of other machines than %s", r->foreign,
			r->native->name);
	if (job->wish.complain)
		message("this profile refuses nothing by default: what was not recorded is logged, and made");
}

/* --- the profile --- */

/* Made of a text that winnow wrote: what is wrong with it is winnow's mistake, or the base's. */
static int check(struct job *job)
{
	struct source source = {"recorded.json", job->text.bytes, job->text.len, false};
	struct node_facts facts = job->asked.facts;
	const struct abi *abi;
	struct mistake mistake;
	struct filter filter;
	struct diags diags;
	uint16_t id;

	diags_init(&diags, &job->arena, &source);
	const struct profile *profile = build_input(&job->arena, &source, &(struct input_options){.item = 0}, &diags, NULL);
	enum build built = profile
		? build_filter(&job->arena, profile, &facts, 1, NULL, &diags, &filter, &mistake)
		: BUILD_REFUSED;
	if (built != BUILD_DONE) {
		files_diags(&job->arena, &diags, true, NULL);
		message("what was recorded does not compile%s%s", built == BUILD_MISTAKEN ? ": " : "",
			built == BUILD_MISTAKEN ? mistake.what : "");
		return built == BUILD_MISTAKEN || !job->wish.base ? EXIT_MISTAKE : EXIT_COMPILE;
	}
	if (!recorded_refused(&job->recording, &job->wish, filter.policy, &abi, &id))
		return EXIT_DONE;
	if (!job->wish.base) {
		message("%s is recorded and refused: a mistake of winnow's, please report it", arch_syscall_name(id));
		return EXIT_MISTAKE;
	}
	message("%s refuses %s on %s, whatever is added: by a rule of its own, or it does not cover that ABI",
		job->wish.base->name, arch_syscall_name(id), abi->name);
	return EXIT_COMPILE;
}

static bool any_recorded(const struct recording *r)
{
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (r->call[id].path)
			return true;
	}
	return false;
}

static int write_profile(struct job *job)
{
	const struct parsed *p = job->parsed;
	size_t entries;

	if (!any_recorded(&job->recording)) {
		tell(job);
		message("%s: no syscall was found in it", p->operand[0]);
		return EXIT_INPUT;
	}
	buf_init(&job->text, &job->arena);
	recorded_profile(&job->text, &job->recording, &job->wish, &entries);
	int status = check(job);
	if (status)
		return status;
	if (!p->value[OPT_QUIET])
		tell(job);
	const char *output = p->value[OPT_OUTPUT] ? p->value[OPT_OUTPUT] : "-";
	if (!files_write(output, job->text.bytes, job->text.len))
		return EXIT_HOST;
	if (!p->value[OPT_QUIET] && strcmp(output, "-") != 0)
		message("%s: %zu rules%s, proved, for %.0f calls", output, entries,
			job->wish.base ? " added" : "", job->recording.calls);
	return EXIT_DONE;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	enum recording_level level;
	int status = read_options(job, &level);

	status = status ? status : read_base(job);
	if (status)
		return status;
	recording_init(&job->recording, &job->arena, job->asked.facts.native, level);
	job->recording.evidence.follow = p->value[OPT_FOLLOW] != NULL;
	for (size_t i = 0; !status && i < p->operands; i++)
		status = evidence_read(&job->recording.evidence, p->operand[i]);
	return status ? status : write_profile(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_record = {
	.name = "record",
	.operands = "TRACE|-...",
	.summary = "make a profile of recorded syscalls",
	.about = "Reads what 'why' and 'replay' read (doc/evidence.md) and writes JSON that allows each syscall that\n"
		 "was made, what a C library needs besides, and with --runtime what starts a container. A\n"
		 "\"comment\" of each rule says why it is there. --args=flags binds flags and other arguments that\n"
		 "decide how much of the kernel is reached to those recorded, --args=all further ones that say what\n"
		 "is asked; never a pointer, a descriptor or a size. The profile has been compiled, proved and held\n"
		 "against every call of the recordings before it is written. What a recording cannot show is told;\n"
		 "a program does other things on another day: --complain logs what was not recorded.\n",
	.examples = "winnow record -a x86_64 -o recorded.json strace.log\n"
		    "winnow record -a x86_64 --args=flags -o new.json strace.log\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = SIZE_MAX,
	.rewrites = true,
	.run = run,
};
