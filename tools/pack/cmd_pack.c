/* winnow pack: profiles to a bundle, once; and a bundle looked into, and proved again. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/options.h"
#include "../lib/version.h"

#include "artifact.h"
#include "bundle.h"
#include "pack_profile.h"

#include "../../compiler/base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const struct taken takes[] = {
	{OPT_ARCH, "ARCH[,ARCH...]", "nodes' architectures, 'all' (default) or 'native'"},
	{OPT_CAPS, "CAP[,CAP...]", "capabilities: all, none (default); again for a further set"},
	TAKE(KERNEL), TAKE(RUNTIME), TAKE(ENOSYS), TAKE(NO_CACHE_KEY), TAKE(INPUT_FORMAT), TAKE(ENTRY),
	{OPT_OUTPUT, "FILE", "the bundle; - for standard output"},
	{OPT_FORMAT, "FORMAT", "bundle (default), oci-artifact: one profile as an OCI layout, for a registry"},
	TAKE(LIST), TAKE(VERIFY),
	{OPT_SHA256, "HEX", "of the bundle to verify: no other is taken"},
	TAKE(STRICT), TAKE(QUIET),
	{OPT_VERBOSE, NULL, "say what was packed or proved"},
	TAKE(COLOR), TAKE(FOLLOW),
};

struct job {
	const struct parsed *parsed;
	struct arena arena; /* what the bundle is made of */
	struct arena work;  /* one profile, or one proof */
	struct arena each;  /* what one filter of a profile takes */
	const char *path;   /* of the profile */
	struct bundle bundle;
	struct packing packing;
};

/* --- making one --- */

static bool known_set(const uint64_t *set, size_t sets, uint64_t caps)
{
	for (size_t i = 0; i < sets; i++) {
		if (set[i] == caps)
			return true;
	}
	return false;
}

/* Every --caps is a set; what else is said of the node holds for all of them. */
static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	struct bundle_options *o = &job->bundle.options;
	struct parsed own = *p; /* with one set of capabilities */
	uint64_t *set = arena_alloc(&job->arena, p->manys + 1, sizeof(*set));
	size_t sets = 0;

	for (size_t i = 0; i < p->manys || i == 0; i++) {
		struct node_facts facts = {0};
		own.value[OPT_CAPS] = p->manys ? p->many[i] : NULL;
		int status = node_read(&own, &facts, &o->wish);
		if (status)
			return status;
		if (!known_set(set, sets, facts.caps))
			set[sets++] = facts.caps;
		o->node = facts;
	}
	if (o->wish.entry && !bundle_name_ok(o->wish.entry, strlen(o->wish.entry)))
		return usage(p->verb, "'%s' is no key of a ConfigMap", o->wish.entry);
	o->json_enosys = node_json_enosys(p, o->node.enosys);
	o->strict = p->value[OPT_STRICT] != NULL;
	job->packing = (struct packing){.verb = p->verb,
		.arch = p->value[OPT_ARCH] ? p->value[OPT_ARCH] : "all",
		.caps = set,
		.caps_sets = sets,
		.quiet = p->value[OPT_QUIET] != NULL,
		.colour = p->value[OPT_COLOR]};
	return EXIT_DONE;
}

static int make_in_arena(void *context)
{
	struct job *job = context;
	struct source source;

	if (!files_operand(&job->work, job->parsed, job->path, SOURCE_MAX, &source))
		return EXIT_INPUT;
	return make_profile(&job->bundle, &job->arena, &job->work, &job->each, &job->packing, &source);
}

/* Each profile in the same arena: what all need at once is what one needs, and the bundle. */
static int pack_profile(struct job *job, const char *path)
{
	job->path = path;
	return in_kept_arena(&job->work, path, make_in_arena, job);
}

static size_t count_filters(const struct bundle *b)
{
	size_t filters = 0;

	for (size_t i = 0; i < b->profiles; i++)
		filters += b->profile[i].filters;
	return filters;
}

static int write_bundle(struct job *job, const char *out)
{
	struct bundle *b = &job->bundle;
	struct buf bytes;

	buf_init(&bytes, &job->arena);
	bundle_write(&bytes, b);
	if (bytes.len > BUNDLE_MAX) {
		message("%s: %zu bytes, and a bundle may have %zu MiB: pack fewer profiles", out,
			bytes.len, BUNDLE_MAX >> 20);
		return EXIT_COMPILE;
	}
	if (!files_write(out, bytes.bytes, bytes.len))
		return EXIT_HOST;
	if (!job->packing.quiet && (job->parsed->value[OPT_VERBOSE] || isatty(STDERR_FILENO)))
		message("%s: %zu profiles, %zu filters, proved; %zu bytes", out, b->profiles,
			count_filters(b), bytes.len);
	return EXIT_DONE;
}

