/*
 * The baseline is the first side, so that of two refusals that are equally strict the profile's counts: its ENOSYS
 * stays ENOSYS. Lines of a difference, which stand below headlines for people, become lines of their own for the
 * record.
 */

#include "baseline.h"

#include "../lib/difference.h"
#include "../cli/files.h"

#include "../../arch/arch.h"
#include "../../compiler/logic/diff.h"
#include "../../compiler/logic/meaning.h"

#include <string.h>

#define LINES_BYTES ((size_t)384 << 10) /* of each list in a record, which has room for two (RECORD_MAX) */
#define NAMES_SHOWN 8u

/* --- reading it --- */

int baseline_read(struct baseline *baseline, struct arena *arena, const struct baseline_wish *wish)
{
	struct source *text = &baseline->text;
	struct diags diags;

	if (!files_read_plain(arena, wish->path, wish->most, text))
		return EXIT_INPUT;
	text->hidden = text->hidden && !wish->follow;
	baseline->sha256 = record_digest(arena, text->bytes, text->len);
	diags_init(&diags, arena, text);
	diags.strict = wish->strict;
	baseline->profile = build_input(arena, text, wish->as, &diags, NULL);
	if (baseline->profile)
		build_meaning(arena, baseline->profile, wish->node, 1, &diags);
	files_diags(arena, &diags, wish->quiet, wish->colour);
	return diags_exit(&diags);
}

/* --- holding a profile to it --- */

/* What is wrong with the baseline was told before, unless it shows up only beside this profile. */
static enum build refused(struct bounded *bounded, struct diags *diags)
{
	const struct diag *d = diags_first_error(bounded->side[0].diags);

	if (d && !diags_failed(diags))
		diag(diags, d->id, NOWHERE, 1, "the node's baseline: %s", d->text);
	return BUILD_REFUSED;
}

enum build baseline_bound(struct arena *arena, const struct baseline *baseline, const struct profile *profile,
	const struct node_facts *node, bool json, struct diags *diags, struct bounded *bounded, struct mistake *mistake)
{
	struct diags *own = arena_alloc(arena, 1, sizeof(*own));

	diags_init(own, arena, &baseline->text);
	*bounded = (struct bounded){.side = {{.name = baseline->text.name, .profile = baseline->profile, .diags = own},
				      {.name = diags->source->name, .profile = profile, .diags = diags}}};
	bounded->merge = (struct merge){.how = STACK_STRICTEST, .side = bounded->side, .sides = countof(bounded->side),
		.node = node, .nodes = 1, .json = json, .diags = diags};
	enum build built = merge_policy(arena, &bounded->merge, mistake);
	if (built == BUILD_REFUSED)
		return refused(bounded, diags);
	if (built != BUILD_DONE)
		return built;
	bounded->whole = bounded->merge.meaning == bounded->side[1].meaning;
	bounded->profile = *profile;
	bounded->profile.flags = bounded->merge.settings.flags;
	bounded->profile.listener_path = bounded->merge.settings.listener_path;
	bounded->profile.listener_metadata = bounded->merge.settings.listener_metadata;
	bounded->profile.listens = bounded->merge.settings.listens;
	return BUILD_DONE;
}

/* --- what it lost --- */

/* Names with a number for which there is a difference, on any ABI; *names are the first of them. */
static unsigned count_names(struct bdd *b, uint32_t difference, const char **names)
{
	const uint32_t same = bdd_leaf(b, DIFF_SAME);
	struct buf list;
	unsigned count = 0;

	buf_init(&list, b->arena);
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		bool differs = false;
		for (size_t i = 0; i < arch_abi_count && !differs; i++) {
			uint32_t nr;
			uint32_t rest = meaning_given(b, difference, WORD_ARCH, arch_abis[i].audit);
			differs = rest != same && arch_nr(&arch_abis[i], (uint16_t)id, &nr) &&
				meaning_given(b, rest, WORD_NR, nr) != same;
		}
		if (differs && count++ < NAMES_SHOWN)
			buf_printf(&list, "%s%s", count > 1 ? ", " : "", arch_syscall_name((uint16_t)id));
	}
	if (count > NAMES_SHOWN)
		buf_printf(&list, " and %u more", count - NAMES_SHOWN);
	*names = buf_string(&list);
	return count;
}

