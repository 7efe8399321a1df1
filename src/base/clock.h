#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds that never go back: for every delay and deadline. */
int64_t clock_mono_ms(void);

/* Milliseconds since 1970: only to show. */
int64_t clock_wall_ms(void);

/* What is left until deadline (both monotonic ms) as a poll(2) time-out. */
int clock_poll_timeout(int64_t deadline);

#endif
