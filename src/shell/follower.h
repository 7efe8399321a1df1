#ifndef SHELL_FOLLOWER_H
#define SHELL_FOLLOWER_H

struct context;
struct feed;
struct match;

/* What shell_ops asks for: logs followed by keys, until the operator leaves. */
int follower_run(
    struct context *context, struct feed *feed, struct match *match);

#endif
