package org.relais.configuration.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.configuration.Finding;
import org.relais.configuration.chain.declaration.DeclarationCatalog;

/** Plug-ins in {@code conf/extensions/*.jar}: those that declare themselves, and those that do not. */
class PluginsInChainTest {
    private static final String DECLARED_MAILET = """
            package com.acme;
            import org.apache.mailet.Mail;
            import org.relais.extension.*;
            @Documentation(value = "Files the mail.", endsProcessing = true)
            @Parameter(name = "cabinet", type = ParameterType.CHOICE, choices = {"left", "right"}, required = true,
                documentation = "Which one.")
            @Parameter(name = "drawer", type = ParameterType.INTEGER, defaultValue = "1", documentation = "Which one.")
            @Parameter(name = "keep", type = ParameterType.DURATION, documentation = "How long.")
            @Parameter(name = "jammed", type = ParameterType.PROCESSOR, documentation = "Where mail goes then.")
            @Parameter(name = "label", type = ParameterType.FILE, documentation = "What is printed.")
            public class Cabinet extends org.apache.mailet.base.GenericMailet {
                static { if (true) throw new AssertionError("loaded"); }
                @Override public void service(Mail mail) { }
                static class Drawer { }
            }
            """;
    private static final String DECLARED_MATCHER = """
            package com.acme;
            import org.apache.mailet.Mail;
            import org.relais.extension.*;
            @Documentation("Mail that is heavier.")
            @Condition(type = ParameterType.SIZE, required = true, documentation = "The weight.")
            public class Heavier extends org.apache.mailet.base.GenericMatcher {
                @Override public java.util.Collection<org.apache.james.core.MailAddress> match(Mail mail) { return null; }
            }
            """;
    private static final String SILENT_MAILET = """
            package com.acme;
            import org.apache.mailet.Mail;
            public class Silent extends org.apache.mailet.base.GenericMailet {
                @Override public void service(Mail mail) { }
            }
            """;
    private static final String NO_MAILET = """
            package com.acme;
            public class Stapler { }
            """;

    private final ChainCheck check =
            new ChainCheck(DeclarationCatalog.shipped(), PluginsInChainTest.class.getClassLoader());

    @TempDir
    private Path home;

    private Path extensions;

    @BeforeEach
    void installPlugins() throws IOException {
        extensions = Files.createDirectories(home.resolve("conf/extensions"));
        new PluginJar()
                .with("com.acme.Cabinet", DECLARED_MAILET)
                .with("com.acme.Heavier", DECLARED_MATCHER)
                .with("com.acme.Silent", SILENT_MAILET)
                .with("com.acme.Stapler", NO_MAILET)
                .writeTo(extensions.resolve("acme.jar"));
    }

    @Test
    void takesADeclaredPluginByItsShortAndFullName() throws IOException {
        Files.writeString(home.resolve("conf/label.txt"), "Acme");

        assertThat(findings("""
                <mailet match="Heavier=10M" class="Cabinet"><cabinet>left</cabinet><label>label.txt</label></mailet>
                <mailet match="All" class="com.acme.Cabinet">
                  <cabinet>right</cabinet><drawer>3</drawer><keep>30m</keep><jammed>error</jammed>
                </mailet>
                """)).isEmpty();
    }

    @Test
    void checksWhatAPluginDeclares() throws IOException {
        assertThat(findings("""
                <mailet match="Heavier=much" class="Cabinet"><cabinet>left</cabinet></mailet>
                <mailet match="Heavier" class="Cabinet"><cabinet>lft</cabinet></mailet>
                <mailet match="SenderIsNull" class="Cabinet"><drawer>top</drawer></mailet>
                <mailet match="SenderIsNull" class="Cabinet"><cabinet>left</cabinet><kep>1h</kep></mailet>
                <mailet match="SenderIsNull" class="Cabinet"><cabinet>left</cabinet><label>none.txt</label></mailet>
                <mailet match="All" class="Cabinet"><cabinet>left</cabinet><jammed>eror</jammed></mailet>
                <mailet match="All" class="Null"/>
                """))
                .allMatch(Finding::isError)
                .extracting(Finding::line)
                .containsExactly(3, 4, 4, 5, 5, 6, 7, 8, 9);
    }

    @Test
    void givesAPluginThatDeclaresNothingOneNotice() throws IOException {
        assertThat(findings("""
                <mailet match="SenderIsNull" class="Silent"><anything>goes</anything><and><so>on</so></and></mailet>
                <mailet match="All" class="com.acme.Silent"><next>spam</next></mailet>
                </processor>
                <processor state="spam">
                <mailet match="All" class="Null"/>
                """))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isFalse())
                .asString()
                .startsWith("conf/mailetcontainer.xml:3: notice: com.acme.Silent does not declare its parameters");
    }

    @Test
    void namesThePluginThatIsNearest() throws IOException {
        assertThat(findings("""
                <mailet match="All" class="Cabinett"/>
                """)).singleElement().asString().endsWith("did you mean Cabinet?");
    }

    @Test
    void refusesAClassThatIsNoMailet() throws IOException {
        assertThat(findings("""
                <mailet match="All" class="Stapler"/>
                """)).singleElement().asString().contains("com.acme.Stapler is no mailet");
    }

    @Test
    void asksForTheFullNameWhereTwoPluginsShareTheShortOne() throws IOException {
        new PluginJar()
                .with("org.other.Silent", SILENT_MAILET.replace("com.acme", "org.other"))
                .writeTo(extensions.resolve("other.jar"));

        assertThat(findings("""
                <mailet match="All" class="Silent"/>
                """)).singleElement().asString().contains("com.acme.Silent, org.other.Silent");
    }

    @Test
    void tellsOfAJarThatIsNone() throws IOException {
        Files.writeString(extensions.resolve("broken.jar"), "no jar");

        assertThat(findings("""
                <mailet match="All" class="Null"/>
                """))
                .singleElement()
                .asString()
                .startsWith("conf/extensions/broken.jar:1: error: the jar cannot be read");
    }

    /** The processor begins at line 2, its first mailet stands at line 3. */
    private List<Finding> findings(String mailets) throws IOException {
        Files.writeString(home.resolve("conf").resolve(ChainCheck.FILE), """
                <mailetcontainer><processors>
                <processor state="root">
                %s</processor>
                <processor state="error"><mailet match="All" class="Null"/></processor>
                </processors></mailetcontainer>
                """.formatted(mailets));
        return check.check(home.resolve("conf"));
    }
}
