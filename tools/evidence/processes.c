/* A table of processes: chains in buckets, those that ended are used again. */

#include "processes.h"

#include <string.h>

static struct process **bucket(const struct processes *p, uint64_t pid)
{
	return (struct process **)&p->bucket[pid % PROCESS_BUCKETS];
}

struct process *process_find(const struct processes *p, uint64_t pid)
{
	struct process *one = *bucket(p, pid);

	while (one && one->pid != pid)
		one = one->next;
	return one;
}

struct process *process_get(struct processes *p, uint64_t pid)
{
	struct process *one = process_find(p, pid);

	if (one)
		return one;
	if (p->count == PROCESSES_MAX) {
		p->crowded = true;
		return NULL;
	}
	one = p->free;
	if (one)
		p->free = one->next;
	else
		one = arena_raw(p->arena, 1, sizeof(*one));
	memset(one, 0, offsetof(struct process, text));
	one->pid = pid;
	one->next = *bucket(p, pid);
	*bucket(p, pid) = one;
	p->count++;
	p->changes++;
	return one;
}

void process_forget(struct processes *p, uint64_t pid)
{
	struct process **link = bucket(p, pid);

	while (*link && (*link)->pid != pid)
		link = &(*link)->next;
	struct process *one = *link;
	if (!one)
		return;
	*link = one->next;
	one->next = p->free;
	p->free = one;
	p->count--;
	p->changes++;
}

void processes_clear(struct processes *p)
{
	for (size_t i = 0; i < PROCESS_BUCKETS; i++) {
		while (p->bucket[i])
			process_forget(p, p->bucket[i]->pid);
	}
	p->crowded = false;
}

/* What does not fit loses its middle: a call has its name in front and what came of it at its end. */
void process_append(struct process *p, const char *text, size_t len)
{
	const size_t tail = 512;

	if (len > sizeof(p->text) - p->len) {
		p->cut = true;
		p->len = p->len < sizeof(p->text) - tail ? p->len : sizeof(p->text) - tail;
		size_t front = sizeof(p->text) - tail - p->len;
		memcpy(p->text + p->len, text, front < len ? front : len);
		p->len += front < len ? front : len;
		text += len < tail ? 0 : len - tail;
		len = len < tail ? len : tail;
	}
	memmove(p->text + p->len, text, len);
	p->len += len;
}

void process_hold(struct process *p, process_settle *whose, const char *text, size_t len, uint64_t at)
{
	p->held = whose;
	p->open = p->cut = false;
	p->at = at;
	p->len = 0;
	process_append(p, text, len);
}
