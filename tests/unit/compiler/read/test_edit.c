/* Texts edited by places: whatever goes and comes, the rest stays as it is, in JSON and in YAML. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/read/document.h"
#include "compiler/read/edit.h"

#include <string.h>

/*
 * What becomes of "a", a list: elements called "out" go, "new" is put behind those called "here" and at the end if
 * `end` says so, "other" takes the place of "old". Members called "gone" of the document go.
 */
static const char *edited(struct arena *arena, const char *text, bool end)
{
	const struct source source = {"text", text, strlen(text), false};
	struct diags diags;
	struct document d;
	struct edits e;
	struct buf out;

	diags_init(&diags, arena, &source);
	if (!document_read(&d, arena, &source, 0, false, NULL, &diags))
		return "not read";
	const struct json *json = &d.json;
	edits_init(&e, arena, json, d.yaml);
	uint32_t list = json_look_up(json, arena, 0, "a");
	for (uint32_t i = list == JSON_NONE ? JSON_NONE : json->node[list].child; i != JSON_NONE; i = json->node[i].next) {
		struct text word = json->node[i].type == JSON_STRING ? json_text(json, arena, i) : (struct text){.s = ""};
		if (strcmp(word.s, "out") == 0)
			edits_remove(&e, i);
		if (strcmp(word.s, "here") == 0)
			edits_insert(&e, i, "new");
		if (strcmp(word.s, "old") == 0)
			edits_replace(&e, i, "other");
	}
	if (end)
		edits_append(&e, list, "new");
	for (uint32_t k = json->node[0].child; k != JSON_NONE; k = json->node[k].next) {
		if (strcmp(json_text(json, arena, k).s, "gone") == 0)
			edits_remove(&e, k);
	}
	buf_init(&out, arena);
	return edits_write(&e, &out) ? buf_string(&out) : "not edited";
}

static const struct {
	const char *text;
	bool end;
	const char *wanted;
} cases[] = {
	/* nothing to do */
	{"{ \"a\" : [ \"x\" ,\t\"z\"] }\n", false, "{ \"a\" : [ \"x\" ,\t\"z\"] }\n"},
	/* JSON: first, middle, last, all */
	{"{\"a\": [\"out\", \"x\", \"z\"]}", false, "{\"a\": [\"x\", \"z\"]}"},
	{"{\"a\": [\"x\", \"out\", \"z\"]}", false, "{\"a\": [\"x\", \"z\"]}"},
	{"{\"a\": [\"x\", \"out\", \"out\"]}", false, "{\"a\": [\"x\"]}"},
	{"{\"a\": [ \"out\", \"out\" ]}", false, "{\"a\": [  ]}"},
	/* JSON: put in, with what stands between the others */
	{"{\"a\": [\n  \"x\",\n  \"z\"\n]}", true, "{\"a\": [\n  \"x\",\n  \"z\",\n  new\n]}"},
	{"{\"a\": [\n  \"x\"\n]}", true, "{\"a\": [\n  \"x\",\n  new\n]}"},
	{"{\"a\": []}", true, "{\"a\": [new]}"},
	{"{\"a\": [\"here\",  \"z\"]}", true, "{\"a\": [\"here\",  new,  \"z\",  new]}"},
	{"{\"a\": [\"out\", \"here\", \"out\"]}", true, "{\"a\": [\"here\", new, new]}"},
	{"{\"a\": [\"out\", \"out\"]}", true, "{\"a\": [new]}"},
	{"{\"a\": [\"old\", \"out\"]}", false, "{\"a\": [other]}"},
	/* JSON: members */
	{"{\"gone\": {\"x\": [1, 2]}, \"a\": []}", false, "{\"a\": []}"},
	{"{\"b\": 1, \"gone\": \"x\"}", false, "{\"b\": 1}"},
	{"{\"a\": [\"out\"], \"gone\": [\"out\"]}", true, "{\"a\": [new]}"},
	/* YAML: lines, with their comments */
	{"a:\n- out # c\n# d\n- x\n", false, "a:\n# d\n- x\n"},
	{"a: # c\n  - x # d\n  - out\nb: 1\n", true, "a: # c\n  - x # d\n  - new\nb: 1\n"},
	{"a:\n- x\n- z", true, "a:\n- x\n- z\n- new"},
	{"a:\r\n- x\r\n- out\r\n", true, "a:\r\n- x\r\n- new\r\n"},
	{"a:\n- here\n- z\n", true, "a:\n- here\n- new\n- z\n- new\n"},
	{"a:\n- out\n- out\nb: 1\n", false, "a: []\nb: 1\n"},
	{"a:\n- out\nb: 1\n", true, "a:\n- new\nb: 1\n"},
	{"a:\n- old # c\n- 'old'\n", false, "a:\n- other # c\n- other\n"},
	{"a:\n- x:\n    z: 1\n\n    # c\n- out\n", true, "a:\n- x:\n    z: 1\n\n    # c\n- new\n"},
	/* YAML: brackets within lines */
	{"a: [x, out, z] # c\n", true, "a: [x, z, new] # c\n"},
	{"a: [x, # c\n  z]\n", true, "a: [x, # c\n  z, new]\n"},
	{"a: []\n", true, "a: [new]\n"},
	/* YAML: members */
	{"gone:\n  x: 1\n  z:\n  - 2\na: [x]\n", false, "a: [x]\n"},
	{"a: [x]\ngone: 1 # c\nb: 2\n", false, "a: [x]\nb: 2\n"},
	/* YAML: an element behind another's dash */
	{"b:\n- a\na:\n- out\n- - x\n", false, "b:\n- a\na:\n- - x\n"},
};

static bool holds(size_t i)
{
	struct arena arena;

	arena_init(&arena, (size_t)1 << 20);
	if (setjmp(arena.out))
		fail_msg("out of memory");
	const char *out = edited(&arena, cases[i].text, cases[i].end);
	bool same = strcmp(out, cases[i].wanted) == 0;
	if (!same)
		print_error("%s: is\n%s: wanted\n%s\n", cases[i].text, out, cases[i].wanted);
	arena_free(&arena);
	return same;
}

static void test_edits(void **state)
{
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		ok = holds(i) && ok;
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_edits)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
