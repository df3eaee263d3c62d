package org.relais.delivery.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.relais.delivery.convert.Conversion;
import org.relais.delivery.convert.SevenBitPlanner;
import org.relais.smtpclient.OutgoingContent;

/** A content as a plan makes 7bit of it, converted anew each time it is read: nothing is kept but the plan. */
record ConvertedContent(OutgoingContent original, Conversion.Plan plan) implements OutgoingContent {
    private static final int BUFFER = 64 * 1024;

    /** Reads the content once, from the disk if need be. */
    static Conversion conversion(OutgoingContent content) throws IOException {
        SevenBitPlanner planner = new SevenBitPlanner();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                planner.add(buffer, 0, read);
            }
        }
        return planner.end();
    }

    @Override
    public long size() {
        return plan.size();
    }

    @Override
    public Kind kind() {
        return Kind.SEVEN_BIT;
    }

    @Override
    public Optional<ByteBuffer[]> inMemory() {
        return Optional.empty();
    }

    @Override
    public InputStream open() throws IOException {
        return plan.apply(original.open());
    }
}
