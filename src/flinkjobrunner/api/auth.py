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

from flinkjobrunner.api import current
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
    if settings.auth_required:
        app.before_request(_authorize)
    app.after_request(_audit)


@blueprint.post(
    "/session",
    summary="Exchange a token for a session cookie",
    responses={303: None, 401: _SIGN_IN} | problem_responses(413),
)
def open_session() -> BaseResponse:
    token = current.tokens().identify(request.form.get("token", ""))
    if token is None:
        log.warning("session.refused")
        return _sign_in(refused=True)
    return _with_cookie(redirect("/", 303), token)


@blueprint.post("/session/end", summary="Forget the session cookie", responses={303: None})
def end_session() -> BaseResponse:
    response = redirect("/", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response


def _authorize() -> BaseResponse | None:
    if request.path in OPEN:
        return None
    if request.method == "GET" and _is_page() and "token" in request.args:
        return _exchange(request.args["token"])
    token = _token()
    if token is None:
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
        raise Problem(
            status=403,
            code="scope-missing",
            title="The token does not allow this",
            detail=f"The token {token.name!r} lacks the scope {scope.value!r}.",
        )
    g.actor = token.name
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
    return request.path in ("/", "/ui") or request.path.startswith("/ui/")


def _exchange(secret: str) -> BaseResponse:
    token = current.tokens().identify(secret)
    if token is None:
        return _sign_in(refused=True)
    # The address without the token, so that it stays in no history and no screenshot.
    rest = [(key, value) for key, value in request.args.items(multi=True) if key != "token"]
    # One leading slash only: two would be the name of another host.
    path = "/" + request.path.lstrip("/")
    return _with_cookie(redirect(path + (f"?{urlencode(rest)}" if rest else ""), 303), token)


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


def _audit(response: Response) -> Response:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        log.info(
            "http.request",
            actor=g.get("actor", "anonymous"),
            method=request.method,
            path=request.path,
            status=response.status_code,
        )
    return response
