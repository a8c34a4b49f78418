from __future__ import annotations

import ssl
import stat
import sys
from pathlib import Path

import pytest

from tests.webui.front.authority import DAY_S, NOW_TS, Authority, pem_of, text
from webui.front.tls.certificate import FILE, LIFE_S, Certificates, CertificateUnfit


class Kept:
    """A folder of certificates, with the time told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now_ts = folder, NOW_TS
        self.certificates = self.opened()

    def opened(self) -> Certificates:
        made = Certificates(self.folder, lambda: (["box"], ["192.0.2.7"]), lambda: self.now_ts)
        made.open()
        return made

    @property
    def file(self) -> Path:
        return self.folder / FILE


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def test_there_is_one_from_the_first_start_on_and_its_key_is_for_nobody_else(kept: Kept) -> None:
    told = kept.certificates.describe()
    assert told.self_signed and told.names == ("box", "192.0.2.7") and told.to_ts == NOW_TS + LIFE_S
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert [path.name for path in kept.folder.iterdir()] == [FILE]


def test_the_next_start_finds_it(kept: Kept) -> None:
    assert kept.opened().describe() == kept.certificates.describe()


def test_what_reads_certificates_never_comes_into_the_server(kept: Kept) -> None:
    assert kept.certificates.context().minimum_version == ssl.TLSVersion.TLSv1_2
    assert "webui.front.tls.x509" not in sys.modules or "tests.webui.front.authority" in sys.modules


def test_a_file_that_cannot_be_used_is_kept_aside_and_a_new_one_made(kept: Kept) -> None:
    kept.file.write_text("half a fi")
    assert kept.opened().describe().self_signed
    assert kept.file.with_suffix(".unusable").read_text() == "half a fi"


def test_another_one_is_used_at_once(kept: Kept, authority: Authority) -> None:
    before = kept.certificates.context()
    told = kept.certificates.replace(text(authority.leaf(), authority.middle), pem_of(authority.key))
    assert told.issuer == "CN=Middle" and kept.certificates.context() is not before
    assert kept.opened().describe() == told


def test_what_is_refused_changes_nothing(kept: Kept, authority: Authority) -> None:
    before, context = kept.file.read_bytes(), kept.certificates.context()
    with pytest.raises(CertificateUnfit) as caught:
        kept.certificates.replace(text(authority.leaf()), pem_of(authority.root_key))
    assert (caught.value.code, caught.value.field) == ("certificate_key_mismatch", "key")
    assert kept.file.read_bytes() == before and kept.certificates.context() is context


def test_one_of_our_own_is_renewed_a_month_before_its_end_with_its_key(kept: Kept) -> None:
    first, key = kept.certificates.describe(), kept.file.read_text().partition("-----BEGIN CERT")[0]
    kept.now_ts = first.to_ts - 31 * DAY_S
    assert not kept.certificates.renew()
    kept.now_ts = first.to_ts - 29 * DAY_S
    assert kept.certificates.renew()
    assert kept.certificates.describe().to_ts == kept.now_ts + LIFE_S
    assert kept.file.read_text().startswith(key)


def test_one_from_elsewhere_is_not_replaced_when_it_ends(kept: Kept, authority: Authority, caplog) -> None:
    kept.certificates.replace(text(authority.leaf()), pem_of(authority.key))
    kept.now_ts = NOW_TS + 80 * DAY_S
    assert not kept.certificates.renew()
    assert "ends in 10 days" in caplog.text


def test_a_clock_that_was_never_set_does_not_make_certificates_that_end_too_soon(kept: Kept) -> None:
    kept.now_ts = 3600
    assert not kept.certificates.renew()
    told = kept.certificates.make_anew()
    assert told.from_ts == 0 and told.to_ts > NOW_TS + 10 * 365 * DAY_S


def test_one_of_our_own_can_be_had_back(kept: Kept, authority: Authority) -> None:
    kept.certificates.replace(text(authority.leaf()), pem_of(authority.key))
    assert kept.certificates.make_anew().self_signed
