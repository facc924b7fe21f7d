"""The sentence behind every code of a FileError or Reject: what, where, and how to mend it; zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MESSAGES: dict[str, dict[str, str]] = {
    # The file as a whole
    "file_unreadable": {
        "zh": "无法读取文件「{file}」（{reason}）。请重新上传。",
        "en": "The file “{file}” cannot be read ({reason}). Upload it again.",
    },
    "file_empty": {
        "zh": "文件「{file}」是空的。请重新导出后再试。",
        "en": "The file “{file}” is empty. Export it again.",
    },
    "format_unknown": {
        "zh": "认不出文件「{file}」的格式。请上传聊天软件导出的原始文件，或另存为首行是列名的 CSV。",
        "en": "“{file}” is of no known format. Use the file as the chat app exported it, or save it as CSV with column names in the first row.",
    },
    "format_unknown_name": {
        "zh": "没有名为「{format}」的格式。请从列出的格式中选择。",
        "en": "There is no format named “{format}”. Choose one of those listed.",
    },
    "not_text": {
        "zh": "「{file}」不是文本文件。请上传聊天记录的文本、JSON、CSV 或 zip；Excel 表格请先另存为 CSV。",
        "en": "“{file}” is not text. Upload the chat history as text, JSON, CSV or zip; save an Excel sheet as CSV first.",
    },
    "encoding_unknown": {
        "zh": "认不出文件「{file}」的文字编码（第 {byte} 字节处出错）。能自动识别 UTF-8、UTF-16 和 GB18030（GBK）；其他编码请手动选择，或另存为 UTF-8。",
        "en": "The text encoding of “{file}” is not recognised (it breaks at byte {byte}). UTF-8, UTF-16 and GB18030 (GBK) are found by themselves; choose another by hand or save the file as UTF-8.",
    },
    "encoding_unknown_name": {
        "zh": "不支持编码「{encoding}」。请选择列出的编码，例如 utf-8、gb18030、utf-16、big5。",
        "en": "The encoding “{encoding}” is not supported. Choose one of those listed, such as utf-8, gb18030, utf-16 or big5.",
    },
    "encoding_broken": {
        "zh": "文件「{file}」从第 {byte} 字节起不再是 {encoding} 编码。之前的内容已读出；请选择正确的编码，或重新导出。",
        "en": "From byte {byte} on, “{file}” is not {encoding} any more. What comes before was read; choose the right encoding or export the file again.",
    },
    "zone_unknown": {
        "zh": "没有名为「{zone}」的时区。请使用 Asia/Shanghai 这样的名称。",
        "en": "There is no time zone named “{zone}”. Use a name such as Asia/Shanghai.",
    },
    "date_missing": {
        "zh": "日志「{file}」里只有时刻，没有日期。请填写这份日志的日期，或用日期命名文件，例如 2016-11-01.txt。",
        "en": "“{file}” has times but no date. Give the date of the log, or put it in the file's name, such as 2016-11-01.txt.",
    },
    "date_order_ambiguous": {
        "zh": "看不出 {example} 是「日/月」还是「月/日」。请选择日期顺序。",
        "en": "It cannot be told whether {example} is day/month or month/day. Choose the order.",
    },
    # Archives
    "zip_broken": {
        "zh": "压缩包「{file}」已损坏（解到第 {byte} 字节）。请重新下载或重新导出。",
        "en": "The archive “{file}” is broken (after {byte} unpacked bytes). Download or export it again.",
    },
    "gzip_broken": {
        "zh": "压缩文件「{file}」已损坏或不完整（解到第 {byte} 字节）。请重新下载或重新导出。",
        "en": "The compressed file “{file}” is broken or incomplete (after {byte} unpacked bytes). Download or export it again.",
    },
    "zip_encrypted": {
        "zh": "压缩包「{file}」有密码。请先解压，再上传里面的文件。",
        "en": "The archive “{file}” has a password. Unpack it and upload the files inside.",
    },
    "zip_without_text": {
        "zh": "压缩包「{file}」的 {files} 个文件里没有聊天记录（txt、json、csv、log）。Excel 表格请先另存为 CSV。",
        "en": "None of the {files} files in “{file}” is a chat history (txt, json, csv, log). Save an Excel sheet as CSV first.",
    },
    "archive_nested": {
        "zh": "「{file}」里面还是压缩包。请解开外层，再上传里面的文件。",
        "en": "“{file}” holds another archive. Unpack the outer one and upload what is inside.",
    },
    "archive_unknown": {
        "zh": "「{file}」是 {kind} 压缩包，无法直接读取。请解压后上传，或改用 zip。",
        "en": "“{file}” is a {kind} archive, which is not read. Unpack it, or use zip.",
    },
    "bomb_ratio": {
        "zh": "「{file}」解压后膨胀超过 {limit} 倍，为安全起见已停止。请先解压，再上传里面的文件。",
        "en": "“{file}” grows more than {limit} times when unpacked, so reading was stopped. Unpack it and upload the files inside.",
    },
    "bomb_size": {
        "zh": "「{file}」解压后超过 {limit_gib} GB，为安全起见已停止。请分成几个较小的文件。",
        "en": "“{file}” unpacks to more than {limit_gib} GB, so reading was stopped. Split it into smaller files.",
    },
    "bomb_files": {
        "zh": "压缩包「{file}」里的文件超过 {limit} 个。请分成几个压缩包。",
        "en": "The archive “{file}” holds more than {limit} files. Split it into several.",
    },
    # JSON
    "json_truncated": {
        "zh": "「{file}」不完整，到第 {line} 行中断。之前的内容已读出；请重新导出以取得其余部分。",
        "en": "“{file}” is incomplete: it stops at line {line}. What comes before was read; export it again for the rest.",
    },
    "json_broken": {
        "zh": "「{file}」第 {line} 行（第 {char} 个字符）不是正确的 JSON。之前的内容已读出；请修正该处或重新导出。",
        "en": "“{file}” is not valid JSON at line {line} (character {char}). What comes before was read; mend that place or export it again.",
    },
    "json_too_deep": {
        "zh": "「{file}」第 {line} 行的 JSON 嵌套过深。请重新导出。",
        "en": "The JSON of “{file}” is nested too deeply at line {line}. Export it again.",
    },
    # Tables
    "table_unreadable": {
        "zh": "「{file}」不像表格：各行的列数不一致。请用逗号、制表符、分号或竖线分隔，首行写列名。",
        "en": "“{file}” does not look like a table: its rows differ in width. Separate cells by comma, tab, semicolon or bar, with column names in the first row.",
    },
    "field_unknown": {
        "zh": "没有「{field}」这个字段。可用的字段：{fields}。",
        "en": "There is no field “{field}”. The fields are: {fields}.",
    },
    "column_unknown": {
        "zh": "表格里没有「{column}」这一列（用于字段 {field}）。现有的列：{columns}。",
        "en": "The table has no column “{column}” (chosen for {field}). Its columns are: {columns}.",
    },
    "mapping_incomplete": {
        "zh": "还没有指定哪一列是「{field}」。现有的列：{columns}。",
        "en": "No column is chosen for “{field}” yet. The columns are: {columns}.",
    },
    # Single lines and rows
    "line_too_long": {
        "zh": "这一行超过 {limit_mib} MB，已跳过。",
        "en": "This line is longer than {limit_mib} MB and was skipped.",
    },
    "bad_bytes": {
        "zh": "这一行从第 {byte} 字节起不是 {encoding} 编码。请修正该行，或选择正确的编码。",
        "en": "This line is not {encoding} at byte {byte}. Mend the line or choose the right encoding.",
    },
    "irc_line_unknown": {
        "zh": "看不懂这一行：它既不以时间开头，也不是已知的日志行。",
        "en": "This line is not understood: it neither starts with a time nor is a known kind of log line.",
    },
    "line_before_first_message": {
        "zh": "这一行在第一条消息之前，不属于任何消息。",
        "en": "This line comes before the first message and belongs to none.",
    },
    "time_impossible": {
        "zh": "不存在这样的日期或时间：{time}。请修正后重新导入。",
        "en": "There is no such date or time: {time}. Correct it and import again.",
    },
    "time_unreadable": {
        "zh": "看不懂时间「{time}」。请写成 2023-01-02 12:33:44 或 Unix 时间戳。",
        "en": "The time “{time}” cannot be read. Write it as 2023-01-02 12:33:44 or as a Unix time.",
    },
    "time_empty": {
        "zh": "这一行没有时间。请补上，或检查时间列是否选对。",
        "en": "This row has no time. Fill it in, or check that the right column is chosen for the time.",
    },
    "sender_empty": {
        "zh": "看不出这一条是谁发的。请补上发送者，或检查发送者列是否选对。",
        "en": "It is not said who sent this. Fill in the sender, or check that the right column is chosen.",
    },
    "row_columns": {
        "zh": "这一行有 {columns} 列，应为 {expected} 列。内容里的分隔符请用引号括起来。",
        "en": "This row has {columns} cells where {expected} are expected. Put quotes around a text that contains the separator.",
    },
    "row_broken": {
        "zh": "到文件第 {until_line} 行为止，这一行的引号没有配对或内容过长。请检查双引号。",
        "en": "The quotes of this row do not match, or it is too long (up to line {until_line} of the file). Check the double quotes.",
    },
    "json_line_broken": {
        "zh": "这一行不是正确的 JSON（{reason}）。每行应是一个完整的对象。",
        "en": "This line is not valid JSON ({reason}). Each line must be one whole object.",
    },
    "item_invalid": {
        "zh": "这一项不是一条消息，已跳过。",
        "en": "This item is not a message and was skipped.",
    },
    "item_too_long": {
        "zh": "这一项超过 16 MB，已跳过。",
        "en": "This item is longer than 16 MB and was skipped.",
    },
}


def sentence(code: str, params: Mapping[str, Any], language: str) -> str:
    """The message in that language ("zh" or "en"); a parameter that is missing shows as "?"."""
    return MESSAGES[code][language].format_map(_Known(params))


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
