#ifndef CONTROL_SHOW_H
#define CONTROL_SHOW_H

struct context;

/*
 * `show` for machines: every option with its value and origin, or only those
 * of one key.  The exit status; an unknown key has not been told then.
 */
int show_json(const struct context *context, const char *key);

#endif
