#ifndef TOOLS_NODE_INSTALLED_H
#define TOOLS_NODE_INSTALLED_H

/* What a node has of a profile: the record in force, the files, the generations kept. */

#include "generations.h"

enum file_state {
	FILE_ABSENT,
	FILE_THERE, /* a file, with its digest */
	FILE_OTHER, /* a link, a folder, a file too large to be winnow's */
};

struct installed_file {
	enum file_state state;
	const char *sha256; /* FILE_THERE */
};

struct installed {
	const char *name;
	enum file_state record_file;
	bool has_record;    /* in force */
	const char *broken; /* why the file in its place is no record; NULL: there is none, or it is
			       one */
	bool other; /* it is one of another version of winnow, to be left alone */
	struct record record;
	struct installed_file file[PLACES];
	struct generations kept;
	struct exposures exposures; /* of all that is here */
};

/* How files and record agree. */
enum standing {
	STANDING_OK,
	STANDING_UNFINISHED, /* files are of another generation: winnow was stopped between them */
	STANDING_MISSING,    /* a file is not there */
	STANDING_DRIFT,      /* a file is not what the record says, or the record is broken */
	STANDINGS
};

/* All of it: of generations as closely as asked for. False: something cannot be read, and a message said so. */
bool installed_read(struct installed *, struct arena *, const struct root *, const char *name, enum look);

/* The names that have a record or generations. */
bool installed_names(struct root_names *, struct arena *, const struct root *);

/* Is something of it of another version of winnow? `broken` says which; or a generation is. */
bool installed_is_others(const struct installed *);

/* Is it a profile of winnow's at all? What has its record's name may be somebody's file. */
bool installed_is_ours(const struct installed *);

enum standing installed_standing(const struct installed *);

/* The same for one place. */
enum standing installed_file_standing(const struct installed *, enum place);

/* Did winnow write what is in that place, or is it even what the record there used to say? */
bool installed_owns(const struct installed *, enum place);

/* The newest complete one; NULL if there is none. */
const struct generation *installed_newest(const struct installed *);

/* The one of that number, and the same if it is whole; else NULL. */
const struct generation *installed_kept(const struct installed *, unsigned number);
const struct generation *installed_generation(const struct installed *, unsigned number);

/* Is there a generation, or a folder of one, of those that are to be put right by removing them? */
bool installed_has_stubs(const struct installed *);

/* Is the generation one of the `keep` to be kept: that in force, the newest whole ones, and those
 * of another version of winnow? */
bool installed_keeps(const struct installed *, const struct generation *, unsigned keep);

/*
 * The files of a whole generation, as they were written: `file` of the places its record has.
 * False: one is not what its record says, and a message said so.
 */
bool installed_load(struct arena *, const struct root *, const struct generation *,
	struct source file[static PLACES]);

/*
 * Those of the record in force, from its generation or, where that one is damaged, from their places, whichever has the
 * bytes that the record says. False: neither has, and a message said so.
 */
bool installed_gather(struct arena *, const struct root *, const struct installed *, struct source file[static PLACES]);

#endif
