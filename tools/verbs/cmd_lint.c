/* winnow lint: what is doubtful about profiles, under each runtime and on each ABI asked for. */

#include "../lib/annotations.h"
#include "../lib/file_references.h"
#include "../lib/fits.h"
#include "../lib/other_files.h"
#include "../lib/parts.h"
#include "../lib/profile_options.h"
#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../cli/progress.h"
#include "baseline.h"
#include "fix.h"
#include "folder.h"
#include "report.h"

#include "../../compiler/lint/asked.h"
#include "../../compiler/lint/outcome_memo.h"
#include "../../compiler/base/utf8.h"

#include <string.h>
#include <unistd.h>

/* Bytes: for a file, what is said of it and one reading; and for a question about that. */
#define LINT_FILE     ((size_t)220 << 20)
#define LINT_QUESTION ((size_t)16 << 20)

static const struct taken takes[] = {
	{OPT_RUNTIME, "NAME[,NAME...]",
		"whose readings: author (default), docker, podman, containerd, crio, runc, crun, kep6061, all"},
	{OPT_ARCH, "ARCH[,ARCH...]", "node's architectures, default native"},
	TAKE(LIBSECCOMP), TAKE(RUNTIME_FEATURES), TAKE(CAPS), TAKE(KERNEL), TAKE(INPUT_FORMAT), TAKE(ENTRY), TAKE(BASE_DIR),
	TAKE(NO_NEW_PRIVS),
	{OPT_FORMAT, "FORMAT", "text (default), json, sarif"},
	TAKE(WARNINGS), TAKE(NO_WARN), TAKE(FIX),
	{OPT_BASELINE, "FILE", "findings that are known: what lint printed as text before"},
	{OPT_QUIET, NULL, "errors only, in text"},
	TAKE(COLOR), TAKE(FOLLOW),
};

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMATS };
static const char *const format_names[FORMATS] = {"text", "json", "sarif"};

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct arena work;       /* what one file takes; of that the findings are kept */
	struct arena reading;    /* what one reading of it takes; of that what it says is kept */
	struct arena kept;       /* readings of one part and ABI, for those that are the same */
	struct dead_memo memo;   /* of one part of a file */
	struct asked_memo asked; /* of one part and ABI */
	struct outcome_memo outcomes; /* of one part */
	struct arena questions;  /* what one question of lint_dead_rules() takes */
	struct node_facts facts; /* all but ABI and dialect */
	struct input_options wish;
	const struct dialect **dialect;
	const char **name;    /* of those */
	const char **version; /* of those, NULL: any */
	size_t dialects;
	uint32_t own;         /* bits of those asked for, and not as one of two next to a version that is not known */
	uint32_t *beside;     /* of each: bits of the others of such two */
	const char **unknown; /* what is to be said of versions that are not known themselves */
	size_t unknowns;
	const struct abi **abi;
	size_t abis;
	struct weights weights;
	enum format format;
	struct folder operands;
	struct source *source; /* by file */
	struct baseline baseline;
	size_t known;           /* findings that are in there */
	struct report_file *file;
	size_t files, room;
	size_t bare;          /* of those, hold no profile */
	size_t others;        /* files in folders that hold none */
	const char *other;    /* the first */
	struct progress progress;
	size_t readings; /* made, of all files */
	bool no_new_privs;
};

/* --- one file --- */

static void tell_fit(void *context, const struct policy *policy, struct diags *diags)
{
	const struct job *job = context;

	fits_tell(policy, LINT_FILE - job->work.used - job->kept.used - job->reading.used, diags);
}

