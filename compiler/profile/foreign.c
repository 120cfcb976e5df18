/*
 * A row a kind of file. Sources: helm.sh/docs "The Chart Template Developer's Guide"; Kubernetes API
 * reference PodSecurityContext; lxc.container.conf(5) "SECCOMP CONFIGURATION"; minijail0(5) "SECCOMP_FILTER
 * POLICY"; google/kafel README; firejail-profile(5); snapd interfaces/seccomp; firecracker docs/seccompiler.md;
 * systemd.exec(5).
 */

#include "foreign.h"

#include "../../arch/arch.h"
#include "../base/base.h"

#include <ctype.h>
#include <string.h>

#define WORDS 6
#define LINES 2 /* looked at, of those that say something */

struct line {
	const char *s;
	size_t len;
};

enum kind {
	KIND_WORDS,    /* any of the words is somewhere */
	KIND_LXC,      /* a version alone, then what the list is */
	KIND_MINIJAIL, /* name: 1 */
	KIND_NAMES,    /* a name on each line, alone or with arguments behind it; or a word for all of them */
	KIND_FILTER,   /* no text: instructions, the first of which loads a word */
	KIND_BUNDLE,   /* no text: a tar archive that begins with a manifest (tools/pack) */
	KIND_FIRST,    /* the text begins with one of the words */
};

/* The first is the one that may be about a profile. */
static const struct row {
	struct foreign foreign;
	enum kind kind;
	const char *needs; /* is somewhere, too; NULL: nothing more */
	const char *word[WORDS];
} rows[] = {
	{{"an unrendered Helm template", "render it first: helm template CHART | winnow lint -"}, KIND_WORDS, "{{",
		{".Values", ".Release", ".Chart", ".Files", "include \"", "range $"}},
	{{"a Firecracker filter", "its rules are compiled by seccompiler"}, KIND_WORDS, "\"filter\"",
		{"\"filter_action\"", "\"mismatch_action\""}},
	{{"a systemd unit", "systemd makes the filter of SystemCallFilter= itself"}, KIND_WORDS, "[Service]",
		{"SystemCallFilter=", "ExecStart="}},
	{{"a Quadlet or nspawn unit", "the profile is the file on the host that it names"}, KIND_WORDS, NULL,
		{"[Container]\n", "[Exec]\n"}},
	{{"a Kubernetes object that only names a profile", "the profile is the file on the node that it names"},
		KIND_WORDS, "kind", {"localhostProfile", ": localhost/", ": \"localhost/", ":\"localhost/", ": 'localhost/"}},
	{{"a Kubernetes object that names no profile of yours", "RuntimeDefault is the runtime's own, Unconfined is none"},
		KIND_WORDS, "kind", {"seccompProfile", "seccomp.security.alpha.kubernetes.io"}},
	{{"an nsjail or Kafel policy", "kafel compiles it"}, KIND_WORDS, NULL,
		{"seccomp_string", "seccomp_policy_file", "\nPOLICY ", "DEFAULT KILL", "DEFAULT ALLOW", "DEFAULT ERRNO"}},
	{{"a firejail profile", "firejail makes the filter of its seccomp lines itself"}, KIND_WORDS, NULL,
		{"\ncaps.drop", "\nseccomp.drop", "\nseccomp.keep", "\nprivate-dev", "\nnonewprivs", "\nseccomp\n"}},
	{{"an AppArmor profile", "apparmor_parser compiles it"}, KIND_WORDS, "{", {"#include <tunables/", "include <tunables/",
		"include <abstractions/", " flags=("}},
	{{"an LXC policy", "liblxc makes the filter of it itself"}, KIND_LXC, NULL, {NULL}},
	{{"a minijail policy", "compile_seccomp_policy compiles it"}, KIND_MINIJAIL, NULL, {NULL}},
	{{"a list of syscalls, as snap has them", "snap-seccomp compiles it"}, KIND_NAMES, NULL, {NULL}},
	{{"a filter", "winnow explain, audit, info and disasm read filters"}, KIND_FILTER, NULL, {NULL}},
};

/* What winnow writes itself: told before anything else, be a profile in it or not. */
static const struct row own_rows[] = {
	{{"a bundle", "winnow pack --list says what is in it, winnow pack --verify proves it, winnow install --source takes it"},
		KIND_BUNDLE, NULL, {NULL}},
	{{"the manifest of a bundle", "winnow pack --list and winnow pack --verify read the bundle itself"}, KIND_WORDS,
		"\"winnowBundle\"", {"\"tables\""}},
	{{"a signature", "ssh-keygen -Y verify, or minisign -V, checks what it is of (doc/bundle.md)"}, KIND_FIRST, NULL,
		{"-----BEGIN SSH SIGNATURE-----", "untrusted comment: "}},
	{{"what winnow status said of a node", "winnow status reads the node itself"}, KIND_WORDS, "\"pass\": {\"state\": ",
		{"\"fault\": "}},
	{{"the report of winnow install on its last pass", "winnow status tells what it says"}, KIND_WORDS, "\"repaired\": ",
		{"\"outcome\": "}},
	{{"a record of winnow install", "winnow status tells what it says, and winnow info and explain read the filter, NAME.bpf"},
		KIND_WORDS, "\"source_sha256\": ", {"\"worst_path\": "}},
	{{"a base spec with a filter in its annotation", "winnow info and explain read the filter as a file: install --layout bpf"},
		KIND_WORDS, "\"annotations\"", {"\"run.oci.seccomp_bpf_data\""}},
};

