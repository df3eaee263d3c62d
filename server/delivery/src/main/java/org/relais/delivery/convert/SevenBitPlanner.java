package org.relais.delivery.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.convert.LinePieces.Piece;

/**
 * Walks the MIME structure of a content, octet by octet, and plans how it becomes 7bit (RFC 6152 §3, RFC 2045 §6): each
 * leaf with 8-bit octets, NUL, a bare CR or LF or a line of more than 998 octets gets an encoding, quoted-printable if it
 * is text and base64 else; what names 8bit or binary names 7bit; all else stays octet for octet. What has no place for an
 * encoding (fields, text around parts, what is signed, encrypted or encoded already, and what readers may understand
 * differently) is not touched, and if it is not 7bit the whole is refused. Lines that are too long there stay.
 *
 * <p>Never throws, whatever the octets; memory is bounded by {@value #MOST_EDITS} edits. For one thread and one content.
 */
public final class SevenBitPlanner {
    /** How deep messages and multiparts stand in each other. */
    static final int DEEPEST = 32;

    static final int MOST_EDITS = 10_000;
    private static final int LONGEST_BOUNDARY = 256;

    private final LinePieces pieces = new LinePieces(this::take);
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<Edit> edits = new ArrayList<>();
    private @Nullable String refusal;

    /** Exactly one of the three is about what comes next. */
    private @Nullable EntityHeader header;

    private @Nullable Leaf leaf;
    /** Why what comes next has no place for an encoding. */
    private String untouched = "";

    private ContentType usualType = ContentType.TEXT;

    /** What stands around a place of the content: a message, or a multipart, which has a boundary. */
    private static final class Frame {
        final String boundary;
        final ContentType usualType;
        boolean hasVersion = true;
        boolean isChanged;
        long headerEnd;

        Frame(String boundary, ContentType usualType) {
            this.boundary = boundary;
            this.usualType = usualType;
        }

        boolean isMessage() {
            return boundary.isEmpty();
        }
    }

    private record Leaf(EntityHeader header, boolean isOfMessage, long headerEnd, LeafOctets octets) {
        long from() {
            return headerEnd + 2;
        }
    }

    public SevenBitPlanner() {
        beginMessage();
    }

    public void add(byte[] octets, int from, int count) {
        pieces.add(octets, from, count);
    }

    /** After the last octet. */
    public Conversion end() {
        long size = pieces.end();
        endLeaf(false);
        while (!frames.isEmpty()) {
            endFrame();
        }
        if (refusal != null) {
            return new Conversion.Refused(refusal);
        }
        edits.sort(Comparator.comparingLong(Edit::from));
        for (Edit edit : edits) {
            size += edit.growth();
        }
        return new Conversion.Plan(size, edits);
    }

    private void take(Piece piece) {
        if (refusal != null || endsParts(piece)) {
            return;
        }
        Leaf body = leaf;
        EntityHeader fields = header;
        if (body != null) {
            body.octets().add(piece);
        } else if (fields == null) {
            mustBe7Bit(piece, untouched);
        } else if (piece.isFirst() && piece.isEnded() && piece.length() == 0) {
            header = null;
            beginBody(fields, piece.at());
        } else {
            mustBe7Bit(piece, "its fields have octets that are not ASCII, which needs SMTPUTF8, or bare line ends");
            fields.add(piece);
        }
    }

    private void mustBe7Bit(Piece piece, String why) {
        for (int i = 0; i < piece.length(); i++) {
            byte octet = piece.octets()[i];
            if (octet < 0 || LeafOctets.isOdd(octet)) {
                refuse(why);
                return;
            }
        }
    }

    private void refuse(String why) {
        if (refusal == null) {
            refusal = why;
        }
    }

    // ---- delimiters

    /** RFC 2046 §5.1.2: a delimiter ends all that stands in its multipart. */
    private boolean endsParts(Piece piece) {
        byte[] octets = piece.octets();
        if (!piece.isWholeLine() || piece.length() < 3 || octets[0] != '-' || octets[1] != '-') {
            return false;
        }
        int length = piece.length();
        while (octets[length - 1] == ' ' || octets[length - 1] == '\t') {
            length--;
        }
        String line = new String(octets, 2, length - 2, ISO_8859_1);
        Optional<Frame> ended = frames.stream()
                .filter(frame -> !frame.isMessage())
                .filter(frame -> line.equals(frame.boundary) || line.equals(frame.boundary + "--"))
                .findFirst();
        if (ended.isEmpty()) {
            return false;
        }
        endLeaf(true);
        header = null;
        while (frames.getFirst() != ended.get()) {
            endFrame();
        }
        if (line.equals(ended.get().boundary)) {
            usualType = ended.get().usualType;
            header = new EntityHeader();
        } else {
            endFrame();
            untouched = "there is text that is not ASCII around its parts";
        }
        return true;
    }

