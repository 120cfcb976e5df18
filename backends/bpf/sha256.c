/*
 * FIPS 180-4, section 6.2, with the names it gives things. Bytes in, digest out; any length. Nothing
 * of a libc's: it is in winnow-exec, which is built where there is none.
 */

#include "sha256.h"

/* First 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t k[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

/* The sums of the standard, each rotation made of what is left of the one before: 2, 13 and 22 are 2, + 11, + 9. */
static uint32_t big0(uint32_t a)
{
	return rotr(rotr(rotr(a, 9) ^ a, 11) ^ a, 2);
}

static uint32_t big1(uint32_t e)
{
	return rotr(rotr(rotr(e, 14) ^ e, 5) ^ e, 6);
}

static uint32_t small0(uint32_t x)
{
	return rotr(rotr(x, 11) ^ x, 7) ^ x >> 3;
}

static uint32_t small1(uint32_t x)
{
	return rotr(rotr(x, 2) ^ x, 17) ^ x >> 10;
}

/* Of the schedule only the last 16 words are wanted: word t takes the place of word t - 16. */
static void extend(uint32_t w[static 16])
{
#pragma GCC unroll 16
	for (unsigned t = 0; t < 16; t++)
		w[t] += small0(w[(t + 1) % 16]) + w[(t + 9) % 16] + small1(w[(t + 14) % 16]);
}

/*
 * Round t. Nothing is moved: in the next round each letter is the one before it. The majority of a, b and c
 * is b but where both others differ from it; that b and c differ is what the last round asked of a and b.
 */
#define ROUND(a, b, c, d, e, f, g, h, t)                                      \
	do {                                                                      \
		(h) += big1(e) + ((g) ^ ((e) & ((f) ^ (g)))) + k[from + (t)] + w[t];  \
		(d) += (h);                                                           \
		uint32_t differ = (a) ^ (b);                                          \
		(h) += big0(a) + ((b) ^ (differ & differed));                         \
		differed = differ;                                                    \
	} while (0)

static void compress(uint32_t state[static 8], const uint8_t block[static 64])
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[16], differed = b ^ c;

#pragma GCC unroll 16
	for (unsigned t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
			(uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (unsigned from = 0; from < 64; from += 16) {
		if (from)
			extend(w);
		ROUND(a, b, c, d, e, f, g, h, 0);
		ROUND(h, a, b, c, d, e, f, g, 1);
		ROUND(g, h, a, b, c, d, e, f, 2);
		ROUND(f, g, h, a, b, c, d, e, 3);
		ROUND(e, f, g, h, a, b, c, d, 4);
		ROUND(d, e, f, g, h, a, b, c, 5);
		ROUND(c, d, e, f, g, h, a, b, 6);
		ROUND(b, c, d, e, f, g, h, a, 7);
		ROUND(a, b, c, d, e, f, g, h, 8);
		ROUND(h, a, b, c, d, e, f, g, 9);
		ROUND(g, h, a, b, c, d, e, f, 10);
		ROUND(f, g, h, a, b, c, d, e, 11);
		ROUND(e, f, g, h, a, b, c, d, 12);
		ROUND(d, e, f, g, h, a, b, c, 13);
		ROUND(c, d, e, f, g, h, a, b, 14);
		ROUND(b, c, d, e, f, g, h, a, 15);
	}
	state[0] += a, state[1] += b, state[2] += c, state[3] += d;
	state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void sha256_start(struct sha256 *s)
{
	*s = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
				     0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (; len >= sizeof(s->block) && s->len % sizeof(s->block) == 0; len -= sizeof(s->block)) {
		compress(s->state, at);
		s->len += sizeof(s->block);
		at += sizeof(s->block);
	}
	while (len) {
		size_t used = s->len % sizeof(s->block), n = sizeof(s->block) - used;
		n = n < len ? n : len;
		for (size_t i = 0; i < n; i++)
			s->block[used + i] = at[i];
		s->len += n;
		at += n;
		len -= n;
		if (s->len % sizeof(s->block) == 0)
			compress(s->state, s->block);
	}
}

void sha256_end(struct sha256 *s, uint8_t digest[static SHA256_SIZE])
{
	static const uint8_t padding[64] = {0x80};
	uint64_t bits = s->len * 8;
	uint8_t length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i) & 0xff);
	sha256_add(s, padding, 1 + (119 - s->len % 64) % 64);
	sha256_add(s, length, sizeof(length));
	for (unsigned i = 0; i < SHA256_SIZE; i++)
		digest[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
}

void sha256_of(const void *bytes, size_t len, uint8_t digest[static SHA256_SIZE])
{
	struct sha256 s;

	sha256_start(&s);
	sha256_add(&s, bytes, len);
	sha256_end(&s, digest);
}

void sha256_hex(const uint8_t *digest, size_t bytes, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 0xf];
	}
	hex[2 * bytes] = '\0';
}
