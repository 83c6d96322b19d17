"""Addresses that a request names: where it may be sent next."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 1000


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether this address leads to a page of this site, under the scheme the visitor came with."""
    return (
        len(address) <= LONGEST
        and address.isprintable()
        and address.startswith(("/", "http://", "https://"))
        and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )


def go(request: HttpRequest, address: str, otherwise: str) -> HttpResponseRedirect:
    """A redirect to the address that the request named, or, when that is not ours, `otherwise`.

    Not Django's `redirect`: it takes a bare word for the name of a view.
    """
    return HttpResponseRedirect(address if is_ours(request, address) else otherwise)