/* All that can be wrong is said, and then nothing is written. */
static int pack(struct job *job)
{
	const struct parsed *p = job->parsed;
	const char *out = p->value[OPT_OUTPUT];
	int status = EXIT_DONE;

	if (!out || !*out)
		return usage(p->verb, "-o FILE is needed");
	if (strcmp(out, "-") == 0 && isatty(STDOUT_FILENO))
		return usage(p->verb, "a bundle is not for a terminal; give -o FILE");
	status = read_options(job);
	if (status)
		return status;
	job->bundle.winnow = WINNOW_VERSION;
	job->bundle.tables = arch_tables_kernel;
	job->bundle.profile =
		arena_alloc(&job->arena, p->operands, sizeof(*job->bundle.profile));
	arena_init(&job->work, PROFILE_ARENA);
	arena_init(&job->each, PROFILE_ARENA);
	for (size_t i = 0; i < p->operands; i++) {
		int one = pack_profile(job, p->operand[i]);
		if (one == EXIT_USAGE)
			return one;
		status = status ? status : one;
	}
	return status ? status : write_bundle(job, out);
}

/* --- looking into one --- */

static int read_bundle(struct job *job, struct source *source)
{
	const struct parsed *p = job->parsed;
	struct diags diags;

	if (!files_read_plain(&job->arena, p->operand[0], BUNDLE_MAX, source))
		return EXIT_INPUT;
	source->hidden = source->hidden && !p->value[OPT_FOLLOW];
	if (p->value[OPT_SHA256] && !bundle_is(source, p->value[OPT_SHA256], ""))
		return EXIT_INPUT;
	diags_init(&diags, &job->arena, source);
	bool ok = bundle_read(&job->bundle, &job->arena, source, &diags);
	files_diags(&job->arena, &diags, p->value[OPT_QUIET], p->value[OPT_COLOR]);
	return ok ? EXIT_DONE : diags_exit(&diags);
}

static void print_hex(struct buf *b, const uint8_t *digest, size_t bytes)
{
	char hex[SHA256_HEX];

	sha256_hex(digest, bytes, hex);
	buf_text(b, hex);
}

static void print_options(struct buf *b, const struct bundle *bundle, const struct source *archive)
{
	const struct bundle_options *o = &bundle->options;
	uint8_t digest[SHA256_SIZE];

	sha256_of(archive->bytes, archive->len, digest);
	buf_text(b, "sha256 ");
	print_hex(b, digest, SHA256_SIZE);
	buf_printf(b, "\npacked by winnow %s, syscall tables of Linux %s",
		utf8_string(b->arena, bundle->winnow), utf8_string(b->arena, bundle->tables));
	if (o->node.kernel.present)
		buf_printf(b, ", for kernel %u.%u", o->node.kernel.major, o->node.kernel.minor);
	if (o->node.dialect)
		buf_printf(b, ", for runtime %s", o->node.dialect->name);
	buf_text(b, "\n");
}

static int list(struct job *job)
{
	const struct bundle *bundle = &job->bundle;
	struct source archive;
	struct buf b;
	int status = read_bundle(job, &archive);

	if (status)
		return status;
	buf_init(&b, &job->arena);
	print_options(&b, bundle, &archive);
	buf_printf(&b, "\n%-24s %-12s %-15s %5s %5s %6s %6s  %s\n", "PROFILE", "NODE", "CAPS",
		"INSNS", "PATH", "BPF", "JSON", "MEANING");
	for (size_t i = 0; i < bundle->profiles; i++) {
		const struct bundle_profile *p = &bundle->profile[i];
		for (size_t k = 0; k < p->filters; k++) {
			const struct bundle_filter *f = &p->filter[k];
			buf_printf(&b, "%-24s %-12s 0x%-13llx %5zu %5u %6zu %6zu  ",
				utf8_string(&job->arena, p->name),
				f->node->name, (unsigned long long)f->caps, f->instructions,
				f->longest_path, f->bpf.len, f->json.len);
			print_hex(&b, f->meaning, 8);
			buf_text(&b, "\n");
		}
	}
	return files_print(&b) ? EXIT_DONE : EXIT_HOST;
}

/* --- proving one --- */

static int verify_filter(
	struct job *job, const struct bundle_profile *p, const struct bundle_filter *f)
{
	const struct parsed *parsed = job->parsed;
	struct diags diags;
	volatile int status = EXIT_HOST; /* survives the jump */

