/*
 * A member is a header of one block and its bytes, filled up with zeros to whole blocks; two blocks
 * of zeros end the archive. The reader tells the mistakes people and disks make by name, and holds
 * every header against the one it would have written itself, which finds all others.
 */

#include "ustar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 512

/* The fields of a header by their offsets, and what they always hold. */
enum { NAME = 0, SIZE = 124, CHECKSUM = 148, PREFIX = 345 };
enum { NAME_SIZE = 100, SIZE_DIGITS = 11, CHECKSUM_SIZE = 8, PREFIX_SIZE = 155 };

static const struct {
	size_t at;
	const char *name, *holds; /* NULL: it differs by member */
} fields[] = {
	{NAME, "name", NULL},
	{100, "mode", "0000644"},
	{108, "owner", "0000000"},
	{116, "group", "0000000"},
	{SIZE, "size", NULL},
	{136, "time", "00000000000"},
	{CHECKSUM, "checksum", NULL},
	{156, "type", "0"},
	{157, "link", ""},
	{257, "format", "ustar"},
	{263, "version", "00"},
	{265, "owner's name", ""},
	{297, "group's name", ""},
	{329, "device", "0000000"},
	{337, "device", "0000000"},
	{PREFIX, "prefix of the name", NULL},
	{500, "end", ""},
};

/* --- names --- */

static bool part_ok(const char *part, size_t len)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < len; i++) {
		if (!strchr(set, part[i]))
			return false;
	}
	return len && part[0] != '.';
}

/* Where the name is parted into prefix and name; 0: it fits as it is. False: nowhere. */
static bool split(const char *name, size_t *at)
{
	size_t len = strlen(name);

	*at = 0;
	if (len <= NAME_SIZE)
		return true;
	for (size_t i = 1; i < len && i <= PREFIX_SIZE; i++) {
		if (name[i] == '/' && len - i - 1 <= NAME_SIZE) {
			*at = i;
			return true;
		}
	}
	return false;
}

bool ustar_name_ok(const char *name)
{
	size_t at;

	for (const char *part = name;;) {
		size_t len = strcspn(part, "/");
		if (!part_ok(part, len))
			return false;
		if (!part[len])
			break;
		part += len + 1;
	}
	return split(name, &at);
}

/* --- writing --- */

static unsigned checksum(const char *header)
{
	unsigned sum = 0;

	for (size_t i = 0; i < BLOCK; i++) {
		bool own = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_SIZE;
		sum += own ? ' ' : (unsigned char)header[i];
	}
	return sum;
}

static void make_header(char header[static BLOCK], const char *name, size_t size)
{
	size_t at;
	bool fits = split(name, &at);

	assert(fits && size <= USTAR_MEMBER_MAX);
	memset(header, 0, BLOCK);
	for (size_t i = 0; i < countof(fields); i++) {
		if (fields[i].holds)
			memcpy(header + fields[i].at, fields[i].holds, strlen(fields[i].holds));
	}
	memcpy(header + PREFIX, name, at);
	memcpy(header + NAME, name + at + (at > 0), strlen(name) - at - (at > 0));
	snprintf(header + SIZE, SIZE_DIGITS + 1, "%011zo", size);
	snprintf(header + CHECKSUM, CHECKSUM_SIZE - 1, "%06o", checksum(header) & 0777777u);
	header[CHECKSUM + CHECKSUM_SIZE - 1] = ' ';
}

