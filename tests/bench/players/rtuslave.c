/* A Modbus RTU slave on a pseudo-terminal with the time that each character takes on a wire: BAUD TURNAROUND_US
 *
 * Prints the path, then answers every read with counting registers. A request lasts as long as its characters do, is
 * known to be over after 3.5 of them, is answered after the turn-around, and each character of the answer arrives when
 * its last bit has passed. 11 bits a character. Ends when its standard input does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void until(int64_t when) { /* sleeps, then looks at the clock for the last 60 us */
  int64_t early = when - 60000;
  struct timespec t = {early / 1000000000LL, early % 1000000000LL};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
  }
  while (now_ns() < when) {
  }
}

static uint16_t crc(const uint8_t *bytes, int count) {
  uint16_t sum = 0xFFFF;
  for (int i = 0; i < count; i++) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >> 1 ^ 0xA001 : sum >> 1;
  }
  return sum;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int64_t character = 11LL * 1000000000LL / atoi(argv[1]), turnaround = atoi(argv[2]) * 1000LL;
  int line = posix_openpt(O_RDWR | O_NOCTTY);
  if (line < 0 || grantpt(line) || unlockpt(line)) return 1;
  int held = open(ptsname(line), O_RDWR | O_NOCTTY); /* lives on while no master has it open */
  struct termios raw;
  tcgetattr(held, &raw);
  cfmakeraw(&raw);
  tcsetattr(held, TCSANOW, &raw);
  printf("%s\n", ptsname(line));
  fflush(stdout);
  struct pollfd watched[2] = {{line, POLLIN, 0}, {0, POLLIN, 0}};
  uint8_t request[256], answer[260];
  for (;;) {
    int got = 0;
    int64_t began = 0;
    while (got < 8) {
      if (poll(watched, 2, -1) < 0) return 1;
      if (watched[1].revents) return 0;
      int more = read(line, request + got, 8 - got);
      if (more <= 0) return 0;
      if (!got) began = now_ns();
      got += more;
    }
    int words = request[4] << 8 | request[5], size = 3 + 2 * words;
    answer[0] = request[0], answer[1] = request[1], answer[2] = 2 * words;
    for (int i = 0; i < words; i++) answer[3 + 2 * i] = 0, answer[4 + 2 * i] = i;
    uint16_t sum = crc(answer, size);
    answer[size] = sum & 0xFF, answer[size + 1] = sum >> 8;
    int64_t first = began + 8 * character + character * 7 / 2 + turnaround;
    for (int i = 0; i < size + 2; i++) {
      until(first + (i + 1) * character);
      if (write(line, answer + i, 1) != 1) return 1;
    }
  }
}
