"""From where a request comes: one answer for our limits, allauth's, and its list of sessions."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104  "this host on this network" (RFC 1122, 3.2.1.3): nobody's address


def address_of(request):
    """The visitor's address, as the outermost of our proxies saw it.

    Each proxy appends whom it saw to X-Forwarded-For; what stands before the last
    TRUSTED_PROXIES entries was written by strangers. Without proxies the header says nothing.
    """
    proxies = settings.TRUSTED_PROXIES
    said = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(said) >= proxies and (address := plain(said[-proxies])) != UNKNOWN:
        return address
    return plain(request.META.get("REMOTE_ADDR", ""))


def plain(said):
    """An address without port, brackets and zone; IPv4 in IPv6's clothes (RFC 4291, 2.5.5.2) is
    IPv4; UNKNOWN for what is none, as where the web server comes through a socket."""
    said = said.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        address = ip_address(said.partition("%")[0])
    except ValueError:
        return UNKNOWN
    return str(getattr(address, "ipv4_mapped", None) or address)


def household_of(address):
    """What counts as one visitor: an IPv4 address, or the /64 that one IPv6 line is given."""
    if isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return address
