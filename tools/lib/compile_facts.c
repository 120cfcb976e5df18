/* The words of the facts, and facts of words. */

#include "compile_facts.h"

#include "node_words.h"
#include "version.h"

#include "../../compiler/meaning/enosys.h"

#include <string.h>

const struct fact compile_facts[FACTS] = {
#define FACT_ROW(id, option, ...) [FACT_##id] = {__VA_ARGS__},
	COMPILE_FACTS(FACT_ROW)
#undef FACT_ROW
};

static const char *list_nodes(struct arena *arena, const struct origin *o)
{
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < o->nodes; i++)
		buf_printf(&b, "%s%s", i ? "," : "", o->node[i].native->name);
	return buf_string(&b);
}

const char *fact_value(struct arena *arena, enum fact_id id, const struct origin *o)
{
	const struct node_facts *node = o->node;

	switch (id) {
	case FACT_ABIS:
		return words_abis(arena, o->policy);
	case FACT_ARCH:
		return list_nodes(arena, o);
	case FACT_CAPS:
		return buf_print(arena, "0x%llx", (unsigned long long)node->caps);
	case FACT_KERNEL:
		return node->kernel.present ? buf_print(arena, "%u.%u", node->kernel.major, node->kernel.minor)
					    : arch_tables_kernel;
	case FACT_RUNTIME:
		return node_dialect(node)->name;
	case FACT_LIBSECCOMP:
		return node->libseccomp ? libseccomp_version(node->libseccomp) : NULL;
	case FACT_ENOSYS:
		return enosys_name(node->enosys);
	case FACT_NARROW:
		return node->narrow ? "int-args" : NULL;
	case FACT_COMPLAIN:
		return node->complain ? "log" : NULL;
	case FACT_INPUT:
		return input_name(o->wish->input);
	case FACT_ENTRY:
		return o->wish->entry;
	case FACT_BASES:
		return o->bases;
	case FACT_MERGED:
		return o->merged;
	case FACT_BY:
		return WINNOW_VERSION;
	case FACT_TABLES:
		return arch_tables_kernel;
	case FACTS:
		break;
	}
	unreachable();
}

bool fact_said(enum fact_id id, const struct origin *o)
{
	if (id == FACT_KERNEL)
		return o->node->kernel.present;
	if (id == FACT_RUNTIME)
		return o->node->dialect;
	if (id == FACT_ENOSYS)
		return o->node->enosys != ENOSYS_OFF || o->node->dialect;
	return id != FACT_INPUT || o->wish->input != INPUT_ANY;
}

const char *fact_word(
	struct arena *arena, enum fact_id id, const struct fact_in *in, const struct origin *o, bool *null)
{
	const char *word = fact_said(id, o) || in->unsaid == UNSAID_DEFAULT ? fact_value(arena, id, o) : NULL;

	*null = !word && in->unsaid == UNSAID_NULL;
	return word;
}

/* --- of a word --- */

static bool read_caps(const char *word, struct node_facts *node)
{
	uint64_t caps = 0;
	size_t len;

	if (!words_caps(word, &caps, &word, &len))
		return false;
	node->caps = caps;
	return true;
}

static bool read_kernel(const char *word, struct node_facts *node)
{
	struct kernel_version kernel = {0};

	if (!words_kernel(word, &kernel, &word))
		return false;
	node->kernel = kernel;
	return true;
}

static bool read_runtime(const char *word, struct node_facts *node)
{
	const struct dialect *dialect = dialect_find(word, strlen(word));

	if (!dialect)
		return false;
	node->dialect = dialect;
	node->enosys = dialect->enosys;
	return true;
}

static bool read_libseccomp(const char *word, struct node_facts *node)
{
	const struct libseccomp *libseccomp = libseccomp_find(word);

	if (!libseccomp)
		return false;
	node->libseccomp = libseccomp;
	return true;
}

bool fact_read(enum fact_id id, const char *word, struct node_facts *node, struct input_options *wish)
{
	switch (id) {
	case FACT_CAPS:
		return read_caps(word, node);
	case FACT_KERNEL:
		return read_kernel(word, node);
	case FACT_RUNTIME:
		return read_runtime(word, node);
	case FACT_LIBSECCOMP:
		return read_libseccomp(word, node);
	case FACT_ENOSYS:
		return enosys_find(word, &node->enosys);
	case FACT_NARROW:
		return node->narrow = true;
	case FACT_COMPLAIN:
		return node->complain = true;
	case FACT_INPUT:
		return input_find(word, &wish->input);
	case FACT_ENTRY:
		wish->entry = word;
		return true;
	case FACT_ABIS:
	case FACT_ARCH:
	case FACT_BASES:
	case FACT_MERGED:
	case FACT_BY:
	case FACT_TABLES:
	case FACTS:
		break;
	}
	return false;
}
