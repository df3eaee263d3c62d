package org.relais.distribution;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.relais.access.transport.ListenException;
import org.relais.administration.command.RelaisCommandLine;
import org.relais.administration.command.Terminal;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.RunningServer;
import org.relais.administration.port.StartException;
import org.relais.configuration.FurtherCheck;
import org.relais.configuration.chain.ChainCheck;
import org.relais.configuration.chain.declaration.DeclarationCatalog;
import org.relais.configuration.home.Home;
import org.relais.configuration.hook.HookCheck;
import org.relais.configuration.settings.LogFormat;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.distribution.administration.HomeSpools;
import org.relais.distribution.foundation.Logs;
import org.relais.spool.SpoolException;
import org.slf4j.LoggerFactory;

/** The process: the command line, with the server that {@code run} starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int status = new RelaisCommandLine(
                        Terminal.ofProcess(),
                        Clock.systemUTC(),
                        List.of(chainCheck(), new HookCheck(Main.class.getClassLoader())),
                        Main::start,
                        new HomeSpools())
                .execute(arguments);
        System.exit(status);
    }

    /** Reads the declarations only when a check is made: most commands make none. */
    private static FurtherCheck chainCheck() {
        return conf -> new ChainCheck(DeclarationCatalog.shipped(), Main.class.getClassLoader()).check(conf);
    }

    private static RunningServer start(Home home, RelaisSettings settings, FirstUser firstUser, Runnable requestStop)
            throws StartException {
        // Nothing is written outside the home: James spills large mails to the JVM's temporary folder.
        Path temporary = home.temporary();
        System.setProperty("java.io.tmpdir", temporary.toString());
        Logs.forServer(
                home.log(),
                settings.log().format() == LogFormat.JSON,
                settings.log().level().name());
        try {
            return new Logged(RelaisServer.start(home, settings, firstUser, requestStop));
        } catch (Exception e) { // the outermost boundary: whatever kept the server from starting is told in words
            LoggerFactory.getLogger(Main.class).debug("the start failed", e);
            Logs.stop();
            throw new StartException(String.valueOf(e.getMessage()), remedy(e), e);
        }
    }

    private static String remedy(Exception failure) {
        if (failure instanceof Refusal refusal) {
            return refusal.remedy();
        }
        if (failure instanceof ListenException) {
            return "stop what listens there, or name another port in conf/relais.xml";
        }
        if (failure instanceof SpoolException.InUse) {
            return "stop the process that has the spool open";
        }
        return "see log/relais.log; relais config check tells what can be told before a start";
    }

    /** Writes the log out behind the server's last line. */
    private record Logged(RunningServer server) implements RunningServer {
        @Override
        public List<ListenerView> listeners() {
            return server.listeners();
        }

        @Override
        public void close() {
            server.close();
            Logs.stop();
        }
    }
}
