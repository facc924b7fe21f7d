"""The sentence behind every reason of a list: what, in which column, and how to mend it; zh and en."""

from __future__ import annotations

MESSAGES: dict[str, dict[str, str]] = {
    # The file
    "table_not_text": {
        "zh": "「{file}」不是表格。请上传 .xlsx、CSV 或 TSV 文件。",
        "en": "“{file}” is no table. Upload an .xlsx, CSV or TSV file.",
    },
    "table_one_file": {
        "zh": "一次导入一个表格文件，这里有 {files} 个。请分开导入，或合并到一个文件。",
        "en": "A list is one file, and these are {files}. Import them one by one, or put them into one file.",
    },
    "table_columns": {
        "zh": "「{file}」超过 {limit} 列。请去掉不导入的列。",
        "en": "“{file}” has more than {limit} columns. Take out those you do not import.",
    },
    "table_rows": {
        "zh": "「{file}」超过 {limit} 行。之前的内容已读出；请拆成几个文件。",
        "en": "“{file}” has more than {limit} rows. What comes before was read; split it into several files.",
    },
    "xls_old": {
        "zh": "「{file}」是旧版 Excel（.xls）文件，或者有密码，无法读取。请去掉密码，另存为 .xlsx 或 CSV。",
        "en": "“{file}” is an old Excel file (.xls) or has a password, and is not read. Take the password away and save it as .xlsx or CSV.",
    },
    "xlsx_broken": {
        "zh": "Excel 文件「{file}」已损坏。请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再试。",
        "en": "The Excel file “{file}” is broken. Open it in a spreadsheet program, save it as a new .xlsx and try again.",
    },
    "xlsx_texts": {
        "zh": "Excel 文件「{file}」里的文字超过 {limit_mib} MB。请另存为 CSV，CSV 不受这个限制。",
        "en": "The Excel file “{file}” holds more than {limit_mib} MB of text. Save it as CSV, which has no such limit.",
    },
    "sheet_empty": {
        "zh": "「{file}」的工作表「{sheet}」是空的。请选择另一张工作表。",
        "en": "The sheet “{sheet}” of “{file}” is empty. Choose another sheet.",
    },
    "sheet_unknown": {
        "zh": "没有名为「{sheet}」的工作表。现有：{sheets}。",
        "en": "There is no sheet named “{sheet}”. There are: {sheets}.",
    },
    # Rows and cells
    "key_empty": {
        "zh": "这一行没有可以认出成员的内容。请填写用来匹配的列（例如手机号或会员号）。",
        "en": "Nothing in this row says who it is about. Fill in a column by which members are found, such as the phone or the member number.",
    },
    "two_members": {
        "zh": "「{column}」指向成员「{first}」，「{other}」却指向「{second}」。如果是同一个人，请先合并两位成员；否则请修正其中一列。",
        "en": "“{column}” is that of {first}, “{other}” that of {second}. Merge the two members if they are one person, or mend one of the cells.",
    },
    "several_members": {
        "zh": "「{column}」同时属于 {members} 位成员（{names}），不知道是哪一位。请合并他们，或再加一列能区分的编号。",
        "en": "“{column}” is that of {members} members ({names}). Merge them, or add a column that tells them apart.",
    },
    "identity_held": {
        "zh": "{channel} 上的「{value}」已属于另一位成员。请修正这一格，或先合并两位成员。",
        "en": "“{value}” on {channel} belongs to another member. Mend the cell, or merge the two members first.",
    },
    "cell_refused": {
        "zh": "「{column}」的值「{value}」不能用：{why}",
        "en": "“{value}” cannot stand in “{column}”: {why}",
    },
    "phone_rounded": {
        "zh": "「{column}」的号码被表格软件变成了 {value}，后几位已丢失。请在表格里把这一列设为文本，再重新填写号码。",
        "en": "The number in “{column}” was turned into {value} by a spreadsheet program and has lost digits. Format the column as text and enter the number again.",
    },
    "phone_unreadable": {
        "zh": "「{column}」的「{value}」不是电话号码。请只保留一个号码，例如 13800138000 或 +86 138 0013 8000。",
        "en": "“{value}” in “{column}” is no phone number. Leave one number, such as 13800138000 or +86 138 0013 8000.",
    },
    "email_unreadable": {
        "zh": "「{column}」的「{value}」不是邮箱地址。请改成 name@example.com 这样的形式。",
        "en": "“{value}” in “{column}” is no e-mail address. Write it like name@example.com.",
    },
    "number_unreadable": {
        "zh": "「{column}」的「{value}」不是数字。请写成 1299 或 1,299.50。",
        "en": "“{value}” in “{column}” is no number. Write it like 1299 or 1,299.50.",
    },
    "count_unreadable": {
        "zh": "「{column}」的「{value}」不是件数。请写成 0、1、2 这样的整数。",
        "en": "“{value}” in “{column}” is no count. Write a whole number such as 0, 1 or 2.",
    },
    "date_unreadable": {
        "zh": "看不懂「{column}」的日期「{value}」。请写成 1990-05-17、1990/5/17 或 1990年5月17日。",
        "en": "The date “{value}” in “{column}” cannot be read. Write it as 1990-05-17, 1990/5/17 or 17 May 1990.",
    },
    "date_impossible": {
        "zh": "「{column}」里没有这样的日期：{value}。请修正；如果日和月颠倒了，请改选日期的顺序。",
        "en": "There is no such date in “{column}”: {value}. Mend it, or choose the other order if day and month have changed places.",
    },
    "tags_many": {
        "zh": "标签已有 {limit} 个，不能再新建「{value}」（「{column}」）。请合并或删除一些标签，或核对这一列是不是标签。",
        "en": "There are {limit} tags already, and “{value}” (“{column}”) cannot be made. Merge or remove some, or see whether the column holds tags.",
    },
    "boolean_unreadable": {
        "zh": "「{column}」的「{value}」看不出是与否。请写「是」或「否」。",
        "en": "“{value}” in “{column}” is neither yes nor no. Write yes or no.",
    },
    "moment_unreadable": {
        "zh": "看不懂「{column}」的时间「{value}」。请写成 2024-05-17 14:05:00 或 2024/5/17 14:05。",
        "en": "The time “{value}” in “{column}” cannot be read. Write it as 2024-05-17 14:05:00 or 2024/5/17 14:05.",
    },
    "order_id_empty": {
        "zh": "这一行没有订单号（「{column}」）。请补上，订单号用来认出同一笔订单。",
        "en": "This row has no order id (“{column}”). Fill it in: it tells the same order again.",
    },
    "order_id_long": {
        "zh": "「{column}」的订单号超过 {limit} 个字。请核对这一列是不是订单号。",
        "en": "The order id in “{column}” is longer than {limit} characters. Check that the column holds order ids.",
    },
    "order_time_empty": {
        "zh": "这一行没有时间（「{column}」）。请补上付款或下单的时间。",
        "en": "This row has no time (“{column}”). Fill in when it was paid or ordered.",
    },
    "order_amount_empty": {
        "zh": "这一行没有金额（「{column}」）。请补上；没有付钱的订单请填 0。",
        "en": "This row has no amount (“{column}”). Fill it in; write 0 where nothing was paid.",
    },
    "amount_negative": {
        "zh": "「{column}」的金额是负数（{value}）。退款请在状态列写「已退款」。",
        "en": "The amount in “{column}” is negative ({value}). A refund is said by the status column.",
    },
    "amount_too_large": {
        "zh": "「{column}」的金额太大（{value}）。请核对单位和列。",
        "en": "The amount in “{column}” is too large ({value}). Check its unit and the column.",
    },
    "currency_unknown": {
        "zh": "「{column}」的币种「{value}」不认识。请写成 CNY、USD 这样的三个字母。",
        "en": "The currency “{value}” in “{column}” is not known. Write its three letters, such as CNY or USD.",
    },
    "status_unknown": {
        "zh": "「{column}」的状态「{value}」不认识。请在选项里说明它是已付款、已退款还是不导入。",
        "en": "The status “{value}” in “{column}” is not known. Say among the choices whether it means paid, refunded or left out.",
    },
    "community_unknown": {
        "zh": "没有名为「{value}」的社群（「{column}」）。请先新建这个社群，或修正名称。",
        "en": "There is no community named “{value}” (“{column}”). Make it first, or mend the name.",
    },
    "community_empty": {
        "zh": "这一行没有写社群，也没有选择默认的社群。请补上，或在选项里选择一个。",
        "en": "This row names no community and none was chosen for such rows. Fill it in, or choose one.",
    },
    # What an undo had to leave
    "kept_member": {
        "zh": "成员「{member}」在导入之后又有了新的资料、消息或订单，所以留下了。",
        "en": "{member} has got new facts, messages or orders since the import, and stays.",
    },
    "kept_value": {
        "zh": "成员「{member}」的「{attribute}」在导入（{value}）之后又被修改，保留现在的值。",
        "en": "“{attribute}” of {member} was changed after the import had set it to {value}; it stays as it is now.",
    },
    "kept_name": {
        "zh": "成员「{member}」在导入时改名为「{name}」，之后又改过，保留现在的名字。",
        "en": "{member} was named {name} by the import and named anew since; the present name stays.",
    },
    "kept_identity": {
        "zh": "成员「{member}」在 {channel} 上的身份「{value}」在导入之后用过，所以留下了。",
        "en": "The identity “{value}” of {member} on {channel} was used since the import, and stays.",
    },
}
