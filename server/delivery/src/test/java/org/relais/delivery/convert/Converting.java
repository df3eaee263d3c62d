package org.relais.delivery.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Contents as text, an octet for each character. */
final class Converting {
    private Converting() {}

    static Conversion conversion(String content, int piece) {
        byte[] octets = content.getBytes(ISO_8859_1);
        SevenBitPlanner planner = new SevenBitPlanner();
        for (int at = 0; at < octets.length; at += piece) {
            planner.add(octets, at, Math.min(piece, octets.length - at));
        }
        return planner.end();
    }

    static String converted(String content) {
        if (conversion(content, 4096) instanceof Conversion.Plan plan) {
            return applied(plan, content);
        }
        throw new AssertionError("refused: " + conversion(content, 4096));
    }

    static String refusal(String content) {
        if (conversion(content, 4096) instanceof Conversion.Refused refused) {
            return refused.why();
        }
        throw new AssertionError("converted: " + converted(content));
    }

    static String applied(Conversion.Plan plan, String content) {
        try (InputStream in = plan.apply(new ByteArrayInputStream(content.getBytes(ISO_8859_1)))) {
            String result = new String(in.readAllBytes(), ISO_8859_1);
            if (result.length() != plan.size()) {
                throw new AssertionError("announced " + plan.size() + ", has " + result.length());
            }
            return result;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
