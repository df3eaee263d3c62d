package org.relais.access.sieve.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.mailbox.Authenticator;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.managesieve.api.SyntaxException;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.DuplicateException;
import org.apache.james.sieverepository.api.exception.IsActiveException;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import org.apache.james.sieverepository.api.exception.ScriptNotFoundException;
import org.apache.james.sieverepository.api.exception.SieveRepositoryException;
import org.apache.james.sieverepository.api.exception.StorageException;
import org.apache.jsieve.parser.generated.TokenMgrError;
import org.relais.access.sieve.ScriptRefusedException;
import org.relais.access.sieve.ScriptRefusedException.Code;
import org.relais.access.sieve.Scripts;

/** The scripts in James's repository. */
public final class RepositoryScripts implements Scripts {

    private static final int FAULT_CHARACTERS = 200;

    private final Authenticator authenticator;
    private final SieveRepository repository;
    private final SieveParser parser;

    public RepositoryScripts(Authenticator authenticator, SieveRepository repository, SieveParser parser) {
        this.authenticator = authenticator;
        this.repository = repository;
        this.parser = parser;
    }

    @Override
    public Optional<String> authenticate(String user, String password) throws IOException {
        try {
            var name = Username.of(user);
            return authenticator.isAuthentic(name, password) ? Optional.of(name.asString()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // No user can have such a name.
            return Optional.empty();
        } catch (MailboxException e) {
            throw new IOException("cannot authenticate", e);
        }
    }

    @Override
    public List<String> extensions() {
        return parser.getExtensions();
    }

    @Override
    public Optional<String> fault(String content) {
        try {
            parser.parse(content);
            return Optional.empty();
        } catch (SyntaxException e) {
            return Optional.of(words(e.getCause() == null ? e : e.getCause()));
        } catch (TokenMgrError | StackOverflowError e) {
            // The generated parser's own way to say so; the latter for blocks in blocks without end.
            return Optional.of(words(e));
        }
    }

    /** One line, since the parser lists every token that it would have taken. */
    private static String words(Throwable fault) {
        var text = String.valueOf(fault.getMessage()).strip().replaceAll("\\s+", " ");
        return text.length() <= FAULT_CHARACTERS ? text : text.substring(0, FAULT_CHARACTERS) + " ...";
    }

    @Override
    public void checkSpace(String user, String name, long octets) throws ScriptRefusedException, IOException {
        perform(() -> repository.haveSpace(Username.of(user), new ScriptName(name), octets));
    }

    @Override
    public List<Script> list(String user) throws IOException {
        try {
            return repository.listScripts(Username.of(user)).stream()
                    .map(script -> new Script(script.getName().getValue(), script.isActive()))
                    .toList();
        } catch (StorageException e) {
            throw new IOException("cannot list scripts", e);
        }
    }

    @Override
    public String get(String user, String name) throws ScriptRefusedException, IOException {
        try (var script = repository.getScript(Username.of(user), new ScriptName(name))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (SieveRepositoryException e) {
            throw refused(e);
        }
    }

    @Override
    public void put(String user, String name, String content) throws ScriptRefusedException, IOException {
        perform(() -> repository.putScript(Username.of(user), new ScriptName(name), new ScriptContent(content)));
    }

    @Override
    public void delete(String user, String name) throws ScriptRefusedException, IOException {
        perform(() -> repository.deleteScript(Username.of(user), new ScriptName(name)));
    }

    @Override
    public void rename(String user, String from, String to) throws ScriptRefusedException, IOException {
        perform(() -> repository.renameScript(Username.of(user), new ScriptName(from), new ScriptName(to)));
    }

    @Override
    public void activate(String user, String name) throws ScriptRefusedException, IOException {
        perform(() -> repository.setActive(Username.of(user), new ScriptName(name)));
    }

    private interface Action {
        void run() throws SieveRepositoryException;
    }

    private static void perform(Action action) throws ScriptRefusedException, IOException {
        try {
            action.run();
        } catch (SieveRepositoryException e) {
            throw refused(e);
        }
    }

    /** The refusal that an exception means; any other is thrown as trouble of the store. */
    private static ScriptRefusedException refused(SieveRepositoryException e) throws IOException {
        if (e instanceof ScriptNotFoundException) {
            return new ScriptRefusedException(Code.NONEXISTENT);
        } else if (e instanceof DuplicateException) {
            return new ScriptRefusedException(Code.EXISTS);
        } else if (e instanceof IsActiveException) {
            return new ScriptRefusedException(Code.ACTIVE);
        } else if (e instanceof QuotaExceededException) {
            return new ScriptRefusedException(Code.QUOTA);
        }
        throw new IOException("the script repository failed", e);
    }
}
