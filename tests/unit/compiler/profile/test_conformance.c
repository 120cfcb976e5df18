/*
 * conformance/cases.tsv: what a profile means to each runtime, a line a profile and node. Then the
 * table of dialects is put to the proof: whatever fact of a runtime is turned round, some case of
 * that runtime must fail, or nobody would notice if the table were wrong.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/notation.h"
#include "tests/lib/textfile.h"

#include "compiler/kernel/caps.h"
#include "compiler/lint/lint.h"
#include "tools/lib/build.h"

#define FOLDER    "tests/data/conformance/"
#define LINES_MAX 1000

struct line {
	const char *profile, *runtimes, *node, *truths;
	size_t number;
};

struct suite {
	char *text;
	struct line line[LINES_MAX];
	size_t lines;
};

/* --- files --- */

/* A small profile behind more than a megabyte of blanks. */
static char *make_big(size_t *len)
{
	static const char profile[] = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": ["
				      "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}]}";
	size_t blanks = ((size_t)1 << 20) + 1;
	char *text = malloc(blanks + sizeof(profile));

	assert_non_null(text);
	memset(text, ' ', blanks);
	memcpy(text + blanks, profile, sizeof(profile));
	*len = blanks + sizeof(profile) - 1;
	return text;
}

/* 129 rules of getppid, for arguments 1 to 129. */
static char *make_many(size_t *len)
{
	char *text = malloc(32768);
	size_t at;

	assert_non_null(text);
	at = (size_t)sprintf(text, "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [");
	for (unsigned i = 1; i <= 129; i++)
		at += (size_t)sprintf(text + at,
			"%s{\"names\": [\"getppid\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": ["
			"{\"index\": 0, \"value\": %u, \"op\": \"SCMP_CMP_EQ\"}]}",
			i > 1 ? "," : "", i);
	at += (size_t)sprintf(text + at, "]}");
	*len = at;
	return text;
}

static char *profile_text(const char *name, size_t *len)
{
	char path[256];

	if (strcmp(name, "@big") == 0)
		return make_big(len);
	if (strcmp(name, "@many") == 0)
		return make_many(len);
	snprintf(path, sizeof(path), FOLDER "%s", name);
	return textfile_read(path, len);
}

/* --- lines --- */

static const char *cut_field(char **at, char end)
{
	char *field = *at, *stop = strchr(field, end);

	if (!stop)
		fail_msg("a field is missing at '%s'", field);
	*stop = '\0';
	*at = stop + 1;
	return field;
}

static void read_suite(struct suite *s)
{
	size_t len, number = 0;
	char *at = s->text = textfile_read(FOLDER "cases.tsv", &len);

	while (*at) {
		char *line = at;
		number++;
		cut_field(&at, '\n');
		if (!*line || *line == '#')
			continue;
		assert_true(s->lines < LINES_MAX);
		struct line *l = &s->line[s->lines++];
		l->number = number;
		l->profile = cut_field(&line, '\t');
		l->runtimes = cut_field(&line, '\t');
		l->node = cut_field(&line, '\t');
		l->truths = line;
	}
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list; list += strcspn(list, ","), list += *list == ',') {
		if (strcspn(list, ",") == len && memcmp(list, word, len) == 0)
			return true;
	}
	return false;
}

static bool is_about(const struct line *l, const struct dialect *d)
{
	bool all = strcmp(l->runtimes, "*") == 0 && !strchr(d->name, '@');

	return all || has_word(l->runtimes, d->name);
}

/* "x86_64+SYS_ADMIN,BPF@4.7" */
static struct node_facts read_node(const char *text, const struct dialect *dialect)
{
	size_t len = strcspn(text, "+@");
	struct node_facts node = {.dialect = dialect, .enosys = dialect->enosys};
	unsigned cap;

	node.native = arch_find(text, len);
	if (!node.native)
		fail_msg("no ABI at '%s'", text);
	for (text += len; *text == '+' || *text == ','; text += len) {
		text++;
		len = strcspn(text, ",@");
		if (len == 3 && memcmp(text, "all", 3) == 0)
			node.caps = UINT64_MAX;
		else if (caps_find_loosely(text, len, &cap))
			node.caps |= (uint64_t)1 << cap;
		else
			fail_msg("no capability at '%s'", text);
	}
	if (*text == '@') {
		node.kernel.present = true;
		if (sscanf(text, "@%u.%u", &node.kernel.major, &node.kernel.minor) != 2)
			fail_msg("no kernel at '%s'", text);
	}
	return node;
}

/* --- cases --- */

struct trial {
	const struct line *line;
	const struct dialect *dialect;
	struct arena arena;
	struct source source;
	struct diags diags;
	struct node_facts node;
	const struct policy *policy;
	bool quiet; /* failures are wanted */
	size_t cases, failed;
};

