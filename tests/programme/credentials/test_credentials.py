"""A certificate as a signed file: another's verifier accepts it, and refuses it altered, of another key, or revoked."""

import hashlib
import json
import re
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.urls import reverse
from openvc import VerificationPolicy, verify_credential
from openvc.did.base import DidResolverRegistry
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.errors import KeyResolutionFailed
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.errors import SignatureInvalid
from openvc.resolvers import default_status_list_resolver
from openvc.status import CredentialRevoked
from openvc.status.bitstring import decode_bitstring
from pyld.jsonld import JsonLdError

from accounts.people import closure
from programme.certificates import issuance
from programme.credentials import badges, keys, signature, status
from programme.models import Certificate, Credential, IssuerKey
from tests.programme.certificates.worlds import finish, make_certificate, make_class

pytestmark = pytest.mark.django_db
POLICY = VerificationPolicy(expected_types=["OpenBadgeCredential"], require_status_issuer_binding=True)
BADGES = {signature.OPEN_BADGES: signature.read_context(signature.OPEN_BADGES)}


@pytest.fixture
def cohort(trainer, trainee, village):
    return make_class(trainer, village, trainee)


@pytest.fixture
def issued(cohort, trainee, trainer) -> Certificate:
    finish(trainee, cohort, trainer)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    return made


@pytest.fixture
def made(issued, rf) -> Credential:
    return badges.make_credential(rf.get("/"), issued, names_holder=True)


@pytest.fixture
def verify(client):
    """Return a verifier that is not ours; what it asks of the network is asked of this site."""

    def fetch(url: str) -> str:
        answer = client.get(urlsplit(url).path)
        assert answer.status_code == 200, url
        return answer.text

    known = DidResolverRegistry([DidKeyResolver(), DidWebResolver(lambda url: json.loads(fetch(url)))])
    lists = default_status_list_resolver(resolver=known, fetch=fetch)

    def check(document):
        return verify_credential(
            document, resolver=known, resolve_status_list=lists, policy=POLICY, extra_contexts=BADGES
        )

    return check


def read(made: Credential) -> dict:
    return json.loads(made.document)


# --- signing ---


def test_another_verifier_accepts_it_with_the_keys_and_the_list_of_this_site(made, issued, verify):
    found = verify(read(made))
    assert (found.format, found.issuer) == ("data-integrity:eddsa-rdfc-2022", "did:web:testserver")
    assert (found.status.revoked, [one.entry.index for one in found.status.entries]) == (False, [issued.pk])


@pytest.mark.parametrize("letter", [0, 1, 2])
def test_one_letter_changed_is_refused(made, verify, letter):
    name = "田巧云"
    altered = made.document.replace(name, name[:letter] + "王" + name[letter + 1 :])
    assert altered != made.document
    with pytest.raises(SignatureInvalid):
        verify(json.loads(altered))


@pytest.mark.parametrize(
    ("old", "new"), [('"creditsEarned": 43', '"creditsEarned": 44'), ("revocation", "suspension")]
)
def test_changed_hours_or_status_are_refused(made, verify, old, new):
    assert old in made.document
    with pytest.raises(SignatureInvalid):
        verify(json.loads(made.document.replace(old, new)))


def test_what_another_key_signed_is_refused(made, verify):
    other, document = Ed25519PrivateKey.generate(), read(made)
    proof = document.pop("proof")
    forged = signature.sign(document, other, proof["verificationMethod"], made.made_at)
    with pytest.raises(SignatureInvalid):
        verify(forged)
    unknown = f"did:web:testserver#{keys.encode_public(other)}"
    with pytest.raises(KeyResolutionFailed):
        verify(signature.sign(document, other, unknown, made.made_at))


def test_it_is_checked_without_the_network_by_the_printed_key(made, client):
    page = client.get(reverse("programme:credentials")).text
    [printed] = re.findall(r"did:key:(z6Mk\w+)", page)
    [method] = DidKeyResolver().resolve(f"did:key:{printed}").verification_methods
    suite = DataIntegrityProofSuite()
    suite.verify(read(made), public_key_jwk=method.public_key_jwk, extra_contexts=BADGES)
    other = Ed25519PrivateKey.generate()
    [wrong] = DidKeyResolver().resolve(f"did:key:{keys.encode_public(other)}").verification_methods
    with pytest.raises(SignatureInvalid):
        suite.verify(read(made), public_key_jwk=wrong.public_key_jwk, extra_contexts=BADGES)
    assert read(made)["proof"]["verificationMethod"] == f"did:web:testserver#{printed}"


@pytest.mark.long
def test_revoked_certificate_is_shown_as_that(made, issued, trainer, verify):
    verify(read(made))
    issuance.revoke_certificate(trainer, issued, "登错了人")
    with pytest.raises(CredentialRevoked):
        verify(read(made))


