import copy
import os
import struct
import sys
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.urls import reverse
from PIL import Image, ImageCms
from storages.backends.s3 import S3File

from accounts.models import User
from accounts.people import avatars, jobs
from accounts.people.avatars import NotAPicture, TooLarge, TooManyPixels, paint, validate_avatar
from accounts.people.jobs import paint_avatars
from accounts.people.services.avatars import StorageAway, change_avatar, files_of, remove_avatar
from infra.local.s3 import provide_bucket
from tests.factories import UserFactory

RED, BLUE, NEARLY = (200, 30, 30), (20, 40, 210), 12
UPSIDE_DOWN = 3
CAMERA = "A camera with a serial number"


def encoded(image, kind="PNG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(kind="PNG", color=RED, size=(90, 60), **options):
    return encoded(Image.new("RGB", size, color), kind, **options)


def two_halves(kind, **options):
    """Red above, blue below."""
    image = Image.new("RGB", (200, 200), RED)
    image.paste(BLUE, (0, 100, 200, 200))
    return encoded(image, kind, **options)


def upload(content, name="me.png"):
    return SimpleUploadedFile(name, content)


def png_of(width, height):
    """A PNG that says how large it is, and has next to nothing to show for it."""
    header, body = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), zlib.compress(bytes(4096))
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def exif(orientation=1):
    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010F] = CAMERA
    facts.get_ifd(0x8825)[2] = (35.0, 41.0, 22.0)  # where it was taken
    return facts.tobytes()


def painted(content, size=128):
    image = Image.open(BytesIO(paint(BytesIO(content))[size]))
    assert (image.format, image.size) == ("WEBP", (size, size))
    return image


def is_near(pixel, color):
    return all(abs(one - other) <= NEARLY for one, other in zip(pixel, color, strict=True))


def refusal(content, name="me.png"):
    with pytest.raises(ValidationError) as refused:
        validate_avatar(upload(content, name))
    return refused.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_each_kind_of_picture_becomes_three_squares(kind):
    content = picture(kind)

    validate_avatar(upload(content, "holiday.txt"))

    assert [painted(content, size).size for size in avatars.SIZES] == [(64, 64), (128, 128), (512, 512)]
    assert is_near(painted(content).getpixel((64, 64)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright_and_tells_nothing_of_its_camera_or_place(kind):
    content = two_halves(kind, exif=exif(UPSIDE_DOWN))
    assert CAMERA.encode() in content

    image = painted(content)

    assert is_near(image.getpixel((64, 20)), BLUE)
    assert is_near(image.getpixel((64, 108)), RED)
    for file in paint(BytesIO(content)).values():
        assert not Image.open(BytesIO(file)).getexif()
        assert CAMERA.encode() not in file


def test_comments_profiles_and_xmp_are_gone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta>who I am</x:xmpmeta>"

    image = painted(picture("JPEG", comment="who I am", icc_profile=profile, xmp=xmp))

    assert image.info.keys() <= {"loop", "background", "timestamp", "duration"}
    assert b"who I am" not in paint(BytesIO(picture("JPEG", comment="who I am", xmp=xmp)))[64]


def test_exif_that_is_broken_is_no_reason_to_refuse_a_picture():
    assert is_near(painted(picture("PNG", exif=b"nonsense")).getpixel((64, 64)), RED)


def test_the_middle_is_cut_out():
    image = Image.new("RGB", (300, 100), BLUE)
    image.paste(RED, (100, 0, 200, 100))

    square = painted(encoded(image))

    assert all(is_near(square.getpixel((x, 64)), RED) for x in (4, 64, 123))


def test_colours_are_those_of_the_pictures_own_profile():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = srgb.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")

    assert is_near(painted(picture(icc_profile=red_is_blue)).getpixel((64, 64)), RED[::-1])


def test_a_broken_profile_is_passed_over():
    assert is_near(painted(picture("PNG", icc_profile=b"nonsense")).getpixel((64, 64)), RED)


def test_a_picture_for_print_is_shown_in_the_colours_of_a_screen():
    content = encoded(Image.new("RGB", (80, 80), RED).convert("CMYK"), "JPEG", quality=95)

    image = painted(content)

    assert image.mode == "RGB"
    assert is_near(image.getpixel((64, 64)), RED)


GREYS = {"1": (255, 255), "L": (156, 156), "P": (156, 156), "LA": ((156, 255), 156), "I;16": (156 * 256, 156)}


@pytest.mark.parametrize("mode", GREYS)
def test_a_picture_in_few_colours_or_many_greys_is_one_too(mode):
    grey, expected = GREYS[mode]
    image = Image.new(mode, (80, 80), grey)
    if mode == "P":
        image.putpalette(bytes(range(256)) * 3, "RGB;L")

    square = painted(encoded(image)).convert("RGB")

    assert is_near(square.getpixel((64, 64)), (expected,) * 3)


def test_the_first_frame_of_a_moving_picture_is_the_picture():
    frames = [Image.new("RGB", (80, 80), color) for color in (RED, BLUE)]

    image = painted(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100))

    assert getattr(image, "n_frames", 1) == 1
    assert is_near(image.getpixel((64, 64)), RED)


def test_a_phones_picture_that_has_a_second_one_in_it_is_one_too():
    image = Image.new("RGB", (80, 80), RED)
    content = encoded(image, "MPO", save_all=True, append_images=[Image.new("RGB", (80, 80), BLUE)])

    validate_avatar(upload(content))

    assert is_near(painted(content).getpixel((64, 64)), RED)


def test_what_is_transparent_stays_so():
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 80, 40))

    square = painted(encoded(image))

    assert square.getpixel((64, 120))[3] == 0
    assert is_near(square.getpixel((64, 20)), (*RED, 255))


