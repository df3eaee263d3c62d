package org.relais.configuration.chain;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.relais.configuration.xml.NearestName;

/** The URLs of mail repositories: what James knows maps, by its path, to the one kind that there is. */
final class RepositoryUrl {
    private static final List<String> SCHEMES =
            List.of("file", "memory", "cassandra", "maildir", "jpa", "db", "dbfile", "postgres");

    private RepositoryUrl() {}

    static Optional<Problem> problem(String url) {
        int separator = url.indexOf("://");
        if (separator <= 0) {
            return Optional.of(new Problem("which is no repository URL", "write file://var/mail/name"));
        }
        String scheme = scheme(url);
        if (!SCHEMES.contains(scheme)) {
            return Optional.of(new Problem(
                    "and there is no repository of the kind " + scheme,
                    NearestName.of(scheme, SCHEMES)
                            .map(nearest -> "did you mean " + nearest + ":// ?")
                            .orElse("write file://" + url.substring(separator + 3))));
        }
        return url.substring(separator + 3).replace("/", "").isBlank()
                ? Optional.of(new Problem("which names no repository", "write " + scheme + "://var/mail/name"))
                : Optional.empty();
    }

    private static String scheme(String url) {
        return url.substring(0, Math.max(url.indexOf("://"), 0)).toLowerCase(Locale.ROOT);
    }
}
