#ifndef SHELL_SEEN_H
#define SHELL_SEEN_H

/*
 * How far a log was when the last session looked: what came since is news for
 * the next one.  Trouble with the file that remembers it costs the news alone.
 */
struct seen;

/*
 * Of the log at that absolute path, for the configuration (or socket) of that
 * absolute path.  With cause where the file that remembers it is refused.
 */
struct seen *seen_new(const char *owner, const char *log, char **cause);

void seen_free(struct seen *seen);

/* Remembers that the log was seen up to its end.  NULL is fine. */
void seen_note(const struct seen *seen);

/*
 * "12 new lines", namely of log since the last session; to be freed.  NULL: no
 * session was there before, the log cannot be read, or it is not the one that
 * is remembered.  NULL is fine for seen.
 */
char *seen_news(const struct seen *seen, const char *log);

#endif
