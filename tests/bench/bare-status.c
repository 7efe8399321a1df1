/*
 * The peer of `zdaemon -C conf status` in tests/bench/run: the least a C
 * program can do that reads a libconfuse file and asks a unix socket.  No
 * checks, no bounds, no deadlines: a floor, not a client.
 */
#include <confuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	cfg_opt_t runner[] = {
		CFG_STR_LIST("program", NULL, CFGF_NONE),
		CFG_STR("socket-name", "zdsock", CFGF_NONE),
		CFG_STR("transcript", NULL, CFGF_NONE),
		CFG_INT("start-seconds", 0, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t top[] = {
		CFG_SEC("runner", runner, CFGF_NONE),
		CFG_END(),
	};
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	char reply[65536], *line;
	cfg_t *cfg = cfg_init(top, CFGF_NONE);
	ssize_t n;
	int fd;

	if (argc != 2 || cfg_parse(cfg, argv[1]) != CFG_SUCCESS)
		return 2;
	strncpy(name.sun_path,
	    cfg_getstr(cfg_getsec(cfg, "runner"), "socket-name"),
	    sizeof(name.sun_path) - 1);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) == -1)
		return 3;
	if (write(fd, "status\n", 7) != 7)
		return 4;
	if ((n = read(fd, reply, sizeof(reply) - 1)) <= 0)
		return 4;
	reply[n] = '\0';
	if ((line = strstr(reply, "application=")) == NULL)
		return 4;
	printf("program running; pid=%.*s\n", (int)strcspn(line + 12, "\n"),
	    line + 12);
	cfg_free(cfg);
	return 0;
}
