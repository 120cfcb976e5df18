/*
 * The formats, key by key. Docker's profile type holds all keys of the OCI's linux.seccomp and a
 * few more, containers/common adds errno names, so one reader takes them all; where the profile
 * lies in a larger document (config.json, a SeccompProfile resource) it is found by content.
 *
 * Sources: opencontainers/runtime-spec config-linux.md "Seccomp"; moby/profiles seccomp.go;
 * containers/common pkg/seccomp/types.go; kubernetes-sigs/security-profiles-operator api/.
 */

#include "profile_read.h"

#include "read_action.h"
#include "dialect.h"
#include "reader.h"
#include "rounded.h"
#include "symbolic.h"
#include "../base/suggest.h"

#include "../../arch/arch.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static const char *const op_names[PROFILE_OPS] = {
	[OP_NE] = "SCMP_CMP_NE",
	[OP_LT] = "SCMP_CMP_LT",
	[OP_LE] = "SCMP_CMP_LE",
	[OP_EQ] = "SCMP_CMP_EQ",
	[OP_GE] = "SCMP_CMP_GE",
	[OP_GT] = "SCMP_CMP_GT",
	[OP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
};

const char *profile_op_name(enum profile_op op)
{
	return op_names[op];
}

static bool read_op(struct reader *r, uint32_t cond, uint32_t node, enum profile_op *op)
{
	if (node == JSON_NONE)
		return diag(r->diags, DIAG_NO_OP, NODE_PLACE(r, cond), "condition has no 'op'");
	struct text text = reader_text(r, node, "op");
	if (!text.s)
		return false;
	for (unsigned i = 0; i < PROFILE_OPS; i++) {
		if (text_is(&text, op_names[i])) {
			*op = (enum profile_op)i;
			return true;
		}
	}
	struct suggestion near = suggest_start(text.s, text.len);
	for (unsigned i = 0; i < PROFILE_OPS; i++)
		suggest_offer(&near, op_names[i]);
	diag(r->diags, DIAG_UNKNOWN_OP, text.at, text.at_len, "unknown operator '%s'", text.s);
	diag_meant(r->diags, near.best);
	return false;
}

static void check_values(struct reader *r, const struct profile_cond *c, uint32_t two)
{
	if (c->op == OP_MASKED_EQ) {
		if (c->value_two & ~c->value)
			diag(r->diags, DIAG_VALUE_OUTSIDE_MASK, NODE_PLACE(r, two),
				"valueTwo has bits outside the mask in value; they are ignored");
	} else if (c->value_two) {
		diag(r->diags, DIAG_VALUE_TWO_UNUSED, NODE_PLACE(r, two),
			"%s does not look at valueTwo", op_names[c->op]);
	}
}

static void tell_rounded(struct reader *r, uint32_t node, const char *what, uint64_t value)
{
	uint64_t low, high;

	if (!rounded_double(value, &low, &high))
		return;
	diag(r->diags, DIAG_DOUBLE, NODE_PLACE(r, node),
		"%s reads like a number that a program has rounded: any from %" PRIu64 " to %" PRIu64, what, low, high);
	diag_note(r->diags, NOWHERE, 1,
		"that is 0x%" PRIx64 " to 0x%" PRIx64 "; programs that keep numbers as doubles (JavaScript, jq before 1.7) write "
		"them so", low, high);
}

/* A number that an argument is compared with. */
static bool read_number(struct reader *r, uint32_t node, const char *what, uint64_t *value)
{
	struct buf b;

	if (reader_uint(r, node, what, UINT64_MAX, value)) {
		tell_rounded(r, node, what, *value);
		return true;
	}
	if (node == JSON_NONE || r->json->node[node].type != JSON_STRING)
		return false;
	const struct text text = json_text(r->json, r->arena, node);
	buf_init(&b, r->arena);
	if (symbolic_number(&b, text.s, text.len))
		diag_note(r->diags, NOWHERE, 1, "%s", buf_string(&b));
	return false;
}

