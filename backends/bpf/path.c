/* Jumps go forward only, so one pass from the end knows every distance. */

#include "path.h"

#include "check.h"

unsigned path_longest(struct arena *arena, const struct program *p)
{
	unsigned *longest = arena_alloc(arena, p->len + 1, sizeof(*longest));

	for (size_t pc = p->len; pc-- > 0;) {
		unsigned most = 0;
		uint64_t to[2] = {pc + 1, pc + 1};
		check_targets(p, pc, &to[0], &to[1]);
		for (unsigned i = 0; i < 2 && (p->insn[pc].code & 7) != BPF_RET; i++) {
			if (to[i] < p->len && longest[to[i]] > most)
				most = longest[to[i]];
		}
		longest[pc] = most + 1;
	}
	return p->len ? longest[0] : 0;
}