def test_a_page_behind_a_picture_is_gone_with_all_its_words():
    content = picture("JPEG") + b"<html><script>alert(1)</script>"

    validate_avatar(upload(content))

    assert all(b"script" not in file for file in paint(BytesIO(content)).values())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>" + picture("PNG"),
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("PNG")[:20],
        picture("WEBP")[:40],
        b"\xff\xd8\xff\xe0" + bytes(100),
    ],
    ids=["empty", "SVG", "HTML", "HTML before a PNG", "GIF", "BMP", "TIFF", "PNG's header", "WebP's header", "JPEG's"],
)
def test_what_is_no_picture_of_the_four_kinds_is_refused_whatever_it_is_called(content):
    assert refusal(content, "me.png").code == NotAPicture.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_a_picture_that_breaks_off_is_none(kind):
    image = Image.effect_noise((300, 300), 90).convert("RGB")
    content = encoded(image, kind)

    with pytest.raises(NotAPicture):
        paint(BytesIO(content[: len(content) // 2]))


@pytest.mark.parametrize("side", [5000, 12000, 40000])
def test_too_many_pixels_are_refused_from_the_header_alone(side, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("a pixel was loaded"))
    content = png_of(side, side)
    assert len(content) < 5000

    assert refusal(content).code == TooManyPixels.code
    with pytest.raises(TooManyPixels):
        paint(BytesIO(content))


def test_a_picture_of_20_megapixels_is_not_too_large():
    validate_avatar(upload(png_of(5000, 4000)))


def test_5_mb_are_taken_and_not_a_byte_more(settings):
    content = picture("JPEG")
    largest = content + bytes(settings.LARGEST_UPLOAD - len(content))

    validate_avatar(upload(largest))

    refused = refusal(largest + b"\0")
    assert refused.code == TooLarge.code
    assert "5" in refused.messages[0]


def test_a_large_photo_is_decoded_no_larger_than_needed(monkeypatch):
    decoded = []
    resize = Image.Image.resize

    def seen(image, *args, **options):
        decoded.append(image.size)
        return resize(image, *args, **options)

    monkeypatch.setattr(Image.Image, "resize", seen)

    paint(BytesIO(picture("JPEG", size=(5000, 4000))))

    assert decoded[0] == (2500, 2000)


# Kept files: a person, the storage, the job


@pytest.fixture
def bucket(settings):
    """One that no other test writes in."""
    name = f"test-{uuid.uuid4()}"
    provide_bucket(os.environ["AWS_ENDPOINT_URL"], name)
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["bucket_name"] = name
    settings.STORAGES = storages


@pytest.fixture
def person(db, bucket):
    return UserFactory()


def kept():
    return {item.key for item in default_storage.bucket.objects.all()}


@pytest.fixture
def cut_off(settings):
    """Call it, and the storage is away; call what it gives, and it is back."""

    def cut():
        there = settings.STORAGES
        away = copy.deepcopy(there)
        away["default"]["OPTIONS"] |= {
            "endpoint_url": "http://127.0.0.1:9",
            "client_config": Config(retries={"max_attempts": 0}),
        }
        settings.STORAGES = away
        return lambda: setattr(settings, "STORAGES", there)

    return cut


def change(person, content=None):
    change_avatar(user=person, file=upload(content or picture()))


def revisions(person):
    return User.objects.values_list("wall_revision", "public_revision").get(pk=person.pk)


def test_an_upload_is_kept_to_be_painted_and_pages_show_nothing_new_yet(person):
    before = revisions(person)

    change(person)

    assert kept() == {person.avatar_upload}
    assert person.avatar == ""
    assert revisions(person) == before


def test_the_type_that_a_sender_claims_is_not_kept(person):
    change_avatar(user=person, file=SimpleUploadedFile("me.html", picture(), content_type="text/html"))

    assert default_storage.bucket.Object(person.avatar_upload).content_type == "application/octet-stream"


def test_painting_leaves_three_pictures_and_no_original(person):
    change(person)
    before = revisions(person)

    assert paint_avatars() == 1

    person.refresh_from_db()
    assert person.avatar_upload == ""
    assert kept() == set(files_of(person)) == {f"avatars/{person.avatar}-{size}.webp" for size in (64, 128, 512)}
    assert revisions(person) == tuple(number + 1 for number in before)


def test_painting_again_does_nothing(person):
    change(person)
    paint_avatars()
    before = kept(), revisions(person)

    assert paint_avatars() == 0

    assert (kept(), revisions(person)) == before


def test_a_new_avatar_takes_the_place_of_the_former(person):
    for _ in range(2):
        change(person)
        paint_avatars()

    person.refresh_from_db()
    assert kept() == set(files_of(person))


def test_a_new_upload_takes_the_place_of_one_that_waits(person):
    change(person)
    change(person)

    assert kept() == {person.avatar_upload}


def test_without_an_avatar_one_has_initials_again(person):
    change(person)
    paint_avatars()
    change(person)
    before = revisions(person)

    remove_avatar(user=person)
    remove_avatar(user=person)

    person.refresh_from_db()
    assert (person.avatar, person.avatar_upload, person.avatar_is_unreadable) == ("", "", False)
    assert kept() == set()
    assert revisions(person) == tuple(number + 1 for number in before)


def test_one_persons_avatar_is_no_business_of_anothers(person):
    other = UserFactory()
    for somebody in (person, other):
        change(somebody)
    paint_avatars()

    remove_avatar(user=other)

    person.refresh_from_db()
    assert kept() == set(files_of(person))


def test_when_the_row_cannot_be_written_the_file_does_not_stay(person, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr("accounts.people.services.avatars._assign", fail)

    with pytest.raises(DatabaseError):
        change(person)

    assert kept() == set()


def test_a_file_that_breaks_off_is_said_to_be_unreadable_until_another_comes(person):
    change(person, encoded(Image.effect_noise((300, 300), 90))[:9000])

    assert paint_avatars() == 0

    person.refresh_from_db()
    assert (person.avatar_upload, person.avatar_is_unreadable) == ("", True)
    assert kept() == set()
    change(person)
    assert not person.avatar_is_unreadable


def test_an_original_that_is_gone_is_unreadable_and_leaves_the_former_avatar(person):
    change(person)
    paint_avatars()
    change(person)
    default_storage.delete(person.avatar_upload)

    assert paint_avatars() == 0

    person.refresh_from_db()
    assert person.avatar_is_unreadable
    assert kept() == set(files_of(person))


def test_one_persons_fault_does_not_stop_the_others(person, monkeypatch):
    change(person)
    other = UserFactory()
    change(other)
    faults = iter([ZeroDivisionError()])
    paint = jobs.paint

    def fail_once(file):
        for fault in faults:
            raise fault
        return paint(file)

    monkeypatch.setattr(jobs, "paint", fail_once)

    assert paint_avatars() == 1

    person.refresh_from_db()
    assert kept() == {person.avatar_upload, *files_of(User.objects.get(pk=other.pk))}


@pytest.mark.parametrize(
    "meanwhile",
    [change, lambda person: remove_avatar(user=person), lambda person: person.delete()],
    ids=["changed", "removed", "gone"],
)
def test_who_thinks_better_of_it_while_it_is_painted_gets_what_they_want(person, monkeypatch, meanwhile):
    change(person)
    paint = jobs.paint
    once = iter([meanwhile])

    def painting(file):
        for act in once:
            act(User.objects.get(pk=person.pk))
        return paint(file)

    monkeypatch.setattr(jobs, "paint", painting)

    assert paint_avatars() == 0

    waiting = User.objects.exclude(avatar_upload="").values_list("avatar_upload", flat=True)
    assert kept() == set(waiting)


@pytest.fixture
def killed(person, monkeypatch):
    """Somebody whose pictures a painter had made, but not hung, when it was killed."""
    change(person)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_hang", lambda pk, upload: sys.exit())
        with pytest.raises(SystemExit):
            paint_avatars()
    assert len(kept()) == 4
    return person


def test_after_a_kill_the_next_painter_leaves_no_file_too_many(killed):
    assert paint_avatars() == 1

    killed.refresh_from_db()
    assert kept() == set(files_of(killed))


def test_what_a_killed_painter_made_goes_with_its_original(killed):
    change(killed)

    assert kept() == {killed.avatar_upload}


@pytest.mark.django_db(transaction=True)
def test_two_painters_at_once_do_no_harm(bucket):
    people = [UserFactory() for _ in range(3)]
    for person in people:
        change(person)

    def paint_all(_):
        try:
            return paint_avatars()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as painters:
        count = sum(painters.map(paint_all, range(2)))

    assert count == 3
    assert kept() == {name for person in User.objects.all() for name in files_of(person)}
    assert len(kept()) == 9


def test_with_the_storage_away_an_upload_changes_nothing(person, cut_off):
    change(person)
    before = User.objects.values().get(pk=person.pk)
    cut_off()

    with pytest.raises(StorageAway):
        change(person)

    assert User.objects.values().get(pk=person.pk) == before


def test_with_the_storage_away_an_upload_waits_to_be_painted(person, cut_off):
    change(person)
    before = User.objects.values().get(pk=person.pk)
    back = cut_off()

    assert paint_avatars() == 0

    assert User.objects.values().get(pk=person.pk) == before
    back()
    assert paint_avatars() == 1


def test_a_storage_that_goes_away_between_two_pictures_leaves_all_to_the_next_time(person, cut_off, monkeypatch):
    change(person)
    keep, backs = jobs._keep, []

    def keep_one(name, picture):
        keep(name, picture)
        backs.append(cut_off())

    monkeypatch.setattr(jobs, "_keep", keep_one)
    assert paint_avatars() == 0
    monkeypatch.setattr(jobs, "_keep", keep)
    backs[0]()

    assert paint_avatars() == 1

    person.refresh_from_db()
    assert kept() == set(files_of(person))


def test_a_storage_that_breaks_off_is_not_taken_for_a_broken_picture(person, monkeypatch):
    def break_off(*args):
        raise ReadTimeoutError(endpoint_url="http://s3.test")  # an OSError, as Pillow's own are

    change(person)
    before = User.objects.values().get(pk=person.pk)
    monkeypatch.setattr(S3File, "read", break_off)

    assert paint_avatars() == 0

    assert User.objects.values().get(pk=person.pk) == before


def test_with_the_storage_away_one_has_initials_all_the_same(person, cut_off):
    change(person)
    paint_avatars()
    cut_off()

    remove_avatar(user=person)

    assert User.objects.get(pk=person.pk).avatar == ""


# The address of a picture


@pytest.fixture
def address(person):
    change(person)
    paint_avatars()
    person.refresh_from_db()
    return reverse("avatar", args=[person.avatar, 128])


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_picture_is_kept_for_ever_by_everybody(client, address, is_signed_in):
    if is_signed_in:
        client.force_login(UserFactory())

    answer = client.get(address)

    assert Image.open(BytesIO(answer.content)).size == (128, 128)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"public", "immutable"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "Vary" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize(("is_signed_in", "queries"), [(False, 0), (True, 1)])  # the session, for the CSRF middleware
def test_nobody_is_looked_up_for_a_picture(client, address, is_signed_in, queries, django_assert_num_queries):
    if is_signed_in:
        client.force_login(UserFactory())

    with django_assert_num_queries(queries):
        client.get(address)


def test_the_original_has_no_address(client, person):
    change(person)
    token = avatars.token_of(person.avatar_upload)

    for path in (person.avatar_upload, f"avatars/uploads/{token}-64.webp", f"avatars/{token}-64.webp"):
        assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize(
    "name", ["", f"{'0' * 32}-64.webp", f"{'0' * 31}-64.webp", f"{'G' * 32}-64.webp", "..%2Fuploads%2Fx-64.webp"]
)
def test_no_other_picture_is_found(client, person, name):
    assert client.get(f"/media/avatars/{name}").status_code == 404


@pytest.mark.parametrize("size", ["65", "0", "64%0A", "１２８", ""])
def test_a_picture_has_no_other_sizes(client, address, size):
    assert client.get(address.replace("-128", f"-{size}")).status_code == 404


def test_with_the_storage_away_a_picture_is_asked_for_again_later(client, address, cut_off):
    cut_off()

    answer = client.get(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "private, no-store"
