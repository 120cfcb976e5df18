#include "overwrites.h"

#include "../../compiler/base/base.h"

#include <string.h>
#include <sys/stat.h>

static const enum option_id written[] = {OPT_OUTPUT, OPT_DEPFILE, OPT_METRICS, OPT_READY_FILE};
static const enum option_id read_too[] = {
	OPT_BASE, OPT_BASELINE, OPT_BASE_SPEC, OPT_FILE, OPT_FREQ, OPT_NEW, OPT_RUNTIME_FEATURES, OPT_SATISFY};

/* Devices and pipes are nothing that a second writer spoils. */
static bool is_same_file(const struct stat *a, const char *path)
{
	struct stat b;

	return S_ISREG(a->st_mode) && strcmp(path, "-") != 0 && stat(path, &b) == 0 && a->st_ino == b.st_ino &&
		a->st_dev == b.st_dev;
}

/* The folder that a path names a file of; false: there is none. */
static bool stat_folder(const char *path, const char *leaf, struct stat *at)
{
	char folder[4096] = ".";
	size_t len = (size_t)(leaf - path);

	if (len >= sizeof(folder))
		return false;
	if (len)
		memcpy(folder, path, len);
	folder[len ? len : 1] = '\0';
	return stat(folder, at) == 0;
}

/* Will both be one file, which is not there yet? */
static bool become_one(const char *a, const char *b)
{
	const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
	const char *a_leaf = a_slash ? a_slash + 1 : a, *b_leaf = b_slash ? b_slash + 1 : b;
	struct stat a_at, b_at;

	return strcmp(a_leaf, b_leaf) == 0 && stat_folder(a, a_leaf, &a_at) && stat_folder(b, b_leaf, &b_at) &&
		a_at.st_ino == b_at.st_ino && a_at.st_dev == b_at.st_dev;
}

static const char *what_reads(const struct parsed *p, const struct stat *file)
{
	for (size_t i = 0; i < p->operands; i++) {
		if (is_same_file(file, p->operand[i]))
			return p->operand[i];
	}
	for (size_t i = 0; i < countof(read_too); i++) {
		const char *path = p->value[read_too[i]];
		if (path && is_same_file(file, path))
			return path;
	}
	return NULL;
}

static bool collide(const char *a, const char *b)
{
	struct stat file;

	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
		return false;
	return stat(a, &file) == 0 ? is_same_file(&file, b) : become_one(a, b);
}

static int refuse_one(const struct parsed *p, size_t which)
{
	const char *path = p->value[written[which]], *name = option_name(written[which]);
	struct stat file;
	bool in_place = written[which] == OPT_OUTPUT && p->verb->rewrites;
	const char *source = !in_place && stat(path, &file) == 0 ? what_reads(p, &file) : NULL;

	if (source)
		return usage(p->verb, "--%s '%s' is a file that is read: it would be lost", name, source);
	for (size_t i = 0; i < which; i++) {
		const char *other = p->value[written[i]];
		if (other && collide(other, path))
			return usage(p->verb, "--%s and --%s are one file, '%s'", option_name(written[i]), name, path);
	}
	return EXIT_DONE;
}

int overwrites_refuse(const struct parsed *p)
{
	int status = EXIT_DONE;

	for (size_t i = 0; i < countof(written) && !status; i++) {
		const char *path = p->value[written[i]];
		if (path && *path && strcmp(path, "-") != 0)
			status = refuse_one(p, i);
	}
	return status;
}
