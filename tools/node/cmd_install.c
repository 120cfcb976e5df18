/* winnow install: profiles onto a node, proved, whole or not at all. */

#include "install.h"

#include "base_spec.h"
#include "metrics.h"
#include "node_verb.h"
#include "pass_state.h"
#include "print_config.h"
#include "watch.h"

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"

#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static const struct taken takes[] = {
	TAKE(SOURCE), TAKE(SHA256), TAKE(ROOT), TAKE(WAIT), TAKE(RUN), TAKE(LAYOUT),
	TAKE(ONCE), TAKE(WATCH), TAKE(READY_FILE), TAKE(METRICS), TAKE(ARCH), TAKE(CAPS),
	{OPT_KERNEL, "X.Y", "default: the running one, unless --arch is given"},
	TAKE(RUNTIME), TAKE(ENOSYS), TAKE(NO_CACHE_KEY), TAKE(BASELINE), TAKE(BASE_DIR), TAKE(BASE_SPEC), TAKE(SELF_TEST), TAKE(KEEP),
	TAKE(PROFILE_MEMORY), TAKE(PROFILE_TIME), TAKE(PRINT_CONFIG), TAKE(DRY_RUN),
	TAKE(AFRESH), TAKE(FORCE), TAKE(PROFILES_MAY_FAIL), TAKE(STRICT), TAKE(QUIET),
	{OPT_VERBOSE, NULL, "say every file, and what was as it should be"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct install_options options;
	struct source base_spec;
	struct baseline baseline; /* as the pass under way read it */
	struct root root;

	struct pass_state_file state_file;
	struct pass_state state; /* of the last pass; the process that does one does not change it */
	enum stage *stage;       /* how far a pass got, which its parent sees */
	bool passes;             /* options were right */
};

/* --- options --- */

static int read_layouts(struct job *job)
{
	const char *list = job->parsed->value[OPT_LAYOUT], *word;
	size_t len;

	if (!list)
		list = place_names[PLACE_JSON];
	while (next_word(&list, &word, &len)) {
		size_t p = 0;
		while (p < PLACES &&
			(strlen(place_names[p]) != len || memcmp(place_names[p], word, len) != 0))
			p++;
		if (p == PLACES)
			return usage(job->parsed->verb,
				"unknown layout '%.*s'; one of json, bpf, base-spec, docker", (int)len,
				word);
		job->options.node.place[p] = true;
	}
	return EXIT_DONE;
}

/* The kernel that runs, "6.1.0-13-amd64", as --kernel takes it. */
static const char *running_kernel(struct arena *arena)
{
	struct utsname host;

	return uname(&host) < 0 ? NULL : arena_text(arena, host.release, strlen(host.release));
}

static int read_node(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct node_wish *node = &job->options.node;
	struct parsed own = *p; /* with the kernel that runs */
	const char **kernel = &own.value[OPT_KERNEL], *arch = p->value[OPT_ARCH];

	int status = node_native(p, &node->facts);

	if (status)
		return status;
	node->kernel_from = *kernel ? "option" : "tables";
	if (!*kernel && (!arch || strcmp(arch, "native") == 0)) {
		*kernel = running_kernel(&job->arena);
		node->kernel_from = "node";
	}
	status = node_read(&own, &node->facts, &node->wish);
	node->enosys_asked = p->value[OPT_ENOSYS] != NULL;
	node->json_enosys = node_json_enosys(p, node->facts.enosys);
	return status;
}

/* A layout that reaches nobody would look like a profile in force. */
static int check_runtime(const struct job *job)
{
	const struct node_wish *node = &job->options.node;
	const struct dialect *dialect = node_dialect(&node->facts);

	if (!node->place[PLACE_BASE_SPEC] || dialect->takes_base_spec)
		return EXIT_DONE;
	return usage(job->parsed->verb,
		"%s reads no base spec, so no filter reaches it that way: --layout json does",
		dialect->says);
}

static int read_base_spec(struct job *job)
{
	const char *path = job->parsed->value[OPT_BASE_SPEC];
	struct diags diags;

	if (!path)
		return EXIT_DONE;
	if (!files_read_plain(&job->arena, path, SOURCE_MAX, &job->base_spec))
		return EXIT_INPUT;
	job->base_spec.hidden = job->base_spec.hidden && !job->parsed->value[OPT_FOLLOW];
	diags_init(&diags, &job->arena, &job->base_spec);
	if (!base_spec_check(&job->arena, &job->base_spec, &diags)) {
		files_diags(&job->arena, &diags, false, job->options.colour);
		return diags_exit(&diags);
	}
	job->options.node.base_spec = &job->base_spec;
	return EXIT_DONE;
}