/* A reading as its runtime makes it on a node; only what it says counts. */
static void read_as(struct job *job, const struct profile *profile, size_t dialect, size_t abi,
	const struct source *source, struct reading *reading)
{
	struct diags *diags = arena_alloc(&job->work, 1, sizeof(*diags));
	struct node_facts facts = job->facts;

	facts.native = job->abi[abi];
	facts.dialect = job->dialect[dialect];
	facts.enosys = facts.dialect->enosys;
	progress_show(&job->progress, "reading", job->readings++,
		job->operands.count * job->dialects * job->abis);
	job->reading.cap = LINT_FILE - job->work.used - job->kept.used;
	arena_reset(&job->reading); /* within that */
	diags_init(diags, &job->work, source);
	const struct ruleset *set = select_rules(&job->reading, profile, &facts, diags);
	struct lint l = {.arena = &job->reading, .profile = profile, .node = &facts, .set = set, .diags = diags,
		.questions = &job->questions, .memo = &job->memo, .no_new_privs = job->no_new_privs,
		.version = job->version[dialect], .outcomes = &job->outcomes, .tell_fit = tell_fit, .context = job};
	const struct asked *asked = set ? asked_of(&job->asked, &l) : NULL;
	l.policy = asked ? asked->policy : NULL;
	l.rows = asked ? asked->rows : NULL;
	if (l.policy)
		lint_start(&l);
	if (l.policy && asked->goes_on)
		lint_cache(&l);
	arena_reset(&job->reading);
	*reading = (struct reading){diags, (uint32_t)1 << dialect, (uint32_t)abi};
}

static void tell_unknown(const struct job *job, struct diags *diags)
{
	for (size_t i = 0; i < job->unknowns; i++) {
		if (i == 0)
			diag(diags, DIAG_VERSION_BETWEEN, NOWHERE, 1, "%s", job->unknown[i]);
		else
			diag_note(diags, NOWHERE, 1, "%s", job->unknown[i]);
	}
}

/*
 * Between two known versions is what both are: an error is one where the other fails, too, be it in other words. Who
 * failed is known by the count, which stays. `reading` is by runtime, and in that by ABI.
 */
static void soften(const struct job *job, const struct reading *reading)
{
	for (size_t i = 0; i < job->dialects * job->abis; i++) {
		size_t own = i / job->abis, abi = i % job->abis;
		bool sure = job->own >> own & 1;
		for (size_t k = 0; k < job->dialects; k++)
			sure |= job->beside[own] >> k & 1 && diags_failed(reading[k * job->abis + abi].diags);
		for (struct diag *d = sure ? NULL : reading[i].diags->first; d; d = d->next)
			d->severity = d->severity == SEVERITY_ERROR ? SEVERITY_WARNING : d->severity;
	}
}

/* `first` of its document, for what is said of that. */
static void lint_part(struct job *job, const struct source *whole, const struct part *part, bool first,
	struct report_file *file)
{
	struct source *source = arena_alloc(&job->work, 1, sizeof(*source));
	struct input_options wish = part_options(part, &job->wish);

	struct diags *diags = arena_alloc(&job->work, 1, sizeof(*diags));
	struct reading *reading =
		arena_alloc(&job->work, 1 + job->dialects * job->abis, sizeof(*reading));
	size_t readings = 0;

	*source = part_source(part, whole);
	diags_init(diags, &job->work, source);
	tell_unknown(job, diags);
	if (first) {
		annotations_tell_of(&job->work, source, diags);
		profile_options_tell_of(&job->work, source, diags);
	}
	const struct profile *profile = build_input(&job->work, source, &wish, diags, NULL);
	reading[readings++] = (struct reading){diags, 0, 0};
	job->memo = (struct dead_memo){.arena = &job->work};
	job->outcomes = (struct outcome_memo){.arena = &job->work};
	for (size_t a = 0; profile && a < job->abis; a++) {
		arena_reset(&job->kept);
		job->asked = (struct asked_memo){.findings = &job->work, .kept = &job->kept};
		for (size_t d = 0; d < job->dialects; d++, readings++)
			read_as(job, profile, d, a, source, &reading[1 + d * job->abis + a]);
	}
	if (profile)
		soften(job, &reading[1]);
	for (size_t i = 0; i < readings; i++)
		part_place(part, reading[i].diags);
	findings_join(&file->findings, &job->arena, whole, reading, readings, &job->weights);
	if (job->baseline.text.len)
		job->known += baseline_drop(&job->baseline, &job->arena, &file->findings);
}

static struct report_file *add_file(struct job *job, const char *path)
{
	if (job->files == job->room) {
		size_t room = job->room ? job->room * 2 : job->operands.count;
		job->file = arena_grow(&job->arena, job->file, job->room, room, sizeof(*job->file));
		job->room = room;
	}
	job->file[job->files] = (struct report_file){.path = path};
	return &job->file[job->files++];
}

