package org.relais.administration.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code relais} in a checkout that is built already, with a Java that prints its arguments. */
class LauncherTest {
    private record Done(int status, String out, String err) {
        List<String> arguments() {
            return out.lines().toList();
        }
    }

    @TempDir
    private Path directory;

    private Path root;
    private Path script;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        root = Files.createDirectories(directory.resolve("a checkout"));
        script = root.resolve("relais");
        Files.copy(Path.of("../../relais"), script, StandardCopyOption.COPY_ATTRIBUTES);
        var build = root.resolve("distribution/target/relais");
        write(build.resolve("lib/b.jar"), "");
        write(build.resolve("lib/a.jar"), "");
        write(build.resolve("lib/picocli-4.jar"), "");
        write(build.resolve("lib/relais-x.jar"), "");
        write(root.resolve("pom.xml"), "");
        write(root.resolve("server/x/src/main/java/X.java"), "");
        age(root);
        write(build.resolve("built"), "");
        environment.put("JAVA_HOME", java("17.0.1").toString());
    }

    @Test
    void runsTheCommandLineWithTheSortedClassPathAndTheArgumentsUntouched() throws Exception {
        var done = relais("init", "--home", "with space", "", "it's $HOME *");

        assertThat(done.err()).isEmpty();
        assertThat(done.arguments())
                .containsSubsequence(
                        "-cp",
                        jars("relais-x.jar", "picocli-4.jar", "a.jar", "b.jar"),
                        "org.relais.distribution.Main",
                        "init",
                        "--home",
                        "with space",
                        "",
                        "it's $HOME *");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "stop --home verify",
                "domain list",
                "user --json list",
                "alias list",
                "tls show",
                "version",
                "--json --home run queue list"
            })
    void givesOurOwnJarsAloneToWhatTalksToAServer(String command) throws Exception {
        assertThat(relais(command.split(" ")).arguments())
                .containsSubsequence("-cp", jars("relais-x.jar", "picocli-4.jar"), "org.relais.distribution.Main");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "init",
                "selftest",
                "benchmark",
                "config check",
                "queue verify",
                "queue --json verify",
                "--help",
                "--home status",
                "statsu"
            })
    void givesAllJarsToEverythingElse(String command) throws Exception {
        assertThat(relais(command.split(" ")).arguments())
                .containsSubsequence("-cp", jars("relais-x.jar", "picocli-4.jar", "a.jar", "b.jar"));
    }

    @Test
    void worksFromAnywhereAndThroughSymbolicLinks() throws Exception {
        var bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("first"), Path.of("../a checkout/relais"));
        Files.createSymbolicLink(bin.resolve("second"), bin.resolve("first"));

        var done = start(directory, List.of(bin.resolve("second").toString(), "version"));

        assertThat(done.arguments()).contains("version").anyMatch(argument -> argument.contains("/a checkout/"));
    }

    @Test
    void givesTheServersFlagsToRunOnly() throws Exception {
        environment.put("RELAIS_JAVA_OPTS", "-Xmx3g");

        assertThat(relais("--home", "status", "run").arguments()).contains("-Xmx3g", "-XX:+ExitOnOutOfMemoryError");
        assertThat(relais("--home", "run", "status").arguments())
                .contains("-XX:TieredStopAtLevel=1")
                .doesNotContain("-Xmx3g");
    }

    @Test
    void recordsTheStartOnceAndUsesTheRecord() throws Exception {
        var first = relais("run");
        var second = relais("run");

        assertThat(first.err()).contains("recording the start-up profile for Java 17.0.1 (once)");
        assertThat(second.err()).isEmpty();
        assertThat(second.arguments()).anyMatch(argument -> argument.matches("-XX:SharedArchiveFile=.*/17.0.1.jsa"));
        assertThat(relais("status").arguments())
                .anyMatch(argument -> argument.matches("-XX:SharedArchiveFile=.*/17.0.1-client.jsa"));
        try (var left = Files.list(root.resolve("distribution/target/relais/cds"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("17.0.1.jsa", "17.0.1-client.jsa", "17.0.1.log");
        }
    }

    @Test
    void runsWithoutARecordWhenNoneCanBeMade() throws Exception {
        environment.put("FAKE_RECORD_FAILS", "yes");

        var first = relais("run");
        var second = relais("run");

        assertThat(first.status()).isZero();
        assertThat(first.err()).contains("no profile was recorded");
        assertThat(second.err()).isEmpty();
        assertThat(second.arguments()).endsWith("run").noneMatch(argument -> argument.contains("SharedArchive"));
    }

    @Test
    void runsClientsWithoutARecordWhenTheirsCannotBeMade() throws Exception {
        environment.put("FAKE_DUMP_FAILS", "yes");

        var server = relais("run");
        var client = relais("status");

        assertThat(server.arguments()).anyMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
        assertThat(client.status()).isZero();
        assertThat(client.err()).isEmpty();
        assertThat(client.arguments()).endsWith("status").noneMatch(argument -> argument.contains("SharedArchive"));
    }

    @Test
    void saysInClearWordsThatJavaIsMissingOrTooOld() throws Exception {
        environment.put("JAVA_HOME", "/nowhere");
        var missing = relais("version");
        environment.put("JAVA_HOME", java("11.0.2").toString());
        var old = relais("version");
        environment.put("JAVA_HOME", "");
        environment.put("PATH", tools().toString());
        var none = relais("version");

        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains("JAVA_HOME is /nowhere");
        assertThat(old.err()).contains("Java 11.0.2", "too old", "JDK 17");
        assertThat(none.err()).contains("Java is missing", "JDK 17");
    }

    @Test
    void buildsWhenSourcesAreNewerAndSaysWhatItMissesForThat() throws Exception {
        environment.put("PATH", tools().toString());
        Files.setLastModifiedTime(
                root.resolve("server/x/src/main/java/X.java"), FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));

        var stale = relais("version");
        environment.put("RELAIS_BUILD", "never");
        var kept = relais("version");

        assertThat(stale.status()).isEqualTo(1);
        assertThat(stale.err()).contains("Maven is missing");
        assertThat(kept.status()).isZero();
    }

    @Test
    void tellsTheErrorsOfABuildThatFailedAndLeavesNoLock() throws Exception {
        var tools = tools();
        program(
                tools.resolve("mvn"),
                "echo '[INFO] Building Relais: model 0.1  [1/2]'; echo '[ERROR] X.java: wrong'; exit 1");
        environment.put("PATH", tools.toString());
        Files.delete(root.resolve("distribution/target/relais/built"));

        var done = relais("version");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err())
                .contains("building from source", "Relais: model", "[ERROR] X.java: wrong", "the build failed");
        assertThat(root.resolve("distribution/target/relais-build.lock")).doesNotExist();
    }

    private String jars(String... names) throws IOException {
        var lib = root.toRealPath().resolve("distribution/target/relais/lib");
        return Stream.of(names).map(name -> lib.resolve(name).toString()).collect(Collectors.joining(":"));
    }

    private Done relais(String... arguments) throws Exception {
        return start(
                root,
                Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                        .toList());
    }

    private Done start(Path workingDirectory, List<String> command) throws Exception {
        var out = directory.resolve("out");
        var err = directory.resolve("err");
        var builder = new ProcessBuilder(
                        Stream.concat(Stream.of("/bin/sh"), command.stream()).toList())
                .directory(workingDirectory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Done(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** A JDK that prints what it is called with, and writes the archive that it is asked for. */
    private Path java(String version) throws IOException {
        var home = directory.resolve("jdk " + version);
        write(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/javac"), "exit 0");
        program(home.resolve("bin/java"), """
                for argument in "$@"; do
                    case $argument in -XX:ArchiveClassesAtExit=*)
                        [ -z "${FAKE_RECORD_FAILS:-}" ] || exit 1
                        echo archive >"${argument#*=}" ;;
                    -XX:DumpLoadedClassList=*) echo classes >"${argument#*=}" ;;
                    -XX:SharedArchiveFile=*) file=${argument#*=} ;;
                    -Xshare:dump) dump=yes ;;
                    esac
                    printf '%s\\n' "$argument"
                done
                if [ -n "${dump:-}" ]; then
                    [ -z "${FAKE_DUMP_FAILS:-}" ] || exit 1
                    echo archive >"$file"
                fi""");
        return home;
    }

    /** The programs that the script needs, without java and mvn. */
    private Path tools() throws IOException {
        var tools = Files.createDirectories(directory.resolve("tools"));
        for (var name : List.of(
                "dirname",
                "readlink",
                "sed",
                "head",
                "tail",
                "cat",
                "find",
                "mkdir",
                "rm",
                "mv",
                "grep",
                "tee",
                "sleep")) {
            var tool = Stream.of("/usr/bin", "/bin")
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(tools.resolve(name), tool);
        }
        return tools;
    }

    private static void program(Path file, String body) throws IOException {
        write(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    /** Makes everything an hour older than what is written next. */
    private static void age(Path root) throws IOException {
        var before = FileTime.from(Files.getLastModifiedTime(root).toInstant().minusSeconds(3_600));
        try (var files = Files.walk(root)) {
            for (var file : files.toList()) {
                Files.setLastModifiedTime(file, before);
            }
        }
    }
}
