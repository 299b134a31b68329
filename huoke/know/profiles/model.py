"""The fields a customer may fill in, and what is said of them; pure."""

from collections.abc import Mapping

import msgspec

from huoke.kernel.refusals import Conflict, Invalid

COMPLETED = "profile.completed"
"""The standard event of a profile in which nothing lacks any more."""


class Choice(msgspec.Struct, frozen=True):
    """A value as the bank's data hold it, and how it reads in English."""

    value: str
    en: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a customer may say: the trait it is told as, its attribute, its words, the values there are."""

    name: str
    label: str
    label_en: str
    choices: tuple[Choice, ...]


class OwnField(Field, frozen=True, kw_only=True):
    """A field with what stands in it; empty for nothing."""

    value: str


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's profile. `agreed`: the consent it is kept under stands; `text_version` is of the text shown now."""

    fields: list[OwnField]
    agreed: bool
    text_version: str

    @property
    def whole(self) -> bool:
        """Whether nothing lacks."""
        return bool(self.fields) and all(one.value for one in self.fields)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer filled in, by field; those left out or empty stay as they are. `agrees` gives the consent."""

    values: Mapping[str, str]
    agrees: bool = False


class ConsentMissing(Conflict):
    """Nothing is kept of what somebody says of themselves before they agree to what it is for (rule P1)."""

    code = "profiles.consent_missing"


class ValueUnfit(Invalid):
    """The field is not asked, or the value is none of its choices."""

    code = "profiles.value_unfit"


FIELDS = (
    Field(
        name="job",
        label="职业",
        label_en="Occupation",
        choices=(
            Choice("企业职员", "Office worker"),
            Choice("技术人员", "Engineer or technician"),
            Choice("服务业", "Services"),
            Choice("公务员", "Civil servant"),
            Choice("教师", "Teacher"),
            Choice("医护", "Health care"),
            Choice("个体经营", "Own business"),
            Choice("自由职业", "Freelance"),
            Choice("学生", "Student"),
            Choice("退休", "Retired"),
            Choice("其他", "Other"),
        ),
    ),
    Field(
        name="life_stage",
        label="人生阶段",
        label_en="Stage of life",
        choices=(
            Choice("学生", "Studying"),
            Choice("单身青年", "Single"),
            Choice("新婚", "Newly married"),
            Choice("育儿家庭", "With children"),
            Choice("成熟家庭", "Settled family"),
            Choice("空巢", "Children have left home"),
            Choice("退休", "Retired"),
        ),
    ),
    Field(
        name="contact_time",
        label="方便联系的时间",
        label_en="Best time to reach me",
        choices=(
            Choice("上午", "Morning"),
            Choice("下午", "Afternoon"),
            Choice("晚上", "Evening"),
            Choice("只发消息", "Messages only"),
        ),
    ),
)
"""The fields of the house, in the order of the form; values are those of the usual axes of the grid."""


def check(asked: Mapping[str, OwnField], said: Said) -> dict[str, str]:
    """What is to be kept of what was said; raises `ValueUnfit`."""
    kept = {name: value.strip() for name, value in said.values.items() if value.strip()}
    for name, value in kept.items():
        if name not in asked or value not in {one.value for one in asked[name].choices}:
            raise ValueUnfit("Choose one of the values of this field.", pointer=f"/values/{name}")
    return kept
