"""Which passwords are refused, in which words; what anyone here would guess is no password however long it is."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from tests import make


@pytest.fixture
def holder(world):
    make.unit("T46", world.root, name="Viện kiểm sát nhân dân tỉnh Thừa Thiên Huế", seat="Huế")
    account = make.user("lyntt", full_name="Nguyễn Thị Thúy Lý")
    account.email, account.person.staff_code = "ly.nguyen@vks.example", "CB1234"
    return account


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [e.code for e in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "mười một con mèo",
        "con trâu gặm cỏ bờ đê",
        "kR7#vqLw2!zXbT",
        "sương sớm trên đồi chè",
        "tôi thích bún bò buổi sáng",
        "x" * 5 + " chim sẻ hót líu lo",
        "đường về quê xa lắm " * 6,  # 120 characters
    ],
)
def test_a_long_sentence_or_a_random_word_is_a_password(holder, password):
    assert refused(password, holder) == []


@pytest.mark.parametrize(
    "password",
    [
        "Thi-dua-2026",
        "thidua202612",
        "ThiDua@2026!!",
        "Vienkiemsat2025",
        "Viện kiểm sát nhân dân 2026",
        "V1enK13mSat2026!",
        "v!enk!emsat$2026",
        "VKSND.T46.2026",
        "vksndtc123456",
        "KhenThuong1985!",
        "ThuaThienHue2026",
        "Hue-Hue-Hue-2026",
        "nguyenthithuyly85",
        "NguyễnThịThúyLý@1985",
        "lyntt-lyntt-lyntt",
        "ly.nguyen@2026",
        "CB1234-CB1234!",
        "qwertyuiop12345",
        "1q2w3e4r5t6y",
        "abcdefghijkl2026",
        "matkhaucuatoi1",
        "P@ssw0rd@2026!",
        "admin@vksnd2026",
    ],
)
def test_what_anyone_here_would_guess_is_refused(holder, password):
    assert refused(password, holder) != []


def test_the_length_is_told_at_its_bounds(db):
    words = "sương sớm trên đồi chè "

    assert refused(words[:11]) == ["password_too_short"]
    assert refused(words[:12]) == []
    assert refused((words * 9)[:128]) == []
    assert refused((words * 9)[:129]) == ["password_too_long"]


def test_digits_alone_and_one_character_again_and_again_are_refused(db):
    assert refused("83920174652839") == ["password_numeric"]
    assert refused("zkzkzkzkzkzkzk") == ["password_repeats"]


def test_the_names_of_somebody_else_are_no_hindrance(world):
    assert refused("hồ thủ trưởng ăn phở gà trống", world.head) == []


@pytest.mark.django_db
def test_the_form_says_it_beside_the_field_in_the_register_of_the_house(world, client):
    client.force_login(world.head)
    fields = {"oldpassword": make.PASSWORD, "password1": "Vienkiemsat2026", "password2": "Vienkiemsat2026"}
    page = client.post("/accounts/password/change/", fields).content.decode()

    assert "Mật khẩu dễ đoán" in page and "chỉ đồng chí biết" in page
    assert world.head.check_password(make.PASSWORD)


@pytest.mark.parametrize(
    ("language", "strange"), [("vi", ("bạn", "password", "Nó ")), ("en", ("mật khẩu", "đồng chí"))]
)
def test_all_words_are_in_the_language_of_the_reader(db, language, strange):
    with translation.override(language):
        said = [str(text) for text in password_validators_help_texts()]
        for password in ("ngắn", "83920174652839", "zkzkzkzkzkzk", "ThiDua@2026!!", "password1234", "dài " * 40):
            try:
                validate_password(password)
            except ValidationError as error:
                said += error.messages

    assert len(said) > 6
    assert not [text for text in said if any(word in text for word in strange)]


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Hai mật khẩu mới không giống nhau"), ("en", "are not the same")]
)
def test_two_different_new_passwords_are_told_in_the_language_of_the_reader(world, client, language, words):
    client.force_login(world.head)
    client.cookies["django_language"] = language
    fields = {"oldpassword": make.PASSWORD, "password1": "con trâu gặm cỏ bờ đê", "password2": "con trâu gặm cỏ"}

    assert words in client.post("/accounts/password/change/", fields).content.decode()
