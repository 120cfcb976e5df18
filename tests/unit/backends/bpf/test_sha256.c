/* The digests that FIPS 180-4 and NIST's examples give, whole and in pieces. */

#include "backends/bpf/sha256.h"
#include "compiler/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_digest(const uint8_t *digest, const char *expected)
{
	char hex[2 * SHA256_SIZE + 1];

	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, expected);
	char own[SHA256_HEX];
	sha256_hex(digest, SHA256_SIZE, own);
	assert_string_equal(own, expected);
	sha256_hex(digest, 8, own);
	assert_true(strlen(own) == 16 && strncmp(own, expected, 16) == 0);
}

static const struct {
	const char *text, *digest;
} vectors[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
	 "lmnopqrsmnopqrstnopqrstu",
		"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

static void digests_are_those_of_the_standard(void **state)
{
	uint8_t digest[SHA256_SIZE];

	(void)state;
	for (size_t i = 0; i < countof(vectors); i++) {
		sha256_of(vectors[i].text, strlen(vectors[i].text), digest);
		assert_digest(digest, vectors[i].digest);
	}
}

static void a_million_of_a_in_uneven_pieces(void **state)
{
	struct sha256 s;
	uint8_t digest[SHA256_SIZE];
	char piece[200];

	(void)state;
	memset(piece, 'a', sizeof(piece));
	sha256_start(&s);
	for (size_t left = 1000000, n = 1; left; n = n % 199 + 1) {
		size_t len = n < left ? n : left;
		sha256_add(&s, piece, len);
		left -= len;
	}
	sha256_end(&s, digest);
	assert_digest(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Around the ends of a block the padding takes one block or two. */
static void pieces_do_not_matter_at_any_length(void **state)
{
	uint8_t bytes[200], whole[SHA256_SIZE], pieces[SHA256_SIZE];
	struct sha256 s;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		sha256_of(bytes, len, whole);
		sha256_start(&s);
		for (size_t i = 0; i < len; i++)
			sha256_add(&s, bytes + i, 1);
		sha256_end(&s, pieces);
		assert_memory_equal(whole, pieces, SHA256_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standard),
		cmocka_unit_test(a_million_of_a_in_uneven_pieces),
		cmocka_unit_test(pieces_do_not_matter_at_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
