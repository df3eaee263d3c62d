"""The steps of tests/bench/run that pair Relais with other relays, and the table of their ratios."""
import json
import os
import shutil
import statistics
import subprocess
import sys

from benchkit import BENCH, SMTP, Relais

HERE = os.path.dirname(os.path.abspath(__file__))
REFUSED_SHARE = 0.2
LATENCY_MS = 50
CORPUS_MAILS = 2000  # as many as the load client takes of a pack
SOON = "1s"

# What a peer is called in the shared harness, and in the step where everybody tries again after a second.
RECIPES = {"postfix": ("postfix", "postfix"), "postfix-tuned": ("postfix-tuned", "postfix-tuned"),
           "exim": ("exim", "exim-1s"), "haraka": ("haraka-outbound", "haraka-1s")}
# A queue manager that looks every second gives Postfix its first retry after 1 to 2 s; there is no shorter.
POSTFIX_SOON = "queue_run_delay=1s;minimal_backoff_time=1s;maximal_backoff_time=1s"

STEPS = {"relay": "8 KiB", "corpus": "realistic corpus", "refused": "20 % of the answers 451, retry after 1 s",
         "latency": "50 ms at the sink"}


def missing(peer):
    """What keeps a peer from being measured here; empty if nothing does."""
    if peer.startswith("postfix"):
        sbin = os.environ.get("POSTFIX_SBIN", "/usr/sbin")
        if not os.path.exists(os.path.join(sbin, "postfix")):
            return "no postfix in %s: apt-get install postfix, or set POSTFIX_SBIN" % sbin
    elif peer == "exim":
        if not os.access(os.environ.get("EXIM_BIN", ""), os.X_OK):
            return "no Exim: apt-get download exim4-daemon-light, dpkg -x it, set EXIM_BIN to its usr/sbin/exim4"
        if subprocess.run(["id", "Debian-exim"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
            return "no user Debian-exim, which Exim is compiled for: useradd -r Debian-exim"
    elif peer == "haraka":
        if not os.path.isdir(os.path.join(os.environ.get("HARAKA_DIR", ""), "node_modules", "Haraka")):
            return "no Haraka: npm install Haraka in a folder, set HARAKA_DIR to it"
        if not shutil.which("node"):
            return "no node"
    if not peer.startswith("haraka") and os.getuid() != 0:
        return "needs root: it changes its user"
    return ""


def paired(a, relais, results, step, *more):
    """Relais beside each peer, A B A B; a peer that is missing is named, and Relais is measured alone if all are."""
    measured = False
    for peer in a.peers:
        lacking = missing(peer)
        if step == "hold" and not peer.startswith("postfix"):
            lacking = "the harness has no recipe for it to accept and hold"
        if lacking:
            print("bench: %s is not measured: %s" % (peer, lacking), flush=True)
            continue
        options = list(more)
        recipe = RECIPES[peer][step == "refused"]
        if step == "refused" and peer.startswith("postfix"):
            options += ["--postfix-extra", POSTFIX_SOON]
        harness(a, relais, results, step, peer, [*options, "--vs", recipe])
        measured = True
    if not measured:
        harness(a, relais, results, step, "", list(more))


def harness(a, relais, results, step, peer, more):
    part = results + ".part"
    command = [sys.executable, os.path.join(HERE, "pairs.py"), "--peer", "external", "--smtp",
               "127.0.0.1:%d" % relais.port(SMTP), "--pid", str(relais.pid), "-n", str(a.messages),
               "-c", str(a.connections), "-s", str(a.size), "--warmup", str(a.warmup), "--runs", str(a.runs),
               "--seconds", str(a.seconds), "--timeout", str(a.timeout), "--json", part, *more]
    try:
        done = subprocess.run(command, env=dict(os.environ, RELAIS_BENCH=BENCH), timeout=a.timeout * 4 * a.runs + 300,
                              check=False)
        if done.returncode:
            print("bench: %s beside %s: relay_bench.py ended with %d" % (step, peer or "nobody", done.returncode), flush=True)
            a.failed.append("%s/%s" % (step, peer))
            return
        with open(part) as f, open(results, "a") as out:
            for line in f:
                out.write(json.dumps(dict(json.loads(line), step=step, beside=peer)) + "\n")
    finally:
        if os.path.exists(part):
            os.unlink(part)


def corpus(a, directory):
    """The pack of realistic mails: the one that was named, or one made for this run."""
    if a.corpus:
        return os.path.abspath(a.corpus)
    pack = os.path.join(directory, "corpus.pack")
    subprocess.run([sys.executable, os.path.join(BENCH, "corpus.py"), "-n", str(CORPUS_MAILS), "--pack", pack],
                   timeout=300, check=True)
    return pack


def run(a, step, directory, sink, results):
    """One of STEPS, on a server of its own."""
    more = {"relay": [], "corpus": [], "refused": ["--sink-fail-rate", str(REFUSED_SHARE)],
            "latency": ["--sink-delay-ms", str(LATENCY_MS)]}[step]
    if step == "corpus":
        more = ["--corpus", corpus(a, os.path.dirname(directory))]
    with Relais(directory, sink) as relais:
        if step == "refused":
            relais.configure("<retrySchedule>[^<]*", "<retrySchedule>" + SOON)
        relais.start()
        paired(a, relais, results, step, "--sink", sink, *more)


def table(results, since=0):
    """The ratios of every pair that the file holds, as markdown; pairs with steal above 0.1, or whose peer did not deliver all, are left out and named."""
    rows, dropped, unfinished = [], 0, []
    if not os.path.exists(results):
        return ""
    with open(results) as f:
        f.seek(since)
        lines = [json.loads(line) for line in f]
    for line in lines:
        if not line.get("step") or "pairs" not in line:
            continue
        good = [p for p in line["pairs"] if p["a"]["steal"] <= 0.1 and p["b"]["steal"] <= 0.1]
        dropped += len(line["pairs"]) - len(good)
        complete = [p for p in good if not p["b"].get("missing")]
        if len(complete) < len(good):
            unfinished.append("%s (%s, %d pairs)" % (line["beside"], line["step"], len(good) - len(complete)))
        good = complete
        if good:
            rows.append(row(line, good))
    if not rows:
        return ""
    head = ["| what | beside | pairs | end to end/s: Relais, peer | ratio | CPU ms per mail: Relais, peer | ratio | lost, twice |",
            "|---|---|---|---|---|---|---|---|"]
    note = ["", "%d pairs with more than 0.1 steal are left out." % dropped] if dropped else []
    if unfinished:
        note += ["", "Left out, because the peer did not deliver all in time: " + ", ".join(unfinished)]
    return "\n".join(head + rows + note)


def row(line, pairs):
    def middle(key):
        return statistics.median(p[key] for p in pairs)

    def ratio(key):
        values = [p[key] for p in pairs]
        return "**%.2f** (%.2f–%.2f)" % (statistics.median(values), min(values), max(values))

    lost = sum(p["a"].get("missing", 0) for p in pairs)
    twice = sum(p["a"].get("duplicates", 0) for p in pairs)
    return "| %s | %s | %d | %s, %s | %s | %.3f, %.3f | %s | %d, %d |" % (
        STEPS.get(line["step"], line["step"]), line["beside"], len(pairs), "{:,.0f}".format(middle("a_per_s")),
        "{:,.0f}".format(middle("b_per_s")), ratio("rate_ratio"), middle("a_cpu_s_per_1000"), middle("b_cpu_s_per_1000"),
        ratio("cpu_ratio"), lost, twice)