static bool holds(const struct source *s, const char *word)
{
	size_t len = strlen(word);
	const char *at = s->bytes, *end = s->bytes + s->len;

	while ((size_t)(end - at) >= len && (at = memchr(at, word[0], (size_t)(end - at) - len + 1))) {
		if (memcmp(at, word, len) == 0)
			return true;
		at++;
	}
	return false;
}

/* The first lines that are neither blank nor comment. */
static size_t first_lines(const struct source *s, struct line line[static LINES])
{
	size_t found = 0;

	for (size_t at = 0; at < s->len && found < LINES;) {
		const char *newline = memchr(s->bytes + at, '\n', s->len - at);
		size_t end = newline ? (size_t)(newline - s->bytes) : s->len, last = end;
		while (last > at && isspace((unsigned char)s->bytes[last - 1]))
			last--;
		if (last > at && s->bytes[at] != '#')
			line[found++] = (struct line){s->bytes + at, last - at};
		at = end + 1;
	}
	return found;
}

static bool is_name(const char *s, size_t len)
{
	uint16_t id;

	return arch_syscall_find(s, len, &id);
}

static bool starts(const struct line *l, const char *word)
{
	return l->len >= strlen(word) && memcmp(l->s, word, strlen(word)) == 0;
}

static bool is_lxc(const struct line *line, size_t lines)
{
	static const char *const lists[] = {"allowlist", "denylist", "whitelist", "blacklist"};

	for (size_t i = 0; lines == LINES && i < countof(lists); i++) {
		if (starts(&line[1], lists[i]))
			return line[0].len == 1 && (line[0].s[0] == '1' || line[0].s[0] == '2');
	}
	return false;
}

/* "read", "socket AF_UNIX", "@unrestricted" (snap-seccomp main.go) */
static bool is_named_line(const struct line *line)
{
	static const char *const all[] = {"@unrestricted", "@complain"};
	size_t len = 0;

	for (size_t i = 0; i < countof(all); i++) {
		if (line->len == strlen(all[i]) && starts(line, all[i]))
			return true;
	}
	while (len < line->len && !isspace((unsigned char)line->s[len]))
		len++;
	return is_name(line->s, len);
}

static bool is_names(const struct line *line, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		if (!is_named_line(&line[i]))
			return false;
	}
	return lines == LINES || (lines && line[0].s[0] == '@');
}

/* "read: 1", "ioctl: arg1 == 5", "open: return ENOENT" */
static bool is_minijail(const struct line *line)
{
	const char *colon = memchr(line->s, ':', line->len);

	if (!colon || !is_name(line->s, (size_t)(colon - line->s)))
		return false;
	struct line rest = {colon + 1, line->len - (size_t)(colon + 1 - line->s)};
	while (rest.len && *rest.s == ' ')
		rest = (struct line){rest.s + 1, rest.len - 1};
	return starts(&rest, "1") || starts(&rest, "arg") || starts(&rest, "return") || starts(&rest, "allow");
}

/* struct sock_filter (linux/filter.h), in either byte order: eight bytes each, BPF_LD | BPF_W | BPF_ABS. */
static bool is_filter(const struct source *s)
{
	return s->len >= 16 && s->len % 8 == 0 &&
		(memcmp(s->bytes, "\x20\0\0\0", 4) == 0 || memcmp(s->bytes, "\0\x20\0\0", 4) == 0);
}

/* The name of the archive's first member, and the byte 0 behind it: no filter has such an instruction. */
static bool is_bundle(const struct source *s)
{
	static const char first[] = "manifest.json";

	return s->len > sizeof(first) && memcmp(s->bytes, first, sizeof(first)) == 0;
}

static bool is_like(const struct source *s, const struct row *row)
{
	struct line line[LINES];
	size_t lines = first_lines(s, line);

	if (row->needs && !holds(s, row->needs))
		return false;
	switch (row->kind) {
	case KIND_BUNDLE:
		return is_bundle(s);
	case KIND_FIRST:
		for (size_t i = 0; i < WORDS && row->word[i] && lines; i++) {
			if (starts(&line[0], row->word[i]))
				return true;
		}
		return false;
	case KIND_WORDS:
		for (size_t i = 0; i < WORDS && row->word[i]; i++) {
			if (holds(s, row->word[i]))
				return true;
		}
		return false;
	case KIND_LXC:
		return is_lxc(line, lines);
	case KIND_MINIJAIL:
		return lines && is_minijail(&line[lines - 1]);
	case KIND_NAMES:
		return is_names(line, lines);
	case KIND_FILTER:
		return is_filter(s);
	}
	unreachable();
}

#define LOOKED_AT ((size_t)256 << 10) /* bytes: what such files are shows early */

static struct source head_of(const struct source *whole)
{
	struct source head = *whole;

	head.len = head.len > LOOKED_AT ? LOOKED_AT : head.len;
	return head;
}

const struct foreign *foreign_own(const struct source *whole)
{
	const struct source head = head_of(whole);
	const bool text = !memchr(head.bytes, 0, head.len);

	for (size_t i = 0; i < countof(own_rows); i++) {
		if ((text || own_rows[i].kind == KIND_BUNDLE) && is_like(&head, &own_rows[i]))
			return &own_rows[i].foreign;
	}
	return NULL;
}

const struct foreign *foreign_find(const struct source *whole)
{
	const struct source head = head_of(whole);
	const struct foreign *own = foreign_own(whole);

	for (size_t i = 0; !own && i < countof(rows); i++) {
		if (i > 0 && holds(&head, "defaultAction")) /* of a template it may be the profile's */
			break;
		if (is_like(&head, &rows[i]))
			own = &rows[i].foreign;
	}
	return own;
}