static void fill_block(struct buf *b, size_t len)
{
	static const char zeros[BLOCK];

	buf_add(b, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

void ustar_write(struct buf *b, const struct member *member, size_t members)
{
	char header[BLOCK];
	size_t bytes = 2 * BLOCK + 1; /* the end, and buf_add()'s NUL */

	for (size_t i = 0; i < members; i++)
		bytes += BLOCK + (member[i].len + BLOCK - 1) / BLOCK * BLOCK;
	buf_reserve(b, bytes);
	for (size_t i = 0; i < members; i++) {
		assert(i == 0 || strcmp(member[i - 1].name, member[i].name) < 0);
		make_header(header, member[i].name, member[i].len);
		buf_add(b, header, BLOCK);
		buf_add(b, member[i].bytes, member[i].len);
		fill_block(b, member[i].len);
	}
	memset(header, 0, BLOCK);
	buf_add(b, header, BLOCK);
	buf_add(b, header, BLOCK);
}

/* --- reading --- */

struct reading {
	struct arena *arena;
	const char *bytes;
	size_t len, at;
	struct member *member;
	size_t members, room;
	const char *why;
};

static bool fault(struct reading *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

static bool fault(struct reading *r, const char *fmt, ...)
{
	struct buf b;
	va_list args;

	buf_init(&b, r->arena);
	buf_printf(&b, "byte %zu: ", r->at);
	va_start(args, fmt);
	buf_vprintf(&b, fmt, args);
	va_end(args);
	r->why = buf_string(&b);
	return false;
}

static bool all_zero(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

/* Octal digits all, as written. */
static bool read_octal(const char *field, size_t digits, size_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++) {
		if (field[i] < '0' || field[i] > '7')
			return false;
		*value = *value << 3 | (size_t)(field[i] - '0');
	}
	return true;
}

static const char *read_name(struct reading *r, const char *header)
{
	size_t name = strnlen(header + NAME, NAME_SIZE);
	size_t prefix = strnlen(header + PREFIX, PREFIX_SIZE);
	struct buf b;

	buf_init(&b, r->arena);
	buf_add(&b, header + PREFIX, prefix);
	buf_add(&b, "/", prefix > 0);
	buf_add(&b, header + NAME, name);
	return buf_string(&b);
}

static bool check_name(struct reading *r, const char *name)
{
	const char *before = r->members ? r->member[r->members - 1].name : "";
	int order = strcmp(before, name);

	if (!ustar_name_ok(name))
		return fault(r, "'%s' is no name of a member", name);
	if (order == 0)
		return fault(r, "member '%s' is there twice", name);
	return order < 0 || fault(r, "member '%s' does not follow '%s' in order", name, before);
}

/* The first field that is not as expected; the checksum last, which others mostly drag along. */
static bool check_header(struct reading *r, const char *header, const char *name, size_t size)
{
	char expected[BLOCK];
	bool sum_differs = false;

	make_header(expected, name, size);
	for (size_t i = 0; i < countof(fields); i++) {
		size_t at = fields[i].at;
		size_t end = i + 1 < countof(fields) ? fields[i + 1].at : BLOCK;
		if (memcmp(header + at, expected + at, end - at) == 0)
			continue;
		if (at != CHECKSUM)
			return fault(r, "member '%s': the %s is not as winnow writes it", name,
				fields[i].name);
		sum_differs = true;
	}
	return !sum_differs ||
		fault(r, "member '%s': the checksum is not as winnow writes it", name);
}

static bool read_size(struct reading *r, const char *header, const char *name, size_t *size)
{
	size_t left = r->len - r->at - BLOCK;

	if (!read_octal(header + SIZE, SIZE_DIGITS, size))
		return fault(r, "member '%s': the size is no number", name);
	if (*size > USTAR_MEMBER_MAX)
		return fault(r, "member '%s' has %zu bytes, more than %zu MiB", name, *size,
			USTAR_MEMBER_MAX >> 20);
	if (*size > left || (BLOCK - *size % BLOCK) % BLOCK > left - *size)
		return fault(r, "the archive ends within member '%s'", name);
	return true;
}

static void add_member(struct reading *r, const struct member *m)
{
	if (r->members == r->room) {
		r->member = arena_grow(r->arena, r->member, r->members, 2 * r->room + 16,
			sizeof(*r->member));
		r->room = 2 * r->room + 16;
	}
	r->member[r->members++] = *m;
}

static bool read_member(struct reading *r)
{
	const char *header = r->bytes + r->at;
	size_t sum, size, padding;

	if (!read_octal(header + CHECKSUM, 6, &sum) || sum != checksum(header))
		return fault(r, "this is no header of a member, or a damaged one (checksum)");
	const char *name = read_name(r, header);
	if (!check_name(r, name) || !read_size(r, header, name, &size) ||
		!check_header(r, header, name, size))
		return false;
	r->at += BLOCK;
	add_member(r, &(struct member){name, r->bytes + r->at, size});
	padding = (BLOCK - size % BLOCK) % BLOCK;
	if (!all_zero(r->bytes + r->at + size, padding))
		return fault(r, "there is something between the end of '%s' and the next member",
			name);
	r->at += size + padding;
	return true;
}

static bool read_end(struct reading *r)
{
	size_t left = r->len - r->at;

	if (left < 2 * BLOCK || !all_zero(r->bytes + r->at, 2 * BLOCK))
		return fault(r, "the end is damaged: two blocks of zeros belong here");
	r->at += 2 * BLOCK;
	return left == 2 * BLOCK || fault(r, "%zu bytes follow the end", left - 2 * BLOCK);
}

const struct member *ustar_read(struct arena *arena, const char *bytes, size_t len, size_t *members,
	const char **why)
{
	struct reading r = {.arena = arena, .bytes = bytes, .len = len};
	bool ok = true;

	while (ok && len - r.at >= BLOCK && !all_zero(bytes + r.at, BLOCK))
		ok = read_member(&r);
	if (ok && len - r.at < BLOCK)
		ok = fault(&r, "the archive has no end: it was cut off");
	ok = ok && read_end(&r);
	*members = r.members;
	*why = r.why;
	if (ok && !r.member)
		r.member = arena_alloc(arena, 1, sizeof(*r.member));
	return ok ? r.member : NULL;
}
