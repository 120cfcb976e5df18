/* profile -> ruleset -> JSON, and back through each runtime's reading to a policy that has to be the
 * profile's. */

#include "flatten_proved.h"

#include "../../backends/prove/hash.h"
#include "../../backends/prove/prove.h"
#include "../../compiler/meaning/cache_key.h"
#include "../../compiler/meaning/classes.h"
#include "../../compiler/explain/flatten.h"
#include "../../compiler/meaning/rules.h"
#include "../../compiler/meaning/same_rules.h"

#include <string.h>

struct check {
	struct arena *arena;
	const struct node_facts *facts;
	struct buf *json;
	const struct filter *filter; /* what the profile means */
	struct prover prover; /* of the filter */
	struct diags *diags;
	struct mistake *mistake;
	struct source written; /* the JSON */
	const struct profile *read; /* it, as all runtimes parse it; NULL: they refuse, as `refused` says */
	struct diags refused;
	const struct ruleset **held; /* readings that were proved to mean the profile */
	size_t helds;
	const struct diag **refusal; /* by dialect, NULL: it takes the JSON */
};

static void parse(struct check *c)
{
	bool hidden = c->diags->source && c->diags->source->hidden;

	c->written = (struct source){"resolved.json", c->json->bytes, c->json->len, hidden};
	diags_init(&c->refused, c->arena, &c->written);
	c->read = build_profile(c->arena, &c->written, &c->refused);
}

/* What a runtime makes of the JSON; NULL if it refuses. */
static const struct ruleset *read_back(struct check *c, const struct dialect *dialect, struct diags *diags)
{
	struct node_facts facts = {
		.native = c->facts->native, .kernel = c->facts->kernel, .dialect = dialect,
		.libseccomp = c->facts->libseccomp};
	const struct ruleset *set = select_rules(c->arena, c->read, &facts, diags);

	if (!set)
		return NULL;
	struct ruleset *same = arena_alloc(c->arena, 1, sizeof(*same));
	*same = *set; /* but for what a filter refuses whatever is read */
	same->refuses_foreign = node_dialect(c->facts)->refuses_foreign;
	return same;
}

static bool was_held(const struct check *c, const struct ruleset *set)
{
	size_t i = 0;

	while (i < c->helds && !same_rules(c->held[i], set))
		i++;
	return i < c->helds;
}

static bool means_the_same(struct check *c, const struct dialect *dialect, const struct diag **why)
{
	struct arena_mark before = arena_mark(c->arena);
	struct mistake *m = c->mistake;
	struct diags diags;

	diags_init(&diags, c->arena, &c->written);
	const struct ruleset *set = c->read ? read_back(c, dialect, &diags) : NULL;
	*why = NULL;
	if (set && was_held(c, set)) {
		arena_release(c->arena, before);
		return true;
	}
	const struct policy *policy = set ? rules_policy(c->arena, &set, 1, &diags) : NULL;
	if (!policy) {
		*why = diags_first_error(c->read ? &diags : &c->refused);
		return true;
	}
	switch (prover_ask(&c->prover, policy, &m->witness)) {
	case PROOF_HOLDS:
		c->held[c->helds++] = set;
		return true;
	case PROOF_FAILS:
		m->what = "the resolved profile does not mean the original";
		m->has_call = true;
		return false;
	case PROOF_UNDECIDED:
		return diag(c->diags, DIAG_PROOF_BUDGET, NOWHERE, 1,
			"that %s reads the same in the JSON could not be proved: %s", dialect->says, m->witness.why);
	}
	unreachable();
}

/* Those who refuse for one reason are told of together. */
static void tell_refusals(struct check *c)
{
	for (size_t i = 0; i < dialect_count; i++) {
		const struct diag *first = c->refusal[i];
		const char *who[8]; /* readers of one mind */
		size_t count = 0;
		if (!first)
			continue;
		for (size_t k = i; first->by.who && k < dialect_count && count < countof(who); k++) {
			const struct diag *other = c->refusal[k];
			if (!other || !other->by.who || strcmp(other->rest, first->rest) != 0)
				continue;
			who[count++] = other->by.who;
			c->refusal[k] = NULL;
		}
		diag(c->diags, DIAG_REFUSED_ELSEWHERE, NOWHERE, 1, "on %s %s", c->facts->native->name,
			count ? diag_joined(c->arena, who, count, first->by, first->rest)
			      : buf_print(c->arena, "%s says: %s", dialects[i].says, first->text));
	}
}