@pytest.mark.long
def test_reissued_certificate_revokes_the_file_of_the_first_alone(made, issued, trainer, verify, rf):
    new = issuance.reissue_certificate(trainer, issued, "田巧芸", "错了一个字")
    second = badges.make_credential(rf.get("/"), new, names_holder=True)
    with pytest.raises(CredentialRevoked):
        verify(read(made))
    assert verify(read(second)).status.revoked is False


def test_words_of_people_are_nothing_but_words(issued, verify, rf):
    """A name is text in the signed document, whatever it looks like; it never becomes a term or an address."""
    issued.name = '"}], "@context": "https://evil.example/", "@id": "_:b0'
    issued.class_name, issued.course_title, issued.place_name = "did:web:evil", "@type", "_:c14n0"
    issued.save()
    document = read(badges.make_credential(rf.get("/"), issued, names_holder=True))
    verify(document)
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == issued.name


def test_no_context_is_loaded_from_elsewhere():
    with pytest.raises(signature.NotBundled):
        signature.load_context("https://www.w3.org/ns/credentials/v1")
    with pytest.raises(JsonLdError) as refused:
        signature.canonise({"@context": "https://evil.example/context", "id": "urn:x"})
    cause: BaseException | None = refused.value
    while cause and not isinstance(cause, signature.NotBundled):
        cause = cause.__cause__ or cause.__context__
    assert str(cause) == "https://evil.example/context"
    text = (signature.FOLDER / "README.md").read_text()
    for address, name in signature.FILES.items():
        digest = hashlib.sha256((signature.FOLDER / name).read_bytes()).hexdigest()
        assert f"| `{name}` | {address} | `{digest}` |" in text


# --- what it says ---


