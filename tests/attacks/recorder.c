/* Loaded before libc (LD_PRELOAD): writes down, in order, every change that a process makes below
 * the folder $RECORD_ROOT, and every wait for the disk, into the file $RECORD_LOG.
 *
 * A record is a line "operation path offset length\n", then `length` bytes: data, or a new name.
 * test_l08 builds from it the disks that a power cut could leave. A call that this file forgets
 * shows up there, because then the records no longer give the folder that the process left.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES_MAX 4096
#define PATH_BYTES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *paths[FILES_MAX]; /* of each open file, relative to the root; NULL: none of ours */
static int log_file = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The part of a path below the root, or NULL. */
static const char *below(const char *path) {
    const char *root = getenv("RECORD_ROOT");
    size_t length = root ? strlen(root) : 0;
    if (!root || strncmp(path, root, length)) return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : ".";
}

static void note(const char *operation, const char *path, long offset, const void *data, size_t n) {
    char head[PATH_BYTES + 64];
    if (log_file < 0)
        log_file = REAL(open)(getenv("RECORD_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    int size = snprintf(head, sizeof head, "%s %s %ld %zu\n", operation, path, offset, n);
    if (REAL(write)(log_file, head, size) != size || REAL(write)(log_file, data, n) != (ssize_t)n)
        abort();
}

static int opened(int file, const char *path, int flags) {
    const char *name = below(path);
    if (file >= 0 && file < FILES_MAX && name) {
        pthread_mutex_lock(&lock);
        free(paths[file]);
        paths[file] = strdup(name);
        if (flags & O_CREAT) note("create", name, 0, "", 0);
        if (flags & O_TRUNC) note("truncate", name, 0, "", 0);
        pthread_mutex_unlock(&lock);
    }
    return file;
}

static const char *path_of(int file) { return file >= 0 && file < FILES_MAX ? paths[file] : NULL; }

#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list rest;                                          \
        va_start(rest, flags);                                 \
        mode_t mode = va_arg(rest, mode_t);                    \
        va_end(rest);                                          \
        return opened(REAL(name)(path, flags, mode), path, flags); \
    }
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return opened(REAL(openat)(folder, path, flags, mode), path, flags);
}

int close(int file) {
    pthread_mutex_lock(&lock);
    if (path_of(file)) {
        free(paths[file]);
        paths[file] = NULL;
    }
    pthread_mutex_unlock(&lock);
    return REAL(close)(file);
}

ssize_t write(int file, const void *data, size_t n) {
    if (!path_of(file)) return REAL(write)(file, data, n);
    pthread_mutex_lock(&lock);
    ssize_t done = REAL(write)(file, data, n);
    if (done > 0) note("write", path_of(file), lseek(file, 0, SEEK_CUR) - done, data, done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(name, offset_type)                                               \
    ssize_t name(int file, const void *data, size_t n, offset_type offset) {    \
        if (!path_of(file)) return REAL(name)(file, data, n, offset);           \
        pthread_mutex_lock(&lock);                                              \
        ssize_t done = REAL(name)(file, data, n, offset);                       \
        if (done > 0) note("write", path_of(file), offset, data, done);         \
        pthread_mutex_unlock(&lock);                                            \
        return done;                                                            \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define FTRUNCATE(name, offset_type)                                            \
    int name(int file, offset_type size) {                                      \
        if (!path_of(file)) return REAL(name)(file, size);                      \
        pthread_mutex_lock(&lock);                                              \
        int result = REAL(name)(file, size);                                    \
        if (!result) note("truncate", path_of(file), size, "", 0);              \
        pthread_mutex_unlock(&lock);                                            \
        return result;                                                          \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                              \
    int name(int file) {                                                        \
        int result = REAL(name)(file);                                          \
        pthread_mutex_lock(&lock);                                              \
        if (!result && path_of(file)) note("sync", path_of(file), 0, "", 0);    \
        pthread_mutex_unlock(&lock);                                            \
        return result;                                                          \
    }
SYNC(fsync)
SYNC(fdatasync)

#define NAMED(name, operation, declared, passed)                                \
    int name declared {                                                         \
        pthread_mutex_lock(&lock);                                              \
        int result = REAL(name) passed;                                         \
        if (!result && below(path)) note(operation, below(path), 0, "", 0);     \
        pthread_mutex_unlock(&lock);                                            \
        return result;                                                          \
    }
NAMED(unlink, "unlink", (const char *path), (path))
NAMED(rmdir, "rmdir", (const char *path), (path))
NAMED(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode))

int rename(const char *old, const char *new) {
    pthread_mutex_lock(&lock);
    int result = REAL(rename)(old, new);
    if (!result && below(old) && below(new))
        note("rename", below(old), 0, below(new), strlen(below(new)));
    pthread_mutex_unlock(&lock);
    return result;
}
