/* What is told of a process of a tree. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process/procfs.h"
#include "process/treeline.h"

/* Its words, parted by blanks; if it still is the same process. */
static void
treeline_command(const struct tree_process *process, char *buf, size_t size)
{
	struct identity_stat stat;
	ssize_t len = 0, i;
	int proc, dir = -1;

	buf[0] = '\0';
	if ((proc = procfs_open()) != -1)
		dir = procfs_open_process(proc, process->pid);
	if (dir != -1 && procfs_stat(dir, &stat) &&
	    stat.start_time == process->stat.start_time)
		len = procfs_read(dir, "cmdline", buf, size);
	if (dir != -1)
		close(dir);
	if (proc != -1)
		close(proc);
	while (len > 0 && buf[len - 1] == '\0')
		len--;
	for (i = 0; i < len; i++) {
		if (buf[i] == '\0')
			buf[i] = ' ';
	}
}

void
treeline_fill(struct process_line *line, const struct tree_process *process,
    pid_t group, pid_t session)
{
	const struct identity_stat *stat = &process->stat;

	memset(line, 0, sizeof(*line));
	line->pid = process->pid;
	line->parent = stat->parent;
	line->group = stat->group;
	line->session = stat->session;
	line->age = identity_age(stat->start_time);
	line->memory = stat->pages >= 0 ?
	    (int64_t)stat->pages * sysconf(_SC_PAGESIZE) :
	    -1;
	line->state = stat->state;
	if (stat->session != session)
		snprintf(line->left, sizeof(line->left), "session");
	else if (stat->group != group)
		snprintf(line->left, sizeof(line->left), "group");
	snprintf(line->name, sizeof(line->name), "%s", stat->name);
	treeline_command(process, line->command, sizeof(line->command));
}
