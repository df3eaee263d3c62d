package org.relais.administration.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsWhatItWrites() throws Exception {
        var written = new LinkedHashMap<String, Object>();
        written.put("text", "a \"quoted\" \\ line\n\twith \u0001, é and 😀");
        written.put("list", Arrays.asList(1L, -7L, true, false, null));
        written.put("fractions", Arrays.asList(1234.5, -0.0001, 1e-9, 1e300));
        written.put("empty", new LinkedHashMap<String, Object>());

        var read = JsonReader.read(JsonWriter.write(written));

        assertThat(read).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void writesNoNumberThatJsonDoesNotHave(double number) {
        assertThatThrownBy(() -> JsonWriter.write(number)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesALoneSurrogateAsAnEscape() {
        assertThat(JsonWriter.write("\ud800x")).isEqualTo("\"\\ud800x\"");
    }

    @Test
    void readsNumbersAndEscapes() throws Exception {
        assertThat(JsonReader.read(" [0, -1.5e2, \"\\u00e9\\/\\b\"] ").toString())
                .isEqualTo("[0, -150.0, é/\b]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "{a:1}",
                "nul",
                "01",
                "1 2",
                "\"\n\"",
                "\"\\x\"",
                "\"\\u12\"",
                "-",
                "1.",
                "+1",
                "99999999999999999999"
            })
    void refusesWhatIsNotJsonAndSaysWhere(String text) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("at character");
    }

    @Test
    void refusesDeepNestingInsteadOfOverflowingTheStack() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(JsonException.class);
    }
}
