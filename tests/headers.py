"""What every answer says to the browser, whatever the address and whoever asks."""

from config import headers


def lacking(answer, *, static=False):
    """What an answer does not say."""
    said = {
        "Permissions-Policy": headers.PERMISSIONS,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    wrong = [name for name, value in said.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    wrong += ["CSP"] if "default-src 'none'" not in policy or "unsafe" in policy else []
    wrong += ["Referrer-Policy"] if answer.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer") else []
    wrong += ["X-Robots-Tag"] if not static and answer.headers.get("X-Robots-Tag") != "none" else []
    return wrong
