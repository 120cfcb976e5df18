#include "handle.h"

#include <string.h>

void winnow_free(struct winnow_side *s)
{
	owned_free(s);
}

const char *winnow_error(const struct winnow_side *s)
{
	return s && s->error && (s->read || s->compiled) ? s->error : "";
}

size_t winnow_blobs(const struct winnow_side *s)
{
	return s ? s->blobs : 0;
}

enum winnow_status winnow_blob(const struct winnow_side *s, size_t index, struct winnow_blob *out)
{
	if (!s || !out || index >= s->blobs)
		return WINNOW_USAGE;
	return hand_out(out, &s->blob[index], sizeof(*out));
}

enum winnow_status hand_out(void *theirs, const void *ours, size_t size)
{
	size_t room;

	memcpy(&room, theirs, sizeof(room));
	if (room < sizeof(room))
		return WINNOW_USAGE;
	memset(theirs, 0, room);
	memcpy(theirs, ours, room < size ? room : size);
	memcpy(theirs, &room, sizeof(room));
	return WINNOW_DONE;
}
