package org.relais.configuration.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path folder;

    @Test
    void opensWhatWasMade() throws Exception {
        var made = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());

        var home = Home.open(folder.resolve("./home"));

        assertThat(home.root()).isEqualTo(made.root());
        home.requireWritable();
    }

    @Test
    void saysWhatIsNoHome() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Home.open(folder.resolve("nowhere")))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("there is no home at")
                .hasMessageContaining("relais init --home");
        assertThatThrownBy(() -> Home.open(file)).hasMessageContaining("is a file, not a home");
        assertThatThrownBy(() -> Home.open(folder)).hasMessageContaining("is not a home: it has no data/version");
    }

    @Test
    void refusesAHomeOfAnotherVersion() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        Files.writeString(home.data().resolve("version"), "2\n");

        assertThatThrownBy(() -> Home.open(home.root()))
                .hasMessageContaining("is a home of version '2'; this Relais knows version 1");
    }

    @Test
    void saysWhereNothingCanBeWritten() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        Files.delete(home.log());
        Files.writeString(home.log(), "a file where a folder belongs: refused to the superuser, too");

        assertThatThrownBy(home::requireWritable)
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("nothing can be written into " + home.log());
    }

    @Test
    void oneRelayRunsOnAHome() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());

        try (var held = HomeLock.take(home)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> HomeLock.take(home))
                    .isInstanceOf(HomeException.class)
                    .hasMessageContaining("a relay runs on " + home + " already (process "
                            + ProcessHandle.current().pid() + ")");
        }
        HomeLock.take(home).close();
    }

    @Test
    @Timeout(60)
    void aRelayInAnotherProcessIsNamed() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var other = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), LockHolder.class.getName(), home.toString())
                .redirectErrorStream(true)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("held");

            assertThatThrownBy(() -> HomeLock.take(home)).hasMessageContaining("(process " + other.pid() + ")");

            other.destroyForcibly();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            HomeLock.take(home).close();
        } finally {
            other.destroyForcibly();
        }
    }

    /** Another relay, as far as the lock can tell. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] args) throws Exception {
            HomeLock.take(Home.open(Path.of(args[0])));
            System.out.println("held");
            System.in.read();
        }
    }
}