static bool read_cond(struct reader *r, uint32_t node, struct profile_cond *c)
{
	enum { INDEX, VALUE, VALUE_TWO, OP, KEYS };
	static const char *const keys[KEYS] = {"index", "value", "valueTwo", "op"};
	uint32_t v[KEYS];
	uint64_t index;

	if (!reader_is(r, node, JSON_OBJECT, "an element of args"))
		return false;
	reader_members(r, node, keys, KEYS, v);
	c->at = r->json->node[node].at;
	c->len = r->json->node[node].len;
	bool ok = reader_uint(r, v[INDEX], "index", UINT64_MAX, &index);
	if (ok && index >= 6)
		ok = diag(r->diags, DIAG_BAD_INDEX, NODE_PLACE(r, v[INDEX]),
			"a syscall has six arguments, index 0 to 5");
	c->index = (uint8_t)(index < 6 ? index : 0);
	ok = read_number(r, v[VALUE], "value", &c->value) && ok;
	ok = read_number(r, v[VALUE_TWO], "valueTwo", &c->value_two) && ok;
	c->two_given = v[VALUE_TWO] != JSON_NONE;
	ok = read_op(r, node, v[OP], &c->op) && ok;
	if (ok)
		check_values(r, c, v[VALUE_TWO]);
	return ok;
}

/*
 * "4.8": exactly two decimal numbers, 0..255. "" is 0.0 to Docker (profiles/seccomp/seccomp.go 20.10.24,
 * KernelVersion.UnmarshalJSON: a version that is there, and zero). Every kernel reaches it, so in includes it
 * is as if it were not there.
 */
static void read_min_kernel(struct reader *r, uint32_t node, bool excludes, struct profile_filter *filter)
{
	struct text text = reader_text(r, node, "minKernel");
	unsigned part[2] = {0, 0};
	size_t i = 0, p = 0;

	if (!text.s)
		return;
	if (!text.len) {
		if (excludes)
			filter->min_kernel = (struct kernel_version){.present = true, .at = text.at, .len = text.at_len};
		return;
	}
	for (; p < 2; p++) {
		size_t first = i;
		while (i < text.len && text.s[i] >= '0' && text.s[i] <= '9' && part[p] <= 255)
			part[p] = part[p] * 10 + (unsigned)(text.s[i++] - '0');
		if (i == first || part[p] > 255 || (p == 0 && text.s[i++] != '.'))
			break;
	}
	if (p == 2 && i == text.len && (part[0] || part[1]))
		filter->min_kernel = (struct kernel_version){true, part[0], part[1], text.at, text.at_len};
	else
		filter->bad_kernel = text;
}

static struct profile_filter read_filter(struct reader *r, uint32_t node, bool excludes)
{
	enum { CAPS, ARCHES, MIN_KERNEL, KEYS };
	static const char *const keys[KEYS] = {"caps", "arches", "minKernel"};
	struct profile_filter filter = {0};
	uint32_t v[KEYS];

	if (node == JSON_NONE || !reader_is(r, node, JSON_OBJECT, excludes ? "excludes" : "includes"))
		return filter;
	filter.present = true;
	filter.at = r->json->node[node].at;
	filter.len = r->json->node[node].len;
	reader_members(r, node, keys, KEYS, v);
	filter.caps = reader_texts(r, v[CAPS], "caps");
	filter.arches = reader_texts(r, v[ARCHES], "arches");
	read_min_kernel(r, v[MIN_KERNEL], excludes, &filter);
	return filter;
}

static void read_conds(struct reader *r, uint32_t node, struct profile_rule *rule)
{
	if (node == JSON_NONE || !reader_is(r, node, JSON_ARRAY, "args"))
		return;
	struct profile_cond *cond = arena_alloc(r->arena, r->json->node[node].count, sizeof(*cond));
	uint32_t n = r->json->node[node].child;
	for (; n != JSON_NONE; n = r->json->node[n].next) {
		if (read_cond(r, n, &cond[rule->conds]))
			rule->conds++;
	}
	rule->cond = cond;
}

