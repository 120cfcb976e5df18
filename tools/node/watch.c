/*
 * Change, wait until it settles, watch anew, pass; and again. A pass's own writes are changes too:
 * they lead to one more pass, which finds nothing to do and writes nothing, so that it ends there
 * and no change of somebody else's in between is mistaken for winnow's. That second pass compares
 * digests and compiles nothing.
 */

#include "watch.h"

#include "folders.h"
#include "places.h"

#include "../cli/files.h"
#include "../cli/message.h"
#include "../cli/options.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SETTLED_MS 100  /* a burst is over when nothing happened for so long */
#define BURST_MS   1000 /* and is cut off after this: a change is in force within 2 s */
#define RETRY_S    5    /* after a pass the host failed; twice as long each time */
#define RETRY_MAX  320

enum { KIND_SOURCE = 1, KIND_NODE = 2 };

struct watcher {
	const struct watch *watch;
	struct folders folders;
	int signals;
	char path[PLACES + 1][PATH_MAX], data[PATH_MAX], baseline_data[PATH_MAX];
	unsigned kinds;  /* that a pass is due for */
	unsigned stops;  /* SIGTERM and SIGINT, so far */
	bool reaped, ready;
	int status;      /* of the last full pass */
	unsigned retry;  /* seconds until it is tried again; 0: it is not */
	long beat;       /* ms, as now_ms(), of the last sign of life */
};

/* --- setting up --- */

static bool open_signals(struct watcher *w)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->signals < 0)
		message("signalfd: %s", strerror(errno));
	return w->signals >= 0;
}

static bool join(char path[static PATH_MAX], const char *folder, const char *name)
{
	int len = snprintf(path, PATH_MAX, "%s/%s", folder, name);

	if (len < PATH_MAX)
		return true;
	message("%s: %s", folder, strerror(ENAMETOOLONG));
	return false;
}

/* Where a ConfigMap's mount would have the link to its files, beside the file. */
static bool find_data(struct watcher *w, const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
	return join(w->baseline_data, folder, "..data");
}

static bool find_paths(struct watcher *w)
{
	bool ok = join(w->data, w->watch->source, "..data") &&
		join(w->path[PLACES], w->watch->root, PLACES_HOME) &&
		(!w->watch->baseline || find_data(w, w->watch->baseline));

	for (size_t p = 0; p < PLACES; p++)
		ok = ok && join(w->path[p], w->watch->root, place_folder((enum place)p));
	return ok;
}

/* ..data: a mount whose files are edited in place, as nobody but a person would. */
static bool watch_anew(struct watcher *w)
{
	folders_begin(&w->folders);
	folders_add(&w->folders, w->watch->source, 0, KIND_SOURCE);
	folders_add(&w->folders, w->data, strlen(w->watch->source), KIND_SOURCE);
	if (w->watch->bases)
		folders_add(&w->folders, w->watch->bases, 0, KIND_SOURCE);
	if (w->watch->baseline) {
		folders_add(&w->folders, w->watch->baseline, 0, KIND_SOURCE);
		folders_add(&w->folders, w->baseline_data, 0, KIND_SOURCE);
	}
	for (size_t p = 0; p <= PLACES; p++)
		folders_add(&w->folders, w->path[p], strlen(w->watch->root), KIND_NODE);
	return folders_end(&w->folders);
}

/* --- waiting --- */

static void take_signals(struct watcher *w)
{
	struct signalfd_siginfo info;

	while (read(w->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			w->reaped = true;
		else if (info.ssi_signo == SIGHUP)
			w->kinds |= KIND_SOURCE;
		else
			w->stops++;
	}
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until something happens, at most `ms` (-1: for ever). Did something of the folders? */
static bool wait_event(struct watcher *w, int ms, bool folders)
{
	const int beat = w->watch->beat * 1000;
	struct pollfd fd[] = {{w->signals, POLLIN, 0}, {w->folders.fd, POLLIN, 0}};
	unsigned kinds = 0;

	if (now_ms() - w->beat >= beat) {
		w->watch->tell(w->watch->context, WATCH_LIVES, 0);
		w->beat = now_ms();
	}
	if (ms < 0 || ms > beat)
		ms = beat;
	if (poll(fd, folders ? 2 : 1, ms) <= 0)
		return false;
	take_signals(w);
	if (folders && fd[1].revents)
		kinds = folders_events(&w->folders);
	w->kinds |= kinds;
	return kinds != 0;
}

static void wait_change(struct watcher *w)
{
	int ms = w->retry ? (int)w->retry * 1000 : -1;
	long first;

	while (!w->kinds && !w->stops) {
		long before = now_ms();
		wait_event(w, ms, true);
		if (ms >= 0) {
			long left = ms - (now_ms() - before);
			ms = left > 0 ? (int)left : 0;
		}
		if (ms == 0)
			w->kinds |= KIND_SOURCE;
	}
	first = now_ms();
	while (!w->stops && now_ms() - first < BURST_MS && wait_event(w, SETTLED_MS, true))
		;
}

/* --- passing --- */

static int wait_child(struct watcher *w, pid_t child)
{
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		wait_event(w, -1, false);
		if (w->stops > 1)
			kill(child, SIGKILL);
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	message("a pass was ended by signal %d", WTERMSIG(status));
	return EXIT_HOST;
}

static int pass(struct watcher *w, bool full)
{
	if (w->watch->verbose)
		message("%s", full ? "a pass, for the source" : "a look at what is installed");
	pid_t child = fork();
	if (child < 0) {
		message("fork: %s", strerror(errno));
		return EXIT_HOST;
	}
	if (child)
		return wait_child(w, child);
	int status = w->watch->pass(w->watch->context, full);
	fflush(NULL);
	_exit(status);
}

static void tell_ready(struct watcher *w, bool ready)
{
	const char *path = w->watch->ready_file;

	if (!path || ready == w->ready)
		return;
	if (ready)
		w->ready = files_replace(path, "ready\n", strlen("ready\n"));
	else
		w->ready = !files_forget(path);
}

static void pass_and_tell(struct watcher *w)
{
	bool full = w->kinds & KIND_SOURCE;
	int status;

	w->kinds = 0;
	w->watch->tell(w->watch->context, WATCH_BEGINS, 0);
	status = pass(w, full);
	w->watch->tell(w->watch->context, WATCH_ENDED, status);
	if (status != WATCH_NOTHING)
		w->status = status;
	tell_ready(w, w->status == EXIT_DONE);
	if (w->status != EXIT_HOST)
		w->retry = 0;
	else if (w->retry < RETRY_MAX)
		w->retry = w->retry ? 2 * w->retry : RETRY_S;
}

static int loop(struct watcher *w)
{
	w->ready = true; /* of a run before, perhaps */
	tell_ready(w, false);
	w->status = EXIT_HOST;
	w->kinds = KIND_SOURCE;
	while (!w->stops) {
		if (!watch_anew(w))
			return EXIT_HOST;
		pass_and_tell(w);
		wait_change(w);
	}
	tell_ready(w, false);
	return EXIT_DONE;
}

int watch_run(const struct watch *watch)
{
	struct watcher *w = calloc(1, sizeof(*w));
	int status = EXIT_HOST;

	if (!w) {
		message("out of memory");
		return EXIT_HOST;
	}
	w->watch = watch;
	if (find_paths(w) && open_signals(w)) {
		if (folders_open(&w->folders)) {
			status = loop(w);
			watch->tell(watch->context, WATCH_GOES, status);
			folders_close(&w->folders);
		}
		close(w->signals);
	}
	free(w);
	return status;
}
