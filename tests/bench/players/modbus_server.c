/* libmodbus' server as its own example has it, with select(); prints its port. Ends when it is killed. */
#include <arpa/inet.h>
#include <modbus.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

int main(void) {
  modbus_t *ctx = modbus_new_tcp("127.0.0.1", 0);
  modbus_mapping_t *map = modbus_mapping_new(0, 0, 1000, 1000);
  struct sockaddr_in at;
  socklen_t size = sizeof at;
  int server = modbus_tcp_listen(ctx, 512), most = server;
  fd_set all;
  if (server < 0 || !map || getsockname(server, (struct sockaddr *)&at, &size)) return 1;
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  FD_ZERO(&all);
  FD_SET(server, &all);
  for (;;) {
    fd_set ready = all;
    if (select(most + 1, &ready, NULL, NULL, NULL) < 0) return 1;
    for (int fd = 0; fd <= most; fd++) {
      uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
      if (!FD_ISSET(fd, &ready)) continue;
      if (fd == server) {
        int client = accept(server, NULL, NULL);
        FD_SET(client, &all);
        if (client > most) most = client;
        continue;
      }
      modbus_set_socket(ctx, fd);
      int got = modbus_receive(ctx, query);
      if (got > 0) {
        modbus_reply(ctx, query, got, map);
      } else if (got < 0) {
        close(fd);
        FD_CLR(fd, &all);
      }
    }
  }
}
