package org.relais.spool.james;

import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryLoader;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryStore.MailRepositoryStoreException;
import org.apache.james.mailrepository.api.MailRepositoryUrl;

/** For those who load repositories by their class: there is one kind, and the store has it. Safe for many threads. */
public final class SpoolMailRepositoryLoader implements MailRepositoryLoader {
    private final MailRepositoryStore store;

    public SpoolMailRepositoryLoader(MailRepositoryStore store) {
        this.store = store;
    }

    /** The repository of that URL, whatever class is asked for. */
    @Override
    public MailRepository load(String className, MailRepositoryUrl url) throws MailRepositoryStoreException {
        return store.select(url);
    }
}
