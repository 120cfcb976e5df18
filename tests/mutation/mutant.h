/*
 * Before everything in a file with mutants: which of them are on. A byte each: off; on; asked, to note whether it
 * would make a difference here, which makes it "differs". The bytes are a file's and shared by all processes, so
 * neither an emptied environment nor a closed one hides them; without that file all are off, as in what has no libc.
 */
#if __STDC_HOSTED__
#include <errno.h>
#include <sys/syscall.h>

enum { MUTANT_OFF, MUTANT_ON, MUTANT_ASKED, MUTANT_DIFFERS };

__attribute__((weak, aligned(4096))) unsigned char winnow_mutants[MUTANTS_SIZE];

extern long syscall(long number, ...);

/* by system calls themselves: tests count those of libc, and break them */
__attribute__((weak, constructor)) void winnow_mutants_map(void)
{
	int saved = errno;
	long file = syscall(SYS_openat, -100, MUTANTS_FILE, 2); /* AT_FDCWD, O_RDWR */

	if (file >= 0) {
		/* PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED */
		syscall(SYS_mmap, winnow_mutants, (long)MUTANTS_SIZE, 3L, 0x11L, file, 0L);
		syscall(SYS_close, file);
	}
	errno = saved;
}

static inline int winnow_mutant(int number, int differs)
{
	if (winnow_mutants[number] == MUTANT_ASKED && differs)
		winnow_mutants[number] = MUTANT_DIFFERS;
	return winnow_mutants[number] == MUTANT_ON;
}

#define MUTANT(number, differs) (__builtin_expect(winnow_mutants[number], 0) && winnow_mutant(number, differs))
#else
#define MUTANT(number, differs) 0
#endif
