#ifndef TOOLS_NODE_WATCH_H
#define TOOLS_NODE_WATCH_H

/*
 * Passes whenever something changed: the source, or what was installed. Between them the process
 * sleeps in poll(2), woken by no timer but that of its sign of life, and holds no more memory than its list of folders: each pass
 * is a child's, which takes all it used with it.
 */

#include <stdbool.h>

enum watch_moment { WATCH_BEGINS, WATCH_ENDED, WATCH_LIVES, WATCH_GOES };

struct watch {
	const char *source;     /* a folder, the mount of a ConfigMap, or a file */
	const char *baseline;   /* a file that all profiles depend on; NULL: none */
	const char *bases;      /* a folder that some depend on; NULL: none */
	const char *root;       /* the node's root directory */
	const char *ready_file; /* there while all is in place; NULL: none */
	bool verbose;           /* say why a pass begins */
	/*
	 * In a child: `full` after the source changed, else only files of the node did. Returns an
	 * exit status, or WATCH_NOTHING if nothing was to be done.
	 */
	int (*pass)(void *context, bool full);
	/*
	 * In the watcher itself: a pass begins; it ended, with what it returned; at least every `beat`
	 * seconds, that the watcher is alive; and that it will not be.
	 */
	void (*tell)(void *context, enum watch_moment, int status);
	int beat;
	void *context;
};

#define WATCH_NOTHING 255

/*
 * Until SIGTERM or SIGINT, which lets a pass that is under way finish: EXIT_DONE. SIGHUP asks for a
 * full pass. EXIT_HOST: this cannot be watched, and a message said why.
 */
int watch_run(const struct watch *);

#endif
