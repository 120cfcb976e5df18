/*
 * winnow resolve: what a runtime makes of a profile on one node, as plain OCI JSON. The JSON is
 * held against the profile before it is written: read back by every runtime, it has to mean the
 * same.
 */

#include "build.h"
#include "files.h"
#include "message.h"
#include "node_options.h"
#include "options.h"

#include "../compiler/flatten.h"
#include "../compiler/rules.h"

#include <stdlib.h>
#include <string.h>

enum {
	ARCH,
	RUNTIME,
	CAPS_GRANTED,
	KERNEL,
	ENOSYS_HOW,
	INPUT_FORMAT,
	ENTRY,
	OUTPUT,
	STRICT,
	QUIET,
	VERBOSE,
	COLOUR,
	ROWS
};
static const struct option_row rows[ROWS] = {
	[ARCH] = {'a', "arch", "ARCH", "node's architecture, default native"},
	[RUNTIME] = NODE_ROW_RUNTIME,
	[CAPS_GRANTED] = NODE_ROW_CAPS,
	[KERNEL] = NODE_ROW_KERNEL,
	[ENOSYS_HOW] = {0, "enosys", "HOW", "rules for newer syscalls: off (default), table, runc"},
	[INPUT_FORMAT] = NODE_ROW_INPUT,
	[ENTRY] = NODE_ROW_ENTRY,
	[OUTPUT] = {'o', "output", "FILE", "default - for standard output"},
	[STRICT] = {0, "strict", NULL, "unknown syscalls and overlapping rules are errors"},
	[QUIET] = {'q', "quiet", NULL, "errors only"},
	[VERBOSE] = {'v', "verbose", NULL, "say what was read and checked"},
	[COLOUR] = {0, "color", "WHEN", "auto (default), always, never"},
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct wish wish;
	const struct profile *profile;
	struct filter filter; /* what the profile means */
	struct mistake mistake;
	struct buf json;
};

/* --- the check --- */

/* What a runtime makes of the JSON; NULL if it refuses, which is reported once a runtime. */
static const struct policy *read_back(struct job *job, const struct dialect *dialect)
{
	struct source source = {"resolved.json", job->json.bytes, job->json.len};
	struct node_facts facts = {
		.native = job->facts.native, .kernel = job->facts.kernel, .dialect = dialect};
	const struct policy *policy = NULL;
	struct diags diags;

	diags_init(&diags, &job->arena, &source);
	const struct profile *profile = build_profile(&job->arena, &source, &diags);
	const struct ruleset *set = profile ? resolve(&job->arena, profile, &facts, &diags) : NULL;
	if (set)
		policy = rules_policy(&job->arena, &set, 1, &diags);
	if (policy)
		return policy;
	for (const struct diag *d = diags.first; d; d = d->next) {
		if (d->severity == SEVERITY_ERROR) {
			diag(&job->diags, DIAG_REFUSED_ELSEWHERE, NOWHERE, 1, "%s: %s",
				dialect->name, d->text);
			break;
		}
	}
	return NULL;
}

static bool means_the_same(struct job *job, const struct dialect *dialect)
{
	const struct policy *policy = read_back(job, dialect);
	struct mistake *m = &job->mistake;

	if (!policy)
		return true;
	switch (prove(&job->arena, &job->filter.program, policy, &m->witness)) {
	case PROOF_HOLDS:
		return true;
	case PROOF_FAILS:
		m->what = "the resolved profile does not mean the original";
		m->has_call = true;
		return false;
	case PROOF_UNDECIDED:
		m->what = m->witness.why;
		return false;
	}
	unreachable();
}

static bool check_readings(struct job *job)
{
	bool ok = means_the_same(job, &dialect_author);

	for (size_t i = 0; ok && i < dialect_count; i++)
		ok = means_the_same(job, &dialects[i]);
	return ok;
}

/* --- the run --- */

static int give_up(struct job *job)
{
	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
	return diags_exit(&job->diags);
}

static int report_mistake(struct job *job)
{
	const struct call *c = &job->mistake.witness.call;

	give_up(job);
	message("%s: %s; nothing was written. This is a mistake of winnow's: please report it.",
		job->source.name, job->mistake.what);
	if (job->mistake.has_call)
		message("the call: audit arch 0x%08x, number %u, arguments 0x%llx 0x%llx 0x%llx "
			"0x%llx "
			"0x%llx 0x%llx",
			c->arch, c->nr, (unsigned long long)c->args[0],
			(unsigned long long)c->args[1], (unsigned long long)c->args[2],
			(unsigned long long)c->args[3], (unsigned long long)c->args[4],
			(unsigned long long)c->args[5]);
	return EXIT_MISTAKE;
}

