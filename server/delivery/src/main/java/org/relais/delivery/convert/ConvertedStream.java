package org.relais.delivery.convert;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The original with the edits made, while it is read; holds a few buffers. For one thread. */
final class ConvertedStream extends InputStream {
    private static final int BUFFER = 8 * 1024;

    private final InputStream original;
    private final Iterator<Edit> edits;
    private final byte[] in = new byte[BUFFER];
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private @Nullable Edit edit;
    private @Nullable Encoder encoder;
    private long at;
    private byte[] out;
    private int next;
    private int end;

    ConvertedStream(InputStream original, List<Edit> edits) {
        this.original = original;
        this.edits = edits.iterator();
        this.out = in;
        goToNextEdit();
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? out[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, end - next);
        System.arraycopy(out, next, into, from, count);
        next += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        original.close();
    }

    private boolean hasMore() throws IOException {
        while (next == end) {
            Edit here = edit;
            if (here == null || at < here.from()) {
                if (!copy(here)) {
                    return false;
                }
            } else if (here instanceof Edit.Text text) {
                original.skipNBytes(text.to() - at);
                at = text.to();
                give(text.octets());
                goToNextEdit();
            } else {
                encode((Edit.Encoded) here);
            }
        }
        return true;
    }

    private boolean copy(@Nullable Edit until) throws IOException {
        int most = until == null ? BUFFER : (int) Math.min(BUFFER, until.from() - at);
        int count = original.read(in, 0, most);
        if (count < 0) {
            if (until != null) {
                throw ended();
            }
            return false;
        }
        at += count;
        out = in;
        next = 0;
        end = count;
        return true;
    }

    private void encode(Edit.Encoded here) throws IOException {
        Encoder mine = encoder == null ? here.encoder(encoded::write) : encoder;
        encoder = mine;
        int count = original.readNBytes(in, 0, (int) Math.min(BUFFER, here.to() - at));
        if (count == 0 && at < here.to()) {
            throw ended();
        }
        for (int i = 0; i < count; i++) {
            mine.put(in[i]);
        }
        at += count;
        if (at == here.to()) {
            mine.end();
            encoder = null;
            goToNextEdit();
        }
        give(encoded.toByteArray());
        encoded.reset();
    }

    private void give(byte[] octets) {
        out = octets;
        next = 0;
        end = octets.length;
    }

    private void goToNextEdit() {
        edit = edits.hasNext() ? edits.next() : null;
    }

    private EOFException ended() {
        return new EOFException("the content ended after " + at + " octets, before the place of a conversion");
    }
}
