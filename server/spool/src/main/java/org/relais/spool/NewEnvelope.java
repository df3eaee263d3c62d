package org.relais.spool;

/** An envelope to be made. */
public record NewEnvelope(Origin origin, EnvelopeDetails details) {

    public static NewEnvelope accepted(EnvelopeDetails details) {
        return new NewEnvelope(Origin.ACCEPTED, details);
    }
}
