package org.relais.administration.http;

import org.relais.administration.port.Refusal;

/** Answers the requests of one method and path. Called by several threads at once; may block for some seconds. */
@FunctionalInterface
public interface RestRoute {
    RestResponse answer(RestRequest request) throws Refusal;
}