static int read_limits(struct job *job)
{
	const struct parsed *p = job->parsed;
	unsigned memory = 0, seconds = 0;
	int status = node_number(
		p->verb, "profile-memory", p->value[OPT_PROFILE_MEMORY], 1, 4096, 0, &memory);

	status = status ? status
			: node_number(p->verb, "profile-time", p->value[OPT_PROFILE_TIME], 1, 86400,
				  LIMITS_SECONDS, &seconds);
	limits_read(&job->options.limits, memory, seconds);
	return status;
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct install_options *o = &job->options;

	o->node.strict = p->value[OPT_STRICT] != NULL;
	o->enforce = (struct enforce_options){.dry_run = p->value[OPT_DRY_RUN] != NULL,
		.force = p->value[OPT_FORCE] != NULL,
		.verbose = p->value[OPT_VERBOSE] != NULL};
	o->afresh = p->value[OPT_AFRESH] != NULL;
	o->self_test = p->value[OPT_SELF_TEST] != NULL;
	o->quiet = p->value[OPT_QUIET] != NULL;
	o->unchanged = p->value[OPT_VERBOSE] != NULL;
	o->colour = p->value[OPT_COLOR];
	if (!p->value[OPT_SOURCE])
		return usage(p->verb, "--source says where the profiles are");
	if (p->value[OPT_WATCH] && (p->value[OPT_ONCE] || p->value[OPT_DRY_RUN] || p->value[OPT_PRINT_CONFIG]))
		return usage(p->verb, "--watch goes on, and so not with --once, --dry-run, "
				      "--print-config");
	if (p->value[OPT_WATCH] && p->value[OPT_PROFILES_MAY_FAIL])
		return usage(p->verb, "--watch goes on whatever fails; --profiles-may-fail is for "
				      "one pass");
	if (p->value[OPT_METRICS] && (p->value[OPT_DRY_RUN] || p->value[OPT_PRINT_CONFIG]))
		return usage(p->verb, "--metrics tells of passes, and --dry-run and --print-config "
				      "make none");
	if (p->value[OPT_READY_FILE] && !p->value[OPT_WATCH])
		return usage(p->verb, "--ready-file is for --watch");
	if (p->value[OPT_SHA256] && !bundle_digest_ok(p->value[OPT_SHA256]))
		return usage(p->verb, "--sha256 takes 64 hexadecimal digits");
	int status = read_layouts(job);
	status = status ? status : read_node(job);
	status = status ? status : check_runtime(job);
	status = status ? status : node_keep(p->verb, p->value[OPT_KEEP], INSTALL_KEEP, &o->keep);
	status = status
		? status
		: node_number(p->verb, "wait", p->value[OPT_WAIT], 0, 86400, NODE_WAIT, &o->wait);
	status = status ? status : read_limits(job);
	return status ? status : read_base_spec(job);
}

/* --- a pass --- */

static const char *root_of(const struct job *job)
{
	const char *path = job->parsed->value[OPT_ROOT];

	return path ? path : "/";
}

/* Under the node's lock, so that it is of one moment. */
static bool look(struct job *job, struct status *status)
{
	int lock;

	if (!root_lock(&job->root, PLACES_LOCK, ROOT_LOCK_READ, job->options.wait, &lock))
		return false;
	bool ok = status_read(status, &job->arena, &job->root);
	root_unlock(lock);
	return ok;
}

/* What the last pass comes to when it ends like that. */
static struct pass_state state_after(const struct job *job, enum stage stage, int status)
{
	struct pass_state s = job->state;

	s.stage = stage;
	s.status = status;
	s.ended = time(NULL);
	s.good = stage == STAGE_DONE ? s.ended : s.good;
	s.under_way = 0;
	return s;
}

static const char *metrics_file(const struct job *job)
{
	const char *path = job->parsed->value[OPT_METRICS];

	return path && strcmp(path, "-") != 0 ? path : NULL;
}

/* What is not there any more is alerted on; what is there would be believed. */
static void forget_metrics(const struct job *job)
{
	if (metrics_file(job))
		files_forget(metrics_file(job));
}

/* Its time is the sign of life of a watcher, who may be killed and cannot take it away then. */
static void touch_metrics(const struct job *job)
{
	if (metrics_file(job))
		files_touch(metrics_file(job));
}

/* `report` is NULL where there was no pass at all. Old metrics, if these cannot be had, must go. */
static int write_metrics(
	struct job *job, const struct install_report *report, enum stage stage, int exit)
{
	const char *path = job->parsed->value[OPT_METRICS];
	const struct pass_state state = state_after(job, stage, exit);
	struct status status;
	struct buf b;

	if (!path)
		return EXIT_DONE;
	buf_init(&b, &job->arena);
	if (job->root.fd < 0 || !look(job, &status))
		status = (struct status){0};
	pass_state_verdict(&status.pass, &job->arena, &state);
	metrics_write(&b, &status, report);
	if (files_replace(path, b.bytes, b.len))
		return EXIT_DONE;
	forget_metrics(job);
	return EXIT_HOST;
}