static bool check_readings(struct check *c)
{
	const struct diag *none;

	parse(c);
	c->held = arena_alloc(c->arena, dialect_count + 1, sizeof(*c->held));
	bool ok = means_the_same(c, &dialect_author, &none);
	c->refusal = arena_alloc(c->arena, dialect_count, sizeof(*c->refusal));
	for (size_t i = 0; ok && i < dialect_count; i++)
		ok = means_the_same(c, &dialects[i], &c->refusal[i]);
	tell_refusals(c);
	return ok;
}

/* As runtimes compile it right, if it is certain that it means the same. */
static const struct ruleset *settle(struct check *c, const struct ruleset *set)
{
	const struct ruleset *settled = classes_settle(c->arena, set, false);
	struct witness witness;
	struct diags diags;

	if (settled == set)
		return set;
	diags_init(&diags, c->arena, c->diags->source);
	const struct policy *policy = rules_policy(c->arena, &settled, 1, &diags);
	return policy && prover_ask(&c->prover, policy, &witness) == PROOF_HOLDS ? settled : set;
}

/* The filter that readings are held against. */
static enum build start(struct check *c, const struct policy *means, const struct filter *proved)
{
	struct filter *made;

	*c->mistake = (struct mistake){0};
	if (!proved) {
		proved = made = arena_alloc(c->arena, 1, sizeof(*made));
		enum build built = build_policy(c->arena, means, NULL, c->diags, made, c->mistake);
		if (built != BUILD_DONE)
			return built;
	}
	c->filter = proved;
	prover_init(&c->prover, c->arena, &proved->program);
	return BUILD_DONE;
}

/* Of what the filter means; if that is not found within bounds, of the JSON as it would be without. */
static void find_digest(struct check *c, const struct ruleset *set, const struct profile *as_read, unsigned how,
	uint8_t digest[static SHA256_SIZE])
{
	if (c->filter->proven.hashed) {
		memcpy(digest, c->filter->proven.meaning, SHA256_SIZE);
	} else if (!hash_program(c->arena, &c->filter->program, c->facts->native->order, digest)) {
		flatten(c->json, set, as_read, how, NULL);
		sha256_of(c->json->bytes, c->json->len, digest);
	}
}

static void write_json(struct check *c, const struct ruleset *set, const struct profile *as_written,
	unsigned how)
{
	struct profile as_read = *as_written;
	bool has_key = !c->facts->without_key && ruleset_errno(set);
	uint8_t digest[SHA256_SIZE];
	char key[CACHE_KEY_SIZE];

	if (!as_read.flags.count && node_dialect(c->facts)->drops_no_flags)
		as_read.flags.present = false;
	buf_init(c->json, c->arena);
	if (has_key) {
		find_digest(c, set, &as_read, how, digest);
		cache_key_name(key, digest);
		buf_init(c->json, c->arena);
	}
	flatten(c->json, set, &as_read, how, has_key ? key : NULL);
}

static enum build finish(
	struct check *c, const struct ruleset *set, const struct profile *settings, unsigned how)
{
	classes_check(c->arena, set, c->diags);
	write_json(c, set, settings, how);
	if (!check_readings(c))
		return c->mistake->what ? BUILD_MISTAKEN : BUILD_REFUSED;
	return diags_failed(c->diags) ? BUILD_REFUSED : BUILD_DONE;
}

enum build flatten_proved_rules(struct arena *arena, const struct ruleset *set, const struct policy *means,
	const struct profile *settings, const struct node_facts *facts, unsigned how,
	struct diags *diags, struct buf *json, struct mistake *m)
{
	struct check check = {
		.arena = arena, .facts = facts, .json = json, .diags = diags, .mistake = m};
	enum build built = start(&check, means, NULL);

	return built == BUILD_DONE ? finish(&check, set, settings, how) : built;
}

enum build flatten_proved(struct arena *arena, const struct profile *profile,
	const struct node_facts *facts, const struct filter *proved, struct diags *diags,
	struct buf *json, struct mistake *m)
{
	struct check check = {
		.arena = arena, .facts = facts, .json = json, .diags = diags, .mistake = m};
	const struct ruleset *set = select_rules(arena, profile, facts, diags);

	*m = (struct mistake){0};
	if (!set)
		return BUILD_REFUSED;
	bool keeps_stub =
		node_dialect(facts)->enosys == ENOSYS_RUNC && set->enosys == ENOSYS_OFF;
	if (set->enosys != ENOSYS_OFF) {
		set = flatten_enosys(arena, set, diags);
		proved = NULL; /* rules answer names, a filter numbers as well */
	}
	const struct policy *means = proved ? proved->policy : rules_policy(arena, &set, 1, diags);
	if (!means)
		return BUILD_REFUSED;
	enum build built = start(&check, means, proved);
	if (built != BUILD_DONE)
		return built;
	return finish(&check, settle(&check, set), profile, keeps_stub ? FLATTEN_KEEPS_STUB : 0);
}
