package org.relais.administration.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.domainlist.lib.DomainListConfiguration;
import org.apache.james.domainlist.memory.MemoryDomainList;
import org.apache.james.mailbox.inmemory.InMemoryMailboxManager;
import org.apache.james.mailbox.inmemory.manager.InMemoryIntegrationResources;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.rrt.api.RecipientRewriteTableConfiguration;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.user.memory.MemoryUsersRepository;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.administration.port.AliasAdministration;
import org.relais.administration.port.AliasAdministration.Alias;
import org.relais.administration.port.DomainAdministration;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Password;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.Refusal.Kind;
import org.relais.administration.port.UserAdministration;
import org.relais.administration.port.UserAdministration.Mailboxes;

class JamesAccountsTest {
    private static final DomainName EXAMPLE = new DomainName("example.org");
    private static final MailboxAddress ALICE = new MailboxAddress("alice", EXAMPLE);
    private static final MailboxAddress BOB = new MailboxAddress("bob", EXAMPLE);
    private static final MailboxAddress INFO = new MailboxAddress("info", EXAMPLE);
    private static final Password PASSWORD = new Password("first");

    private final InMemoryMailboxManager mailboxes =
            InMemoryIntegrationResources.defaultResources().getMailboxManager();
    private MemoryUsersRepository usersRepository;
    private DomainAdministration domains;
    private UserAdministration users;
    private AliasAdministration aliases;

    @BeforeEach
    void assemble() throws Exception {
        var domainList = new MemoryDomainList(null) /* no DNS look-up without detection */;
        domainList.configure(DomainListConfiguration.builder()
                .autoDetect(false)
                .autoDetectIp(false)
                .defaultDomain(Domain.of("mx.example.org"))
                .build());
        usersRepository = MemoryUsersRepository.withVirtualHosting(domainList);
        var rewriteTable = new MemoryRecipientRewriteTable();
        rewriteTable.setConfiguration(new RecipientRewriteTableConfiguration(true, 10));
        rewriteTable.setUsersRepository(usersRepository);
        rewriteTable.setDomainList(domainList);
        var accounts = new JamesAccounts(domainList, usersRepository, rewriteTable, mailboxes);
        domains = accounts.domains();
        users = accounts.users();
        aliases = accounts.aliases();
        domains.add(EXAMPLE);
    }

    @Test
    void listsDomainsUsersAndAliasesInOrder() throws Exception {
        users.add(BOB, PASSWORD);
        users.add(ALICE, PASSWORD);
        aliases.add(new Alias(INFO, BOB));
        aliases.add(new Alias(INFO, ALICE));

        assertThat(domains.list()).extracting(DomainName::value).containsExactly("example.org", "mx.example.org");
        assertThat(users.list()).containsExactly(ALICE, BOB);
        assertThat(aliases.list()).containsExactly(new Alias(INFO, ALICE), new Alias(INFO, BOB));
    }

    @Test
    void changesAPassword() throws Exception {
        users.add(ALICE, PASSWORD);

        users.changePassword(ALICE, new Password("second"));

        assertThat(usersRepository.test(Username.of("alice@example.org"), "second"))
                .isTrue();
        assertThat(usersRepository.test(Username.of("alice@example.org"), "first"))
                .isFalse();
    }

    @Test
    void saysHowToMakeADomainLocalWhenAUserIsAddedToAnother() {
        var refusal = refusal(() -> users.add(MailboxAddress.parse("a@unknown.example"), PASSWORD));

        assertThat(refusal.kind()).isEqualTo(Kind.MISSING);
        assertThat(refusal.remedy()).isEqualTo("relais domain add unknown.example");
    }

