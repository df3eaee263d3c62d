package org.relais.access.smtp;

/** A mail that a {@link RecordingIntake} took. */
record RecordedMail(ReceivedMail envelope, byte[] content) {
    String text() {
        return new String(content, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** The content below the trace field. */
    String received() {
        String text = text();
        int end = text.indexOf("\r\n", text.indexOf(";\r\n") + 3);
        return text.substring(end + 2);
    }
}
