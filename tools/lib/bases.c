/*
 * From base to base as far as there is one, each file a base once. Then all rules are gathered by name: the operator
 * makes one rule of all that name a syscall, so that what is not the same in all of them is decided where it is known
 * how, and refused else.
 */

#include "bases.h"

#include "base_files.h"
#include "oci_layout.h"
#include "parts.h"
#include "single.h"

#include "../../backends/bpf/sha256.h"
#include "../../compiler/logic/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BASES_MAX   16u                 /* on one another */
#define PARTS_ARENA ((size_t)64 << 20) /* bytes to look into a file of BASE_BYTES_MAX (json.h) */

/* A profile on the way down; the first is the user's own. */
struct step {
	const struct profile *profile;
	const struct source *file; /* NULL: the user's own, which may be a part of one */
	uint32_t start;            /* of its document in the file */
};

struct job {
	struct arena *arena;
	const struct input_options *wish;
	struct diags *diags;
	struct step step[BASES_MAX + 1];
	size_t steps;
	uint32_t at, len; /* of the user's baseProfileName */
};

/* Where a base would be, until it is told from others. */
struct candidate {
	const struct source *file; /* NULL: none yet */
	struct source text;        /* its document */
	struct input_options wish;
	uint32_t start;
	const char *other; /* a second one, which makes both doubtful; NULL: there is none */
};

/* "base.yaml:4:20" */
static const char *place_of(struct job *job, const struct step *step, uint32_t at)
{
	uint32_t line, column;

	assert(step->file);
	source_place(step->file, step->start + at, &line, &column);
	return buf_print(job->arena, "%s:%u:%u", step->file->name, line, column);
}

static bool lacks(struct job *job, const char *what)
{
	const struct step *last = &job->step[job->steps - 1];
	const char *name = job->diags->source->hidden ? "..." : last->profile->base.s;

	if (job->steps == 1)
		return diag(job->diags, DIAG_NO_BASE, job->at, job->len, "base profile '%s': %s", name, what);
	return diag(job->diags, DIAG_NO_BASE, job->at, job->len, "base profile '%s', at %s: %s", name,
		place_of(job, last, last->profile->base.at), what);
}

/* --- by name --- */

/* "web" of "web.yaml"; 0: no name of a profile */
static size_t stem(const char *file)
{
	static const char *const extension[] = {".json", ".yaml", ".yml"};
	size_t len = strlen(file);

	for (size_t i = 0; i < countof(extension); i++) {
		size_t tail = strlen(extension[i]);
		if (len > tail && strcmp(file + len - tail, extension[i]) == 0)
			return len - tail;
	}
	return 0;
}

static void offer(struct candidate *c, const struct source *file, const struct part *part)
{
	if (c->file) {
		c->other = file->name;
		return;
	}
	c->file = file;
	c->text = part_source(part, file);
	c->wish = part_options(part, &(struct input_options){.input = INPUT_ANY});
	c->start = part->start;
}

/* Its profile of that name; a file of that name that holds one profile, which has none of its own. */
static void search_file(struct job *job, const struct source *file, const char *name, bool named, struct candidate *c)
{
	struct parts parts;
	struct arena work;

	arena_init_beside(&work, PARTS_ARENA, job->arena);
	if (setjmp(work.out)) {
		arena_free(&work);
		return;
	}
	parts_find(&parts, job->arena, &work, file, &(struct input_options){.input = INPUT_ANY});
	arena_free(&work);
	for (size_t i = 0; i < parts.count; i++) {
		const char *called = parts.part[i].called;
		if (called ? strcmp(called, name) == 0 : named && parts.count == 1)
			offer(c, file, &parts.part[i]);
	}
}

static bool holds(const struct source *file, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = 0; at + len <= file->len; at++) {
		const char *next = memchr(file->bytes + at, word[0], file->len - len - at + 1);
		if (!next)
			return false;
		if (memcmp(next, word, len) == 0)
			return true;
		at = (size_t)(next - file->bytes);
	}
	return false;
}

