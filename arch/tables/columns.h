/* Made by tools/maintain/gen-tables; edit that, not this.
 * A row's column by its name: COLUMN_ of syscalls.tbl, ERRNO_COLUMN_ of errno.tbl. */
#ifndef ARCH_TABLES_COLUMNS_H
#define ARCH_TABLES_COLUMNS_H

#define COLUMN_x86_64(_0, ...) _0
#define COLUMN_x86(_0, _1, ...) _1
#define COLUMN_x32(_0, _1, _2, ...) _2
#define COLUMN_aarch64(_0, _1, _2, _3, ...) _3
#define COLUMN_arm(_0, _1, _2, _3, _4, ...) _4
#define COLUMN_mips_o32(_0, _1, _2, _3, _4, _5, ...) _5
#define COLUMN_mips_n64(_0, _1, _2, _3, _4, _5, _6, ...) _6
#define COLUMN_mips_n32(_0, _1, _2, _3, _4, _5, _6, _7, ...) _7
#define COLUMN_s390x(_0, _1, _2, _3, _4, _5, _6, _7, _8, ...) _8
#define COLUMN_s390(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, ...) _9
#define COLUMN_riscv64(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, ...) _10
#define COLUMN_ppc(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, ...) _11
#define COLUMN_ppc64(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, ...) _12
#define COLUMN_loongarch64(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, ...) _13
#define COLUMN_m68k(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, ...) _14
#define COLUMN_parisc(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, ...) _15
#define COLUMN_parisc64(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, ...) _16
#define COLUMN_sh(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, ...) _17
#define COLUMN_riscv32(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, ...) _18
#define COLUMN_csky(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, ...) _19
#define COLUMN_xtensa(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, ...) _20
#define COLUMN_alpha(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21) _21
#define ERRNO_COLUMN_generic(_0, ...) _0
#define ERRNO_COLUMN_mips(_0, _1, ...) _1
#define ERRNO_COLUMN_parisc(_0, _1, _2, ...) _2
#define ERRNO_COLUMN_powerpc(_0, _1, _2, _3, ...) _3
#define ERRNO_COLUMN_alpha(_0, _1, _2, _3, _4) _4

#endif
