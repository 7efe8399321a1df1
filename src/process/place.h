#ifndef PROCESS_PLACE_H
#define PROCESS_PLACE_H

/*
 * The path of one of our programs ("zdrun", "zdshell", "zdaemon"): beside the
 * running executable when that runs from a build tree, else where it was
 * configured to be installed (with the transformed name).  To be freed; NULL
 * with cause.
 */
char *place_find(const char *program, char **cause);

#endif