static void read_names(
	struct reader *r, uint32_t at, uint32_t names, uint32_t name, struct profile_rule *rule)
{
	rule->names = reader_texts(r, names, "names");
	rule->lacks_names = names == JSON_NONE;
	for (size_t i = 0; i < rule->names.count; i++) {
		if (!rule->names.text[i].len)
			diag(r->diags, DIAG_EMPTY_NAME, rule->names.text[i].at,
				rule->names.text[i].at_len, "empty syscall name");
	}
	struct text *legacy = arena_alloc(r->arena, 1, sizeof(*legacy));
	*legacy = reader_text(r, name, "name");
	if (legacy->len && rule->names.count) { /* Docker: "" beside names is no name */
		diag(r->diags, DIAG_NAME_AND_NAMES, legacy->at, legacy->at_len,
			"rule has both 'name' and 'names'");
		diag_note(r->diags, NODE_PLACE(r, names), "'names' is here; move the name into it");
	} else if (legacy->len) {
		rule->legacy = true;
		rule->names = (struct texts){legacy, 1, true};
	} else if (names == JSON_NONE || (rule->names.present && !r->json->node[names].count)) {
		diag(r->diags, DIAG_NO_NAMES, NODE_PLACE(r, at), "rule names no syscall");
	}
}

static void read_rule(struct reader *r, uint32_t node, struct profile_rule *rule)
{
	enum { NAMES, NAME, ACTION, ERRNO_RET, ERRNO, ARGS, COMMENT, INCLUDES, EXCLUDES, KEYS };
	static const char *const keys[KEYS] = {"names", "name", "action", "errnoRet", "errno",
		"args", "comment", "includes", "excludes"};
	uint32_t v[KEYS];

	rule->at = r->json->node[node].at;
	if (!reader_is(r, node, JSON_OBJECT, "an element of syscalls"))
		return;
	reader_members(r, node, keys, KEYS, v);
	read_names(r, node, v[NAMES], v[NAME], rule);
	rule->action.errnum = read_errno(r, v[ERRNO_RET], v[ERRNO]);
	if (v[ACTION] == JSON_NONE)
		diag(r->diags, DIAG_NO_ACTION, NODE_PLACE(r, node), "rule has no 'action'");
	else if (read_action(r, v[ACTION], "action", &rule->action))
		read_action_check(r, &rule->action);
	read_conds(r, v[ARGS], rule);
	rule->includes = read_filter(r, v[INCLUDES], false);
	rule->excludes = read_filter(r, v[EXCLUDES], true);
	reader_text(r, v[COMMENT], "comment");
}

/* Whole files are written that way: one word for all their rules. */
static void report_legacy(struct reader *r, const struct profile_rule *rule, size_t rules)
{
	const struct text *first = NULL;
	size_t count = 0;

	for (size_t i = rules; i-- > 0;) {
		if (rule[i].legacy) {
			first = &rule[i].names.text[0];
			count++;
		}
	}
	if (!first)
		return;
	diag(r->diags, DIAG_LEGACY_NAME, first->at, first->at_len,
		"'name' is Docker's legacy key: containerd drops such rules (%zu here) without a "
		"word",
		count);
	diag_note(r->diags, first->at, first->at_len, "write \"names\": [\"%s\"]", first->s);
}

static void read_rules(struct reader *r, uint32_t node, struct profile *p)
{
	if (node == JSON_NONE || !reader_is(r, node, JSON_ARRAY, "syscalls"))
		return;
	struct profile_rule *rule = arena_alloc(r->arena, r->json->node[node].count, sizeof(*rule));
	uint32_t n = r->json->node[node].child;
	for (; n != JSON_NONE; n = r->json->node[n].next)
		read_rule(r, n, &rule[p->rules++]);
	p->rule = rule;
	report_legacy(r, rule, p->rules);
}

#define OCI_NATIVE "SCMP_ARCH_NATIVE"

