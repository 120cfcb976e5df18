/*
 * Many threads in libwinnow at once: library_threads THREADS ROUNDS PROFILE BLOB [PROFILE BLOB...]
 *
 * Each thread reads and compiles every profile ROUNDS times over; each result has to be the blob, byte for byte.
 * One handle is shared by all of them and only read: verified, asserted about and asked. For ThreadSanitizer
 * (make check-threads), which tells what it finds by itself.
 */

#include "include/winnow-compile.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX   16
#define THREADS_MAX 1024
#define BYTES_MAX   ((size_t)1 << 20)

struct file {
	const char *name;
	char *bytes;
	size_t length;
};

struct pair {
	struct file profile, blob;
	struct winnow_side *shared, *filter;
};

static struct pair pairs[FILES_MAX];
static size_t pair_count;
static unsigned long rounds;

static struct file read_file(const char *name)
{
	FILE *in = fopen(name, "rb");
	struct file f = {name, malloc(BYTES_MAX), 0};

	if (in && f.bytes)
		f.length = fread(f.bytes, 1, BYTES_MAX, in);
	if (!in || !f.bytes || ferror(in) || !f.length) {
		perror(name);
		exit(2);
	}
	fclose(in);
	return f;
}

static const struct winnow_options options = {.size = sizeof(options), .arch = "x86_64"};

static const char *compile(const struct pair *p)
{
	struct winnow_blob blob = {.size = sizeof(blob)};
	struct winnow_side *side;
	const char *wrong = NULL;

	if (winnow_profile(&options, p->profile.name, p->profile.bytes, p->profile.length, &side) != WINNOW_DONE ||
		winnow_compile(side) != WINNOW_DONE || winnow_blob(side, 0, &blob) != WINNOW_DONE)
		wrong = "is not compiled";
	else if (blob.length != p->blob.length || memcmp(blob.bytes, p->blob.bytes, blob.length) != 0)
		wrong = "comes to other bytes";
	winnow_free(side);
	return wrong;
}

static const char *ask(const struct pair *p)
{
	static const char rules[] = "allow read\nallow write\n";
	struct winnow_report *r;
	const char *wrong = NULL;

	if (winnow_verify(p->shared, p->filter, &r) != WINNOW_DONE)
		wrong = "is not its filter";
	winnow_report_free(r);
	if (winnow_assert(p->filter, NULL, rules, strlen(rules), &r) != WINNOW_DONE)
		wrong = "does not hold what it should";
	winnow_report_free(r);
	if (winnow_explain(p->shared, NULL, "read", NULL, &r) != WINNOW_DONE)
		wrong = "does not explain a call";
	winnow_report_free(r);
	return wrong;
}

static void *work(void *unused)
{
	(void)unused;
	for (unsigned long i = 0; i < rounds; i++) {
		for (size_t k = 0; k < pair_count; k++) {
			const char *wrong = compile(&pairs[k]);
			if (!wrong && i % 16 == 0)
				wrong = ask(&pairs[k]);
			if (!wrong)
				continue;
			fprintf(stderr, "%s %s\n", pairs[k].profile.name, wrong);
			return pairs;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t thread[THREADS_MAX];
	unsigned long threads = argc > 4 ? strtoul(argv[1], NULL, 10) : 0, failed = 0;

	if (!threads || threads > THREADS_MAX || argc % 2 == 0 || argc > 3 + 2 * FILES_MAX) {
		fprintf(stderr, "usage: library_threads THREADS ROUNDS PROFILE BLOB [PROFILE BLOB...]\n");
		return 2;
	}
	rounds = strtoul(argv[2], NULL, 10);
	for (int i = 3; i < argc; i += 2) {
		struct pair *p = &pairs[pair_count++];
		p->profile = read_file(argv[i]);
		p->blob = read_file(argv[i + 1]);
		if (winnow_profile(&options, argv[i], p->profile.bytes, p->profile.length, &p->shared) != WINNOW_DONE ||
			winnow_filter(&options, argv[i + 1], p->blob.bytes, p->blob.length, &p->filter) != WINNOW_DONE)
			return 2;
	}
	for (unsigned long i = 0; i < threads; i++) {
		if (pthread_create(&thread[i], NULL, work, NULL) != 0)
			return 2;
	}
	for (unsigned long i = 0; i < threads; i++) {
		void *wrong = NULL;
		pthread_join(thread[i], &wrong);
		failed += wrong != NULL;
	}
	printf("threads: %lu x %lu x %zu compiles, %lu threads failed\n", threads, rounds, pair_count, failed);
	for (size_t i = 0; i < pair_count; i++) {
		winnow_free(pairs[i].shared);
		winnow_free(pairs[i].filter);
		free(pairs[i].profile.bytes);
		free(pairs[i].blob.bytes);
	}
	return failed || !rounds;
}
