"""An address pasted in one piece fills the fields; what is uncertain is left empty and named."""

import pytest

from shops.shipping import pasted_address, regions
from tests.shops.orders.order_form import address, filled, text

YUELU = "湖南省长沙市岳麓区"
PASTED = [
    ("陈小禾 13700004821 湖南省长沙市岳麓区麓山路1号3栋502", YUELU, "麓山路1号3栋502", "陈小禾"),
    ("湖南省长沙市岳麓区麓山路1号 陈小禾 13700004821", YUELU, "麓山路1号", "陈小禾"),
    ("陈小禾13700004821湖南省长沙市岳麓区麓山路1号", YUELU, "麓山路1号", "陈小禾"),
    ("湖南省长沙市岳麓区麓山路1号陈小禾收13700004821", YUELU, "麓山路1号", "陈小禾"),
    (
        "收货人：陈小禾\n手机号码：137 0000 4821\n所在地区：湖南省 长沙市 岳麓区\n详细地址：麓山路1号",
        YUELU,
        "麓山路1号",
        "陈小禾",
    ),
    ("１３７００００４８２１，陈小禾，湖南省长沙市岳麓区麓山路１号", YUELU, "麓山路1号", "陈小禾"),
    ("长沙岳麓区麓山路1号，陈小禾，+86 137-0000-4821", YUELU, "麓山路1号", "陈小禾"),
    ("长沙岳麓 麓山路1号 陈先生 13700004821", YUELU, "麓山路1号", "陈先生"),
    ("陳小禾 13700004821 廣東省深圳市南山區科技園路 5 號", "广东省深圳市南山区", "科技園路 5 號", "陳小禾"),
    ("北京朝阳区建国路88号 李明 13700004821", "北京市朝阳区", "建国路88号", "李明"),
    ("北京市北京市海淀区中关村大街1号 王芳 13700004821", "北京市海淀区", "中关村大街1号", "王芳"),
    ("重庆市渝北区龙溪街道新牌坊1号 谭咏 13700004821", "重庆市渝北区", "龙溪街道新牌坊1号", "谭咏"),
    (
        "内蒙古呼和浩特市赛罕区大学西街235号 阿依古丽·买买提 13700004821",
        "内蒙古自治区呼和浩特市赛罕区",
        "大学西街235号",
        "阿依古丽·买买提",
    ),
    (
        "广西南宁青秀区民族大道100号 韦小宝 13700004821",
        "广西壮族自治区南宁市青秀区",
        "民族大道100号",
        "韦小宝",
    ),
    ("湖南湘西州凤凰县虹桥路7号 张三 13700004821", "湖南省湘西土家族苗族自治州凤凰县", "虹桥路7号", "张三"),
    ("凤凰县沱江镇虹桥路7号 张三 13700004821", "湖南省湘西土家族苗族自治州凤凰县", "沱江镇虹桥路7号", "张三"),
    ("广东省东莞市虎门镇太平路3号 刘洋 13700004821", "广东省东莞市虎门镇", "太平路3号", "刘洋"),
    ("南京东路100号 上海 黄浦区 赵敏 13700004821", "上海市黄浦区", "南京东路100号", "赵敏"),
]


@pytest.mark.parametrize(("typed", "region", "street", "name"), PASTED)
def test_every_part_is_put_where_it_belongs(typed, region, street, name):
    found = pasted_address.read(typed)
    assert (regions.format_region(*found.place), found.street, found.name, found.phone) == (
        region,
        street,
        name,
        "+8613700004821",
    )
    assert found.sentences == ["认出来的填好了，一样一样看一眼，不对就改。"]


def test_of_two_phones_the_first_is_taken_and_the_other_named():
    found = pasted_address.read("陈小禾 13700004821 长沙岳麓区麓山路1号 13800001234")
    assert (found.phone, found.others) == ("+8613700004821", ("+8613800001234",))
    assert "有几个手机号：填的是 137 0000 4821，没填的是 138 0000 1234，要用那个就自己改。" in found.sentences


def test_the_same_phone_twice_is_one_phone():
    assert pasted_address.read("13700004821 长沙岳麓区麓山路1号 137 0000 4821").others == ()


def test_a_landline_is_named_and_not_taken():
    found = pasted_address.read("王芳 010-62345678 北京市海淀区中关村大街1号")
    assert (found.phone, found.landlines) == ("", ("010-62345678",))
    assert "010-62345678 是座机，收不到短信，要填手机号。" in found.sentences
    assert "没认出来、要自己填的：手机号。" in found.sentences


@pytest.mark.parametrize(
    "typed", ["", "   ", "麻烦寄到我妈那里就行了谢谢你们的果子真好吃", "👍👍", "\x00", "。，；"]
)
def test_prose_fills_nothing_and_says_how_it_is_written(typed):
    found = pasted_address.read(typed)
    assert found.fields == {}
    assert found.sentences == ["没认出地址来。在下面一样一样填，或者照“姓名，手机号，省市区，门牌”再贴一遍。"]


def test_half_an_address_fills_half_and_names_the_rest():
    found = pasted_address.read("我住在长沙那边的一个小区")
    assert found.fields == {"province": "430000", "city": "430100", "county": ""}
    assert found.sentences[-1] == "没认出来、要自己填的：区县、详细地址、收货人、手机号。"


def test_a_county_of_a_name_that_many_have_is_not_guessed():
    assert pasted_address.read("鼓楼区中山路1号 李明 13700004821").place == ("", "", "")


def test_a_street_named_after_a_city_is_a_street():
    found = pasted_address.read("湖南 长沙路5号")
    assert (found.place, found.street) == (("430000", "", ""), "长沙路5号")


@pytest.mark.parametrize("typed", ["湖" * 5000, "湖南省长沙市" * 900, "1" * 5000, "陈小禾 " * 2000])
def test_five_thousand_letters_are_told_to_be_too_many(client, oranges, typed):
    page = text(client.post(address(oranges.shop), filled(oranges, do="paste", paste=typed)))
    assert "贴得太长了，最多 300 个字" in page
    assert typed[:200] in page
    assert 'value="陈小禾"' in page


def test_what_is_far_too_long_is_refused_before_it_is_cleaned(monkeypatch):
    cleaned = []
    monkeypatch.setattr(pasted_address, "tidy", lambda text, **_options: cleaned.append(text) or text)
    limit = 10 * pasted_address.LONGEST
    assert pasted_address.read("湖" * (limit + 1)).is_too_long
    assert cleaned == []
    assert pasted_address.read("湖" * limit).is_too_long
    assert len(cleaned) == 1


def test_without_scripts_the_button_fills_the_form_and_keeps_the_rest(client, oranges):
    typed = "李明 13900000002 廣東省深圳市南山區科技園路 5 號"
    body = filled(oranges, 2, do="paste", paste=typed, note="要大的", perishable_ok=None)
    page = text(client.post(address(oranges.shop), body))
    for seen in (
        'value="李明"',
        'value="139 0000 0002"',
        'value="科技園路 5 號"',
        '<option value="440000" selected>',
        '<option value="440305" selected>南山区</option>',
        'value="要大的"',
        "认出来的填好了",
        typed,
        "¥59.80",
    ):
        assert seen in page, seen
    assert "这一项要填" not in page


def test_a_paste_places_no_order(client, oranges):
    client.post(address(oranges.shop), filled(oranges, do="paste", paste="陈小禾 13700004821"))
    oranges.refresh_from_db()
    assert (oranges.order_lines.count(), oranges.stock) == (0, 10)
