/* Every syscall of each ABI, with the clauses of the policy that decide it: the first that holds does. */

#include "overview_json.h"

#include "../cli/as_json.h"
#include "../cli/quote.h"
#include "../lib/call_json.h"

#include "../../compiler/explain/overview.h"
#include "../../compiler/kernel/caps.h"

#include <inttypes.h>

static void print_cond(struct buf *b, const struct cond *c)
{
	static const char *const ops[] = {[COND_EQ] = "==", [COND_NE] = "!=", [COND_LT] = "<", [COND_LE] = "<=",
		[COND_GE] = ">=", [COND_GT] = ">"};

	buf_printf(b, "{\"arg\": %u, \"mask\": \"0x%" PRIx64 "\", \"op\": \"%s\", \"value\": \"0x%" PRIx64 "\"}", c->arg,
		c->mask, ops[c->op], c->value);
}

static void print_clause(struct buf *b, const struct question *q, const struct clause *c)
{
	buf_text(b, "{\"if\": [");
	for (size_t i = 0; i < c->conds; i++) {
		buf_text(b, i ? ", " : "");
		print_cond(b, &c->cond[i]);
	}
	buf_text(b, "], \"verdict\": ");
	verdict_json(b, c->ret);
	buf_text(b, ", \"rule\": ");
	as_json_place(b, q->source, c->at);
	buf_text(b, "}");
}

static void print_syscall(
	struct buf *b, const struct question *q, const struct domain *domain, const char *name, uint32_t nr)
{
	const struct range *range = domain_find(domain, nr);

	buf_printf(b, "{\"name\": \"%s\", \"nr\": %" PRIu32 ", \"first\": [", name, nr);
	for (size_t i = 0; i < range->clauses; i++) {
		buf_text(b, i ? ", " : "");
		print_clause(b, q, &range->clause[i]);
	}
	buf_text(b, "]}");
}

static void print_unnamed(struct buf *b, const struct question *q, const struct abi *abi)
{
	struct unnamed *span;
	size_t spans = overview_unnamed(q->arena, q->policy, abi, &span);

	for (size_t i = 0; i < spans; i++) {
		buf_printf(b, "%s{\"first\": %" PRIu32 ", \"last\": %" PRIu32 ", \"verdict\": ", i ? ", " : "",
			span[i].first, span[i].last);
		verdict_json(b, span[i].ret);
		buf_text(b, "}");
	}
}

static void print_abi(struct buf *b, const struct question *q, const struct abi *abi)
{
	const struct domain *domain = policy_domain(q->policy, abi->audit);
	const char *comma = "\n  ";
	uint32_t nr;

	buf_printf(b, "{\"abi\": \"%s\", \"unnamed\": [", abi->name);
	print_unnamed(b, q, abi);
	buf_text(b, "], \"syscalls\": [");
	for (size_t id = 0; id < arch_syscall_count(); id++) {
		if (!arch_nr(abi, (uint16_t)id, &nr))
			continue;
		buf_text(b, comma);
		print_syscall(b, q, domain, arch_syscall_name((uint16_t)id), nr);
		comma = ",\n  ";
	}
	buf_text(b, "]}");
}

static void print_node(struct buf *b, const struct question *q)
{
	const struct kernel_version k = node_kernel(q->node);
	const char *quote = q->node->caps & CAPS_ALL ? "\"" : "";

	buf_printf(b, ", \"node\": \"%s\", \"runtime\": \"%s\", \"kernel\": \"%u.%u\", \"capabilities\": [",
		q->node->native->name, node_dialect(q->node)->name,
		k.major, k.minor);
	buf_text(b, quote);
	caps_list(b, q->node->caps, "\", \"");
	buf_printf(b, "%s], \"default\": ", quote);
	verdict_json(b, q->set->default_ret);
	buf_text(b, ", \"elsewhere\": ");
	verdict_json(b, q->policy->elsewhere.ret);
}

void overview_json(struct buf *b, const struct question *q)
{
	const char *comma = "\n ";

	as_json_begin(b, "explain");
	buf_text(b, ", \"profile\": ");
	quote_json(b, q->source->name);
	print_node(b, q);
	buf_text(b, ", \"abis\": [");
	for (size_t i = 0; i < q->policy->abis; i++) {
		if (q->abi && q->abi != q->policy->abi[i])
			continue;
		buf_text(b, comma);
		print_abi(b, q, q->policy->abi[i]);
		comma = ",\n ";
	}
	buf_text(b, "]}\n");
}