static bool find_by_name(struct job *job, const char *name, struct candidate *c)
{
	const struct input_options *w = job->wish;
	struct base_entry *entry = NULL;
	const char *why;
	size_t count;

	if (!w->base_files->list(job->arena, w->base_dir, &entry, &count, &why))
		return lacks(job, buf_print(job->arena, "%s: %s", w->base_dir, why));
	for (size_t i = 0; i < count; i++) {
		size_t len = entry[i].folder ? 0 : stem(entry[i].name);
		struct source *file = arena_alloc(job->arena, 1, sizeof(*file));
		bool named = len && strlen(name) == len && memcmp(entry[i].name, name, len) == 0;
		const char *path = buf_print(job->arena, "%s/%s", w->base_dir, entry[i].name);
		struct arena_mark mark = arena_mark(job->arena);
		if (!len)
			continue;
		if (!w->base_files->read(job->arena, path, w->base_follow, file, &why)) {
			if (named && why)
				return lacks(job, buf_print(job->arena, "%s: %s", path, why));
			continue;
		}
		if (named || holds(file, name))
			search_file(job, file, name, named, c);
		if (c->file != file && c->other != file->name)
			arena_release(job->arena, mark);
	}
	if (!c->file)
		return lacks(job, buf_print(job->arena, "%s has no SeccompProfile of that name, and no file", w->base_dir));
	if (c->other)
		return lacks(job, buf_print(job->arena, "both %s and %s have it", c->file->name, c->other));
	return true;
}

/* --- from a layout --- */

static bool find_in_layout(struct job *job, const char *reference, struct candidate *c)
{
	const struct input_options *w = job->wish;
	struct oci_found *found = arena_alloc(job->arena, 1, sizeof(*found));
	const char *why;

	if (!oci_layout_find(job->arena, w->base_files, w->base_dir, reference, w->base_follow, found, &why))
		return lacks(job, why);
	c->file = &found->text;
	c->text = found->text;
	if (found->media_type)
		diag(job->diags, DIAG_BASE_TYPE, job->at, job->len,
			"base profile '%s': its media type is %s, not %s: taken for a profile all the same", reference,
			found->text.hidden ? "another" : found->media_type, OCI_PROFILE);
	if (found->any_repository)
		diag(job->diags, DIAG_BASE_TYPE, job->at, job->len,
			"base profile '%s': the layout names its tag alone: of which repository it is nobody says", reference);
	return true;
}

/* --- down the bases --- */

static bool is_known(const struct job *job, const struct candidate *c)
{
	for (size_t i = 0; i < job->steps; i++) {
		const struct step *s = &job->step[i];
		if (s->file && strcmp(s->file->name, c->file->name) == 0 && s->start == c->start)
			return true;
	}
	return false;
}

/* "a.yaml:4:20, b.yaml:4:20": who builds on whom. */
static const char *way_down(struct job *job)
{
	struct buf b;

	buf_init(&b, job->arena);
	for (size_t i = 1; i < job->steps; i++)
		buf_printf(&b, "%s%s", i > 1 ? ", " : "", place_of(job, &job->step[i], job->step[i].profile->base.at));
	return buf_string(&b);
}

/* What is wrong with a base is told at the user's own word for it. */
static bool tell_base(struct job *job, const struct candidate *c, const struct diags *own, bool read)
{
	const struct diag *d = own->first;
	const struct step step = {.file = c->file, .start = c->start};

	while (d && d->severity != (read ? SEVERITY_WARNING : SEVERITY_ERROR))
		d = d->next;
	if (!d)
		return true;
	const char *text = c->file->hidden ? "its words are not shown" : d->text;
	const char *place = d->at == NOWHERE ? c->file->name : place_of(job, &step, d->at);
	if (read)
		diag(job->diags, DIAG_BASE_REST, job->at, job->len,
			"of the base profile %s this and %zu more can be said: %s [%s %s]", place,
			own->count[SEVERITY_WARNING] - 1, text, diag_kinds[d->id].code, diag_kinds[d->id].slug);
	else
		lacks(job, buf_print(job->arena, "%s: %s [%s %s]", place, text, diag_kinds[d->id].code,
				      diag_kinds[d->id].slug));
	return read;
}

static bool read_base(struct job *job, const struct candidate *c)
{
	struct diags own;

	diags_init(&own, job->arena, &c->text);
	const struct profile *profile =
		single_read(job->arena, &c->text, &(struct input_options){.entry = c->wish.entry, .item = c->wish.item, .base_known = true},
			&own, NULL);
	if (!tell_base(job, c, &own, profile != NULL) || !profile)
		return false;
	if (profile->keys || profile->arch_maps)
		return lacks(job, buf_print(job->arena, "%s has keys of Docker's or podman's, which no SeccompProfile has",
					  c->file->name));
	job->step[job->steps++] = (struct step){profile, c->file, c->start};
	return true;
}

static bool go_down(struct job *job)
{
	const struct text *name = &job->step[job->steps - 1].profile->base;
	struct candidate c = {.file = NULL};
	bool oci = name->s && strncmp(name->s, OCI_SCHEME, strlen(OCI_SCHEME)) == 0;

	if (job->steps > BASES_MAX)
		return lacks(job, buf_print(job->arena, "more than %u build on each other", BASES_MAX));
	if (!name->s || strlen(name->s) != name->len)
		return lacks(job, "that is no name");
	if (!(oci ? find_in_layout(job, name->s, &c) : find_by_name(job, name->s, &c)))
		return false;
	assert(c.file);
	if (is_known(job, &c))
		return lacks(job, buf_print(job->arena, "%s builds on itself: %s", c.file->name, way_down(job)));
	return read_base(job, &c);
}

