package org.relais.configuration.chain;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.configuration.chain.declaration.DeclarationCatalog;

/** Whatever stands in the file, the check answers with findings. The seed of a failure is in its name. */
class MutatedChainsTest {
    private static final int SEEDS_PER_CHAIN = 40;
    private static final String SPICE = "<>&\"'=/,;*()[]{}$\\?+.:@ \n\0\uFFFD0123456789abcAll";

    private final ChainCheck check =
            new ChainCheck(DeclarationCatalog.shipped(), MutatedChainsTest.class.getClassLoader());

    @TempDir
    private Path conf;

    @ParameterizedTest
    @MethodSource("org.relais.configuration.chain.ChainCheckTest#chains")
    void theCheckNeverThrows(Path chain) throws IOException {
        var text = Files.readString(chain);
        for (long seed = 0; seed < SEEDS_PER_CHAIN; seed++) {
            Files.writeString(conf.resolve(ChainCheck.FILE), mutated(text, new Random(seed)));

            assertThatCode(() -> check.check(conf))
                    .as("%s, seed %d", chain, seed)
                    .doesNotThrowAnyException();
        }
    }

    private static String mutated(String text, Random random) {
        var out = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(4)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 2 -> out.setCharAt(at, SPICE.charAt(random.nextInt(SPICE.length())));
                default ->
                    out.insert(
                            at,
                            out.substring(at, Math.min(out.length(), at + random.nextInt(200)))
                                    .repeat(20));
            }
        }
        return out.toString();
    }
}
