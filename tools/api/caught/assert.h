/*
 * In place of libc's, in objects of the library alone: what is asserted and does not hold is winnow's own mistake, and
 * the caller's process is not to end for it. No guard: <assert.h> may be included more than once.
 */

#undef assert
#define assert(holds) ((holds) ? (void)0 : caught(#holds " does not hold: " __FILE__))
#undef static_assert
#define static_assert _Static_assert

#ifndef WINNOW_CAUGHT
#define WINNOW_CAUGHT
/* Jumps to who called into the library (guard.h). */
_Noreturn void caught(const char *what);
#endif
