/* Modbus TCP clients that ask without a pause, each again as soon as it is answered: PORT CLIENTS UNIT AT COUNT SECONDS
 *
 * Prints the answers in all, and how many of them were none. One thread, epoll.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int port = atoi(argv[1]), clients = atoi(argv[2]), unit = atoi(argv[3]), at = atoi(argv[4]), count = atoi(argv[5]);
  double seconds = atof(argv[6]);
  int size = 9 + 2 * count, poll = epoll_create1(0), one = 1;
  int *sockets = calloc(clients, sizeof *sockets), *got = calloc(clients, sizeof *got);
  uint8_t request[12] = {0, 1, 0, 0, 0, 6, unit, 3, at >> 8, at, count >> 8, count}, answer[300];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < clients; i++) {
    sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sockets[i], (struct sockaddr *)&to, sizeof to)) return 1;
    setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &event);
    if (write(sockets[i], request, 12) != 12) return 1;
  }
  long answers = 0, wrong = 0;
  double until = now() + seconds;
  while (now() < until) {
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, 100);
    for (int n = 0; n < ready; n++) {
      int i = events[n].data.u32, came = read(sockets[i], answer, size - got[i]);
      if (came <= 0) return 1;
      if (!got[i] && came > 7 && answer[7] != 3) wrong++;
      got[i] += came;
      if (got[i] < size) continue;
      got[i] = 0;
      answers++;
      if (write(sockets[i], request, 12) != 12) return 1;
    }
  }
  printf("%ld %ld\n", answers, wrong);
  return 0;
}
