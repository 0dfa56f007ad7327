"""Who may: a bearer token for programs, a session cookie for pages.

Only where the service is bound says whether anybody is asked (`Settings.auth_required`); the
peer's address never does. A browser brings its token once, in the address that the service printed
(`/?token=...`) or in the form shown instead of a page, and gets a cookie for it, since
`EventSource` cannot send headers.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, Response, g, make_response, redirect, render_template, request
from flask_openapi3 import APIBlueprint, Tag
from werkzeug.wrappers import Response as BaseResponse

from flinkjobrunner.api import audit, current, limits
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.api.tokens import SESSION_SECONDS, Scope, Token
from flinkjobrunner.config import Settings
from flinkjobrunner.errors import Problem
from flinkjobrunner.telemetry import get_logger

COOKIE = "flinkjobrunner_session"
# Kubelets and load balancers have no token; these say nothing that needs one. A session is opened
# with the token in a form, and ended whatever became of it; the form has the look of the pages.
OPEN = (
    "/healthz",
    "/readyz",
    "/session",
    "/session/end",
    "/favicon.ico",
    "/ui/static/page.css",
)
log = get_logger(__name__)

blueprint = APIBlueprint(
    "session", __name__, template_folder="templates", abp_tags=[Tag(name="session")]
)


_SIGN_IN = {
    "description": "The token was not accepted; the sign-in page again",
    "content": {"text/html": {"schema": {"type": "string"}}},
}


def install(app: Flask, settings: Settings) -> None:
    """In this order: who is it, does it come too often, may it."""
    uses = audit.Uses()

    def authorize() -> BaseResponse | None:
        refusal = _authorize()
        if g.token is not None:
            uses.note(g.token)
        return refusal

    if settings.auth_required:
        app.before_request(_identify)
    limits.install(app, settings)
    if settings.auth_required:
        app.before_request(authorize)
    app.after_request(_log_change)


@blueprint.post(
    "/session",
    summary="Exchange a token for a session cookie",
    responses={303: None, 401: _SIGN_IN} | problem_responses(413, 503),
)
def open_session() -> BaseResponse:
    return _exchange(request.form.get("token", ""), "/")


@blueprint.post("/session/end", summary="Forget the session cookie", responses={303: None})
def end_session() -> BaseResponse:
    audit.record("audit.session-ended")
    response = redirect("/", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response


def _identify() -> None:
    g.token = None if request.path in OPEN else _token()


def _authorize() -> BaseResponse | None:
    if request.path in OPEN:
        return None
    if request.method == "GET" and _is_page() and "token" in request.args:
        return _exchange(request.args["token"], _address_without_token())
    token: Token | None = g.token
    if token is None:
        if _presented():
            audit.record("audit.token-refused", method=request.method, path=request.path)
        if request.method == "GET" and _is_page():
            return _sign_in(refused=False)
        raise Problem(
            status=401,
            code="token-missing" if not _presented() else "token-refused",
            title="A token is needed",
            hint="Send it as Authorization: Bearer <token>. The service printed one at its first"
            " start, or has the one set as RUNNER_TOKEN.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    scope = Scope.READ if request.method in ("GET", "HEAD", "OPTIONS") else Scope.WRITE
    if not token.allows(scope):
        audit.record("audit.scope-missing", method=request.method, path=request.path)
        raise Problem(
            status=403,
            code="scope-missing",
            title="The token does not allow this",
            detail=f"The token {token.name!r} lacks the scope {scope.value!r}.",
        )
    return None


def _token() -> Token | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return current.tokens().identify(secret.strip())
    cookie = request.cookies.get(COOKIE)
    return current.tokens().identify_session(cookie) if cookie else None


def _presented() -> bool:
    return "Authorization" in request.headers or COOKIE in request.cookies


def _is_page() -> bool:
    return request.path in ("/", "/ui", "/docs") or request.path.startswith("/ui/")


def _exchange(secret: str, address: str) -> BaseResponse:
    g.token = token = current.tokens().identify(secret)
    if token is None:
        audit.record("audit.token-refused", method=request.method, path=request.path)
        return _sign_in(refused=True)
    audit.record("audit.session-opened")
    return _with_cookie(redirect(address, 303), token)


def _address_without_token() -> str:
    """So that the token stays in no history and no screenshot."""
    rest = [(key, value) for key, value in request.args.items(multi=True) if key != "token"]
    # One leading slash only: two would be the name of another host.
    path = "/" + request.path.lstrip("/")
    return path + (f"?{urlencode(rest)}" if rest else "")


def _with_cookie(response: BaseResponse, token: Token) -> BaseResponse:
    response.set_cookie(
        COOKIE,
        current.tokens().open_session(token),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def _sign_in(*, refused: bool) -> Response:
    return make_response(render_template("sign-in.html", refused=refused), 401)


def _log_change(response: Response) -> Response:
    # Whoever comes too often must not fill the log as well.
    if request.method not in ("GET", "HEAD", "OPTIONS") and response.status_code != 429:
        log.info(
            "http.request",
            actor=audit.actor(),
            method=request.method,
            path=request.path,
            status=response.status_code,
        )
    return response
