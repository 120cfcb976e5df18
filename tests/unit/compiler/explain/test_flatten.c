/*
 * A resolved profile means to every runtime what the original means to its own. Over every profile
 * at hand: those of conformance/, those winnow ships, podman's where it is installed, and those
 * below ../shared/profiles or the folder that CORPUS names. The program of the original is proved
 * against the policy of what was read back.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"
#include "tests/lib/textfile.h"

#include "compiler/explain/flatten.h"
#include "tools/lib/build.h"

#include <dirent.h>
#include <unistd.h>

#define ARENA ((size_t)512 << 20)

/* --- one profile --- */

struct check {
	const char *path;
	struct arena arena;
	struct source source;
	struct diags diags;
	const struct profile *profile;
	const struct abi *native;
	char *verified; /* the last JSON that was */
	size_t resolved, refused;
};

static const struct policy *make_policy(struct check *c, const struct profile *profile,
	const struct node_facts *node, struct diags *diags, const struct ruleset **set)
{
	const struct ruleset *read = profile ? select_rules(&c->arena, profile, node, diags) : NULL;

	*set = NULL;
	if (read) { /* what a filter refuses whatever is read is the same for all */
		struct ruleset *same = arena_alloc(&c->arena, 1, sizeof(*same));
		*same = *read;
		same->refuses_foreign = true;
		*set = same;
	}
	return *set ? rules_policy(&c->arena, set, 1, diags) : NULL;
}

/* What a runtime makes of the JSON; NULL if it refuses it. */
static const struct policy *read_back(struct check *c, const struct source *json,
	const struct dialect *dialect, enum enosys enosys, struct buf *again)
{
	struct node_facts node = {.native = c->native, .dialect = dialect, .enosys = enosys};
	const struct ruleset *set;
	struct diags diags;

	diags_init(&diags, &c->arena, json);
	const struct profile *profile = build_profile(&c->arena, json, &diags);
	const struct policy *policy = make_policy(c, profile, &node, &diags, &set);
	for (const struct diag *d = diags.first; d; d = d->next) {
		bool plain = d->id != DIAG_UNKNOWN_KEY && d->id != DIAG_UNKNOWN_SYSCALL &&
			d->id != DIAG_SAME_INDEX && d->id != DIAG_KEY_CASE;
		if (!plain || (d->severity == SEVERITY_ERROR && d->id != DIAG_REFUSED))
			fail_msg("%s, resolved, read by %s: %s", c->path, dialect->name, d->text);
	}
	if (policy && again) {
		buf_init(again, &c->arena);
		flatten(again, set, profile, 0, NULL);
	}
	return policy;
}