/* SCMP_ARCH_AMD64 is what somebody writes who knows an architecture by another name. */
static const char *nearest_arch(const struct text *text)
{
	static const char prefix[] = "SCMP_ARCH_";
	const size_t len = sizeof(prefix) - 1;
	struct suggestion near = suggest_start(text->s, text->len);

	if (text->len > len && strncasecmp(text->s, prefix, len) == 0) {
		const struct abi *abi = arch_find(text->s + len, text->len - len);
		if (abi)
			return abi->oci;
	}
	for (size_t i = 0; i < arch_abi_count; i++)
		suggest_offer(&near, arch_abis[i].oci);
	return near.best;
}

/* crun: seccomp.c cuts SCMP_ARCH_ in capitals and asks libseccomp for the rest in lower case. */
static bool is_plain_arch(const struct text *text, const struct abi *abi)
{
	static const char prefix[] = "SCMP_ARCH_";
	const char *name = text->s;

	if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
		name += sizeof(prefix) - 1;
	return strcasecmp(name, abi->name) == 0;
}

static bool read_arch(struct reader *r, uint32_t node, const char *what, struct profile_arch *arch)
{
	struct text text = reader_text(r, node, what);
	if (!text.s)
		return false;
	*arch = (struct profile_arch){
		.abi = arch_find(text.s, text.len), .at = text.at, .len = text.at_len};
	arch->exact = arch->abi && strcmp(text.s, arch->abi->oci) == 0;
	arch->plain = arch->abi && is_plain_arch(&text, arch->abi);
	bool native = text.len == strlen(OCI_NATIVE) && strcasecmp(text.s, OCI_NATIVE) == 0;
	if (!arch->abi && !native) {
		diag(r->diags, DIAG_UNKNOWN_ARCH, text.at, text.at_len, "unknown architecture '%s'",
			text.s);
		if (!r->diags->last)
			return false; /* one of thousands, not kept: no time for advice */
		diag_meant(r->diags, nearest_arch(&text));
		return false;
	}
	if (native)
		diag(r->diags, DIAG_ARCH_SPELLING, text.at, text.at_len,
			"runc and crun refuse '%s'; the native architecture is always there",
			text.s);
	else if (!arch->exact)
		diag(r->diags, DIAG_ARCH_SPELLING, text.at, text.at_len,
			"runc spells '%s' only '%s' and refuses the profile", text.s,
			arch->abi->oci);
	return true;
}

static struct profile_arches read_arches(struct reader *r, uint32_t node, const char *what)
{
	struct profile_arches list = {0};

	if (node == JSON_NONE || !reader_is(r, node, JSON_ARRAY, what))
		return list;
	struct profile_arch *arch = arena_alloc(r->arena, r->json->node[node].count, sizeof(*arch));
	uint32_t n = r->json->node[node].child;
	for (; n != JSON_NONE; n = r->json->node[n].next) {
		if (!read_arch(r, n, what, &arch[list.count]))
			continue;
		size_t i = 0;
		while (arch[i].abi != arch[list.count].abi || arch[i].exact != arch[list.count].exact)
			i++; /* two of each at most, however long the list */
		if (i == list.count)
			list.count++;
		else
			diag(r->diags, DIAG_DUPLICATE_ARCH, NODE_PLACE(r, n),
				"architecture is listed twice");
	}
	list.arch = arch;
	return list;
}

