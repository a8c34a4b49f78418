"""One thread with epoll, no more: 50 registers as fast as they come, checked and scaled: GATEWAYS FIRST_PORT SECONDS"""

import json
import select
import socket
import struct
import sys
import time

REQUEST = b"\0\0\0\x06\x01\x04\0\0\0\x32"
HEAD = b"\0\0\0\x67\x01\x04\x64"
REGISTERS = struct.Struct(">50H")


def main(gateways: int, first_port: int, seconds: float) -> None:
    epoll = select.epoll()
    links: dict[int, socket.socket] = {}
    marks: dict[int, int] = {}
    for number in range(gateways):
        link = socket.create_connection(("127.0.0.1", first_port + number))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setblocking(False)
        links[link.fileno()], marks[link.fileno()] = link, 0
        epoll.register(link.fileno(), select.EPOLLIN)
        link.send(marks[link.fileno()].to_bytes(2, "big") + REQUEST)
    answered, values = 0, []
    started = time.monotonic()
    began = cpu = before = 0.0
    while True:
        now = time.monotonic()
        if not began and now > started + 2:
            began, cpu, before = now, time.process_time(), answered
        if began and now > began + seconds:
            break
        for fd, _ in epoll.poll(1.0):
            link, mark = links[fd], marks[fd]
            reply = link.recv(260)
            assert reply[:2] == mark.to_bytes(2, "big") and reply[2:9] == HEAD
            values = [number * 0.1 for number in REGISTERS.unpack_from(reply, 9)]
            answered += 1
            marks[fd] = mark = (mark + 1) & 0xFFFF
            link.send(mark.to_bytes(2, "big") + REQUEST)
    assert values
    polled, took, used = answered - before, now - began, time.process_time() - cpu
    print(json.dumps({"polls_per_s": polled / took, "cpu_us": used / polled * 1e6}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