/* What is found of a file that holds no profile. */
static void add_bare(struct job *job, const struct source *source, const char *path, struct diags *diags)
{
	struct report_file *file = add_file(job, path);

	file->read = true;
	job->bare++;
	findings_join(&file->findings, &job->arena, source, &(struct reading){diags, 0, 0}, 1, &job->weights);
	if (job->baseline.text.len)
		job->known += baseline_drop(&job->baseline, &job->arena, &file->findings);
}

/* Files that objects name as their profiles. */
static void lint_named(struct job *job, const struct source *source, const char *path)
{
	arena_reset(&job->work);
	struct diags *diags = arena_alloc(&job->work, 1, sizeof(*diags));
	diags_init(diags, &job->work, source);
	references_tell(&job->work, source, &job->wish, diags);
	if (diags->first)
		add_bare(job, source, path, diags);
}

/* Beside profiles lie objects that hold none, and what kustomize and Helm go by: a file that is named is told all the same. */
static bool is_other(const struct parts *parts, const char *path)
{
	static const char *const names[] = {
		"kustomization.yaml", "kustomization.yml", "Chart.yaml", "values.yaml", "values.schema.json"};
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < countof(names); i++) {
		if (parts->others && strcmp(name, names[i]) == 0)
			return true;
	}
	return parts->others && !parts->unkind;
}

/* A file of another program that a folder has; false: it is none. */
static bool lint_other(struct job *job, const struct source *source, const char *path)
{
	arena_reset(&job->work);
	const char *what = other_file(&job->work, source);
	if (!what)
		return false;
	struct diags *diags = arena_alloc(&job->work, 1, sizeof(*diags));
	diags_init(diags, &job->work, source);
	diag(diags, DIAG_OTHER_FILE, NOWHERE, 1, "%s, and no profile", what);
	add_bare(job, source, path, diags);
	return true;
}

static void lint_parts(struct job *job, const struct source *source, const char *path, bool below)
{
	struct parts parts;

	parts_find(&parts, &job->arena, &job->work, source, &job->wish);
	if (below && is_other(&parts, path) && !parts.part[0].name) {
		if (!job->others++)
			job->other = buf_print(&job->arena, "%s (%s)", path, parts.unkind ? "no kind" : parts.other);
		lint_named(job, source, path);
		return;
	}
	if (below && parts.others && parts.unkind && !parts.part[0].name && lint_other(job, source, path))
		return;
	for (size_t i = 0; i < parts.count; i++) {
		struct report_file *file = add_file(job, path);
		file->profile = parts.part[i].name;
		file->read = true;
		arena_reset(&job->work);
		bool first = i == 0 || parts.part[i].start != parts.part[i - 1].start;
		lint_part(job, source, &parts.part[i], first, file);
	}
	if (parts.others && parts.part[0].name)
		lint_named(job, source, path);
	progress_clear(&job->progress);
	if (parts.others && parts.part[0].name && !job->parsed->value[OPT_QUIET])
		message("%s: %zu profile%s; %zu part%s none: %s%s", path, parts.count,
			parts.count == 1 ? "" : "s", parts.others, parts.others == 1 ? " is" : "s are",
			parts.other, parts.others > 1 ? " ..." : "");
}

/* What one file takes serves the next. */
static void begin_files(struct job *job)
{
	arena_init(&job->work, LINT_FILE);
	arena_init(&job->reading, LINT_FILE);
	arena_init(&job->kept, LINT_FILE / 4);
	arena_init(&job->questions, LINT_QUESTION);
}

static void end_files(struct job *job)
{
	arena_free(&job->questions);
	arena_free(&job->kept);
	arena_free(&job->reading);
	arena_free(&job->work);
}

/* False: out of memory. */
static bool lint_file(struct job *job, const struct source *source, const char *path, bool below)
{
	volatile bool out = true; /* survives the jumps */
	if (!setjmp(job->work.out)) {
		if (!setjmp(job->reading.out)) {
			if (!setjmp(job->questions.out)) {
				if (!setjmp(job->kept.out)) {
					lint_parts(job, source, path, below);
					out = false;
				}
			}
		}
	}
	progress_clear(&job->progress);
	arena_reset(&job->questions);
	arena_reset(&job->kept);
	arena_reset(&job->work);
	return !out;
}

