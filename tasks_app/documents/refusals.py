"""What is said of files that cannot be read: what they are, and how to save them as one that can."""

from .file_kind import FileKind

SAVE_AS_EXCEL = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
SAVE_AS_WORD = "请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再上传。"
READABLE = "可以上传的格式有：.xlsx、.xlsm、.xls、.et、.docx、.csv。"
ENCRYPTED = "文件设有打开密码，无法读取。请在 Excel、Word 或 WPS 中去掉密码，另存后再上传。"
BROKEN = "文件已损坏或没有传完整。请用 Excel、Word 或 WPS 打开确认，另存为 .xlsx 或 .docx 后重新上传。"
HUGE = (
    "文件展开后过大（{size}），为保护系统未读取。"
    "请把分解表单独复制到一个新的文件，另存为 .xlsx 或 .docx 后再上传。"
)
BY_KIND = {
    FileKind.EMPTY: "文件是空的，请检查后重新选择文件。",
    FileKind.ENCRYPTED: ENCRYPTED,
    FileKind.OLD_WORD: f"这是旧格式的 Word 文件（.doc 或 .wps），暂不能读取。{SAVE_AS_WORD}",
    FileKind.OLD_OFFICE: f"这个旧格式的文件里没有找到工作簿或文档。{SAVE_AS_EXCEL}",
    FileKind.PDF: "这是 PDF 文件，无法读取其中的表格。请找到原来的 Excel 或 Word 文件再上传；"
    "如果没有，请用 WPS 的“PDF 转 Excel”转换、核对后上传。",
    FileKind.RTF: f"这是 RTF 文档，暂不能读取。{SAVE_AS_WORD}",
    FileKind.WEB_PAGE: f"这是网页格式的文件，只是名字像工作簿。{SAVE_AS_EXCEL}",
    FileKind.XML_TABLE: f"这是 XML 格式的文件，暂不能读取。{SAVE_AS_EXCEL}",
    FileKind.PICTURE: f"这是图片，无法读取其中的表格。请找到原来的 Excel 或 Word 文件再上传。{READABLE}",
    FileKind.UNKNOWN: f"无法识别文件内容。{READABLE}请用 Excel、Word 或 WPS 打开，另存为其中一种后再上传。",
}
# What else comes in a zip: (a part that gives it away, what to say).
OTHER_ARCHIVES = (
    ("ppt/presentation.xml", f"这是演示文稿，无法读取其中的表格。请把表格复制到 Excel 或 Word。{READABLE}"),
    ("xl/workbook.bin", f"这是二进制工作簿（.xlsb），暂不能读取。{SAVE_AS_EXCEL}"),
)
OPEN_DOCUMENT_TEXT = f"这是 OpenDocument 文字文档（.odt），暂不能读取。{SAVE_AS_WORD}"
OPEN_DOCUMENT = f"这是 OpenDocument 文件（.ods 等），暂不能读取。{SAVE_AS_EXCEL}"
PLAIN_ARCHIVE = f"这是压缩包，不是表格文件。请先解压，再上传其中的分解表。{READABLE}"
NO_TABLE_IN_TEXT = (
    f"这是文本文件，其中没有用逗号或制表符分开的表格。请把表格复制到 Excel。{READABLE}"
    "如果原来是 Excel 表格，请另存为 .xlsx 后再上传。"
)
GARBLED_TEXT = (
    f"文本文件的第{{line}}行附近有乱码，可能没有传完整。{SAVE_AS_EXCEL}也可另存为“CSV UTF-8（逗号分隔）”。"
)
OPEN_QUOTE = (
    "文本文件的第{line}行附近有英文双引号不成对，后面的内容无法分列。"
    "请改正后重新上传，或用 Excel 另存为 .xlsx。"
)
NO_TABLE_IN_WORD = (
    "这个 Word 文件里没有表格。请检查是否选错文件；如果分解表是用文字或图片排出来的，请改成表格后再上传。"
)
TABLE_IN_TEXT_BOX = (
    "这个 Word 文件的正文里没有表格，只有文本框。文本框里的表格不能读取，"
    "请把它移到正文中，或复制到 Excel 后再上传。"
)
TOO_LARGE = (
    "表格的范围过大（最多 {rows:,} 行），多半是表外有多余的内容或格式。"
    "请把分解表单独复制到一个新的文件，另存为 .xlsx 或 .docx 后再上传。"
)
TOO_SLOW = (
    "读取文件超过{seconds}秒没有完成，可能是服务器正忙。请稍后重新上传；如仍不行，请检查表外是否有多余内容。"
)
