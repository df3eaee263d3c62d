"""What the benches share: a Relais of its own in a temporary directory, ports, records.

All load stays on 127.0.0.1. The harness is the project's shared one; its directory comes from RELAIS_BENCH (default:
../shared/bench beside the repository).
"""
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BENCH = os.path.abspath(os.environ.get("RELAIS_BENCH", os.path.join(ROOT, "..", "shared", "bench")))
STANDARD_PORTS = (25, 587, 465, 110, 995, 143, 993, 24, 4190, 8000)
SMTP, IMAPS, ADMINISTRATION = 25, 993, 8000
DOMAIN, USER, PASSWORD = "local.test", "bench@local.test", "bench-password-1"


def fail(text):
    print("bench: " + text, file=sys.stderr)
    sys.exit(1)


def is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_offset():
    """An offset at which every port of Relais is free."""
    for _ in range(200):
        offset = random.randrange(20000, 27000)
        if all(is_free(p + offset) for p in STANDARD_PORTS):
            return offset
    fail("no free range of ports was found")


class Relais:
    """A home and a server of its own in a temporary directory."""

    def __init__(self, directory, sink):
        os.makedirs(directory)
        self.home = os.path.join(directory, "home")
        self.offset = free_offset()
        self.log = open(os.path.join(directory, "relais.out"), "wb")
        self.process = None
        self.command("init", "--hostname", "mx.local.test", "--domain", DOMAIN, "--port-offset", str(self.offset),
                     "--smart-host", sink, "--relay-from", "127.0.0.0/8")

    def command(self, *words, stdin=None):
        done = subprocess.run([os.path.join(ROOT, "relais"), "--home", self.home, *words], input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900, check=False)
        if done.returncode:
            fail("relais %s ended with %d:\n%s" % (" ".join(words), done.returncode, done.stdout))
        return done.stdout

    def configure(self, pattern, text):
        """Replaces the one match of a pattern in relais.xml, and lets the server's own check read the result."""
        path = os.path.join(self.home, "conf", "relais.xml")
        with open(path) as f:
            xml, count = re.subn(pattern, lambda _: text, re.sub("(?s)<!--.*?-->", "", f.read()))
        if count != 1:
            fail("%s matches %d times in %s" % (pattern, count, path))
        with open(path, "w") as f:
            f.write(xml)
        self.command("config", "check")

    def start(self, below=(), java_options=None):
        """Seconds to the first 220; `below` is a program that runs it (strace), java_options go to its JVM."""
        begin = time.monotonic()
        env = dict(os.environ, RELAIS_JAVA_OPTS=java_options) if java_options else None
        self.process = subprocess.Popen([*below, os.path.join(ROOT, "relais"), "run", "--home", self.home], env=env,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        while time.monotonic() - begin < 60:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port(SMTP)), 1) as s:
                    s.settimeout(5)
                    if s.recv(3) == b"220":
                        return time.monotonic() - begin
            except OSError:
                time.sleep(0.02)
        with open(self.log.name, errors="replace") as f:
            fail("relais did not start:\n" + f.read()[-4000:])

    @property
    def pid(self):
        """The JVM's; not the same as the process that was started where another program runs it."""
        import benchlib
        for pid in benchlib.Program("relais", [self.process.pid]).pids():
            try:
                if os.path.basename(os.readlink("/proc/%d/exe" % pid)) == "java":
                    return pid
            except OSError:
                pass  # it has just ended
        fail("the server's JVM is gone")

    @property
    def spool(self):
        return os.path.join(self.home, "data", "spool")

    def get(self, path):
        """A route of the administration, and the seconds that it took."""
        with open(os.path.join(self.home, "data", "administration.token")) as f:
            token = f.read().strip()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port(ADMINISTRATION), path),
                                         headers={"Authorization": "Bearer " + token})
        begin = time.monotonic()
        with urllib.request.urlopen(request, timeout=60) as response:
            body = response.read()
        return body, time.monotonic() - begin

    def heap_mib(self):
        """What the heap holds behind a full collection."""
        jcmd("GC.run", self.pid)
        text = jcmd("GC.heap_info", self.pid)
        return sum(int(kib) for kib in re.findall(r"(?:generation|heap|space)\s+total \d+K, used (\d+)K", text)) / 1024

    def port(self, standard):
        return standard + self.offset

    def stop(self):
        """Seconds from SIGTERM to the end, or None if it had to be killed."""
        if self.process is None or self.process.poll() is not None:
            return None
        begin = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        try:
            self.process.wait(30)
            return time.monotonic() - begin
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()

    def status(self, field):
        """A figure of /proc/PID/status summed over the process and its children."""
        import benchlib
        total = 0
        for pid in benchlib.Program("relais", [self.process.pid]).pids():
            try:
                with open("/proc/%d/status" % pid) as f:
                    total += sum(int(line.split()[1]) for line in f if line.startswith(field + ":"))
            except OSError:
                pass  # it has just ended
        return total


def record(path, row):
    with open(path, "a") as f:
        f.write(json.dumps(row) + "\n")


def load(a, relais, messages, connections, size=None):
    """Sends so many mails to the server; what the shared client says of them."""
    import smtp_load
    result = smtp_load.run(smtp_load.parser().parse_args([
        "--host", "127.0.0.1", "--port", str(relais.port(SMTP)), "-n", str(messages), "-c", str(connections),
        "-s", str(size or a.size), "--rcpt", "rcpt@dest.test", "--timeout", str(a.timeout)]))
    if result["accepted"] != messages:
        fail("only %d of %d mails were accepted: %s" % (result["accepted"], messages, result["errors"]))
    return result


def java_tool(name):
    """Where a program of the JDK is: the JVM that ./relais uses."""
    home = os.environ.get("JAVA_HOME") or os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("java"))))
    return os.path.join(home, "bin", name)


def jcmd(command, pid):
    return subprocess.run([java_tool("jcmd"), str(pid), *command.split()], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=True).stdout