/* --- the run --- */

static uint32_t bits(size_t count)
{
	return count < 32 ? ((uint32_t)1 << count) - 1 : UINT32_MAX;
}

/* "containerd, crun", "all" of several; nothing where nobody in particular was asked for. */
static void add_runtimes(struct job *job, struct buf *names, uint32_t readers)
{
	if (!job->parsed->value[OPT_RUNTIME] || !readers)
		return;
	if (job->dialects > 1 && readers == bits(job->dialects)) {
		buf_text(names, "all");
		return;
	}
	for (size_t i = 0; i < job->dialects; i++) {
		if (readers >> i & 1)
			buf_printf(names, "%s%s", names->len ? ", " : "", job->name[i]);
	}
}

/* "on aarch64, s390x", where it is not so on all that were asked for. */
static void add_nodes(struct job *job, struct buf *names, uint32_t nodes)
{
	const char *before = names->len ? "; on " : "on ";

	if (!nodes || nodes == bits(job->abis))
		return;
	for (size_t i = 0; i < job->abis; i++) {
		if (!(nodes >> i & 1))
			continue;
		buf_printf(names, "%s%s", before, job->abi[i]->name);
		before = ", ";
	}
}

/* Whom it is for and on which of the nodes; NULL: everybody, on all. */
static const char *whom(struct job *job, uint32_t readers, uint32_t nodes)
{
	struct buf names;

	buf_init(&names, &job->arena);
	add_runtimes(job, &names, readers);
	add_nodes(job, &names, nodes);
	return names.len ? buf_string(&names) : NULL;
}

static void print_file(struct job *job, struct buf *out, struct report_file *file, bool colour)
{
	enum severity least = job->parsed->value[OPT_QUIET] ? SEVERITY_ERROR : SEVERITY_NOTE;
	size_t i = 0;

	if (!file->read)
		return;
	if (file->profile && file->findings.diags.first && least == SEVERITY_NOTE) {
		utf8_print(out, file->path, strlen(file->path));
		buf_text(out, ": ");
		utf8_print(out, file->profile, strlen(file->profile));
		buf_text(out, "\n");
	}
	for (struct diag *d = file->findings.diags.first; d; d = d->next, i++)
		d->whom = whom(job, file->findings.readers[i], file->findings.nodes[i]);
	diags_print(out, &file->findings.diags, least, colour);
}

static void add_count(struct buf *b, size_t count, const char *what)
{
	if (count)
		buf_printf(b, "%s%zu %s%s", b->len ? ", " : "", count, what, count == 1 ? "" : "s");
}

/* The last line; nothing where there is nothing to count. */
static void print_counts(struct job *job, struct buf *out)
{
	bool quiet = job->parsed->value[OPT_QUIET] != NULL;
	size_t count[3] = {0}, read = 0;
	struct buf line;

	for (size_t i = 0; i < job->files; i++) {
		read += job->file[i].read;
		for (unsigned s = SEVERITY_NOTE; job->file[i].read && s <= SEVERITY_ERROR; s++)
			count[s] += job->file[i].findings.diags.count[s];
	}
	read -= job->bare;
	buf_init(&line, &job->arena);
	add_count(&line, count[SEVERITY_ERROR], "error");
	add_count(&line, quiet ? 0 : count[SEVERITY_WARNING], "warning");
	add_count(&line, quiet ? 0 : count[SEVERITY_NOTE], "note");
	if (line.len || job->known)
		buf_printf(out, "%s in %zu profile%s", line.len ? buf_string(&line) : "nothing new", read,
			read == 1 ? "" : "s");
	if (job->known)
		buf_printf(out, ", %zu more known", job->known);
	buf_text(out, line.len || job->known ? "\n" : "");
}

/* Text says it below the findings; those who read the others see "..." in messages and should know why. */
static void tell_hidden(const struct job *job)
{
	for (size_t i = 0; i < job->files; i++) {
		const struct diags *d = &job->file[i].findings.diags;
		if (job->file[i].read && d->first && d->source->hidden)
			message("%s: %s", job->file[i].path, DIAG_HIDDEN);
	}
}