    // ---- headers

    private void beginMessage() {
        frames.addFirst(new Frame("", ContentType.TEXT));
        usualType = ContentType.TEXT;
        header = new EntityHeader();
    }

    private void beginBody(EntityHeader fields, long headerEnd) {
        Frame around = frames.getFirst();
        if (around.isMessage()) {
            around.headerEnd = headerEnd;
            around.hasVersion = fields.hasVersion();
        }
        Optional<ContentType> type = fields.type(usualType);
        if (fields.fault().isPresent() || type.isEmpty()) {
            untouched = fields.fault().orElse("a Content-Type cannot be read");
            return;
        }
        String encoding = fields.encoding();
        if (!encoding.equals("7bit") && !encoding.equals("8bit") && !encoding.equals("binary")) {
            untouched = "what is " + encoding(encoding) + " already is not 7bit";
            return;
        }
        if (type.get().isMultipart() || type.get().isNeverEncoded()) {
            if (!encoding.equals("7bit")) {
                change(fields.withEncoding("7bit", headerEnd));
            }
            enter(type.get());
        } else {
            leaf = new Leaf(
                    fields,
                    around.isMessage(),
                    headerEnd,
                    new LeafOctets(type.get().isText()));
        }
    }

    /** What is in it may be anything, and is told to people. */
    private static String encoding(String named) {
        return named.equals("quoted-printable") || named.equals("base64") ? named : "in an unknown encoding";
    }

    private void enter(ContentType type) {
        if (type.isSecured()) {
            untouched = "what is in " + type + " must not change (RFC 1847)";
        } else if (frames.size() >= DEEPEST) {
            untouched = "its parts stand in each other more than " + DEEPEST + " deep";
        } else if (type.isMessage()) {
            beginMessage();
        } else if (!type.isMultipart()) {
            untouched = "a " + type.type() + " of its subtype has no encoding (RFC 2046)";
        } else if (type.boundary().isEmpty() || type.boundary().length() > LONGEST_BOUNDARY) {
            untouched = "a multipart has no boundary";
        } else {
            frames.addFirst(new Frame(
                    type.boundary(), type.subtype().equals("digest") ? ContentType.MESSAGE : ContentType.TEXT));
            untouched = "there is text that is not ASCII around its parts";
        }
    }

    // ---- ends

    private void endLeaf(boolean isDelimited) {
        Leaf ended = leaf;
        leaf = null;
        if (ended == null) {
            return;
        }
        LeafOctets octets = ended.octets();
        octets.end(isDelimited);
        if (!octets.needsEncoding()) {
            if (!ended.header().encoding().equals("7bit")) {
                change(ended.header().withEncoding("7bit", ended.headerEnd()));
            }
            return;
        }
        Edit.Encoded body = octets.encoded(ended.from(), !isDelimited);
        if (ended.isOfMessage()
                && !ended.header().hasVersion()
                && !ended.header().hasType()) {
            // RFC 1428: what charset it is nobody knows.
            String charset = octets.has8Bit() ? "unknown-8bit" : "us-ascii";
            change(new Edit.Text(
                    ended.headerEnd(), ended.headerEnd(), "Content-Type: text/plain; charset=" + charset + "\r\n"));
        }
        change(ended.header().withEncoding(body.encoding().token(), ended.headerEnd()));
        change(body);
    }

    private void change(Edit edit) {
        if (edits.size() >= MOST_EDITS) {
            refuse("it has too many parts");
            return;
        }
        edits.add(edit);
        for (Frame frame : frames) {
            if (frame.isMessage()) {
                frame.isChanged = true;
                return;
            }
        }
    }

    private void endFrame() {
        Frame ended = frames.getFirst();
        if (ended.isMessage() && ended.isChanged && !ended.hasVersion) {
            change(new Edit.Text(ended.headerEnd, ended.headerEnd, "MIME-Version: 1.0\r\n"));
        }
        frames.removeFirst();
    }
}
