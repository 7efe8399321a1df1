#ifndef CONTROL_SEND_H
#define CONTROL_SEND_H

struct context;

/* Has the supervisor send a signal; tells in zdaemon's two lines. */
int send_signal(struct context *context, int number);

#endif
