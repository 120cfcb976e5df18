/* The words of the facts, and facts of words. */

#include "compile_facts.h"

#include "node_words.h"
#include "version.h"

#include "../../compiler/meaning/enosys.h"

#include <string.h>

/* --- of the node --- */

static const char *abis_word(struct arena *arena, const struct origin *o)
{
	return words_abis(arena, o->policy);
}

static const char *arch_word(struct arena *arena, const struct origin *o)
{
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < o->nodes; i++)
		buf_printf(&b, "%s%s", i ? "," : "", o->node[i].native->name);
	return buf_string(&b);
}

static const char *caps_word(struct arena *arena, const struct origin *o)
{
	return buf_print(arena, "0x%llx", (unsigned long long)o->node->caps);
}

static bool caps_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	uint64_t caps = 0;
	size_t len;

	(void)wish;
	if (!words_caps(word, &caps, &word, &len))
		return false;
	node->caps = caps;
	return true;
}

static const char *kernel_word(struct arena *arena, const struct origin *o)
{
	const struct kernel_version *k = &o->node->kernel;

	return k->present ? buf_print(arena, "%u.%u", k->major, k->minor) : arch_tables_kernel;
}

static bool kernel_said(const struct origin *o)
{
	return o->node->kernel.present;
}

static bool kernel_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	struct kernel_version k = {0};

	(void)wish;
	if (!words_kernel(word, &k, &word))
		return false;
	node->kernel = k;
	return true;
}

static const char *runtime_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return node_dialect(o->node)->name;
}

static bool runtime_said(const struct origin *o)
{
	return o->node->dialect;
}

static bool runtime_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	const struct dialect *dialect = dialect_find(word, strlen(word));

	(void)wish;
	if (!dialect)
		return false;
	node->dialect = dialect;
	node->enosys = dialect->enosys;
	return true;
}

static const char *libseccomp_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->node->libseccomp ? libseccomp_version(o->node->libseccomp) : NULL;
}

static bool libseccomp_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	const struct libseccomp *libseccomp = libseccomp_find(word);

	(void)wish;
	if (!libseccomp)
		return false;
	node->libseccomp = libseccomp;
	return true;
}

static const char *enosys_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return enosys_name(o->node->enosys);
}

static bool enosys_said(const struct origin *o)
{
	return o->node->enosys != ENOSYS_OFF || o->node->dialect;
}

static bool enosys_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	(void)wish;
	return enosys_find(word, &node->enosys);
}

static const char *narrow_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->node->narrow ? "int-args" : NULL;
}

/* A flag, whatever an option's value is. */
static bool narrow_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	(void)wish;
	node->narrow = word;
	return word;
}

static const char *complain_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->node->complain ? "log" : NULL;
}

static bool complain_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	(void)wish;
	node->complain = word;
	return word;
}

/* --- of the input --- */

static const char *input_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return input_name(o->wish->input);
}

static bool input_said(const struct origin *o)
{
	return o->wish->input != INPUT_ANY;
}

static bool input_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	(void)node;
	return input_find(word, &wish->input);
}

static const char *entry_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->wish->entry;
}

static bool entry_read(const char *word, struct node_facts *node, struct input_options *wish)
{
	(void)node;
	wish->entry = word;
	return word;
}

static const char *bases_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->bases;
}

static const char *merged_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	return o->merged;
}

/* --- of winnow --- */

static const char *by_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	(void)o;
	return WINNOW_VERSION;
}

static const char *tables_word(struct arena *arena, const struct origin *o)
{
	(void)arena;
	(void)o;
	return arch_tables_kernel;
}

const struct fact compile_facts[FACTS] = {
#define FACT_ROW(id, option, ...) [FACT_##id] = {__VA_ARGS__},
	COMPILE_FACTS(FACT_ROW)
#undef FACT_ROW
};

const char *fact_word(
	struct arena *arena, enum fact_id id, const struct fact_in *in, const struct origin *o, bool *null)
{
	const struct fact *f = &compile_facts[id];
	const char *word = f->word(arena, o);

	if (f->said && !f->said(o) && in->unsaid != UNSAID_DEFAULT)
		word = NULL;
	*null = !word && in->unsaid == UNSAID_NULL;
	return word;
}
