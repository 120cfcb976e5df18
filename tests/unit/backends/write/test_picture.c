/* Pictures of real trees say what the trees do, and are well-formed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/write/picture.h"
#include "backends/bpf/sim.h"
#include "tools/lib/build.h"
#include "tests/lib/arbitrary.h"
#include "tests/lib/textfile.h"

struct drawn {
	struct filter filter;
	const struct picture *picture;
};

static struct source shipped_profile(struct arena *arena)
{
	size_t len;
	char *text = textfile_read("profiles/docker-default-2018.json", &len);
	struct source source = {"docker-default-2018.json", arena_text(arena, text, len), len, false};

	free(text);
	return source;
}

static struct drawn draw(struct arena *arena, const struct abi *abi, enum objective objective)
{
	const struct source source = shipped_profile(arena);
	const struct node_facts node = {.native = abi};
	const struct layout layout = {.objective = objective, .share = layout_mix(arena)};
	struct diags diags;
	struct mistake mistake;
	struct drawn d;

	diags_init(&diags, arena, &source);
	const struct profile *profile = build_profile(arena, &source, &diags);
	assert_int_equal(
		build_filter(arena, profile, &node, 1, &layout, &diags, &d.filter, &mistake),
		BUILD_DONE);
	d.picture = picture_make(arena, d.filter.tree, d.filter.policy->abi, d.filter.policy->abis,
		layout.share, "title with <, > & \"");
	return d;
}

/* Children lie below and above their test, verdicts a row each, and no more comes by than before.
 */
static void check_shape(const struct picture *p)
{
	size_t rows = 0;

	assert_true(p->items > 0 && p->item[0].parent == 0);
	for (size_t i = 0; i < p->items; i++) {
		const struct picture_item *item = &p->item[i];
		const struct picture_item *parent = &p->item[item->parent];
		assert_true(item->share >= 0 && item->share <= 1 + 1e-9);
		assert_true(item->share <= parent->share + 1e-9);
		assert_true(i == 0 || item->parent < i);
		assert_true(i == 0 ||
			(parent->kind == PICTURE_TEST &&
				(parent->child[0] == i || parent->child[1] == i)));
		if (item->kind == PICTURE_TEST) {
			assert_true(p->item[item->child[0]].row <= item->row);
			assert_true(p->item[item->child[1]].row >= item->row);
			continue;
		}
		assert_true(item->row >= (double)rows && item->row <= (double)rows);
		rows++;
	}
	assert_int_equal(rows, p->rows);
}

/* The verdict a number's row has is the filter's, after as many instructions, far jumps apart. */
static void check_verdicts(const struct drawn *d)
{
	const struct policy *policy = d->filter.policy;
	size_t checked = 0;

	for (size_t i = 0; i < d->picture->items; i++) {
		const struct picture_item *item = &d->picture->item[i];
		size_t executed;
		if (item->kind != PICTURE_VERDICT || strchr(item->names, '.'))
			continue; /* "a0.lo >= 3": for arguments */
		const struct abi *abi = arch_find(item->abi, strlen(item->abi));
		if (!abi)
			continue;
		uint32_t nr = (uint32_t)strtoul(item->numbers, NULL, 10);
		struct call call = {.arch = abi->audit, .nr = abi->guest ? nr + abi->nr_first : nr};
		if (*item->numbers == '-')
			call.nr = UINT32_MAX;
		assert_int_equal(sim_run(&d->filter.program, policy->order, &call, &executed, NULL),
			item->ret);
		assert_true(item->executed <= executed && item->executed + 4 >= executed);
		checked++;
	}
	assert_true(checked > 20);
}

/* Tags are closed in order, and text has no bare < or &. */
static void check_xml(const char *text, size_t len)
{
	char open[16][16];
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '&')
			assert_true(strncmp(text + i, "&lt;", 4) == 0 ||
				strncmp(text + i, "&gt;", 4) == 0 ||
				strncmp(text + i, "&amp;", 5) == 0);
		if (text[i] != '<')
			continue;
		const char *end = memchr(text + i, '>', len - i);
		assert_non_null(end);
		bool closes = text[i + 1] == '/';
		size_t name = strcspn(text + i + 1 + closes, " />");
		assert_true(name > 0 && name < sizeof(open[0]) && depth < countof(open));
		if (closes) {
			assert_true(depth > 0);
			assert_memory_equal(open[--depth], text + i + 2, name);
		} else if (end[-1] != '/') {
			memcpy(open[depth], text + i + 1, name);
			open[depth++][name] = '\0';
		}
		i = (size_t)(end - text);
	}
	assert_int_equal(depth, 0);
}

static void check_formats(struct arena *arena, const struct picture *p)
{
	for (size_t i = 0; i < picture_format_count; i++) {
		struct buf once, again;
		buf_init(&once, arena);
		buf_init(&again, arena);
		picture_formats[i].write(&once, p);
		picture_formats[i].write(&again, p);
		assert_int_equal(once.len, again.len);
		assert_memory_equal(once.bytes, again.bytes, once.len);
		assert_true(once.len > 500);
		if (strcmp(picture_formats[i].name, "svg") == 0)
			check_xml(once.bytes, once.len);
		buf_add(&once, "", 1);
		/* nothing is fetched from elsewhere */
		assert_null(strstr(once.bytes, "href"));
		assert_null(strstr(once.bytes, "url("));
	}
}

static void try_abi(const struct abi *abi, enum objective objective)
{
	struct arena arena;

	ARENA_START(&arena);
	struct drawn d = draw(&arena, abi, objective);
	check_shape(d.picture);
	check_verdicts(&d);
	check_formats(&arena, d.picture);
	arena_free(&arena);
}

static void pictures_say_what_trees_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!arch_abis[i].guest)
			try_abi(&arch_abis[i], OBJECTIVE_TODAY);
	}
	for (unsigned objective = 0; objective <= OBJECTIVE_SIZE; objective++)
		try_abi(&arch_abis[0], (enum objective)objective);
}

static double sum_rows(const struct picture *p, const char *abi)
{
	double sum = 0;

	for (size_t i = 0; i < p->items; i++) {
		if (p->item[i].kind == PICTURE_VERDICT && strcmp(p->item[i].abi, abi) == 0)
			sum += p->item[i].share;
	}
	return sum;
}

/* The calls of all rows of an ABI come to all its calls. */
static void shares_of_rows_add_up(void **state)
{
	struct arena arena;

	(void)state;
	ARENA_START(&arena);
	double sum = sum_rows(draw(&arena, &arch_abis[0], OBJECTIVE_MIX).picture, "x86_64");
	assert_true(sum > 0.99 && sum < 1.01);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_say_what_trees_do),
		cmocka_unit_test(shares_of_rows_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
