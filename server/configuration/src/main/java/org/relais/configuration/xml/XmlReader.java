package org.relais.configuration.xml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.Finding;

/**
 * Reads a configuration file into elements that know their lines.
 *
 * <p>Our own parser, because the JDK's tells the line where a start tag ends, names no attribute's line and speaks in
 * the words of the grammar. It takes XML 1.0 without a document type: so there is no DTD, no entity but the five of the
 * standard, and nothing outside the file is ever opened. Bounded: 4 MiB, 64 levels. Comments and processing
 * instructions are skipped. Pure but for the reading; for any thread.
 */
public final class XmlReader {
    /** The largest file that is read, in octets. */
    public static final int MAX_SIZE = 4 * 1024 * 1024;
    /** How deep elements may stand in each other. */
    public static final int MAX_DEPTH = 64;

    private static final Pattern ENCODING =
            Pattern.compile("^<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");
    private static final int DECLARATION_BOUND = 256;

    private XmlReader() {}

    /** Reads {@code file}; findings name it by its folder and name. */
    public static XmlDocument read(Path file) throws XmlException {
        String name = Finding.nameOf(file);
        byte[] octets;
        try (InputStream in = Files.newInputStream(file)) {
            octets = in.readNBytes(MAX_SIZE + 1);
        } catch (NoSuchFileException e) {
            throw new XmlException(
                    Finding.error(name, 1, "the file does not exist", "write it, or make a new home with relais init"),
                    e);
        } catch (IOException e) {
            throw new XmlException(
                    Finding.error(
                            name,
                            1,
                            "the file cannot be read: " + reason(e),
                            "make it a regular file that the user who runs relais can read"),
                    e);
        }
        return read(name, octets);
    }

    /** Reads what stands in memory; findings call it {@code name}. */
    public static XmlDocument read(String name, byte[] octets) throws XmlException {
        if (octets.length > MAX_SIZE) {
            throw new XmlException(Finding.error(
                    name, 1, "the file is larger than 4 MiB", "a configuration file is text; shorten it"));
        }
        return new XmlParser(new XmlText(name, decode(name, octets))).document();
    }

    private static String decode(String name, byte[] octets) throws XmlException {
        Charset charset = charset(name, octets);
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(octets);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(octets.length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new XmlException(Finding.error(
                    name,
                    lineAt(octets, in.position()),
                    "this line is not " + charset.name() + " text",
                    "save the file as UTF-8, or name its encoding in <?xml version=\"1.0\" encoding=\"…\"?>"));
        }
        decoder.flush(out);
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static Charset charset(String name, byte[] octets) throws XmlException {
        if (startsWith(octets, 0xFE, 0xFF) || startsWith(octets, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16;
        }
        String start = new String(octets, 0, Math.min(octets.length, DECLARATION_BOUND), StandardCharsets.ISO_8859_1);
        Matcher declared = ENCODING.matcher(start.startsWith("\u00EF\u00BB\u00BF") ? start.substring(3) : start);
        if (!declared.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(declared.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new XmlException(
                    Finding.error(
                            name,
                            1,
                            "the encoding " + declared.group(1) + " is not known",
                            "save the file as UTF-8 and write encoding=\"UTF-8\""),
                    e);
        }
    }

    private static boolean startsWith(byte[] octets, int first, int second) {
        return octets.length >= 2 && (octets[0] & 0xFF) == first && (octets[1] & 0xFF) == second;
    }

    private static int lineAt(byte[] octets, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (octets[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private static String reason(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "broken text";
        }
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " " + message);
    }
}
