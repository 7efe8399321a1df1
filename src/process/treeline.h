#ifndef PROCESS_TREELINE_H
#define PROCESS_TREELINE_H

#include "process/tree.h"
#include "protocol/processline.h"

/*
 * What is told of a process of a tree; group and session are those of its
 * program.
 */
void treeline_fill(struct process_line *line,
    const struct tree_process *process, pid_t group, pid_t session);

#endif