	arena_init(&job->work, PROFILE_ARENA);
	if (setjmp(job->work.out)) {
		arena_tell(&job->work, f->bpf.path);
	} else {
		const struct source source = bundle_source(&job->work, &job->bundle, p);
		diags_init(&diags, &job->work, &source);
		bool ok = bundle_prove(&job->work, &job->bundle, p, f, &diags);
		files_diags(&job->work, &diags, true, parsed->value[OPT_COLOR]);
		status = ok ? EXIT_DONE : EXIT_FINDING;
		if (ok && parsed->value[OPT_VERBOSE])
			message("%s: proved", f->bpf.path);
	}
	arena_free(&job->work);
	return status;
}

static int verify(struct job *job)
{
	const struct bundle *b = &job->bundle;
	struct source archive;
	int status = read_bundle(job, &archive);
	struct buf out;

	for (size_t i = 0; i < b->profiles && status <= EXIT_FINDING; i++) {
		const struct bundle_profile *p = &b->profile[i];
		for (size_t k = 0; k < p->filters && status <= EXIT_FINDING; k++) {
			int one = verify_filter(job, p, &p->filter[k]);
			status = one > status ? one : status;
		}
	}
	if (status || job->parsed->value[OPT_QUIET])
		return status;
	buf_init(&out, &job->arena);
	buf_printf(&out, "proved: %zu profiles, %zu filters, every digest and every claim\n",
		b->profiles, count_filters(b));
	return files_print(&out) ? EXIT_DONE : EXIT_HOST;
}

/* --- the run --- */

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	static const enum option_id packs[] = {OPT_ARCH, OPT_CAPS, OPT_KERNEL, OPT_RUNTIME, OPT_ENOSYS, OPT_NO_CACHE_KEY,
		OPT_INPUT_FORMAT, OPT_ENTRY, OPT_OUTPUT, OPT_FORMAT};
	bool looks = p->value[OPT_LIST] || p->value[OPT_VERIFY];

	if (p->value[OPT_LIST] && p->value[OPT_VERIFY])
		return usage(p->verb, "either --list or --verify");
	if (p->value[OPT_SHA256] && !p->value[OPT_VERIFY])
		return usage(p->verb, "--sha256 is for --verify");
	if (p->value[OPT_SHA256] && !bundle_digest_ok(p->value[OPT_SHA256]))
		return usage(p->verb, "--sha256 takes 64 hexadecimal digits");
	if (looks && p->operands != 1)
		return usage(p->verb, "one bundle at a time");
	for (size_t i = 0; i < countof(packs) && looks; i++) {
		if (p->value[packs[i]])
			return usage(p->verb, "--%s says how to pack; a bundle is packed already",
				option_name(packs[i]));
	}
	return p->value[OPT_LIST] ? list(job) : p->value[OPT_VERIFY] ? verify(job) : pack(job);
}

static int run(const struct parsed *parsed)
{
	const char *format = parsed->value[OPT_FORMAT];
	struct job job = {.parsed = parsed};

	if (format && strcmp(format, "oci-artifact") == 0 && !parsed->value[OPT_LIST] && !parsed->value[OPT_VERIFY])
		return artifact_pack(parsed);
	if (format && strcmp(format, "bundle") != 0 && strcmp(format, "oci-artifact") != 0)
		return usage(parsed->verb, "unknown format '%s'; one of bundle, oci-artifact", format);
	int status = in_arena(&job.arena, (size_t)2 << 30, NULL, run_job, &job);

	arena_free(&job.each);
	arena_free(&job.work);
	return status;
}

const struct verb verb_pack = {
	.name = "pack",
	.operands = "PROFILE...|BUNDLE",
	.summary = "profiles to one file with the filters of every kind of node",
	.about = "Compiles each profile for every architecture and set of capabilities, flattens "
		 "it as\n"
		 "resolve does, proves both, and writes them with the profile and a manifest into "
		 "one tar\n"
		 "archive for install. The same input gives the same bytes. --list and --verify "
		 "take a\n"
		 "bundle and believe nothing it says: --verify exits 1 if a filter or a word about "
		 "it is\n"
		 "not what the profile in the bundle means, 3 if it is no bundle or a damaged one.\n",
	.examples = "winnow pack -o profiles.tar docker.json web.json\n"
		    "winnow pack --verify profiles.tar\n"
		    "winnow pack -f oci-artifact -a x86_64 -o web.oci web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = SIZE_MAX,
	.many = 1 + OPT_CAPS,
	.run = run,
};
