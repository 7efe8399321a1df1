/*
 * Names to numbers: the user, its group and its supplementary groups.
 */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/cause.h"
#include "base/units.h"
#include "options/user.h"

/* The password entry of a name or a number; NULL with cause. */
static struct passwd *
find_entry(const char *user, char **cause)
{
	struct passwd *entry;
	long long number;
	int numeric;

	numeric = units_parse_number(user, 0, (long long)UINT_MAX - 1, &number);
	errno = 0;
	entry = numeric ? getpwuid((uid_t)number) : getpwnam(user);
	if (entry != NULL)
		return entry;
	if (errno != 0 && errno != ENOENT && errno != ESRCH)
		cause_set(cause, "unable to look up user '%.100s': %s", user,
		    strerror(errno));
	else
		cause_set(cause, "%s '%.100s' not found",
		    numeric ? "uid" : "username", user);
	return NULL;
}

static int
find_groups(
    const struct passwd *entry, gid_t *group, size_t *groups, char **cause)
{
	int count = *groups > INT_MAX ? INT_MAX : (int)*groups;

	if (getgrouplist(entry->pw_name, entry->pw_gid, group, &count) == -1) {
		cause_set(cause, "user '%.100s' is in more than %zu groups",
		    entry->pw_name, *groups);
		return -1;
	}
	*groups = (size_t)count;
	return 0;
}

int
user_resolve(const char *user, uid_t *uid, gid_t *gid, gid_t *group,
    size_t *groups, char **cause)
{
	const struct passwd *entry;

	if (user != NULL && (entry = find_entry(user, cause)) == NULL)
		return -1;
	if (user == NULL || entry->pw_uid == geteuid()) {
		*uid = (uid_t)-1;
		*gid = (gid_t)-1;
		*groups = 0;
		return 0;
	}
	if (geteuid() != 0) {
		cause_set(cause, "only root can use -u USER to change users");
		return -1;
	}
	if (find_groups(entry, group, groups, cause) == -1)
		return -1;
	*uid = entry->pw_uid;
	*gid = entry->pw_gid;
	return 0;
}

int
user_group(const char *group, gid_t *gid, char **cause)
{
	const struct group *entry;
	long long number;

	if (group == NULL) {
		*gid = (gid_t)-1;
		return 0;
	}
	if (units_parse_number(
		group, 0, (long long)UINT_MAX - 1, &number)) {
		*gid = (gid_t)number;
		return 0;
	}
	if ((entry = getgrnam(group)) == NULL) {
		cause_set(cause, "group '%.100s' not found", group);
		return -1;
	}
	*gid = entry->gr_gid;
	return 0;
}
