"""A NUL is no letter that people type, and PostgreSQL keeps no text with one: it is left out of
what is sent before anybody reads it, so that no form, filter or log-in has to think of it."""

from django.core.exceptions import BadRequest

NUL, IN_ADDRESSES = "\0", "%00"


class WithoutNul:
    """Leaves NUL out of a request's query and of the fields of its form."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        while IN_ADDRESSES in query:  # leaving one out may bring another together
            query = query.replace(IN_ADDRESSES, "")
        request.META["QUERY_STRING"] = query
        return self.get_response(request)

    def process_exception(self, request, error):
        """Raises BadRequest for JSON nested deeper than Python reads; passkeys send some."""
        if isinstance(error, RecursionError) and "JSON" in str(error):
            raise BadRequest("JSON nested too deep") from error

    def process_view(self, request, view, args, kwargs):
        """Raises what reading a form can: too much of it, or a connection that broke."""
        if request.method == "POST" and any(
            NUL in each for name, values in request.POST.lists() for each in [name, *values]
        ):
            sent = request.POST.copy()
            sent.clear()
            for name, values in request.POST.lists():
                for each in values:
                    sent.appendlist(name.replace(NUL, ""), each.replace(NUL, ""))
            request.POST = sent
