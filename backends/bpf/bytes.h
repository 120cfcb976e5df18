#ifndef BACKENDS_BPF_BYTES_H
#define BACKENDS_BPF_BYTES_H

/*
 * Byte order lives here and nowhere else: where the halves of a 64-bit field lie in seccomp_data,
 * and how a field of an instruction is written.
 */

#include "../../arch/arch.h"
#include "../../compiler/base/buf.h"
#include "../../compiler/kernel/call.h"
#include "bpf.h"

#include <stdbool.h>

#define INSN_SIZE 8 /* bytes: u16 code, u8 jt, u8 jf, u32 k */

/* Offset of a word within struct seccomp_data, 0..60. */
uint32_t word_offset(unsigned word, enum byte_order);
/* The word at an offset that is a multiple of 4 and below DATA_SIZE. */
unsigned word_at(uint32_t offset, enum byte_order);

/* The raw sock_filter array. */
void bytes_write(struct buf *, const struct program *, enum byte_order);
/* len must be a multiple of INSN_SIZE; the instructions live in the arena. */
struct program bytes_read(struct arena *, const void *bytes, size_t len, enum byte_order);
/*
 * The byte order in which a blob makes sense: every opcode is below 0x100 in one order and not in
 * the other. False if neither or both fit.
 */
bool bytes_guess(const void *bytes, size_t len, enum byte_order *);

#endif
