#ifndef OPTIONS_HANDOVER_H
#define OPTIONS_HANDOVER_H

#include <stddef.h>
#include <sys/types.h>

#include "options/options.h"

/*
 * What zdaemon hands to zdrun: the whole runner and what only the starter
 * could know, as NAME=VALUE records, each ended by a NUL, written by a loop
 * over the option table.
 */
#define HANDOVER_GROUPS 256

struct handover {
	uid_t uid; /* (uid_t)-1: do not change */
	gid_t gid;
	size_t groups;
	gid_t group[HANDOVER_GROUPS];
	gid_t socket_group; /* (gid_t)-1: none */
	struct runner runner;
};

/* The records; *len gets their length.  To be freed; NULL with cause. */
char *handover_write(
    const struct handover *handover, size_t *len, char **cause);

/* 0 with a runner to be freed, or -1 with cause.  Uses malloc, not xmalloc. */
int handover_read(
    struct handover *handover, const char *text, size_t len, char **cause);

#endif