/* A profile that failed leaves the old one in force, which need not hold up what comes after. */
static int status_of(const struct job *job, const struct install_report *report)
{
	if (!job->parsed->value[OPT_PROFILES_MAY_FAIL])
		return report->status;
	return report->node_failed ? EXIT_HOST : EXIT_DONE;
}

static enum stage stage_of(const struct install_report *report)
{
	if (report->unreported)
		return STAGE_REPORT;
	return report->node_failed ? STAGE_NODE : STAGE_DONE;
}

/* The metrics last; *job->stage says what failed. */
static int end_pass(
	struct job *job, const struct install_report *report, enum stage stage, int status)
{
	int metrics = write_metrics(job, report, stage, status);

	*job->stage = stage == STAGE_DONE && metrics ? STAGE_METRICS : stage;
	return metrics > status ? metrics : status;
}

/* A log that is empty would be that of a watcher that hangs, too. */
static void tell_watched(const struct job *job, const struct install_report *report, const char *path)
{
	size_t failed = 0;

	if (!job->state.watched || job->state.ended || job->options.quiet)
		return;
	for (size_t i = 0; i < report->count; i++)
		failed += report->result[i].outcome == OUTCOME_FAILED;
	message("watching %s: %zu of %zu profiles in force as they are there", path,
		report->count - failed, report->count);
}

static int pass(struct job *job, const struct profile_sources *sources)
{
	struct install_report report = {0};
	int status;

	if (!root_open(&job->root, root_of(job)))
		return end_pass(job, NULL, STAGE_NODE, EXIT_HOST);
	install_pass(&report, &job->arena, sources, &job->root, &job->options);
	status = end_pass(job, &report, stage_of(&report), status_of(job, &report));
	tell_watched(job, &report, sources->path);
	root_close(&job->root);
	return status;
}

/* Nothing was read, and the node is as it was. */
static int no_source(struct job *job)
{
	bool opened = !job->parsed->value[OPT_PRINT_CONFIG] && root_open(&job->root, root_of(job));
	int status = end_pass(job, NULL, STAGE_SOURCE, EXIT_INPUT);

	if (opened)
		root_close(&job->root);
	return status;
}

/* Anew for each pass. Without it nothing is installed, for that would be more than the node allows. */
static int read_baseline(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct install_options *o = &job->options;
	const struct baseline_wish wish = {.path = p->value[OPT_BASELINE],
		.most = o->limits.text,
		.follow = p->value[OPT_FOLLOW],
		.strict = o->node.strict,
		.quiet = o->quiet,
		.colour = o->colour,
		.node = &o->node.facts,
		.as = &o->node.wish};

	if (!wish.path)
		return EXIT_DONE;
	int status = baseline_read(&job->baseline, &job->arena, &wish);
	if (status)
		message("%s: no baseline, so nothing is installed; what is in force stays", wish.path);
	o->node.baseline = &job->baseline;
	return status;
}

/*
 * Who installs by hand named the wrong folder. Who looks after a node goes on: a ConfigMap without entries makes
 * orphans of all profiles, as one without some entries does of some.
 */
static bool may_be_empty(const struct parsed *p)
{
	return p->value[OPT_WATCH] || p->value[OPT_PROFILES_MAY_FAIL];
}

static int install(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct profile_sources sources;

	if (!p->value[OPT_PRINT_CONFIG] && read_baseline(job))
		return no_source(job);
	if (!sources_read(&sources, &job->arena, p->value[OPT_SOURCE], job->options.limits.text,
		    p->value[OPT_SHA256], p->value[OPT_FOLLOW]))
		return p->value[OPT_PRINT_CONFIG] ? EXIT_INPUT : no_source(job);
	if (!sources.count)
		message("%s: no profile in there; what is installed stays as it is", p->value[OPT_SOURCE]);
	if (!sources.count && !may_be_empty(p))
		return p->value[OPT_PRINT_CONFIG] ? EXIT_INPUT : no_source(job);
	if (p->value[OPT_PRINT_CONFIG])
		return print_config(&job->arena, p->verb, &sources, root_of(job), p->value[OPT_PRINT_CONFIG]);
	return pass(job, &sources);
}

/* --- how it went --- */

/* A pass that died wrote none, and those that are there are of one that did not. */
static void after_pass(struct job *job, int status)
{
	if (status != WATCH_NOTHING) {
		job->state = state_after(job, *job->stage, status);
		if (*job->stage == STAGE_START)
			forget_metrics(job);
	}
	job->state.under_way = 0;
}

