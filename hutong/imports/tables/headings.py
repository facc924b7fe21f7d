"""What a column is, guessed from its heading (zh, en), and the order of day and month in its dates.

A target is written as text: `name`, `tags`, `identity:<channel>`, `attribute:<key>`, `new:<type>` (an attribute made by the
import, named as the column), and in lists of orders the names of `ORDER_FIELDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hutong.imports.formats.columns import date_order_of, plain_name

ORDER_FIELDS = ("order_id", "time", "amount", "currency", "product", "items", "status", "community")

_PEOPLE: dict[str, str] = {
    "name": "姓名 名字 名称 昵称 会员名 用户名 会员姓名 会员昵称 用户昵称 成员 客户 客户姓名 客户名称 真实姓名 顾客 name fullname realname nickname nick displayname username"
    " membername customername customer",
    "attribute:phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 手機 phone phonenumber mobile mobilephone mobilenumber tel telephone cell cellphone",
    "attribute:email": "邮箱 电子邮箱 电子邮件 邮件 邮箱地址 郵箱 email mail emailaddress",
    "attribute:gender": "性别 性別 gender sex",
    "attribute:birthday": "生日 出生日期 出生年月日 birthday birthdate dateofbirth dob",
    "attribute:city": "城市 所在城市 所在地 city town",
    "attribute:company": "公司 单位 工作单位 公司名称 company organization organisation employer",
    "attribute:title": "职位 职务 岗位 jobtitle position job",
    "attribute:language": "语言 語言 language locale",
    "attribute:time_zone": "时区 時區 timezone",
    "attribute:note": "备注 说明 備註 note notes remark remarks comment comments",
    "identity:user_id": "用户id 用户编号 会员id 会员号 会员编号 会员卡号 客户id 客户编号 成员id userid uid memberid membernumber customerid customernumber id 编号",
    "identity:wechat": "微信 微信号 微信id wechat wechatid wxid",
    "identity:qq": "qq qq号 qq号码",
    "identity:telegram": "telegram telegramid 电报",
    "identity:discord": "discord discordid",
}  # fmt: skip
_ORDERS: dict[str, str] = {
    "order_id": "订单号 订单编号 订单id 单号 交易号 流水号 訂單編號 orderid orderno ordernumber order ordersn transactionid",
    "time": "付款时间 支付时间 下单时间 订单时间 成交时间 交易时间 订单付款时间 订单创建时间 创建时间 时间 日期 下单日期 付款日期 paidat paidtime paymenttime orderdate ordertime"
    " createdat date time datetime purchasedate",
    "amount": "实付金额 实付款 实付 支付金额 付款金额 订单金额 成交金额 买家实际支付金额 总金额 总价 金额 amount total totalamount paidamount paid price ordertotal revenue",
    "currency": "币种 货币 currency currencycode",
    "product": "商品 商品名称 商品名 产品 产品名称 宝贝标题 商品标题 货品 product productname item itemname sku",
    "items": "数量 件数 商品数量 购买数量 宝贝总数量 quantity qty items count itemcount",
    "status": "状态 订单状态 支付状态 交易状态 status orderstatus paymentstatus financialstatus state",
    "community": "社群 所属社群 来源社群 community",
    "name": "收货人 收货人姓名 买家 买家昵称 买家姓名 买家会员名 buyer buyername receiver",
    "attribute:phone": "收货人手机 收货人电话 买家手机 联系手机 buyerphone",
    "attribute:email": "买家邮箱 buyeremail",
    "identity:user_id": "买家id 买家编号 buyerid",
}  # fmt: skip
TAG_HEADINGS = frozenset("标签 标签名 標籤 tag tags label labels".split())


def _spelled(table: dict[str, str]) -> dict[str, str]:
    return {plain_name(name): target for target, names in table.items() for name in names.split()}


_OF_PEOPLE = _spelled(_PEOPLE)
_OF_ORDERS = _spelled(_ORDERS)


def guess(kind: str, columns: Sequence[str], *, custom: dict[str, str], has_tags: bool) -> dict[str, str]:
    """Column -> target for the headings that are understood, each target once. `custom`: plain name -> key of the attributes there are."""
    found: dict[str, str] = {}
    for column in columns:
        name = plain_name(column)
        target = (_OF_ORDERS.get(name) if kind == "orders" else None) or _OF_PEOPLE.get(name)
        if target is None and kind == "members":
            if name in custom:
                target = f"attribute:{custom[name]}"
            elif has_tags and name in TAG_HEADINGS:
                target = "tags"
        if kind == "orders" and target is not None and target.startswith("attribute:") and target not in ("attribute:phone", "attribute:email"):
            target = None  # what is said of a person is a matter of a list of members
        if target is not None and target not in found.values():
            found[column] = target
    return found


def date_order(cells: Iterable[str]) -> tuple[str | None, bool]:
    """The order of day and month, and whether it stays open."""
    return date_order_of(cells)


_STATUS_WORDS: dict[str, str] = {
    "paid": "已付款 已支付 支付成功 付款成功 已完成 完成 交易成功 交易完成 成功 已发货 待发货 已收货 已签收 待收货 待评价 已评价 paid completed complete success succeeded shipped"
    " fulfilled delivered processing",
    "refunded": "已退款 退款成功 全额退款 退款完成 已退货 refunded refund returned chargedback",
    "skip": "待付款 未付款 未支付 待支付 等待买家付款 已取消 取消 已关闭 交易关闭 关闭 支付失败 失败 unpaid pending cancelled canceled cancel closed failed voided expired draft",
}  # fmt: skip
_STATUSES = {plain_name(word): status for status, words in _STATUS_WORDS.items() for word in words.split()}


def status_guess(word: str) -> str | None:
    """What an order of that status is here: `paid`, `refunded`, `skip`; None where the word is not known."""
    return _STATUSES.get(plain_name(word))
