"""What can be wrong with a key that somebody wrote, and with its value."""

from __future__ import annotations

from publisher.model.problem import Fault, Severity

UNKNOWN = Fault(
    "keys/unknown",
    Severity.ERROR,
    "There is no key “{name}”.",
    "The keys here are: {names}.",
)
UNKNOWN_NEAR = Fault(
    "keys/unknown-near",
    Severity.ERROR,
    "There is no key “{name}”; “{nearest}” is near.",
    "Write {nearest} if that is what you mean, or delete the line.",
)
MISSING = Fault(
    "keys/missing",
    Severity.ERROR,
    "The key “{name}” is missing.",
    "Write a line that begins with {name} here.",
)
TWICE = Fault(
    "keys/twice",
    Severity.ERROR,
    "The key “{name}” is written a second time; it stands on line {line} already.",
    "Keep one of the two lines.",
)
NOT_TEXT = Fault(
    "keys/not-text",
    Severity.ERROR,
    "“{name}” has to be a line of text.",
    "Write one value behind the key, in quotation marks if it holds special characters.",
)
NOT_LIST = Fault(
    "keys/not-list",
    Severity.ERROR,
    "“{name}” has to be a list.",
    "Write the entries in square brackets, with commas between them.",
)
NOT_TABLE = Fault(
    "keys/not-table",
    Severity.ERROR,
    "“{name}” has to be a group of keys.",
    "Write its keys with their values beneath it.",
)
NOT_NUMBER = Fault(
    "keys/not-number",
    Severity.ERROR,
    "“{name}” has to be a number, and {value} is none.",
    "Write digits, without quotation marks and without a unit.",
)
NOT_BOOLEAN = Fault(
    "keys/not-boolean",
    Severity.ERROR,
    "“{name}” has to be true or false, and {value} is neither.",
    "Write true or false, without quotation marks.",
)
NOT_ONE_OF = Fault(
    "keys/not-one-of",
    Severity.ERROR,
    "“{name}” cannot be “{value}”.",
    "Write one of: {expected}.",
)
EMPTY = Fault(
    "keys/empty",
    Severity.ERROR,
    "“{name}” is empty.",
    "Write its value behind the key.",
)
LINE_BREAK = Fault(
    "keys/line-break",
    Severity.WARNING,
    "“{name}” has a line break in it; readers get a space in its place.",
    "Write it on one line.",
)
TOO_LONG = Fault(
    "keys/too-long",
    Severity.ERROR,
    "“{name}” is longer than {limit} characters.",
    "Make it shorter.",
)
TOO_SMALL = Fault(
    "keys/too-small",
    Severity.ERROR,
    "“{name}” is {value}; the least allowed is {limit}.",
    "Write a larger number.",
)
TOO_LARGE = Fault(
    "keys/too-large",
    Severity.ERROR,
    "“{name}” is {value}; the most allowed is {limit}.",
    "Write a smaller number.",
)
FORM = Fault(
    "keys/form",
    Severity.ERROR,
    "“{name}” is not written in the form that is asked for: {value}",
    "Compare it with the example in the reference of the keys.",
)
INVALID = Fault(
    "keys/invalid",
    Severity.ERROR,
    "“{name}” cannot have this value: {value}",
    "Compare it with the example in the reference of the keys.",
)

BY_KIND = {
    "string_type": NOT_TEXT,
    "list_type": NOT_LIST,
    "tuple_type": NOT_LIST,
    "dict_type": NOT_TABLE,
    "model_type": NOT_TABLE,
    "model_attributes_type": NOT_TABLE,
    "int_type": NOT_NUMBER,
    "int_parsing": NOT_NUMBER,
    "int_from_float": NOT_NUMBER,
    "float_type": NOT_NUMBER,
    "float_parsing": NOT_NUMBER,
    "bool_type": NOT_BOOLEAN,
    "bool_parsing": NOT_BOOLEAN,
    "literal_error": NOT_ONE_OF,
    "enum": NOT_ONE_OF,
    "string_too_short": EMPTY,
    "string_too_long": TOO_LONG,
    "greater_than_equal": TOO_SMALL,
    "greater_than": TOO_SMALL,
    "less_than_equal": TOO_LARGE,
    "less_than": TOO_LARGE,
    "string_pattern_mismatch": FORM,
}

KOREAN_KEYS = {
    "제목": "title",
    "부제": "deck",
    "상태": "status",
    "필자": "byline",
    "글쓴이": "byline",
    "작성자": "byline",
    "태그": "tags",
    "해시태그": "tags",
    "공개": "access",
    "발행일": "publish_at",
    "발행": "publish_at",
    "메일 제목": "subject",
    "미리보기": "preheader",
    "요약": "summary",
    "예고": "teaser",
    "다음 화 예고": "teaser",
    "표지": "cover",
    "커버": "cover",
    "종류": "kind",
    "정정": "corrections",
    "출처": "source",
    "설명": "description",
    "대체 텍스트": "alt",
    "subtitle": "deck",
    "date": "publish_at",
    "author": "byline",
    "description": "summary",
    "excerpt": "summary",
    "image": "cover",
    "draft": "status",
    "categories": "tags",
    "visibility": "access",
}
"""What editors write who know another system, or Korean, and the key they mean."""
