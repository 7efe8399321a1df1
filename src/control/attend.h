#ifndef CONTROL_ATTEND_H
#define CONTROL_ATTEND_H

struct child_process;
struct schedule;

/*
 * Lets a held child go and waits for its end, in front of a one-shot command.
 * What is meant to end us is passed on to it; as PID 1 we do all that the
 * first process of a container has to (process/first.h), and end the program
 * by schedule.  Its exit status, 128 + N for a signal.
 */
int attend_program(
    struct child_process *process, const struct schedule *schedule);

#endif