static bool same_text(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Each runtime reads one policy from the JSON, and the program of the original means it. */
static void check_readings(struct check *c, const struct source *json,
	const struct program *program, enum enosys enosys)
{
	struct buf first = {0}, printed;
	struct witness witness;

	for (size_t i = 0; i <= dialect_count; i++) {
		const struct dialect *d = i < dialect_count ? &dialects[i] : &dialect_author;
		const struct policy *policy = read_back(c, json, d, enosys, NULL);
		if (!policy)
			continue;
		buf_init(&printed, &c->arena);
		policy_print(&printed, policy);
		if (first.len && same_text(&first, &printed))
			continue;
		first = printed;
		if (prove(&c->arena, program, policy, &witness) != PROOF_HOLDS)
			fail_msg("%s, resolved: %s reads it otherwise (%s)", c->path, d->name,
				witness.why ? witness.why : "see the witness");
	}
}

static void build(struct check *c, const struct policy *policy, struct filter *filter)
{
	struct mistake mistake;

	if (build_policy(&c->arena, policy, NULL, &c->diags, filter, &mistake) != BUILD_DONE)
		fail_msg("%s: not built", c->path);
}

static void check_stub(struct check *c, const struct source *json, struct node_facts node)
{
	const struct ruleset *set;
	struct filter filter;

	node.enosys = ENOSYS_RUNC;
	build(c, make_policy(c, c->profile, &node, &c->diags, &set), &filter);
	check_readings(c, json, &filter.program, ENOSYS_RUNC);
}

/* Resolved once more it stays as it is. */
static void check_again(struct check *c, const struct source *json, bool stub)
{
	struct buf again;

	if (!stub && read_back(c, json, &dialect_author, ENOSYS_OFF, &again) &&
		(again.len != json->len || memcmp(again.bytes, json->bytes, json->len) != 0))
		fail_msg("%s: resolved twice it changes", c->path);
}

static void check_runtime(struct check *c, const struct dialect *dialect)
{
	struct node_facts node = {.native = c->native, .dialect = dialect};
	const struct ruleset *set;
	struct filter filter;
	struct buf json;

	diags_init(&c->diags, &c->arena, &c->source);
	const struct policy *policy = make_policy(c, c->profile, &node, &c->diags, &set);
	if (!policy) {
		c->refused++;
		return;
	}
	bool stub = dialect->enosys == ENOSYS_RUNC;
	buf_init(&json, &c->arena);
	flatten(&json, set, c->profile, stub ? FLATTEN_KEEPS_STUB : 0, NULL);
	buf_add(&json, stub ? "+" : "-", 2);
	c->resolved++;
	if (c->verified && strcmp(c->verified, json.bytes) == 0)
		return;
	c->verified = json.bytes;
	struct source text = {"resolved.json", json.bytes, json.len - 2, false};
	build(c, policy, &filter);
	check_readings(c, &text, &filter.program, ENOSYS_OFF);
	if (stub)
		check_stub(c, &text, node);
	check_again(c, &text, stub);
}

static void check_node(struct check *c)
{
	check_runtime(c, &dialect_author);
	for (size_t i = 0; i < dialect_count; i++)
		check_runtime(c, &dialects[i]);
}

static void check_source(struct check *c)
{
	if (setjmp(c->arena.out))
		fail_msg("%s: out of memory", c->path);
	diags_init(&c->diags, &c->arena, &c->source);
	c->profile = build_profile(&c->arena, &c->source, &c->diags);
	if (c->profile)
		check_node(c);
}

/* How many readings of profiles were resolved, how many refused. */
struct tally {
	size_t resolved, refused;
};

static void check_profile(const char *path, const char *const *abi, struct tally *tally)
{
	size_t len;
	char *bytes = textfile_read(path, &len);

	for (; *abi; abi++) {
		struct check *c = calloc(1, sizeof(*c));
		assert_non_null(c);
		c->path = path;
		c->native = abi_named(*abi);
		c->source = (struct source){path, bytes, len, false};
		arena_init(&c->arena, ARENA);
		check_source(c);
		tally->resolved += c->resolved;
		tally->refused += c->refused;
		arena_free(&c->arena);
		free(c);
	}
	free(bytes);
}

/* --- folders --- */

#define DEPTH_MAX 8 /* folders within folders */

static bool is_profile(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".json") == 0 || strcmp(dot, ".yaml") == 0);
}

/* A file, or all profiles below a folder. */
static void check_below(const char *path, const char *const *abi, int depth, struct tally *tally)
{
	DIR *dir = opendir(path);
	char inner[1024];

	if (!dir) {
		if (is_profile(path))
			check_profile(path, abi, tally);
		return;
	}
	if (depth == DEPTH_MAX)
		fail_msg("%s: too many folders within folders", path);
	for (const struct dirent *e; (e = readdir(dir));) {
		if (e->d_name[0] == '.')
			continue;
		int len = snprintf(inner, sizeof(inner), "%s/%s", path, e->d_name);
		assert_in_range(len, 1, sizeof(inner) - 1);
		check_below(inner, abi, depth + 1, tally);
	}
	closedir(dir);
}

static void check_all(const char *path, const char *const *abi)
{
	struct tally tally = {0};

	check_below(path, abi, 0, &tally);
	print_message(
		"NOTE %s: %zu profiles as runtimes read them resolved and proved, %zu refused\n",
		path, tally.resolved, tally.refused);
	assert_true(tally.resolved > 0);
}

static void small_profiles_mean_the_same_resolved(void **state)
{
	static const char *const abi[] = {"x86_64", "s390x", "mips64", "aarch64", "x86", NULL};

	(void)state;
	check_all("tests/data/conformance", abi);
}