/* "  socket      ALLOW -> ..." below "x86_64" becomes "x86_64 socket ALLOW -> ...". */
static const char *one_line(struct arena *arena, const char *headline, const char *text, size_t len)
{
	struct buf b;

	buf_init(&b, arena);
	buf_text(&b, headline);
	for (size_t i = 0; i < len; i++) {
		if (text[i] != ' ' || (i + 1 < len && text[i + 1] != ' '))
			buf_add(&b, &text[i], 1);
	}
	return buf_string(&b);
}

static struct record_lines lines_of(struct arena *arena, const struct buf *text)
{
	struct record_lines l = {0};
	const char *headline = "", **line;
	size_t lines = 0, bytes = 0, cut = 0;

	for (size_t i = 0; i < text->len; i++)
		lines += text->bytes[i] == '\n';
	line = arena_alloc(arena, lines + 1, sizeof(*line));
	for (size_t at = 0, len; at < text->len; at += len + 1) {
		const char *from = text->bytes + at, *end = memchr(from, '\n', text->len - at);
		len = end ? (size_t)(end - from) : text->len - at;
		if (*from != ' ') {
			headline = arena_text(arena, from, len);
			continue;
		}
		bytes += strlen(headline) + len;
		if (bytes > LINES_BYTES)
			cut++;
		else
			line[l.count++] = one_line(arena, headline, from, len);
	}
	if (cut)
		line[l.count++] = buf_print(arena, "and %zu more", cut);
	l.line = line;
	return l;
}

static enum build list_difference(struct bdd *b, const struct policy *before, const struct policy *now,
	uint32_t difference, struct record_lines *lines, struct mistake *mistake)
{
	const struct comparand side[2] = {{.policy = before}, {.policy = now}};
	struct buf text;

	buf_init(&text, b->arena);
	if (!difference_print(&text, b, side, difference) || b->full) {
		*mistake = (struct mistake){.what = "what the baseline takes is not what the policies say"};
		return BUILD_MISTAKEN;
	}
	*lines = lines_of(b->arena, &text);
	return BUILD_DONE;
}

enum build baseline_tell(struct bounded *bounded, struct record_baseline *record, struct diags *diags,
	struct mistake *mistake)
{
	struct merge *m = &bounded->merge;
	uint32_t difference = merge_lost(m, &bounded->side[1]);
	const char *names;

	record->syscalls = count_names(&m->bdd, difference, &names);
	enum build built = list_difference(
		&m->bdd, bounded->side[1].policy, m->policy, difference, &record->lost, mistake);
	if (built == BUILD_DONE && record->syscalls)
		diag(diags, DIAG_BASELINE, NOWHERE, 1, "the node's baseline is stricter about %u syscall%s, on one ABI at "
			"least: %s",
			record->syscalls, record->syscalls == 1 ? "" : "s", names);
	return built;
}

/* --- JSON --- */

static enum build tell_rounded(struct bounded *bounded, const struct merge_json *json, bool strict,
	struct record_baseline *record, struct diags *diags, struct mistake *mistake)
{
	struct merge *m = &bounded->merge;
	uint32_t difference = merge_difference(m, json);
	const char *names;
	unsigned count = count_names(&m->bdd, difference, &names);
	enum build built =
		list_difference(&m->bdd, m->policy, json->means, difference, &record->rounded, mistake);

	if (built == BUILD_DONE && record->rounded.count)
		diag(diags, strict ? DIAG_NOT_IN_JSON : DIAG_ROUNDED, NOWHERE, 1,
			"JSON cannot say what the baseline leaves of %u syscall%s: %s", count, count == 1 ? "" : "s",
			names);
	return built == BUILD_DONE && diags_failed(diags) ? BUILD_REFUSED : built;
}

enum build baseline_json(struct arena *arena, struct bounded *bounded, bool strict, struct buf *out,
	struct record_baseline *record, struct diags *diags, struct mistake *mistake)
{
	struct merge_json json = {.exact = false};
	enum build built =
		merge_write(arena, &bounded->merge, strict ? RESTATE_LEAVE : RESTATE_STRICTER, &json, mistake);

	if (built != BUILD_DONE)
		return built;
	*out = json.text;
	return json.exact ? BUILD_DONE : tell_rounded(bounded, &json, strict, record, diags, mistake);
}
