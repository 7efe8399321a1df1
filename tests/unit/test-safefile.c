/*
 * src/process/walk and safefile: which files are opened, and which are not,
 * by root and by an ordinary user (who is a child of ours).
 */
#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/safefile.h"
#include "process/walk.h"
#include "tests/unit/check.h"

#define BOB   12345 /* whom nobody trusts */
#define CAROL 12346
#define ALICE 12347 /* an ordinary user that we can be */

static char top[] = "/tmp/zd safefile XXXXXX";

static int
make_top(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(top) == NULL || chdir(top) == -1 || chmod(".", 0755);
}

static int
remove_top(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

/* An empty directory for each test. */
static int
empty_top(void **state)
{
	(void)state;
	return system("rm -rf ./* && mkdir bob ours && mkfifo fifo");
}

static void
put(const char *name, const char *text, mode_t mode, uid_t owner)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	if (owner != geteuid())
		assert_int_equal(fchown(fd, owner, (gid_t)-1), 0);
	close(fd);
}

static void
give(const char *name, uid_t owner)
{
	assert_int_equal(lchown(name, owner, owner), 0);
}

static void
link_to(const char *target, const char *name, uid_t owner)
{
	assert_int_equal(symlink(target, name), 0);
	if (owner != geteuid())
		give(name, owner);
}

static const struct safefile plain = { .how = O_RDONLY };
static const struct safefile ours = { .how = O_RDONLY, .ours = true };
static const struct safefile log_file = { .how = O_WRONLY | O_CREAT | O_APPEND,
	.mode = 0644,
	.no_link = true,
	.any = true };
static const struct safefile kept = {
	.how = O_RDWR | O_CREAT, .mode = 0600, .ours = true, .make = true
};

/* It is opened, and is the file that has that name. */
static void
opens(const char *path, const struct safefile *safefile, const char *same)
{
	char *cause = NULL;
	struct stat st, there;
	int fd = safefile_open(path, safefile, &st, &cause);

	if (fd == -1)
		fail_msg("%s: %s", path, cause);
	assert_null(cause);
	assert_int_equal(stat(same, &there), 0);
	assert_true(st.st_dev == there.st_dev && st.st_ino == there.st_ino);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}

/* It is not, and why has these words. */
static void
refuses(const char *path, const struct safefile *safefile, int error,
    const char *why)
{
	char *cause = NULL;
	int fd = safefile_open(path, safefile, NULL, &cause);
	int told = errno;

	if (fd != -1)
		fail_msg("%s: was opened", path);
	assert_non_null(cause);
	if (strstr(cause, why) == NULL)
		fail_msg("%s: %s", path, cause);
	assert_int_equal(told, error);
	free(cause);
}

/* --- whoever we are ------------------------------------------------------ */

static void
only_regular_files_are_opened(void **state)
{
	const struct safefile *const each[] = { &plain, &ours };
	size_t i;

	(void)state;
	put("file", "x", 0644, geteuid());
	for (i = 0; i < 2; i++) {
		opens("file", each[i], "file");
		opens("./ours//../file", each[i], "file");
		refuses("missing", each[i], ENOENT, "No such file");
		refuses("missing/file", each[i], ENOENT, "No such file");
		refuses("file/", each[i], ENOTDIR, "Not a directory");
		refuses("file/x", each[i], ENOTDIR, "Not a directory");
		refuses("", each[i], ENOENT, "No such file");
		refuses("fifo", each[i], EINVAL, "it is a FIFO");
		refuses("ours", each[i], EISDIR, "it is a directory");
		refuses("/", each[i], EISDIR, "it is a directory");
		refuses("/dev/zero", each[i], EINVAL, "it is a device");
	}
	opens("/dev/null", &log_file, "/dev/null");
	refuses("ours", &log_file, EISDIR, "it is a directory");
	/* A FIFO that nobody reads fails at once. */
	refuses("fifo", &log_file, ENXIO, "No such device");
}

