/*
 * Notations a profile comes in: YAML read as the JSON it stands for, entries of a ConfigMap read in
 * place, and which of them a text is.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/attempt.h"

#include "compiler/read/document.h"
#include "compiler/profile/input.h"
#include "compiler/profile/profile_read.h"
#include "compiler/read/recognise.h"
#include "compiler/read/yaml.h"

/* --- YAML as JSON --- */

static void write_node(struct buf *b, const struct json *j, uint32_t node)
{
	const struct json_node *n = &j->node[node];
	bool object = n->type == JSON_OBJECT;

	switch (n->type) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		buf_text(b, object ? "{" : "[");
		for (uint32_t k = n->child; k != JSON_NONE; k = j->node[k].next) {
			buf_text(b, k == n->child ? "" : ",");
			write_node(b, j, k);
			if (object) {
				buf_text(b, ":");
				write_node(b, j, json_value(j, k));
			}
		}
		buf_text(b, object ? "}" : "]");
		break;
	case JSON_STRING:
		buf_printf(b, "'%s'", json_text(j, b->arena, node).s);
		break;
	case JSON_NUMBER:
		buf_text(b, j->decoded[node].s);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		buf_text(b, json_type_name(n->type));
		break;
	}
}

static const char *yaml_as_json(struct attempt *a, const char *text)
{
	struct buf b;

	*a = (struct attempt){.source = {"test.yaml", text, strlen(text), false}};
	arena_init(&a->arena, (size_t)64 << 20);
	ATTEMPT_CATCH(a);
	diags_init(&a->diags, &a->arena, &a->source);
	if (!yaml_read(&a->json, &a->arena, &a->source, &a->diags))
		return attempt_findings(a);
	buf_init(&b, &a->arena);
	write_node(&b, &a->json, 0);
	buf_add(&b, "", 1);
	return b.bytes;
}

struct pair {
	const char *text, *expected;
};

static void pairs_hold(const struct pair *pair, size_t pairs)
{
	bool ok = true;

	for (size_t i = 0; i < pairs; i++) {
		struct attempt a;
		const char *found = yaml_as_json(&a, pair[i].text);
		if (strcmp(found, pair[i].expected) != 0) {
			print_error("%s: %s, expected %s\n", pair[i].text, found, pair[i].expected);
			ok = false;
		}
		attempt_end(&a, false);
	}
	assert_true(ok);
}

static void scalars_follow_the_core_schema(void **state)
{
	static const struct pair rows[] = {
		{"[1, -1, +7, 18446744073709551615]", "[1,-1,7,18446744073709551615]"},
		{"[0x1f, 0o17, 0xffffffffffffffff]", "[31,15,18446744073709551615]"},
		{"[0x10000000000000000]", "[99999999999999999999]"},
		{"[1.5, 1e3, .5, 5., -.inf, .NaN]", "[1.5,1e3,.5,5.,-.inf,.NaN]"},
		{"[true, False, null, ~, ]", "[true,false,null,null]"},
		{"a:\nb: \"\"", "{'a':null,'b':''}"},
		{"[a, 1a, 0x, 0xg, 0o8, 1_000, 1e, ., -, tRUE]",
			"['a','1a','0x','0xg','0o8','1_000','1e','.','-','tRUE']"},
		{"['1', \"true\", '~']", "['1','true','~']"},
		{"{1: a, true: b, ~: c, on: d}", "{'1':'a','true':'b','~':'c','on':'d'}"},
		{"a: |\n  x\n   y\nb: >\n  x\n  y\n", "{'a':'x\n y\n','b':'x y\n'}"},
		{"\"\\u00e9\\n\"", "'\xc3\xa9\n'"},
		{"- - 1\n  - 2\n- {a: [b]}", "[[1,2],{'a':['b']}]"},
		{"---\na: 1\n...\n", "{'a':1}"},
	};

	(void)state;
	pairs_hold(rows, countof(rows));
}

