package org.relais.model.event;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;

/**
 * One step in the life of one mail, with the envelope it concerns.
 *
 * <p>Immutable. Addresses and remote texts are carried as they came: whoever writes them somewhere escapes them.
 */
public final class MailEvent {
    private final MailEventKind kind;
    private final @Nullable QueueId queueId;
    private final @Nullable String reversePath;
    private final List<String> forwardPaths;
    private final Map<EventField, String> fields;
    private final boolean isDetail;

    private MailEvent(Builder builder) {
        this.kind = builder.kind;
        this.queueId = builder.queueId;
        this.reversePath = builder.reversePath;
        this.forwardPaths = builder.forwardPaths;
        this.fields = Collections.unmodifiableMap(new EnumMap<>(builder.fields));
        this.isDetail = builder.isDetail;
    }

    public static Builder of(MailEventKind kind) {
        return new Builder(kind);
    }

    public MailEventKind kind() {
        return kind;
    }

    /** Absent only for what was refused before an id was given. */
    public Optional<QueueId> queueId() {
        return Optional.ofNullable(queueId);
    }

    /** Without angle brackets; empty text for the null reverse-path; absent before MAIL. */
    public Optional<String> reversePath() {
        return Optional.ofNullable(reversePath);
    }

    /** Whether other events of the mail say the same to who wants no details. */
    public boolean isDetail() {
        return isDetail;
    }

    /** The forward-paths that this step concerns, without angle brackets. */
    public List<String> forwardPaths() {
        return forwardPaths;
    }

    /** In the order of {@link EventField}. */
    public Map<EventField, String> fields() {
        return fields;
    }

    public Optional<String> field(EventField field) {
        return Optional.ofNullable(fields.get(field));
    }

    @Override
    public String toString() {
        return kind.word() + " " + queueId + " <" + reversePath + "> " + forwardPaths + " " + fields;
    }

    /** Collects the parts of an event; not for use by several threads. */
    public static final class Builder {
        private final MailEventKind kind;
        private @Nullable QueueId queueId;
        private @Nullable String reversePath;
        private List<String> forwardPaths = List.of();
        private final Map<EventField, String> fields = new EnumMap<>(EventField.class);
        private boolean isDetail;

        private Builder(MailEventKind kind) {
            this.kind = kind;
        }

        public Builder queueId(QueueId id) {
            this.queueId = id;
            return this;
        }

        /** {@code ""} is the null reverse-path. */
        public Builder reversePath(String path) {
            this.reversePath = path;
            return this;
        }

        public Builder forwardPaths(List<String> paths) {
            this.forwardPaths = List.copyOf(paths);
            return this;
        }

        /** Leaves the field out when {@code value} is null. */
        public Builder with(EventField field, @Nullable Object value) {
            if (value != null) {
                fields.put(field, value.toString());
            }
            return this;
        }

        /** Without it, none is unless its kind is. */
        public Builder detail(boolean isOne) {
            this.isDetail = isOne;
            return this;
        }

        public MailEvent build() {
            return new MailEvent(this);
        }
    }
}
