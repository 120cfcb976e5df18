/* winnow derive: a profile edited for some syscalls to be answered otherwise. */

#include "../cli/files.h"
#include "../cli/in_arena.h"
#include "../cli/message.h"
#include "../cli/node_options.h"
#include "../cli/number.h"
#include "../cli/options.h"
#include "../cli/targets.h"
#include "../lib/derived.h"

#include "../../arch/errno.h"
#include "../../compiler/base/suggest.h"

#include <string.h>

static const struct taken takes[] = {
	TAKE(ALLOW), TAKE(DENY), TAKE(ERRNO),
	{OPT_ARCH, "ARCH", "node that it is held against, default native"},
	{OPT_OUTPUT, "FILE", "default - for standard output"},
	TAKE(QUIET), {OPT_VERBOSE, NULL, "say what was made"},
	TAKE(COLOR), TAKE(FOLLOW),
};

#define WISHES_MAX 512 /* all syscalls there are */
#define ERRNO_LAST 4094 /* that libseccomp takes */

struct job {
	const struct parsed *parsed;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts facts;
	struct derive_wish wish[WISHES_MAX];
	size_t wishes;
};

/* --- what is wished for --- */

static int unknown_name(const struct verb *verb, const char *word, size_t len)
{
	struct suggestion near = suggest_start(word, len);

	for (size_t id = 0; id < arch_syscall_count(); id++)
		suggest_offer(&near, arch_syscall_name((uint16_t)id));
	if (near.best)
		return usage(verb, "no ABI has a syscall '%.*s'; did you mean '%s'?", (int)len, word, near.best);
	return usage(verb, "no ABI has a syscall '%.*s'", (int)len, word);
}

static int add_wish(struct job *job, struct derive_wish wish, const char *word, size_t len)
{
	const struct verb *verb = job->parsed->verb;

	if (!arch_syscall_find(word, len, &wish.syscall))
		return unknown_name(verb, word, len);
	for (size_t i = 0; i < job->wishes; i++) {
		if (job->wish[i].syscall == wish.syscall)
			return usage(verb, "'%.*s' is named twice", (int)len, word);
	}
	assert(job->wishes < WISHES_MAX);
	job->wish[job->wishes++] = wish;
	return EXIT_DONE;
}

static int read_names(struct job *job, const char *list, enum derive_kind kind)
{
	const char *word;
	size_t len;
	int status = EXIT_DONE;

	while (!status && next_word(&list, &word, &len))
		status = add_wish(job, (struct derive_wish){.kind = kind}, word, len);
	return status;
}

static bool read_errno(const struct abi *abi, const char *text, size_t len, uint16_t *number)
{
	uint64_t value;

	if (arch_errno_find(abi, text, len, number))
		return true;
	if (number_read(text, len, &value) || value > ERRNO_LAST)
		return false;
	*number = (uint16_t)value;
	return true;
}

static int read_errnos(struct job *job, const char *list)
{
	const char *word;
	size_t len;
	int status = EXIT_DONE;

	while (!status && next_word(&list, &word, &len)) {
		const char *equals = memchr(word, '=', len);
		struct derive_wish wish = {.kind = DERIVE_ERRNO};
		size_t name = equals ? (size_t)(equals - word) : 0;
		if (!equals || !read_errno(job->facts.native, equals + 1, len - name - 1, &wish.number))
			return usage(job->parsed->verb, "--errno: '%.*s' is not NAME=ERRNO", (int)len, word);
		status = add_wish(job, wish, word, name);
	}
	return status;
}

static int read_options(struct job *job)
{
	const struct parsed *p = job->parsed;
	int status = node_native(p, &job->facts);

	if (!status && p->value[OPT_OUTPUT] && !*p->value[OPT_OUTPUT])
		return usage(p->verb, "empty output path");
	status = status ? status : read_names(job, p->value[OPT_ALLOW], DERIVE_ALLOW);
	status = status ? status : read_names(job, p->value[OPT_DENY], DERIVE_DENY);
	status = status ? status : read_errnos(job, p->value[OPT_ERRNO]);
	if (!status && !job->wishes)
		return usage(p->verb, "one of --allow, --deny and --errno says what is to be otherwise");
	return status;
}

/* --- the run --- */

static int write_text(struct job *job, const struct buf *text)
{
	const struct parsed *p = job->parsed;
	const char *out = p->value[OPT_OUTPUT] ? p->value[OPT_OUTPUT] : "-";
	bool same = text->len == job->source.len && memcmp(text->bytes, job->source.bytes, text->len) == 0;

	if (!files_write(out, text->bytes, text->len))
		return EXIT_HOST;
	if (p->value[OPT_VERBOSE] && !p->value[OPT_QUIET])
		message("%s: %s", out,
			same ? "as it was: all of it was so already"
			     : "edited; every other call is answered as before, proved");
	return EXIT_DONE;
}

static int run_job(void *context)
{
	struct job *job = context;
	const struct parsed *p = job->parsed;
	struct mistake mistake;
	struct buf text;
	int status = read_options(job);

	if (status)
		return status;
	if (!files_operand(&job->arena, p, p->operand[0], SOURCE_MAX, &job->source))
		return EXIT_INPUT;
	diags_init(&job->diags, &job->arena, &job->source);
	const struct derive derive = {&job->source, job->wish, job->wishes, &job->facts, &job->diags};
	enum build built = derive_text(&job->arena, &derive, &text, &mistake);
	files_diags(&job->arena, &job->diags, p->value[OPT_QUIET], p->value[OPT_COLOR]);
	if (built == BUILD_MISTAKEN)
		return targets_mistaken(&job->arena, job->source.name, &mistake);
	return built == BUILD_DONE ? write_text(job, &text) : diags_exit(&job->diags);
}

static int run(const struct parsed *parsed)
{
	struct job job = {.parsed = parsed};

	return in_arena(&job.arena, PROFILE_ARENA, parsed->operand[0], run_job, &job);
}

const struct verb verb_derive = {
	.name = "derive",
	.operands = "PROFILE|-",
	.summary = "edit a profile for some syscalls to be allowed or refused",
	.about = "Takes the named syscalls out of all rules and puts them into one without conditions, if the\n"
		 "default does not do. The text is edited in place: comments, order and spacing stay. Every\n"
		 "other call is answered as before, which is proved, without capabilities and with all.\n",
	.examples = "winnow derive --allow mount --errno ptrace=ENOSYS -o mine.json web.json\n",
	.takes = takes,
	.taken = countof(takes),
	.least = 1,
	.most = 1,
	.run = run,
};
