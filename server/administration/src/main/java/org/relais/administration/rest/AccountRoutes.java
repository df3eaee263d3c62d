package org.relais.administration.rest;

import java.util.List;
import java.util.Map;
import org.relais.administration.http.RestRequest;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.AliasAdministration;
import org.relais.administration.port.AliasAdministration.Alias;
import org.relais.administration.port.DomainAdministration;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Password;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.UserAdministration;
import org.relais.administration.port.UserAdministration.Mailboxes;

/** {@code /domains}, {@code /users} and {@code /aliases}. */
public final class AccountRoutes {
    private final DomainAdministration domains;
    private final UserAdministration users;
    private final AliasAdministration aliases;

    public AccountRoutes(DomainAdministration domains, UserAdministration users, AliasAdministration aliases) {
        this.domains = domains;
        this.users = users;
        this.aliases = aliases;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/domains", request -> listDomains())
                .route("PUT", "/domains/{}", this::addDomain)
                .route("DELETE", "/domains/{}", this::removeDomain)
                .route("GET", "/users", request -> listUsers())
                .route("PUT", "/users/{}", this::addUser)
                .route("DELETE", "/users/{}", this::removeUser)
                .route("POST", "/users/{}/password", this::changePassword)
                .route("GET", "/aliases", request -> listAliases())
                .route("PUT", "/aliases/{}/{}", this::addAlias)
                .route("DELETE", "/aliases/{}/{}", this::removeAlias);
    }

    private RestResponse listDomains() throws Refusal {
        return RestResponse.ok(
                Map.of("domains", domains.list().stream().map(DomainName::value).toList()));
    }

    private RestResponse addDomain(RestRequest request) throws Refusal {
        var domain = DomainName.parse(request.variable(0));
        domains.add(domain);
        return RestResponse.created(Map.of("added", domain.value()));
    }

    private RestResponse removeDomain(RestRequest request) throws Refusal {
        var domain = DomainName.parse(request.variable(0));
        domains.remove(domain);
        return RestResponse.ok(Map.of("removed", domain.value()));
    }

    private RestResponse listUsers() throws Refusal {
        return RestResponse.ok(Map.of(
                "users", users.list().stream().map(MailboxAddress::toString).toList()));
    }

    private RestResponse addUser(RestRequest request) throws Refusal {
        var user = MailboxAddress.parse(request.variable(0));
        users.add(user, Password.parse(request.onlyMember("password")));
        return RestResponse.created(Map.of("added", user.toString()));
    }

    private RestResponse removeUser(RestRequest request) throws Refusal {
        var user = MailboxAddress.parse(request.variable(0));
        boolean isRemoved =
                request.choice("mailboxes", List.of("kept", "removed")).equals("removed");
        users.remove(user, isRemoved ? Mailboxes.REMOVED : Mailboxes.KEPT);
        return RestResponse.ok(Map.of("removed", user.toString()));
    }

    private RestResponse changePassword(RestRequest request) throws Refusal {
        var user = MailboxAddress.parse(request.variable(0));
        users.changePassword(user, Password.parse(request.onlyMember("password")));
        return RestResponse.ok(Map.of("changed", user.toString()));
    }

    private RestResponse listAliases() throws Refusal {
        return RestResponse.ok(Map.of(
                "aliases", aliases.list().stream().map(AccountRoutes::view).toList()));
    }

    private RestResponse addAlias(RestRequest request) throws Refusal {
        var alias = alias(request);
        aliases.add(alias);
        return RestResponse.created(Map.of("added", view(alias)));
    }

    private RestResponse removeAlias(RestRequest request) throws Refusal {
        var alias = alias(request);
        aliases.remove(alias);
        return RestResponse.ok(Map.of("removed", view(alias)));
    }

    private static Alias alias(RestRequest request) throws Refusal {
        return new Alias(MailboxAddress.parse(request.variable(0)), MailboxAddress.parse(request.variable(1)));
    }

    private static Map<String, String> view(Alias alias) {
        return Members.of(
                "source", alias.source().toString(), "target", alias.target().toString());
    }
}
