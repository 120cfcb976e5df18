/* Text from pieces; what does not fit is cut, and the newline always fits. */

#include "say.h"

#include "syscalls.h"

#include <stdbool.h>

static void add_byte(struct line *line, char byte)
{
	if (line->len < sizeof(line->text) - 1)
		line->text[line->len++] = byte;
}

void line_begin(struct line *line)
{
	line->len = 0;
	line_add(line, "winnow-exec: ");
}

void line_add(struct line *line, const char *text)
{
	while (*text)
		add_byte(line, *text++);
}

/* Beyond ASCII there are more controls and marks of direction than a loader need know of. */
void line_word(struct line *line, const char *word)
{
	for (; *word; word++) {
		const unsigned char byte = (unsigned char)*word;
		const bool plain = byte >= ' ' && byte <= '~' && (byte != '#' || word[1] != '#');
		if (plain) {
			add_byte(line, *word);
			continue;
		}
		line_add(line, "\\x");
		add_byte(line, "0123456789abcdef"[byte >> 4]);
		add_byte(line, "0123456789abcdef"[byte & 15]);
	}
}

void line_number(struct line *line, uint32_t number)
{
	char digits[10]; /* of 2^32 - 1 */
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (count)
		add_byte(line, digits[--count]);
}

/* Audit archs by name: of ABIs that share one, the first. */
void line_arch(struct line *line, uint32_t audit)
{
	static const struct {
		uint32_t audit;
		char name[16];
	} rows[] = {
#define ABI(name, audit, ...) {audit, #name},
#define HEADERS(...)
#include "../../arch/tables/abis.tbl"
#undef ABI
#undef HEADERS
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].audit == audit) {
			line_add(line, rows[i].name);
			return;
		}
	}
	line_add(line, "arch 0x");
	for (unsigned shift = 32; shift; shift -= 4)
		add_byte(line, "0123456789abcdef"[audit >> (shift - 4) & 15]);
}

void line_error(struct line *line, int error)
{
	static const struct {
		int error;
		const char *words;
	} rows[] = {
		{ERR_EPERM, "operation not permitted"},
		{ERR_ENOENT, "no such file or directory"},
		{ERR_EIO, "input/output error"},
		{ERR_E2BIG, "argument list too long"},
		{ERR_ENOEXEC, "not a format that can be executed"},
		{ERR_EBADF, "bad file descriptor"},
		{ERR_ENOMEM, "out of memory"},
		{ERR_EACCES, "permission denied"},
		{ERR_ENOTDIR, "not a directory"},
		{ERR_EISDIR, "is a directory"},
		{ERR_EINVAL, "invalid argument"},
		{ERR_EMFILE, "too many open files"},
		{ERR_ETXTBSY, "text file busy"},
		{ERR_ENAMETOOLONG, "file name too long"},
		{ERR_ENOSYS, "function not implemented"},
		{ERR_ELOOP, "too many symbolic links"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].error == error) {
			line_add(line, rows[i].words);
			return;
		}
	}
	line_add(line, "error ");
	line_number(line, (uint32_t)error);
}

void line_send(struct line *line, int fd)
{
	size_t sent = 0;

	line->text[line->len++] = '\n';
	while (sent < line->len) {
		REG ret = syscall5(
			NR_write, fd, REG_OF(line->text + sent), (REG)(line->len - sent), 0, 0);
		if (ret <= 0 && ret != -ERR_EINTR)
			return; /* nobody left to tell */
		if (ret > 0)
			sent += (size_t)ret;
	}
}
