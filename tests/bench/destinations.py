"""Many destinations on loopback in one process, and a paced load for them; both note when each mail came.

A destination is a port of 127.0.0.1. It takes everything, or hangs: it accepts connections and never says a word.
"""
import asyncio
import json
import multiprocessing
import os
import time

CLOSE = 10  # seconds for the process to end


class Destinations:
    """`count` destinations in a child process, those in `hanging` mute. Leaves with the block what came when."""

    def __init__(self, directory, count, hanging=(), delay_ms=0.0):
        self.file = os.path.join(directory, "arrived.json")
        self.events = multiprocessing.Queue()
        self.arrived = multiprocessing.Value("l", 0)
        self.stop = multiprocessing.Event()
        self.process = multiprocessing.get_context("fork").Process(
            target=self.serve, args=(count, frozenset(hanging), delay_ms), daemon=True)

    def __enter__(self):
        self.process.start()
        self.ports = self.events.get(timeout=CLOSE)
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.process.join(CLOSE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(CLOSE)

    def wait(self, mails, timeout):
        """Whether so many have come in time."""
        end = time.monotonic() + timeout
        while self.arrived.value < mails and time.monotonic() < end:
            time.sleep(0.02)
        return self.arrived.value >= mails

    def finish(self):
        """What came: the time of each X-Bench-Id's first arrival, how many came again, most connections at once."""
        self.__exit__()
        with open(self.file) as f:
            return json.load(f)

    def serve(self, count, hanging, delay_ms):
        asyncio.run(self.listen(count, hanging, delay_ms))

    async def listen(self, count, hanging, delay_ms):
        self.seen, self.twice, self.now, self.peak, self.connections = {}, 0, {}, {}, 0
        ports, servers = [], []
        for number in range(count):
            async def connected(reader, writer, number=number):
                await self.session(reader, writer, number, number in hanging, delay_ms / 1000)
            server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 22)
            servers.append(server)
            ports.append(server.sockets[0].getsockname()[1])
        self.events.put(ports)
        while not self.stop.is_set():
            await asyncio.sleep(0.05)
        with open(self.file, "w") as f:
            json.dump({"seen": self.seen, "twice": self.twice, "peak": self.peak, "connections": self.connections}, f)
        os._exit(0)  # the hanging sessions would be waited for

    async def session(self, reader, writer, number, hangs, delay):
        self.connections += 1
        self.now[number] = self.now.get(number, 0) + 1
        self.peak[number] = max(self.peak.get(number, 0), self.now[number])
        try:
            if hangs:
                await reader.read()
            else:
                await self.dialogue(reader, writer, delay)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client has gone
        finally:
            self.now[number] -= 1
            writer.close()

    async def dialogue(self, reader, writer, delay):
        writer.write(b"220 sink.test ESMTP\r\n")
        while True:
            verb = (await reader.readuntil(b"\n"))[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                self.came(await reader.readuntil(b"\r\n.\r\n"))
                if delay:
                    await asyncio.sleep(delay)
                writer.write(b"250 2.0.0 Ok\r\n")
            elif verb == b"EHLO":
                writer.write(b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 52428800\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 2.0.0 bye\r\n")
                await writer.drain()
                return
            else:
                writer.write(b"250 2.0.0 Ok\r\n")
            await writer.drain()

    def came(self, content):
        begin = content.index(b"X-Bench-Id: ") + 12
        name = content[begin:content.index(b"\r\n", begin)].decode("ascii")
        if name in self.seen:
            self.twice += 1
        else:
            self.seen[name] = time.monotonic()
            with self.arrived.get_lock():
                self.arrived.value += 1


def send(port, mails, connections, rate=0.0, timeout=120.0, size=8192):
    """Sends (id, forward-path) pairs; the time at which each was due, which is when it was begun where no rate is given.

    With a rate the load is open: a slow answer delays no other mail's due time, so that no wait is left out of sight.
    """
    import benchlib
    return asyncio.run(asyncio.wait_for(_send(port, mails, connections, rate, benchlib.synthetic(size)), timeout))


async def _send(port, mails, connections, rate, body):
    due, start, work = {}, time.monotonic() + 0.1, iter(enumerate(mails))

    async def client():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reply(reader, 220)
        await ask(reader, writer, b"EHLO load.test", 250)
        for number, (name, forward) in work:
            at = start + number / rate if rate else time.monotonic()
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            due[name] = at
            writer.write(b"MAIL FROM:<sender@source.test>\r\nRCPT TO:<%s>\r\nDATA\r\n" % forward.encode())
            for code in (250, 250, 354):
                await reply(reader, code)
            await ask(reader, writer, b"X-Bench-Id: %s\r\n%s\r\n." % (name.encode(), body.rstrip(b"\r\n")), 250)
        await ask(reader, writer, b"QUIT", 221)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return due


async def ask(reader, writer, line, code):
    writer.write(line + b"\r\n")
    await reply(reader, code)


async def reply(reader, code):
    while True:
        line = await reader.readuntil(b"\n")
        if not line.startswith(b"%d" % code):
            raise RuntimeError("%d was due, the server said %s" % (code, line.decode("latin-1").strip()))
        if line[3:4] != b"-":
            return
