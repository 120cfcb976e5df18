/*
 * PTRACE_SECCOMP_GET_FILTER (ptrace(2), since Linux 4.4) wants CAP_SYS_ADMIN, a tracer that is under
 * no filter itself, and a tracee that stands still. PTRACE_SEIZE and PTRACE_INTERRUPT make it stand
 * still without a signal that anybody else could see. PTRACE_O_EXITKILL is not set: a tracer that
 * dies lets its tracee go.
 *
 * Of a filter's flags PTRACE_SECCOMP_GET_METADATA (since Linux 4.16) tells the one that makes records: kernel/
 * seccomp.c seccomp_get_metadata().
 */

#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#define STOP_MS 2000 /* for a thread in an uninterruptible sleep */
#define FLAG_LOG UINT64_C(2) /* kernel: include/uapi/linux/seccomp.h SECCOMP_FILTER_FLAG_LOG */

/* --- what everybody sees --- */

static int number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

static void read_field(struct process_fields *f, char *line)
{
	char *value = strchr(line, ':');

	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	value[strcspn(value, "\n")] = '\0';
	if (strcmp(line, "Name") == 0)
		snprintf(f->name, sizeof(f->name), "%s", value);
	else if (strcmp(line, "State") == 0)
		f->state = *value;
	else if (strcmp(line, "TracerPid") == 0)
		f->tracer = (pid_t)number(value);
	else if (strcmp(line, "Seccomp") == 0)
		f->mode = number(value);
	else if (strcmp(line, "Seccomp_filters") == 0)
		f->filters = number(value);
	else if (strcmp(line, "NoNewPrivs") == 0)
		f->no_new_privs = number(value);
}

bool process_fields(struct process_fields *f, pid_t pid, pid_t tid)
{
	char path[64], line[256];

	*f = (struct process_fields){.filters = -1, .no_new_privs = -1};
	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	FILE *status = fopen(path, "re");
	if (!status)
		return false;
	while (fgets(line, sizeof(line), status))
		read_field(f, line);
	fclose(status);
	return true;
}

bool process_exited(const struct process_fields *f)
{
	return f->state == 'Z' || f->state == 'X';
}

static int by_number(const void *a, const void *b)
{
	const pid_t *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

const pid_t *process_threads(struct arena *arena, pid_t pid, size_t *count)
{
	const struct dirent *entry;
	pid_t *thread = NULL;
	char path[64];
	size_t room = 0;

	*count = 0;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *list = opendir(path);
	if (!list)
		return NULL;
	for (errno = 0; (entry = readdir(list)); errno = 0) {
		int tid = number(entry->d_name);
		if (tid <= 0)
			continue;
		if (*count == room) {
			thread = arena_grow(arena, thread, room, 2 * room + 16, sizeof(*thread));
			room = 2 * room + 16;
		}
		thread[(*count)++] = (pid_t)tid;
	}
	bool all = errno == 0;
	closedir(list);
	if (!all)
		return NULL;
	if (thread)
		qsort(thread, *count, sizeof(*thread), by_number);
	return thread;
}

int process_action_logged(const char *name)
{
	char line[256];
	int found = -1;
	FILE *list = fopen("/proc/sys/kernel/seccomp/actions_logged", "re");

	if (!list)
		return -1;
	if (fgets(line, sizeof(line), list)) {
		const size_t len = strlen(name);
		found = 0;
		for (const char *word = line; *word; word += strspn(word, " \n")) {
			size_t end = strcspn(word, " \n");
			found = found || (end == len && memcmp(word, name, len) == 0);
			word += end;
		}
	}
	fclose(list);
	return found;
}

/* --- what root sees --- */

static const char *because(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return "only root can: CAP_SYS_ADMIN, and under no filter itself";
	case EIO:
	case EINVAL:
		return "this kernel shows them to nobody (CONFIG_CHECKPOINT_RESTORE)";
	case ESRCH:
		return "it has ended";
	default:
		return strerror(error);
	}
}

/*
 * Wait until it stands still. *signal: one that it was about to get, to be handed on. NULL, or why
 * it does not.
 */
static const char *wait_stop(pid_t tid, int *signal)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	int status;

	*signal = 0;
	for (int ms = 0; ms < STOP_MS; ms++) {
		pid_t got = waitpid(tid, &status, __WALL | WNOHANG);
		if (got < 0)
			return because(errno);
		if (got == tid && !WIFSTOPPED(status))
			return because(ESRCH);
		if (got == tid) {
			if (status >> 16 == 0)
				*signal = WSTOPSIG(status);
			return NULL;
		}
		nanosleep(&tick, NULL);
	}
	return "it does not stand still: it waits for a device or a file server";
}

static bool copy_filter(struct arena *arena, pid_t tid, size_t index, struct program *p)
{
	struct sock_filter *filter;
	long len = ptrace(PTRACE_SECCOMP_GET_FILTER, tid, (void *)index, NULL);

	if (len < 0)
		return false;
	filter = arena_alloc(arena, (size_t)len, sizeof(*filter));
	struct insn *insn = arena_alloc(arena, (size_t)len, sizeof(*insn));
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, tid, (void *)index, filter) != len)
		return false;
	for (long i = 0; i < len; i++)
		insn[i] = (struct insn){
			filter[i].code, filter[i].jt, filter[i].jf, filter[i].k};
	*p = (struct program){insn, (size_t)len};
	return true;
}

static int read_log(pid_t tid, size_t index)
{
	/* kernel: include/uapi/linux/ptrace.h struct seccomp_metadata */
	struct {
		uint64_t filter, flags;
	} data = {.filter = index};
	const int keep = errno; /* why there are no more filters is asked afterwards */
	long size = ptrace(PTRACE_SECCOMP_GET_METADATA, tid, (void *)sizeof(data), &data);

	errno = keep;
	if (size != (long)sizeof(data))
		return -1;
	return (data.flags & FLAG_LOG) != 0;
}

static const char *copy_filters(struct process_filters *f, struct arena *arena, pid_t tid)
{
	size_t room = 0;
	struct program p;

	*f = (struct process_filters){0};
	while (copy_filter(arena, tid, f->count, &p)) {
		if (f->count == room) {
			f->program = arena_grow(
				arena, f->program, room, 2 * room + 8, sizeof(*f->program));
			f->log = arena_grow(arena, f->log, room, 2 * room + 8, sizeof(*f->log));
			room = 2 * room + 8;
		}
		f->log[f->count] = read_log(tid, f->count);
		f->program[f->count++] = p;
	}
	return errno == ENOENT ? NULL : because(errno);
}

const char *process_filters(struct process_filters *f, struct arena *arena, pid_t tid)
{
	const char *why;
	int signal;

	*f = (struct process_filters){0};
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return because(errno);
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0) {
		why = because(errno);
		ptrace(PTRACE_DETACH, tid, NULL, NULL);
		return why;
	}
	why = wait_stop(tid, &signal);
	if (!why) {
		why = copy_filters(f, arena, tid);
		ptrace(PTRACE_DETACH, tid, NULL, (void *)(long)signal);
	}
	return why;
}
