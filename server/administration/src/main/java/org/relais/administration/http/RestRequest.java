package org.relais.administration.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.json.JsonException;
import org.relais.administration.json.JsonReader;
import org.relais.administration.port.Refusal;

/**
 * A request that carried the token (or is one that needs none).
 *
 * @param variables what stands in the path where the route has a variable, decoded, in the path's order
 * @param query the parameters behind the question mark, decoded
 * @param body the body, at most {@link AdministrationServer#MAX_BODY_BYTES} octets
 */
public record RestRequest(List<String> variables, Map<String, String> query, String body) {
    public RestRequest {
        variables = List.copyOf(variables);
        query = Map.copyOf(query);
    }

    public String variable(int index) {
        return variables.get(index);
    }

    /** A string that the body, a JSON object, has to have; other members are refused as misspelt. */
    public String onlyMember(String name) throws Refusal {
        var remedy = "send {\"" + name + "\": \"…\"}";
        Map<String, @Nullable Object> members;
        try {
            members = JsonReader.readObject(body);
        } catch (JsonException e) {
            throw new Refusal(Refusal.Kind.INVALID, "the body is no JSON object: " + e.getMessage(), remedy, e);
        }
        if (members.size() == 1 && members.get(name) instanceof String value) {
            return value;
        }
        throw new Refusal(Refusal.Kind.INVALID, "the body has to have one member, " + name, remedy);
    }

    /** A parameter that is one of the given words; the first of them if it is absent. */
    public String choice(String name, List<String> words) throws Refusal {
        var value = query.getOrDefault(name, words.get(0));
        if (!words.contains(value)) {
            throw new Refusal(Refusal.Kind.INVALID, "unknown value of " + name, "one of " + String.join(", ", words));
        }
        return value;
    }

    @Override
    public String toString() {
        return "RestRequest" + variables; // the body may hold a password
    }
}