    @Test
    void refusesWhatIsThereAlreadyAndWhatIsNot() throws Exception {
        users.add(ALICE, PASSWORD);
        aliases.add(new Alias(INFO, ALICE));

        assertThat(refusal(() -> domains.add(EXAMPLE)).kind()).isEqualTo(Kind.EXISTS);
        assertThat(refusal(() -> users.add(ALICE, PASSWORD)).kind()).isEqualTo(Kind.EXISTS);
        assertThat(refusal(() -> aliases.add(new Alias(INFO, ALICE))).kind()).isEqualTo(Kind.EXISTS);
        assertThat(refusal(() -> domains.remove(new DomainName("a.example"))).kind())
                .isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> users.remove(BOB, Mailboxes.KEPT)).kind()).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> users.changePassword(BOB, PASSWORD)).kind()).isEqualTo(Kind.MISSING);
        assertThat(refusal(() -> aliases.remove(new Alias(INFO, BOB))).kind()).isEqualTo(Kind.MISSING);
    }

    @Test
    void keepsADomainWhileUsersOrAliasesAreInIt() throws Exception {
        users.add(ALICE, PASSWORD);
        assertThat(refusal(() -> domains.remove(EXAMPLE)).what()).isEqualTo("domain example.org has 1 user");

        aliases.add(new Alias(INFO, new MailboxAddress("x", new DomainName("remote.example"))));
        users.remove(ALICE, Mailboxes.KEPT);
        assertThat(refusal(() -> domains.remove(EXAMPLE)).what()).isEqualTo("domain example.org has 1 alias");

        aliases.remove(aliases.list().get(0));
        domains.remove(EXAMPLE);
        assertThat(domains.list()).extracting(DomainName::value).containsExactly("mx.example.org");
    }

    @Test
    void keepsTheHostsOwnName() {
        assertThat(refusal(() -> domains.remove(new DomainName("mx.example.org")))
                        .kind())
                .isEqualTo(Kind.CONFLICT);
    }

    @Test
    void refusesAliasesThatLoopHideAUserOrLeadNowhere() throws Exception {
        users.add(ALICE, PASSWORD);
        aliases.add(new Alias(INFO, ALICE));

        assertThat(refusal(() -> aliases.add(new Alias(BOB, BOB))).what()).contains("loop");
        assertThat(refusal(() -> aliases.add(new Alias(ALICE, INFO))).kind()).isEqualTo(Kind.CONFLICT);
        assertThat(refusal(() -> aliases.add(new Alias(BOB, new MailboxAddress("nobody", EXAMPLE))))
                        .remedy())
                .isEqualTo("relais user add nobody@example.org");
        assertThat(refusal(() -> users.add(INFO, PASSWORD)).kind()).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void refusesALoopOverSeveralAliases() throws Exception {
        var remote = new MailboxAddress("x", new DomainName("remote.example"));
        aliases.add(new Alias(BOB, remote));
        aliases.add(new Alias(INFO, BOB));
        aliases.remove(new Alias(BOB, remote));
        aliases.add(new Alias(ALICE, INFO));

        var refusal = refusal(() -> aliases.add(new Alias(BOB, ALICE)));

        assertThat(refusal.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(refusal.what()).contains("loop");
    }

    @Test
    void keepsTheMailboxesOfARemovedUserUnlessToldOtherwise() throws Exception {
        users.add(ALICE, PASSWORD);
        users.add(BOB, PASSWORD);
        makeMailboxes(ALICE);
        makeMailboxes(BOB);

        users.remove(ALICE, Mailboxes.REMOVED);
        users.remove(BOB, Mailboxes.KEPT);

        assertThat(mailboxesOf(ALICE)).isZero();
        assertThat(mailboxesOf(BOB)).isEqualTo(3);
    }

    private void makeMailboxes(MailboxAddress user) throws Exception {
        var name = Username.of(user.toString());
        var session = mailboxes.createSystemSession(name);
        mailboxes.createMailbox(MailboxPath.inbox(name), session);
        mailboxes.createMailbox(MailboxPath.forUser(name, "a"), session);
        mailboxes.createMailbox(MailboxPath.forUser(name, "a.b"), session);
    }

    private int mailboxesOf(MailboxAddress user) throws Exception {
        var name = Username.of(user.toString());
        return (int) mailboxes.list(mailboxes.createSystemSession(name)).stream()
                .filter(path -> path.getUser().equals(name))
                .count();
    }

    private static Refusal refusal(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call);
    }
}
