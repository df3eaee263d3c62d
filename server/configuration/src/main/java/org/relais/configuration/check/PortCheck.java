package org.relais.configuration.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.relais.configuration.Finding;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.RelaisSettings;

/**
 * Tells before the start which ports cannot be had, all at once, by taking each for a moment. A port may still be lost
 * between this and the start, which then fails with the listener's name. For any thread.
 */
public final class PortCheck {
    private static final String FILE = "conf/relais.xml";
    private static final int PRIVILEGED_BELOW = 1024;

    private PortCheck() {}

    /** One error for each listener, and the administration, whose address and port cannot be had. */
    public static List<Finding> check(RelaisSettings settings) {
        List<Finding> findings = new ArrayList<>();
        for (Listener listener : settings.listeners()) {
            attempt(
                    listener.protocol().word() + " listener",
                    listener.address(),
                    listener.port(),
                    listener.line(),
                    findings);
        }
        attempt(
                "administration",
                settings.administration().address(),
                settings.administration().port(),
                settings.administration().line(),
                findings);
        findings.sort(null);
        return findings;
    }

    private static void attempt(String who, InetAddress address, int port, int line, List<Finding> findings) {
        String place = IpAddresses.beforePort(address) + ":" + port;
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (reason.contains("in use")) {
                findings.add(Finding.error(
                        FILE,
                        line,
                        "the " + who + " cannot have " + place + ": another program listens there",
                        "stop it (ss -ltnp 'sport = :" + port + "' names it), or write another port"));
            } else if (reason.contains("permission") && port < PRIVILEGED_BELOW) {
                findings.add(Finding.error(
                        FILE,
                        line,
                        "the " + who + " cannot have " + place + ": ports below 1024 need a privilege",
                        "write a port above 1023, or give relais the capability CAP_NET_BIND_SERVICE"));
            } else if (reason.contains("assign")) {
                findings.add(Finding.error(
                        FILE,
                        line,
                        "the " + who + " cannot have " + place + ": this machine has no such address",
                        "write one of its addresses (ip addr lists them), or 127.0.0.1"));
            } else {
                findings.add(Finding.error(
                        FILE,
                        line,
                        "the " + who + " cannot have " + place + ": " + e.getMessage(),
                        "write another address or port"));
            }
        }
    }
}
