/* profile -> ruleset -> JSON, and back through each runtime's reading to a policy that has to be the
 * profile's. */

#include "flatten_proved.h"

#include "../../backends/prove/hash.h"
#include "../../backends/prove/prove.h"
#include "../../compiler/meaning/cache_key.h"
#include "../../compiler/meaning/classes.h"
#include "../../compiler/explain/flatten.h"
#include "../../compiler/meaning/rules.h"

#include <string.h>

struct check {
	struct arena *arena;
	const struct node_facts *facts;
	struct buf *json;
	const struct program *proved;
	struct proven proven; /* what was found of it, if it was made here */
	struct prover prover; /* of the filter: what the profile means */
	struct diags *diags;
	struct mistake *mistake;
	const struct diag **refusal; /* by dialect, NULL: it takes the JSON */
};

/* What a runtime makes of the JSON; NULL if it refuses, and *why says for which reason. */
static const struct policy *read_back(
	struct check *c, const struct dialect *dialect, const struct diag **why)
{
	bool hidden = c->diags->source && c->diags->source->hidden;
	struct source source = {"resolved.json", c->json->bytes, c->json->len, hidden};
	struct node_facts facts = {
		.native = c->facts->native, .kernel = c->facts->kernel, .dialect = dialect,
		.libseccomp = c->facts->libseccomp};
	const struct policy *policy = NULL;
	struct diags diags;

	diags_init(&diags, c->arena, &source);
	const struct profile *profile = build_profile(c->arena, &source, &diags);
	const struct ruleset *set = profile ? select_rules(c->arena, profile, &facts, &diags) : NULL;
	if (set) {
		struct ruleset same = *set; /* but for what a filter refuses whatever is read */
		same.refuses_foreign = node_dialect(c->facts)->refuses_foreign;
		set = &same;
		policy = rules_policy(c->arena, &set, 1, &diags);
	}
	*why = policy ? NULL : diags_first_error(&diags);
	return policy;
}

static bool means_the_same(struct check *c, const struct dialect *dialect, const struct diag **why)
{
	const struct policy *policy = read_back(c, dialect, why);
	struct mistake *m = c->mistake;

	if (!policy)
		return true;
	switch (prover_ask(&c->prover, policy, &m->witness)) {
	case PROOF_HOLDS:
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
static enum build start(struct check *c, const struct policy *means, const struct program *proved)
{
	struct filter filter;

	*c->mistake = (struct mistake){0};
	if (!proved) {
		enum build built = build_policy(c->arena, means, NULL, c->diags, &filter, c->mistake);
		if (built != BUILD_DONE)
			return built;
		struct program *made = arena_alloc(c->arena, 1, sizeof(*made));
		*made = filter.program;
		c->proven = filter.proven;
		proved = made;
	}
	c->proved = proved;
	prover_init(&c->prover, c->arena, proved);
	return BUILD_DONE;
}

/* Of what the filter means; if that is not found within bounds, of the JSON as it would be without. */
static void find_digest(struct check *c, uint8_t digest[static SHA256_SIZE])
{
	if (c->proven.hashed)
		memcpy(digest, c->proven.meaning, SHA256_SIZE);
	else if (!hash_program(c->arena, c->proved, c->facts->native->order, digest))
		sha256_of(c->json->bytes, c->json->len, digest);
}

static void write_json(struct check *c, const struct ruleset *set, const struct profile *as_written,
	unsigned how)
{
	struct profile as_read = *as_written, *profile = &as_read;
	uint8_t digest[SHA256_SIZE];
	char key[CACHE_KEY_SIZE];

	if (!as_read.flags.count && node_dialect(c->facts)->drops_no_flags)
		as_read.flags.present = false;
	buf_init(c->json, c->arena);
	flatten(c->json, set, profile, how, NULL);
	if (c->facts->without_key || !ruleset_errno(set))
		return;
	find_digest(c, digest);
	cache_key_name(key, digest);
	buf_init(c->json, c->arena);
	flatten(c->json, set, profile, how, key);
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
	const struct node_facts *facts, const struct program *proved, struct diags *diags,
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
	const struct policy *means = rules_policy(arena, &set, 1, diags);
	if (!means)
		return BUILD_REFUSED;
	enum build built = start(&check, means, proved);
	if (built != BUILD_DONE)
		return built;
	return finish(&check, settle(&check, set), profile, keeps_stub ? FLATTEN_KEEPS_STUB : 0);
}