static void read_arch_map(struct reader *r, uint32_t node, struct profile *p)
{
	enum { ARCHITECTURE, SUBS, KEYS };
	static const char *const keys[KEYS] = {"architecture", "subArchitectures"};
	uint32_t v[KEYS];

	if (node == JSON_NONE || !reader_is(r, node, JSON_ARRAY, "archMap"))
		return;
	struct profile_arch_map *map =
		arena_alloc(r->arena, r->json->node[node].count, sizeof(*map));
	uint32_t n = r->json->node[node].child;
	for (; n != JSON_NONE; n = r->json->node[n].next) {
		if (!reader_is(r, n, JSON_OBJECT, "an element of archMap"))
			continue;
		reader_members(r, n, keys, KEYS, v);
		if (v[ARCHITECTURE] == JSON_NONE)
			diag(r->diags, DIAG_TYPE, NODE_PLACE(r, n),
				"element of archMap has no 'architecture'");
		bool ok = read_arch(r, v[ARCHITECTURE], "architecture", &map[p->arch_maps].main);
		map[p->arch_maps].subs = read_arches(r, v[SUBS], "subArchitectures");
		if (ok && map[p->arch_maps].main.abi)
			p->arch_maps++;
	}
	p->arch_map = map;
	p->arch_map_at = r->json->node[node].at;
	p->arch_map_len = r->json->node[node].len;
	for (size_t i = 1; i < p->arch_maps; i++) {
		size_t k = 0;
		while (k < i && map[k].main.abi != map[i].main.abi)
			k++;
		if (k == i)
			continue;
		diag(r->diags, DIAG_DUPLICATE_ARCH, map[i].main.at, map[i].main.len,
			"archMap has two entries for %s: the first is taken",
			map[i].main.abi->name);
		diag_note(r->diags, map[k].main.at, map[k].main.len, "the first");
	}
}

static void read_flags(struct reader *r, uint32_t node, struct profile *p)
{
	p->flags_at = node == JSON_NONE ? NOWHERE : r->json->node[node].at;
	p->flags = reader_texts(r, node, "flags");
	for (size_t i = 0; i < p->flags.count; i++) {
		const struct text *flag = &p->flags.text[i];
		struct suggestion near = suggest_start(flag->s, flag->len);
		if (dialect_flag(flag->s, flag->len))
			continue;
		for (size_t k = 0; k < FILTER_FLAGS; k++)
			suggest_offer(&near, dialect_flag_name(k));
		diag(r->diags, DIAG_UNKNOWN_FLAG, flag->at, flag->at_len,
			"unknown filter flag '%s'", flag->s);
		diag_meant(r->diags, near.best);
	}
}

static void read_default(struct reader *r, uint32_t root, const uint32_t v[3], struct profile *p)
{
	p->default_action.errnum = read_errno(r, v[1], v[2]);
	if (v[0] == JSON_NONE)
		diag(r->diags, DIAG_NO_DEFAULT, r->json->node[root].at, 1,
			"profile has no 'defaultAction': Docker would run the container "
			"unfiltered");
	else if (read_action(r, v[0], "defaultAction", &p->default_action))
		read_action_check(r, &p->default_action);
}

/* What a SeccompProfile has besides. */
static void read_resource(
	struct reader *r, uint32_t base_profile, uint32_t disabled, struct profile *p)
{
	struct text base = reader_text(r, base_profile, "baseProfileName");

	p->base = base;
	if (base.len && !r->base_known)
		diag(r->diags, DIAG_BASE_PROFILE, base.at, base.at_len,
			"profile '%s' is not here: the filter has the rules of this file alone", base.s);
	if (disabled != JSON_NONE && r->json->node[disabled].type == JSON_TRUE)
		diag(r->diags, DIAG_DISABLED, NODE_PLACE(r, disabled),
			"the profile is disabled: the operator installs it nowhere");
}