/* --- the rules of all --- */

/* A name of a rule. */
struct said {
	const struct text *name;
	const struct profile_rule *rule;
	size_t step, order;
	bool kept;
};

static int by_name(const void *left, const void *right)
{
	const struct said *a = left, *b = right;
	int differ = strcmp(a->name->s, b->name->s);

	if (differ)
		return differ;
	return (a->order > b->order) - (a->order < b->order);
}

/* A SeccompProfile's errnoRet of 0 is none. */
static uint32_t ret_of(const struct profile_rule *r)
{
	const struct profile_action *a = &r->action;
	uint32_t data = a->errnum.present && a->errnum.value ? a->errnum.value : a->action == ACTION_ERRNO ? EPERM : 0;

	return action_ret(a->action, (uint16_t)data);
}

static bool same_conds(const struct profile_rule *a, const struct profile_rule *b)
{
	if (a->conds != b->conds)
		return false;
	for (size_t i = 0; i < a->conds; i++) {
		const struct profile_cond *c = &a->cond[i], *d = &b->cond[i];
		if (c->index != d->index || c->op != d->op || c->value != d->value || c->value_two != d->value_two)
			return false;
	}
	return true;
}

/*
 * Is the one less restrictive than the other in whatever order? ALLOW is than all, and LOG than what refuses; how
 * the operator ranks refusals, TRACE and NOTIFY is not known here.
 */
static bool is_laxer(uint32_t a, uint32_t b)
{
	uint32_t refusal = verdict_rank(action_ret(ACTION_ERRNO, 0));

	if (RET_ACTION(a) == RET_ALLOW)
		return RET_ACTION(b) != RET_ALLOW;
	return RET_ACTION(a) == action_ret(ACTION_LOG, 0) && verdict_rank(b) <= refusal;
}

/* Of the rules for one name the one that counts; NULL: that is not known. *other then is why. */
static struct said *choose(struct said *said, size_t count, const struct said **other)
{
	struct said *best = said;
	bool same = true;

	for (size_t i = 1; i < count; i++) {
		bool alike = ret_of(said[i].rule) == ret_of(said->rule) && same_conds(said[i].rule, said->rule);
		*other = alike || !same ? *other : &said[i];
		same = same && alike;
		if (is_laxer(ret_of(said[i].rule), ret_of(best->rule)))
			best = &said[i];
	}
	if (same)
		return said;
	for (size_t i = 0; i < count; i++) {
		uint32_t ret = ret_of(said[i].rule);
		if (said[i].rule->conds || (ret != ret_of(best->rule) && !is_laxer(ret_of(best->rule), ret)))
			return NULL;
	}
	return best;
}

static void note_place(struct job *job, const struct said *s)
{
	if (s->step)
		diag_note(job->diags, job->at, job->len, "a rule of a base, at %s",
			place_of(job, &job->step[s->step], s->name->at));
	else
		diag_note(job->diags, s->name->at, s->name->at_len, "a rule of the profile's own");
}

/* Each at a place of its own, or a second one would pass for the same. */
static void not_decided(struct job *job, const struct said *first, const struct said *other)
{
	const struct step *step = &job->step[first->step];
	const char *name = step->file && step->file->hidden ? "..." : first->name->s;

	diag(job->diags, DIAG_BASE_UNION, first->step ? NOWHERE : first->name->at, first->step ? 1 : first->name->at_len,
		"not decided: '%s' has rules that differ, and what the operator makes of them is not known", name);
	note_place(job, first);
	note_place(job, other);
}

static void choose_all(struct job *job, struct said *said, size_t count)
{
	qsort(said, count, sizeof(*said), by_name);
	for (size_t i = 0, n; i < count; i += n) {
		const struct said *other = NULL;
		for (n = 1; i + n < count && strcmp(said[i].name->s, said[i + n].name->s) == 0; n++)
			;
		struct said *best = choose(&said[i], n, &other);
		if (best)
			best->kept = true;
		else
			not_decided(job, &said[i], other);
	}
}

/* --- one profile of them --- */

static struct text moved_text(const struct job *job, const struct text *t)
{
	return (struct text){t->s, t->len, job->at, job->len};
}