static void what_readers_disagree_about_is_refused(void **state)
{
	static const struct pair rows[] = {
		{"", "1:1 E002"},
		{"# nothing\n", "1:1 E002"},
		{"\xef\xbb\xbfkind: x", "1:1 E004"}, /* as of JSON */
		{"a: &x 1", "1:4 E009"},
		{"a: *x", "1:4 E009"},
		{"a: !!str 1", "1:4 E009"},
		{"a: !x {}", "1:4 E009"},
		{"<<: {a: 1}", "1:1 E009"},
		{"{<<: 1}", "1:2 E009"},
		{"a: 1\n---\nb: 2", "2:1 E009"},
		{"%YAML 1.1\n---\na: 1", "1:1 E009"},
		{"a: yes", "1:4 E009"},
		{"[On]", "1:2 E009"},
		{"a: 010", "1:4 E009"},
		{"a: -00", "1:4 E009"},
		{"[a]: 1", "1:1 E009"},
		{"{{a: 1}: 1}", "1:2 E009"},
		{"a: 1\na: 2", "2:1 E007"},
		{"'a': 1\n\"a\": 2", "2:1 E007"},
		{"\"a\\0b\": 1", "1:1 E053"},
		{"a: [1", "1:6 E008"},
		{"a: b: c", "1:5 E008"},
		{"\ta: 1", "1:1 E008"},
		{"a: \"\\q\"", "1:5 E008"},
		{"a: \xff", "1:4 E003"},
	};

	(void)state;
	pairs_hold(rows, countof(rows));
}

/* yaml.org/type/bool.html, but for true and false; those in other cases are words. */
static void all_truths_of_yaml_1_1_are_refused(void **state)
{
	static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO",
		"on", "On", "ON", "off", "Off", "OFF"};
	static const struct pair rows[] = {
		{"[yES, nO, oN, oFF, ye, offf, 'OFF', \"y\"]", "['yES','nO','oN','oFF','ye','offf','OFF','y']"},
		{"[null, Null, NULL, ~]", "[null,null,null,null]"},
		{"[true, True, TRUE, false, False, FALSE]", "[true,true,true,false,false,false]"},
	};
	struct pair refused[countof(words)];
	char text[countof(words)][16];

	(void)state;
	for (size_t i = 0; i < countof(words); i++) {
		snprintf(text[i], sizeof(text[i]), "a: %s", words[i]);
		refused[i] = (struct pair){text[i], "1:4 E009"};
	}
	pairs_hold(refused, countof(refused));
	pairs_hold(rows, countof(rows));
}

static void nesting_is_bounded(void **state)
{
	char text[2 * JSON_DEPTH_MAX + 16];
	struct attempt a;

	(void)state;
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	text[2 * JSON_DEPTH_MAX] = '\0';
	assert_int_equal(yaml_as_json(&a, text)[0], '[');
	attempt_end(&a, false);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	text[JSON_DEPTH_MAX + 1] = '\0';
	assert_string_equal(yaml_as_json(&a, text), "1:65 E006");
	attempt_end(&a, false);
}

/* libyaml counts characters, places are bytes. */
static void places_are_bytes_of_the_text(void **state)
{
	struct attempt a;

	(void)state;
	yaml_as_json(&a, "# \xc3\xa9\xe2\x82\xac\nk\xc3\xa9y: [\xf0\x9f\x98\x80, 'b c']\nz: 1\n");
	const struct json_node *node = a.json.node;
	const char *text = a.source.bytes;
	uint32_t key = node[0].child, list = json_value(&a.json, key);
	assert_memory_equal(text + node[key].at, "k\xc3\xa9y", 4);
	assert_int_equal(node[key].len, 4);
	assert_memory_equal(text + node[list].at, "[\xf0", 2);
	assert_int_equal(text[node[list].at + node[list].len - 1], ']');
	uint32_t face = node[list].child;
	assert_int_equal(node[face].len, 4);
	assert_memory_equal(text + node[node[face].next].at, "'b c'", 5);
	assert_int_equal(node[node[face].next].len, 5);
	assert_memory_equal(text + node[node[key].next].at, "z: 1", 4);
	attempt_end(&a, false);
}

/* --- documents --- */

struct row {
	const char *text; /* with ' for " in what is JSON, as it stands in what is YAML */
	const char *entry;
	enum input input;
	const char *expected; /* what it is, then findings */
	const char *words;
};

