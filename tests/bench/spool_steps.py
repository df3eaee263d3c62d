"""The steps of tests/bench/run that look at the spool alone: fsyncs per mail, and a million waiting mails."""
import ast
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from benchkit import BENCH, ROOT, SMTP, Relais, fail, java_tool, load, record

HERE = os.path.dirname(os.path.abspath(__file__))
NOWHERE = "127.0.0.1:1"  # nothing is delivered in these steps, or only to a sink of the step's own
CONNECTIONS = (1, 20)
DEFERRED_HEAP = "-Xmx256m"  # the bound


def fsync(a, directory, results):
    """Latency without strace, beside the disk's own; then the fsyncs of the same load, counted by strace.

    strace stops the server at the calls it looks for and at no others (--seccomp-bpf), so that commits gather as usual.
    """
    if not shutil.which("strace"):
        fail("strace is missing, which counts the fsyncs: apt install strace")
    with Relais(os.path.join(directory, "latency"), NOWHERE) as relais:
        relais.start()
        relais.command("queue", "hold", "--all")
        load(a, relais, a.warmup, 20)
        for run in range(a.runs):
            row = {"peer": "relais-latency", "run": run, "disk": disk(os.path.join(relais.home, "data"), a.size)}
            for connections in CONNECTIONS:
                done = load(a, relais, a.messages, connections)
                row["c%d" % connections] = {k: done[k] for k in ("msgs_per_s", "data_p50_ms", "data_p99_ms")}
            record(results, row)
            print("fsync  run %d  1 connection: 250 after %.2f ms (p50), %.2f ms (p99)  disk's own fdatasync %.2f ms (p50)  "
                  "20 connections: %.2f ms (p50), %.0f/s" % (
                      run, row["c1"]["data_p50_ms"], row["c1"]["data_p99_ms"], row["disk"]["fdatasync_p50_ms"],
                      row["c20"]["data_p50_ms"], row["c20"]["msgs_per_s"]), flush=True)
    trace = os.path.join(directory, "trace")
    spans = []
    with Relais(os.path.join(directory, "counted"), NOWHERE) as relais:
        relais.start(below=["strace", "-f", "--seccomp-bpf", "-ttt", "-y", "-o", trace, "-e", "trace=fsync,fdatasync"])
        relais.command("queue", "hold", "--all")
        load(a, relais, a.warmup, 20)
        for run in range(a.runs):
            for connections in CONNECTIONS:
                begin = time.time()
                load(a, relais, a.messages, connections)
                spans.append((run, connections, begin, time.time()))
    calls = read_trace(trace)
    for run, connections, begin, end in spans:
        within = [path for when, path in calls if begin <= when <= end]
        spool = sum("/data/spool/" in path for path in within)
        row = {"peer": "relais-fsync", "run": run, "connections": connections, "messages": a.messages,
               "spool_fsyncs": spool, "other_fsyncs": len(within) - spool, "per_mail": round(spool / a.messages, 4)}
        record(results, row)
        print("fsync  run %d  %2d connections  %.3f fsyncs of the spool per mail (%d of %d mails)  %d others" % (
            run, connections, row["per_mail"], spool, a.messages, row["other_fsyncs"]), flush=True)


def read_trace(path):
    """(seconds since 1970, path) of each fsync that was begun."""
    calls = []
    with open(path, errors="replace") as f:
        for line in f:
            words = line.split(None, 2)
            if len(words) == 3 and words[2].startswith(("fsync(", "fdatasync(")):
                calls.append((float(words[1]), words[2][words[2].index("<") + 1:].split(">")[0]))
    return calls