static void
our_own_links_are_followed(void **state)
{
	char path[PATH_MAX];

	(void)state;
	put("file", "x", 0644, geteuid());
	link_to("file", "relative", geteuid());
	assert_non_null(getcwd(path, sizeof(path) - 6));
	strcat(path, "/ours/");
	link_to(path, "absolute", geteuid());
	link_to("../relative", "ours/up", geteuid());
	opens("relative", &plain, "file");
	opens("relative", &ours, "file");
	opens("absolute/up", &ours, "file");
	refuses("relative", &log_file, ELOOP, "symbolic links");
	opens("absolute/log", &log_file, "ours/log");
	link_to("loop", "loop", geteuid());
	refuses("loop", &plain, ELOOP, "symbolic links");
	refuses("loop/x", &ours, ELOOP, "symbolic links");
	link_to("nothing", "dangling", geteuid());
	refuses("dangling", &plain, ENOENT, "No such file");
}

static void
leads_to(const char *path, const char *same)
{
	struct stat st, there;
	int dir = walk_directory(path, NULL);

	assert_int_not_equal(dir, -1);
	assert_int_equal(fstat(dir, &st), 0);
	assert_int_equal(stat(same, &there), 0);
	assert_true(st.st_dev == there.st_dev && st.st_ino == there.st_ino);
	close(dir);
}