static bool print(struct job *job)
{
	struct report report = {job->file, job->files, job->name, job->dialects, job->abi, job->abis};
	struct buf out;

	buf_init(&out, &job->arena);
	switch (job->format) {
	case FORMAT_TEXT:
		for (size_t i = 0; i < report.files; i++)
			print_file(job, &out, &job->file[i],
				files_coloured(job->parsed->value[OPT_COLOR], STDOUT_FILENO));
		print_counts(job, &out);
		return !out.len || files_print(&out);
	case FORMAT_JSON:
		tell_hidden(job);
		report_json(&out, &report);
		return files_print(&out);
	case FORMAT_SARIF:
		tell_hidden(job);
		report_sarif(&out, &report);
		return files_print(&out);
	case FORMATS:
		break;
	}
	unreachable();
}

static int lint_files(struct job *job)
{
	size_t done = 0;
	int status = EXIT_DONE;

	for (size_t i = 0; i < job->parsed->operands; i++) {
		if (!folder_add(&job->operands, &job->arena, job->parsed->operand[i]))
			status = EXIT_INPUT;
	}
	job->source = arena_alloc(&job->arena, job->operands.count, sizeof(*job->source));
	begin_files(job);
	for (size_t i = 0; i < job->operands.count; i++) {
		const char *path = job->operands.path[i];
		if (!files_operand(&job->arena, job->parsed, path, SOURCE_MAX, &job->source[i])) {
			add_file(job, path);
			status = EXIT_INPUT;
		} else if (job->parsed->value[OPT_FIX] && !fix_file(&job->arena, job->parsed, path, job->abi,
				   job->abis, &job->facts, &job->source[i])) {
			return EXIT_HOST;
		} else if (!lint_file(job, &job->source[i], path, job->operands.below[i])) {
			message("%s: more than %zu MiB would be needed: it was not looked at", path,
				LINT_FILE >> 20);
			return EXIT_HOST;
		}
		for (; done < job->files; done++) {
			const struct report_file *file = &job->file[done];
			if (status == EXIT_DONE && file->read && diags_failed(&file->findings.diags))
				status = EXIT_FINDING;
		}
	}
	if (job->others && !job->parsed->value[OPT_QUIET])
		message("%zu file%s in there hold%s no profile: %s%s", job->others, job->others == 1 ? "" : "s",
			job->others == 1 ? "s" : "", job->other, job->others > 1 ? " ..." : "");
	return print(job) ? status : EXIT_HOST;
}

/* --- options --- */

static int read_ids(struct job *job, const char *list, bool *chosen)
{
	const char *word;
	size_t len;

	while (next_word(&list, &word, &len)) {
		const char *one = arena_text(&job->arena, word, len);
		enum diag_id id;
		if (option_diag(job->parsed->verb, one, &id))
			return EXIT_USAGE;
		chosen[id] = true;
	}
	return EXIT_DONE;
}

static int read_weights(struct job *job)
{
	const char *error = job->parsed->value[OPT_WARNINGS], *drop = job->parsed->value[OPT_NO_WARN];
	int status = EXIT_DONE;

	if (error && strncmp(error, "error=", strlen("error=")) == 0)
		status = read_ids(job, error + strlen("error="), job->weights.raised);
	else if (error && strcmp(error, "error") != 0)
		return usage(job->parsed->verb, "-W takes error or error=ID");
	else
		memset(job->weights.raised, error != NULL, sizeof(job->weights.raised));
	return status || !drop ? status : read_ids(job, drop, job->weights.dropped);
}

/* Of that version alone if it was asked for, and not any, too. Which of the readers it is. */
static size_t add_dialect(struct job *job, const struct dialect *dialect, bool version)
{
	size_t i = 0;

	while (i < job->dialects && job->dialect[i] != dialect)
		i++;
	if (i < job->dialects) {
		job->version[i] = version ? job->version[i] : NULL;
		return i;
	}
	job->dialect[i] = dialect;
	job->version[i] = version ? dialect->version : NULL;
	job->name[i] = dialect->name;
	return job->dialects++;
}

static void add_own(struct job *job, const struct dialect *dialect, bool version)
{
	job->own |= (uint32_t)1 << add_dialect(job, dialect, version);
}