static void tell(void *context, enum watch_moment moment, int status)
{
	struct job *job = context;

	switch (moment) {
	case WATCH_BEGINS:
		*job->stage = STAGE_START;
		job->state.under_way = time(NULL);
		break;
	case WATCH_ENDED:
		after_pass(job, status);
		break;
	case WATCH_LIVES:
		pass_state_beat(&job->state_file, &job->state);
		touch_metrics(job);
		return;
	case WATCH_GOES:
		forget_metrics(job);
		return;
	}
	pass_state_write(&job->state_file, &job->state);
}

/* What was before is told until a pass ends; a watcher's own first one is waited for. */
static void resume_state(struct job *job)
{
	const bool watched = job->parsed->value[OPT_WATCH] != NULL;
	struct pass_verdict before;

	job->state_file.keeps = watched;
	if (pass_state_hold(&job->state_file) &&
		pass_state_judge(&before, &job->arena, &job->state_file))
		job->state = before.state;
	job->state.watched = watched;
	if (watched)
		job->state.ended = 0;
}

/* A pass that cannot be told of is made all the same. */
static bool prepare_state(struct job *job)
{
	const struct parsed *p = job->parsed;

	job->options.turned_away = apart_shared(sizeof(*job->options.turned_away));
	job->stage = apart_shared(sizeof(*job->stage));
	if (!job->stage || !job->options.turned_away) {
		message("out of memory");
		return false;
	}
	job->root.fd = -1;
	if (!p->value[OPT_DRY_RUN] && !p->value[OPT_PRINT_CONFIG] &&
		pass_state_find(&job->state_file, p->value[OPT_RUN], root_of(job)))
		resume_state(job);
	else
		job->state_file.lock = -1;
	return true;
}

/* run() tells how it ended, be it for want of memory. */
static int once(struct job *job)
{
	tell(job, WATCH_BEGINS, 0);
	return install(job);
}

/* --- passes --- */

/* A state that a pass would change, or that may have changed without the source. */
static bool calls_for_pass(enum state state)
{
	static const bool calls[STATES] = {[STATE_EXPOSED] = true,
		[STATE_UNFINISHED] = true,
		[STATE_MISSING] = true,
		[STATE_DRIFT] = true,
		[STATE_FAILED] = true,
		[STATE_FOREIGN] = true};

	return calls[state];
}

/* A rollback led to what was not made within the baseline there is now. */
static bool left_baseline(struct job *job, const struct status *status)
{
	const char *path = job->parsed->value[OPT_BASELINE];
	struct source text;

	if (!path || !files_read_plain(&job->arena, path, job->options.limits.text, &text))
		return path != NULL;
	const char *sha256 = record_digest(&job->arena, text.bytes, text.len);
	for (size_t i = 0; i < status->count; i++) {
		const char *within = status->line[i].installed.record.baseline.sha256;
		if (status->line[i].state == STATE_HELD && (!within || strcmp(within, sha256) != 0))
			return true;
	}
	return false;
}

static bool is_due(struct job *job)
{
	struct status status;
	bool due = true;

	if (!root_open(&job->root, root_of(job)))
		return true;
	if (look(job, &status)) {
		due = !status.report.present || left_baseline(job, &status);
		for (size_t i = 0; i < status.count; i++)
			due = due || calls_for_pass(status.line[i].state);
	}
	root_close(&job->root);
	return due;
}

static int watched_pass(void *context, bool full)
{
	struct job *job = context;

	return full || is_due(job) ? install(job) : WATCH_NOTHING;
}

static int start(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct watch watch = {.source = p->value[OPT_SOURCE],
		.baseline = p->value[OPT_BASELINE],
		.bases = p->value[OPT_BASE_DIR],
		.root = root_of(job),
		.ready_file = p->value[OPT_READY_FILE],
		.verbose = p->value[OPT_VERBOSE] != NULL,
		.pass = watched_pass,
		.tell = tell,
		.beat = PASS_STATE_BEAT,
		.context = job};
	int status = read_options(job);

	if (status)
		return status;
	if (!prepare_state(job))
		return EXIT_HOST;
	job->passes = true;
	return p->value[OPT_WATCH] ? watch_run(&watch) : once(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};
	int status = in_arena(&job.arena, BUILD_ARENA, NULL, start, &job);

	if (job.passes && !parsed->value[OPT_WATCH])
		tell(&job, WATCH_ENDED, status);
	return status;
}

const struct verb verb_install = {
	.name = "install",
	.operands = "",
	.summary = "put profiles onto a node, proved, whole or not at all",
	.about = "Reads every profile of the source, compiles and proves it for the node, and\n"
		 "puts what came of it below the root: json for the kubelet, bpf for programs,\n"
		 "base-spec for containerd with crun. One that fails is told and leaves what was\n"
		 "in force. doc/install.md has the files.\n",
	.examples = "winnow install --source profiles --root node\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 0,
	.most = 0,
	.run = run,
};
