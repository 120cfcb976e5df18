/*
 * {"version": 1, "watched": 1, "stage": 5, "status": 0, "ended": T, "good": T, "under_way": T}, T in
 * seconds since 1970. A beat is a new time of the file. The lock is of another file, as this one is
 * replaced; the kernel gives it back whatever its holder dies of.
 */

#define _GNU_SOURCE /* realpath() */

#include "pass_state.h"

#include "../cli/staged_file.h"
#include "../cli/files.h"
#include "../cli/message.h"

#include "../../backends/bpf/sha256.h"
#include "../../compiler/read/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION     1
#define STATE_MAX   4096
#define KEY_BYTES   8 /* of the digest of the root's path, to name the files */
#define HOLD_TRIES  50
#define HOLD_POLL   20 /* ms; a `status` has the lock for some microseconds */
#define FOLDER_MODE 0755
#define LOCK_MODE   0600

const char *const verdict_names[VERDICTS] = {[VERDICT_OK] = "ok",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_FAILED] = "failed",
	[VERDICT_STALE] = "stale",
	[VERDICT_GONE] = "gone"};

static const char *const stage_says[STAGES] = {[STAGE_START] = "it did not come to an end",
	[STAGE_SOURCE] = "its source could not be had, or has no profile; or its baseline could not be had",
	[STAGE_NODE] = "what it takes on the node was not to be had: files, their lock, memory",
	[STAGE_REPORT] = "what became of the profiles could not be written down",
	[STAGE_METRICS] = "its metrics could not be written",
	[STAGE_DONE] = ""};

/* --- where --- */

static bool fits(int len, size_t room, const char *what)
{
	if (len > 0 && (size_t)len < room)
		return true;
	message("%s: %s", what, strerror(ENAMETOOLONG));
	return false;
}

static int name_folder(char folder[static PATH_MAX], const char *run)
{
	const char *of_user = getenv("XDG_RUNTIME_DIR");

	if (run)
		return snprintf(folder, PATH_MAX, "%s", run);
	if (geteuid() == 0)
		return snprintf(folder, PATH_MAX, PASS_STATE_RUN);
	if (of_user && *of_user == '/')
		return snprintf(folder, PATH_MAX, "%s/winnow", of_user);
	return snprintf(folder, PATH_MAX, "/dev/shm/winnow-%lu", (unsigned long)geteuid());
}

bool pass_state_find(struct pass_state_file *f, const char *run, const char *root)
{
	char real[PATH_MAX], key[2 * KEY_BYTES + 1];
	uint8_t digest[SHA256_SIZE];

	*f = (struct pass_state_file){.lock = -1};
	if (!realpath(root, real)) {
		message("%s: %s", root, strerror(errno));
		return false;
	}
	sha256_of(real, strlen(real), digest);
	sha256_hex(digest, KEY_BYTES, key);
	return fits(name_folder(f->folder, run), PATH_MAX, "--run") &&
		fits(snprintf(f->path, PATH_MAX, "%s/%s.state", f->folder, key), PATH_MAX,
			f->folder) &&
		fits(snprintf(f->lock_path, PATH_MAX, "%s/%s.lock", f->folder, key), PATH_MAX,
			f->folder);
}

/* --- writing --- */

static bool complain(struct pass_state_file *f, const char *path)
{
	if (!f->told)
		message("%s: %s: status will not know how a pass ended; --run names another folder",
			path, staged_why(errno));
	f->told = true;
	return false;
}

/*
 * Nobody else may put there what is told in it. A kubelet makes an emptyDir that all may write to. -1: told.
 */
static int make_folder(struct pass_state_file *f)
{
	const mode_t others = S_IWGRP | S_IWOTH;
	struct stat st;

	if (mkdir(f->folder, FOLDER_MODE) < 0 && errno != EEXIST) {
		complain(f, f->folder);
		return -1;
	}
	int at = staged_open_folder(f->folder, STAGED_OWN_LINKS);
	if (at < 0 || fstat(at, &st) < 0) {
		complain(f, f->folder);
	} else if (st.st_uid == geteuid() && (!(st.st_mode & others) || fchmod(at, FOLDER_MODE) == 0)) {
		return at;
	} else {
		errno = EPERM;
		complain(f, f->folder);
	}
	if (at >= 0)
		close(at);
	return -1;
}

static const char *leaf_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool lock_it(struct pass_state_file *f, int at)
{
	const struct timespec moment = {.tv_nsec = HOLD_POLL * 1000000L};
	int tries = 0;

	f->lock = openat(at, leaf_of(f->lock_path),
		O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, LOCK_MODE);
	if (f->lock < 0)
		return complain(f, f->lock_path);
	while (flock(f->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK && ++tries < HOLD_TRIES) {
			nanosleep(&moment, NULL);
			continue;
		}
		if (errno != EWOULDBLOCK)
			complain(f, f->lock_path);
		close(f->lock);
		f->lock = -1;
		return false;
	}
	return true;
}

bool pass_state_hold(struct pass_state_file *f)
{
	int at = make_folder(f);
	bool ok = at >= 0 && lock_it(f, at);

	if (at >= 0)
		close(at);
	return ok;
}

