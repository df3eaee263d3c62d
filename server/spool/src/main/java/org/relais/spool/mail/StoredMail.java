package org.relais.spool.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.OpaqueState;

/**
 * A mail that is one envelope, as it lies in queues of plug-ins and in repositories, where nobody works on single
 * forward-paths. The envelope's own forward-path is the first recipient's, for people to see.
 *
 * @param others forward-paths that have header fields of their own but are no recipients
 */
public record StoredMail(MailState state, List<Addressee> recipients, List<Addressee> others) {
    private static final int VERSION = 1;

    public StoredMail {
        recipients = List.copyOf(recipients);
        others = List.copyOf(others);
    }

    /**
     * @throws IllegalArgumentException if it exceeds {@link OpaqueState#MAX_BYTES}
     */
    public OpaqueState encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, recipients);
            write(out, others);
            out.write(state.encode().bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return OpaqueState.of(bytes.toByteArray());
    }

    /**
     * @throws IllegalArgumentException if the envelope's state is not one of a stored mail, or of a newer version
     */
    public static StoredMail of(EnvelopeDetails details) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(details.state().bytes()))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("stored mail in version " + version + ", known is " + VERSION);
            }
            List<Addressee> recipients = addressees(in);
            List<Addressee> others = addressees(in);
            MailState state = MailState.of(details.withState(OpaqueState.of(in.readAllBytes())));
            return new StoredMail(state, recipients, others);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a stored mail: " + details.state(), e);
        }
    }

    private static void write(DataOutputStream out, List<Addressee> addressees) throws IOException {
        out.writeInt(addressees.size());
        for (Addressee addressee : addressees) {
            write(out, addressee.forwardPath());
            out.writeInt(addressee.ownFields().size());
            for (String field : addressee.ownFields()) {
                write(out, field);
            }
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static List<Addressee> addressees(DataInputStream in) throws IOException {
        List<Addressee> addressees = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String forwardPath = text(in);
            List<String> fields = new ArrayList<>();
            for (int more = in.readInt(); more > 0; more--) {
                fields.add(text(in));
            }
            addressees.add(new Addressee(forwardPath, fields));
        }
        return addressees;
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("not a stored mail: a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), UTF_8);
    }
}