static void complain(struct trial *t, const char *truth, const char *found)
{
	t->failed++;
	if (t->quiet)
		return;
	print_error("cases.tsv:%zu: %s, %s, %s: '%.*s' does not hold: %s\n", t->line->number,
		t->line->profile, t->dialect->name, t->line->node, (int)strcspn(truth, ";"), truth,
		found);
}

static bool was_said(const struct trial *t, const char *code, enum severity least)
{
	size_t len = strcspn(code, "; ");

	for (const struct diag *d = t->diags.first; d; d = d->next) {
		if (d->severity >= least && strlen(diag_kinds[d->id].code) == len &&
			memcmp(diag_kinds[d->id].code, code, len) == 0)
			return true;
	}
	return false;
}

static const char *first_error(const struct trial *t)
{
	for (const struct diag *d = t->diags.first; d; d = d->next) {
		if (d->severity == SEVERITY_ERROR)
			return d->text;
	}
	return "it is read";
}

static void check_call(struct trial *t, const char *truth)
{
	struct buf expected, found;
	const char *at = truth;
	struct call call = notation_call(&at, t->node.native);

	buf_init(&expected, &t->arena);
	buf_init(&found, &t->arena);
	write_verdict(&expected, notation_word(&at, ";"));
	action_print(&found, policy_decide(t->policy, &call)->ret);
	buf_add(&found, "", 1);
	if (strcmp(expected.bytes, found.bytes) != 0)
		complain(t, truth, found.bytes);
}

static void check_truth(struct trial *t, const char *truth)
{
	t->cases++;
	if (*truth == '!') {
		if (t->policy || !was_said(t, truth + 1, SEVERITY_ERROR))
			complain(t, truth, first_error(t));
	} else if (!t->policy) {
		complain(t, truth, first_error(t));
	} else if (*truth == '~') {
		if (was_said(t, truth + 1, SEVERITY_NOTE))
			complain(t, truth, "it was said");
	} else if (*truth == '?') {
		if (!was_said(t, truth + 1, SEVERITY_NOTE))
			complain(t, truth, "nothing like that was said");
	} else {
		check_call(t, truth);
	}
}

static void check_truths(struct trial *t)
{
	for (const char *truth = t->line->truths; *truth;) {
		truth += strspn(truth, " ;");
		if (*truth)
			check_truth(t, truth);
		truth += strcspn(truth, ";");
	}
}

static void read_profile(struct trial *t)
{
	const struct profile *profile = build_profile(&t->arena, &t->source, &t->diags);
	const struct ruleset *set =
		profile ? select_rules(&t->arena, profile, &t->node, &t->diags) : NULL;

	t->policy = set ? rules_policy(&t->arena, &set, 1, &t->diags) : NULL;
	if (t->policy)
		lint_cache(&(struct lint){.arena = &t->arena, .profile = profile, .node = &t->node, .set = set,
			.policy = t->policy, .diags = &t->diags});
}

static void run_line(struct trial *t)
{
	size_t len;
	char *text = profile_text(t->line->profile, &len);

	arena_init(&t->arena, (size_t)64 << 20);
	if (setjmp(t->arena.out))
		fail_msg("out of memory");
	t->source = (struct source){t->line->profile, text, len, false};
	diags_init(&t->diags, &t->arena, &t->source);
	t->node = read_node(t->line->node, t->dialect);
	read_profile(t);
	check_truths(t);
	arena_free(&t->arena);
	free(text);
}

/* All lines about a runtime, its facts being those of `dialect`; stops at the first failure if
 * quiet. */
static struct trial run_dialect(const struct suite *s, const struct dialect *dialect, bool quiet)
{
	struct trial t = {.dialect = dialect, .quiet = quiet};

	for (size_t i = 0; i < s->lines && !(quiet && t.failed); i++) {
		t.line = &s->line[i];
		if (is_about(t.line, dialect))
			run_line(&t);
	}
	return t;
}

static void every_case_holds(void **state)
{
	const struct suite *s = *state;
	struct trial all = run_dialect(s, &dialect_author, false);

	for (size_t i = 0; i < dialect_count; i++) {
		struct trial t = run_dialect(s, &dialects[i], false);
		all.cases += t.cases;
		all.failed += t.failed;
	}
	print_message("NOTE conformance: %zu cases, %zu failed\n", all.cases, all.failed);
	assert_true(all.cases >= 300);
	assert_int_equal(all.failed, 0);
}

static void no_line_is_about_an_unknown_runtime(void **state)
{
	const struct suite *s = *state;

	for (size_t i = 0; i < s->lines; i++) {
		const char *word = s->line[i].runtimes;
		for (size_t len; *word && *word != '*'; word += len + (word[len] == ',')) {
			len = strcspn(word, ",");
			if (!dialect_find(word, len))
				fail_msg("cases.tsv:%zu: no runtime at '%s'", s->line[i].number,
					word);
		}
	}
}