static void add_two(struct job *job, const struct dialect *below, const struct dialect *above)
{
	size_t i = add_dialect(job, below, true), k = add_dialect(job, above, true);

	job->beside[i] |= (uint32_t)1 << k;
	job->beside[k] |= (uint32_t)1 << i;
}

/* A version that is not known is read as those next to it are; each finding says as which. False: it has none. */
static bool add_between(struct job *job, const char *asked)
{
	const struct dialect *below, *above;
	enum dialect_place place = dialect_between(asked, strlen(asked), &below, &above);
	int name = (int)strcspn(asked, "@");
	const char *version = asked + name + 1, **text = &job->unknown[job->unknowns];

	if (place == PLACE_NONE)
		return false;
	if (place == PLACE_BETWEEN)
		add_two(job, below, above);
	else
		add_own(job, below, place != PLACE_ANY);
	if (place == PLACE_BETWEEN)
		*text = buf_print(&job->arena, "%.*s %s itself is not known, and is read as %s (%s) and as %s (%s): what is said "
			"of one of them alone is not decided, and no error where the other has none", name, asked, version, below->version, below->name,
			above->version, above->name);
	else if (place == PLACE_BEYOND)
		*text = buf_print(&job->arena, "%.*s %s is newer than all that is known, and is read as %s", name, asked,
			version, below->version);
	else
		*text = buf_print(&job->arena, "no version of %.*s is told from another: %s is read as any", name, asked,
			version);
	job->unknowns++;
	return true;
}

/* A version by whose row another stands in is told from that one. */
static void tell_stand_in(struct job *job, const char *asked)
{
	char text[160];

	if (dialect_stands_in(text, sizeof(text), asked, strlen(asked)))
		job->unknown[job->unknowns++] = arena_text(&job->arena, text, strlen(text));
}

static size_t words(const char *list)
{
	size_t count = 1;

	for (; list && *list; list++)
		count += *list == ',';
	return count;
}

static int read_dialects(struct job *job)
{
	const char *list = job->parsed->value[OPT_RUNTIME], *word;
	size_t len;

	const size_t most = 1 + dialect_count + dialect_version_count;

	assert(most < 32); /* a bit each */
	job->dialect = arena_alloc(&job->arena, most, sizeof(const struct dialect *));
	job->name = arena_alloc(&job->arena, most, sizeof(const char *));
	job->version = arena_alloc(&job->arena, most, sizeof(const char *));
	job->beside = arena_alloc(&job->arena, most, sizeof(*job->beside));
	job->unknown = arena_alloc(&job->arena, words(list), sizeof(const char *));
	if (list && job->facts.dialect)
		return usage(job->parsed->verb, "either --runtime or --runtime-features");
	if (!list && job->facts.dialect)
		add_own(job, job->facts.dialect, true);
	else if (!list)
		list = dialect_author.name;
	while (next_word(&list, &word, &len)) {
		const char *one = arena_text(&job->arena, word, len);
		const struct dialect *dialect = dialect_find(word, len);
		bool all = strcmp(one, "all") == 0;
		if (!dialect && !all && !add_between(job, one))
			return unknown_runtime(job->parsed->verb, one);
		tell_stand_in(job, one);
		if (dialect)
			add_own(job, dialect, strchr(one, '@') != NULL);
		for (size_t i = 0; all && i < dialect_count; i++)
			add_own(job, &dialects[i], false);
	}
	return EXIT_DONE;
}

static int read_arches(struct job *job)
{
	const char *list = job->parsed->value[OPT_ARCH];

	assert(arch_abi_count <= FINDINGS_NODES); /* a bit each */
	job->abi = arena_alloc(&job->arena, arch_abi_count, sizeof(const struct abi *));
	return option_nodes(job->parsed->verb, list ? list : "native", job->abi, &job->abis);
}

static int read_format(struct job *job)
{
	const char *name = job->parsed->value[OPT_FORMAT];

	for (unsigned i = 0; i < FORMATS; i++) {
		if (!name || strcmp(name, format_names[i]) == 0) {
			job->format = (enum format)i;
			return EXIT_DONE;
		}
	}
	return usage(job->parsed->verb, "unknown format '%s'; one of text, json, sarif", name);
}

