/*
 * The peer of zdrun in tests/bench/transcript: the least that moves a pipe
 * into a file within the kernel.  The pipe holds 1 MiB where that is allowed.
 * No looks at the file, no clients, no rotation: a ceiling, not a logger.
 *
 * usage: bare-splice FILE <PIPE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#define MOST (1 << 20) /* bytes */

int
main(int argc, char **argv)
{
	ssize_t n;
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd == -1)
		return 1;
	fcntl(STDIN_FILENO, F_SETPIPE_SZ, MOST);
	do
		n = splice(STDIN_FILENO, NULL, fd, NULL, MOST, 0);
	while (n > 0);
	return n == 0 ? 0 : 1;
}
