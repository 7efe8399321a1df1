#ifndef OPTIONS_FORMAT_H
#define OPTIONS_FORMAT_H

/*
 * The format of a log entry, every field of it known and of a bounded width,
 * with the escapes (\n and its like) replaced.  To be freed; NULL with cause.
 */
char *format_read(const char *text, char **cause);

#endif