static void shipped_profiles_mean_the_same_resolved(void **state)
{
	static const char *const abi[] = {"x86_64", "aarch64", "s390x", NULL};

	(void)state;
	check_all("profiles", abi);
}

/* What another makes may be missing here; then that is said, and what ships has been tested. */
static void check_if_there(const char *path, const char *const *abi, const char *hint)
{
	if (access(path, R_OK) != 0) {
		print_message("NOTE SKIP: there is no %s: %s\n", path, hint);
		skip();
	}
	check_all(path, abi);
}

static void podman_s_profile_means_the_same_resolved(void **state)
{
	static const char *const abi[] = {"x86_64", "aarch64", "s390x", "mips64", NULL};

	(void)state;
	check_if_there("/usr/share/containers/seccomp.json", abi,
		"apt-get install golang-github-containers-common");
}

static void a_corpus_means_the_same_resolved(void **state)
{
	static const char *const abi[] = {"x86_64", NULL};
	const char *corpus = getenv("CORPUS");

	(void)state;
	if (corpus)
		check_all(corpus, abi);
	else
		check_if_there("../shared/profiles", abi, "CORPUS names a folder of profiles");
}

/* --- what it looks like --- */

static const char *resolved(
	struct attempt *a, const char *text, const struct node_facts *node, bool stub)
{
	struct buf b;

	attempt_text(a, text);
	attempt_node(a, node);
	assert_non_null(a->policy);
	ATTEMPT_CATCH(a);
	const struct ruleset *set = a->ruleset;
	if (set->enosys != ENOSYS_OFF)
		set = flatten_enosys(&a->arena, set, &a->diags);
	buf_init(&b, &a->arena);
	flatten(&b, set, a->profile, stub ? FLATTEN_KEEPS_STUB : 0, NULL);
	buf_add(&b, "", 1);
	for (char *s = b.bytes; *s; s++) {
		if (*s == '"')
			*s = '\'';
	}
	return b.bytes;
}

static void rules_are_sorted_into_entries(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64"), .dialect = &dialects[0]};
	struct attempt a;

	(void)state;
	const char *json = resolved(&a,
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrno': 'ENOSYS', 'flags': [], "
		"'archMap': ["
		"{'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': ['SCMP_ARCH_X86']}], "
		"'syscalls': ["
		"{'name': 'write', 'action': 'SCMP_ACT_ALLOW'},"
		"{'names': ['ioctl'], 'action': 'SCMP_ACT_TRACE', 'args': ["
		"{'index': 1, 'value': 5, 'op': 'SCMP_CMP_EQ'},"
		"{'index': 1, 'value': 240, 'valueTwo': 47, 'op': 'SCMP_CMP_MASKED_EQ'}]},"
		"{'names': ['read', 'write', 'nonsense'], 'action': 'SCMP_ACT_ALLOW'},"
		"{'names': ['close'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1},"
		"{'names': ['mount'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': "
		"['CAP_SYS_ADMIN']}}]}",
		&node, false);
	assert_string_equal(json,
		"{\n\t'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 1,\n"
		"\t'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],\n"
		"\t'flags': [],\n"
		"\t'syscalls': [\n"
		"\t\t{\n\t\t\t'names': [\n\t\t\t\t'read', 'write'\n\t\t\t],\n"
		"\t\t\t'action': 'SCMP_ACT_ALLOW'\n\t\t},\n"
		"\t\t{\n\t\t\t'names': [\n\t\t\t\t'ioctl'\n\t\t\t],\n"
		"\t\t\t'action': 'SCMP_ACT_TRACE', 'errnoRet': 1,\n"
		"\t\t\t'args': [\n\t\t\t\t{'index': 1, 'value': 5, 'op': "
		"'SCMP_CMP_EQ'}\n\t\t\t]\n\t\t},\n"
		"\t\t{\n\t\t\t'names': [\n\t\t\t\t'ioctl'\n\t\t\t],\n"
		"\t\t\t'action': 'SCMP_ACT_TRACE', 'errnoRet': 1,\n"
		"\t\t\t'args': [\n\t\t\t\t{'index': 1, 'value': 240, 'valueTwo': 32, "
		"'op': 'SCMP_CMP_MASKED_EQ'}\n\t\t\t]\n\t\t}\n\t]\n}\n");
	attempt_end(&a, true);
}

