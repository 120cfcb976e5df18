#include "make.h"

#include "options.h"

/* What ended the work, as the side's error where nobody has said it. */
enum winnow_status side_work(struct winnow_side *s, enum winnow_status (*work)(void *), void *context)
{
	enum winnow_status status = guarded(&s->owned, work, context);

	if (s->owned.mistake)
		s->error = s->owned.mistake;
	else if (status == WINNOW_UNDECIDED && !s->error)
		s->error = "it would take more memory than memory_max";
	return status;
}

enum winnow_status side_make(
	struct reading *reading, enum winnow_status (*work)(void *), struct winnow_side **side)
{
	struct arena_memory memory;

	if (side)
		*side = NULL;
	if (!side || (!reading->bytes && reading->length) || !options_take(reading->options, &reading->known, &memory))
		return WINNOW_USAGE;
	struct winnow_side *s = owned_make(&memory, sizeof(*s), reading->known.memory_max);
	if (!s)
		return WINNOW_NO_MEMORY;
	reading->s = s;
	s->memory_max = reading->known.memory_max;
	s->read = side_work(s, work, reading);
	if (s->read == WINNOW_NO_MEMORY)
		winnow_free(s);
	else
		*side = s;
	return *side ? s->read : WINNOW_NO_MEMORY;
}
