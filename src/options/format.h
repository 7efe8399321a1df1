#ifndef OPTIONS_FORMAT_H
#define OPTIONS_FORMAT_H

/*
 * The format of a log entry, every field of it known and of a bounded width,
 * with the escapes (\n and its like) replaced.  To be freed; NULL with cause.
 */
char *format_read(const char *text, char **cause);

/*
 * Text in a style of ZConfig's other than classic (format: {name}, template
 * and safe-template: $name and ${name}) as format_read takes it.  To be freed;
 * NULL with cause.
 */
char *format_translate(const char *text, const char *style, char **cause);

#endif
