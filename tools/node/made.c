/*
 * Every line of what the digest is of is something that the filter, the JSON, the record or what is said depends on:
 * what is added to those has its line here, and a row in tests/scripts/run-unchanged. What a profile builds on
 * is read while it is compiled, so such a profile is always made anew (install.c).
 */

#include "made.h"

#include "build_id.h"

#include "../cli/quote.h"
#include "../lib/compile_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static void add_text(struct buf *b, const char *key, const char *text)
{
	buf_printf(b, "%s ", key);
	quote_json(b, text ? text : "");
	buf_text(b, text ? "\n" : " none\n");
}

static void add_number(struct buf *b, const char *key, uint64_t number)
{
	buf_printf(b, "%s %" PRIu64 "\n", key, number);
}

static void add_source(struct buf *b, const char *key, const struct source *source)
{
	add_text(b, key, source->name);
	add_number(b, "hidden", source->hidden);
	add_text(b, "sha256", record_digest(b->arena, source->bytes, source->len));
}

/* A bundle's manifest has the digest of every file in it, and what they were made with. */
static void add_profile(struct buf *b, const struct profile_source *source)
{
	const struct packed *packed = source->packed;

	add_text(b, "profile", source->name);
	add_source(b, "text", &source->text);
	add_number(b, "has options", source->options.len);
	if (source->options.len)
		add_source(b, "options", &source->options);
	add_text(b, "bundle", packed ? record_hex(b->arena, packed->bundle->manifest.digest) : NULL);
}

/*
 * Every fact that something sets, as compile_facts has it, and whether it was said, so that none is forgotten here. What no
 * option sets comes of the profile or of the program. Beside them is what has no word, or a word that does not tell all.
 */
static void add_facts(struct buf *b, const struct node_facts *f, const struct input_options *wish)
{
	const struct origin origin = {.node = f, .nodes = 1, .wish = wish};

	for (enum fact_id id = 0; id < FACTS; id++) {
		if (!compile_facts[id].is_a && id != FACT_ARCH)
			continue;
		add_text(b, compile_facts[id].told, fact_value(b->arena, id, &origin));
		add_number(b, "said", fact_said(id, &origin));
	}
	add_text(b, "runtime's version", node_dialect(f)->version);
	add_number(b, "without key", f->without_key);
	add_number(b, "item", wish->item);
	add_text(b, "base dir", wish->base_dir);
	add_number(b, "base follow", wish->base_follow);
	add_number(b, "base known", wish->base_known);
}

static void add_node(struct buf *b, const struct node_wish *node)
{
	add_facts(b, &node->facts, &node->wish);
	add_number(b, "enosys asked", node->enosys_asked);
	add_number(b, "JSON's enosys", node->json_enosys);
	add_text(b, "kernel from", node->kernel_from);
	for (size_t p = 0; p < PLACES; p++)
		add_number(b, place_names[p], node->place[p]);
	add_number(b, "has base spec", node->base_spec != NULL);
	if (node->base_spec)
		add_source(b, "base spec", node->base_spec);
	add_number(b, "has baseline", node->baseline != NULL);
	if (node->baseline)
		add_source(b, "baseline", &node->baseline->text);
	add_number(b, "strict", node->strict);
}

/* What the cgroup leaves is another amount in each pass, and what was asked for is not. */
static void add_limits(struct buf *b, const struct limits *limits)
{
	add_number(b, "memory", limits->asked ? limits->memory : 0);
	add_number(b, "seconds", limits->seconds);
}

/* A kernel that answered as the filter says goes on to do so until another is started. */
static bool add_self_test(struct buf *b, const struct making *m)
{
	char boot[64];
	ssize_t len;

	add_number(b, "self-test", m->self_test);
	if (!m->self_test)
		return true;
	if (m->node->facts.native != arch_native())
		return false; /* which is said each time */
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((len = read(fd, boot, sizeof(boot))) < 0 && errno == EINTR)
		;
	close(fd);
	buf_add(b, boot, len > 0 ? (size_t)len : 0);
	return len > 0;
}

/* As made: without what it shares with what was there before. */
static void add_record(struct buf *b, const struct record *record, const bool place[static PLACES])
{
	struct record r = *record;

	r.generation = 0;
	r.refused = NULL;
	r.source = "";
	for (size_t p = 0; p < PLACES; p++) {
		if (!place[p])
			r.file[p] = (struct record_file){0};
	}
	record_write(b, &r);
}

static void add_said(struct buf *b, const struct made *made)
{
	for (size_t id = 0; id < DIAG_IDS; id++) {
		if (made->found[id])
			add_text(b, "found", diag_kinds[id].code);
	}
	buf_text(b, made->said);
}

const char *made_digest(struct arena *arena, const struct making *m, const struct made *made)
{
	struct buf b;

	buf_init(&b, arena);
	if (!build_id_add(&b) || !add_self_test(&b, m))
		return NULL;
	add_profile(&b, m->source);
	add_node(&b, m->node);
	add_limits(&b, m->limits);
	add_record(&b, made->record, m->node->place);
	add_said(&b, made);
	return record_digest(arena, b.bytes, b.len);
}

bool made_stands(struct arena *arena, const struct making *m, const struct installed *there, const struct pass_line *line)
{
	const struct made made = {&there->record, line->found, line->said};

	if (!there->has_record || there->record.refused || installed_standing(there) != STANDING_OK ||
		!installed_generation(there, there->record.generation) || exposed_files(&there->exposures) ||
		installed_has_stubs(there))
		return false;
	const char *digest = made_digest(arena, m, &made);
	return digest && strcmp(digest, line->made) == 0;
}
