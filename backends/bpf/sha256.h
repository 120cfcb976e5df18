#ifndef BACKENDS_BPF_SHA256_H
#define BACKENDS_BPF_SHA256_H

/* SHA-256 (FIPS 180-4), so that winnow needs no library for it. */

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	uint8_t block[64];
};

void sha256_start(struct sha256 *);
void sha256_add(struct sha256 *, const void *bytes, size_t len);
void sha256_end(struct sha256 *, uint8_t digest[static SHA256_SIZE]);

/* All three. */
void sha256_of(const void *bytes, size_t len, uint8_t digest[static SHA256_SIZE]);

/* Its first `bytes` bytes in lower case hexadecimal: twice as many digits, and NUL. */
#define SHA256_HEX (2 * SHA256_SIZE + 1)
void sha256_hex(const uint8_t *digest, size_t bytes, char *hex);

#endif
