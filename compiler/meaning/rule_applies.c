/*
 * Conditions of a rule are asked of a node, as the runtime's loader asks them: excludes drop the
 * rule on any match, includes keep it if all match. Words that can never match are reported here,
 * where they are compared.
 */

#include "rule_applies.h"

#include "../kernel/caps.h"
#include "../base/suggest.h"

struct asker {
	const struct node_facts *node;
	const struct dialect *dialect;
	struct diags *diags;
};

/* The runtime's word for the ABI in includes.arches. NULL: it has none. */
static const char *arch_word(const struct asker *r, const struct abi *abi)
{
	return r->dialect->golang_words && abi->golang ? abi->golang : abi->moby;
}

/* Words of the runtime's own list that stand for an ABI of some node, or never did ("x32"). */
static bool is_arch_word(const struct asker *r, const struct text *word)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const char *own = arch_word(r, &arch_abis[i]);
		if (text_is(word, own ? own : arch_abis[i].name))
			return true;
	}
	return false;
}

static bool names_native(const struct asker *r, const struct texts *arches)
{
	const char *native = arch_word(r, r->node->native);
	bool found = false;

	for (size_t i = 0; i < arches->count; i++) {
		const struct text *word = &arches->text[i];
		found |= native && text_is(word, native);
		if (is_arch_word(r, word))
			continue;
		diag(r->diags, DIAG_ARCH_WORD, word->at, word->at_len,
			"'%s' never matches here: this list takes Go's words", word->s);
		const struct abi *abi = arch_find(word->s, word->len);
		if (abi && arch_word(r, abi))
			diag_note(
				r->diags, word->at, word->at_len, "write '%s'", arch_word(r, abi));
	}
	return found;
}

/* How many of the listed capabilities the container has. */
static size_t count_granted(const struct asker *r, const struct texts *caps)
{
	size_t granted = 0;

	for (size_t i = 0; i < caps->count; i++) {
		const struct text *name = &caps->text[i];
		unsigned cap;
		if (caps_find(name->s, name->len, &cap)) {
			granted += r->node->caps >> cap & 1;
			continue;
		}
		diag(r->diags, DIAG_UNKNOWN_CAP, name->at, name->at_len,
			"'%s' is no capability, so it is never granted", name->s);
		struct suggestion near = suggest_start(name->s, name->len);
		for (unsigned k = 0; k < CAPS; k++)
			suggest_offer(&near, caps_name(k));
		diag_meant(r->diags, near.best);
	}
	return granted;
}

/* The condition is there, and the runtime reads it. */
static bool asks_kernel(const struct asker *r, const struct profile_filter *filter)
{
	const struct kernel_version *least = &filter->min_kernel;
	const struct text *bad = &filter->bad_kernel;
	bool reads = r->dialect->keys & KEYS_KERNEL;

	if (bad->s && reads)
		diag(r->diags, DIAG_BAD_KERNEL, bad->at, bad->at_len,
			"minKernel '%s' is not of the form \"4.8\": two numbers up to 255, not both 0", bad->s);
	else if (!reads && (bad->s || least->present))
		diag_by(r->diags, DIAG_FILTER_DROPPED, bad->s ? bad->at : least->at,
			bad->s ? bad->at_len : least->len, dialect_does(r->dialect),
			"not read 'minKernel': the rule is the same on every kernel");
	return least->present && reads;
}

/* 0.0 is there in excludes alone. */
static bool kernel_reaches(const struct asker *r, const struct kernel_version *least)
{
	const struct kernel_version k = node_kernel(r->node);

	if (!least->major && !least->minor)
		return !diag(r->diags, DIAG_NEVER_APPLIES, least->at, least->len,
			"minKernel \"\" is a version that every kernel reaches, so the rule is excluded on all of them");
	if (!r->node->kernel.present)
		diag(r->diags, DIAG_KERNEL_ASSUMED, least->at, least->len,
			"taken as true for kernel %u.%u, that of the syscall tables; the option kernel, as in "
			"--kernel 6.1, decides it for another",
			k.major, k.minor);
	return k.major != least->major ? k.major > least->major : k.minor >= least->minor;
}

static void say_dropped(const struct asker *r, const struct profile_filter *filter, const char *key)
{
	if (filter->present &&
		(filter->caps.count || filter->arches.count || filter->min_kernel.present ||
			filter->bad_kernel.s))
		diag_by(r->diags, DIAG_FILTER_DROPPED, filter->at, 1, dialect_does(r->dialect),
			"not read '%s': the rule applies in every container", key);
}

/* moby/profiles seccomp_linux.go setupSeccomp: excludes drop on any match, includes need all. */
bool rule_applies(const struct profile_rule *rule, const struct node_facts *node, struct diags *diags)
{
	const struct asker asker = {node, node_dialect(node), diags}, *r = &asker;

	if (!(r->dialect->keys & KEYS_DOCKER)) {
		say_dropped(r, &rule->includes, "includes");
		say_dropped(r, &rule->excludes, "excludes");
		return true;
	}
	const struct profile_filter *in = &rule->includes, *ex = &rule->excludes;
	bool drop = names_native(r, &ex->arches);

	drop |= count_granted(r, &ex->caps) != 0;
	drop |= asks_kernel(r, ex) && kernel_reaches(r, &ex->min_kernel);
	bool keep = names_native(r, &in->arches) || !in->arches.count;
	keep &= count_granted(r, &in->caps) == in->caps.count;
	keep &= !asks_kernel(r, in) || kernel_reaches(r, &in->min_kernel);
	return keep && !drop;
}
