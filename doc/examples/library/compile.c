/*
 * What a runtime would do with the linux.seccomp of a config.json: compile ARCH <config.json >filter.bpf
 *
 *	cc compile.c $(pkg-config --cflags --libs winnow) -o compile
 *
 * The bytes are those of `winnow compile -a ARCH --runtime ...`, proved; what winnow has to say goes to stderr. To
 * enter the filter here, in place of writing it, is winnow_load()'s (winnow.h).
 */

#include <winnow-compile.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)16 << 20)

static char *read_all(size_t *length)
{
	char *text = malloc(TEXT_MAX + 1);

	if (text)
		*length = fread(text, 1, TEXT_MAX + 1, stdin);
	return text;
}

static void tell(const struct winnow_side *profile)
{
	static const char *const words[] = {"note", "warning", "error"};
	struct winnow_diagnostic d;
	size_t i;

	d.size = sizeof(d);
	for (i = 0; i < winnow_diagnostics(profile); i++) {
		if (winnow_diagnostic(profile, i, &d) == WINNOW_DONE && d.severity != WINNOW_NOTE)
			fprintf(stderr, "%u:%u: %s: %s [%s]\n", (unsigned)d.line, (unsigned)d.column, words[d.severity], d.text,
				d.code);
	}
}

int main(int argc, char **argv)
{
	struct winnow_options options;
	struct winnow_side *profile;
	struct winnow_blob blob;
	size_t length = 0;
	enum winnow_status status;
	char *text = read_all(&length);

	if (!text)
		return WINNOW_NO_MEMORY;
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.arch = argc > 1 ? argv[1] : NULL;
	options.runtime = argc > 2 ? argv[2] : NULL;
	status = winnow_profile(&options, "config.json", text, length, &profile);
	free(text);
	if (status == WINNOW_DONE)
		status = winnow_compile(profile);
	tell(profile);
	blob.size = sizeof(blob);
	if (status != WINNOW_DONE) {
		fprintf(stderr, "compile: %s\n", winnow_error(profile));
	} else if (winnow_blob(profile, 0, &blob) != WINNOW_DONE ||
		fwrite(blob.bytes, 1, blob.length, stdout) != blob.length || fflush(stdout) != 0) {
		perror("compile: standard output");
		status = WINNOW_USAGE;
	}
	winnow_free(profile);
	return (int)status;
}