static void
directories_are_walked_to(void **state)
{
	char *cause = NULL;

	(void)state;
	link_to("ours", "link", geteuid());
	leads_to("/", "/");
	leads_to(".", ".");
	leads_to("ours", "ours");
	leads_to("link", "ours");
	leads_to("link/../bob//", "bob");
	assert_int_equal(walk_directory("fifo", &cause), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_string_equal(cause, "Not a directory");
	free(cause);
}

/* Its text is no path: only the kernel can follow it. */
static void
a_descriptor_can_be_named(void **state)
{
	char path[64];
	int fd;

	(void)state;
	put("file", "x", 0644, geteuid());
	assert_int_not_equal(fd = open("file", O_RDONLY), -1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opens(path, &plain, "file");
	assert_int_equal(rename("file", "renamed"), 0);
	opens(path, &plain, "renamed");
	close(fd);
}

static void
what_everybody_can_write_is_not_ours(void **state)
{
	(void)state;
	put("ours/file", "x", 0646, geteuid());
	refuses("ours/file", &ours, EPERM, "it can be written by everybody");
	opens("ours/file", &plain, "ours/file");
	assert_int_equal(chmod("ours/file", 0644), 0);
	assert_int_equal(chmod("ours", 0757), 0);
	refuses("ours/file", &ours, EPERM, "ours' can be written by everybody");
	refuses("ours/new", &kept, EPERM, "ours' can be written by everybody");
	refuses("ours/missing", &ours, ENOENT, "No such file");
	assert_int_equal(chmod("ours", 01777), 0);
	opens("ours/file", &ours, "ours/file");
	assert_int_equal(chmod("ours", 0775), 0);
	if (geteuid() == 0)
		refuses("ours/file", &ours, EPERM,
		    "ours' can be written by its group");
	else
		opens("ours/file", &ours, "ours/file");
}

static void
directories_are_made(void **state)
{
	struct stat st;

	(void)state;
	opens("ours/a/b/file", &kept, "ours/a/b/file");
	assert_int_equal(stat("ours/a", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat("ours/a/b/file", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	refuses("fifo/a/file", &kept, ENOTDIR, "Not a directory");
}

static void
only_what_is_not_there_is_made_anew(void **state)
{
	const struct safefile fresh = { .how = O_RDWR | O_CREAT | O_EXCL,
		.mode = 0600 };

	(void)state;
	opens("file", &fresh, "file");
	refuses("file", &fresh, EEXIST, "File exists");
	refuses("ours", &fresh, EEXIST, "File exists");
	refuses("fifo", &fresh, EEXIST, "File exists");
}

static void
a_second_name_can_be_refused(void **state)
{
	const struct safefile one = { .how = O_RDWR, .one_name = true };
	int dir = open(".", O_PATH);
	char *cause = NULL;

	(void)state;
	put("file", "x", 0644, geteuid());
	opens("file", &one, "file");
	assert_int_equal(link("file", "second"), 0);
	refuses("file", &one, EMLINK, "another name");
	opens("file", &plain, "second");
	link_to("file", "link", geteuid());
	assert_int_equal(
	    safefile_open_at(dir, "link", &plain, NULL, &cause), -1);
	assert_string_equal(cause, "it is a symbolic link");
	free(cause);
	close(dir);
}

static void
reading_is_bounded(void **state)
{
	char *text, *cause = NULL;
	struct stat st;
	size_t len;

	(void)state;
	put("file", "0123456789", 0644, geteuid());
	text = safefile_read("file", &plain, 10, &st, &len, &cause);
	assert_non_null(text);
	assert_string_equal(text, "0123456789");
	assert_int_equal(len, 10);
	free(text);
	assert_null(safefile_read("file", &plain, 9, &st, &len, &cause));
	assert_int_equal(errno, EFBIG);
	assert_string_equal(cause, "it is larger than 9 bytes");
	free(cause);
	/* One whose size is told as 0. */
	cause = NULL;
	text = safefile_read("/proc/self/stat", &plain, 9999, &st, &len, NULL);
	assert_non_null(text);
	assert_true(len > 50);
	free(text);
	assert_null(
	    safefile_read("/proc/self/stat", &plain, 20, &st, &len, &cause));
	assert_string_equal(cause, "it is larger than 20 bytes");
	free(cause);
}

/* --- root among others --------------------------------------------------- */

static void
what_belongs_to_another_is_not_ours(void **state)
{
	(void)state;
	put("file", "x", 0644, BOB);
	refuses("file", &ours, EPERM, "it belongs to another user");
	opens("file", &plain, "file");
	put("bob/file", "x", 0644, 0);
	give("bob", BOB);
	refuses("bob/file", &ours, EPERM, "bob' belongs to another user");
	refuses("bob/missing", &ours, ENOENT, "No such file");
	refuses("bob/new", &kept, EPERM, "bob' belongs to another user");
	refuses("bob/dir/new", &kept, EPERM, "bob' belongs to another user");
	assert_int_equal(access("bob/new", F_OK), -1);
	assert_int_equal(access("bob/dir", F_OK), -1);
	assert_int_equal(mkfifo("bob/fifo", 0600), 0);
	refuses("bob/fifo", &ours, EPERM, "bob' belongs to another user");
	refuses("bob/fifo", &plain, EINVAL, "it is a FIFO");
}

static void
root_follows_a_users_link_to_his_own_only(void **state)
{
	(void)state;
	put("secret", "x", 0600, 0);
	put("bob/own", "x", 0644, BOB);
	put("carols", "x", 0644, CAROL);
	assert_int_equal(mkdir("bob/dir", 0755), 0);
	put("bob/dir/roots", "x", 0644, 0);
	give("bob", BOB);
	give("bob/dir", BOB);
	link_to("../secret", "bob/secret", BOB);
	link_to("../carols", "bob/carols", BOB);
	link_to("own", "bob/link", BOB);
	link_to("dir", "bob/current", BOB);
	link_to("..", "bob/up", BOB);
	link_to("../ours/new", "bob/new", BOB);
	refuses("bob/secret", &plain, ELOOP, "another user's link");
	refuses("bob/secret", &ours, ELOOP, "another user's link");
	refuses("bob/carols", &plain, ELOOP, "another user's link");
	refuses("bob/up/secret", &plain, ELOOP, "another user's link");
	assert_int_equal(walk_directory("bob/up", NULL), -1);
	leads_to("bob/current", "bob/dir");
	refuses("bob/new", &plain, ELOOP, "another user's link");
	opens("bob/link", &plain, "bob/own");
	/* As of a deployment: what stands there is his to change anyway. */
	opens("bob/current/roots", &plain, "bob/dir/roots");
	opens("bob/current/log", &log_file, "bob/dir/log");
	refuses("bob/up/log", &log_file, ELOOP, "another user's link");
	refuses("bob/link", &log_file, ELOOP, "symbolic links");
	assert_int_equal(access("log", F_OK), -1);
	/* By way of root's own link and of carol's. */
	link_to("bob/secret", "by-root", 0);
	refuses("by-root", &plain, ELOOP, "another user's link");
	link_to("link", "bob/two", CAROL);
	refuses("bob/two", &plain, ELOOP, "another user's link");
}

static void
roots_link_may_have_been_moved(void **state)
{
	(void)state;
	put("file", "x", 0644, 0);
	give("bob", BOB);
	link_to("../file", "bob/link", 0);
	refuses("bob/link", &plain, ELOOP, "another user's link");
	assert_int_equal(chmod("ours", 0777), 0);
	link_to("../file", "ours/link", 0);
	refuses("ours/link", &plain, ELOOP, "another user's link");
	/* In a sticky directory only its owner moves it. */
	assert_int_equal(chmod("ours", 01777), 0);
	opens("ours/link", &plain, "file");
}

static void
another_users_second_name_is_refused(void **state)
{
	(void)state;
	put("file", "x", 0644, 0);
	put("bobs", "x", 0644, BOB);
	give("bob", BOB);
	assert_int_equal(chmod("ours", 01777), 0);
	assert_int_equal(link("file", "bob/file"), 0);
	assert_int_equal(link("file", "ours/file"), 0);
	assert_int_equal(link("bobs", "bob/bobs"), 0);
	refuses("bob/file", &log_file, EMLINK, "another name");
	refuses("bob/file", &plain, EMLINK, "another name");
	refuses("ours/file", &plain, EMLINK, "another name");
	opens("bob/bobs", &log_file, "bobs");
	opens("file", &log_file, "file");
}

/* --- an ordinary user among others --------------------------------------- */

static void
links_of_others_among_users(void **state)
{
	(void)state;
	opens("bob/link", &plain, "file");
	refuses("bob/link", &ours, ELOOP, "another user's link");
	refuses("bobs", &ours, EPERM, "it belongs to another user");
	opens("bobs", &plain, "bobs");
	refuses("bob/new", &kept, EPERM, "bob' belongs to another user");
	opens("file", &ours, "file");
}

/* --- all of them --------------------------------------------------------- */

static const struct CMUnitTest any_user[] = {
	cmocka_unit_test_setup(only_regular_files_are_opened, empty_top),
	cmocka_unit_test_setup(our_own_links_are_followed, empty_top),
	cmocka_unit_test_setup(directories_are_walked_to, empty_top),
	cmocka_unit_test_setup(a_descriptor_can_be_named, empty_top),
	cmocka_unit_test_setup(what_everybody_can_write_is_not_ours, empty_top),
	cmocka_unit_test_setup(directories_are_made, empty_top),
	cmocka_unit_test_setup(only_what_is_not_there_is_made_anew, empty_top),
	cmocka_unit_test_setup(a_second_name_can_be_refused, empty_top),
	cmocka_unit_test_setup(reading_is_bounded, empty_top),
};

static const struct CMUnitTest of_root[] = {
	cmocka_unit_test_setup(what_belongs_to_another_is_not_ours, empty_top),
	cmocka_unit_test_setup(
	    root_follows_a_users_link_to_his_own_only, empty_top),
	cmocka_unit_test_setup(roots_link_may_have_been_moved, empty_top),
	cmocka_unit_test_setup(another_users_second_name_is_refused, empty_top),
};

static const struct CMUnitTest of_alice[] = {
	cmocka_unit_test(links_of_others_among_users),
};

/* Root's preparations for links_of_others_among_users. */
static void
prepare_for_alice(void)
{
	put("file", "x", 0644, 0);
	put("bobs", "x", 0644, BOB);
	give("bob", BOB);
	link_to("../file", "bob/link", BOB);
}

/* As an ordinary user, in a child. */
static int
run_as_alice(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (setgid(ALICE) == -1 || setuid(ALICE) == -1)
			_exit(1);
		status = cmocka_run_group_tests_name(
		    "alice among others", of_alice, NULL, NULL);
		if (mkdir("alice", 0755) == -1 || chdir("alice") == -1)
			_exit(1);
		status += cmocka_run_group_tests_name(
		    "alice", any_user, NULL, NULL);
		_exit(status);
	}
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

int
main(void)
{
	int failed;

	if (make_top(NULL) != 0)
		return 1;
	failed = cmocka_run_group_tests_name(
	    geteuid() == 0 ? "root" : "user", any_user, NULL, NULL);
	if (geteuid() == 0) {
		failed += cmocka_run_group_tests_name(
		    "root among others", of_root, NULL, NULL);
		empty_top(NULL);
		prepare_for_alice();
		failed += chmod(".", 01777) + run_as_alice();
	}
	return remove_top(NULL) != 0 || failed != 0;
}