/* --- facts turned round --- */

static void turn_round(struct dialect *d, size_t fact)
{
	switch (fact) {
	case 0:
	case 1:
	case 2:
		d->keys ^= (uint8_t)(1u << fact);
		break;
	case 3:
		d->exact_keys = !d->exact_keys;
		break;
	case 4:
		d->needs_names = !d->needs_names;
		break;
	case 5:
		d->golang_words = !d->golang_words;
		break;
	case 6:
		d->map_list = d->map_list == LIST_COMMON_MAP ? LIST_MOBY_MAP : LIST_COMMON_MAP;
		break;
	case 7:
		d->arch_list = d->arch_list ? 0 : LIST_RUNC;
		break;
	case 8:
		d->takes_native = !d->takes_native;
		break;
	case 9:
		d->common_errnos = !d->common_errnos;
		break;
	case 10:
		d->strict_errno = !d->strict_errno;
		break;
	case 11:
		d->errno_last = d->errno_last == 4095 ? 4094 : 4095;
		break;
	case 12:
		d->conds_max = d->conds_max ? 0 : 6;
		break;
	case 13:
		d->notify = d->notify == NOTIFY_GUARDED ? NOTIFY_TAKEN : NOTIFY_GUARDED;
		break;
	case 14:
		d->bytes_max = d->bytes_max ? 0 : 1 << 20;
		break;
	case 15:
		d->rules_max = d->rules_max ? 0 : 128;
		break;
	case 16:
		d->enosys = d->enosys == ENOSYS_RUNC ? ENOSYS_OFF : ENOSYS_RUNC;
		break;
	case 22:
		d->stub_listed = !d->stub_listed;
		break;
	case 21:
		d->loses_flags = !d->loses_flags;
		break;
	case 20:
		d->drops_no_flags = !d->drops_no_flags;
		break;
	case 19:
		d->flags ^= FLAG_WAIT_KILLABLE;
		break;
	case 18:
		d->caches = !d->caches;
		break;
	case 17:
		d->refuses_foreign = !d->refuses_foreign;
		break;
	default:
		fail_msg("no fact %zu", fact);
	}
}

#define FACTS 23

/* Facts that say nothing about a loader which does not read the keys they are about. */
static bool is_idle(const struct dialect *d, size_t fact)
{
	bool about_docker_keys = fact == 5 || fact == 6;

	if (fact == 1) /* minKernel lies within includes */
		return !(d->keys & KEYS_DOCKER);
	if (fact == 21) /* about one flag, where that is taken */
		return !(d->flags & FLAG_WAIT_KILLABLE);
	if (fact == 22)
		return d->enosys != ENOSYS_RUNC;
	if (fact == 9)
		return !(d->keys & KEYS_ERRNO);
	return about_docker_keys && !(d->keys & KEYS_DOCKER);
}

static void check_facts(const struct suite *s, const struct dialect *dialect)
{
	for (size_t fact = 0; fact < FACTS; fact++) {
		struct dialect turned = *dialect;
		turn_round(&turned, fact);
		if (!is_idle(dialect, fact) && !run_dialect(s, &turned, true).failed)
			fail_msg("%s: no case notices when fact %zu is turned round", dialect->name,
				fact);
	}
}

static void every_fact_of_the_table_has_a_case(void **state)
{
	check_facts(*state, &dialect_author);
	for (size_t i = 0; i < dialect_count; i++)
		check_facts(*state, &dialects[i]);
}

/*
 * Of an older or newer version only the cases that name it are asked; each of its facts that is another
 * one than its runtime's must be noticed.
 */
static void versions_differ_as_cases_say(void **state)
{
	const struct suite *s = *state;

	for (size_t i = 0; i < dialect_version_count; i++) {
		const struct dialect *d = &dialect_versions[i];
		const struct dialect *newest = dialect_find(d->name, strcspn(d->name, "@"));
		struct trial t = run_dialect(s, d, false);
		assert_non_null(newest);
		assert_true(t.cases > 0 && !t.failed);
		struct dialect other = *newest;
		other.name = d->name;
		if (!run_dialect(s, &other, true).failed)
			fail_msg("no case tells %s from %s %s", d->name, newest->name, newest->version);
	}
}

static int setup(void **state)
{
	static struct suite suite;

	read_suite(&suite);
	*state = &suite;
	return 0;
}

static int teardown(void **state)
{
	struct suite *s = *state;

	free(s->text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_holds),
		cmocka_unit_test(no_line_is_about_an_unknown_runtime),
		cmocka_unit_test(every_fact_of_the_table_has_a_case),
		cmocka_unit_test(versions_differ_as_cases_say),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
