"""Phone numbers as people write them."""

import pytest

from wad.core.errors import PhoneNumberError
from wad.core.phone import phone_number


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+79991234567", "79991234567"),
        ("79991234567", "79991234567"),
        ("+7 999 123-45-67", "79991234567"),
        ("+7 (999) 123.45.67", "79991234567"),
        ("  +1\u00a0555\u202f123\u20114567\t", "15551234567"),
        ("\u202a+49 30 901820\u202c", "4930901820"),
        ("+49/30/901820", "4930901820"),
        ("+84 912 345 678", "84912345678"),
        ("1234567", "1234567"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_taken(written, digits):
    """Only the digits matter, whatever people put between them."""
    assert digits == phone_number(written)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("", "7 to 15 digits"),
        ("+", "7 to 15 digits"),
        ("123456", "7 to 15 digits"),
        ("1234567890123456", "7 to 15 digits"),
        ("++79991234567", "7 to 15 digits"),
        ("7999+1234567", "7 to 15 digits"),
        ("+7999CALLME1", "7 to 15 digits"),
        ("\u0667\u0669\u0669\u0669\u0661\u0662\u0663\u0664", "7 to 15 digits"),
        ("0049 30 901820", "begins with 0"),
        ("030 901820", "begins with 0"),
        ("8 999 123-45-67", "put \\+7 in place of the 8"),
        (None, "must be a text"),
        (79991234567, "must be a text"),
        (["+79991234567"], "must be a text"),
        (True, "must be a text"),
    ],
)
def test_refused(written, hint):
    """What is no number with its country code is refused with what to do instead."""
    with pytest.raises(PhoneNumberError, match=hint):
        phone_number(written)


@pytest.mark.parametrize("written", ["799912", "0791234567890", "89991234567", "+7999CALLME1"])
def test_no_number_in_an_error(written):
    """An error may end up in a log: it never repeats the number."""
    with pytest.raises(PhoneNumberError) as caught:
        phone_number(written)

    assert written not in str(caught.value)
