"""What can go wrong with an import as a whole; what is wrong with a file is said by `messages`."""

from __future__ import annotations

from typing import Any

from hutong.foundation.errors import HutongError
from hutong.imports.records import FileError
from hutong.imports.wording import text


class FileRefused(HutongError):
    """A dropped file cannot be a history: empty, broken, of no known format. `reason_code` is a code of `messages`."""

    code = "file_refused"
    status = 422
    title = {"zh": "无法读取文件", "en": "The file cannot be read"}

    def __init__(self, error: FileError) -> None:
        super().__init__()
        self.params = {**error.params, "reason_code": error.code}

    def detail(self, language: str) -> str:
        return text(self.params["reason_code"], self.params, language)


class NoFiles(HutongError):
    """An upload without a file."""

    code = "no_files"
    status = 422
    title = {"zh": "没有文件", "en": "No file"}
    message = {"zh": "请选择至少一个文件。", "en": "Choose at least one file."}


class TooManyFiles(HutongError):
    """More files than one import takes."""

    code = "too_many_files"
    status = 413
    title = {"zh": "文件太多", "en": "Too many files"}
    message = {
        "zh": "一次最多导入 {limit} 个文件，请打包成 zip 后再试。",
        "en": "One import takes at most {limit} files. Pack them into a zip and try again.",
    }


class UploadTooLarge(HutongError):
    """The files are over the limit of one import."""

    code = "upload_too_large"
    status = 413
    title = {"zh": "文件过大", "en": "The files are too large"}
    message = {
        "zh": "一次最多导入 {limit_mib} MB，请拆分后再试，或在服务器上调高 HUTONG_UPLOAD_BYTES_MAX。",
        "en": "One import takes at most {limit_mib} MB. Split the files, or raise HUTONG_UPLOAD_BYTES_MAX on the server.",
    }


class NoSpace(HutongError):
    """The disk cannot hold the files."""

    code = "no_space"
    status = 507
    title = {"zh": "磁盘空间不足", "en": "The disk is full"}
    message = {"zh": "文件没有保存。请清理磁盘后重新上传。", "en": "The files were not kept. Free some disk space and upload them again."}


class MixedFormats(HutongError):
    """The files of one import are of different formats."""

    code = "mixed_formats"
    status = 422
    title = {"zh": "文件格式不一致", "en": "Different formats"}
    message = {
        "zh": "「{first}」和「{other}」的格式不同，请分两次导入。",
        "en": "“{first}” and “{other}” are of different formats. Import them separately.",
    }


class WrongState(HutongError):
    """The step does not fit where the import is."""

    code = "import_state"
    status = 409
    title = {"zh": "现在不能这样做", "en": "Not possible now"}

    def __init__(self, state: str, wanted: str, **params: Any) -> None:
        super().__init__(state=state, wanted=wanted, **params)

    def detail(self, language: str) -> str:
        state, wanted = STATE_NAMES[self.params["state"]][language], STEP_NAMES[self.params["wanted"]][language]
        if language == "zh":
            return f"这次导入{state}，不能{wanted}。"
        return f"This import {state}; it cannot be {wanted}."


class NotReady(HutongError):
    """A choice is missing; `errors` names the fields."""

    code = "import_not_ready"
    status = 409
    title = {"zh": "还有选项没填", "en": "A choice is missing"}
    message = {"zh": "请先补充 {count} 个选项。", "en": "Make {count} more choice(s) first."}

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors=errors, count=len(errors))


class HasRejects(HutongError):
    """Some lines cannot be read and the person has not chosen to go on without them."""

    code = "import_has_rejects"
    status = 409
    title = {"zh": "有内容无法读取", "en": "Some lines cannot be read"}
    message = {
        "zh": "有 {count} 处无法读取。请下载报告修改文件，或选择「跳过这些内容，导入其余部分」。",
        "en": "{count} place(s) cannot be read. Download the report and mend the file, or choose to leave them out and import the rest.",
    }


class NothingToImport(HutongError):
    """The check found no record at all."""

    code = "import_empty"
    status = 409
    title = {"zh": "没有可导入的内容", "en": "Nothing to import"}
    message = {"zh": "文件里没有找到任何可以导入的内容。", "en": "Nothing that could be imported was found in the files."}


class OtherImportBusy(HutongError):
    """Another import of the workspace is changing the numbers."""

    code = "import_busy"
    status = 409
    title = {"zh": "另一个导入正在进行", "en": "Another import is at work"}
    message = {"zh": "请等它完成后再试。", "en": "Try again when it has ended."}


class FilesGone(HutongError):
    """The uploaded files are no longer on the disk."""

    code = "import_files_gone"
    status = 410
    title = {"zh": "文件已不在", "en": "The files are gone"}
    message = {"zh": "上传的文件已被移除，请重新上传。", "en": "The uploaded files were removed. Upload them again."}


STATE_NAMES: dict[str, dict[str, str]] = {
    "uploaded": {"zh": "还没有检查", "en": "has not been checked yet"},
    "checking": {"zh": "正在检查", "en": "is being checked"},
    "checked": {"zh": "已检查、尚未开始", "en": "is checked but not started"},
    "waiting": {"zh": "正在排队", "en": "is waiting for another import"},
    "running": {"zh": "正在导入", "en": "is running"},
    "finishing": {"zh": "正在收尾", "en": "is finishing"},
    "done": {"zh": "已完成", "en": "is done"},
    "failed": {"zh": "中途出错", "en": "has failed"},
    "cancelling": {"zh": "正在取消", "en": "is being cancelled"},
    "cancelled": {"zh": "已取消", "en": "was cancelled"},
    "undoing": {"zh": "正在撤销", "en": "is being undone"},
    "undone": {"zh": "已撤销", "en": "was undone"},
}
STEP_NAMES: dict[str, dict[str, str]] = {
    "change": {"zh": "修改", "en": "changed"},
    "check": {"zh": "检查", "en": "checked"},
    "run": {"zh": "开始", "en": "started"},
    "cancel": {"zh": "取消", "en": "cancelled"},
    "undo": {"zh": "撤销", "en": "undone"},
    "discard": {"zh": "删除", "en": "discarded"},
}
