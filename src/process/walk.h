#ifndef PROCESS_WALK_H
#define PROCESS_WALK_H

#include <sys/stat.h>

#include <limits.h>
#include <stdbool.h>

/* How a path is walked. */
enum {
	WALK_OURS = 1, /* no directory on it may be another user's to change */
	WALK_MAKE = 2, /* make the missing ones, mode 0700; with WALK_OURS */
	WALK_NO_LINK = 4 /* its last name is no link, whoever made it */
};

/* Where a walk has ended. */
struct walk {
	int dir; /* O_PATH; to be closed */
	bool there; /* dir has an entry of that name: st */
	bool magic; /* a link of /proc, which only the kernel can follow */
	struct stat st;
	char name[NAME_MAX + 1]; /* in dir; no link, unless magic */
};

/*
 * Walks to the last name of path, part by part, holding each directory by a
 * descriptor, so that nothing that is renamed meanwhile leads us elsewhere.
 *
 * A link of somebody whose rights are not ours is followed by root only where
 * it leads to what belongs to that somebody (he could have put it there
 * himself), and with WALK_OURS by nobody.  We trust root, ourselves, and the
 * owner of "/", who can lead us anywhere in any case.
 *
 * 0, or -1 with errno and cause: a reason without the path.
 */
int walk_to(
    struct walk *walk, const char *path, unsigned int rules, char **cause);

/*
 * Walks to a directory: its descriptor, O_PATH, or -1 with errno and cause.  A
 * link in the place of the last name is followed as the others are.
 */
int walk_directory(const char *path, char **cause);

/*
 * Why others can change what has that status: "belongs to another user", for
 * example.  NULL: only we and root can.  In a sticky directory others can only
 * add; and what ordinary users let their groups write is their own affair.
 */
const char *walk_doubt(const struct stat *st);

/* Whether others can put new names into that directory. */
bool walk_is_shared(const struct stat *dir);

/* Whether that user is one of those we trust. */
bool walk_trusts(uid_t uid);

#endif
