#ifndef PROCESS_NEWCALLS_H
#define PROCESS_NEWCALLS_H

#include <sys/syscall.h>

/*
 * The numbers of system calls that are younger than the oldest kernel we run
 * on (4.18), whose headers do not name them.  They are the same on all
 * architectures but alpha.  A caller must take ENOSYS for an answer.
 */

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424 /* 5.1 */
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* 5.3 */
#endif
#ifndef SYS_close_range
#define SYS_close_range 436 /* 5.9 */
#endif

#endif