/* Is the lock that is held the one that others see? */
static bool is_seen(const struct pass_state_file *f)
{
	struct stat held, there;

	return fstat(f->lock, &held) == 0 && lstat(f->lock_path, &there) == 0 &&
		held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

/* For a watcher, should the folder have been deleted, or have come to be writable, or free, only now. */
static bool still_holds(struct pass_state_file *f)
{
	if (!f->keeps || (f->lock >= 0 && is_seen(f)))
		return f->lock >= 0;
	if (f->lock >= 0)
		close(f->lock);
	f->lock = -1;
	if (!pass_state_hold(f))
		return false;
	message("%s: this lock was gone or another's, and is held again", f->lock_path);
	f->told = false;
	return true;
}

void pass_state_write(struct pass_state_file *f, const struct pass_state *s)
{
	char text[STATE_MAX];

	if (!still_holds(f))
		return;
	int len = snprintf(text, sizeof(text),
		"{\"version\": %d, \"watched\": %d, \"stage\": %d, \"status\": %d, \"ended\": %" PRIdMAX
		", \"good\": %" PRIdMAX ", \"under_way\": %" PRIdMAX "}\n",
		VERSION, s->watched, (int)s->stage, s->status, (intmax_t)s->ended,
		(intmax_t)s->good, (intmax_t)s->under_way);
	if (files_replace(f->path, text, (size_t)len))
		return;
	if (unlink(f->path) < 0 && errno != ENOENT)
		complain(f, f->path);
}

void pass_state_beat(struct pass_state_file *f, const struct pass_state *s)
{
	if (still_holds(f) && !files_touch(f->path))
		pass_state_write(f, s);
}

/* --- reading --- */

static bool number(const struct json *json, struct arena *arena, const char *key, uint64_t *n)
{
	uint32_t value = json_look_up(json, arena, 0, key);

	return value != JSON_NONE && json->node[value].type == JSON_NUMBER &&
		json_uint(json, value, n) == JSON_UINT_OK && *n <= INT64_MAX;
}

/* False: it is none of this version's. */
static bool parse(struct pass_state *s, struct arena *arena, const struct source *text)
{
	uint64_t version, watched, stage, status, ended, good, under_way;
	struct diags diags;
	struct json json;

	diags_init(&diags, arena, text);
	if (!json_read(&json, arena, text, &diags) ||
		!number(&json, arena, "version", &version) || version != VERSION ||
		!number(&json, arena, "watched", &watched) ||
		!number(&json, arena, "stage", &stage) || stage >= STAGES ||
		!number(&json, arena, "status", &status) || status > 255 ||
		!number(&json, arena, "ended", &ended) || !number(&json, arena, "good", &good) ||
		!number(&json, arena, "under_way", &under_way))
		return false;
	*s = (struct pass_state){watched != 0, (enum stage)stage, (int)status, (time_t)ended,
		(time_t)good, (time_t)under_way};
	return true;
}

/* Does a process hold the lock? One that may not be asked about: as if it did. */
static bool is_alive(const struct pass_state_file *f)
{
	int fd = open(f->lock_path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno != ENOENT;
	bool alive = flock(fd, LOCK_SH | LOCK_NB) < 0;
	close(fd);
	return alive;
}

static void say(struct pass_verdict *v, enum verdict verdict, const char *why)
{
	v->verdict = verdict;
	v->why = why;
}

void pass_state_verdict(struct pass_verdict *v, struct arena *arena, const struct pass_state *s)
{
	*v = (struct pass_verdict){VERDICT_OK, "", *s};
	if (!s->ended)
		say(v, VERDICT_UNKNOWN, "the first pass has not come to an end");
	else if (s->stage != STAGE_DONE)
		say(v, VERDICT_FAILED,
			buf_print(arena, "%s (exit status %d)", stage_says[s->stage], s->status));
}

static void judge(struct pass_verdict *v, struct arena *arena, const struct pass_state_file *f,
	const struct pass_state *s, time_t beat)
{
	const time_t now = time(NULL), quiet = now - beat, lasts = now - s->under_way;
	const bool alive = is_alive(f);

	pass_state_verdict(v, arena, s);
	if (s->watched && !alive)
		say(v, VERDICT_GONE, "install --watch has ended: nobody follows the source");
	else if (!s->watched && s->under_way && !alive)
		say(v, VERDICT_GONE, stage_says[STAGE_START]);
	else if (s->watched && quiet > PASS_STATE_STALE)
		say(v, VERDICT_STALE,
			buf_print(arena, "install --watch gave no sign for %" PRIdMAX " s",
				(intmax_t)quiet));
	else if (s->watched && quiet < -PASS_STATE_STALE)
		say(v, VERDICT_STALE,
			"the last sign of install --watch is from a time to come: the clock was set "
			"back");
	else if (s->under_way && lasts > PASS_STATE_LONG)
		say(v, VERDICT_STALE,
			buf_print(arena, "it has been under way for %" PRIdMAX " s",
				(intmax_t)lasts));
}

/* What another user can write is nobody's word. */
static bool is_trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) && (st->st_uid == 0 || st->st_uid == geteuid()) &&
		!(st->st_mode & (S_IWGRP | S_IWOTH)) && st->st_size <= STATE_MAX;
}

bool pass_state_judge(struct pass_verdict *v, struct arena *arena, const struct pass_state_file *f)
{
	int fd = open(f->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct pass_state state;
	struct source text;
	struct stat st;

	*v = (struct pass_verdict){.verdict = VERDICT_UNKNOWN};
	v->why = buf_print(arena, "no pass since this machine was started is known in %s", f->folder);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	bool ok = fd >= 0 && fstat(fd, &st) == 0;
	if (!ok)
		message("%s: %s", f->path, strerror(errno));
	else if (is_trusted(&st))
		ok = files_read_fd(arena, fd, f->path, STATE_MAX, &text);
	if (fd >= 0)
		close(fd);
	if (!ok)
		return false;
	if (!is_trusted(&st) || !parse(&state, arena, &text))
		v->why = buf_print(arena, "%s is not what this winnow writes", f->path);
	else
		judge(v, arena, f, &state, st.st_mtime);
	return true;
}
