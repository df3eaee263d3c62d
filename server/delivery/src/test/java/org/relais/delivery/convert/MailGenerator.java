package org.relais.delivery.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Mails of any structure whose leaves are known. */
final class MailGenerator {
    private static final String[] PIECES = {
        "\r\n",
        "\r\n",
        "\r",
        "\n",
        "\0",
        "\u00e9",
        "\u00ff",
        "a",
        "=",
        "=3D",
        " ",
        "\t",
        ".",
        "-",
        "--",
        "--b0",
        "--b1--",
        "\r\n.",
        "\r\n--",
        " \r\n",
        "\r\n\r\n",
        "From ",
        "word ",
        "x".repeat(60),
        "y".repeat(998),
        "z".repeat(999)
    };
    private static final String[] TYPES = {
        "text/plain; charset=utf-8",
        "text/html",
        "application/octet-stream",
        "image/png; name=\"a;b\"",
        "text/plain (c)"
    };

    private final Random random;
    private final List<String> leaves = new ArrayList<>();
    private int boundaries;

    MailGenerator(Random random) {
        this.random = random;
    }

    /** The decoded octets of the leaves of what was generated, in their order. */
    List<String> leaves() {
        return leaves;
    }

    String mail() {
        return message(4, true);
    }

    private String message(int depth, boolean isWhole) {
        String fields = "Subject: x\r\n";
        if (random.nextInt(4) == 0 && !isWhole) {
            return fields + "\r\n" + identity();
        }
        return fields + (random.nextInt(5) == 0 ? "" : "MIME-Version: 1.0\r\n") + entity(depth);
    }

    private String entity(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(5);
        if (kind == 1 || kind == 2) {
            return multipart(depth);
        } else if (kind == 3) {
            return label("Content-Type: message/rfc822\r\n") + "\r\n" + message(depth - 1, false);
        }
        return leaf();
    }

    private String multipart(int depth) {
        String boundary = "b" + boundaries++ + (random.nextBoolean() ? "_" : " '");
        StringBuilder text = new StringBuilder(
                        label("Content-Type: multipart/mixed;\r\n\tboundary=\"" + boundary + "x\"\r\n"))
                .append("\r\n")
                .append(random.nextBoolean() ? "" : "preamble\r\n");
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append("--")
                    .append(boundary)
                    .append("x")
                    .append(random.nextInt(8) == 0 ? " \t" : "")
                    .append("\r\n");
            text.append(entity(depth - 1)).append("\r\n");
        }
        return text.append("--")
                .append(boundary)
                .append("x--")
                .append(random.nextBoolean() ? "" : "\r\nend")
                .toString();
    }

    private String leaf() {
        String type = "Content-Type: " + TYPES[random.nextInt(TYPES.length)] + "\r\n";
        return switch (random.nextInt(6)) {
            case 0 -> {
                leaves.add("caf\u00e9 =\r\n");
                yield type + "Content-Transfer-Encoding: Quoted-Printable\r\n\r\ncaf=E9 =3D\r\n";
            }
            case 1 -> {
                String octets = octets();
                leaves.add(octets);
                yield "Content-Transfer-Encoding: base64\r\n" + type + "\r\n"
                        + Base64.getMimeEncoder().encodeToString(octets.getBytes(ISO_8859_1));
            }
            default -> label(type) + "\r\n" + identity();
        };
    }

    private String label(String type) {
        String encoding = "Content-Transfer-Encoding: " + (random.nextBoolean() ? "8bit" : "BINARY (x)") + "\r\n";
        return switch (random.nextInt(3)) {
            case 0 -> type;
            case 1 -> encoding + type;
            default -> type + encoding;
        };
    }

    private String identity() {
        String octets = octets();
        leaves.add(octets);
        return octets;
    }

    private String octets() {
        StringBuilder text = new StringBuilder();
        boolean isPlain = random.nextInt(3) == 0;
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append(isPlain ? "plain\r\n" : PIECES[random.nextInt(PIECES.length)]);
        }
        // A CR at the end would make another line end of the one before a delimiter.
        return text.append("end").toString();
    }
}