/* A rule with the names that are left of it, a base's at the user's word for the base. */
static struct profile_rule rule_of(struct job *job, const struct profile_rule *rule, size_t step, struct text *names,
	size_t count)
{
	struct profile_rule r = *rule;

	r.names = (struct texts){names, count, true};
	if (!step)
		return r;
	struct profile_cond *cond = arena_alloc(job->arena, r.conds, sizeof(*cond));
	for (size_t i = 0; i < r.conds; i++) {
		cond[i] = r.cond[i];
		cond[i].at = job->at;
		cond[i].len = job->len;
	}
	r.cond = cond;
	r.at = r.action.at = r.action.errnum.at = job->at;
	r.action.len = r.action.errnum.len = job->len;
	return r;
}

static int by_order(const void *left, const void *right)
{
	const struct said *a = left, *b = right;

	return (a->order > b->order) - (a->order < b->order);
}

/* In the order they came: the user's own first. */
static void make_rules(struct job *job, struct said *said, size_t count, struct profile *to)
{
	struct profile_rule *rule = arena_alloc(job->arena, count, sizeof(*rule));
	struct text *names = arena_alloc(job->arena, count, sizeof(*names));

	qsort(said, count, sizeof(*said), by_order);
	to->rule = rule;
	to->rules = 0;
	for (size_t i = 0, n; i < count; i += n) {
		struct text *first = names;
		for (n = 0; i + n < count && said[i + n].rule == said[i].rule; n++) {
			if (said[i + n].kept)
				*names++ = said[i + n].step ? moved_text(job, said[i + n].name) : *said[i + n].name;
		}
		if (names != first)
			rule[to->rules++] =
				rule_of(job, said[i].rule, said[i].step, first, (size_t)(names - first));
	}
}

/* What a base says besides of rules, which the operator's documentation says nothing of. */
static void tell_rest(struct job *job)
{
	const struct profile *own = job->step[0].profile;

	for (size_t i = 1; i < job->steps; i++) {
		const struct profile *p = job->step[i].profile;
		bool arches = p->architectures.count > own->architectures.count;
		for (size_t a = 0; a < p->architectures.count && !arches; a++) {
			size_t k = 0;
			while (k < own->architectures.count &&
				own->architectures.arch[k].abi != p->architectures.arch[a].abi)
				k++;
			arches = k == own->architectures.count;
		}
		if (arches || (p->flags.present && p->flags.count != own->flags.count) || (p->listens && !own->listens))
			diag(job->diags, DIAG_BASE_REST, job->at, job->len,
				"of the base profile %s the syscalls alone are taken, not its %s", job->step[i].file->name,
				arches ? "architectures" : p->listens ? "listener" : "flags");
	}
}

/* Of the files, one behind the other. */
static const char *digests(struct job *job)
{
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct buf b;

	buf_init(&b, job->arena);
	for (size_t s = 1; s < job->steps; s++) {
		sha256_of(job->step[s].file->bytes, job->step[s].file->len, digest);
		sha256_hex(digest, SHA256_SIZE, hex);
		buf_printf(&b, "%s%s", s > 1 ? " " : "", hex);
	}
	return buf_string(&b);
}

static const struct profile *join_all(struct job *job)
{
	struct profile *all = arena_alloc(job->arena, 1, sizeof(*all));
	size_t count = 0, n = 0;

	for (size_t s = 0; s < job->steps; s++) {
		for (size_t r = 0; r < job->step[s].profile->rules; r++)
			count += job->step[s].profile->rule[r].names.count;
	}
	struct said *said = arena_alloc(job->arena, count, sizeof(*said));
	for (size_t s = 0; s < job->steps; s++) {
		const struct profile *p = job->step[s].profile;
		for (size_t r = 0; r < p->rules; r++) {
			for (size_t i = 0; i < p->rule[r].names.count; i++, n++)
				said[n] = (struct said){&p->rule[r].names.text[i], &p->rule[r], s, n, false};
		}
	}
	choose_all(job, said, count);
	tell_rest(job);
	*all = *job->step[0].profile;
	make_rules(job, said, count, all);
	all->base = (struct text){0};
	all->bases = digests(job);
	return diags_failed(job->diags) ? NULL : all;
}

const struct profile *bases_add(
	struct arena *arena, const struct profile *profile, const struct input_options *wish, struct diags *diags)
{
	struct job *job = arena_alloc(arena, 1, sizeof(*job));

	if (!profile->base.len || !wish->base_dir)
		return profile;
	*job = (struct job){.arena = arena, .wish = wish, .diags = diags, .at = profile->base.at,
		.len = profile->base.at_len, .steps = 1};
	job->step[0] = (struct step){.profile = profile};
	while (job->step[job->steps - 1].profile->base.len) {
		if (!go_down(job))
			return NULL;
	}
	return join_all(job);
}
