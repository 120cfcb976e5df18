/*
 * What a runtime does with libseccomp at each start, as a process: peer_process LEVEL PROFILE.json FILE
 *
 * Reads the JSON that `winnow resolve` writes with jsmn, which winnow reads JSON with, too, hands libseccomp rule
 * after rule as crun does and exports the filter. Nothing is proved, and of the file's conditions nothing is left to
 * decide: that favours this side. Names that the library does not know are left out, as runtimes do. `bench/process`
 * counts it beside `winnow compile`.
 */

#include <fcntl.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#define BYTES_MAX  (1u << 20)
#define TOKENS_MAX (1u << 16)

static char text[BYTES_MAX + 1];
static jsmntok_t token[TOKENS_MAX];

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "peer_process: %s\n", what);
	exit(1);
}

/* The token behind a value and all that is in it. */
static int behind(int at)
{
	int end = token[at].end;

	do
		at++;
	while (token[at].type != JSMN_UNDEFINED && token[at].start < end);
	return at;
}

/* The value of a key, or 0: no value is the first token. */
static int find(int object, const char *key)
{
	int at = object + 1;

	for (int i = 0; i < token[object].size; i++) {
		size_t len = (size_t)(token[at].end - token[at].start);
		if (strlen(key) == len && !memcmp(text + token[at].start, key, len))
			return at + 1;
		at = behind(at + 1);
	}
	return 0;
}

/* Every delimiter has been read, so a NUL may stand behind each word. */
static const char *word(int at)
{
	text[token[at].end] = '\0';
	return text + token[at].start;
}

static uint64_t number(int object, const char *key)
{
	int at = find(object, key);

	return at ? strtoull(text + token[at].start, NULL, 10) : 0;
}

static uint32_t action(const char *name, uint64_t error)
{
	if (!strcmp(name, "SCMP_ACT_ALLOW"))
		return SCMP_ACT_ALLOW;
	if (!strcmp(name, "SCMP_ACT_LOG"))
		return SCMP_ACT_LOG;
	if (!strcmp(name, "SCMP_ACT_ERRNO"))
		return SCMP_ACT_ERRNO((uint16_t)error);
	fail("an action that no default profile has");
}

static enum scmp_compare comparison(const char *name)
{
	static const char *const names[] = {[SCMP_CMP_NE] = "SCMP_CMP_NE", [SCMP_CMP_LT] = "SCMP_CMP_LT",
		[SCMP_CMP_LE] = "SCMP_CMP_LE", [SCMP_CMP_EQ] = "SCMP_CMP_EQ", [SCMP_CMP_GE] = "SCMP_CMP_GE",
		[SCMP_CMP_GT] = "SCMP_CMP_GT", [SCMP_CMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ"};

	for (unsigned i = SCMP_CMP_NE; i <= SCMP_CMP_MASKED_EQ; i++) {
		if (!strcmp(names[i], name))
			return (enum scmp_compare)i;
	}
	fail("unknown comparison");
}

static unsigned read_args(int rule, struct scmp_arg_cmp arg[static 6])
{
	int args = find(rule, "args"), at = args + 1;
	unsigned count = args ? (unsigned)token[args].size : 0;

	if (count > 6)
		fail("too many conditions");
	for (unsigned i = 0; i < count; i++, at = behind(at)) {
		arg[i] = (struct scmp_arg_cmp){(unsigned)number(at, "index"), comparison(word(find(at, "op"))),
			number(at, "value"), number(at, "valueTwo")};
	}
	return count;
}

static void add_rule(scmp_filter_ctx ctx, int rule, uint32_t otherwise)
{
	struct scmp_arg_cmp arg[6];
	uint32_t does = action(word(find(rule, "action")), number(rule, "errnoRet"));
	unsigned args = read_args(rule, arg);
	int names = find(rule, "names"), at = names + 1;

	if (does == otherwise)
		return;
	for (int i = 0; i < token[names].size; i++, at++) {
		int nr = seccomp_syscall_resolve_name(word(at));
		if (nr != __NR_SCMP_ERROR && seccomp_rule_add_array(ctx, does, nr, args, arg) < 0)
			fail("seccomp_rule_add_array");
	}
}

static void read_profile(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, BYTES_MAX);
	jsmn_parser parser;

	jsmn_init(&parser);
	if (len <= 0 || jsmn_parse(&parser, text, (size_t)len, token, TOKENS_MAX) <= 0)
		fail("no JSON");
	close(fd);
}

static void add_architectures(scmp_filter_ctx ctx)
{
	int list = find(0, "architectures"), at = list + 1;

	for (int i = 0; list && i < token[list].size; i++, at++) {
		char name[32] = "";
		const char *from = word(at) + strlen("SCMP_ARCH_");
		for (size_t k = 0; from[k] && k + 1 < sizeof(name); k++)
			name[k] = (char)(from[k] >= 'A' && from[k] <= 'Z' ? from[k] - 'A' + 'a' : from[k]);
		uint32_t arch = seccomp_arch_resolve_name(name);
		if (!arch || (seccomp_arch_exist(ctx, arch) < 0 && seccomp_arch_add(ctx, arch) < 0))
			fail("an architecture that libseccomp does not know");
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		fail("usage: peer_process LEVEL PROFILE.json FILE");
	read_profile(argv[2]);
	uint32_t otherwise = action(word(find(0, "defaultAction")), number(0, "defaultErrnoRet"));
	scmp_filter_ctx ctx = seccomp_init(otherwise);
	if (!ctx || seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, (uint32_t)atoi(argv[1])) < 0)
		fail("seccomp_init");
	add_architectures(ctx);
	int rules = find(0, "syscalls"), at = rules + 1;
	for (int i = 0; i < token[rules].size; i++, at = behind(at))
		add_rule(ctx, at, otherwise);
	int fd = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || seccomp_export_bpf(ctx, fd) < 0)
		fail("seccomp_export_bpf");
	close(fd);
	seccomp_release(ctx);
	return 0;
}
