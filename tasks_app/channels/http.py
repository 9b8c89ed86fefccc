"""What every channel over HTTP shares: one POST for each letter, an exact verdict, and no secret in any word."""

import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from .letter import Letter, NotSentError, PerhapsSentError, RefusedError, UnreachableError

HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "reform-tracker"}
LONGEST_ANSWER = 16 * 1024  # bytes; the answers that we understand are shorter than 200
CUT = "……全文请登录系统查看"


@dataclass(frozen=True, repr=False)
class Post:
    """One request: where to, what, and what goes with it. It does not show itself: it holds keys."""

    url: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


class GatewayVerdict(NamedTuple):
    """What a code of refusal means for the letter, and what the office should know or do."""

    error: type[NotSentError] | type[RefusedError]
    meaning: str


class HttpChannel(ABC):
    """Posts letters over one session while it is open. A subclass says what is posted and what the codes mean."""

    name: str  # as the office knows it
    code_field: str  # where the answer holds its code; 0 is "taken"
    words_field: str  # where it says why not
    verdicts: Mapping[int, GatewayVerdict]  # what is known of the codes; any other one is tried again later
    secrets: tuple[str, ...]  # the settings of which nothing may ever be shown

    def __init__(self) -> None:
        self.session = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    @abstractmethod
    def post(self, letter: Letter) -> Post:
        """Return the request for this letter. Raises RefusedError when there is no such address."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises the errors of channels/letter.py."""
        post = self.post(letter)
        if not post.url:  # the row is older than the settings
            raise UnreachableError(f"{self.name}已不再配置")
        status, content = self._exchange(post)
        self._judge_status(status)
        self._judge_answer(content)

    def _exchange(self, post: Post) -> tuple[int, bytes]:
        """Post and return status and answer. Raises UnreachableError and PerhapsSentError."""
        body = _Body(post.content)
        try:
            with self.session.post(
                post.url,
                data=body,
                params=post.query,
                headers={**HEADERS, **post.headers},
                timeout=settings.HTTP_CHANNEL_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return answer.status_code, _beginning(answer) if answer.status_code == 200 else b""
        except (OSError, HTTPError, ValueError) as failure:
            why = _why(failure)
        # Raised only here: chained to the failure, it would carry the address with its key into the log.
        if body.has_left:
            raise PerhapsSentError(f"已交给{self.name}，但没有收到完整答复（{why}）")
        raise UnreachableError(f"连接不上{self.name}（{why}）")

    def _judge_status(self, status: int) -> None:
        answered = f"{self.name}答复 HTTP {status}"
        if status == 200:
            return
        if status == 504:  # somebody in between passed the letter on and then heard nothing
            raise PerhapsSentError(f"{answered}，中间的代理没有等到答复")
        if status == 429:
            raise UnreachableError(f"{answered}，发送过于频繁")
        if status in (502, 503):
            raise UnreachableError(f"{answered}，服务暂停")
        if status in (408, 425) or status >= 500:
            raise NotSentError(f"{answered}，服务出错")
        if status >= 300:  # an address or a key to mend: not the recipient's fault
            raise UnreachableError(f"{answered}，请检查配置的地址和密钥")
        raise PerhapsSentError(f"{answered}，不是约定的答复")

    def _judge_answer(self, content: bytes) -> None:
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            answer = None
        code = answer.get(self.code_field) if isinstance(answer, dict) else None
        if not isinstance(code, int) or isinstance(code, bool):
            # Not chained for the same reason as above: the answer may repeat what was posted.
            raise PerhapsSentError(f"已交给{self.name}，但看不懂它的答复")
        if code == 0:
            return
        error, meaning = self.verdicts.get(code, GatewayVerdict(NotSentError, "原因未知"))
        raise error(f"{self.name}没有接受：{meaning}（{code} {self._shown(answer.get(self.words_field))}）")

    def _shown(self, words: Any) -> str:
        """Return the other side's words fit to be stored: short, on one line, with nothing like a key in them."""
        text = " ".join(str(words or "").split())
        for secret in filter(None, (getattr(settings, name) for name in self.secrets)):
            for part in (secret, *(part for part in re.split(r"[/?&=]", secret) if len(part) >= 6)):
                text = text.replace(part, "***")
        # Keys and signatures also come back escaped or in part; no word for people is that long.
        return re.sub(r"[\w+/=%&?-]{16,}", "***", text, flags=re.ASCII)[:80]


class _Body:
    """The content of a request. `has_left` is false while the letter was certainly not taken.

    A connection is made and the headers are sent before the content is asked for.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.has_left = False

    def __len__(self) -> int:
        return len(self.content)

    def __iter__(self) -> Iterator[bytes]:
        self.has_left = True
        yield self.content


def _beginning(answer: requests.Response) -> bytes:
    content = b""
    for piece in answer.iter_content(4096):
        content += piece
        if len(content) > LONGEST_ANSWER:
            break
    return content


def _why(failure: Exception) -> str:
    """Name a failure in words of our own: those of the library contain the address."""
    if isinstance(failure, requests.exceptions.SSLError):
        return "加密连接没有建立，请检查对方的证书"
    if isinstance(failure, requests.exceptions.ProxyError):
        return "代理服务器不通"
    if isinstance(failure, requests.exceptions.Timeout):
        return f"{settings.HTTP_CHANNEL_TIMEOUT:g} 秒内没有应答"
    if isinstance(failure, ValueError):
        return "地址不正确"
    if type(failure) is OSError:  # the library's own, before it connects
        return "找不到 REQUESTS_CA_BUNDLE 所指的证书文件"
    return "网络不通或连接中断"


def as_json(payload: Mapping[str, Any]) -> bytes:
    """Return the payload as UTF-8; escaped, Chinese would take twice the bytes and 企业微信 refuses it."""
    return json.dumps(payload, ensure_ascii=False).encode()


def milliseconds() -> int:
    """Return the machine's time for a signature, which the other side compares with its own.

    The application's clock would not do: a demonstration stands still in another year.
    """
    return time.time_ns() // 1_000_000


def fitted(text: str, limit: int) -> str:
    """Return `text` in at most `limit` bytes of UTF-8, cut at the end of a line where there is one."""
    if len(text.encode()) <= limit:
        return text
    room = limit - len(f"\n{CUT}".encode())
    kept = text.encode()[:room].decode(errors="ignore")
    whole_lines = kept.rpartition("\n")[0]
    return f"{whole_lines.rstrip() or kept}\n{CUT}"
