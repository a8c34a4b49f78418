/* Preloaded into a writer: journals what it does to one file, and what it says on standard output, in order.

   POWERCUT_FILE     the file that is watched
   POWERCUT_JOURNAL  where the journal goes: a head (struct entry, host byte order) and the bytes written, each time

   A write through a descriptor with O_DSYNC is on the disk when the call returns; any other after the next sync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 3, SAID = 4, MSYNC = 5 };

struct entry {
    uint32_t kind;
    uint32_t dsync;
    uint64_t offset;
    uint64_t length;
};

static int journal = -1;
static const char *watched_path;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWERCUT_JOURNAL");
    watched_path = getenv("POWERCUT_FILE");
    if (path != NULL && watched_path != NULL)
        journal = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_watched(int fd) {
    struct stat there, wanted;
    if (journal < 0 || fd == journal || fstat(fd, &there) != 0 || stat(watched_path, &wanted) != 0)
        return 0;
    return there.st_dev == wanted.st_dev && there.st_ino == wanted.st_ino;
}

static void note(uint32_t kind, int fd, uint64_t offset, const void *bytes, uint64_t length) {
    struct entry entry = {kind, fd >= 0 && (fcntl(fd, F_GETFL) & O_DSYNC) != 0, offset, length};
    struct iovec parts[2] = {{&entry, sizeof entry}, {(void *)bytes, bytes != NULL ? length : 0}};
    if (syscall(SYS_writev, journal, parts, 2) != (long)(sizeof entry + parts[1].iov_len))
        abort();
}

static void note_parts(int fd, uint64_t offset, const struct iovec *parts, int count, ssize_t done) {
    for (int i = 0; i < count && done > 0; i++) {
        uint64_t length = parts[i].iov_len < (size_t)done ? parts[i].iov_len : (size_t)done;
        note(WRITE, fd, offset, parts[i].iov_base, length);
        offset += length;
        done -= (ssize_t)length;
    }
}

#define REAL(name, type) static __typeof__(type) real; if (real == NULL) real = (__typeof__(type))dlsym(RTLD_NEXT, #name)

#define PWRITE(name) \
    ssize_t name(int fd, const void *bytes, size_t length, off_t offset) { \
        REAL(name, ssize_t (*)(int, const void *, size_t, off_t)); \
        ssize_t done = real(fd, bytes, length, offset); \
        if (done > 0 && is_watched(fd)) note(WRITE, fd, (uint64_t)offset, bytes, (uint64_t)done); \
        return done; \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name) \
    ssize_t name(int fd, const struct iovec *parts, int count, off_t offset) { \
        REAL(name, ssize_t (*)(int, const struct iovec *, int, off_t)); \
        ssize_t done = real(fd, parts, count, offset); \
        if (done > 0 && is_watched(fd)) note_parts(fd, (uint64_t)offset, parts, count, done); \
        return done; \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev, ssize_t (*)(int, const struct iovec *, int));
    int watched = is_watched(fd);
    off_t offset = watched ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, parts, count);
    if (done > 0 && watched) note_parts(fd, (uint64_t)offset, parts, count, done);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write, ssize_t (*)(int, const void *, size_t));
    int watched = is_watched(fd);
    off_t offset = watched ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, bytes, length);
    if (done > 0 && watched) note(WRITE, fd, (uint64_t)offset, bytes, (uint64_t)done);
    if (done > 0 && fd == 1 && journal >= 0) note(SAID, -1, 0, bytes, (uint64_t)done);
    return done;
}

#define SYNCING(name) \
    int name(int fd) { \
        REAL(name, int (*)(int)); \
        int result = real(fd); \
        if (result == 0 && is_watched(fd)) note(SYNC, -1, 0, NULL, 0); \
        return result; \
    }
SYNCING(fsync)
SYNCING(fdatasync)

#define TRUNCATING(name) \
    int name(int fd, off_t length) { \
        REAL(name, int (*)(int, off_t)); \
        int result = real(fd, length); \
        if (result == 0 && is_watched(fd)) note(TRUNCATE, -1, (uint64_t)length, NULL, 0); \
        return result; \
    }
TRUNCATING(ftruncate)
TRUNCATING(ftruncate64)

int msync(void *at, size_t length, int flags) {
    REAL(msync, int (*)(void *, size_t, int));
    if (journal >= 0) note(MSYNC, -1, 0, NULL, 0);
    return real(at, length, flags);
}
