#!/usr/bin/env python3
"""The shared relay_bench.py, with peers that try again after 1 s: a recipe of its own sets no such schedule.

  exim-1s      retry rule and queue runner of 1 s
  haraka-1s    haraka-outbound, waits of 1 s set by a plug-in: its settings take nothing below 5 s

Takes relay_bench.py's own options.
"""
import os
import sys

sys.path.insert(0, os.path.abspath(os.environ["RELAIS_BENCH"]))
import peers  # noqa: E402
import relay_bench  # noqa: E402


class EximSoon(peers.Exim):
    name = "exim-1s"

    def write(self, path, text, mode=0o644):
        return super().write(path, text.replace("* * F,2h,1m", "* * F,2h,1s"), mode)

    def start(self):
        begin = self.prog.start
        self.prog.start = lambda words, **more: begin([w.replace("-q1m", "-q1s") for w in words], **more)
        super().start()


class HarakaSoon(peers.HarakaOutbound):
    name = "haraka-1s"

    def write(self, path, text, mode=0o644):
        if path == "plugins/smarthost.js":
            outbound = os.path.join(os.path.realpath(os.environ["HARAKA_DIR"]), "node_modules/Haraka/outbound/config")
            text += "exports.register = function () {\n"
            text += "  require('%s').cfg.temp_fail_intervals = Array(60).fill(1)\n}\n" % outbound
        return super().write(path, text, mode)


for peer in (EximSoon, HarakaSoon):
    peers.PEERS[peer.name] = peer

if __name__ == "__main__":
    relay_bench.main()