static int write_json(struct job *job)
{
	const char *out = job->parsed->value[OUTPUT];

	if (!files_write(out ? out : "-", job->json.bytes, job->json.len))
		return EXIT_HOST;
	if (job->parsed->value[VERBOSE] && !job->parsed->value[QUIET])
		message("%s: %zu bytes for %s, read alike by all runtimes", out ? out : "-",
			job->json.len, job->facts.native->name);
	return EXIT_DONE;
}

static int resolve_profile(struct job *job)
{
	const struct dialect *dialect = job->facts.dialect ? job->facts.dialect : &dialect_author;
	const struct ruleset *set = resolve(&job->arena, job->profile, &job->facts, &job->diags);

	if (!set)
		return give_up(job);
	bool keeps_stub = dialect->enosys == ENOSYS_RUNC && set->enosys == ENOSYS_OFF;
	if (set->enosys != ENOSYS_OFF)
		set = flatten_enosys(&job->arena, set, &job->diags);
	const struct policy *policy = rules_policy(&job->arena, &set, 1, &job->diags);
	if (!policy)
		return give_up(job);
	switch (build_policy(&job->arena, policy, NULL, &job->diags, &job->filter, &job->mistake)) {
	case BUILD_DONE:
		break;
	case BUILD_REFUSED:
		return give_up(job);
	case BUILD_MISTAKEN:
		return report_mistake(job);
	}
	buf_init(&job->json, &job->arena);
	flatten(&job->json, set, job->profile, keeps_stub);
	if (!check_readings(job))
		return report_mistake(job);
	files_diags(
		&job->arena, &job->diags, job->parsed->value[QUIET], job->parsed->value[COLOUR]);
	return diags_failed(&job->diags) ? diags_exit(&job->diags) : write_json(job);
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *arch = p->value[ARCH] ? p->value[ARCH] : "native";
	struct node_options o = {.caps = p->value[CAPS_GRANTED],
		.kernel = p->value[KERNEL],
		.runtime = p->value[RUNTIME],
		.enosys = p->value[ENOSYS_HOW] ? p->value[ENOSYS_HOW] : "off",
		.input = p->value[INPUT_FORMAT],
		.entry = p->value[ENTRY]};

	job->facts.native = option_abi(p->verb, arch, strlen(arch));
	if (!job->facts.native)
		return EXIT_USAGE;
	if (job->facts.native->guest)
		return usage(p->verb, "no node is %s by itself", job->facts.native->name);
	if (p->value[OUTPUT] && !*p->value[OUTPUT])
		return usage(p->verb, "empty output path");
	return node_read(p->verb, &o, &job->facts, &job->wish);
}

static int run_job(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *recognised;
	int status = read_options(job);

	if (status)
		return status;
	if (!files_read(&job->arena, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	job->diags.strict = p->value[STRICT] != NULL;
	job->profile = build_input(&job->arena, &job->source, &job->wish, &job->diags, &recognised);
	if (!job->profile)
		return give_up(job);
	if (p->value[VERBOSE] && !p->value[QUIET])
		message("%s: %s", job->source.name, recognised);
	return resolve_profile(job);
}

static int run(const struct parsed *parsed)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job) {
		message("out of memory");
		return EXIT_HOST;
	}
	job->parsed = parsed;
	arena_init(&job->arena, BUILD_ARENA);
	volatile int status = EXIT_HOST; /* survives the jump */
	if (setjmp(job->arena.out))
		message("%s: out of memory", parsed->operand[0]);
	else
		status = run_job(job);
	arena_free(&job->arena);
	free(job);
	return status;
}

const struct verb verb_resolve = {
	.name = "resolve",
	.operands = "PROFILE|-",
	.summary = "write a profile as plain OCI JSON that every runtime reads alike",
	.about = "Decides what depends on runtime, architecture, capabilities and kernel, and "
		 "writes\n"
		 "what is left: names, architectures and errnos, nothing to be read in two ways. "
		 "The\n"
		 "result is read back as each runtime would and proved equal before it is "
		 "written.\n",
	.option = rows,
	.options = ROWS,
	.least = 1,
	.most = 1,
	.run = run,
};
