/* winnow derive: a profile edited for some calls to be answered otherwise. */

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/one_profile.h"
#include "../cli/comparison.h"
#include "../cli/targets.h"
#include "../lib/derived.h"
#include "../lib/assertion.h"
#include "derive_wishes.h"

#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"
#include "../../compiler/logic/region.h"

#include <string.h>
#include <unistd.h>

static const struct taken takes[] = {
	TAKE(ALLOW), TAKE(DENY), TAKE(ERRNO), TAKE(SATISFY), TAKE(FOR_CAPS),
	{OPT_ARCH, "ARCH[,ARCH...]", "nodes that it is held against, default native"},
	TAKE(KERNEL), TAKE(RUNTIME), TAKE(NO_CACHE_KEY),
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(STRICT), TAKE(QUIET), {OPT_VERBOSE, NULL, "say what was read and made"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	struct one_profile one; /* first: a job is found by it */
	struct wishes wishes;
	struct derive derive;
	bool changed;
};

static struct job *job_of(struct one_profile *o)
{
	return (struct job *)o;
}

/* --- what is asked --- */

static int read_options(struct one_profile *o)
{
	const struct parsed *p = o->parsed;
	int status = option_output(p);

	status = status ? status : node_read(p, &o->facts, &o->wish);
	o->facts.enosys = node_json_enosys(p, o->facts.enosys);
	return status ? status : wishes_read(&job_of(o)->wishes, &o->arena, p);
}

static int read_nodes(struct job *job)
{
	struct one_profile *o = &job->one;
	struct targets targets = {0};
	int status = targets_read(
		&targets, &o->arena, o->parsed->verb, o->parsed->value[OPT_ARCH], o->profile, &o->facts, true);
	struct node_facts *node = arena_alloc(&o->arena, targets.count, sizeof(*node));

	for (size_t i = 0; !status && i < targets.count; i++)
		node[i] = targets.target[i].node[0];
	job->derive = (struct derive){.source = &o->source, .node = node, .nodes = targets.count,
		.keyed = !o->facts.without_key, .diags = &o->diags};
	return status;
}

/* --- the run --- */

/* "x86_64 socket(0x26): ERRNO(1) -> ALLOW, when a0 == 38" */
static void print_failing(struct job *job)
{
	struct derive *d = &job->derive;
	struct buf b;

	if (!d->failing)
		return;
	uint64_t leaf = meaning_at(&d->bdd, d->wrong, &d->call);
	buf_init(&b, &job->one.arena);
	buf_text(&b, "  ");
	call_print(&b, &d->call, 0);
	buf_text(&b, ": ");
	action_print(&b, diff_left(leaf));
	buf_text(&b, " -> ");
	action_print(&b, diff_right(leaf));
	uint32_t there = meaning_given(&d->bdd, d->wrong, WORD_ARCH, d->call.arch);
	there = meaning_given(&d->bdd, there, WORD_NR, d->call.nr);
	buf_text(&b, "  ");
	region_print(&b, &d->bdd, there, leaf, d->failing->node.native);
	buf_text(&b, "\n");
	files_write_fd(STDERR_FILENO, b.bytes, b.len);
}

static int write_text(struct job *job, const struct buf *text)
{
	struct one_profile *o = &job->one;
	int status = one_profile_write(o, text);

	if (!status && one_profile_tells(o))
		message("%s: %s", one_profile_output(o), job->changed
			? "edited; every other call is answered as before, proved"
			: "as it was: all of it was so already");
	return status;
}

/* With conditions on capabilities decided, the text is the base of what else is asked. */
static enum build decide_caps(struct job *job, uint64_t caps, struct source *decided, struct mistake *mistake)
{
	struct derive *d = &job->derive;
	struct buf text;
	enum build built = derive_for_caps(&job->one.arena, d, caps, &text, mistake);

	*decided = (struct source){job->one.source.name, text.bytes, text.len, job->one.source.hidden};
	job->changed = d->changed;
	*d = (struct derive){.source = decided, .node = d->node, .nodes = d->nodes, .keyed = d->keyed,
		.diags = d->diags};
	if (built == BUILD_DONE && !derive_open(&job->one.arena, d))
		built = BUILD_REFUSED;
	return built;
}

/* Findings have been told unless there is a mistake. */
static int give_up(struct job *job, enum build built, const struct mistake *mistake)
{
	int status = one_profile_findings(&job->one);

	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->one.arena, job->one.source.name, mistake);
	print_failing(job);
	return status ? status : EXIT_COMPILE;
}

/* What is wrong with the profile as it is: told, as compile does. Of kernels nothing is assumed, all are edited for. */
static bool read_as_it_is(struct one_profile *o, const struct derive *d, uint64_t caps)
{
	for (size_t i = 0; i < d->nodes; i++) {
		struct node_facts node = d->node[i];
		node.caps = caps;
		node.kernel = node_kernel(&node);
		build_meaning(&o->arena, o->profile, &node, 1, &o->diags);
	}
	return !diags_failed(&o->diags);
}

static int derive(struct one_profile *o)
{
	struct job *job = job_of(o);
	struct derive *d = &job->derive;
	struct derive_wish *wish;
	struct source decided;
	struct mistake mistake;
	struct buf text;
	size_t wishes;
	uint64_t caps = 0;
	int status = read_nodes(job);

	status = status ? status : node_read_caps(o->parsed->verb, o->parsed->value[OPT_FOR_CAPS], &caps);
	if (status)
		return status;
	bool for_caps = o->parsed->value[OPT_FOR_CAPS];
	bool open = read_as_it_is(o, d, caps) && (for_caps ? derive_read(&o->arena, d) : derive_open(&o->arena, d));
	enum build built = open ? BUILD_DONE : BUILD_REFUSED;
	if (built == BUILD_DONE && for_caps)
		built = decide_caps(job, caps, &decided, &mistake);
	if (built != BUILD_DONE)
		return give_up(job, built, &mistake);
	status = wishes_make(&job->wishes, d, &wish, &wishes);
	if (status)
		return status;
	built = derive_text(&o->arena, d, wish, wishes, &text, &mistake);
	if (built != BUILD_DONE)
		return give_up(job, built, &mistake);
	job->changed |= d->changed;
	status = wishes_judge(&job->wishes, d);
	int told = one_profile_findings(o);
	return status || told ? (status ? status : told) : write_text(job, &text);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.wishes = {0}};

	return one_profile_run(parsed, &job.one, read_options, derive);
}

const struct verb verb_derive = {
	.name = "derive",
	.operands = "PROFILE|-",
	.summary = "edit a profile for some calls to be allowed or refused",
	.about = "Edits the text in place, JSON or YAML, so that the named calls are answered as asked, on\n"
		 "every node and with any capabilities, and every other call as before, which is proved. Calls\n"
		 "are written as for assert: read, socket(AF_VSOCK), mmap(*, *, &PROT_EXEC). Comments, order\n"
		 "and spacing stay. doc/merge.md has the details.\n",
	.examples = "winnow derive --allow mount --errno ptrace=ENOSYS -o mine.json web.json\n"
		    "winnow derive --deny 'socket(AF_ALG)' -o mine.json web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.rewrites = true,
	.run = run,
};
