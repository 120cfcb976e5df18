#include "generic.h"

INLINE int64_t raw_call(
	int64_t nr, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int64_t a7 __asm__("$r11") = nr;
	register int64_t a0 __asm__("$r4") = a;
	register int64_t a1 __asm__("$r5") = b;
	register int64_t a2 __asm__("$r6") = c;
	register int64_t a3 __asm__("$r7") = d;
	register int64_t a4 __asm__("$r8") = e;
	register int64_t a5 __asm__("$r9") = f;

	__asm__ volatile(
		"syscall 0"
		: "+r"(a0)
		: "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
		: "$r12", "$r13", "$r14", "$r15", "$r16", "$r17", "$r18", "$r19", "$r20", "memory");
	return a0;
}

__asm__(".globl _start\n"
	"_start: bl start\n");
