"""How a file cannot be had, in words that give away neither address nor body nor secret."""

from __future__ import annotations


class FetchError(Exception):
    """A file could not be had. `code` is stable and in kebab-case; `hint` says what to do."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint


def invalid(message: str) -> FetchError:
    return FetchError("url-invalid", message, "Give an https URL, complete with host and path.")


def unreachable(message: str = "the server could not be reached, or broke off") -> FetchError:
    return FetchError("unreachable", message, "Does the URL work from this machine?")


def untrusted() -> FetchError:
    return FetchError(
        "certificate-refused",
        "the server's certificate is not valid for the URL's host",
        "SSL_CERT_FILE names the authorities to trust, when they are your own.",
    )


def timed_out() -> FetchError:
    return FetchError("timed-out", "the file did not arrive in time", "Is the server overloaded?")


def too_large(most: int) -> FetchError:
    return FetchError(
        "too-large",
        f"the file is larger than {most // (1024 * 1024)} MiB",
        "Split it: a job takes several URLs.",
    )


def damaged() -> FetchError:
    return FetchError(
        "damaged", "the file is damaged: it cannot be decompressed", "Store it anew, complete."
    )


def status(code: int) -> FetchError:
    expired = "Has the presigned URL expired?"
    hints = {401: expired, 403: expired, 404: "Is the path right, and has the file been uploaded?"}
    return FetchError("http-status", f"the server answered {code}", hints.get(code, ""))
