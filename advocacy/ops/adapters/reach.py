"""Can this machine reach what it needs."""

from __future__ import annotations

import smtplib
import ssl

import requests

from advocacy.core.settings import Mail

WAIT_S = 3.0


def smtp_problem(mail: Mail) -> str | None:
    """Why the mail server cannot be reached, or ``None``; nothing is sent."""
    try:
        with smtplib.SMTP(mail.host, mail.port, timeout=WAIT_S) as connection:
            code, _ = connection.ehlo()
            if not 200 <= code < 300:  # noqa: PLR2004 - SMTP's class of success
                return f"answers {code}"
            if not mail.starttls:
                return None
            if not connection.has_extn("starttls"):
                return "does not offer STARTTLS"
            code, _ = connection.starttls(context=ssl.create_default_context())
            return None if code == 220 else f"answers {code} to STARTTLS"  # noqa: PLR2004 - RFC 3207
    except ssl.SSLCertVerificationError:
        return "shows a certificate that cannot be trusted"
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__


def site_problem(base_url: str) -> str | None:
    """Why the site does not answer under its own address, or ``None``."""
    try:
        answer = requests.get(f"{base_url}/healthz", timeout=WAIT_S, allow_redirects=False)
    except requests.RequestException as error:
        return type(error).__name__
    return None if answer.status_code == 200 and answer.text == "ok" else f"answers {answer.status_code}"  # noqa: PLR2004