static int read_privs(struct job *job)
{
	const char *word = job->parsed->value[OPT_NO_NEW_PRIVS];

	job->no_new_privs = word && strcmp(word, "yes") == 0;
	if (!word || job->no_new_privs || strcmp(word, "no") == 0)
		return EXIT_DONE;
	return usage(job->parsed->verb, "--no-new-privs is yes or no, not '%s'", word);
}

/* What is said of another file is nothing that is known, so that one taken by mistake is not taken. */
static int read_baseline(struct job *job)
{
	const char *path = job->parsed->value[OPT_BASELINE];
	uint32_t line, column;
	size_t at;

	if (!path)
		return EXIT_DONE;
	if (!files_read(&job->arena, path, SOURCE_MAX, &job->baseline.text))
		return EXIT_INPUT;
	const char *doubt = baseline_doubt(&job->baseline.text, &at);
	if (doubt) {
		source_place(&job->baseline.text, (uint32_t)at, &line, &column);
		message("%s:%u:%u: not taken as a baseline: %s", path, line, column, doubt);
		return EXIT_INPUT;
	}
	if (at == job->baseline.text.len && !job->parsed->value[OPT_QUIET])
		message("%s: nothing is in there, so nothing is known", path);
	baseline_begin(&job->baseline, &job->arena);
	return EXIT_DONE;
}

/* What is put right is written where it was read. */
static int check_fix(const struct parsed *p)
{
	for (size_t i = 0; p->value[OPT_FIX] && i < p->operands; i++) {
		if (strcmp(p->operand[i], "-") == 0)
			return usage(p->verb, "--fix writes files, and standard input is none");
	}
	return EXIT_DONE;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct parsed own = *p; /* without runtimes, of which there may be many */

	own.value[OPT_RUNTIME] = NULL;
	int status = node_read(&own, &job->facts, &job->wish);

	status = status ? status : read_dialects(job);
	status = status ? status : read_arches(job);
	status = status ? status : read_weights(job);
	status = status ? status : read_format(job);
	status = status ? status : read_privs(job);
	status = status ? status : check_fix(p);
	status = status ? status : read_baseline(job);
	return status ? status : lint_files(job);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	progress_start(&job.progress, parsed->value[OPT_QUIET] != NULL);
	int status = in_arena(&job.arena, BUILD_ARENA, NULL, run_job, &job);

	end_files(&job);
	return status;
}

const struct verb verb_lint = {
	.name = "lint",
	.operands = "PROFILE|FOLDER|-...",
	.summary = "say what is doubtful about profiles",
	.about =
		"Reads each profile as the runtimes asked for do, on the nodes asked for, and says "
		"all that\n"
		"is wrong or doubtful, that compile would refuse it (E032, E033) too; of a file that holds\n"
		"several (YAML documents, a List, a ConfigMap) each on its own. Exit status 1 when there is\n"
		"an error (-Werror makes warnings errors, -Werror=ID,... some), 3 when a file cannot be read.\n"
		"'winnow explain-code ID' has "
		"more.\n"
		"Text goes to standard output: a finding, in brackets the runtimes it is for and, where it\n"
		"is not so on all asked for, the architectures (it is there again, if it is so for other\n"
		"runtimes on others); and last how many there are. Of a folder all profiles are read\n"
		"(.json, .yaml, .yml), and what is an object\n"
		"of another kind there is no error, nor a file of another program (N068). Keep the "
		"text of what\n"
		"is to stay as it is, and --baseline leaves that out of findings and exit status: what has\n"
		"the same words about a file of the same path (./a is a), wherever in it, and as often as it is in there:\n"
		"one more of a kind is new.\n"
		"--fix first puts right what can only be a slip, in place: a name no ABI has that is one\n"
		"letter from a single syscall's, a name twice in a rule; and conditions that refuse one value\n"
		"of a word of flags, or have a mask and no valueTwo, where one condition says what was meant\n"
		"(W071, W072). All else means what it did, which is proved, or nothing is written.\n",
	.examples = "winnow lint --runtime docker,crun web.json\n"
		    "winnow lint -a x86_64,aarch64 --runtime all -f sarif web.json >web.sarif\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
