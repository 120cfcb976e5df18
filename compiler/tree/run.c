#include "run.h"

void run_append(struct run *out, size_t *n, const struct run *r)
{
	if (*n && out[*n - 1].child == r->child) {
		out[*n - 1].last = r->last;
		out[*n - 1].weight += r->weight;
	} else {
		out[(*n)++] = *r;
	}
}