static void the_name_that_sets_the_stub_s_height_stays(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64"), .dialect = &dialects[0]};
	struct attempt a;

	(void)state;
	const char *json = resolved(&a,
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': ["
		"{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'},"
		"{'names': ['mseal', 'cachestat'], 'action': 'SCMP_ACT_ERRNO'}]}",
		&node, true);
	assert_non_null(
		strstr(json, "'mseal'\n\t\t\t],\n\t\t\t'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1"));
	assert_null(strstr(json, "cachestat"));
	attempt_end(&a, true);
}

/* runc 1.1's stub is on ABIs alone that the profile lists: what lists none gets none. */
static void an_abi_without_a_stub_stays_unlisted(void **state)
{
	static const char *const listed[][2] = {{"", NULL}, {"'SCMP_ARCH_X86'", "['SCMP_ARCH_X86']"},
		{"'SCMP_ARCH_X86', 'SCMP_ARCH_X86_64'", "['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']"}};
	struct node_facts node = {.native = abi_named("x86_64"), .dialect = dialect_find("runc@1.1", 8)};
	char text[512];
	struct attempt a;

	(void)state;
	for (size_t i = 0; i < countof(listed); i++) {
		snprintf(text, sizeof(text), "{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': [%s], 'syscalls': ["
			"{'names': ['read', 'openat2'], 'action': 'SCMP_ACT_ALLOW'}]}", listed[i][0]);
		const char *json = resolved(&a, text, &node, true);
		const char *list = strstr(json, "'architectures': ");
		if (listed[i][1] ? !list || strncmp(list + 17, listed[i][1], strlen(listed[i][1])) != 0 : list != NULL)
			fail_msg("[%s] is resolved to %s", listed[i][0], json);
		attempt_end(&a, true);
	}
}

static void newer_syscalls_are_named(void **state)
{
	struct node_facts node = {.native = abi_named("x86_64"), .enosys = ENOSYS_TABLE};
	struct attempt a;

	(void)state;
	const char *json = resolved(&a,
		"{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': ["
		"{'names': ['read', 'cachestat'], 'action': 'SCMP_ACT_ALLOW'}]}",
		&node, false);
	assert_non_null(strstr(json, "'mseal'"));
	assert_non_null(strstr(json, "'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38"));
	assert_null(strstr(json, "openat2"));
	attempt_end(&a, true);
}

/* JSON made for a runtime is taken by it on nodes whose ABI it has no name for, too. */
static void every_runtime_takes_what_is_resolved_for_it(void **state)
{
	char json[512];
	struct attempt a;

	(void)state;
	for (size_t d = 0; d < dialect_count; d++) {
		for (size_t i = 0; i < arch_abi_count; i++) {
			struct node_facts node = {.native = &arch_abis[i], .dialect = &dialects[d]};
			snprintf(json, sizeof(json), "%s",
				resolved(&a, "{'defaultAction': 'SCMP_ACT_LOG', 'syscalls': []}", &node, false));
			attempt_end(&a, true);
			attempt_text(&a, json);
			attempt_node(&a, &node);
			if (!a.policy)
				fail_msg("%s on %s does not take %s", node.dialect->name, node.native->name, json);
			attempt_end(&a, true);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_sorted_into_entries),
		cmocka_unit_test(the_name_that_sets_the_stub_s_height_stays),
		cmocka_unit_test(an_abi_without_a_stub_stays_unlisted),
		cmocka_unit_test(every_runtime_takes_what_is_resolved_for_it),
		cmocka_unit_test(newer_syscalls_are_named),
		cmocka_unit_test(small_profiles_mean_the_same_resolved),
		cmocka_unit_test(shipped_profiles_mean_the_same_resolved),
		cmocka_unit_test(podman_s_profile_means_the_same_resolved),
		cmocka_unit_test(a_corpus_means_the_same_resolved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
