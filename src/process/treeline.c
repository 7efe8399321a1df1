/* What is told of a process of a tree. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "process/procfs.h"
#include "process/treeline.h"

/* Start times count from the boot, in ticks. */
static int64_t
treeline_age(uint64_t start_time)
{
#ifdef CLOCK_BOOTTIME
	long ticks = sysconf(_SC_CLK_TCK);
	struct timespec now;
	int64_t age;

	if (ticks <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) == -1)
		return -1;
	age = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 -
	    (int64_t)(start_time / (uint64_t)ticks * 1000) -
	    (int64_t)(start_time % (uint64_t)ticks * 1000 / (uint64_t)ticks);
	return age > 0 ? age : 0;
#else
	(void)start_time;
	return -1;
#endif
}

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
	line->age = treeline_age(stat->start_time);
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
