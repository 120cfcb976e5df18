/*
 * Before everything in a file with mutants: which of them are on. A byte each: off; on; asked, to note whether it
 * would make a difference here. What is noted is in a file that all processes share, so that neither an emptied
 * environment nor a closed one hides it; each process asks until it knows. Without that file all are off, as they are
 * in what has no libc.
 */
#if __STDC_HOSTED__
#include <errno.h>
#include <sys/syscall.h>

enum { MUTANT_OFF, MUTANT_ON, MUTANT_ASKED, MUTANT_DIFFERS };

__attribute__((weak)) unsigned char winnow_mutants[MUTANTS_SIZE], *winnow_mutants_file;

extern long syscall(long number, ...);

/* by system calls themselves: tests count those of libc, and break them */
__attribute__((weak, constructor)) void winnow_mutants_map(void)
{
	int saved = errno;
	long file = winnow_mutants_file ? -1 : syscall(SYS_openat, -100, MUTANTS_FILE, 2); /* AT_FDCWD, O_RDWR */

	if (file >= 0) {
		/* PROT_READ | PROT_WRITE, MAP_SHARED */
		long at = syscall(SYS_mmap, 0L, (long)MUTANTS_SIZE, 3L, 1L, file, 0L);
		syscall(SYS_close, file);
		if (at != -1)
			winnow_mutants_file = (unsigned char *)at;
		for (unsigned long i = 0; at != -1 && i < MUTANTS_SIZE; i++)
			winnow_mutants[i] = winnow_mutants_file[i] == MUTANT_DIFFERS ? MUTANT_OFF : winnow_mutants_file[i];
	}
	errno = saved;
}

static inline int winnow_mutant(int number, int differs)
{
	if (winnow_mutants[number] == MUTANT_ASKED && differs) {
		winnow_mutants_file[number] = MUTANT_DIFFERS;
		winnow_mutants[number] = MUTANT_OFF;
	}
	return winnow_mutants[number] == MUTANT_ON;
}

#define MUTANT(number, differs) (__builtin_expect(winnow_mutants[number], 0) && winnow_mutant(number, differs))
#else
#define MUTANT(number, differs) 0
#endif
