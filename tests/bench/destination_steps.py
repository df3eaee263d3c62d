"""The steps of tests/bench/run about destinations: some that hang, and a smart host that takes only so many connections."""
import os
import statistics

from benchkit import SMTP, Relais, fail, record
from destinations import Destinations, send

DESTINATIONS, HANGING = 100, 5
BOUND = 1.5  # the others' p99 with the hanging ones over that without
SMART_HOST_MAILS, SMART_HOST_CONNECTIONS, SMART_HOST_DELAY_MS = 400, 20, 20


def routes(ports):
    """A route for each destination's domain."""
    return "".join('<route to="d%d.dest.test" via="smtp://127.0.0.1:%d"/>' % pair for pair in enumerate(ports))


def mails(run, numbers, each):
    """`each` mails for every destination, in turn."""
    return [("%s-%d-%d" % (run, number, i), "rcpt@d%d.dest.test" % number) for i in range(each) for number in numbers]


def hanging(a, directory, results):
    """Pairs without and with destinations that hang: how long the others' mails take from due to arrived.

    Each half is a server of its own, warmed by mail to the destinations that answer in both.
    """
    each = max(1, a.messages // DESTINATIONS)
    ratios = []
    for pair in range(a.runs):
        halves = {}
        for name, mute in (("without", ()), ("with", range(HANGING))):
            where = os.path.join(directory, "%d-%s" % (pair, name))
            halves[name] = half(a, where, mute, each)
            print("hanging  pair %d  %-7s  the others' p50 %.1f ms  p99 %.1f ms  (%d of %d mails arrived, %d twice)" % (
                pair, name, halves[name]["p50_ms"], halves[name]["p99_ms"], halves[name]["arrived"],
                halves[name]["mails"], halves[name]["twice"]), flush=True)
        ratio = halves["with"]["p99_ms"] / halves["without"]["p99_ms"]
        ratios.append(ratio)
        record(results, dict(halves, peer="relais-hanging", pair=pair, ratio=round(ratio, 3)))
    median = statistics.median(ratios)
    arrived = "the others' p99 with %d of %d hanging, over that without: median %.2f (%.2f–%.2f) in %d pairs" % (
        HANGING, DESTINATIONS, median, min(ratios), max(ratios), a.runs)
    print("hanging  %s; wanted: at most %.1f  %s" % (arrived, BOUND, "ok" if median <= BOUND else "MISSED"), flush=True)
    if median > BOUND:
        a.failed.append("hanging")


def half(a, directory, mute, each):
    import benchlib
    others = range(HANGING, DESTINATIONS)
    os.makedirs(directory)
    with Destinations(directory, DESTINATIONS, mute) as destinations, \
            Relais(os.path.join(directory, "server"), "127.0.0.1:1") as relais:
        relais.configure("(?s)<routes>.*</routes>", "<routes>" + routes(destinations.ports) + "</routes>")
        relais.start()
        warm = mails("warm", others, max(1, a.warmup // len(others)))
        send(relais.port(SMTP), warm, a.connections, timeout=a.timeout, size=a.size)
        if not destinations.wait(len(warm), a.timeout):
            fail("the warm-up has not arrived after %d s" % a.timeout)
        measured = mails("run", range(DESTINATIONS), each)
        due = send(relais.port(SMTP), measured, a.connections, a.rate, len(measured) / a.rate + a.timeout, a.size)
        destinations.wait(len(warm) + each * (DESTINATIONS - len(mute)), a.timeout)
        came = destinations.finish()
    names = [name for name, _ in mails("run", others, each)]
    waits = sorted(came["seen"][n] - due[n] for n in names if n in came["seen"])
    if len(waits) < len(names):
        print("hanging  %d mails to destinations that answer have not arrived within %d s" % (len(names) - len(waits), a.timeout))
        a.failed.append("hanging")
        waits += [float(a.timeout)] * (len(names) - len(waits))
    return {"p50_ms": round(benchlib.pct(waits, .5) * 1000, 2), "p99_ms": round(benchlib.pct(waits, .99) * 1000, 2),
            "mails": len(names), "arrived": sum(n in came["seen"] for n in names), "twice": came["twice"]}


def smart_host(a, directory, results):
    """So many mails at once for one smart host that takes its time: its most simultaneous connections."""
    os.makedirs(directory)
    with Destinations(directory, 1, delay_ms=SMART_HOST_DELAY_MS) as destinations, \
            Relais(os.path.join(directory, "server"), "127.0.0.1:%d" % destinations.ports[0]) as relais:
        relais.start()
        send(relais.port(SMTP), mails("run", range(SMART_HOST_MAILS), 1), a.connections, timeout=a.timeout, size=a.size)
        all_came = destinations.wait(SMART_HOST_MAILS, a.timeout)
        came = destinations.finish()
    peak = came["peak"].get("0", 0)
    record(results, {"peer": "relais-smarthost", "mails": len(came["seen"]), "twice": came["twice"], "peak": peak,
                     "connections": came["connections"]})
    sound = all_came and peak <= SMART_HOST_CONNECTIONS
    print("smarthost  %d of %d mails arrived, %d twice; %d connections, at most %d at once; wanted: at most %d  %s" % (
        len(came["seen"]), SMART_HOST_MAILS, came["twice"], came["connections"], peak, SMART_HOST_CONNECTIONS,
        "ok" if sound else "MISSED"), flush=True)
    if not sound:
        a.failed.append("smarthost")