static const char *describe(struct attempt *a, const struct row *row, const char *text)
{
	struct document d;
	struct buf b;

	*a = (struct attempt){.source = {"test", text, strlen(text), false}};
	arena_init(&a->arena, (size_t)64 << 20);
	ATTEMPT_CATCH(a);
	diags_init(&a->diags, &a->arena, &a->source);
	if (document_read(&d, &a->arena, &a->source, 0, row->input == INPUT_CONFIG_MAP, row->entry,
		    &a->diags))
		a->profile = profile_read_as(&a->arena, &d.json, row->input, false, &a->diags);
	buf_init(&b, &a->arena);
	if (a->profile)
		buf_printf(&b, "%s%s%s", input_describe(a->profile), d.entry ? " in " : "",
			d.entry ? d.entry : "");
	const char *findings = attempt_findings(a);
	buf_printf(&b, "%s%s%c", b.len && *findings ? ": " : "", findings, 0);
	return b.bytes;
}

static bool row_holds(const struct row *row)
{
	size_t len = strlen(row->text);
	char *text = malloc(len + 1);
	bool json = strchr("{[", row->text[0]) != NULL;
	struct attempt a;

	assert_non_null(text);
	for (size_t i = 0; i <= len; i++)
		text[i] = json && row->text[i] == '\'' ? '"' : row->text[i];
	const char *found = describe(&a, row, text);
	bool ok = strcmp(found, row->expected) == 0;
	if (!ok)
		print_error("%s: %s, expected %s\n", row->text, found, row->expected);
	if (row->words && !attempt_says(&a, row->words)) {
		print_error("%s: nothing says '%s'\n", row->text, row->words);
		ok = false;
	}
	attempt_end(&a, true);
	return ok;
}

static void rows_hold(const struct row *row, size_t rows)
{
	bool ok = true;

	for (size_t i = 0; i < rows; i++)
		ok = row_holds(&row[i]) && ok;
	assert_true(ok);
}

#define D          "'defaultAction': 'SCMP_ACT_ERRNO'"
#define RULE(more) ", 'syscalls': [{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'" more "}]}"
#define RESOURCE   "a SeccompProfile of the Security Profiles Operator"

static void documents_are_known_by_what_they_hold(void **state)
{
	static const struct row rows[] = {
		{.text = "{" D "}", .expected = "an OCI profile"},
		{.text = "{" D RULE(", 'includes': {}"), .expected = "a Docker profile"},
		{.text = "{" D RULE(", 'errno': ''"), .expected = "a containers/common profile"},
		{.text = "{" D ", 'archMap': []}", .expected = "a Docker profile"},
		{.text = "{'linux': {'seccomp': {" D "}}}",
			.expected = "the linux.seccomp of an OCI config.json"},
		{.text = "{'spec': {" D "}}", .expected = RESOURCE},
		{.text = "kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_LOG\n",
			.expected = RESOURCE},
		{.text = "# c\n\n---\nspec: {defaultAction: SCMP_ACT_LOG}\n", .expected = RESOURCE},
		{.text = "defaultAction: SCMP_ACT_LOG\n", .expected = "an OCI profile"},
		{.text = "# a comment\n{}", .expected = "1:1 E005"},
		{.text = "https://example.org/profile.json\n{}", .expected = "1:1 E005"},
		{.text = "", .expected = "1:1 E002"},
		{.text = "kind: Pod\nspec: {}\n", .expected = "1:1 E013"},
	};

	(void)state;
	rows_hold(rows, countof(rows));
}

static void formats_can_be_forced(void **state)
{
	static const struct row rows[] = {
		{.text = "{" D RULE(", 'includes': {'caps': []}"),
			.input = INPUT_OCI,
			.expected = "an OCI profile: 1:98 W002"},
		{.text = "{" D RULE(", 'includes': {'minKernel': '4.8'}"),
			.input = INPUT_COMMON,
			.expected = "a Docker profile: 1:111 W002"},
		{.text = "{" D RULE(", 'errno': 'EIO'"),
			.input = INPUT_DOCKER,
			.expected = "an OCI profile: 1:98 W002"},
		{.text = "{" D "}", .input = INPUT_CONFIG, .expected = "1:1 E013"},
		{.text = "{" D "}", .input = INPUT_SPO, .expected = "1:1 E013"},
		{.text = "{" D "}", .input = INPUT_CONFIG_MAP, .expected = "1:1 E027"},
		{.text = "{'spec': {" D "}}", .input = INPUT_DOCKER, .expected = "1:1 E013"},
		{.text = "{" D "}", .entry = "x", .expected = "1:1 E027"},
	};

	(void)state;
	rows_hold(rows, countof(rows));
}

