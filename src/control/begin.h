#ifndef CONTROL_BEGIN_H
#define CONTROL_BEGIN_H

/*
 * Makes sure of what the rest of a program counts on, whatever its caller has
 * left: 0, 1 and 2 are open, no rights are borrowed, children leave a status,
 * and a limit on files is an error of the write.  Ends the program where that
 * cannot be.
 */
void begin_process(void);

#endif
