/*
 * A target without a fuzzer: replay FILE|FOLDER... gives it each file, those of a folder in order of
 * their names. A promise that is broken aborts, and the last line said which input it was.
 */

#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)1 << 20)

static bool replay_file(const char *path)
{
	static uint8_t bytes[INPUT_MAX];
	FILE *file = fopen(path, "rb");

	if (!file) {
		perror(path);
		return false;
	}
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	bool ok = !ferror(file) && feof(file);
	fclose(file);
	if (!ok) {
		fprintf(stderr, "%s: cannot be read, or too long\n", path);
		return false;
	}
	/* a copy as long as it is, so that a sanitizer sees what is read behind it */
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		return false;
	memcpy(exact, bytes, len);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return true;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool replay_folder(const char *folder, unsigned *count)
{
	struct dirent **entry;
	int entries = scandir(folder, &entry, visible, alphasort);
	bool ok = entries > 0;

	if (entries <= 0)
		fprintf(stderr, "%s: no inputs\n", folder);
	for (int i = 0; i < entries; i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", folder, entry[i]->d_name);
		ok = ok && replay_file(path);
		*count += ok;
		free(entry[i]);
	}
	if (entries >= 0)
		free(entry);
	return ok;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		bool ok = folder ? replay_folder(argv[i], &count) : replay_file(argv[i]);
		count += !folder;
		if (folder)
			closedir(folder);
		if (!ok)
			return 1;
	}
	printf("%u\n", count);
	return count == 0;
}