def test_it_keeps_what_was_printed_and_no_number(made, issued, trainee):
    document = read(made)
    subject = document["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "田巧云"
    assert (subject["licenseNumber"], subject["term"], subject["creditsEarned"]) == (
        issued.serial,
        "石榴冲一班",
        43,
    )
    achievement = subject["achievement"]
    assert (achievement["name"], achievement["version"]) == (issued.course_title, str(issued.course_version))
    assert achievement["criteria"]["narrative"] == "共 43 学时，课程学完，测验和彩排合格，准予结业。"
    assert document["validFrom"] == signature.write_moment(issued.issued_at)
    assert trainee.phone.national_number is not None
    assert str(trainee.phone.national_number) not in made.document


@pytest.mark.long
def test_phone_is_hashed_with_a_salt_that_the_file_does_not_hold(issued, trainee, rf, verify):
    made = badges.make_credential(rf.get("/"), issued, names_holder=False)
    verify(read(made))
    [holder] = read(made)["credentialSubject"]["identifier"]
    digest = hashlib.sha256(f"{trainee.phone}{made.salt}".encode()).hexdigest()
    assert holder == {
        "type": "IdentityObject", "hashed": True, "identityHash": f"sha256${digest}", "identityType": "ext:phone",
    }  # fmt: skip
    assert len(made.salt) == 24
    for secret in (made.salt, "田巧云", str(trainee.phone)[3:]):
        assert secret not in made.document


@pytest.mark.both_databases
def test_made_again_it_replaces_the_one_before(made, issued, rf, trainer):
    again = badges.make_credential(rf.get("/"), issued, names_holder=False)
    assert list(Credential.objects.values_list("pk", "names_holder")) == [(again.pk, False)]
    issuance.revoke_certificate(trainer, issued, "登错了人")
    with pytest.raises(badges.NotPossible):
        badges.make_credential(rf.get("/"), issued, names_holder=True)


@pytest.mark.long
def test_who_is_erased_is_in_no_file(made, trainee):
    closure.close_account(trainee)
    assert not Credential.objects.exists()


# --- keys ---


@pytest.mark.long
def test_earlier_keys_stay_in_the_document_and_keep_what_they_signed(made, issued, rf, verify, client):
    call_command("rotate_issuer_key")
    new = badges.make_credential(rf.get("/"), issued, names_holder=True)
    first, second = IssuerKey.objects.order_by("pk")
    assert (first.retired_at is None, second.retired_at is None) == (False, True)
    assert (verify(read(made)).issuer, new.issuer_key) == ("did:web:testserver", second)
    verify(read(new))
    document = client.get("/.well-known/did.json").json()
    assert document["assertionMethod"] == [f"did:web:testserver#{key.public}" for key in (second, first)]


def test_key_that_leaked_takes_its_files_along(made, issued, verify, client):
    call_command("rotate_issuer_key", drop_old=True)
    assert not Credential.objects.exists()
    assert len(client.get("/.well-known/did.json").json()["verificationMethod"]) == 1
    with pytest.raises(KeyResolutionFailed):
        verify(read(made))


@pytest.mark.long
def test_changed_secret_key_replaces_the_key_and_harms_no_file(made, issued, verify, settings, client):
    before = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert (keys.replace_lost_key(), IssuerKey.objects.count()) == (0, 1)
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(status.build_url(client.get("/credentials/").wsgi_request, 0)).status_code == 503
    assert (keys.replace_lost_key(), IssuerKey.objects.count()) == (1, 2)
    verify(read(made))


def test_keys_are_written_as_the_specifications_write_them():
    # draft-msporny-base58, and the key pair of the examples of https://www.w3.org/TR/vc-di-eddsa/.
    assert keys.encode_base58(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert keys.encode_base58(bytes.fromhex("0000287fb4cd")) == "z11233QC4"
    seed = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
    public = keys.encode_public(Ed25519PrivateKey.from_private_bytes(seed))
    assert public == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


# --- the list of what was revoked ---


@pytest.mark.both_databases
def test_list_has_the_bits_of_the_revoked_alone_and_changes_with_them(
    client, made, issued, cohort, trainer, django_assert_max_num_queries
):
    [one, two] = [make_certificate(trainer, cohort, course_version=n) for n in (2, 3)]
    issuance.revoke_certificate(trainer, two, "发错了")
    url = reverse("programme:credential_status", args=[0])
    first = client.get(url)
    bits = decode_bitstring(json.loads(first.text)["credentialSubject"]["encodedList"])
    assert len(bits) * 8 == 131_072
    assert [n for n in range(131_072) if bits[n // 8] >> (7 - n % 8) & 1] == [two.pk]
    with django_assert_max_num_queries(2):
        assert client.get(url).content == first.content
    issuance.revoke_certificate(trainer, one, "发错了")
    assert (
        json.loads(client.get(url).text)["credentialSubject"] != json.loads(first.text)["credentialSubject"]
    )
    assert first["Access-Control-Allow-Origin"] == "*"
    for beyond in (1, 10**30):
        assert client.get(f"/credentials/status/{beyond}/").status_code == 404


def test_certificate_beyond_the_first_list_has_its_bit_in_the_next(cohort, trainer, rf):
    far = make_certificate(trainer, cohort, pk=131_072 * 2 + 7)
    issuance.revoke_certificate(trainer, far, "发错了")
    keys.require_signing_key()
    entry = status.describe_status(rf.get("/"), far)
    assert (entry["statusListIndex"], entry["statusListCredential"]) == (
        "7",
        "http://testserver/credentials/status/2/",
    )
    encoded = json.loads(status.get_list(rf.get("/"), 2))["credentialSubject"]["encodedList"]
    assert decode_bitstring(encoded)[0] == 0x01


# --- pages ---


@pytest.mark.long
def test_holder_makes_it_downloads_it_and_lets_others_download_it(client, issued, trainee):
    client.force_login(trainee)
    url = reverse("programme:credential_make", args=[issued.key])
    file = reverse("programme:credential", args=[issued.key])
    public = reverse("programme:verify_credential", args=[issued.code])
    assert client.get(file).status_code == 404
    assert "选一样。" in client.post(url, {}).text
    page = client.post(url, {"holder": "name"}, follow=True).text
    assert "文件里写着你的姓名。" in page
    answer = client.get(file)
    assert answer["Content-Disposition"] == f'attachment; filename="{issued.serial}.json"'
    assert answer.content.decode() == issued.credential.document
    shown = {"shows_course": "on", "shows_credential": "on"}
    for fields, code in (({}, 404), (shown, 404), (shown | {"shows_name": "on"}, 200)):
        client.post(issued.get_absolute_url(), fields)
        assert client.get(public).status_code == code
        assert (public in client.get(issued.verify_path).text) is (code == 200)
    client.post(url, {"holder": "phone"})
    client.post(issued.get_absolute_url(), shown)
    assert client.get(public).status_code == 200
    salt = Credential.objects.get().salt
    assert salt in client.get(issued.get_absolute_url()).text
    client.logout()
    assert salt not in client.get(issued.verify_path).text
    assert client.get(public).status_code == 200


@pytest.mark.long
def test_nobody_else_makes_or_takes_it(client, issued, made, trainer, organiser, stranger):
    for person in (trainer, organiser, stranger):
        client.force_login(person)
        for name in ("credential_make", "credential"):
            assert client.get(reverse(f"programme:{name}", args=[issued.key])).status_code == 404


@pytest.mark.long
def test_making_too_many_is_said(client, issued, trainee, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"credential": "1/h/user"}
    client.force_login(trainee)
    url = reverse("programme:credential_make", args=[issued.key])
    client.post(url, {"holder": "name"})
    page = client.post(url, {"holder": "phone"}, follow=True).text
    assert "做得太多了，过一个小时再来。" in page
    assert Credential.objects.get().names_holder