def disk(directory, size):
    """What the disk itself takes for the same pattern, here and now."""
    import limits
    times, probe, block = [], os.path.join(directory, "bench.probe"), os.urandom(size)
    file = os.open(probe, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        while len(times) < 500:
            os.write(file, block)
            begin = time.monotonic()
            os.fdatasync(file)
            times.append(time.monotonic() - begin)
    finally:
        os.close(file)
        os.unlink(probe)
    return {"fdatasync_p50_ms": round(statistics.median(times) * 1000, 3),
            "one_writer_per_s": round(limits.append_sync(directory, 1.0, size, 1)),
            "batch_of_8_per_s": round(limits.append_sync(directory, 1.0, size, 8))}


def deferred(a, directory, results):
    """The same server with 1,000, 10,000 … mails that wait."""
    import benchlib
    sink = "127.0.0.1:%d" % benchlib.free_port()
    with Relais(directory, sink) as relais:
        for count in levels(a.deferred):
            filled = deferred_mails(relais.spool, count)
            start_s = relais.start(java_options=DEFERRED_HEAP)
            row = dict(filled, peer="relais-deferred", deferred=count, start_s=round(start_s, 3))
            row["list_s"], row["version_s"] = timed(relais, "queue", "list"), timed(relais, "version")
            row["list_route_s"] = round(min(relais.get("/queue?limit=100")[1] for _ in range(5)), 4)
            row.update(one_more(a, relais, sink))
            row["heap_mib"] = round(relais.heap_mib(), 1)
            row["rss_mib"] = round(relais.status("VmRSS") / 1024, 1)
            relais.stop()
            record(results, row)
            print("deferred %8d  first 220 after %.2f s  heap %.0f MiB  RSS %.0f MiB  list: route %.3f s, command %.2f s "
                  "(of which %.2f s any command takes)  spool: accept %.1f us, remove %.1f us  server: %.3f ms CPU for one "
                  "mail more, in and out" % (
                      count, start_s, row["heap_mib"], row["rss_mib"], row["list_route_s"], row["list_s"],
                      row["version_s"], row["accept_us"], row["remove_us"], row["cpu_ms_per_mail"]), flush=True)


def levels(most):
    some = [count for count in (1000, 10000, 100000, 1000000) if count < most]
    return some + [most]


def timed(relais, *words):
    begin = time.monotonic()
    relais.command(*words)
    return round(time.monotonic() - begin, 3)


def deferred_mails(spool, count):
    """Fills a spool that no server has open, and measures it: JSON of DeferredMails.java."""
    lib = os.path.join(ROOT, "distribution", "target", "relais", "lib", "*")
    done = subprocess.run([java_tool("java"), DEFERRED_HEAP, "-XX:+UseSerialGC", "-cp", lib,
                           os.path.join(HERE, "DeferredMails.java"), spool, str(count)],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=1800, check=False)
    if done.returncode:
        fail("DeferredMails ended with %d:\n%s%s" % (done.returncode, done.stdout, done.stderr))
    return json.loads(done.stdout.splitlines()[-1])


def one_more(a, relais, sink):
    """Mails that come and go while the others wait: each is accepted, delivered to a sink, and removed."""
    done = subprocess.run([sys.executable, os.path.join(BENCH, "relay_bench.py"), "--peer", "external", "--smtp",
                           "127.0.0.1:%d" % relais.port(SMTP), "--pid", str(relais.pid), "--sink", sink,
                           "-n", str(a.messages), "-c", "20", "-s", str(a.size), "--warmup", str(a.warmup), "--runs", "1",
                           "--timeout", str(a.timeout)],
                          text=True, stdout=subprocess.PIPE, timeout=a.timeout * 2 + 300, check=False)
    if done.returncode:
        fail("relay_bench.py ended with %d:\n%s" % (done.returncode, done.stdout))
    run = eval_row(done.stdout)
    return {"cpu_ms_per_mail": run["cpu_s_per_1000"], "e2e_per_s": run["e2e_per_s"], "missing": run.get("missing", 0)}


def eval_row(text):
    """The harness prints each run as a Python dictionary."""
    for line in text.splitlines():
        if line.startswith("{'peer'"):
            return ast.literal_eval(line)
    fail("no run in what relay_bench.py printed:\n" + text)