#define MAP(data) "{'kind': 'ConfigMap', 'data': {" data "}}"
#define BROKEN                                                                                     \
	"kind: ConfigMap\ndata:\n  p.json: |\n    {\n      \"defaultAction\": \"X\",\n    }\n"
#define WRONG                                                                                      \
	"kind: ConfigMap\ndata:\n  p.json: |-\n    {\n\n      \"defaultAction\": \"X\"\n    }\n"

static void entries_are_read_in_place(void **state)
{
	static const struct row rows[] = {
		{.text = MAP("'p.json': '{\\'defaultAction\\': \\'SCMP_ACT_LOG\\'}'"),
			.expected = "an OCI profile in p.json"},
		{.text = MAP("'p.json': '{\\n\\'defaultAction\\': \\u0022X\\'}'"),
			.expected = "1:65 E016"},
		{.text = MAP("'p.json': '{\\'d\\u0065faultAction\\': 1}'"),
			.expected = "1:68 E010"},
		{.text = MAP("'p.json': '{\\'d\\u00e9\\': 1, \\'x\\': }'"),
			.expected = "1:67 E005",
			.words = "in 'p.json'"},
		{.text = MAP("'p.json': 1"), .expected = "1:42 E010"},
		{.text = MAP("'p.json': ''"), .expected = "1:42 E002"},
		{.text = MAP("'a': '', 'b': ''"), .expected = "1:31 E027", .words = "entry 'b'"},
		{.text = MAP("'a': '', 'b': '{}'"), .entry = "b", .expected = "1:47 E012"},
		{.text = MAP("'a': ''"),
			.entry = "c",
			.expected = "1:31 E027",
			.words = "no entry 'c'"},
		{.text = MAP(""), .expected = "1:31 E027"},
		{.text = "{'kind': 'ConfigMap'}", .expected = "1:1 E027"},
		{.text = BROKEN, .expected = "5:27 E005", .words = "trailing comma"},
		{.text = WRONG, .expected = "6:24 E016", .words = "unknown action 'X'"},
		{.text = "kind: ConfigMap\ndata:\n  p: '{\"defaultAction\": \"X\"}'\n",
			.expected = "3:25 E016"},
		{.text = "kind: ConfigMap\ndata:\n  p: \"{\\\"defaultAction\\\": \\\"X\\\"}\"\n",
			.expected = "3:27 E016"},
		{.text = "kind: ConfigMap\ndata:\n  p: \"{\\x22defaultAction\\\": \\\"X\\\"}\"\n",
			.expected = "3:29 E016"},
		/* folded lines, and what is one character in more than one */
		{.text = "kind: ConfigMap\ndata:\n  p: >-\n    {\"defaultAction\":\n    \"X\",\n\n    \"sys\": 1}\n",
			.expected = "7:5 W002, 5:5 E016"},
		{.text = "kind: ConfigMap\r\ndata:\r\n  p: >\r\n    {\"defaultAction\":\r\n    \"X\"}\r\n",
			.expected = "5:5 E016"},
		{.text = "kind: ConfigMap\ndata:\n  p: '{\"d''\": 1,\n\n    \"defaultAction\":\n\n     \"X\"}'\n",
			.expected = "3:8 W002, 7:6 E016"},
		{.text = "kind: ConfigMap\ndata:\n  p: \"{\\\n    \\x22d\\U000000e9\\x22: 1,\\\n\n    \\t\\\"defaultAction\\\":\n \\\"X\\\"}\"\n",
			.expected = "4:5 W002, 7:2 E016"},
	};

	(void)state;
	rows_hold(rows, countof(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_follow_the_core_schema),
		cmocka_unit_test(what_readers_disagree_about_is_refused),
		cmocka_unit_test(all_truths_of_yaml_1_1_are_refused),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(places_are_bytes_of_the_text),
		cmocka_unit_test(documents_are_known_by_what_they_hold),
		cmocka_unit_test(formats_can_be_forced),
		cmocka_unit_test(entries_are_read_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
