/* In: a profile. Out: text. Words of the file are shown as utf8_print() has them, all others are ours. */

#include "profile_print.h"

#include "../../arch/arch.h"
#include "../base/utf8.h"
#include "../profile/input.h"
#include "words.h"

#define NAME_COLUMN   8u
#define ACTION_COLUMN 32u

static void print_place(struct buf *b, const struct source_index *index, uint32_t at)
{
	struct source_line line = source_line(index, at);

	buf_printf(b, "%u:%u", line.number, at - line.start + 1);
	buf_pad(b, NAME_COLUMN);
}

static void print_action(struct buf *b, const struct profile_action *a)
{
	buf_pad(b, ACTION_COLUMN);
	buf_text(b, action_oci_name(a->action));
	if (a->errnum.named) {
		buf_text(b, " ");
		utf8_print(b, a->errnum.name.s, a->errnum.name.len);
	} else if (a->errnum.present) {
		buf_printf(b, " %u", a->errnum.value);
	}
}

static void print_words(struct buf *b, const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		buf_text(b, " ");
		utf8_print(b, texts->text[i].s, texts->text[i].len);
	}
}

static void print_filter(struct buf *b, const char *what, const struct profile_filter *f)
{
	if (!f->caps.count && !f->arches.count && !f->min_kernel.present)
		return;
	buf_printf(b, "; %s", what);
	print_words(b, &f->caps);
	print_words(b, &f->arches);
	if (f->min_kernel.present)
		buf_printf(b, " kernels from %u.%u on", f->min_kernel.major, f->min_kernel.minor);
}

static void print_rule(struct buf *b, const struct profile_rule *rule)
{
	print_action(b, &rule->action);
	for (size_t i = 0; i < rule->conds; i++) {
		buf_printf(b, "%s argument %u is ", i ? "," : " if", rule->cond[i].index);
		words_wanted(b, &rule->cond[i]);
	}
	print_filter(b, "includes", &rule->includes);
	print_filter(b, "excludes", &rule->excludes);
	buf_text(b, "\n");
}

static const char *abi_word(const struct profile_arch *a)
{
	return a->abi ? a->abi->name : "native";
}

static void print_arches(struct buf *b, const char *what, const struct profile_arches *arches)
{
	for (size_t i = 0; i < arches->count; i++)
		buf_printf(b, "%s %s", i ? "" : what, abi_word(&arches->arch[i]));
}

static void print_head(struct buf *b, const struct profile *p, const struct source_index *index)
{
	buf_printf(b, "%s", input_describe(p));
	print_arches(b, ", for", &p->architectures);
	buf_text(b, "\n");
	for (size_t i = 0; i < p->arch_maps; i++) {
		const struct profile_arch_map *map = &p->arch_map[i];
		print_place(b, index, map->main.at);
		buf_printf(b, "on %s", abi_word(&map->main));
		print_arches(b, " also", &map->subs);
		buf_text(b, "\n");
	}
	print_place(b, index, p->default_action.at);
	buf_text(b, "by default");
	print_action(b, &p->default_action);
	buf_text(b, "\n");
}

void profile_print(struct buf *b, const struct profile *p, const struct source *source, const char *name)
{
	struct source_index index;

	source_index(&index, b->arena, source);
	print_head(b, p, &index);
	for (size_t i = 0; i < p->rules; i++) {
		for (size_t n = 0; n < p->rule[i].names.count; n++) {
			const struct text *text = &p->rule[i].names.text[n];
			if (name && !text_is(text, name))
				continue;
			print_place(b, &index, text->at);
			utf8_print(b, text->s, text->len);
			print_rule(b, &p->rule[i]);
		}
	}
}
