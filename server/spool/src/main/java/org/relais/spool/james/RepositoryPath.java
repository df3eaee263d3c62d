package org.relais.spool.james;

import java.util.List;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore.UnsupportedRepositoryStoreException;

/**
 * The path of a repository as Relais knows it: without the slashes around it, so that {@code file://var/mail/error/} and
 * {@code memory:///var/mail/error} are one repository.
 */
record RepositoryPath(String value) {
    private static final int LONGEST = 200;

    static RepositoryPath of(MailRepositoryPath path) throws UnsupportedRepositoryStoreException {
        List<String> parts = path.parts();
        String value = String.join("/", parts);
        if (parts.isEmpty() || parts.contains(".") || parts.contains("..") || value.length() > LONGEST) {
            throw new UnsupportedRepositoryStoreException("a repository's path has 1 to " + LONGEST
                    + " characters, without . and .. as parts: " + path.asString());
        }
        return new RepositoryPath(value);
    }

    MailRepositoryPath james() {
        return MailRepositoryPath.from(value);
    }
}