static void read_profile(struct reader *r, uint32_t root, struct profile *p)
{
	enum {
		DEFAULT_ACTION,
		DEFAULT_ERRNO_RET,
		DEFAULT_ERRNO,
		ARCHITECTURES,
		ARCH_MAP,
		FLAGS,
		LISTENER_PATH,
		LISTENER_METADATA,
		SYSCALLS,
		COMMON_KEYS,
		BASE_PROFILE = COMMON_KEYS,
		DISABLED,
		KEYS
	};
	static const char *const keys[KEYS] = {"defaultAction", "defaultErrnoRet", "defaultErrno",
		"architectures", "archMap", "flags", "listenerPath", "listenerMetadata", "syscalls",
		"baseProfileName", "disabled"};
	uint32_t v[KEYS];

	v[BASE_PROFILE] = v[DISABLED] = JSON_NONE;
	reader_members(r, root, keys, r->resource ? KEYS : COMMON_KEYS, v);
	if (r->resource && v[DEFAULT_ERRNO_RET] != JSON_NONE) {
		diag(r->diags, DIAG_UNKNOWN_KEY, NODE_PLACE(r, v[DEFAULT_ERRNO_RET]),
			"a SeccompProfile has no 'defaultErrnoRet': the API server drops it");
		v[DEFAULT_ERRNO_RET] = JSON_NONE;
	}
	read_default(r, root, &v[DEFAULT_ACTION], p);
	p->architectures = read_arches(r, v[ARCHITECTURES], "architectures");
	read_arch_map(r, v[ARCH_MAP], p);
	if (p->architectures.count && p->arch_maps) {
		diag(r->diags, DIAG_ARCH_TWICE_TOLD, NODE_PLACE(r, v[ARCHITECTURES]),
			"profile has both 'architectures' and 'archMap'; Docker refuses that");
		diag_note(r->diags, r->json->node[v[ARCH_MAP]].at, 1, "'archMap' is here");
	}
	read_flags(r, v[FLAGS], p);
	p->listener_path = reader_text(r, v[LISTENER_PATH], "listenerPath");
	p->listener_metadata = reader_text(r, v[LISTENER_METADATA], "listenerMetadata");
	p->listens = p->listener_path.len != 0;
	read_rules(r, v[SYSCALLS], p);
	if (r->resource)
		read_resource(r, v[BASE_PROFILE], v[DISABLED], p);
}

/* crun's own (src/libcrun/seccomp.c): with it, rules are not asked. */
static void check_annotation(struct reader *r)
{
	uint32_t annotations = json_look_up(r->json, r->arena, 0, "annotations"), filter = JSON_NONE;

	if (annotations != JSON_NONE && r->json->node[annotations].type == JSON_OBJECT)
		filter = json_look_up(r->json, r->arena, annotations, "run.oci.seccomp_bpf_data");
	if (filter != JSON_NONE)
		diag(r->diags, DIAG_FILTER_ANNOTATED, r->json->node[filter].at, 1,
			"crun loads this filter and reads no rules of linux.seccomp, of which all that is said here is");
}

const struct profile *profile_read_as(
	struct arena *arena, const struct json *json, enum input input, bool base_known, struct diags *diags)
{
	struct reader r = {.arena = arena, .json = json, .diags = diags, .keys = input_keys(input),
		.base_known = base_known};
	struct profile *p = arena_alloc(arena, 1, sizeof(*p));
	uint32_t root = input_locate(json, arena, input, &p->format);

	if (root == JSON_NONE) {
		bool rule = json_look_up(json, arena, 0, "names") != JSON_NONE ||
			json_look_up(json, arena, 0, "name") != JSON_NONE;
		diag(diags, DIAG_NOT_A_PROFILE, json->node[0].at, 1,
			rule ? "this is a single rule, not a profile: it has no 'defaultAction'"
			     : "this is no seccomp profile: neither 'defaultAction' nor "
			       "'linux.seccomp'");
		return NULL;
	}
	if (p->format == FORMAT_CONFIG_JSON)
		check_annotation(&r);
	r.resource = p->format == FORMAT_SECCOMP_PROFILE;
	if (r.resource)
		r.keys = input_keys(INPUT_SPO);
	if (reader_is(&r, root, JSON_OBJECT, "linux.seccomp"))
		read_profile(&r, root, p);
	p->inexact = r.inexact;
	p->keys = r.keys_seen;
	return diags_failed(diags) ? NULL : p;
}

const struct profile *profile_read(
	struct arena *arena, const struct json *json, struct diags *diags)
{
	return profile_read_as(arena, json, INPUT_ANY, false, diags);
}
