/* Every call opens and closes the file it exports to: what a runtime pays, too. */

#include "rival.h"

#ifdef HAVE_LIBSECCOMP

#include "../tests/lib/peer.h"

void rival_version(char text[static 32])
{
	peer_version(text);
}

bool rival_knows(const struct ruleset *set)
{
	for (size_t i = 0; i < set->abis; i++) {
		if (!peer_has_abi(set->abi[i]))
			return false;
	}
	return true;
}

bool rival_agrees(const struct ruleset *set, uint16_t syscall)
{
	return peer_agrees(set, syscall);
}

const char *rival_program(
	struct arena *arena, const struct ruleset *set, unsigned level, struct program *program)
{
	struct peer_file file;

	if (!peer_open(&file))
		return "no memfd";
	enum peer made = peer_filter(arena, &file, set, level, program);
	peer_close(&file);
	switch (made) {
	case PEER_DONE:
		return NULL;
	case PEER_CONFLICT:
		return "refused as conflicting";
	case PEER_FAILED:
		return "failed";
	}
	unreachable();
}

#else

void rival_version(char text[static 32])
{
	text[0] = '\0';
}

bool rival_knows(const struct ruleset *set)
{
	(void)set;
	return false;
}

bool rival_agrees(const struct ruleset *set, uint16_t syscall)
{
	(void)set;
	(void)syscall;
	return false;
}

const char *rival_program(
	struct arena *arena, const struct ruleset *set, unsigned level, struct program *program)
{
	(void)arena;
	(void)set;
	(void)level;
	(void)program;
	return "not installed";
}

#endif
